"""Which records each answer of a criterion rests on: source, kind, start date and whose they are, never who."""

import pandas as pd

from helhed.profile import Profile
from helhed.selection.family_records import Place, Record
from helhed.selection.one_family import evaluate_family
from helhed.selection.register import Register
from helhed.selection.why import question_of, records_by_family
from helhed.tables import code_label
from helhed.tables import tables as contracts
from helhed.texts import day, number, text

_COLUMNS = ["family_id", "criterion", "source", "kind", "role", "start_date", "n_records"]
#: Column that says what a record of each table is.
_KINDS = ("benefit", "case_type", "measure_type", "instrument", "kind", "activity")
#: Column that says when a record begins.
_STARTS = ("start_date", "month", "registered_date", "consent_date", "offered_date")


def records_behind(
    tables: dict[str, pd.DataFrame], profile: Profile, as_of, family_criterion: pd.DataFrame
) -> pd.DataFrame:
    """Return the records that each answer rests on, whether a criterion is met, is not met or cannot be told.

    Parameters
    ----------
    tables, profile, as_of
        As for `select_families`.
    family_criterion
        As `evaluate_criteria` returns it: the families and criteria that are asked about.

    Returns
    -------
    One row per family, criterion, source, kind and role, sorted: family_id, criterion, source (canonical table), kind
    (code or text of the record; missing where the table has none), role (``adult``, ``child``; missing for a record
    of the family), start_date (of the earliest), n_records. An answer without any record has no row.

    Notes
    -----
    Each family is worked out once more record by record, with `helhed.selection.one_family.evaluate_family`.
    """
    names = list(family_criterion["criterion"].unique())
    question = question_of(Register(tables, profile, as_of), names)
    records = records_by_family(tables, family_criterion["family_id"].unique())
    rows = [
        (family, name, *_described(own, place))
        for family, own in records.items()
        for name, answer in evaluate_family(own, question).items()
        for place in answer.records
    ]
    said = pd.DataFrame(rows, columns=_COLUMNS[:6])
    said = said.astype(dict.fromkeys(_COLUMNS[:5], "str") | {"start_date": "datetime64[us]"})
    said = said.merge(family_criterion[["family_id", "criterion"]], on=["family_id", "criterion"])
    summed = said.groupby(_COLUMNS[:5], dropna=False, sort=True)["start_date"].agg(["min", "size"])
    return summed.rename(columns={"min": "start_date", "size": "n_records"}).reset_index()[_COLUMNS]


def _described(own: dict[str, list[Record]], place: Place) -> tuple:
    """Return source, kind, role and start of a family's record."""
    table, at = place
    row = own[table][at]
    kind, start = (
        next((row[name] for name in names if row.get(name) is not None), None) for names in (_KINDS, _STARTS)
    )
    return table, kind, _role(own, row), start


def _role(own: dict[str, list[Record]], row: Record) -> str | None:
    if "person_id" not in row:
        return None
    roles = (member["role"] for member in own["family_member"] if member["person_id"] == row["person_id"])
    return "adult" if next(roles) == "adult" else "child"


def records_in_words(records: pd.DataFrame, lang: str) -> dict[tuple[str, str], str]:
    """Return the records behind each answer in words, by family and criterion; from `records_behind`."""
    plain = (records[name].astype(object).where(records[name].notna(), None).tolist() for name in _COLUMNS)
    said: dict[tuple[str, str], list[str]] = {}
    words: dict[tuple, str] = {}
    for family, criterion, *record in zip(*plain, strict=True):
        like = tuple(record)
        if like not in words:
            words[like] = _in_words(*like, lang)
        said.setdefault((family, criterion), []).append(words[like])
    return {answer: "; ".join(parts) for answer, parts in sorted(said.items())}


def _in_words(source: str, kind: str | None, role: str | None, since, n_records: int, lang: str) -> str:
    """Return one row of `records_behind` in words: source, kind, since when, whose."""
    label = contracts()[source].label(lang)
    named = "" if kind is None else f": {_kind_label(source, kind, lang)}"
    whose = text(f"selection.record_of_{role or 'family'}", lang)
    if since is None:
        return text("selection.record_plain", lang, source=label, kind=named, role=whose)
    key, n = "record_one" if n_records == 1 else "record_many", number(n_records, lang)
    return text(f"selection.{key}", lang, source=label, kind=named, since=day(since, lang), role=whose, n=n)


def _kind_label(source: str, kind: str, lang: str) -> str:
    listed = next((c.codes for c in contracts()[source].columns if c.name in _KINDS and c.codes), "")
    return code_label(listed, kind, lang) if listed else kind
