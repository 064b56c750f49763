"""Another municipality's run whose families are compared with: it is looked at before anything rests on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from helhed import texts
from helhed.errors import HelhedError, Problem, WrongCall
from helhed.profile import Profile, read_profile
from helhed.profile.reading import FILE_NAME
from helhed.publishing.inputs import CHECKED, OTHER_RUN, other_run_folder, rests_on
from helhed.publishing.run_folder import RunFolder


def require_other_run(profile: Profile, lang: str) -> Path | None:
    """Return the folder of the run that the setting ``evaluation.other_run`` names; None where it names none.

    Raises
    ------
    WrongCall
        If the folder is not there or no run in a municipality's folder, the municipality is the own one, one has
        invented data and the other has not, the data do not cover the own period or end on another day, or the data
        have not been checked there, or no longer rest on that municipality's files.
    """
    folder = other_run_folder(profile)
    if folder is None:
        return None
    municipality = folder.parents[1] if len(folder.parents) > 1 else folder
    if not folder.is_dir():
        raise _wrong("not_there", profile, lang)
    if not (municipality / FILE_NAME).is_file():
        raise _wrong("no_run", profile, lang)
    with _told_of(municipality.name, lang):
        other = read_profile(municipality, lang)
    _require_comparable(other, profile, lang)
    run = RunFolder(folder)
    if not run.rows(CHECKED):
        raise _wrong("unfinished", profile, lang, name=other.name)
    with _told_of(other.name, lang):
        run.require_unchanged(CHECKED, rests_on(other, lang), lang)
    return folder


def _require_comparable(other: Profile, profile: Profile, lang: str) -> None:
    """Refuse the own municipality, invented data beside real ones, and another period."""
    if other.municipality_code == profile.municipality_code or other.folder.samefile(profile.folder):
        raise _wrong("same", profile, lang, name=other.name)
    if other.is_synthetic != profile.is_synthetic:
        raise _wrong("mixed", profile, lang, name=other.name)
    own, theirs = (_period(one) for one in (profile, other))
    if theirs[1] != own[1] or theirs[0] > own[0]:
        days = {
            f"{whose}_{end}": texts.day(period[at], lang)
            for whose, period in (("own", own), ("other", theirs))
            for at, end in enumerate(("from", "to"))
        }
        raise _wrong("period", profile, lang, name=other.name, **days)


def _period(profile: Profile) -> tuple:
    return profile["data.from_date"], profile["data.to_date"]


def _wrong(what: str, profile: Profile, lang: str, **details: str) -> WrongCall:
    return WrongCall(
        Problem(f"evaluation.other_run_{what}", file=FILE_NAME, value=str(profile[OTHER_RUN]), details=details), lang
    )


@contextmanager
def _told_of(name: str, lang: str) -> Iterator[None]:
    """Put in front of the other municipality's own messages whose they are."""
    try:
        yield
    except HelhedError as error:
        told = WrongCall(Problem("evaluation.other_run_stopped", file=FILE_NAME, details={"name": name}), lang)
        told.args = (f"{told}\n{error}",)
        raise told from None
