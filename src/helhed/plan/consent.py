"""Whether the family takes part with its consent on a day."""

from helhed.plan.model import FamilyPlan


def has_programme_consent(plan: FamilyPlan) -> bool:
    """Return whether the family's consent to the programme is in force on the day of the plan.

    Where consents to the programme are written down one by one, they decide; else the date of the enrolment does.
    """
    given = [consent for consent in plan.consents if consent.kind == "programme"]
    if given:
        return any(consent.holds(plan.as_of) for consent in given)
    return plan.consent_date is not None and plan.consent_date <= plan.as_of
