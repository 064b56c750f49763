"""The legal basis and the purpose of each source, as the profile states them: what lacks one may not be read."""

from helhed.errors import Problem
from helhed.profile.entries import declared_entries
from helhed.profile.reading import FILE_NAME, Profile
from helhed.texts import text

_BASIS = "law.basis_"


def sources_with_law() -> tuple[str, ...]:
    """Return the canonical tables whose legal basis and purpose the profile states, in the order of declaration."""
    return tuple(key.removeprefix(_BASIS) for key in declared_entries() if key.startswith(_BASIS))


def legal_basis(profile: Profile, source: str, lang: str) -> str:
    """Return the legal basis of a source in words; empty where the municipality has given none.

    Invented data are about nobody and need no legal basis: the text says so.
    """
    given = profile[f"{_BASIS}{source}"].strip()
    return text("profile.law_invented", lang) if not given and profile.is_synthetic else given


def may_be_read(profile: Profile, source: str, purpose: str) -> bool:
    """Return whether a source has a legal basis and the purpose asked for: ``select``, ``coordinate``, ``follow_up``.

    Tables that the profile does not list are built from others and follow them.
    """
    if source not in sources_with_law():
        return True
    return bool(legal_basis(profile, source, "en")) and purpose in profile[f"law.purpose_{source}"]


def law_problems(profile: Profile) -> list[Problem]:
    """Return one problem that names the entries to fill in, when a source of the profile has no legal basis."""
    missing = [source for source in sources_with_law() if not legal_basis(profile, source, "en")]
    if not missing:
        return []
    keys = ", ".join(f"{_BASIS}{source}" for source in missing)
    row = next((profile.lines[f"{_BASIS}{name}"] for name in missing if f"{_BASIS}{name}" in profile.lines), None)
    return [Problem("profile.source_without_basis", "should_fix", FILE_NAME, row=row, column=keys)]
