"""How the rows of each source are looked at: which rows count on the day, and what is read off a row."""

from collections.abc import Callable
from datetime import date

from helhed.selection.days import month_after
from helhed.selection.expressions import FRACTION, WHOLE, Expr, col, lit, when
from helhed.selection.register import Register
from helhed.selection.rows import ArrayRows, EngineRows

Rows = ArrayRows | EngineRows
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


def rows(register: Register, table: str) -> Rows:
    """Return the rows of a table that can count on the day, with what is read off each."""
    return _READERS[table](register, register.rows[table].select(*COLUMNS[table]))


def _spells(register: Register, frame: Rows) -> Rows:
    """Return benefit spells; ``until`` is missing for benefits that are not listed and for impossible spells."""
    is_listed = col("benefit").is_in(register.setting("benefits"))
    is_possible = col("end_date").is_null() | (col("end_date") >= col("start_date"))
    # an export that stops early says of a spell without an end no more than that it reached the last weeks
    open_until = register.known_months.open_until.get("benefit_spell", _NEVER)
    end = col("end_date").fill_null(register.day(open_until))
    begun = frame.filter(col("start_date") <= register.day(register.as_of))
    return begun.select("person_id", "start_date", until=when(is_listed & is_possible).then(end))


def _cases(register: Register, frame: Rows) -> Rows:
    """Return cases; one marked as closed without a closing date may or may not be open: ``is_certain`` is False."""
    is_certain = ~((col("status") == "closed") & col("end_date").is_null())
    begun = _begun(register, "child_case", frame)
    return begun.with_columns(is_certain=is_certain.fill_null(True) & col("is_certain"))


def _begun(register: Register, table: str, frame: Rows) -> Rows:
    """Return the rows that have begun, with the last day known: ``until``, and whether they run on the day.

    ``is_open``: as far as is known. ``is_certain``: whatever may have ended since the export stopped.
    """
    begun = frame.filter(col("start_date") <= register.day(register.as_of))
    begun = begun.with_columns(until=register.known_end(table))
    return begun.with_columns(
        is_open=register.not_before("end_date", register.as_of), is_certain=register.not_before("until", register.as_of)
    )


def _measures(register: Register, frame: Rows) -> Rows:
    return _begun(register, "measure", frame)


def _circumstances(table: str) -> Callable[[Register, Rows], Rows]:
    return lambda register, frame: _begun(register, table, frame)


def _absence(register: Register, frame: Rows) -> Rows:
    """Return the months of absence that are wholly past, registered and with school days, in millionths of a day."""
    kinds = [col(kind) for kind in register.setting("absence_kinds")] or [lit(None, FRACTION)]
    days = kinds[0]
    for kind in kinds[1:]:
        days = days + kind
    frame = frame.select("person_id", "month", "school_days", absent=days)
    used = frame.filter(
        _wholly_past(register, "absence_window_months") & (col("school_days") > 0) & ~col("absent").is_null()
    )
    return used.select("person_id", **{name: _in_parts(name) for name in ("school_days", "absent")})


def _in_parts(name: str) -> Expr:
    return (col(name) * _PARTS).round().cast(WHOLE)


def _work(register: Register, frame: Rows) -> Rows:
    return frame.filter(_wholly_past(register, "work_window_months"))


def _activities(column: str) -> Callable[[Register, Rows], Rows]:
    def read(register: Register, frame: Rows) -> Rows:
        used = frame.filter(~col(column).is_null())
        return used.filter(_wholly_past(register, "activity_window_months"))

    return read


def _ratings(register: Register, frame: Rows) -> Rows:
    """Return each person's latest rating of the functional level within the window, without the overall level."""
    first, last = register.window(register.setting("functional_window_months"))
    is_rated = (col("instrument") == "functional_level") & (col("item") != "Samlet funktionsniveau")
    is_in = ~register.before("registered_date", first) & (col("registered_date") <= register.day(last))
    rated = frame.filter(is_rated & is_in).select("person_id", "registered_date", "value")
    latest = rated.per("person_id", {"registered_date": (col("registered_date"), "max")})
    return rated.join(latest, on=["person_id", "registered_date"], how="inner")


def _wholly_past(register: Register, window: str) -> Expr:
    first, last = register.window(register.setting(window))
    return (col("month") >= register.day(first)) & (col("month") < register.day(month_after(last)))


_READERS: dict[str, Callable[[Register, Rows], Rows]] = {
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
