"""The page of check rules tells every rule once per table, in sentences that a narrow screen can hold."""

import re

import pytest

from helhed.errors import SEVERITIES
from helhed.intake import check_rules, with_sign
from helhed.publishing.rule_page import check_rules_page
from helhed.texts import LANGUAGES


def page(lang: str) -> str:
    return check_rules_page(lang, lambda key: f"<{key}>")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_rule_stands_under_its_table_with_sign_message_and_reason(lang):
    sections = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", page(lang), re.M | re.S))
    assert sections.keys() == check_rules(lang).keys()
    for title, rules in check_rules(lang).items():
        for rule in rules:
            told = sections[title].split(f"{with_sign(rule.severity, lang)} · `{rule.code}`\n")
            assert len(told) == 2, rule.code
            entry = told[1].split("\n\n\n")[0]
            assert entry.startswith(": **"), rule.code
            assert all(column in entry for column in rule.columns), rule.code
            assert (f"[<{rule.source}>](#ref-{rule.source})" in entry) == bool(rule.source), rule.code


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_most_severe_rules_of_a_table_come_first(lang):
    for section in page(lang).split("\n## ")[1:]:
        signs = re.findall(r"^(\S .+) · `\w+`$", section, re.M)
        order = [with_sign(severity, lang) for severity in SEVERITIES]
        assert signs == sorted(signs, key=order.index)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_has_no_table_and_no_doubled_full_stop(lang):
    assert "|" not in page(lang)
    assert not re.search(r"\.\.|…\.", page(lang))


def test_a_rule_for_some_years_says_which():
    assert "Gælder i årene: 2022–2029" in page("da")
    assert "Holds in the years: 2024–\n" in page("en")
