"""The Word and Excel files open in an office program: whole, filled in, of the right length, without a CPR number."""

import subprocess
import zipfile
from pathlib import Path

import pytest

from helhed.publishing.cpr_guard import cpr_like
from helhed.publishing.runner import STEPS
from helhed.tables import tables as contracts
from helhed.texts import LANGUAGES, document_name, language_tag, number

pytestmark = pytest.mark.documents
WORKBOOKS = {"1_select_target_group": "referral_sheet.xlsx", "4_monitor_indicators": "registrations_*.xlsx"}
MEMOS = {"indicators_memo.docx": "4_monitor_indicators", "memo.docx": "6_decide", "director.docx": "6_decide"}


@pytest.fixture(scope="module")
def as_text(tmp_path_factory):
    """Return a function that gives a document's text page by page, as LibreOffice lays it out."""
    folder = tmp_path_factory.mktemp("pdf")

    def convert(file: Path) -> list[str]:
        office = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/office", "--convert-to", "pdf"]
        subprocess.run([*office, "--outdir", str(folder), str(file)], check=True, capture_output=True)
        pdf = folder / f"{file.stem}.pdf"
        done = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True)
        return done.stdout.rstrip("\f").split("\f")

    return convert


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_familys_plan_opens_filled_in(guide_runs, as_text, lang):
    folder = guide_runs["furesoe"].documents_folder("3_make_family_plans", lang) / document_name("plan", lang)
    pages = as_text(sorted(folder.glob("*.docx"))[0])
    text = "\n".join(pages)
    assert 2 <= len(pages) <= 20
    assert "{{" not in text and "{%" not in text and "None" not in text and "nan" not in text.split()
    assert not cpr_like(text)
    assert ("Familiens Plan" if lang == "da" else "Family") in text


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", MEMOS)
def test_memos_and_directors_pages_have_at_most_two_pages(guide_runs, as_text, lang, name):
    for run in guide_runs.values():
        pages = as_text(run.documents_folder(MEMOS[name], lang) / document_name(name, lang))
        assert 1 <= len(pages) <= 2
        assert len(pages[0]) > 500


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_word_file_of_a_run_says_in_its_styles_which_language_it_is_in(guide_runs, lang):
    run = guide_runs["furesoe"]
    files = [file for step in STEPS for file in run.documents_folder(step, lang).rglob("*.docx")]
    assert len(files) >= 5
    for file in files:
        with zipfile.ZipFile(file) as parts:
            styles = parts.read("word/styles.xml").decode()
        assert f'<w:lang w:val="{language_tag(lang)}"' in styles, file.name


@pytest.mark.parametrize("step", WORKBOOKS)
def test_workbooks_open_and_hold_no_cpr_number(guide_runs, as_text, step):
    file = sorted(guide_runs["furesoe"].documents_folder(step, "da").glob(document_name(WORKBOOKS[step], "da")))[0]
    text = "\n".join(as_text(file))
    assert len(text) > 300
    assert not cpr_like(text)
    assert "#" + "REF!" not in text and "Err:" not in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_impact_assessment_opens_filled_with_what_the_run_did(guide_runs, as_text, lang):
    run = guide_runs["furesoe"]
    pages = as_text(run.documents_folder("1_select_target_group", lang) / document_name("impact_assessment.docx", lang))
    words = " ".join("\n".join(pages).split())
    assert 3 <= len(pages) <= 14
    assert "{{" not in words and "{%" not in words and "nan" not in words.split()
    assert not cpr_like(words)
    assert all(contracts()[name].label(lang) in words for name in ("person", "benefit_spell", "daycare", "housing"))
    n_spells = number(run.rows("0_check_data")["benefit_spell"], lang)
    assert f"{n_spells} / {n_spells}" in words
