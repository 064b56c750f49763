"""The guide's pages of what the plan asks about and of the law tell every rule once, in lines a narrow screen holds."""

import re

import pytest

from helhed.plan.findings import RULES
from helhed.plan.statute_words import valid_in_words
from helhed.plan.statutes import open_questions, statutes
from helhed.profile.entries import declared_entries
from helhed.publishing.plan_pages import finding_rules_page, law_rules_page
from helhed.texts import LANGUAGES, text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_finding_stands_once_under_its_severity_with_what_it_asks(lang):
    page = finding_rules_page(lang)
    assert "|" not in page
    for rule in RULES:
        head = f"{text(f'plan.rule_{rule.code}', lang)} · `{rule.code}`"
        assert page.count(head + "\n") == 1, rule.code
        before, _, entry = page.partition(head)
        title = text(f"plan.severity_{rule.severity}", lang)
        assert before.rpartition("## ")[2].partition("\n")[0].casefold() == title.casefold()
        lines = re.findall(r"^: (.+)$", entry.split("\n\n\n")[0].split(":::")[0], re.M)
        assert len(lines) == (3 if rule.limit in declared_entries() else 2), rule.code
        assert not rule.limit or rule.limit not in declared_entries() or f"`{rule.limit}`" in lines[2]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_rule_of_law_has_its_use_validity_and_source(lang):
    page = law_rules_page(lang)
    assert "|" not in page
    for rule in (version for versions in statutes().values() for version in versions):
        assert (f"\n{rule.name(lang)}\n: " in page) is rule.confirmed, rule.id
        assert f"]({rule.url})" in page
        # What was not read in an act is asked about, under the questions.
        assert (
            f"- {rule.name(lang)}: " in page.partition(text("book.law_rules_questions", lang))[2]
        ) is not rule.confirmed
        assert not rule.confirmed or valid_in_words(rule, lang) in page
    assert all(question.url in page for question in open_questions().values() if question.url)
