"""Canonical tables: what each holds, one row per what, which columns, units and codes.

The contracts are declared in ``contracts.toml`` beside this module. The data dictionary, the glossary rows for
columns and the checks of every hand-over are generated from the same declarations.
"""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import resources

import pandas as pd
import pandera.pandas as pa

#: pandas dtype of each declared column type.
DTYPES = {
    "id": "str",
    "text": "str",
    "code": "str",
    "codes": "str",
    "date": "datetime64[us]",
    "month": "datetime64[us]",
    "count": "Int64",
    "number": "float64",
    "dkk": "float64",
    "share": "float64",
    "flag": "boolean",
}
#: The department behind each kind of sector plan; the family's own goals belong to nobody but the family.
DEPARTMENT_OF_PLAN = {
    "job_plan": "employment",
    "childs_plan": "children",
    "youth_plan": "children",
    "education_plan": "school",
    "treatment_plan": "health",
    "adult_plan": "adult_social",
    "housing": "housing",
}


@dataclass(frozen=True)
class Column:
    """One column of a table: its type, unit, limits, allowed codes, and in both languages its name and meaning."""

    name: str
    kind: str
    da: str
    en: str
    unit: str = ""
    codes: str = ""
    required: bool = True
    minimum: float | None = None
    maximum: float | None = None
    meaning_da: str = ""
    meaning_en: str = ""

    def label(self, lang: str) -> str:
        """Return the column's name in the language."""
        return self.da if lang == "da" else self.en

    def meaning(self, lang: str) -> str:
        """Return in one sentence what the column holds."""
        return self.meaning_da if lang == "da" else self.meaning_en


@dataclass(frozen=True)
class Table:
    """The contract of one table.

    ``steps`` are the numbers of the steps that read it after the check, ``built_from`` the tables whose rows fill it
    beside those of exports.
    """

    name: str
    da: str
    en: str
    grain_da: str
    grain_en: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    meaning_da: str = ""
    meaning_en: str = ""
    steps: tuple[int, ...] = ()
    built_from: tuple[str, ...] = ()

    def label(self, lang: str) -> str:
        """Return the table's name in the language."""
        return self.da if lang == "da" else self.en

    def grain(self, lang: str) -> str:
        """Return what one row stands for."""
        return self.grain_da if lang == "da" else self.grain_en

    def meaning(self, lang: str) -> str:
        """Return in a sentence or two what the table holds."""
        return self.meaning_da if lang == "da" else self.meaning_en

    def column(self, name: str) -> Column:
        """Return the contract of one column; `KeyError` if the table has none of that name."""
        return {column.name: column for column in self.columns}[name]

    def empty(self) -> pd.DataFrame:
        """Return the table without rows, every column with its declared dtype."""
        return pd.DataFrame({c.name: pd.Series(dtype=DTYPES[c.kind]) for c in self.columns})

    def conform(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the frame with exactly the contract's columns, order and dtypes.

        Columns that the contract does not know are left out; optional columns that the frame lacks are added empty.

        Raises
        ------
        KeyError
            If a required column is missing.
        """
        missing = [c.name for c in self.columns if c.required and c.name not in frame]
        if missing:
            raise KeyError(f"{self.name}: {', '.join(missing)}")
        columns = {
            c.name: frame[c.name].astype(DTYPES[c.kind])
            if c.name in frame
            else pd.Series(index=frame.index, dtype=DTYPES[c.kind])
            for c in self.columns
        }
        return pd.DataFrame(columns, index=frame.index).reset_index(drop=True)

    def schema(self) -> pa.DataFrameSchema:
        """Return the pandera schema of the contract: dtypes, codes, dates, limits, missing values and the key."""
        columns = {c.name: _pandera_column(c) for c in self.columns}
        return pa.DataFrameSchema(columns, unique=list(self.key) or None, strict=True, name=self.name)


def _pandera_column(column: Column) -> pa.Column:
    checks = [_check(rule, words) for rule, words in _CHECKS.get(column.kind, ())]
    if column.codes:
        known = set(codes()[column.codes])
        separator = "," if column.kind == "codes" else None
        checks.append(_check(lambda values: _are_known(values, known, separator), f"one of {sorted(known)}"))
    if column.minimum is not None:
        checks.append(pa.Check.ge(column.minimum))
    if column.maximum is not None:
        checks.append(pa.Check.le(column.maximum))
    return pa.Column(DTYPES[column.kind], checks=checks, nullable=not column.required)


def _check(rule: Callable[[pd.Series], pd.Series], words: str) -> pa.Check:
    return pa.Check(rule, error=words)


def _are_known(values: pd.Series, known: set[str], separator: str | None) -> pd.Series:
    """Return which values are codes of a list; with a separator a value may hold several."""
    fits = {value: known.issuperset(value.split(separator) if separator else [value]) for value in values.unique()}
    return values.map(fits)


def _has_no_blanks(values: pd.Series) -> pd.Series:
    return (values != "") & (values == values.str.strip())


def _is_possible(days: pd.Series) -> pd.Series:
    return days.between("1850-01-01", "2200-12-31") & (days == days.dt.normalize())


#: What the values of each kind must be, beside the dtype; missing values are looked at elsewhere.
_CHECKS: dict[str, tuple[tuple[Callable[[pd.Series], pd.Series], str], ...]] = {
    "id": ((_has_no_blanks, "not empty, no blanks around it"),),
    "date": ((_is_possible, "a day from 1850 to 2200, without a time of day"),),
    "month": ((_is_possible, "a day from 1850 to 2200"), (lambda days: days.dt.day == 1, "the first of a month")),
    "share": ((lambda shares: shares.between(0, 1), "from 0 to 1"),),
}


@cache
def _declared() -> dict:
    return tomllib.loads(resources.files("helhed").joinpath("contracts.toml").read_text(encoding="utf-8"))


def takes_part(enrolment: pd.DataFrame, day) -> pd.Series:
    """Return whether each family takes part on a day: it has started, and its exit lies after the day.

    Parameters
    ----------
    enrolment
        The canonical table; uses ``start_date`` and ``exit_date`` (missing: not left).
    day
        A date, or one date per row.
    """
    day = pd.to_datetime(day)
    has_left = enrolment["exit_date"].notna() & (enrolment["exit_date"] <= day)
    return (enrolment["start_date"].notna() & (enrolment["start_date"] <= day) & ~has_left).astype(bool)


def came_to_nothing(enrolment: pd.DataFrame) -> pd.Series:
    """Return whether each family's offer came to nothing: it ended without a start.

    A family that is offered a place again keeps the day of its no: its new offer is later, and open.

    Parameters
    ----------
    enrolment
        The canonical table; uses ``offered_date``, ``start_date`` and ``exit_date``.
    """
    return (enrolment["exit_date"].notna() & enrolment["start_date"].isna() & ~is_offered_again(enrolment)).astype(bool)


def is_offered_again(enrolment: pd.DataFrame) -> pd.Series:
    """Return whether each family was offered a place after the day on which it said no or left."""
    return (enrolment["offered_date"] > enrolment["exit_date"]).fillna(False).astype(bool)


def said_no(enrolment: pd.DataFrame) -> pd.Series:
    """Return whether each family's answer to its offer is a no, on ``exit_date``.

    Parameters
    ----------
    enrolment
        The canonical table; uses ``exit_reason`` too (``declined``, or ``withdrew`` by a family that had said yes
        first).
    """
    return came_to_nothing(enrolment) & enrolment["exit_reason"].isin(["declined", "withdrew"])


@cache
def tables() -> dict[str, Table]:
    """Return every canonical table by name, in the order in which the data dictionary shows them."""
    return {name: _table(name, declared) for name, declared in _declared()["table"].items()}


@cache
def codes() -> dict[str, dict[str, dict[str, str]]]:
    """Return every code list: list name, code, and the ``da`` and ``en`` name of the code."""
    return _declared()["codes"]


def scales() -> dict[str, tuple[float, float]]:
    """Return the smallest and largest value of each instrument of the code list ``instrument``."""
    return {name: (low, high) for name, (low, high) in _declared()["scales"].items()}


def code_label(code_list: str, code: str, lang: str) -> str:
    """Return the name of a code in the language; an unknown code is returned as it is."""
    return codes()[code_list].get(code, {}).get(lang, code)


def _table(name: str, declared: dict) -> Table:
    columns = tuple(
        Column(
            name=column,
            kind=spec["kind"],
            da=spec["da"],
            en=spec["en"],
            unit=spec.get("unit", ""),
            codes=spec.get("codes", ""),
            required=spec.get("required", True),
            minimum=spec.get("min"),
            maximum=spec.get("max"),
            meaning_da=spec.get("meaning_da", ""),
            meaning_en=spec.get("meaning_en", ""),
        )
        for column, spec in declared["columns"].items()
    )
    return Table(
        name=name,
        da=declared["da"],
        en=declared["en"],
        grain_da=declared["grain_da"],
        grain_en=declared["grain_en"],
        key=tuple(declared["key"]),
        columns=columns,
        meaning_da=declared.get("meaning_da", ""),
        meaning_en=declared.get("meaning_en", ""),
        steps=tuple(declared.get("steps", ())),
        built_from=tuple(declared.get("built_from", ())),
    )
