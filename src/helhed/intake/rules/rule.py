"""Runs the check rules (see `helhed.intake.rules`) over the source frames and says where each was broken."""

from collections.abc import Callable, Iterable
from dataclasses import KW_ONLY, dataclass, field

import pandas as pd

from helhed.errors import Problem, Severity
from helhed.intake.clashes import Beside
from helhed.intake.exports.feeds import feeds
from helhed.intake.exports.preset import Preset
from helhed.intake.rules.material import Material
from helhed.intake.shown_values import shown

#: Stands for the first column of an export's key.
KEY = "(key)"


@dataclass(frozen=True)
class Rule:
    """One check rule.

    Parameters
    ----------
    code
        Key of the message in the text catalogue, without the room.
    severity
        Mostly ``should_fix`` or ``note``: what cannot be used at all is found while reading.
    tables
        The rule looks at every export whose rows become one of these tables and that has the columns it needs.
    column
        Canonical column that the user should look at; empty for the row as a whole, `KEY` for the export's key.
    broken
        Material and source frame to which rows break the rule (truth values by row; missing counts as not broken).
    needs
        Further columns without which the rule says nothing of an export.
    years
        First and last year in which the rule holds, judged by the date of each row (see `Feed.day`); None is open.
    why
        Why it matters or where the limit comes from: key of the text catalogue, without the room and ``why_``.
    source
        The source of the rule or of its limit: key of the guide's references; empty when there is none.
    limits
        Numbers that the message names.
    beside
        How the rows are found with which a broken row clashes (see `helhed.intake.clashes`).
    """

    code: str
    severity: Severity
    tables: tuple[str, ...]
    column: str
    broken: Callable[[Material, pd.DataFrame], pd.Series]
    _: KW_ONLY
    needs: tuple[str, ...] = ()
    years: tuple[int | None, int | None] = (None, None)
    why: str = ""
    source: str = ""
    limits: dict[str, float] = field(default_factory=dict)
    beside: Beside | None = None

    def looks_at(self, preset: Preset, columns: Iterable[str]) -> bool:
        """Return whether the rule says anything of an export, of whose columns these were read."""
        wanted = {*self.needs, self.column} - {"", KEY}
        return preset.table in self.tables and wanted <= preset.gives() & set(columns)

    def holds_for(self, frame: pd.DataFrame, day: str) -> pd.Series:
        """Return for which rows the rule holds, by the year of a date; a row without one is judged like the others."""
        first, last = (year or open_end for year, open_end in zip(self.years, (0, 9999), strict=True))
        return frame[day].dt.year.between(first, last) | frame[day].isna()

    def problems(self, material: Material) -> list[Problem]:
        """Return a problem for each row of each export that breaks the rule."""
        return [problem for source in material.filled(self.tables) for problem in _apply(self, source, material)]


@dataclass(frozen=True)
class Place:
    """Where a rule about a whole export or a setting was broken: the place, the value found, what the message names."""

    file: str
    value: str = ""
    details: dict = field(default_factory=dict)
    sheet: str = ""
    row: int | None = None
    column: str = ""


@dataclass(frozen=True)
class WholeRule:
    """One check rule about whole exports or about the profile; its parameters are those of `Rule`.

    ``broken`` goes from the material to the places where the rule was broken.
    """

    code: str
    severity: Severity
    tables: tuple[str, ...]
    broken: Callable[[Material], list[Place]]
    _: KW_ONLY
    years: tuple[int | None, int | None] = (None, None)
    why: str = ""
    source: str = ""
    limits: dict[str, float] = field(default_factory=dict)

    def problems(self, material: Material) -> list[Problem]:
        """Return a problem for each place where the rule was broken."""
        return [
            Problem(
                f"intake.{self.code}",
                self.severity,
                **{**vars(place), "details": {**self.limits, **place.details}},
            )
            for place in self.broken(material)
        ]


def run_checks(material: Material, rules: tuple[Rule | WholeRule, ...]) -> list[Problem]:
    """Return every problem that the rules find: one per row and rule, and those of whole exports and settings."""
    years = material.first_day.year, material.last_day.year
    return [p for rule in rules if holds_in(rule.years, *years) for p in rule.problems(material)]


def holds_in(years: tuple[int | None, int | None], first: int, last: int) -> bool:
    """Return whether a rule that holds in some years (None is open) holds in any year of a period."""
    return (years[0] or first) <= last and (years[1] or last) >= first


def _apply(rule: Rule, source: str, material: Material) -> list[Problem]:
    frame, preset = material.frames[source], material.presets[source]
    if not rule.looks_at(preset, frame.columns):
        return []
    broken = rule.broken(material, frame)
    if broken.dtype != bool:
        broken = broken.astype("boolean").fillna(False).astype(bool)
    if rule.years != (None, None):
        day = feeds()[preset.table].day_of(rule.column)
        broken = broken & rule.holds_for(frame, day) if day in frame else broken
    if not broken.any():
        return []
    hits = frame[broken.to_numpy()]
    column = next(iter(preset.key), "") if rule.column == KEY else rule.column
    headings = _headings(hits, column, preset)
    beside = rule.beside(material, frame, hits.index) if rule.beside else [""] * len(hits)
    return [
        Problem(
            f"intake.{rule.code}",
            rule.severity,
            file=file,
            sheet=preset.sheet,
            row=int(row),
            column=heading,
            value=value,
            details={**rule.limits, **({"beside": rows} if rows else {})},
        )
        for file, row, heading, value, rows in zip(
            hits["file_"], hits["row_"], headings, shown(hits, column, preset), beside, strict=True
        )
    ]


def _headings(hits: pd.DataFrame, column: str, preset: Preset) -> list[str]:
    """Return the export's heading of a column for each row; one that was turned has the heading it came from."""
    if preset.unpivot and column == preset.unpivot.value:
        return [preset.heading_of_turned(kind) for kind in hits[preset.unpivot.kind]]
    return [preset.heading_of(column) if column else ""] * len(hits)


def overlaps(frame: pd.DataFrame, owner: str, end: str = "end_date") -> pd.Series:
    """Return which rows start before an earlier row of the same owner has ended; a missing end never comes."""
    ordered = frame[frame["start_date"].notna()].sort_values([owner, "start_date"], kind="stable")
    far = pd.Timestamp("2200-01-01")
    latest = ordered[end].fillna(far).groupby(ordered[owner]).cummax().groupby(ordered[owner]).shift()
    return (ordered["start_date"] < latest).reindex(frame.index, fill_value=False)


def is_copy(material: Material, frame: pd.DataFrame) -> pd.Series:
    """Return which rows repeat an earlier row in every column that is used."""
    return material.repeats(frame).is_copy


def is_superseded(material: Material, frame: pd.DataFrame) -> pd.Series:
    """Return which rows give way to another row with the same key."""
    return material.repeats(frame).is_superseded
