"""What each criterion measures: one value per family, and the highest it could be once what is unknown is known.

Each is written once, as expressions that every engine works out: see `helhed.selection.query`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from helhed.selection import signs
from helhed.selection.expressions import FRACTION, WHOLE, Expr, col, lit, when
from helhed.selection.query import Query

_ENDLESS = float("inf")
#: Areas in which Morsø looks for a case; there is no export on integration.
CASE_DEPARTMENTS = ("children", "adult_social", "health", "school")


@dataclass(frozen=True)
class Bounds:
    """A value per family as seen in the tables, and the highest value that what is missing would allow."""

    seen: Expr
    possible: Expr


def adult_on_benefit(query: Query) -> Bounds:
    """Return the months on benefit of the adult of the family who has most."""
    return _benefit_bounds(query, "max")


def all_adults_on_benefit(query: Query) -> Bounds:
    """Return the months on benefit of the adult of the family who has fewest."""
    return _benefit_bounds(query, "min")


def _benefit_bounds(query: Query, how: str) -> Bounds:
    n_months = query.register.setting("benefit_window_months")
    seen, possible = signs.benefit_months(query, n_months), signs.possible_benefit_months(query, n_months)
    n_seen = query.total(f"benefit_{how}_{n_months}", _of_adults(seen), how)
    n_possible = query.total(f"benefit_possible_{how}_{n_months}", _of_adults(possible), how)
    # a family whose adults are not in the register: nobody knows
    return Bounds(n_seen, n_possible.cast(FRACTION).fill_null(_ENDLESS))


def months_on_benefit(query: Query) -> Expr:
    """Return the months of the latest year on a listed benefit of the adult who has most."""
    return query.total("benefit_max_12", _of_adults(signs.benefit_months(query, 12)), "max")


def _of_adults(value: Expr) -> Expr:
    return when(col("is_adult")).then(value)


def open_child_case(query: Query) -> Bounds:
    """Return the number of children with an open case of a listed type."""
    return _children_with_case(query, "listed", query.register.setting("case_types"))


def child_disability_case(query: Query) -> Bounds:
    """Return the number of children with an open disability case."""
    return _children_with_case(query, "handicap", ["handicap"])


def _children_with_case(query: Query, name: str, case_types: list[str]) -> Bounds:
    certain, possible = signs.case_of(query, name, col("case_type").is_in(case_types))
    return _counts(query, f"children_with_case_{name}", col("is_child") & certain, col("is_child") & possible)


def child_in_childrens_department(query: Query) -> Bounds:
    """Return the number of children with any open case, or a running measure of the children's department."""
    certain, possible = signs.sign(query, "children")
    has_measure, is_child = signs.measured(query, "children"), col("is_child")
    could = possible | (signs.EVERYBODY if query.register.lacks("measure.children") else has_measure)
    return _counts(query, "children_known", is_child & (certain | has_measure), is_child & could)


def notifications(query: Query) -> Bounds:
    """Return the number of notifications on the family's children that came in within the window."""
    first, last = query.register.window(query.register.setting("notification_window_months"))
    is_in = (col("case_type") == "underretning") & ~query.register.before("start_date", first)
    n_rows = query.count_rows("child_case", "notifications", is_in)
    seen = query.total("n_notifications", when(col("is_child")).then(n_rows).otherwise(0))
    return Bounds(seen, seen if query.register.covers("child_case", first, last) else lit(_ENDLESS))


def placed_child(query: Query) -> Bounds:
    """Return the number of children who are placed outside the home; it is the children's department that places."""
    is_placed = query.has_row("measure", "placed", col("is_certain") & (col("measure_group") == "placement"))
    return _at_least(query, "placed", "is_child", is_placed, "measure.children")


def n_placements(query: Query) -> Bounds:
    """Return the number of placements of the family's children that ran at some time in the window."""
    first, last = query.register.window(query.register.setting("placement_window_months"))
    is_in = (col("measure_group") == "placement") & query.register.not_before("until", first)
    n_rows = query.count_rows("measure", "placements", is_in)
    seen = query.total("n_placements", when(col("is_child")).then(n_rows).otherwise(0))
    return Bounds(seen, seen if query.register.covers("measure.children", first, last) else lit(_ENDLESS))


def child_under_3(query: Query) -> Bounds:
    """Return the number of children younger than the setting says."""
    return _children_aged(query, "young", 0, query.register.setting("young_child_years") * 12)


def older_child(query: Query) -> Bounds:
    """Return the number of children under 18 who are as old as the setting says or older."""
    return _children_aged(query, "older", query.register.setting("older_child_years") * 12, 18 * 12)


def _children_aged(query: Query, name: str, lowest_months: int, below_months: int) -> Bounds:
    seen = query.count(f"n_{name}", col("is_child") & signs.is_aged(query, lowest_months, below_months))
    return Bounds(seen, seen + query.count("n_age_unknown", col("is_child") & col("birth_date").is_null()))


def n_children(query: Query) -> Bounds:
    """Return the number of children under 18 at home."""
    return _exactly(query.count("n_children", col("is_child")))


def one_adult(query: Query) -> Bounds:
    """Return 1 when there is one adult in the family, 0 when there are several; unknown when none is registered."""
    n_adults = query.count("n_adults", col("is_adult"))
    is_one = (n_adults == 1).cast(FRACTION)
    return Bounds(when(n_adults > 0).then(is_one), when(n_adults > 0).then(is_one).otherwise(_ENDLESS))


def adult_health_or_treatment(query: Query) -> Bounds:
    """Return the number of adults with a running measure of health or treatment."""
    return _at_least(query, "treated", "is_adult", signs.measured(query, "health"), "measure.health")


def adult_social_measure(query: Query) -> Bounds:
    """Return the number of adults with a running measure of adult social care."""
    return _at_least(query, "social", "is_adult", signs.measured(query, "adult_social"), "measure.adult_social")


def health_course(query: Query) -> Bounds:
    """Return the number of members with a running course of health or treatment."""
    return _at_least(query, "in_course", "", query.has_row("health", "in_course", col("is_certain")), "health")


def housing_problem(query: Query) -> Bounds:
    """Return the number of members with a running circumstance of housing."""
    return _at_least(query, "housing", "", query.has_row("housing", "in_housing", col("is_certain")), "housing")


def school_absence(query: Query) -> Bounds:
    """Return the highest share of school days missed by a child of the family.

    A child of school age without enough registered months makes the highest possible share unknown.
    """
    share, highest, is_unknown = signs.absence(query)
    seen, n_unknown = query.total("absence_max", share, "max"), query.count("n_absence_unknown", is_unknown)
    possible = seen if highest is share else query.total("absence_highest", highest, "max")
    return Bounds(seen, when(n_unknown > 0).then(_ENDLESS).otherwise(possible.fill_null(-1.0)))


def n_departments(query: Query) -> Bounds:
    """Return the number of departments around the family."""
    around = list(signs.departments(query).values())
    seen = [is_around.cast(WHOLE) for is_around, _ in around] or [lit(0)]
    could = [(is_around | is_unknown).cast(WHOLE) for is_around, is_unknown in around] or [lit(0)]
    return Bounds(sum(seen[1:], seen[0]), sum(could[1:], could[0]))


def n_departments_seen(query: Query) -> Expr:
    """Return the number of departments seen around the family."""
    seen = [is_around.cast(WHOLE) for is_around in signs.seen_departments(query)] or [lit(0)]
    return sum(seen[1:], seen[0])


def other_member_case(query: Query) -> Bounds:
    """Return the number of members with a case of their own, leaving out the only member on benefit.

    Morsø's wording: a parent on public support, and one or more *other* members with a case. Someone who may be the
    only one on benefit is left out of what is seen; of what is possible only who certainly is the only one.
    """
    on_benefit, perhaps = _recipients(query)
    with_case, could = signs.has_any_case(query, CASE_DEPARTMENTS)
    n_certain, n_possible = query.count("n_recipients", on_benefit), query.count("n_maybe_recipients", perhaps)
    sole = when(n_certain == 1).then(query.count("n_recipients_with_case", on_benefit & with_case)).otherwise(0)
    perhaps_sole = (query.count("n_maybe_recipients_with_case", perhaps & with_case) > 0) & (n_certain == 0)
    is_surely_sole = (n_certain == 1) & (n_possible == 1)
    surely_sole = when(is_surely_sole).then(query.count("n_recipients_may", on_benefit & could)).otherwise(0)
    seen = query.count("n_with_case", with_case) - sole - perhaps_sole.cast(WHOLE)
    if any(signs.is_dark(query, department) for department in CASE_DEPARTMENTS):
        return Bounds(seen, lit(_ENDLESS))
    return Bounds(seen, query.count("n_may_have_case", could) - surely_sole)


def _recipients(query: Query) -> tuple[Expr, Expr]:
    """Return whether a member is an adult on benefit long enough, and whether one is or may be."""
    n_months = query.register.setting("benefit_window_months")
    seen, possible = signs.benefit_months(query, n_months), signs.possible_benefit_months(query, n_months)
    threshold, is_adult = query.register.setting("benefit_months"), col("is_adult")
    is_on = is_adult & (seen >= threshold)
    return is_on, is_adult & (possible >= threshold) if query.register.has("benefit_spell") else is_adult


def case_by_section(query: Query) -> Bounds:
    """Return the number of members with an open case or a running measure under a listed section of law."""
    listed = [name.strip() for name in query.register.setting("sections").split(";") if name.strip()]
    is_listed = lit(False)
    for section in listed:
        continues = col("section").starts_with(f"{section},") | col("section").starts_with(f"{section} ")
        is_listed = is_listed | ((col("section") == section) | continues).fill_null(False)
    case, maybe_case = signs.case_of(query, "section", is_listed)
    unsaid_case, _ = signs.case_of(query, "no_section", col("section").is_null())
    measure = query.has_row("measure", "measured_section", col("is_certain") & is_listed)
    unsaid = query.has_row("measure", "measured_no_section", col("is_open") & col("section").is_null())
    is_certain = case | measure
    could = signs.EVERYBODY if query.register.lacks("measure") else unsaid
    return _counts(query, "with_section", is_certain, is_certain | maybe_case | unsaid_case | could)


def no_adult_in_work(query: Query) -> Bounds:
    """Return 1 when no adult has paid hours enough in a month of the window, 0 when one has; else unknown."""
    n_months = query.register.n_past_months("work_window_months")
    is_adult = col("is_adult")
    enough = col("hours") >= query.register.setting("work_hours")
    works = query.has_row("employment", "works", enough)
    n_told = query.count_rows("employment", "months_of_work", ~col("hours").is_null())
    n_adults = query.count("n_adults", is_adult)
    n_working = query.count("n_working", is_adult & works)
    n_unknown = query.count("n_work_unknown", is_adult & ~works & (n_told < n_months))
    has_work = when(n_working > 0).then(lit(0.0))
    is_none = when((n_unknown == 0) & (n_adults > 0)).then(lit(1.0))
    return Bounds(has_work.otherwise(is_none), has_work.otherwise(lit(_ENDLESS)))


def adult_in_education(query: Query) -> Bounds:
    """Return the number of adults who were in education in a month of the window."""
    n_months = query.register.n_past_months("work_window_months")
    learns = query.has_row("employment", "learns", col("in_education"))
    n_told = query.count_rows("employment", "months_of_learning", ~col("in_education").is_null())
    is_adult = col("is_adult")
    return _counts(query, "in_education", is_adult & learns, is_adult & (learns | (n_told < n_months)))


def adult_functional_level(query: Query) -> Bounds:
    """Return the domains with a low functional level of the adult who has most."""
    return _low_domains(query, "is_adult")


def child_functional_level(query: Query) -> Bounds:
    """Return the domains with a low functional level of the child who has most."""
    return _low_domains(query, "is_child")


def _low_domains(query: Query, group: str) -> Bounds:
    lowest = "ABCD".index(query.register.setting("functional_level")) + 1
    n_low = query.count_rows("registration", "low_domains", col("value") >= lowest)
    n_rated = query.count_rows("registration", "rated_domains", lit(1))
    is_rated = col(group) & (n_rated > 0)
    seen = query.total(f"low_domains_{group}", when(is_rated).then(n_low), "max")
    n_unknown = query.count(f"n_not_rated_{group}", col(group) & (n_rated == 0))
    n_group = query.count(f"n_{group}", col(group))
    is_known = (n_unknown == 0) & (n_group > 0)
    return Bounds(seen, when(is_known).then(seen.cast(FRACTION)).otherwise(_ENDLESS))


def no_leisure_activity(query: Query) -> Bounds:
    """Return the number of children from six years on without a regular leisure activity in the window."""
    return _children_without(query, "leisure", "has_activity", (6 * 12, 18 * 12))


def no_daycare(query: Query) -> Bounds:
    """Return the number of children from one to five years who were not enrolled in day care in the window."""
    return _children_without(query, "daycare", "is_enrolled", (12, 6 * 12))


def _children_without(query: Query, table: str, column: str, ages_months: tuple[int, int]) -> Bounds:
    is_meant = col("is_child") & signs.is_aged(query, *ages_months)
    has_it = query.has_row(table, f"has_{table}", col(column))
    n_told = query.count_rows(table, f"months_of_{table}", lit(1))
    could = is_meant & ~has_it
    is_told = n_told > 0 if not query.register.n_dark(table, "activity_window_months") else signs.NOBODY
    return _counts(query, f"without_{table}", could & is_told, could)


def family_has_consent(query: Query) -> Bounds:
    """Return 1 when the family has consented by the day, 0 when it was offered a place without; else unknown."""
    consent, offered = query.asked("consent_date"), query.asked("offered_date")
    if consent is None or offered is None:
        return Bounds(lit(None, FRACTION), lit(_ENDLESS))
    as_of = query.on(query.register.as_of)
    has = when(consent <= as_of).then(lit(1.0))
    was_offered = when(offered <= as_of)
    return Bounds(has.otherwise(was_offered.then(lit(0.0))), has.otherwise(was_offered.then(0.0).otherwise(_ENDLESS)))


def _counts(query: Query, name: str, is_certain: Expr, is_possible: Expr) -> Bounds:
    return Bounds(query.count(f"n_{name}", is_certain), query.count(f"n_maybe_{name}", is_possible))


def _at_least(query: Query, name: str, group: str, has_it: Expr, source: str) -> Bounds:
    """Return how many members of a group (anybody when it is empty) have something: all may when rows are missing."""
    is_meant = col(group) if group else signs.EVERYBODY
    seen = query.count(f"n_{name}", is_meant & has_it)
    if not query.register.lacks(source):
        return _exactly(seen)
    return Bounds(seen, query.count(f"n_of_{group or 'members'}", is_meant))


def _exactly(count: Expr) -> Bounds:
    return Bounds(count, count)


Measure = Callable[[Query], Bounds]
