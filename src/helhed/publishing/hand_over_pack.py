"""One file with which others can run a municipality's run again: hashes, settings, environment, what was let out.

::

    pack.json          the run's record (inputs with hashes, settings, versions, seeds) and the hash of every other file
    environment.txt    every installed package with its version
    outputs/…          what a named person has let out (`helhed release`); never anything of the run's private folder
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import distributions
from pathlib import Path, PurePosixPath

from helhed.errors import DataNeedsWork, Problem
from helhed.intake.pseudonyms import open_key
from helhed.profile import Profile
from helhed.publishing.gate.alarms import alarms_in
from helhed.publishing.gate.known import known_of
from helhed.publishing.gate.log import read_log
from helhed.publishing.manifest import Manifest
from helhed.publishing.release import FOLDER, LOG
from helhed.publishing.run_comparison import Comparison, RunFacts, compare, facts_from, facts_of
from helhed.publishing.run_folder import replace_file
from helhed.texts import LANGUAGES

_RECORD, _ENVIRONMENT, _OUTPUTS = "pack.json", "environment.txt", "outputs"
_FORMAT = 1
#: The parts of a release that belong to the run; a built guide is not needed to run it again.
_PARTS = ("public", "notebooks", "documents")
#: What the record of a run tells that another machine needs.
_FACTS = ("municipality", "run", "inputs", "key", "settings", "seeds", "year", "settings_year", "versions", "code")
#: No honest pack is larger when unpacked.
_MOST_BYTES = 2_000_000_000
#: The same files make the same pack.
_NO_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Pack:
    """A pack that has been read and found whole.

    Parameters
    ----------
    name
        Name of the file.
    record
        The content of ``pack.json``.
    files
        Path inside the pack to content, without the record.
    """

    name: str
    record: Mapping
    files: Mapping[str, bytes]

    @property
    def langs(self) -> tuple[str, ...]:
        """Return the languages of the figures in the pack, in alphabetical order."""
        return tuple(sorted({lang for _, lang, _ in self.facts.figures}))

    @cached_property
    def facts(self) -> RunFacts:
        """Return what the packed run rests on and shows."""
        inside = {name.removeprefix(f"{_OUTPUTS}/"): content for name, content in self.files.items()}
        shown = {name: content for name, content in inside.items() if PurePosixPath(name).match("public/*/*/*.json")}
        return facts_from(self.name, self.record, shown)

    def compared_with(self, run_dir: Path, lang: str) -> Comparison:
        """Return what is not the same in a run of the same municipality, in every language of the pack."""
        return compare(self.facts, facts_of(run_dir, lang), self.langs)


def write_pack(profile: Profile, run_dir: Path, file: Path, lang: str) -> Path:
    """Put a run that has been let out into one file and return the file.

    Raises
    ------
    DataNeedsWork
        If the run has not been let out, what was let out has been changed since, or a setting or the name of a file
        tells of a person.
    """
    released, entry = _released(profile.folder, run_dir.name, lang)
    manifest = Manifest(run_dir).content
    record = {fact: manifest[fact] for fact in _FACTS if fact in manifest}
    _require_harmless(profile, record, lang)
    files = {_ENVIRONMENT: _environment(), **{f"{_OUTPUTS}/{name}": content for name, content in released.items()}}
    record |= {
        "format": _FORMAT,
        "release": {"number": entry["number"], "time": entry["time"]},
        "files": {name: _hash(content) for name, content in sorted(files.items())},
    }
    replace_file(
        file, _zipped({_RECORD: json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True).encode(), **files})
    )
    return file


def _released(municipality: Path, run: str, lang: str) -> tuple[dict[str, bytes], dict]:
    """Return what was let out of a run the last time, and the log's entry."""
    entries = [entry for entry in read_log(municipality / FOLDER / LOG, lang) if entry["run"] == run]
    if not entries:
        raise DataNeedsWork(Problem("runs.not_released", value=run, details={"folder": str(municipality)}), lang)
    entry = entries[-1]
    folder = municipality / FOLDER / f"{entry['number']}-{run}"
    names = [name for name in entry["files"] if name.split("/")[0] in _PARTS]
    spoilt = [
        name
        for name in names
        if not (folder / name).is_file() or _hash((folder / name).read_bytes()) != entry["files"][name]
    ]
    if spoilt:
        raise DataNeedsWork([Problem("runs.release_changed", file=f"{folder.name}/{name}") for name in spoilt], lang)
    return {name: (folder / name).read_bytes() for name in names}, entry


def _require_harmless(profile: Profile, record: Mapping, lang: str) -> None:
    """Stop if a setting or the name of an input tells of a person: a pack leaves the municipality."""
    words = {"settings": record["settings"], "names": sorted(record["inputs"])}
    key, _ = open_key(profile, lang)
    searched = {_RECORD: json.dumps(words, ensure_ascii=False).encode()}
    if alarms := alarms_in(searched, known_of(profile.folder), key):
        raise DataNeedsWork(
            [Problem("runs.pack_tells_of_a_person", file=_RECORD, value=alarm.line(lang)) for alarm in alarms], lang
        )


def _environment() -> bytes:
    named = {(one.metadata["Name"] or "").lower(): one.version for one in distributions()}
    return "".join(f"{name}=={version}\n" for name, version in sorted(named.items()) if name).encode()


def read_pack(file: Path, lang: str) -> Pack:
    """Return the content of a pack; nothing is unpacked to disk.

    Raises
    ------
    DataNeedsWork
        If the file is no pack, or a file in it is missing, added or changed.
    """
    try:
        record, files = _unzipped(file)
        expected = record["files"]
        is_ours = record["format"] == _FORMAT and {*_FACTS} <= {*record}
    except (OSError, zipfile.BadZipFile, ValueError, KeyError, TypeError, NotImplementedError, RuntimeError):
        raise DataNeedsWork(Problem("runs.no_pack", file=file.name), lang) from None
    if not is_ours:
        raise DataNeedsWork(Problem("runs.no_pack", file=file.name), lang)
    changed = sorted(name for name in {*expected, *files} if expected.get(name) != _hash(files.get(name, b"")))
    changed += sorted(expected.keys() - files.keys() - set(changed))
    if changed:
        raise DataNeedsWork([Problem("runs.pack_changed", file=file.name, value=name) for name in changed], lang)
    return Pack(file.name, record, files)


def compare_runs(before: Path, after: Path, lang: str) -> Comparison:
    """Return what changed between two runs, each the folder of a run or a pack.

    Figures are compared in the language asked for, or in one that both runs have.
    """
    first, second = (
        read_pack(place, lang).facts if place.suffix == ".zip" else facts_of(place, lang) for place in (before, after)
    )
    shared = {one for _, one, _ in first.figures} & {one for _, one, _ in second.figures}
    chosen = next((one for one in (lang, *LANGUAGES) if one in shared), lang)
    return compare(first, second, (chosen,))


def _unzipped(file: Path) -> tuple[dict, dict[str, bytes]]:
    with zipfile.ZipFile(file) as opened:
        if sum(member.file_size for member in opened.infolist()) > _MOST_BYTES:
            raise ValueError("too large")
        files = {member.filename: opened.read(member) for member in opened.infolist()}
    record = json.loads(files.pop(_RECORD))
    return record, files


def _zipped(files: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in files.items():
            opened.writestr(zipfile.ZipInfo(name, _NO_DATE), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
