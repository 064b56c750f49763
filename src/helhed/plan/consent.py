"""The rules of consent: whether the family takes part, what a consent covers, and who may give it for whom."""

from datetime import date

from helhed.plan.model import Consent, FamilyPlan, Line, Member

_OF_AGE = 18


def has_programme_consent(plan: FamilyPlan) -> bool:
    """Return whether the family's consent to the programme is in force (`FamilyPlan.consent_day`).

    Where consents to the programme are written down one by one, they decide; else the date of the enrolment does.
    """
    given = [consent for consent in plan.consents if consent.kind == "programme"]
    if given:
        return any(consent.holds(plan.consent_day) for consent in given)
    return plan.consent_date is not None and plan.consent_date <= plan.consent_day


def takes_part(plan: FamilyPlan, person_id: str | None) -> bool:
    """Return whether the programme's consent covers what is written about a person; None for the family as a whole.

    It does not where the person has taken their own yes to the programme back, whoever else still says yes.
    """
    own = [one for one in plan.consents if one.kind == "programme" and person_id and one.given_by == person_id]
    has_left = any(one.withdrawn_date and one.withdrawn_date <= plan.consent_day for one in own)
    is_back = any(one.holds(plan.consent_day) for one in own)
    return has_programme_consent(plan) and (is_back or not has_left)


def covers(consent: Consent, line: Line, department: str) -> bool:
    """Return whether a consent names the department, the person and the life area of a line."""
    is_about = consent.about is None or consent.about == line.person_id
    is_in_area = not consent.life_areas or line.life_area in consent.life_areas
    return department in consent.departments and is_about and is_in_area


def may_give(plan: FamilyPlan, consent: Consent, person_id: str | None) -> bool:
    """Return whether the giver of a consent may give it for a person of the plan, or for the family as a whole.

    - Everyone may give it for themselves, nobody for another adult.
    - For a child under 18 whoever has custody may give it, also from outside the family. Where the register does not
      tell who has custody, every adult of the family may.
    - For what is written about the family as a whole every adult of the family may.
    - A consent whose giver is not written down counts.
    """
    if consent.given_by is None or consent.given_by == person_id:
        return True
    giver, person = plan.member(consent.given_by), plan.member(person_id)
    is_adult_of_family = giver is not None and giver.role == "adult"
    if person_id is None:
        return is_adult_of_family
    if person is None or not is_under_age(person):
        return False
    return is_adult_of_family if person.custody is None else consent.given_by in person.custody


def is_under_age(member: Member) -> bool:
    """Return whether a member counts as a child under 18, also where only the role in the family says so."""
    return member.role == "child" and (member.age is None or member.age < _OF_AGE)


def is_own(consent: Consent, person_id: str) -> bool:
    """Return whether a consent is a person's own: of that kind, about them, and given by nobody else."""
    names = {consent.about, consent.given_by} - {None}
    return consent.kind == "own" and names == {person_id}


def taken_back_by(plan: FamilyPlan, line: Line, department: str) -> list[Consent]:
    """Return the consents to share a line with a department that their giver took back and has not given again.

    Only those count whose giver may give them for the line's person. What one of two custody holders takes back is not
    shared on the other's yes; what ran out on its date was not taken back.
    """
    day = plan.consent_day
    meant = [
        one
        for one in plan.consents
        if one.kind == "sharing" and covers(one, line, department) and may_give(plan, one, line.person_id)
    ]
    back = [one for one in meant if one.withdrawn_date is not None and one.withdrawn_date <= day]
    return [one for one in back if not any(_is_given_again(one, other, day) for other in meant)]


def _is_given_again(taken_back: Consent, later: Consent, day: date) -> bool:
    is_same = taken_back.given_by is None or later.given_by in (None, taken_back.given_by)
    return is_same and later.holds(day) and later.from_date >= taken_back.withdrawn_date
