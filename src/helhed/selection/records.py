"""Which records each answer of a criterion rests on: source, kind, start date and whose they are, never who."""

from collections.abc import Callable

import pandas as pd

from helhed.profile import Profile
from helhed.selection.criteria import MET, criteria
from helhed.selection.law import sources_of
from helhed.selection.view import View
from helhed.tables import code_label
from helhed.tables import tables as contracts
from helhed.texts import day, number, text

_COLUMNS = ["family_id", "criterion", "source", "kind", "role", "start_date", "n_records"]
#: Column that says what a record of each table is.
_KINDS = ("benefit", "case_type", "measure_type", "instrument", "kind", "activity")
#: Column that says when a record begins.
_STARTS = ("start_date", "month", "registered_date", "consent_date")


def records_behind(
    tables: dict[str, pd.DataFrame], profile: Profile, as_of, family_criterion: pd.DataFrame
) -> pd.DataFrame:
    """Return the records that each criterion a family meets rests on.

    Parameters
    ----------
    tables, profile, as_of
        As for `select_families`.
    family_criterion
        As `evaluate_criteria` returns it.

    Returns
    -------
    One row per family, criterion, source, kind and role, sorted: family_id, criterion, source (canonical table), kind
    (code or text of the record; missing where the table has none), role (``adult``, ``child``; missing for a record
    of the family), start_date (of the earliest), n_records. Only criteria that are met; records in the criterion's
    window, or running on the day where it has none.
    """
    view = View(tables, profile, as_of)
    met = family_criterion[family_criterion["status"] == MET]
    found = [_behind(view, name, families) for name, families in met.groupby("criterion", sort=True)["family_id"]]
    kept = [frame for frame in found if len(frame)]
    if not kept:
        return pd.DataFrame({name: pd.Series(dtype="str") for name in _COLUMNS})
    return pd.concat(kept, ignore_index=True).sort_values(_COLUMNS[:6], kind="stable").reset_index(drop=True)


def record_in_words(row, lang: str) -> str:
    """Return one row of `records_behind` in words: source, kind, since when, whose."""
    source = contracts()[row.source].label(lang)
    kind = "" if pd.isna(row.kind) else f": {_kind_label(row.source, row.kind, lang)}"
    role = text(f"selection.record_of_{'family' if pd.isna(row.role) else row.role}", lang)
    if pd.isna(row.start_date):
        return text("selection.record_plain", lang, source=source, kind=kind, role=role)
    key, n = "record_one" if row.n_records == 1 else "record_many", number(row.n_records, lang)
    return text(f"selection.{key}", lang, source=source, kind=kind, since=day(row.start_date, lang), role=role, n=n)


def _kind_label(source: str, kind: str, lang: str) -> str:
    listed = next((c.codes for c in contracts()[source].columns if c.name in _KINDS and c.codes), "")
    return code_label(listed, kind, lang) if listed else kind


def _behind(view: View, criterion: str, families: pd.Series) -> pd.DataFrame:
    rows = [_of_source(view, criterion, source) for source in sources_of(criterion)]
    joined = pd.concat(rows, ignore_index=True)
    joined = joined[joined["family_id"].isin(set(families))].assign(criterion=criterion)
    keys = ["family_id", "criterion", "source", "kind", "role"]
    summed = joined.groupby(keys, dropna=False, sort=True)["start_date"].agg(["min", "size"])
    return summed.rename(columns={"min": "start_date", "size": "n_records"}).reset_index()[_COLUMNS]


def _of_source(view: View, criterion: str, source: str) -> pd.DataFrame:
    name, _, department = source.partition(".")
    rows = _in_time(view, view.tables[name], criterion, name)
    rows = rows[rows["department"] == department] if department else rows
    for narrow in (_NARROWED.get(name), _NARROWED.get(criterion)):
        rows = narrow(rows, view) if narrow else rows
    start = next((column for column in _STARTS if column in rows), None)
    kind = next((column for column in _KINDS if column in rows), None)
    shown = rows.assign(
        source=name,
        kind=rows[kind] if kind else pd.Series(pd.NA, index=rows.index, dtype="str"),
        start_date=rows[start] if start else pd.Series(pd.NaT, index=rows.index, dtype="datetime64[us]"),
    )
    return _with_family(shown, view, criterion)[["family_id", "source", "kind", "role", "start_date"]]


def _with_family(rows: pd.DataFrame, view: View, criterion: str) -> pd.DataFrame:
    """Return the rows of the members the criterion looks at, with their family and role."""
    if "person_id" not in rows:
        return rows.assign(role=pd.Series(pd.NA, index=rows.index, dtype="str"))
    looked_at = {"adult": "is_adult", "child": "is_child"}.get(criteria()[criterion].level)
    members = view.members[view.members[looked_at]] if looked_at else view.members
    of = members[["family_id", "person_id", "is_adult"]]
    joined = rows.drop(columns="family_id", errors="ignore").merge(of, on="person_id")
    return joined.assign(role=joined["is_adult"].map({True: "adult", False: "child"}).astype("str"))


def _in_time(view: View, rows: pd.DataFrame, criterion: str, name: str) -> pd.DataFrame:
    """Return the rows that overlap the criterion's window, or run on the day where it has none."""
    months = max((view.profile[key] for key in _windows(criterion, name)), default=0)
    first, last = view.window(months) if months else (view.as_of, view.as_of)
    if "start_date" in rows and "end_date" in rows:
        return rows[(rows["start_date"] <= last) & ~(rows["end_date"] < first)]
    start = next((column for column in _STARTS if column in rows), None)
    return rows if start is None else rows[(rows[start] <= last) & ((rows[start] >= first) | (months == 0))]


def _windows(criterion: str, name: str) -> tuple[str, ...]:
    """Return the windows that hold for a table: a criterion of several sources has the school's for absence only."""
    if name == "absence":
        return ("selection.absence_window_months",)
    return tuple(key for key in criteria()[criterion].windows if key != "selection.absence_window_months")


_Narrow = Callable[[pd.DataFrame, View], pd.DataFrame]


def _where(column: str, setting: str = "", values: tuple[str, ...] = ()) -> _Narrow:
    def narrow(rows: pd.DataFrame, view: View) -> pd.DataFrame:
        return rows[rows[column].isin(view.setting(setting) if setting else values)]

    return narrow


def _newly_in(rows: pd.DataFrame, view: View) -> pd.DataFrame:
    first, last = view.window(view.setting("notification_window_months"))
    return rows[(rows["case_type"] == "underretning") & rows["start_date"].between(first, last)]


#: What narrows the rows of a table, or of a criterion, to those that count.
_NARROWED: dict[str, _Narrow] = {
    "benefit_spell": _where("benefit", "benefits"),
    "open_child_case": _where("case_type", "case_types"),
    "child_disability_case": _where("case_type", values=("handicap",)),
    "notifications": _newly_in,
    "placed_child": _where("measure_group", values=("placement",)),
}
