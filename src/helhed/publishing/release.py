"""Lets a run's results out: searched from end to end, approved by a named person, written down in a growing log.

::

    <municipality>/releases/<number>-<run>/   what left: a copy of the very bytes that were searched
    <municipality>/releases/log.jsonl         who let what out, when and why
    <municipality>/releases/allowed.jsonl     false alarms that a person has allowed, with the reason
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from helhed.errors import DataNeedsWork, Problem, WrongCall
from helhed.intake.pseudonyms import open_key
from helhed.profile import Profile
from helhed.publishing.gate.alarms import Alarm, alarms_in
from helhed.publishing.gate.disclosed import disclosure_alarms, released_before, spoilt_releases
from helhed.publishing.gate.installed import is_as_installed
from helhed.publishing.gate.known import is_input, known_of
from helhed.publishing.gate.log import append, read_log
from helhed.publishing.gate.reading import files_under
from helhed.publishing.run_folder import replace_folder

FOLDER = "releases"
LOG, _ALLOWED = "log.jsonl", "allowed.jsonl"
_FEWEST_SIGNS_OF_REASON = 10
#: What stands in the municipality's own files is no false alarm.
_NEVER_ALLOWED = ("known_cpr", "pseudonym")


@dataclass(frozen=True)
class Checked:
    """What would leave, and what the search found in it.

    Parameters
    ----------
    municipality
        Folder of the municipality.
    run
        Name of the run.
    files
        Path inside the release, to content.
    alarms
        What must be mended, or allowed by a person, first.
    allowed
        False alarms that a person has allowed.
    unsearched
        Number of files that a library of the guide brought along unchanged.
    """

    municipality: Path
    run: str
    files: dict[str, bytes]
    alarms: list[Alarm]
    allowed: list[Alarm] = field(default_factory=list)
    unsearched: int = 0

    @property
    def n_searched(self) -> int:
        """Return the number of files that were searched."""
        return len(self.files) - self.unsearched


def check_release(
    profile: Profile, run_dir: Path, lang: str, site: Path | None = None, documents: Iterable[Path] = ()
) -> Checked:
    """Return what would leave of a run and everything in it that must not.

    Parameters
    ----------
    profile
        The municipality's profile.
    run_dir
        The finished run: its ``public/`` and its executed notebooks would leave, never its ``private/``.
    lang
        Language of messages.
    site
        Folder of a built guide that would leave too.
    documents
        Further files that would leave, such as a memo.

    Raises
    ------
    WrongCall
        If a folder or file does not exist.
    DataNeedsWork
        If the log of allowed alarms was changed by hand, or the key for pseudonyms is not at hand.
    """
    files = _leaving(run_dir, site, list(documents), lang)
    searched = {name: content for name, content in files.items() if not _is_library_file(name, content)}
    key, _ = open_key(profile, lang)
    found = alarms_in(searched, known_of(profile.folder), key)
    found += disclosure_alarms(files, released_before(profile.folder / FOLDER), key)
    found += spoilt_releases(profile.folder / FOLDER, _released(profile.folder, lang), key)
    marks = {entry["mark"] for entry in read_log(profile.folder / FOLDER / _ALLOWED, lang)}
    return Checked(
        profile.folder,
        run_dir.name,
        files,
        [alarm for alarm in found if alarm.mark not in marks],
        [alarm for alarm in found if alarm.mark in marks],
        len(files) - len(searched),
    )


def release(checked: Checked, approved_by: str, reason: str, lang: str) -> Path:
    """Write what was searched to a folder of its own and write down who let it out, and return the folder.

    Raises
    ------
    WrongCall
        If the person is not named or the reason is not given.
    DataNeedsWork
        If an alarm is open, or the log was changed by hand.
    """
    _require_words(approved_by, reason, lang)
    if checked.alarms:
        raise DataNeedsWork(Problem("release.blocked", details={"n": len(checked.alarms)}), lang)
    log = checked.municipality / FOLDER / LOG
    number = len(_released(checked.municipality, lang)) + 1
    entry = {
        "number": number,
        "run": checked.run,
        "approved_by": approved_by.strip(),
        "reason": reason.strip(),
        "time": _now(),
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(checked.files.items())},
        "allowed": sorted(alarm.mark for alarm in checked.allowed),
    }
    # The log first: what has left is always written down, even if the copying should be cut short.
    append(log, entry, lang)
    folder = checked.municipality / FOLDER / f"{number}-{checked.run}"
    replace_folder(folder, lambda fresh: _write(fresh, checked.files))
    return folder


def _released(municipality: Path, lang: str) -> list[dict]:
    """Return the log's entries; `DataNeedsWork` if a release has a number that the log does not reach."""
    entries = read_log(municipality / FOLDER / LOG, lang)
    numbers = [int(one.name.split("-")[0]) for one in (municipality / FOLDER).glob("[0-9]*-*") if one.is_dir()]
    if max(numbers, default=0) > len(entries):
        raise DataNeedsWork(Problem("release.log_changed", file=LOG, row=len(entries) + 1), lang)
    return entries


def allow(checked: Checked, mark: str, allowed_by: str, reason: str, lang: str) -> Alarm:
    """Write down that a person calls an alarm false, and return the alarm.

    Raises
    ------
    WrongCall
        If no open alarm has the mark, the person is not named, the reason is not given, or the find stands in the
        municipality's own files and so is no false alarm.
    """
    _require_words(allowed_by, reason, lang)
    alarm = next((alarm for alarm in checked.alarms if alarm.mark == mark.strip()), None)
    if alarm is None:
        raise WrongCall(Problem("release.unknown_mark", value=mark), lang)
    if alarm.kind in _NEVER_ALLOWED:
        raise WrongCall(Problem("release.not_allowable", file=alarm.file, value=mark), lang)
    entry = {
        "mark": alarm.mark,
        "file": alarm.file,
        "kind": alarm.kind,
        "allowed_by": allowed_by.strip(),
        "reason": reason.strip(),
        "time": _now(),
    }
    append(checked.municipality / FOLDER / _ALLOWED, entry, lang)
    return alarm


def _leaving(run_dir: Path, site: Path | None, documents: list[Path], lang: str) -> dict[str, bytes]:
    problems = [Problem("release.no_file", value=str(file)) for file in documents if not file.is_file()]
    problems += [Problem("release.is_private", value=str(file)) for file in documents if _is_private(file)]
    if site is not None and not (site / "index.html").is_file():
        problems.append(Problem("release.no_site", value=str(site)))
    names = [file.name for file in documents]
    problems += [Problem("release.same_name", value=name) for name in sorted({n for n in names if names.count(n) > 1})]
    if problems:
        raise WrongCall(problems, lang)
    places = [(part, run_dir / part) for part in ("public", "notebooks")]
    places += [("site", site)] if site is not None else []
    files = {f"{part}/{name}": (folder / name).read_bytes() for part, folder in places for name in files_under(folder)}
    return files | {f"documents/{file.name}": file.read_bytes() for file in documents}


def _is_private(file: Path) -> bool:
    """Return whether a file is a municipality's own input, or of the private part of a run."""
    place = file.resolve()
    towns = [folder for folder in place.parents if (folder / "profile.yml").is_file()]
    return any(is_input(place.relative_to(town)) for town in towns)


def _is_library_file(name: str, content: bytes) -> bool:
    return name.startswith("site/") and is_as_installed(name, content)


def _require_words(person: str, reason: str, lang: str) -> None:
    problems = []
    if len(re.findall(r"[^\W\d_]{2,}", person)) < 2:
        problems.append(Problem("release.no_person", value=person))
    if len(reason.strip()) < _FEWEST_SIGNS_OF_REASON:
        problems.append(Problem("release.no_reason", value=reason))
    if problems:
        raise WrongCall(problems, lang)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _write(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
