"""What a run rests on: the municipality's files with their hashes, the profile, the versions."""

import hashlib
import itertools
import platform
from collections.abc import Container
from importlib.metadata import version
from pathlib import Path

import helhed
from helhed.cpr import without_cpr
from helhed.intake.corrections import LOG_NAME, Correction, read_log
from helhed.intake.pseudonyms import key_id, open_key
from helhed.kit_files import folder
from helhed.profile import Profile
from helhed.profile.own_workbooks import own_workbooks

#: What a municipality's numbers may come from: files of its folder, and all files of these folders.
_FILES = ("profile.yml", "decisions.xlsx", "corrections.xlsx", "scenarios.xlsx")
_FOLDERS = ("exports", "presets", "templates", "registrations")
#: What the offices sent: the names of the files may name families, so all of them have one hash together.
_SENT = "sector_plans"
#: The kept versions of the families' plans, whose consents count; their folders name families too.
_KEPT = "plans/versions"
#: The setting that names another municipality's run, and the step whose tables are read there.
OTHER_RUN, CHECKED = "evaluation.other_run", "0_check_data"
_LIBRARIES = ("pandas", "numpy", "scipy", "statsmodels", "pyarrow", "matplotlib", "seaborn", "great-tables")
#: What documents and notebooks are made with.
_LIBRARIES += ("openpyxl", "XlsxWriter", "python-docx", "docxtpl", "papermill", "jupyter-book")


def rests_on(profile: Profile, lang: str = "da") -> dict:
    """Return what numbers made now rest on: ``inputs`` (file to hash) and ``key`` (fingerprint of the key).

    Raises
    ------
    DataNeedsWork
        If the key for pseudonyms is missing or another than before.
    """
    key, _ = open_key(profile, lang)
    return {"inputs": {**input_hashes(profile.folder), **_other_run_hash(profile)}, "key": key_id(key)}


def other_run_folder(profile: Profile) -> Path | None:
    """Return the run of another municipality that the profile names, reckoned from the own folder; None for none."""
    named = str(profile[OTHER_RUN] or "").strip()
    return (profile.folder / named).resolve() if named else None


def _other_run_hash(profile: Profile) -> dict[str, str]:
    """Return the checked tables of another municipality's run as one input, by municipality and run.

    The tables alone, not what they rest on: two municipalities may name each other.
    """
    folder = other_run_folder(profile)
    if folder is None:
        return {}
    tables = sorted((folder / "private" / CHECKED / "tables").glob("*.parquet"))
    hashes = " ".join(f"{table.name} {_hash(table)}" for table in tables)
    return {"/".join(folder.parts[-3:]): hashlib.sha256(hashes.encode()).hexdigest()}


def input_hashes(municipality: Path) -> dict[str, str]:
    """Return the SHA-256 of every input file of a municipality, keyed by its path inside the folder.

    What looks like a CPR number in a file name is taken out: a run's record names the files.
    """
    own = [book.file for book in own_workbooks().values()]
    files = [municipality / name for name in (*_FILES, *own)]
    files += [file for folder in _FOLDERS for file in (municipality / folder).glob("*")]
    hashes: dict[str, str] = {}
    for file in sorted(files):
        if _is_input(file):
            name = _unused(without_cpr(str(file.relative_to(municipality))), hashes)
            hashes[name] = _hash(file)
    if sent := [_hash(file) for file in sorted((municipality / _SENT).glob("*")) if _is_input(file)]:
        hashes[f"{_SENT}/*"] = hashlib.sha256(" ".join(sent).encode()).hexdigest()
    if kept := [_hash(file) for file in sorted((municipality / _KEPT).rglob("*.json")) if _is_input(file)]:
        hashes[f"{_KEPT}/*"] = hashlib.sha256(" ".join(kept).encode()).hexdigest()
    corrections, _ = read_log(municipality)
    if corrections:
        hashes[LOG_NAME] = hashlib.sha256(repr([_change(c) for c in corrections]).encode()).hexdigest()
    return hashes


def _is_input(file: Path) -> bool:
    return file.is_file() and not file.name.startswith((".", "~"))


def _change(correction: Correction) -> tuple:
    """Return what a correction changes; whether it was in use at the last check changes no number."""
    return (*correction.cell, correction.action, correction.value, correction.alike, correction.state == "replaced")


def _unused(name: str, taken: Container[str]) -> str:
    candidates = itertools.chain([name], (f"{name} ({n})" for n in itertools.count(2)))
    return next(one for one in candidates if one not in taken)


def _hash(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def versions() -> dict[str, str]:
    """Return the versions a run's numbers depend on."""
    return {
        "helhed": helhed.__version__,
        "python": platform.python_version(),
        **{name: version(name) for name in _LIBRARIES},
    }


def code_hash() -> str:
    """Return the fingerprint of the package, its notebooks and templates: others may give other numbers."""
    places = (Path(helhed.__file__).parent, folder("notebooks"), folder("templates"))
    files = {file for place in places for file in place.rglob("*") if file.is_file() and _is_code(file)}
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def _is_code(file: Path) -> bool:
    # What the benchmarks record is shown in the guide alone; no run rests on it.
    return (
        file.parent.name != "promises"
        and file.suffix != ".pyc"
        and not any(part.startswith((".", "~")) for part in file.parts[-2:])
    )


def settings_in_force(profile: Profile) -> dict[str, dict]:
    """Return every setting in force with its value and where the value comes from."""
    return {key: {"value": _plain(s.value), "origin": s.origin} for key, s in sorted(profile.settings.items())}


def seeds(profile: Profile) -> dict[str, int]:
    """Return the start values of all random numbers, by setting."""
    return {key: setting.value for key, setting in sorted(profile.settings.items()) if key.endswith(".seed")}


def _plain(value):
    return value.isoformat() if hasattr(value, "isoformat") else value
