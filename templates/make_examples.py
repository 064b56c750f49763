"""Writes a filled example of every template beside it, in Danish and English: ``<template>_eksempel_<language>``.

    python templates/make_examples.py

Run it after a change of a template, with `make templates`. What stands in the examples is invented; the impact
assessment is the sample municipality's. The same input gives the same files.
"""

import tempfile
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from helhed import selection
from helhed.intake import read_municipality
from helhed.plan.fields import KINDS
from helhed.plan.forms import SECTOR_PLANS
from helhed.profile import Profile, read_profile
from helhed.publishing.filled_examples import (
    declared_rows,
    declared_sector_form,
    declared_texts,
    family_form_files,
    filled_blanks,
    filled_brackets,
    filled_workbook,
    plan_document,
    sector_plan_forms,
)
from helhed.publishing.forms import data_workbook_name
from helhed.publishing.impact_assessment import Facts, impact_assessment
from helhed.publishing.indicator_sheets import chosen_sheets
from helhed.publishing.reference_pages import references
from helhed.publishing.request_letters import request_letters
from helhed.staffing.scenario_form import scenarios_workbook
from helhed.texts import LANGUAGES

HERE = Path(__file__).resolve().parent
SAMPLE = HERE.parent / "sample_data" / "furesoe"
#: The sample's system that the example of a data request is for.
SYSTEM = "dubu"
_PROFILE = """name: {name}
municipality_code: "0190"
model: furesoe
is_synthetic: true
"""
_NAMES = {"da": "Eksempelby Kommune", "en": "Eksempelby Municipality"}


def examples(lang: str) -> Iterator[tuple[str, bytes]]:
    """Yield the name and content of every example that is made here, in the language."""
    declared = tomllib.loads((HERE / "example_rows.toml").read_text(encoding="utf-8"))
    profile = example_profile(lang)
    for name in KINDS:
        content, answers = plan_document(name, profile, lang), declared["blanks"].get(name)
        yield f"{name}_eksempel_{lang}.docx", filled_blanks(content, answers[lang], lang) if answers else content
    yield from forms_of_plans(declared, profile, lang)
    for name, answers in declared["brackets"].items():
        blank = (HERE / f"{name}_{lang}.docx").read_bytes()
        filled, cells = filled_brackets(blank, answers[lang], lang), declared["blanks"].get(name)
        yield f"{name}_eksempel_{lang}.docx", filled_blanks(filled, cells[lang], lang) if cells else filled
    for name in ("decisions", "data", "economy", "interviews"):
        stem = Path(data_workbook_name(lang)).stem if name == "data" else name
        rows = declared_rows(name, declared[name], lang)
        blank = (HERE / f"{stem}_{lang}.xlsx").read_bytes()
        yield f"{stem}_eksempel_{lang}.xlsx", filled_workbook(blank, rows, declared["people"], lang)
    yield f"scenarios_eksempel_{lang}.xlsx", scenarios_workbook(lang, declared_texts(declared["scenarios"], lang))
    chosen = dict(zip(declared["indicators"], declared_texts(declared["indicators"].values(), lang), strict=True))
    yield f"indikatorark_eksempel_{lang}.docx", chosen_sheets(lang, references(), chosen)
    letters = request_letters(_NAMES[lang], lang)
    letter = next(letters[name] for name in letters if SYSTEM in name)
    answers = declared["blanks"]["databestilling"][lang]
    yield f"databestilling_eksempel_{lang}.docx", filled_blanks(letter, answers, lang, is_told=False)
    yield f"konsekvensanalyse_eksempel_{lang}.docx", impact_assessment_of_sample(lang)


def forms_of_plans(declared: dict, profile: Profile, lang: str) -> Iterator[tuple[str, bytes]]:
    """Yield the name and content of every form that an office or the coordinator filled in."""
    by = {name: words[lang] for name, words in declared["written_by"].items()}
    forms = {name: sector_plan_forms(name, profile, lang, by[name]) for name in SECTOR_PLANS}
    forms |= {name: declared_sector_form(name, one, lang, by[name]) for name, one in declared["families"].items()}
    forms["family"] = family_form_files(profile, lang, by["family"])
    for name, files in forms.items():
        for ending, content in files.items():
            yield f"sector_plans/{name}_eksempel_{lang}.{ending}", content


def example_profile(lang: str) -> Profile:
    """Return the profile of the invented municipality: everything as by default."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "profile.yml").write_text(_PROFILE.format(name=_NAMES[lang]), encoding="utf-8")
        return read_profile(folder, lang)


@cache
def _sample() -> tuple[dict, Profile]:
    return read_municipality(read_profile(SAMPLE), "da").tables, read_profile(SAMPLE)


def impact_assessment_of_sample(lang: str) -> bytes:
    """Return the impact assessment of the sample municipality, made from its exports as the first step makes it."""
    given, profile = _sample()
    given = {name: given[name] for name in selection.TABLES}
    tables, as_of = selection.lawful_tables(given, profile, lang), profile["data.to_date"]
    report = selection.law_report(given, tables, profile, lang)
    families = selection.family_groups(tables, profile, as_of)
    shortlist = selection.select_families(tables, profile, as_of)
    facts = Facts(report, len(given["person"]), len(families), int(shortlist["is_eligible"].sum()))
    return impact_assessment(facts, profile, lang)


def main() -> None:
    """Write the examples of each language beside this file."""
    for lang in LANGUAGES:
        for name, content in examples(lang):
            (HERE / name).write_bytes(content)


if __name__ == "__main__":
    main()
