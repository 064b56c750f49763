"""Which records of each source could be tied to a person and a family, and why the rest could not."""

import pandas as pd

from helhed.intake.building.canonical import is_among
from helhed.intake.sources import Sources


def records_by_source(sources: Sources) -> dict[str, pd.Series]:
    """Return the person of every record of each source whose records belong to a person, the register left out.

    The person is missing where a record names a case that no export holds; a plan line belongs to its contact.
    """
    owners = {
        name: "contact_id" if preset.has("contact_id") else "person_id" for name, preset in sources.presets.items()
    }
    return {
        name: sources.frames[name][owner]
        for name, owner in owners.items()
        if owner in sources.frames[name] and sources.presets[name].table != "person"
    }


def link_sources(sources: Sources, persons: pd.Series, family_of: pd.Series) -> pd.DataFrame:
    """Return how far each source could be linked.

    Parameters
    ----------
    sources
        Every export as a typed frame.
    persons
        Pseudonyms of the persons in the register.
    family_of
        Family by person.

    Returns
    -------
    One row per source that holds records: ``source``, ``n_records``, ``n_person`` (records whose person is in the
    register), ``n_family`` (records whose person also has a family), ``n_nobody`` (records without a person in the
    register), ``share_linked`` (``n_family`` of ``n_records``) and ``reason``: the commonest reason code of the rest
    (``no_case``, ``no_person``, ``no_family`` or empty).
    """
    rows = [_one_source(name, person, persons, family_of) for name, person in records_by_source(sources).items()]
    columns = ["source", "n_records", "n_person", "n_family", "n_nobody", "share_linked", "reason"]
    return pd.DataFrame([row for row in rows if row["n_records"]], columns=columns)


def unlinked_persons(sources: Sources, persons: pd.Series, family_of: pd.Series) -> pd.DataFrame:
    """Return who stands behind the records that could not be tied to a family.

    Returns
    -------
    One row per source, person and reason: ``source``, ``table`` (what the source's rows become), ``person_id``
    (missing where a record's case is unknown), ``reason`` (``no_case``, ``no_person``, ``no_family``), ``n_records``.
    """
    columns = ["source", "table", "person_id", "reason", "n_records"]
    parts = [
        _unlinked(person, persons, family_of).assign(source=name, table=sources.presets[name].table)
        for name, person in records_by_source(sources).items()
        if len(person)
    ]
    filled = [part for part in parts if len(part)]
    frame = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=columns)
    return frame[columns].astype({**dict.fromkeys(columns, "str"), "n_records": "Int64"})


def _unlinked(person: pd.Series, persons: pd.Series, family_of: pd.Series) -> pd.DataFrame:
    rest = person[~is_among(person, family_of.index)]
    reason = pd.Series("no_person", index=rest.index).mask(rest.isna(), "no_case")
    reason = reason.mask(is_among(rest, persons), "no_family")
    rows = pd.DataFrame({"person_id": rest, "reason": reason})
    return rows.groupby(["person_id", "reason"], dropna=False).size().rename("n_records").reset_index()


def _one_source(name: str, person: pd.Series, persons: pd.Series, family_of: pd.Series) -> dict:
    has_person, has_family = is_among(person, persons), is_among(person, family_of.index)
    n_records, n_person, n_family = len(person), int(has_person.sum()), int(has_family.sum())
    missing = {
        "no_case": int(person.isna().sum()),
        "no_person": int((person.notna() & ~has_person).sum()),
        "no_family": n_person - n_family,
    }
    worst = max(missing, key=missing.get)
    return {
        "source": name,
        "n_records": n_records,
        "n_person": n_person,
        "n_family": n_family,
        "n_nobody": n_records - n_person,
        "share_linked": n_family / n_records if n_records else float("nan"),
        "reason": worst if missing[worst] else "",
    }


def coverage(sources: Sources, months: pd.DatetimeIndex) -> pd.DataFrame:
    """Return the number of records by source and month: columns ``source``, ``month``, ``n_records``, ``state``.

    ``state`` is ``records``, ``missing`` (a monthly source without a record) or ``none`` (none were expected).
    Cases and measures count in the month in which they start; sources without a date are left out.
    """
    parts = []
    for name, frame in sources.frames.items():
        dated = sources.presets[name].month
        if not dated or frame.empty:
            continue
        month = frame[dated].dropna().dt.to_period("M").dt.to_timestamp().astype("datetime64[us]")
        counts = month.value_counts().reindex(months, fill_value=0)
        rows = pd.DataFrame({"source": name, "month": months, "n_records": counts.to_numpy()})
        parts.append(rows.assign(state=_states(rows, sources.presets[name].gap_months)))
    empty = pd.DataFrame({"source": [], "month": months[:0], "n_records": [], "state": []})
    return pd.concat(parts, ignore_index=True) if parts else empty.astype({"source": "str", "state": "str"})


def _states(rows: pd.DataFrame, gap_months: tuple[int, ...] | None) -> pd.Series:
    is_expected = pd.Series(False, index=rows.index) if gap_months is None else ~rows["month"].dt.month.isin(gap_months)
    without = is_expected.map({True: "missing", False: "none"})
    return without.mask(rows["n_records"] > 0, "records").astype("str")
