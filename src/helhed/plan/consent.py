"""Whether the family takes part with its consent on the day that documents are made."""

from helhed.plan.model import FamilyPlan


def has_programme_consent(plan: FamilyPlan) -> bool:
    """Return whether the family's consent to the programme is in force (`FamilyPlan.consent_day`).

    Where consents to the programme are written down one by one, they decide; else the date of the enrolment does.
    """
    given = [consent for consent in plan.consents if consent.kind == "programme"]
    if given:
        return any(consent.holds(plan.consent_day) for consent in given)
    return plan.consent_date is not None and plan.consent_date <= plan.consent_day
