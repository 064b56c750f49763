import io
import runpy
import zipfile
from dataclasses import replace
from datetime import date

import openpyxl
import pandas as pd
import pytest
from docx import Document
from matplotlib.backends.backend_agg import FigureCanvasAgg

from helhed import kit_files, plan
from helhed.disclosure import protect
from helhed.errors import DataNeedsWork
from helhed.figures.plan import findings_figure, sources_figure, timeline_picture
from helhed.figures.plan_network import network_picture
from helhed.plan.assembly import assemble_plans
from helhed.plan.documents import DEPARTMENT, PLAN, PROFESSIONAL, Occasion, document, template_of, timeline_of
from helhed.plan.example import EXAMPLE_DAY, example_bars, example_tables
from helhed.plan.family_page import Wording
from helhed.plan.fields import FIELDS, KINDS
from helhed.plan.summary import sources_table
from helhed.plan.wording import plan_in_words
from helhed.profile import declared_entries
from helhed.texts import LANGUAGES


class Settings(dict):
    """Settings by key, with the few things a profile has beside them."""

    name, is_synthetic, folder = "Eksempel", True, None


PROFILE = Settings({key: entry.default for key, entry in declared_entries().items()})


@pytest.fixture(scope="module")
def plans():
    return assemble_plans(example_tables(), PROFILE, EXAMPLE_DAY)


@pytest.fixture(scope="module")
def written(plans):
    """Return the Word files of the example in both languages, written once for all tests of this module."""
    return {lang: plan.plan_documents(plans, PROFILE, lang) for lang in LANGUAGES}


def words_of(file: bytes) -> str:
    document = Document(io.BytesIO(file))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def template_with(text: str) -> bytes:
    document = Document()
    document.add_paragraph(text)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_family_comes_first_and_every_line_is_there(plans, written, lang):
    files = written[lang]
    assert sorted(files) == ["agenda/eksempel.docx", "plan/eksempel.docx", "professional/eksempel.docx"]
    words = words_of(files["plan/eksempel.docx"])
    assert words.index("Jeg vil gå til fodbold igen") < words.index("Fast kontaktperson")
    professional = words_of(files["professional/eksempel.docx"])
    for line in plans["eksempel"].lines:
        assert (line.action or line.goal) in professional
    assert "{{" not in words and "{%" not in words
    assert ("Voksen 1" if lang == "da" else "Adult 1") in words
    agenda = words_of(files["agenda/eksempel.docx"])
    assert "Vi finder en fodboldklub" in agenda


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", KINDS)
def test_every_document_is_filled_in_says_to_check_the_law_and_that_the_family_is_invented(plans, name, lang):
    wording, template = Wording(PROFILE, lang), template_of(name, lang)
    words = words_of(document(KINDS[name], plans["eksempel"], wording, template, Occasion(None, "children")))
    assert "{{" not in words and "{%" not in words and "None" not in words
    assert ("Kontrollér altid" if lang == "da" else "Always check") in words and "https://" in words
    assert ("Opdigtet familie" if lang == "da" else "Invented family") in words


def test_the_same_plan_gives_the_same_bytes_and_no_clock(plans, written):
    first, second = written["da"], plan.plan_documents(plans, PROFILE, "da")
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first["plan/eksempel.docx"])) as file:
        assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    created = Document(io.BytesIO(first["plan/eksempel.docx"])).core_properties.created
    assert created.date() == EXAMPLE_DAY


def test_words_of_families_are_never_read_as_markup_or_template(plans):
    tables = example_tables()
    nasty = "<b>Ro & {{ municipality }}</b> {% for x in y %} $x^{2$ <script>alert(1)</script>"
    tables["plan_line"].loc[0, "goal"] = nasty
    # The picture reads no mathematics in it either.
    tables["plan_line"].loc[2, ["action", "owner"]] = nasty
    plans = assemble_plans(tables, PROFILE, EXAMPLE_DAY)
    for name in (PLAN, PROFESSIONAL):
        file = document(KINDS[name], plans["eksempel"], Wording(PROFILE, "da"), template_of(name, "da"))
        assert nasty in words_of(file)


def test_names_are_filled_in_only_when_given(plans, written):
    template = template_of(PLAN, "da")
    named = words_of(document(KINDS[PLAN], plans["eksempel"], Wording(PROFILE, "da", {"voksen": "Anna"}), template))
    assert "Anna" in named and "Voksen 1:" not in named
    assert "Anna" not in words_of(written["da"]["plan/eksempel.docx"])


def test_the_name_list_may_name_the_coordinator_too(plans):
    template = template_of(PLAN, "da")
    wording = Wording(PROFILE, "da", {"koordinator 1": "Mette, tlf. 12 34"})
    named = words_of(document(KINDS[PLAN], plans["eksempel"], wording, template))
    assert "Jeres faste kontakt er Mette, tlf. 12 34." in named and "koordinator 1" not in named


def test_only_those_who_are_old_enough_are_asked_to_sign(plans):
    whole = plans["eksempel"]
    names = lambda plan: [row["name"] for row in plan_in_words(plan, Wording(PROFILE, "da"))["signers"]]  # noqa: E731
    assert names(whole) == ["Voksen 1", "Barn 1 (12 år)"]
    younger = replace(whole, members=tuple(replace(m, age=9) if m.age == 12 else m for m in whole.members))
    assert names(younger) == ["Voksen 1"]
    # Whether a child of unknown age must sign is for people to say: it has its line.
    unknown = replace(whole, members=tuple(replace(m, age=None) for m in whole.members))
    assert len(names(unknown)) == 3


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_example_shows_what_people_write_into_a_plan(lang):
    page = plan.example_page(PROFILE, lang)
    example = plan.example_plan(PROFILE, lang)
    held = example.meetings[-1]
    assert held.place in page and f"{held.start_time:%H}" in page and example.own_goals[0].goal in page
    assert page.count("**") == 12 and "»" in page if lang == "da" else "“" in page
    picture = plan.example_network(PROFILE, lang)
    assert {"da": "Mormor", "en": "Grandmother"}[lang] in picture.alt
    assert len(example.lines) == len(assemble_plans(example_tables(), PROFILE, EXAMPLE_DAY)["eksempel"].lines)


def test_the_example_is_the_same_plan_in_both_languages():
    danish, english = (plan.example_plan(PROFILE, lang) for lang in LANGUAGES)
    found = [plan.finding_table({"eksempel": one}, PROFILE) for one in (danish, english)]
    assert sorted(found[0]["code"]) == sorted(found[1]["code"]) and len(found[0])
    lines = [
        {(one.person_id, one.source_plan, one.life_area, one.start_date, one.due_date) for one in each.lines}
        for each in (danish, english)
    ]
    assert lines[0] == lines[1]
    said = [{words for one in each.lines for words in (one.goal, one.action) if words} for each in (danish, english)]
    assert len(said[0]) == len(said[1]) and not said[0] & said[1]


def test_the_picture_has_an_alternative_text(written):
    file = written["en"]["plan/eksempel.docx"]
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        assert 'descr="Timeline of 6 measures' in archive.read("word/document.xml").decode()


def test_department_files_hold_only_what_consent_allows(plans):
    template, wording = template_of(DEPARTMENT, "da"), Wording(PROFILE, "da")
    extract = lambda name: document(KINDS[DEPARTMENT], plans["eksempel"], wording, template, Occasion(None, name))  # noqa: E731
    health = words_of(extract("health"))
    assert "Samtaler hos psykolog" in health
    assert "Virksomhedspraktik" not in health and "ro derhjemme" not in health
    employment = words_of(extract("employment"))
    assert "ro derhjemme" in employment and "Samtaler hos psykolog" not in employment


def test_each_department_with_a_line_gets_a_file_when_the_profile_says_so(plans):
    files = plan.plan_documents(plans, Settings({**PROFILE, "plan.department_views": True}), "da")
    departments = {name.removesuffix(".docx").split("-")[1] for name in files if name.startswith("department/")}
    assert departments == {"children", "employment", "adult_social", "health", "school", "housing"}


def test_the_committed_templates_are_what_the_script_makes(tmp_path):
    folder = kit_files.folder("templates")
    for name in ("make_templates.py", "template_words.toml"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    runpy.run_path(str(tmp_path / "make_templates.py"), run_name="__main__")
    made = sorted(tmp_path.glob("*.docx"))
    assert len(made) == 18
    for file in made:
        assert file.read_bytes() == (folder / file.name).read_bytes(), file.name


def test_a_document_holds_no_styles_that_nothing_is_written_in(written):
    # python-docx brings 800 kB of them, which every document of every family would be packed with.
    for content in (file for files in written.values() for file in files.values()):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            styles = [part.file_size for part in parts.infolist() if "styles" in part.filename.lower()]
        assert sum(styles) < 60_000


def test_a_municipalitys_own_template_comes_first(tmp_path):
    assert template_of(PLAN, "da", tmp_path).file.parent == kit_files.folder("templates")
    own = tmp_path / "templates" / "familiens_plan_da.docx"
    own.parent.mkdir()
    own.write_bytes(template_with("{{ municipality }}"))
    assert template_of(PLAN, "da", tmp_path).file == own
    own.write_bytes(template_with("{{ kommune }} {{ leex }}"))
    with pytest.raises(DataNeedsWork) as error:
        template_of(PLAN, "da", tmp_path)
    assert "kommune" in str(error.value) and "leex" in str(error.value)


def test_what_the_plan_says_is_what_the_templates_may_ask_for(plans):
    said = plan_in_words(plans["eksempel"], Wording(PROFILE, "da"))
    assert set(said) == set(FIELDS) - {"timeline", "network_picture", "department", "changes", "changes_since"}
    for name, fields in FIELDS.items():
        for row in said.get(name, []) if fields else []:
            assert set(fields) <= set(row), name


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_list_of_deadlines_is_an_excel_file_without_formulas(plans, lang):
    tables = example_tables()
    tables["plan_line"].loc[tables["plan_line"]["line_id"] == "l8", "action"] = '=HYPERLINK("http://x")'
    plans = assemble_plans(tables, PROFILE, EXAMPLE_DAY)
    deadlines = plan.deadline_table(plans, PROFILE)
    content = plan.deadlines_workbook(deadlines, plans, lang)
    assert content == plan.deadlines_workbook(deadlines, plans, lang)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    rows = list(sheet.iter_rows(min_row=2, max_row=len(deadlines) + 1))
    assert [row[0].value.date() for row in rows] == [due.date() for due in deadlines["due_date"]]
    assert all(cell.data_type != "f" for row in rows for cell in row)
    assert any(row[6].value.startswith("=HYPERLINK") for row in rows)
    # What is due on a day off must be done on the working day before: 15 June 2025 is a Sunday.
    sunday = next(row for row in rows if row[0].value.date() == date(2025, 6, 15))
    assert sunday[1].value.date() == date(2025, 6, 13)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_plan_of_which_nothing_is_known_can_still_be_written(lang):
    tables = {name: frame.iloc[:0] for name, frame in example_tables().items()}
    tables["enrolment"] = example_tables()["enrolment"][["family_id", "decision", "start_date"]].pipe(
        lambda frame: pd.concat([tables["enrolment"], frame])
    )
    plans = assemble_plans(tables, PROFILE, EXAMPLE_DAY)
    for file in plan.plan_documents(plans, PROFILE, lang, kinds=tuple(KINDS)).values():
        assert words_of(file)


def test_a_family_of_twelve_children_and_goals_of_fifty_pages_get_their_plan(tmp_path):
    tables = example_tables()
    people = pd.concat([tables["person"].iloc[[1]].assign(person_id=f"barn{n}") for n in range(11)])
    tables["person"] = pd.concat([tables["person"], people], ignore_index=True)
    members = pd.concat([tables["family_member"].iloc[[1]].assign(person_id=f"barn{n}") for n in range(11)])
    tables["family_member"] = pd.concat([tables["family_member"], members], ignore_index=True)
    lines = pd.concat(
        [
            tables["plan_line"].iloc[[4]].assign(line_id=f"b{n}-{m}", person_id=f"barn{n}", action=f"Handling {n} {m}")
            for n in range(11)
            for m in range(5)
        ]
    )
    tables["plan_line"] = pd.concat([tables["plan_line"], lines], ignore_index=True)
    pages = "Jeg vil have ro derhjemme om aftenen. " * 3500
    tables["plan_line"].loc[0, "goal"] = pages
    plans = assemble_plans(tables, PROFILE, EXAMPLE_DAY)
    files = plan.plan_documents(plans, PROFILE, "da", kinds=tuple(KINDS))
    words = words_of(files["plan/eksempel.docx"])
    assert pages.strip() in words and "Barn 13" in words
    assert "Handling 10 4" in words
    # The overview stays on one page: the picture draws what can be read and counts the rest.
    picture = timeline_of(plans["eksempel"], "family", Wording(PROFILE, "da"))
    assert picture.figure.get_size_inches()[1] <= 5.2
    assert any("og 37 til" in label.get_text() for label in picture.figure.axes[0].get_yticklabels())


def test_small_sources_are_put_together_so_that_the_total_gives_nothing_away():
    rows = [("job_plan", f"f{i}") for i in range(8)] + [("housing", f"f{i}") for i in range(6)] + [("youth_plan", "f1")]
    lines = (
        pd.DataFrame(rows, columns=["source_plan", "family_id"])
        .assign(line_id=range(15))
        .astype({"source_plan": "str"})
    )
    frame = protect(sources_table(lines, 5, "en"), 5).frame
    # The youth plan of one family joins the smallest other source.
    assert frame["source"].tolist() == ["job plan (Min Plan)", "other plans"]
    assert frame["n_lines"].tolist() == [8, 7]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_figures_state_their_finding_and_tables_their_total(plans, lang):
    tables, as_of = example_tables(), EXAMPLE_DAY
    lines = plan.merge_lines(tables, as_of)
    findings = plan.finding_table(plans, PROFILE)
    sources = protect(plan.sources_table(lines, 1, lang), 1)
    picture = sources_figure(sources, plan.plans_before(plans), lang, as_of, True)
    # Sector plans with a live line: job, treatment, adult and housing plan of the adult, child's and education plan.
    assert "10" in picture.caption and "6" in picture.caption
    settle = protect(plan.findings_table(findings, lang), 1)
    assert settle.frame["n_findings"].iloc[-1] == settle.frame["n_findings"].iloc[:-1].sum() == len(findings)
    assert findings_figure(settle, 1, 1, lang, as_of, True).caption
    hidden = protect(plan.findings_table(findings, lang), 5)
    assert "5" in findings_figure(hidden, 1, 5, lang, as_of, True).caption
    assert timeline_picture(example_bars(PROFILE, lang), as_of, lang).name == "fig-plan-example"


def test_key_numbers_and_sentences(plans):
    profile = Settings({**PROFILE, "data.to_date": EXAMPLE_DAY})
    lines = plan.merge_lines(example_tables(), EXAMPLE_DAY)
    found = {
        "plan": lines,
        "finding": plan.finding_table(plans, profile),
        "deadline": plan.deadline_table(plans, profile),
    }
    numbers = plan.key_numbers(example_tables(), plans, found, profile, "da")
    # 8 lines of sector plans and 2 live measures; one repeats another; l7 and l8 are past their date.
    assert (numbers["lines_in"], numbers["lines_out"], numbers["n_duplicates"], numbers["n_overdue"]) == (10, 10, 1, 2)
    assert numbers["plans_before_median"] == 6
    # The check of the data has the key number n_must_fix: the memo reads all steps' numbers by name alone.
    assert "n_findings_must_fix" in numbers and "n_must_fix" not in numbers
    for name in ("sources", "findings", "deadlines", "lix"):
        for lang in LANGUAGES:
            assert "{" not in plan.sentence(name, numbers, profile, lang)
    # One family is under the disclosure threshold.
    assert plan.sentence("sources", numbers, profile, "en").startswith("under 5 families")


def test_a_run_without_families_says_so():
    day = date(2020, 1, 1)
    profile = Settings({**PROFILE, "data.to_date": day})
    tables = example_tables()
    lines = plan.merge_lines(tables, day)
    plans = plan.plans_of_lines(lines, tables, day)
    findings, deadlines = plan.finding_table(plans, profile), plan.deadline_table(plans, profile)
    found = {"plan": lines, "finding": findings, "deadline": deadlines}
    numbers = plan.key_numbers(tables, plans, found, profile, "en")
    assert plan.sentence("lix", numbers, profile, "en") == "There are no plans to measure."
    settle = protect(plan.findings_table(findings, "en"), 5)
    assert findings_figure(settle, 0, 5, "en", day, True).caption.startswith("No finding")
    assert sources_figure(plan.sources_table(lines, 5, "en"), plan.plans_before(plans), "en", day, True).alt


def test_goals_that_are_reached_are_not_called_unwritten():
    tables = example_tables()
    tables["plan_line"].loc[tables["plan_line"]["source_plan"] == "family", "status"] = "done"
    plans = assemble_plans(tables, PROFILE, EXAMPLE_DAY)
    said = plan_in_words(plans["eksempel"], Wording(PROFILE, "da"))["own_goals"]
    assert said == [{"text": "De mål, I skrev, er ikke længere i gang. Vi finder nye på næste møde."}]
    tables["plan_line"] = tables["plan_line"][tables["plan_line"]["source_plan"] != "family"]
    plans = assemble_plans(tables, PROFILE, EXAMPLE_DAY)
    assert plan_in_words(plans["eksempel"], Wording(PROFILE, "da"))["own_goals"][0]["text"].startswith("Vi har ikke")


def test_no_name_runs_out_of_the_picture_of_the_network():
    names = ["Beskæftigelseskonsulent", "Medarbejder 12.34", "MMMMMMMMMMMMMMM", "Støttekontaktperson", "W" * 40]
    picture = network_picture([(name, at % 2 == 0) for at, name in enumerate(names * 2)], "Hele familien", "da")
    canvas = FigureCanvasAgg(picture.figure)
    canvas.draw()
    width, height = canvas.get_width_height()
    for written in picture.figure.axes[0].texts:
        box = written.get_window_extent()
        assert box.x0 >= -1 and box.x1 <= width + 1 and box.y0 >= -1 and box.y1 <= height + 1, written.get_text()


def test_long_names_leave_room_for_the_bars_of_the_timeline():
    bars = example_bars(PROFILE, "da").assign(person="Anna-Margrethe Charlotte Frederikke von Holstein-Rathlou")
    figure = timeline_picture(bars.assign(what="Samtaler hos psykolog og " * 4), EXAMPLE_DAY, "da", 6.6).figure
    FigureCanvasAgg(figure).draw()
    assert figure.axes[0].get_position().width > 0.3
