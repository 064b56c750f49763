"""What can be read off a member of a family: months on benefit, absence, cases and measures of each department."""

from collections.abc import Callable
from functools import reduce
from operator import or_

from helhed.selection.days import born_from, window_edges
from helhed.selection.expressions import FLAG, Expr, col, lit, when
from helhed.selection.query import Query

#: Ages at which a child is expected to be on a school's register: six up to, not including, sixteen.
_SCHOOL_MONTHS = (6 * 12, 16 * 12)
NOBODY, EVERYBODY = lit(False), lit(True)

#: Tables beside the measures that tell of a department.
SOURCES = {"children": ("child_case",), "employment": ("benefit_spell",), "school": ("absence",)}


def benefit_months(query: Query, n_months: int) -> Expr:
    """Return in how many months of the window a member was on a listed benefit: at least one day of it in a spell."""
    return query.column(f"benefit_months_{n_months}", _sum(_months_seen(query, n_months)))


def possible_benefit_months(query: Query, n_months: int) -> Expr:
    """Return in how many months of the window a member may have been on a listed benefit.

    A month without a spell is not covered when it begins before the data period or before the person moved in, ends
    after the period, or is one that the export leaves dark.
    """
    edges = reversed(window_edges(query.register.as_of, n_months))
    could = [benefit_months(query, n_months)]
    for seen, (first, last) in zip(_months_seen(query, n_months), edges, strict=True):
        is_new = (col("resident_from") > query.on(first)).fill_null(False).cast(FLAG)
        could.append((1 - seen) * is_new if query.register.covers("benefit_spell", first, last) else 1 - seen)
    return query.column(f"benefit_possible_{n_months}", _sum(could), after=(f"benefit_months_{n_months}",))


def _months_seen(query: Query, n_months: int) -> list[Expr]:
    """Return for each month of the window, latest first, whether a member was on a listed benefit in it: 1 or 0."""
    seen = []
    for months_back, (first, last) in enumerate(reversed(window_edges(query.register.as_of, n_months))):
        is_in = (col("start_date") <= query.on(last)) & (col("until") >= query.on(first))
        seen.append(query.count_rows("benefit_spell", f"benefit_{months_back}", is_in, "max"))
    return seen


def _sum(numbers: list[Expr]) -> Expr:
    return sum(numbers[1:], numbers[0])


def case_of(query: Query, name: str, is_kind: Expr) -> tuple[Expr, Expr]:
    """Return whether a member has an open case of a kind, for certain and possibly.

    Where the export of cases stops, anybody may have one.
    """
    is_open = col("is_open") & is_kind
    certain = query.has_row("child_case", f"case_{name}", is_open & col("is_certain"))
    if query.register.lacks("child_case"):
        return certain, EVERYBODY
    return certain, query.has_row("child_case", f"maybe_case_{name}", is_open)


def measured(query: Query, department: str) -> Expr:
    """Return whether a member certainly has a running measure of a department."""
    of_department = col("is_certain") & (col("department") == department)
    return query.has_row("measure", f"measured_{department}", of_department)


def absence(query: Query) -> tuple[Expr, Expr, Expr]:
    """Return a child's school absence in the window, its highest possible, and whether one is missing.

    The share is all counted days of absence over school days, from the months that are wholly past; it is missing
    when fewer months than the setting asks for are registered. Months that the export leaves dark count at their most:
    missed throughout, with as many school days as the child has in an average month that is registered.
    """
    absent = query.count_rows("absence", "days_absent", col("absent"))
    school_days = query.count_rows("absence", "days_of_school", col("school_days"))
    n_months = query.count_rows("absence", "months_of_school", lit(1))
    is_told = col("is_child") & (school_days > 0) & (n_months >= query.register.setting("absence_min_months"))
    share = query.column("absence_share", when(is_told).then(absent / school_days))
    is_unknown = col("is_child") & is_aged(query, *_SCHOOL_MONTHS) & share.is_null()
    n_dark = query.register.n_dark("absence", "absence_window_months")
    if not n_dark:
        return share, share, is_unknown
    highest = (absent * n_months + school_days * n_dark) / (school_days * (n_months + n_dark))
    return share, query.column("highest_absence_share", when(is_told).then(highest)), is_unknown


def is_aged(query: Query, lowest_months: int, below_months: int) -> Expr:
    """Return whether a member is of an age: from the lowest up to, not including, the other; never when not known."""
    as_of = query.register.as_of
    is_old_enough = col("birth_date") < query.on(born_from(as_of, lowest_months))
    return (is_old_enough & (col("birth_date") >= query.on(born_from(as_of, below_months)))).fill_null(False)


def sign(query: Query, department: str) -> tuple[Expr, Expr]:
    """Return whether something beside a measure shows a department around a member, for certain and possibly.

    Employment: a listed benefit in the latest month. Children: an open case. School: absence at or above the threshold.
    """
    return seen_sign(query, department), _COULD.get(department, _never)(query)


def seen_sign(query: Query, department: str) -> Expr:
    """Return whether something beside a measure shows a department around a member for certain, as `sign` does."""
    return _SEEN.get(department, _never)(query)


def _never(_query: Query) -> Expr:
    return NOBODY


def _open_case(query: Query) -> Expr:
    return case_of(query, "any", lit(True))[0]


def _perhaps_open_case(query: Query) -> Expr:
    return case_of(query, "any", lit(True))[1]


def _on_benefit(query: Query) -> Expr:
    return col("is_adult") & (benefit_months(query, 1) > 0)


def _perhaps_on_benefit(query: Query) -> Expr:
    return col("is_adult") & (possible_benefit_months(query, 1) > benefit_months(query, 1))


def _high_absence(query: Query) -> Expr:
    return (absence(query)[0] >= query.register.setting("absence_share")).fill_null(False)


def _unknown_absence(query: Query) -> Expr:
    share, highest, is_unknown = absence(query)
    threshold = query.register.setting("absence_share")
    return is_unknown | ((share < threshold) & (highest >= threshold)).fill_null(False)


_SEEN: dict[str, Callable[[Query], Expr]] = {
    "children": _open_case,
    "employment": _on_benefit,
    "school": _high_absence,
}
_COULD: dict[str, Callable[[Query], Expr]] = {
    "children": _perhaps_open_case,
    "employment": _perhaps_on_benefit,
    "school": _unknown_absence,
}


def departments(query: Query) -> dict[str, tuple[Expr, Expr]]:
    """Return which departments are around a family, and for which it is not known, by department.

    Employment: a listed benefit in the latest month or a running employment measure. Children: an open case or a
    running measure. School: absence at or above the threshold, or a running measure. The others: a running measure.
    A department of which the exports hold nothing at all, or whose measures stop before the day, is unknown for every
    family without a sign of it.
    """
    return {name: _around(query, name) for name in query.register.setting("departments")}


def seen_departments(query: Query) -> list[Expr]:
    """Return for each department that counts whether it is seen around a family; what is not known is not asked for."""
    return [_is_around(query, name) for name in query.register.setting("departments")]


def _is_around(query: Query, department: str) -> Expr:
    is_seen = seen_sign(query, department) | measured(query, department)
    return query.count(f"around_{department}", is_seen) > 0


def _around(query: Query, department: str) -> tuple[Expr, Expr]:
    is_around, (_, could) = _is_around(query, department), sign(query, department)
    if is_dark(query, department) or query.register.lacks(f"measure.{department}"):
        return is_around, ~is_around
    return is_around, ~is_around & (query.count(f"maybe_around_{department}", could) > 0)


def is_dark(query: Query, department: str) -> bool:
    """Return whether the exports hold nothing at all of a department."""
    return not any(query.register.has(source) for source in (*SOURCES.get(department, ()), f"measure.{department}"))


def has_any_case(query: Query, departments: tuple[str, ...]) -> tuple[Expr, Expr]:
    """Return whether a member has a case, sign or measure of one of the departments, for certain and possibly."""
    signs = [sign(query, name) for name in departments]
    certain = reduce(or_, [certain for certain, _ in signs] + [measured(query, name) for name in departments])
    has_case = query.column("has_any_case", certain, after=("benefit_months_1", "absence_share"))
    could = reduce(or_, [could for _, could in signs], has_case)
    if query.register.lacks(*(f"measure.{name}" for name in departments)):
        could = could | EVERYBODY
    return has_case, query.column(
        "may_have_any_case", could, after=("has_any_case", "benefit_possible_1", "highest_absence_share")
    )
