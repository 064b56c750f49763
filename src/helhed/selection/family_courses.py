"""What a family's monthly rows and ratings say, in plain Python: work, education, functional level, everyday life."""

from __future__ import annotations

from collections.abc import Callable

from helhed.selection.family_records import Family, Found, Member, Place, Record

_ENDLESS = float("inf")


def no_adult_in_work(family: Family) -> Found:
    """Return 1 when no adult has paid hours enough, 0 when one has."""
    needed, working, n_unknown, records = family.n_past_months("work_window_months"), 0, 0, set()
    for adult in family.adults:
        months = dict(family.past_months("employment", adult.person_id, "work_window_months"))
        hours = [row["hours"] for row in months.values() if row["hours"] is not None]
        is_working = any(one >= family.setting("work_hours") for one in hours)
        working, n_unknown = working + is_working, n_unknown + (not is_working and len(hours) < needed)
        records |= set(months)
    if working:
        return Found(0.0, 0.0, records)
    return Found(1.0 if family.adults and not n_unknown else None, _ENDLESS, records)


def adult_in_education(family: Family) -> Found:
    """Return the adults who were in education in a month of the window."""
    needed, n_seen, n_possible, records = family.n_past_months("work_window_months"), 0, 0, set()
    for adult in family.adults:
        months = dict(family.past_months("employment", adult.person_id, "work_window_months"))
        told = [row["in_education"] for row in months.values() if row["in_education"] is not None]
        n_seen, n_possible = n_seen + any(told), n_possible + (any(told) or len(told) < needed)
        records |= set(months)
    return Found(n_seen, n_possible, records)


def low_domains(group: str) -> Callable[[Family], Found]:
    """Return the measure of domains with a low functional level, of ``adults`` or ``children``."""

    def found(family: Family) -> Found:
        rated = [_latest_ratings(family, member) for member in getattr(family, group)]
        lowest = "ABCD".index(family.setting("functional_level")) + 1
        counts = [sum(row["value"] >= lowest for row in own.values()) for own in rated if own]
        is_known = bool(rated) and all(rated)
        return Found(max(counts, default=None), max(counts) if is_known else _ENDLESS, set().union(*rated))

    return found


def _latest_ratings(family: Family, member: Member) -> dict[Place, Record]:
    first, last = family.window("functional_window_months")
    rows = {
        place: row
        for place, row in family.rows("registration", member.person_id)
        if row["instrument"] == "functional_level"
        and row["item"] != "Samlet funktionsniveau"
        and first <= row["registered_date"] <= last
    }
    latest = max((row["registered_date"] for row in rows.values()), default=None)
    return {place: row for place, row in rows.items() if row["registered_date"] == latest}


def without(table: str, column: str, ages_months: tuple[int, int]) -> Callable[[Family], Found]:
    """Return the measure of children of an age without something in every month that is told."""

    def found(family: Family) -> Found:
        n_seen, n_possible, records = 0, 0, set()
        for child in family.children:
            rows = family.past_months(table, child.person_id, "activity_window_months")
            told = {place: row[column] for place, row in rows if row[column] is not None}
            could = family.is_aged(child, *ages_months) and not any(told.values())
            is_told = bool(told) and not family.n_dark(table, "activity_window_months")
            n_seen, n_possible = n_seen + (could and is_told), n_possible + could
            records |= set(told)
        return Found(n_seen, n_possible, records)

    return found
