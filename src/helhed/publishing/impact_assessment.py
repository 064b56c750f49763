"""The data protection impact assessment in Word: filled with what a run did, the rest marked to be written."""

import io
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
from docxtpl import DocxTemplate

from helhed import kit_files
from helhed.outputs import KeyNumber
from helhed.plan.documents import same_bytes
from helhed.profile import Profile
from helhed.selection import criteria, rule_in_words
from helhed.selection.accountability import compared_characteristics
from helhed.selection.law import fields_of, resting_on
from helhed.tables import tables as contracts
from helhed.texts import day, number, text

_NAME = "konsekvensanalyse"
_SYSTEM = ("what", "who", "period", "no_score", "human", "sizes")
RISKS = ("identified", "wrong", "missing", "unfair", "machine", "drift")
#: Facts of the last sections, and the profile entries that only the municipality can fill in.
_FACTS = {
    "rights": ("know", "access", "correct", "object"),
    "access": ("pseudonyms", "folders", "numbers"),
    "fair": ("groups",),
}
_OWN = {"rights": ("objection_contact",), "access": ("who_sees", "data_protection_officer"), "fair": ()}


#: Sources that the families, their places and the departments around them are known by, whatever the rule.
_KNOWN_BY = ("person", "benefit_spell", "child_case", "measure", "absence", "enrolment")


@dataclass(frozen=True)
class Facts:
    """What a run did: the report on the sources, and how many persons and families it looked at.

    Parameters
    ----------
    report
        From `helhed.selection.law.law_report`.
    n_persons, n_families, n_eligible
        Counts; small ones are hidden when they are written.
    """

    report: pd.DataFrame
    n_persons: int
    n_families: int
    n_eligible: int


def impact_assessment(facts: Facts, profile: Profile, lang: str) -> bytes:
    """Return the filled template; a municipality's own in its folder ``templates`` comes first.

    The same run gives the same bytes. What only the municipality can write stands in square brackets.
    """
    own = profile.folder / "templates" / f"{_NAME}_{lang}.docx"
    file = own if own.is_file() else kit_files.folder("templates") / own.name
    document = DocxTemplate(io.BytesIO(file.read_bytes()))
    document.render(assessment_words(facts, profile, lang), autoescape=True)
    stamp = datetime.combine(profile["data.to_date"], datetime.min.time())
    core = document.docx.core_properties
    core.created, core.modified, core.author, core.last_modified_by = stamp, stamp, "Helhed", "Helhed"
    buffer = io.BytesIO()
    document.save(buffer)
    return same_bytes(buffer.getvalue())


def assessment_words(facts: Facts, profile: Profile, lang: str) -> dict:
    """Return what the fields of the template stand for."""
    known = _known(facts, profile, lang)
    lists = {name: _lines(name, keys, known, lang) for name, keys in _FACTS.items()}
    for name, keys in _OWN.items():
        filled = [(key, profile[f"law.{key}"].strip()) for key in keys]
        lists[name] += [{"text": text(f"law.{key}", lang, value=value)} for key, value in filled if value]
        lists[f"{name}_to_write"] = [{"text": text(f"law.{key}_ask", lang)} for key, value in filled if not value]
    return {
        "municipality": profile.name,
        "made_on": text("law.made_on", lang, day=known["to_day"]),
        "notice": text("outputs.synthetic_note", lang) if profile.is_synthetic else "",
        "system": _lines("system", _SYSTEM, known, lang),
        "rule": rule_in_words(profile["selection.rule"], lang),
        "sources": [_source(row, profile, lang) for row in facts.report.itertuples()],
        "risks": [_risk(name, known, lang) for name in RISKS],
        **lists,
    }


def _known(facts: Facts, profile: Profile, lang: str) -> dict[str, str]:
    threshold = profile["disclosure.threshold"]
    counts = {name: getattr(facts, name) for name in ("n_persons", "n_families", "n_eligible")}
    return {
        **{name: KeyNumber(count, "count").written(lang, threshold) for name, count in counts.items()},
        "from_day": day(profile["data.from_date"], lang),
        "to_day": day(profile["data.to_date"], lang),
        "threshold": number(threshold, lang),
        "months": number(profile["law.retention_months"], lang),
        "fewest": number(profile["law.fewest_compared"], lang),
        "characteristics": compared_characteristics(lang),
        "places": number(profile["selection.places"], lang),
    }


def _lines(group: str, keys: tuple[str, ...], known: dict[str, str], lang: str) -> list[dict[str, str]]:
    return [{"text": text(f"law.{group}_{key}", lang, **known)} for key in keys]


def _source(row, profile: Profile, lang: str) -> dict[str, str]:
    used = "; ".join(criteria()[name].label(lang) for name in resting_on(row.source, profile))
    threshold = profile["disclosure.threshold"]
    read, held = (KeyNumber(int(n), "count").written(lang, threshold) for n in (row.n_read, row.n_rows))
    return {
        "source": contracts()[row.source].label(lang),
        "basis": row.basis or text("law.basis_ask", lang),
        "purpose": _choices(row.purposes, lang),
        "members": _choices(row.members, lang),
        "rows": f"{read} / {held}",
        "fields": "; ".join(fields_of(row.source, lang)),
        "criteria": used or text("law.not_in_rule" if row.source in _KNOWN_BY else "law.shown_beside_rule", lang),
    }


def _choices(codes: list[str], lang: str) -> str:
    return ", ".join(text(f"profile.choice_{code}", lang) for code in codes) or "–"


def _risk(name: str, known: dict[str, str], lang: str) -> dict[str, str]:
    said = {part: text(f"law.risk_{name}_{part}", lang, **known) for part in ("what", "measure")}
    return {"risk": said["what"], "measure": said["measure"], "own": text("law.risk_ask", lang)}
