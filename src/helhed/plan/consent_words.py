"""Consents in words: who said yes to what, who may see it, until when, and what is not shown without it."""

from helhed.plan.consent import has_programme_consent, is_own
from helhed.plan.family_page import Wording, capital
from helhed.plan.model import Consent, FamilyPlan
from helhed.plan.statutes import in_force
from helhed.plan.views import FAMILY, n_hidden_lines
from helhed.tables import code_label
from helhed.texts import day, number, text


def consent_rows(plan: FamilyPlan, wording: Wording) -> list[dict]:
    """Return one row per consent that is there or should be asked for: ``who``, ``what``, ``state``."""
    return [
        _programme_row(plan, wording),
        *(consent_in_words(plan, consent, wording) for consent in plan.consents if consent.kind != "programme"),
        *_rows_of_children(plan, wording),
    ]


def _programme_row(plan: FamilyPlan, wording: Wording) -> dict:
    given = plan.consent_date
    state = wording.say("consent_given", date=day(given, wording.lang)) if given else wording.say("consent_missing")
    if any(consent.kind == "programme" for consent in plan.consents) and not has_programme_consent(plan):
        state = text("plan_documents.consent_over", wording.lang)
    return {"who": capital(wording.say("the_family")), "what": wording.say("consent_family"), "state": state}


def consent_in_words(plan: FamilyPlan, consent: Consent, wording: Wording) -> dict:
    """Return ``who`` gave a consent, to ``what``, and its ``state`` on the day it is judged."""
    lang = wording.lang
    departments = ", ".join(code_label("department", name, lang) for name in consent.departments)
    areas = ", ".join(code_label("life_area", name, lang) for name in consent.life_areas)
    details = {
        "about": wording.who(plan, consent.about),
        "departments": departments or wording.say("nobody"),
        "areas": areas or text("plan_documents.all_areas", lang),
    }
    key = "holds" if consent.holds(plan.consent_day) else "over"
    given = text(f"plan_documents.consent_{key}_from", lang, date=wording.day(consent.from_date, "not_known"))
    return {
        "who": capital(wording.who(plan, consent.given_by)) if consent.given_by else wording.say("not_known"),
        "what": text(f"plan_documents.consent_kind_{consent.kind}", lang, **details),
        "state": given if key == "holds" else text("plan_documents.consent_over", lang),
    }


def _rows_of_children(plan: FamilyPlan, wording: Wording) -> list[dict]:
    """Return what children are asked themselves: as a party by age, and, where placed, for their own consent."""
    party, own_years = in_force("bl_3", plan.as_of), wording.profile["plan.own_consent_years"]
    rows = []
    for member in plan.members:
        if member.role != "child":
            continue
        name = wording.who(plan, member.person_id)
        if party is None:
            what, state = text("plan.law_party_asked", wording.lang), wording.say("consent_cannot_tell")
            rows.append({"who": name, "what": what, "state": state})
        elif member.age is None:
            what = wording.say("consent_child_party", age=party.age)
            rows.append({"who": name, "what": what, "state": wording.say("age_cannot_tell")})
        elif member.age >= party.age:
            what = wording.say("consent_child_party", age=party.age)
            rows.append({"who": name, "what": what, "state": wording.say("consent_yes")})
        is_placed = any(li.person_id == member.person_id and li.measure_group == "placement" for li in plan.live_lines)
        if is_placed and member.age is not None and member.age >= own_years:
            what = wording.say("consent_own_placement", age=own_years)
            has_own = any(is_own(one, member.person_id) and one.holds(plan.consent_day) for one in plan.consents)
            state = wording.say("consent_yes" if has_own else "consent_cannot_tell")
            rows.append({"who": name, "what": what, "state": state})
    return rows


def hidden_note(plan: FamilyPlan, reader: str, wording: Wording) -> str:
    """Return the line that says how much of the plan a reader cannot see; empty where nothing is hidden."""
    n_hidden = 0 if reader == FAMILY else n_hidden_lines(plan, reader)
    if not n_hidden:
        return ""
    key = "hidden_lines" if has_programme_consent(plan) else "hidden_without_consent"
    return text(f"plan_documents.{key}", wording.lang, n=number(n_hidden, wording.lang))
