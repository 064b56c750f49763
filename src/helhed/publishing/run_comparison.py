"""What changed between two runs: inputs, settings, versions and the figures shown, one sentence each."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helhed.errors import Problem, WrongCall
from helhed.profile import declared_entries
from helhed.profile.entries import value_in_words
from helhed.publishing.manifest import FILE_NAME
from helhed.texts import catalogue, number, text

#: Numbers out of optimisation or simulation may differ in the last digits between processors.
TOLERANCE = 1e-6
_NUMBERS = "key_numbers.json"


@dataclass(frozen=True)
class RunFacts:
    """What a run rests on and what it shows.

    Parameters
    ----------
    name
        What the run is called in sentences.
    record
        The run's record: municipality, inputs, settings, versions, key, code, year.
    figures
        (step, language, name) to the key number: ``value``, ``format`` and ``text``.
    tables
        (step, language, name) to the public table: ``title`` and ``rows``.
    """

    name: str
    record: Mapping[str, Any]
    figures: Mapping[tuple[str, str, str], Mapping[str, Any]]
    tables: Mapping[tuple[str, str, str], Mapping[str, Any]]


@dataclass(frozen=True)
class Change:
    """One thing that is not the same: its kind, its name, and what stood there before and after (None: nothing)."""

    kind: str
    name: str
    before: Any = None
    after: Any = None
    step: str = ""
    lang: str = ""


@dataclass(frozen=True)
class Comparison:
    """Two runs side by side."""

    before: RunFacts
    after: RunFacts
    changes: tuple[Change, ...]

    @property
    def has_same_figures(self) -> bool:
        """Return whether every key number and table is the same and both runs have some."""
        is_changed = any(change.kind in ("figure", "table") for change in self.changes)
        return bool(self.before.figures) and not is_changed


def facts_of(run_dir: Path, lang: str) -> RunFacts:
    """Return what a run in a folder rests on and shows.

    Raises
    ------
    WrongCall
        If the folder holds no run.
    """
    record = run_dir / FILE_NAME
    if not record.is_file():
        raise WrongCall(Problem("runs.no_run_there", value=str(run_dir)), lang)
    files = {file.relative_to(run_dir).as_posix(): file.read_bytes() for file in run_dir.glob("public/*/*/*.json")}
    return facts_from(run_dir.name, json.loads(record.read_text(encoding="utf-8")), files)


def facts_from(name: str, record: Mapping[str, Any], files: Mapping[str, bytes]) -> RunFacts:
    """Return what a run rests on and shows, from its record and its public files by path."""
    figures, tables = {}, {}
    for path, content in sorted(files.items()):
        _, step, lang, file = path.split("/", 3)
        read = json.loads(content)
        if file == _NUMBERS:
            figures |= {(step, lang, key): figure for key, figure in read.items()}
        elif "rows" in read:
            tables[step, lang, file.removesuffix(".json")] = read
    return RunFacts(name, record, figures, tables)


def compare(before: RunFacts, after: RunFacts, langs: tuple[str, ...]) -> Comparison:
    """Return what changed between two runs; figures and tables in these languages."""
    changes = [*_record_changes(before.record, after.record)]
    for lang in langs:
        for kind, then, now in (("figure", before.figures, after.figures), ("table", before.tables, after.tables)):
            for step, at, name in sorted({*then, *now}):
                key = (step, at, name)
                if at == lang and not _is_same(kind, then.get(key), now.get(key)):
                    changes.append(Change(kind, name, then.get(key), now.get(key), step, lang))
    return Comparison(before, after, tuple(changes))


def _record_changes(before: Mapping, after: Mapping) -> Iterator[Change]:
    for fact in ("municipality", "year", "key"):
        if before.get(fact) != after.get(fact):
            yield Change(fact, fact, before.get(fact), after.get(fact))
    for fact, kind in (("inputs", "input"), ("settings", "setting"), ("versions", "version")):
        then, now = before.get(fact, {}), after.get(fact, {})
        for name in sorted({*then, *now}):
            if then.get(name) != now.get(name):
                yield Change(kind, name, then.get(name), now.get(name))
    if before.get("code") != after.get("code"):
        yield Change("code", "code")


def _is_same(kind: str, then: Mapping | None, now: Mapping | None) -> bool:
    if then is None or now is None:
        return then is now
    if kind == "table":
        return then["rows"] == now["rows"]
    one, other = then["value"], now["value"]
    if _is_number(one) and _is_number(other):
        return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=1e-9)
    # A hidden small number has no value; then what is shown decides.
    return one == other and (one is not None or then["text"] == now["text"])


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def sentences(found: Comparison, lang: str) -> list[str]:
    """Return what changed in words: a heading, then one sentence for each change."""
    names = {"before": found.before.name, "after": found.after.name}
    said = [text("runs.compared", lang, **names)]
    said += list(dict.fromkeys(_sentence(change, lang) for change in found.changes))
    if len(said) == 1:
        said.append(text("runs.nothing_changed", lang))
    elif found.has_same_figures:
        said.append(text("runs.figures_same", lang))
    return said


def _sentence(change: Change, lang: str) -> str:
    say = {"figure": _figure_sentence, "table": _table_sentence, "setting": _setting_sentence}.get(change.kind)
    if say:
        return say(change, lang)
    facts = {"name": change.name, "before": change.before, "after": change.after}
    return text(f"runs.{change.kind}_{_how(change)}", lang, **facts)


def _how(change: Change) -> str:
    return "new" if change.before is None else "gone" if change.after is None else "changed"


def _setting_sentence(change: Change, lang: str) -> str:
    entry = declared_entries().get(change.name)
    then, now = (_setting_in_words(one, lang) for one in (change.before, change.after))
    how = "origin" if _how(change) == "changed" and then == now else _how(change)
    return text(f"runs.setting_{how}", lang, name=entry.label(lang) if entry else change.name, before=then, after=now)


def _setting_in_words(setting: Mapping | None, lang: str) -> str:
    return "" if setting is None else value_in_words(setting["value"], lang)


def _figure_sentence(change: Change, lang: str) -> str:
    then, now = ((one or {}).get("text", "") for one in (change.before, change.after))
    said = text(f"runs.figure_{_how(change)}", lang, name=figure_label(change.name, lang), before=then, after=now)
    return f"{said} {_by_how_much(change, lang)}".rstrip()


def _by_how_much(change: Change, lang: str) -> str:
    """Return how much more or less a figure is, when both are shown as numbers."""
    if change.before is None or change.after is None:
        return ""
    then, now, form = change.before["value"], change.after["value"], change.after["format"]
    if not (_is_number(then) and _is_number(now)) or form == "text" or change.before["format"] != form:
        return ""
    by = abs(now - then) * (100 if form.startswith("share") else 1)
    words = number(by, lang, _decimals(by))
    unit = "points" if form.startswith("share") else "dkk" if form.endswith("dkk") else "plain"
    return text(f"runs.{'more' if now > then else 'less'}_{unit}", lang, by=words)


def _decimals(by: float) -> int:
    """Return how many decimals a difference is written with: enough to see it."""
    if by >= 100 or math.isclose(by, round(by)):
        return 0
    return 1 if by >= 1 else min(6, 1 - math.floor(math.log10(by)))


def _table_sentence(change: Change, lang: str) -> str:
    title = (change.after or change.before)["title"]
    if _how(change) != "changed":
        return text(f"runs.table_{_how(change)}", lang, name=title, step=change.step)
    then, now = change.before["rows"], change.after["rows"]
    n = sum(a != b for row, other in zip(then, now, strict=False) for a, b in zip(row, other, strict=False))
    rows = abs(len(then) - len(now))
    facts = {"name": title, "step": change.step, "n": number(n, lang), "rows": number(rows, lang)}
    return text("runs.table_changed_rows" if rows else "runs.table_changed", lang, **facts)


def figure_label(name: str, lang: str) -> str:
    """Return what a key number is called in the language; its own name when nothing is written down for it."""
    key = f"key_numbers.{name}"
    return text(key, lang) if key in catalogue() else name.replace("_", " ")
