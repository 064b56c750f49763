"""Runs the check rules (see `helhed.intake.rules`) over the source frames and says where each was broken."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from helhed.errors import Problem, Severity
from helhed.intake.canonical import exact_copies, is_among, looked_up, superseded
from helhed.intake.families import Families
from helhed.intake.presets import presets
from helhed.intake.pseudonyms import without_cpr
from helhed.profile import Profile


@dataclass(frozen=True)
class Material:
    """What the rules look at: typed source frames by preset name, coverage by month, families and profile."""

    frames: dict[str, pd.DataFrame]
    coverage: pd.DataFrame
    families: Families
    family_of: pd.Series
    profile: Profile

    @property
    def first_day(self) -> pd.Timestamp:
        """Return the first day of the data period."""
        return pd.Timestamp(self.profile["data.from_date"])

    @property
    def last_day(self) -> pd.Timestamp:
        """Return the last day of the data period."""
        return pd.Timestamp(self.profile["data.to_date"])

    def register(self, column: str) -> pd.Series:
        """Return a column of the population register by person."""
        register = self.frames["folkeregister"].drop_duplicates("person_id", keep="last")
        return register.set_index("person_id")[column]

    def born(self, persons: pd.Series) -> pd.Series:
        """Return the date of birth of each person; missing when not in the register."""
        born = self.register("birth_date").fillna(self.register("cpr_birth_date"))
        return looked_up(persons, born)

    def age(self, persons: pd.Series, when: pd.Series) -> pd.Series:
        """Return each person's age in years on a date; missing when the date of birth is not known."""
        return (when - self.born(persons)).dt.days / 365.25

    def is_known(self, persons: pd.Series) -> pd.Series:
        """Return whether each person is in the population register; true for all when the register was not read."""
        register = self.frames["folkeregister"]["person_id"]
        return is_among(persons, register) | register.empty

    def is_known_case(self, cases: pd.Series) -> pd.Series:
        """Return whether each case is in the export of cases; true for all when that was not read."""
        known = self.frames["dubu_sager"]["case_id"]
        return is_among(cases, known) | known.empty

    def case(self, cases: pd.Series, column: str) -> pd.Series:
        """Return a column of the child cases by case number."""
        known = self.frames["dubu_sager"].drop_duplicates("case_id", keep="last")
        return looked_up(cases, known.set_index("case_id")[column])


@dataclass(frozen=True)
class Rule:
    """One check rule.

    Parameters
    ----------
    code
        Key of the message in the text catalogue, without the room.
    severity
        ``should_fix`` or ``note``: what cannot be used at all is found while reading.
    sources
        Names of the export presets that the rule looks at.
    column
        Canonical column that the user should look at; empty for the row as a whole.
    broken
        Material and source frame to which rows break the rule (truth values by row; missing counts as not broken).
    """

    code: str
    severity: Severity
    sources: tuple[str, ...]
    column: str
    broken: Callable[[Material, pd.DataFrame], pd.Series]


def run_checks(material: Material, rules: tuple[Rule, ...]) -> list[Problem]:
    """Return every problem that the rules find, one per row and rule, and one per missing month of a source."""
    found = [p for rule in rules for source in rule.sources for p in _apply(rule, source, material)]
    return found + coverage_gaps(material)


def _apply(rule: Rule, source: str, material: Material) -> list[Problem]:
    frame = material.frames[source]
    if frame.empty:
        return []
    broken = rule.broken(material, frame).astype("boolean").fillna(False).astype(bool)
    preset = presets()[source]
    hits = frame[broken.to_numpy()]
    values = _shown(hits, rule.column)
    return [
        Problem(
            f"intake.{rule.code}",
            rule.severity,
            file=file,
            sheet=preset.sheet,
            row=int(row),
            column=preset.heading_of(rule.column) if rule.column else "",
            value=value,
        )
        for file, row, value in zip(hits["file_"], hits["row_"], values, strict=True)
    ]


def _shown(hits: pd.DataFrame, column: str) -> list[str]:
    """Return what may be shown of the cells: never a pseudonym of a person or an address."""
    if not column or column.endswith(("person_id", "mother_id", "father_id", "address_id", "contact_id")):
        return [""] * len(hits)
    return [_written(value) for value in hits[column]]


def _written(value: Any) -> str:
    if pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return f"{value:%d-%m-%Y}"
    if isinstance(value, float):
        return f"{value:g}".replace(".", ",")
    return without_cpr(str(value))[:80]


def overlaps(frame: pd.DataFrame, owner: str, end: str = "end_date") -> pd.Series:
    """Return which rows start before an earlier row of the same owner has ended; a missing end never comes."""
    ordered = frame[frame["start_date"].notna()].sort_values([owner, "start_date"], kind="stable")
    far = pd.Timestamp("2200-01-01")
    latest = ordered[end].fillna(far).groupby(ordered[owner]).cummax().groupby(ordered[owner]).shift()
    return (ordered["start_date"] < latest).reindex(frame.index, fill_value=False)


def is_copy(_material: Material, frame: pd.DataFrame) -> pd.Series:
    """Return which rows repeat an earlier row in every column that is used."""
    return exact_copies(frame)


def is_superseded(source: str) -> Callable[[Material, pd.DataFrame], pd.Series]:
    """Return the test for rows that give way to another row with the same key."""
    return lambda _material, frame: superseded(frame, presets()[source])


def coverage_gaps(material: Material) -> list[Problem]:
    """Return a problem for each run of months in which a monthly source holds no records at all."""
    missing = material.coverage[material.coverage["state"] == "missing"]
    problems = []
    for source, rows in missing.groupby("source", sort=True):
        months = rows["month"].dt.to_period("M")
        runs = months.groupby((months.astype("int64").diff() != 1).cumsum())
        problems += [_gap(presets()[source].file, run.iloc[0], run.iloc[-1]) for _, run in runs]
    return problems


def _gap(file: str, first: pd.Period, last: pd.Period) -> Problem:
    value = f"{first}" if first == last else f"{first} – {last}"
    return Problem("intake.missing_month", "should_fix", file=file, value=value)
