"""Alarms for counts that a reader of a release could work out, from all its tables and those released earlier."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from helhed.disclosure.released import FoundOut, found_out
from helhed.publishing.gate.alarms import Alarm, mark_of
from helhed.publishing.gate.looks import Find
from helhed.publishing.gate.reading import files_under

#: A table with more such counts than this is told by the first of them.
_MOST_CELLS = 6


def disclosure_alarms(
    files: Mapping[str, bytes], earlier: Mapping[int, Mapping[str, bytes]], secret: bytes
) -> list[Alarm]:
    """Return an alarm for each table with counts that can be worked out; the counts are named, never their values.

    Parameters
    ----------
    files
        Path inside the release, to content.
    earlier
        Number of each earlier release to its files.
    secret
        Makes the marks.
    """
    return [_alarm(found, secret) for found in found_out(files, earlier)]


def released_before(folder: Path) -> dict[int, dict[str, bytes]]:
    """Return the public tables of every earlier release: its number, to path and content."""
    releases = {
        int(one.name.split("-", 1)[0]): one for one in folder.glob("[0-9]*-*") if one.name.split("-")[0].isdigit()
    }
    return {
        number: {name: (release / name).read_bytes() for name in files_under(release) if _is_table(name)}
        for number, release in sorted(releases.items())
    }


def spoilt_releases(folder: Path, entries: list[dict], secret: bytes) -> list[Alarm]:
    """Return an alarm for each earlier release that is no longer there as it was let out.

    Numbers cannot be held against a release whose tables are gone or were changed since.

    Parameters
    ----------
    folder
        Where the releases lie.
    entries
        Of the log, in its order.
    secret
        Makes the marks.
    """
    alarms = []
    for entry in entries:
        release = f"{entry['number']}-{entry['run']}"
        tables = {name: then for name, then in entry["files"].items() if _is_table(name)}
        if any(_fingerprint(folder / release / name) != then for name, then in tables.items()):
            find = Find("earlier_spoilt", release)
            place = (("release", str(entry["number"])),)
            alarms.append(Alarm(mark_of(secret, release, find), release, place, find.kind))
    return alarms


def _is_table(name: str) -> bool:
    return name.startswith("public/") and name.endswith(".json")


def _fingerprint(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""


def _alarm(found: FoundOut, secret: bytes) -> Alarm:
    cells = [" – ".join(part for part in cell if part) for cell in found.cells]
    place = [("table", found.title), *(("cell", cell) for cell in cells[:_MOST_CELLS])]
    if found.earlier:
        place.append(("release", str(found.earlier)))
    kind = "recovered_with" if found.earlier else "recovered"
    find = Find(kind, "|".join([*cells, str(found.earlier)]))
    return Alarm(mark_of(secret, found.file, find), found.file, tuple(place), kind)
