"""With which rows a row clashes: rows that say the same, and spells of one owner at the same time."""

from collections.abc import Callable, Iterator

import pandas as pd

from helhed.intake.building.canonical import exact_copies

#: No more rows than this are named beside a row.
MOST_NAMED = 3
_FAR = pd.Timestamp("2200-01-01")

#: Source frame to what the rows that clash have in common; missing for rows that clash with none.
Common = Callable[..., pd.Series]
#: Material, source frame and the index of the broken rows to the rows beside each, in words.
Beside = Callable[..., list[str]]


def alike(*columns: str) -> Common:
    """Return what tells rows apart that say something else in one of some columns."""
    return lambda _m, f: _numbers(f, list(columns))


def wholly_alike(_m, f: pd.DataFrame) -> pd.Series:
    """Return a number for the rows that are copies of each other; missing for rows without a copy."""
    return _numbers(f, [column for column in f.columns if column not in ("row_", "file_")])


def alike_by_key(m, f: pd.DataFrame) -> pd.Series:
    """Return a number for the rows that share their export's key; missing for rows that share it with none."""
    kept = f[~exact_copies(f)]
    return _numbers(kept, list(m.preset_of(f).key)).reindex(f.index)


def same_as(common: Common) -> Beside:
    """Return how the other rows with the same in common are found."""
    return lambda m, f, hits: _named(f, common(m, f), hits, lambda _row, _others: slice(None))


def at_same_time(common: Common, end: str = "end_date") -> Beside:
    """Return how rows with the same in common at the same time are found; ``end`` is their last day."""

    def meets(row: pd.Series, others: pd.DataFrame) -> pd.Series:
        is_begun = others["start_date"] <= (_FAR if pd.isna(row[end]) else row[end])
        return is_begun & (others[end].fillna(_FAR) >= row["start_date"])

    return lambda m, f, hits: _named(f, common(m, f), hits, meets)


def _numbers(f: pd.DataFrame, columns: list[str]) -> pd.Series:
    shared = f[f.duplicated(columns, keep=False)]
    return shared.groupby(columns, dropna=False, sort=False).ngroup().reindex(f.index)


def _named(f: pd.DataFrame, common: pd.Series, hits: pd.Index, meets: Callable) -> list[str]:
    wanted = f[common.isin(common.reindex(hits).dropna().unique())]
    of_common = dict(list(wanted.groupby(common.reindex(wanted.index))))
    return [", ".join(_beside(f.loc[at], of_common.get(common.get(at)), meets)) for at in hits]


def _beside(row: pd.Series, group: pd.DataFrame | None, meets: Callable) -> Iterator[str]:
    if group is None:
        return
    others = group.drop(index=row.name)
    for other in others.loc[meets(row, others)].head(MOST_NAMED).itertuples():
        yield f"{other.row_}" + ("" if other.file_ == row["file_"] else f" ({other.file_})")
