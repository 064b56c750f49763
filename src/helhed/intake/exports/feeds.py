"""What an export may become: the tables that exports feed, the columns they may have and how those are read.

Follows the contracts of the canonical tables; ``feeds.toml`` says only what differs: columns that are read but do not
stand in a table, columns that are built here, and what systems call them.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

import pandas as pd

from helhed.tables import DTYPES, Column, tables

#: Kinds of column whose cells name a person or a home: no message or list shows them.
SECRET_KINDS = ("cpr", "cprs", "address")
#: Kinds of column, beside dates, that say when a row was.
_TIMES = {"week", "month", "period"}


@dataclass(frozen=True)
class FeedColumn:
    """One column that an export may give.

    ``kinds`` are the kinds of heading it can be read by, the usual one first. ``if_empty`` is the code of an empty
    cell where the table needs a code. ``names`` is what systems call it.
    """

    name: str
    kinds: tuple[str, ...]
    dtype: str
    codes: str
    da: str
    en: str
    if_empty: str = ""
    names: tuple[str, ...] = ()

    def label(self, lang: str) -> str:
        """Return the column's name in the language."""
        return self.da if lang == "da" else self.en


@dataclass(frozen=True)
class Feed:
    """A table that exports feed.

    ``needs`` are the columns without which a row cannot be used; of several with ``|`` between one is enough. A column
    that ``may_be_empty`` must be there, but not in every row.
    ``months`` is the column by which records are counted by month.
    """

    table: str
    da: str
    en: str
    needs: tuple[str, ...]
    columns: dict[str, FeedColumn]
    months: str = ""
    may_be_empty: tuple[str, ...] = ()

    def title(self, lang: str) -> str:
        """Return the table's name in the language."""
        return self.da if lang == "da" else self.en

    @property
    def dates(self) -> tuple[str, ...]:
        """Return the columns that hold days, but those of birth: what happened, was decided or is due."""
        dated = (column.name for column in self.columns.values() if "date" in column.kinds)
        return tuple(name for name in dated if not name.endswith("birth_date"))

    def day_of(self, column: str) -> str:
        """Return the column by whose date a row is judged: the column itself if it holds one, else the row's first.

        Empty when rows of the table have no date.
        """
        when = [name for name, one in self.columns.items() if name in self.dates or set(one.kinds) & _TIMES]
        return column if column in when else next(iter(when), "")

    def missing(self, given: set[str]) -> list[str]:
        """Return the needs that a set of columns does not meet, as they are declared."""
        return [need for need in self.needs if not set(need.split("|")) & given]

    def is_needed(self, column: str, given: set[str]) -> bool:
        """Return whether a row cannot be used without a value in a column, when these columns are given."""
        needs = [set(need.split("|")) for need in self.needs]
        return column not in self.may_be_empty and any(
            column in need and not (need - {column}) & given for need in needs
        )


@cache
def feeds() -> dict[str, Feed]:
    """Return every table that exports feed, by name."""
    declared = _declared()
    return {name: _feed(name, spec, declared) for name, spec in declared["table"].items()}


def column_label(table: str, column: str, lang: str) -> str:
    """Return the name of a column that exports may give, in the language; the name itself when there is none."""
    known = feeds()[table].columns.get(column)
    return known.label(lang) if known else column


@cache
def identifiers() -> frozenset[str]:
    """Return the columns that hold a pseudonym or the number of a case: what no message shows."""
    return frozenset(
        column.name
        for feed in feeds().values()
        for column in feed.columns.values()
        if column.kinds[0] in (*SECRET_KINDS, "id")
    )


def completed(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """Return a source frame with every column that its table may have; those the export does not give are missing."""
    absent = {
        name: pd.Series(index=frame.index, dtype=column.dtype)
        for name, column in feeds()[table].columns.items()
        if name not in frame
    }
    return frame.assign(**absent) if absent else frame


@cache
def staff_headings() -> tuple[str, ...]:
    """Return what systems call a column that names a member of staff: not needed, and no column of any table."""
    return tuple(_declared()["staff"]["names"])


@cache
def _declared() -> dict:
    return tomllib.loads(resources.files(__package__).joinpath("feeds.toml").read_text(encoding="utf-8"))


def _feed(name: str, spec: dict, declared: dict) -> Feed:
    contract, built = tables().get(name), spec.get("built", [])
    of_contract = [column for column in contract.columns if column.name not in built] if contract else []
    # A number of its own is built where an export has none.
    of_contract += [contract.column("measure_id")] if "measure_id" in built else []
    extra = [_extra(column, facts) for column, facts in spec.get("extra", {}).items()]
    columns = {column.name: _feed_column(column, spec, declared) for column in [*of_contract, *extra]}
    needs = spec.get("needs") or [_need(column, spec) for column in of_contract if column.required]
    titles = (contract.da, contract.en) if contract else (spec["da"], spec["en"])
    return Feed(name, *titles, tuple(needs), columns, spec.get("months", ""), tuple(spec.get("may_be_empty", ())))


def _need(column: Column, spec: dict) -> str:
    """Return a must-have, with the column that can stand in for it where there is one."""
    other = spec.get("stands_in", {}).get(column.name)
    return f"{column.name}|{other}" if other else column.name


def _extra(name: str, facts: dict) -> Column:
    kind = facts["kind"]
    return Column(name, kind, facts["da"], facts["en"], codes=facts.get("codes", ""), required=False)


def _feed_column(column: Column, spec: dict, declared: dict) -> FeedColumn:
    own = spec.get("own_kind", {}).get(column.name) or declared["identifiers"].get(column.name)
    kinds = (own,) if own else tuple(declared["reading"][column.kind])
    return FeedColumn(
        name=column.name,
        kinds=kinds,
        dtype="datetime64[us]" if column.kind == "week" else DTYPES[column.kind],
        codes=column.codes,
        da=column.da,
        en=column.en,
        if_empty=spec.get("instead", {}).get(column.name, ""),
        names=tuple(declared["names"].get(column.name, ())),
    )
