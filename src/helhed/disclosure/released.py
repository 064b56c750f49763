"""All public tables and key numbers of a release as one reader sees them, also beside what was released earlier.

A table is known by step and name, a count by the words at the head of its row and its column. Counts that are the same
in several tables are declared in ``same_counts.toml``.
"""

import json
import re
import tomllib
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources

from helhed.disclosure.reader import Knowledge, Shown
from helhed.disclosure.table_sums import add_sums
from helhed.outputs import Sum, is_small
from helhed.texts import LANGUAGES, text

_TABLE = re.compile(r"public/([^/]+)/([a-z]{2})/([^/]+)\.json")
_COUNT = re.compile(r"\d[\d.,\s\u00a0\u202f]*")
#: Key of a count: step, table, words of its row, column.
Key = tuple[str, str, str, str]
KEY_NUMBERS = "key_numbers"
#: Ways to show a count that give a number.
_NUMBERS = ("shown", "rounded")


@dataclass(frozen=True)
class FoundOut:
    """Counts of one table that a reader can work out; never their values.

    Parameters
    ----------
    file
        The table, as a path in the release.
    title
        Its title.
    cells
        Row and column of each count, in words.
    earlier
        Number of the earlier release that gives it away beside this one; 0 for this release alone.
    """

    file: str
    title: str
    cells: tuple[tuple[str, str], ...]
    earlier: int = 0


@dataclass
class Tables:
    """The counts of one release in one language.

    Parameters
    ----------
    counts
        Key of each count to how it is shown.
    sums
        Sums that its reader knows, with the table (step, name) they stand in and the keys of its cells.
    titles
        Table (step, name) to its title.
    headings
        Key of a count to row and column in words.
    threshold
        Smallest count that may be shown.
    """

    counts: dict[Key, Shown] = field(default_factory=dict)
    sums: list[tuple[tuple[str, str], tuple[Sum, ...], dict]] = field(default_factory=list)
    titles: dict[tuple[str, str], str] = field(default_factory=dict)
    headings: dict[Key, tuple[str, str]] = field(default_factory=dict)
    threshold: int = 0


def tables_in(files: Mapping[str, bytes], lang: str) -> Tables:
    """Return the counts of the public tables and key numbers among the files of a release, in a language."""
    found = Tables()
    for name, content in sorted(files.items()):
        place = _TABLE.fullmatch(name)
        if not place or place[2] != lang:
            continue
        record = _record(content)
        if place[3] == KEY_NUMBERS:
            _add_key_numbers(found, place[1], record, lang)
        elif {"title", "columns", "rows"} <= set(record):
            _add_table(found, (place[1], place[3]), record, lang)
    return found


def found_out(files: Mapping[str, bytes], earlier: Mapping[int, Mapping[str, bytes]]) -> list[FoundOut]:
    """Return which counts a reader of a release can work out, from it alone or beside what was released earlier.

    Parameters
    ----------
    files
        Path in the release, to content.
    earlier
        Number of each earlier release to its files.
    """
    found: dict[tuple, FoundOut] = {}
    for lang in LANGUAGES:
        now = tables_in(files, lang)
        then = {number: tables_in(those, lang) for number, those in earlier.items()}
        alone = set(_knowledge([now]).found_out())
        together = _by_release(now, then, alone)
        differing = {number: _small_differences(now, those) for number, those in then.items()}
        for number, keys in [(0, alone), *together.items(), *differing.items()]:
            for one in _by_table(now, keys, lang, number):
                found[one.file, one.earlier, one.cells] = one
    return list(found.values())


def _record(content: bytes) -> dict:
    try:
        record = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return record if isinstance(record, dict) else {}


def _add_key_numbers(found: Tables, step: str, record: dict, lang: str) -> None:
    for name, number in record.items():
        if isinstance(number, dict) and number.get("format") == "count":
            key = (step, KEY_NUMBERS, name, "")
            base = int(number.get("rounded_to", 0))
            _add(found, key, _read(str(number.get("text")).strip(), lang, base), (name, ""))
    found.titles[step, KEY_NUMBERS] = KEY_NUMBERS


def _add_table(found: Tables, table: tuple[str, str], record: dict, lang: str) -> None:
    found.titles[table] = str(record["title"])
    found.threshold = max(found.threshold, int(record.get("threshold", 0)))
    columns = record["columns"]
    heads = [at for at, column in enumerate(columns) if column["format"] in ("text", "month", "date")]
    keys: dict[tuple[int, str], Key] = {}
    for row, cells in enumerate(record["rows"]):
        # What a row is called; the same words may come again further down.
        words = " / ".join(cells[at] for at in heads) or str(row + 1)
        for at, column in enumerate(columns):
            if column["format"] == "count":
                name = column.get("name", column["label"])
                key = (*table, words if (*table, words, name) not in found.counts else f"{words} ({row + 1})", name)
                shown = _read(cells[at].strip(), lang, int(record.get("rounded_to", 0)))
                if _add(found, key, shown, (words, column["label"])):
                    keys[row, name] = key
    found.sums.append((table, tuple(_sums(record)), keys))


def _sums(record: dict) -> Iterator[Sum]:
    for one in record.get("sums", ()):
        total = tuple(one["total"]) if isinstance(one["total"], list) else float(one["total"])
        yield Sum(tuple((row, name) for row, name in one["parts"]), total, bool(one.get("has_unseen")))


def _add(found: Tables, key: Key, shown: Shown | None, heading: tuple[str, str]) -> bool:
    if shown is not None:
        found.counts[key] = shown
        found.headings[key] = heading
    return shown is not None


def _read(written: str, lang: str, base: int) -> Shown | None:
    """Return how a count is shown from what is written; None where there is none."""
    if _COUNT.fullmatch(written):
        return Shown("rounded" if base else "shown", float(re.sub(r"\D", "", written)), base=base)
    if under := _under(lang).fullmatch(written):
        return Shown("under", threshold=int(under[1]))
    return Shown("hidden") if written == text("outputs.hidden", lang, threshold=0) else None


@cache
def _under(lang: str) -> re.Pattern:
    return re.compile(re.escape(text("outputs.under", lang, threshold="@")).replace("@", r"(\d+)"))


def _knowledge(releases: list[Tables]) -> Knowledge:
    """Return what a reader of several releases of the same counts has in hand: a count once shown is known."""
    known, threshold = Knowledge(), max(one.threshold for one in releases)
    for one in releases:
        for key, shown in one.counts.items():
            if key not in known.counts or _tells(shown) > _tells(known.counts[key]):
                known.counts[key] = shown
    for one in releases:
        for table, sums, keys in one.sums:
            mine = Knowledge(known.counts)
            add_sums(mine, sums, lambda cell, keys=keys, table=table: keys.get(cell, (*table, *cell)), threshold)
            known.sums += mine.sums
    _add_same(known)
    for key, shown in known.counts.items():
        if shown.how in ("hidden", "rounded"):
            known.counts[key] = replace(shown, threshold=threshold)
    return known


def _tells(shown: Shown) -> int:
    return ("unseen", "hidden", "under", "rounded", "shown").index(shown.how)


def _add_same(known: Knowledge) -> None:
    """Tie together counts that stand in several tables: each equals the one it is declared to be the same as."""
    for one, other in same_counts():
        for key in [key for key in known.counts if _is_of(key, one)]:
            twin = next((k for k in known.counts if _is_of(k, other) and ("*" not in other or k[2] == key[2])), None)
            if twin is not None:
                known.sums.append((key, (twin,)))


def _is_of(key: Hashable, declared: str) -> bool:
    step, table, row, column = (*declared.split("/"), "", "")[:4]
    return isinstance(key, tuple) and key[:2] == (step, table) and key[3] == column and _is_row(key[2], row)


def _is_row(words: str, declared: str) -> bool:
    if declared.startswith("@"):
        return words.split(" / ")[0] in {text(declared[1:], lang) for lang in LANGUAGES}
    return declared in ("*", words)


@cache
def same_counts() -> tuple[tuple[str, str], ...]:
    """Return the pairs of counts that are the same in two tables: step/table/row/column.

    A row is ``*`` for any, ``@`` and a key of the text catalogue, or the name of a key number.
    """
    declared = resources.files("helhed.disclosure").joinpath("same_counts.toml").read_text(encoding="utf-8")
    return tuple((one["count"], one["is"]) for one in tomllib.loads(declared)["same"])


def _by_release(now: Tables, then: Mapping[int, Tables], alone: set) -> dict[int, set[Key]]:
    """Return for each earlier release the counts that it gives away where it rests on the same persons."""
    found = {}
    for number, those in then.items():
        same = _of_same_persons(now, those)
        given_away = {key for key, shown in same.counts.items() if _was_hidden(now, key) and shown.how == "shown"}
        keys = set(_knowledge([now, same]).found_out()) | {key for key in given_away if _is_small_now(now, key)}
        found[number] = {key for key in keys - alone if key in now.counts}
    return found


def _was_hidden(now: Tables, key: Key) -> bool:
    return key in now.counts and now.counts[key].how != "shown"


def _is_small_now(now: Tables, key: Key) -> bool:
    return now.counts[key].how == "under"


def _of_same_persons(now: Tables, then: Tables) -> Tables:
    """Return the earlier tables in which every count that both releases show is still the same."""
    same = Tables(threshold=then.threshold)
    for table in then.titles:
        keys = [key for key in then.counts if key[:2] == table and key in now.counts]
        both = [key for key in keys if then.counts[key].how == now.counts[key].how and now.counts[key].how in _NUMBERS]
        if both and all(then.counts[key].value == now.counts[key].value for key in both):
            same.counts |= {key: then.counts[key] for key in keys}
            same.sums += [one for one in then.sums if one[0] == table and set(one[2].values()) <= set(keys)]
    return same


def _small_differences(now: Tables, then: Tables) -> set[Key]:
    """Return the counts that differ from an earlier release by so few persons or families that they may be told."""
    return {
        key
        for key, shown in now.counts.items()
        if shown.how == "shown"
        and key in then.counts
        and then.counts[key].how == "shown"
        and is_small(abs(shown.value - then.counts[key].value), now.threshold)
    }


def _by_table(now: Tables, keys: set[Key], lang: str, earlier: int) -> Iterator[FoundOut]:
    cells: dict[tuple[str, str], list] = {}
    for key in sorted(key for key in keys if key in now.counts):
        cells.setdefault(key[:2], []).append(now.headings[key])
    for (step, name), where in cells.items():
        yield FoundOut(f"public/{step}/{lang}/{name}.json", now.titles[step, name], tuple(where), earlier)
