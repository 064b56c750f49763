"""The rules of consent: whether the family takes part, what a consent covers, and who may give it for whom."""

from helhed.plan.model import Consent, FamilyPlan, Line


def has_programme_consent(plan: FamilyPlan) -> bool:
    """Return whether the family's consent to the programme is in force (`FamilyPlan.consent_day`).

    Where consents to the programme are written down one by one, they decide; else the date of the enrolment does.
    """
    given = [consent for consent in plan.consents if consent.kind == "programme"]
    if given:
        return any(consent.holds(plan.consent_day) for consent in given)
    return plan.consent_date is not None and plan.consent_date <= plan.consent_day


def covers(consent: Consent, line: Line, department: str) -> bool:
    """Return whether a consent names the department, the person and the life area of a line."""
    is_about = consent.about is None or consent.about == line.person_id
    is_in_area = not consent.life_areas or line.life_area in consent.life_areas
    return department in consent.departments and is_about and is_in_area


def may_give(plan: FamilyPlan, consent: Consent, person_id: str | None) -> bool:
    """Return whether the giver of a consent may give it for a person of the plan, or for the family as a whole.

    Everyone may give it for themselves, an adult also for the children under 18 and for what is written about the
    family as a whole. Nobody gives it for another adult. A consent whose giver is not written down counts.
    """
    if consent.given_by is None or consent.given_by == person_id:
        return True
    giver, person = plan.member(consent.given_by), plan.member(person_id)
    if giver is not None and giver.role != "adult":
        return False
    return person_id is None or (person is not None and person.role == "child")
