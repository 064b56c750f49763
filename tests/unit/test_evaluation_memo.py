"""The memo says only what the steps could say, names weak assumptions, and is the same bytes twice."""

import io

import pandas as pd
import pytest
from docx import Document

from helhed.figures.decide import overview_picture
from helhed.profile import read_profile
from helhed.publishing import decision
from helhed.publishing.memo import Memo, write_director_pages, write_memo
from helhed.texts import text

PROFILE = """\
name: Prøveby Kommune
municipality_code: "0190"
model: furesoe
is_synthetic: true
settings:
  staffing.salary_dkk_per_year: {value: 510000.0, source: own payroll, quality: green, impact: red, owner: HR}
  economy.fade_per_year: {value: 0.2, source: a guess, quality: red, impact: red}
"""
NUMBERS = {"n_families_known": "300", "n_eligible": "32", "n_enrolled": "22"}


@pytest.fixture
def profile(tmp_path):
    (tmp_path / "profile.yml").write_text(PROFILE, encoding="utf-8")
    return read_profile(tmp_path)


class Run:
    """Key numbers of one step, as a run folder returns them."""

    def key_numbers(self, step, lang):
        return {"n_enrolled": {"text": "22"}, "n_reserve": {"text": "–"}} if step.startswith("1_") else {}


def test_missing_key_numbers_are_left_out():
    assert decision.collect(Run(), "da") == {"n_enrolled": "22"}


@pytest.mark.parametrize("lang", ["da", "en"])
def test_sections_without_numbers_cannot_say(lang):
    phrase = {"da": "kan endnu ikke afgøres", "en": "cannot be decided yet"}[lang]
    nothing = decision.sections({}, lang)
    assert list(nothing) == [*decision.SECTIONS, decision.UNKNOWN]
    assert all(phrase in said[0] and len(said) == 1 for name, said in nothing.items() if name != decision.UNKNOWN)
    # Every finding of every section is named among what cannot be decided, and what no register shows stands last.
    n_findings = sum(len(entries) for entries in decision.SECTIONS.values())
    assert len(nothing[decision.UNKNOWN]) == n_findings + 1
    assert all(phrase in sentence for sentence in nothing[decision.UNKNOWN][:-1])
    some = decision.sections(NUMBERS, lang)
    assert "300" in some["for_whom"][0] and phrase not in some["for_whom"][0]
    assert len(some[decision.UNKNOWN]) == n_findings


@pytest.mark.parametrize("verdict", ["cannot_say", "unsure", "improved"])
def test_an_effect_that_is_not_certain_is_named_among_the_unknown(verdict):
    numbers = {"effect_sentence_absence_share": "Absence: …", "effect_verdict_absence_share": verdict}
    found = decision.sections(numbers, "en")
    is_unknown = any("effect on absence" in sentence for sentence in found[decision.UNKNOWN])
    assert is_unknown == (verdict != "improved")
    assert "Absence: …" in found["sure"]


def test_own_value_is_neither_default_nor_weak_unless_the_municipality_says_so(profile):
    rows = decision.assumptions(profile, "en").set_index("label")
    assert not rows.loc["Salary incl. pension of a full-time coordinator", ["is_default", "is_weak"]].any()
    fade = rows.loc["Share of the saving that is lost each year"]
    assert not fade["is_default"]
    assert fade["is_weak"]


def test_board_says_what_it_cannot_say():
    board = overview_picture({**NUMBERS, "effect_absence_share": "-3 to +1"}, "en", True)
    assert "3 of 12" in board.caption
    assert "-3 to +1" not in board.alt  # no verdict, no effect
    sure = {"effect_absence_share": "-5 to -4", "effect_verdict_absence_share": "improved"}
    assert "-5 to -4" in overview_picture(sure, "en", True).alt


@pytest.mark.parametrize("lang", ["da", "en"])
def test_both_files_are_the_same_bytes_twice_and_say_they_are_invented(profile, lang):
    board = overview_picture(NUMBERS, lang, True)
    memo = Memo(
        decision.assumptions(profile, lang),
        decision.sections(NUMBERS, lang),
        decision.options(NUMBERS, lang),
        board,
        ["Thirteen spoke."],
    )
    for write in (write_memo, write_director_pages):
        written = write(memo, profile, lang)
        assert written == write(memo, profile, lang)
        document = Document(io.BytesIO(written))
        words = "\n".join(paragraph.text for paragraph in document.paragraphs)
        assert {"da": "opdigtede data", "en": "invented data"}[lang] in words
        assert memo.sections["for_whom"][0] in words and "Thirteen spoke." in words
        heads = [text(f"decide.section_{name}", lang) for name in (*memo.sections, "defaults")]
        assert [words.index(head) for head in heads] == sorted(words.index(head) for head in heads)
    assert len(Document(io.BytesIO(write_memo(memo, profile, lang))).tables[0].rows) == 1 + len(decision.OPTIONS)
    director = Document(io.BytesIO(write_director_pages(memo, profile, lang)))
    assert director.inline_shapes[0]._inline.docPr.get("descr") == board.alt


def test_assumption_counts_add_up(profile):
    rows = decision.assumptions(profile, "da")
    table = decision.assumption_counts(rows, "da").frame
    assert table["entries"].sum() == len(rows)
    assert table["defaults"].sum() == rows["is_default"].sum()
    assert isinstance(decision.weak_assumptions(rows, "da").frame, pd.DataFrame)
