"""How the rows of each source are looked at: which rows count on the day, and what is read off a row."""

from collections.abc import Callable
from datetime import date
from typing import Any

import narwhals as nw

from helhed.selection.days import month_after
from helhed.selection.register import Register

#: What is read of each table.
COLUMNS: dict[str, tuple[str, ...]] = {
    "person": ("person_id", "birth_date", "from_date", "to_date"),
    "family_member": ("family_id", "person_id", "role", "is_main_home"),
    "enrolment": ("family_id", "offered_date", "consent_date", "decision"),
    "benefit_spell": ("person_id", "benefit", "start_date", "end_date"),
    "child_case": ("person_id", "case_type", "section", "start_date", "end_date", "status"),
    "measure": ("person_id", "department", "measure_group", "section", "start_date", "end_date"),
    "absence": ("person_id", "month", "school_days", "days_sick", "days_permitted", "days_unlawful"),
    "employment": ("person_id", "month", "hours", "in_education"),
    "health": ("person_id", "start_date", "end_date"),
    "housing": ("person_id", "start_date", "end_date"),
    "registration": ("person_id", "instrument", "item", "registered_date", "value"),
    "leisure": ("person_id", "month", "has_activity"),
    "daycare": ("person_id", "month", "is_enrolled"),
    "coverage": ("source_table", "month", "is_covered", "is_begun"),
}
#: Later than every day a table may hold.
_NEVER = date(2200, 12, 31)
#: Tables of which any row that has begun makes a person known to a department.
KNOWN_BY = ("benefit_spell", "child_case", "measure")
#: Days are counted in millionths: whole numbers add up to the same in every order.
_PARTS = 1_000_000


def rows(register: Register, table: str) -> Any:
    """Return the rows of a table that can count on the day, with what is read off each."""
    return _READERS[table](register, register.by_person[table].select(*COLUMNS[table]))


def _spells(register: Register, frame: Any) -> Any:
    """Return benefit spells; ``until`` is missing for benefits that are not listed and for impossible spells."""
    is_listed = nw.col("benefit").is_in(register.setting("benefits"))
    is_possible = nw.col("end_date").is_null() | (nw.col("end_date") >= nw.col("start_date"))
    # an export that stops early says of a spell without an end no more than that it reached the last weeks
    open_until = register.known_months.open_until.get("benefit_spell", _NEVER)
    end = nw.col("end_date").fill_null(register.day(open_until))
    begun = frame.filter(nw.col("start_date") <= register.day(register.as_of))
    return begun.select("person_id", "start_date", nw.when(is_listed & is_possible).then(end).alias("until"))


def _cases(register: Register, frame: Any) -> Any:
    """Return cases; one marked as closed without a closing date may or may not be open: ``is_certain`` is False."""
    is_certain = ~((nw.col("status") == "closed") & nw.col("end_date").is_null())
    begun = _begun(register, "child_case", frame)
    return begun.with_columns(is_certain=is_certain.fill_null(True) & nw.col("is_certain"))


def _begun(register: Register, table: str, frame: Any) -> Any:
    """Return the rows that have begun, with the last day known: ``until``, and whether they run on the day.

    ``is_open``: as far as is known. ``is_certain``: whatever may have ended since the export stopped.
    """
    begun = frame.filter(nw.col("start_date") <= register.day(register.as_of))
    begun = begun.with_columns(until=register.known_end(table))
    return begun.with_columns(
        is_open=register.not_before("end_date", register.as_of), is_certain=register.not_before("until", register.as_of)
    )


def _measures(register: Register, frame: Any) -> Any:
    return _begun(register, "measure", frame)


def _circumstances(table: str) -> Callable[[Register, Any], Any]:
    return lambda register, frame: _begun(register, table, frame)


def _absence(register: Register, frame: Any) -> Any:
    """Return the months of absence that are wholly past, registered and with school days, in millionths of a day."""
    kinds = [nw.col(kind) for kind in register.setting("absence_kinds")] or [nw.lit(None, nw.Float64)]
    days = kinds[0]
    for kind in kinds[1:]:
        days = days + kind
    frame = frame.select("person_id", "month", "school_days", absent=days)
    used = frame.filter(
        _wholly_past(register, "absence_window_months") & (nw.col("school_days") > 0) & ~nw.col("absent").is_null()
    )
    return used.select("person_id", *(_in_parts(name) for name in ("school_days", "absent")))


def _in_parts(name: str) -> nw.Expr:
    return (nw.col(name) * _PARTS).round(0).cast(nw.Int64).alias(name)


def _work(register: Register, frame: Any) -> Any:
    return frame.filter(_wholly_past(register, "work_window_months"))


def _activities(column: str) -> Callable[[Register, Any], Any]:
    def read(register: Register, frame: Any) -> Any:
        used = frame.filter(~nw.col(column).is_null())
        return used.filter(_wholly_past(register, "activity_window_months"))

    return read


def _ratings(register: Register, frame: Any) -> Any:
    """Return each person's latest rating of the functional level within the window, without the overall level."""
    first, last = register.window(register.setting("functional_window_months"))
    is_rated = (nw.col("instrument") == "functional_level") & (nw.col("item") != "Samlet funktionsniveau")
    is_in = ~register.before("registered_date", first) & (nw.col("registered_date") <= register.day(last))
    rated = frame.filter(is_rated & is_in).select("person_id", "registered_date", "value")
    latest = rated.group_by("person_id").agg(nw.col("registered_date").max())
    return rated.join(latest, on=["person_id", "registered_date"], how="inner")


def _wholly_past(register: Register, window: str) -> nw.Expr:
    first, last = register.window(register.setting(window))
    return (nw.col("month") >= register.day(first)) & (nw.col("month") < register.day(month_after(last)))


_READERS: dict[str, Callable[[Register, Any], Any]] = {
    "benefit_spell": _spells,
    "child_case": _cases,
    "measure": _measures,
    "absence": _absence,
    "employment": _work,
    "health": _circumstances("health"),
    "housing": _circumstances("housing"),
    "registration": _ratings,
    "leisure": _activities("has_activity"),
    "daycare": _activities("is_enrolled"),
}
