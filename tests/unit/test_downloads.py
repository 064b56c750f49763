"""Templates and their filled examples: every one is listed, described and there; the examples are read back."""

import importlib.util
import io
import re
import shutil
import sys
import tomllib
import zipfile
from dataclasses import replace

import openpyxl
import pytest
from docx import Document

from helhed import kit_files
from helhed.intake import read_municipality
from helhed.monitoring import indicator_catalogue
from helhed.plan.assembly import assemble_plans
from helhed.plan.example import EXAMPLE_DAY, example_plan, example_tables
from helhed.plan.fields import KINDS
from helhed.plan.forms import SECTOR_PLANS, read_family_forms, read_sector_forms
from helhed.plan.model import Member
from helhed.profile import read_profile
from helhed.profile.own_workbooks import own_workbooks, read_workbook
from helhed.profile.scenarios import read_scenarios
from helhed.publishing.downloads_page import (
    FOLDER,
    OFFICE_FORMS,
    PARTS,
    anchor,
    downloads_page,
    template_contents,
    template_files,
)
from helhed.publishing.filled_examples import filled_blanks, filled_brackets
from helhed.publishing.indicator_sheets import OWN_LINES
from helhed.publishing.reference_pages import PAGES
from helhed.publishing.self_assessment import self_assessments
from helhed.texts import LANGUAGES, day, text

TEMPLATES = kit_files.folder("templates")


def declared_examples():
    """Return what the examples are filled with."""
    return tomllib.loads((TEMPLATES / "example_rows.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def maker():
    """Return the module that makes the examples."""
    sys.path.insert(0, str(TEMPLATES))
    try:
        spec = importlib.util.spec_from_file_location("make_examples", TEMPLATES / "make_examples.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        yield module
    finally:
        sys.path.remove(str(TEMPLATES))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_template_is_on_the_page_and_every_file_of_the_page_is_there(lang):
    linked = re.findall(rf"<{FOLDER}/([^>]+)>", downloads_page(lang))
    folder = {f.relative_to(TEMPLATES).as_posix() for f in TEMPLATES.rglob("*") if f.suffix in (".docx", ".xlsx")}
    assert set(linked) == folder == set(template_contents())
    assert len(linked) == len(set(linked))
    assert all(
        len(content) > 3000 and zipfile.is_zipfile(io.BytesIO(content)) for content in template_contents().values()
    )
    assert PAGES["downloads"](lang) == downloads_page(lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_template_has_its_anchor_and_an_example_in_both_languages(lang):
    page, stems = downloads_page(lang), [stem for stems in PARTS.values() for stem in stems]
    for stem in stems:
        of_stem = [file for file in template_files() if file.stem == stem]
        assert f"({anchor(stem)})=\n" in page
        assert {file.lang for file in of_stem if file.kind == "template"} == set(LANGUAGES), stem
        assert {file.lang for file in of_stem if file.kind == "filled"} == set(LANGUAGES), stem


def test_both_pages_have_the_same_shape():
    shapes = [re.findall(r"(?m)^(#+|- |\()", downloads_page(lang)) for lang in LANGUAGES]
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_examples_are_what_their_script_makes(maker, monkeypatch, lang):
    # The impact assessment is read from the whole sample: `make templates` makes it, the step's own test checks it.
    monkeypatch.setattr(maker, "impact_assessment_of_sample", lambda lang: b"")
    for name, content in maker.examples(lang):
        if content:
            assert (TEMPLATES / name).read_bytes() == content, f"make templates: {name}"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_example_leaves_a_field_open(lang):
    for file in template_files():
        if file.kind == "filled" and file.lang == lang and file.path.suffix == ".docx":
            document = Document(file.path)
            cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
            words = "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
            assert len(words) > 200 and "{{" not in words and "{%" not in words, file.path.name


@pytest.mark.parametrize("name", ["economy", "interviews"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_municipalitys_own_workbooks_are_read_as_filled(tmp_path, name, lang):
    shutil.copy(TEMPLATES / f"{name}_eksempel_{lang}.xlsx", tmp_path / own_workbooks()[name].file)
    tables = read_workbook(tmp_path, name, lang)
    assert all(len(rows) > 0 for rows in tables.values())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_filled_scenarios_are_read_as_written(tmp_path, lang):
    shutil.copy(TEMPLATES / f"scenarios_eksempel_{lang}.xlsx", tmp_path / "scenarios.xlsx")
    read, written = read_scenarios(tmp_path, lang), declared_examples()["scenarios"]
    assert [one.name for one in read] == [row["name"][lang] for row in written]
    given = [{key: value for key, value in row.items() if key.startswith("staffing.")} for row in written]
    assert [one.values for one in read] == given
    assert [(one.posts, one.starts) for one in read] == [(row.get("posts"), row.get("starts")) for row in written]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_chosen_indicator_sheets_are_filled_in_one_page_each(lang):
    chosen = declared_examples()["indicators"]
    document = Document(TEMPLATES / f"indikatorark_eksempel_{lang}.docx")
    words = [paragraph.text for paragraph in document.paragraphs]
    assert words[1] == text("downloads.invented", lang) and "____" not in "".join(words)
    assert len(document.tables) == len(chosen)
    heads = [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == "Heading 1"]
    assert heads == [indicator_catalogue()[name].label(lang) for name in chosen]
    for written in chosen.values():
        lines = [f"{text(f'monitoring_outputs.sheets_{key}', lang)}: {written[key][lang]}" for key in OWN_LINES]
        assert set(lines) <= set(words)


def words_of(file):
    """Return everything that stands in a Word or Excel file."""
    if file.suffix == ".xlsx":
        cells = [cell.value for sheet in openpyxl.load_workbook(file) for row in sheet.iter_rows() for cell in row]
        return "\n".join(str(cell) for cell in cells if cell is not None)
    document = Document(file)
    tables = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *tables])


def test_every_example_says_that_it_is_invented():
    told = re.compile("opdigtet|opdigtede|invented", re.IGNORECASE)
    filled = [file for file in template_files() if file.kind == "filled"]
    assert len(filled) > 80
    assert [one.place for one in filled if not told.search(words_of(one.path))] == []


#: Words that no English text has; addresses of laws are Danish.
DANISH = re.compile(
    r"(?<![-/\w])(og|ikke|eller|skal|hver|Mormor|Mor|familien|skolen|planen|kontaktperson|rådgiver)(?![-/\w])"
)


def test_the_invented_family_speaks_english_in_the_english_examples():
    plans = [f"{name}_eksempel_en.docx" for name in KINDS]
    forms = [f"sector_plans/{name}_eksempel_en.docx" for name in OFFICE_FORMS]
    for name in (*plans, *forms):
        assert DANISH.findall(words_of(TEMPLATES / name)) == [], name


@pytest.mark.parametrize(("lang", "file"), [("da", "dataark"), ("en", "data_workbook")])
def test_the_filled_data_and_decisions_can_be_read(tmp_path, maker, lang, file):
    (tmp_path / "exports").mkdir()
    profile = 'name: Eksempelby\nmunicipality_code: "0190"\nmodel: furesoe\nis_synthetic: true\n'
    (tmp_path / "profile.yml").write_text(profile, encoding="utf-8")
    shutil.copy(TEMPLATES / f"{file}_eksempel_{lang}.xlsx", tmp_path / "exports" / f"{file}.xlsx")
    shutil.copy(TEMPLATES / f"decisions_eksempel_{lang}.xlsx", tmp_path / "decisions.xlsx")
    found = read_municipality(read_profile(tmp_path, lang), lang)
    wrong = [problem for problem in found.problems if problem.severity == "must_fix" and problem.sheet]
    assert wrong == []
    sizes = {name: len(found.tables[name]) for name in ("person", "child_case", "absence", "enrolment", "plan_line")}
    assert sizes == {"person": 3, "child_case": 2, "absence": 1, "enrolment": 1, "plan_line": 2}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_filled_forms_of_the_offices_go_into_the_plan(maker, lang):
    profile = maker.example_profile(lang)
    plans = assemble_plans(example_tables(lang), profile, EXAMPLE_DAY)
    files = {f.name: f.read_bytes() for f in sorted((TEMPLATES / "sector_plans").glob(f"*_eksempel_{lang}.xlsx"))}
    of_family = {name: files.pop(name) for name in [f"family_eksempel_{lang}.xlsx"]}
    written = read_family_forms(of_family, plans, lang)
    assert written.problems == ()
    whole = assemble_plans(example_tables(lang) | {"written": written.written}, profile, EXAMPLE_DAY)["eksempel"]
    assert [one.who for one in whole.network] == [one.who for one in example_plan(profile, lang).network]
    # The youth plan is about a family of its own.
    members = tuple(Member(**one) for one in declared_examples()["families"]["youth_plan"]["members"])
    plans |= {"eksempel-2": replace(plans["eksempel"], family_id="eksempel-2", members=members)}
    found = read_sector_forms(files, plans, lang)
    assert [problem for problem in found.problems if problem.severity == "must_fix"] == []
    assert set(found.lines["source_plan"]) == set(SECTOR_PLANS)
    assert found.lines.loc[found.lines["source_plan"] == "youth_plan", "family_id"].unique().tolist() == ["eksempel-2"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_form_of_an_office_has_its_own_words_and_its_own_examples(lang):
    page = downloads_page(lang)
    told = [text(f"downloads.plan_what_{plan}", lang) for plan in OFFICE_FORMS]
    assert set(OFFICE_FORMS) == {*SECTOR_PLANS, "family"} and len(set(told)) == len(OFFICE_FORMS)
    for plan, words in zip(OFFICE_FORMS, told, strict=True):
        lines = page.split(words)[1].strip().splitlines()[:4]
        assert [line.count(f"/{plan}_") for line in lines] == [2, 2, 2, 2], plan


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_self_assessment_has_one_name(lang):
    for one in self_assessments().values():
        assert one.words["title"][lang].endswith(text(f"downloads.title_{one.file}", lang))


@pytest.mark.parametrize("name", ["databestilling", "udfasning", "samtykke", "referat", "foerste_kontakt"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_filled_letter_has_no_blank_left(name, lang):
    document = Document(TEMPLATES / f"{name}_eksempel_{lang}.docx")
    rows = [[cell.text.strip() for cell in row.cells] for table in document.tables for row in table.rows]
    words = "\n".join([*(paragraph.text for paragraph in document.paragraphs), *("\n".join(row) for row in rows)])
    assert "[" not in words and "____" not in words
    # One cell of a row may be empty: the yes beside a no.
    assert [row for row in rows if row.count("") > 1 or (row.count("") == 1 and "x" not in row)] == []


def test_blanks_need_one_answer_each():
    letter = (TEMPLATES / "udfasning_eksempel_da.docx").read_bytes()
    with pytest.raises(ValueError, match="0 blanks, 1 answers"):
        filled_blanks(letter, ["et svar for meget"], "da")


@pytest.mark.parametrize("name", ["rolleprofil", "jobopslag", "supervisionsplan"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_filled_role_document_has_no_bracket_left(name, lang):
    document = Document(TEMPLATES / f"{name}_eksempel_{lang}.docx")
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    foot = [paragraph.text for section in document.sections for paragraph in section.footer.paragraphs]
    assert "[" not in "".join([*(paragraph.text for paragraph in document.paragraphs), *cells, *foot])


def test_brackets_need_one_answer_each():
    blank = (TEMPLATES / "supervisionsplan_da.docx").read_bytes()
    with pytest.raises(ValueError, match="zip"):
        filled_brackets(blank, ["kun ét svar"], "da")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_invented_family_says_yes_before_anything_is_shared_and_all_papers_have_its_days(maker, lang):
    plan = example_plan(maker.example_profile(lang), lang)
    [enrolment] = declared_examples()["decisions"]["enrolment"]
    consents = [one.from_date for one in plan.consents]
    held = sorted(one.held_date for one in plan.meetings)
    days = [enrolment["offered_date"], enrolment["consent_date"], max(consents), held[0], EXAMPLE_DAY, held[-1]]
    assert days == sorted(days) and days[-1] < plan.fade_out.from_date
    assert (enrolment["consent_date"], enrolment["start_date"]) == (plan.consent_date, plan.start_date)
    shared = [one["meeting_date"] for one in declared_examples()["decisions"]["meeting"] if one["kind"] == "network"]
    assert set(shared) == {held[0]}
    written = {
        name: words_of(TEMPLATES / f"{name}_eksempel_{lang}.docx") for name in ("samtykke", "referat", "fagplan")
    }
    assert written["samtykke"].count(day(max(consents), lang)) >= 3
    assert day(held[0], lang) in written["referat"] and day(EXAMPLE_DAY, lang) not in written["referat"]
    assert text("plan_documents.first_version", lang) not in written["fagplan"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_coordinator_is_given_as_many_families_in_every_paper(lang):
    limits = {
        "rolleprofil": r"(?:opstartstiden er gået|once settled in)\s+(\d+)",
        "jobopslag": r"(?:loft på|limit of) (\d+)",
        "supervisionsplan": r"(?:Efter seks måneder|After six months)\s+(\d+)",
    }
    words = {name: words_of(TEMPLATES / f"{name}_eksempel_{lang}.docx") for name in limits}
    assert len({re.search(limit, words[name])[1] for name, limit in limits.items()}) == 1
    first = [re.search(limit, words["supervisionsplan"])[1] for limit in (r"1-3\s+(\d)", r"4-6\s+(\d)")]
    assert all(f"{n} i måned" in words["rolleprofil"] or f"{n} in months" in words["rolleprofil"] for n in first)
    tables = Document(TEMPLATES / f"supervisionsplan_eksempel_{lang}.docx").tables
    assert [row for table in tables for row in table.rows if not all(cell.text.strip() for cell in row.cells)] == []


def test_cells_of_an_example_look_like_those_of_the_template():
    sheet = openpyxl.load_workbook(TEMPLATES / "decisions_eksempel_da.xlsx")["Indskrivninger"]
    assert sheet["A2"].value == "0123880002" and not sheet["A2"].protection.locked
    assert sheet["E2"].number_format == "dd-mm-yyyy"
