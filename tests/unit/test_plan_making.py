"""The plans of many families in one order: versions, files, failures on their own, and what the commands say."""

import os
import shutil
from dataclasses import replace
from datetime import date, datetime

import openpyxl
import pytest
from docx import Document
from icalendar import Calendar
from typer.testing import CliRunner

from helhed import cli
from helhed.errors import DataNeedsWork, WrongCall
from helhed.plan.assembly import assemble_plans
from helhed.plan.example import EXAMPLE_DAY, example_tables
from helhed.plan.fields import KINDS
from helhed.plan.pdf import office_program, to_pdf
from helhed.plan.versions import VersionFolder
from helhed.profile import declared_entries
from helhed.publishing.plan_editing import Editor, PlanStore
from helhed.publishing.plan_making import (
    LIX_WARNING,
    Made,
    Making,
    chosen_plans,
    findings_lines,
    left_behind,
    lix_line,
    make_plans,
)
from helhed.texts import document_name

RUNNER = CliRunner()
DAY = date(2025, 6, 3)


class Settings(dict):
    name, is_synthetic, folder = "Eksempel", True, None


@pytest.fixture
def profile(tmp_path):
    settings = Settings({key: entry.default for key, entry in declared_entries().items()})
    settings.folder = tmp_path
    return settings


@pytest.fixture
def plans(profile):
    plan = assemble_plans(example_tables(), profile, EXAMPLE_DAY)["eksempel"]
    return {name: replace(plan, family_id=name) for name in ("en", "to", "tre")}


def making(**changes) -> Making:
    return Making("da", "koordinator", DAY, **changes)


def test_every_family_gets_every_document_a_web_page_and_calendars(plans, profile, tmp_path):
    made = list(make_plans({"en": plans["en"]}, profile, making(has_web=True)))
    (one,) = made
    assert (one.failure, one.version, one.is_new) == ("", 1, True) and 15 < one.lix < LIX_WARNING
    folders = {file.parent.name for file in one.files}
    assert folders == {document_name(name, "da") for name in ("calendar", *(kind.folder for kind in KINDS.values()))}
    assert {"kalender", "dagsorden"} <= folders
    assert all(file.is_file() and tmp_path / "plans" / "da" in file.parents for file in one.files)
    page = (tmp_path / "plans" / "da" / "plan" / "en.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>") and "Jeg vil gå til fodbold igen" in page and 'lang="da"' in page
    assert "Kontrollér altid" in page and 'alt="Tidslinje' in page
    assert Calendar.from_ical((tmp_path / "plans" / "da" / "kalender" / "en.ics").read_bytes()).walk("VEVENT")


def test_what_is_no_longer_consented_to_does_not_stay_behind(plans, profile, tmp_path):
    kinds = ("forvaltning", "referat")
    extracts = tmp_path / "plans" / "da" / "forvaltning"
    lines = tuple(replace(li, department="children", consent_scope="school") for li in plans["en"].lines)
    plan = replace(plans["en"], lines=lines)
    list(make_plans({"en": plan, "en2": replace(plan, family_id="en2")}, profile, making(kinds=kinds)))
    (tmp_path / "plans" / "da" / "referat" / "en.pdf").write_bytes(b"of the version before")
    assert {file.stem for file in extracts.iterdir()} == {"en-boern", "en-skole", "en2-boern", "en2-skole"}
    (extracts / "en-school.docx").write_bytes(b"called by the department's code, as once")
    list(make_plans({"en": replace(plan, consents=(), consent_date=None)}, profile, making(kinds=kinds)))
    assert {file.stem for file in extracts.iterdir()} == {"en-boern", "en2-boern", "en2-skole"}
    assert not (tmp_path / "plans" / "da" / "referat" / "en.pdf").exists()


def test_documents_of_earlier_runs_from_before_a_consent_ended_are_told(plans, profile, tmp_path):
    old = tmp_path / "runs" / "2025-05" / "private" / "3_make_family_plans" / "documents" / "da" / "fagpersoner"
    old.mkdir(parents=True)
    for family in ("en", "to"):
        (old / f"{family}.docx").write_bytes(b"with what was shared then")
        os.utime(old / f"{family}.docx", (0, datetime(2025, 5, 20, 12).timestamp()))
    over = replace(plans["en"].consents[0], withdrawn_date=date(2025, 5, 25))
    families = {"en": replace(plans["en"], consents=(over,)), "to": plans["to"]}
    made = list(make_plans(families, profile, making(kinds=("referat",))))
    assert [[note for note in one.notes if "2025-05" in note] != [] for one in made] == [True, False]
    assert "hørte op: 1 (kørsel 2025-05)" in made[0].notes[-1]
    assert (old / "en.docx").exists()


def test_what_a_family_wrote_is_text_on_the_web_page_too(plans, profile, tmp_path):
    nasty = "<script>alert(1)</script> {{ f.family }}"
    lines = tuple(replace(li, goal=nasty) if li.line_id == "l1" else li for li in plans["en"].lines)
    list(
        make_plans({"en": replace(plans["en"], lines=lines)}, profile, making(kinds=("familiens_plan",), has_web=True))
    )
    page = (tmp_path / "plans" / "da" / "plan" / "en.html").read_text(encoding="utf-8")
    assert "<script>" not in page and "&lt;script&gt;" in page and "{{ f.family }}" in page


def test_one_familys_fault_stops_nobody_else(plans, profile, tmp_path):
    kinds = ("referat",)
    list(make_plans(plans, profile, making(kinds=kinds)))
    (tmp_path / "plans" / "versions" / "to" / "version-0001.json").write_text("{", encoding="utf-8")
    changed = {name: replace(plan, coordinator_id="k9") for name, plan in plans.items()}
    made = {one.family: one for one in make_plans(changed, profile, making(kinds=kinds))}
    assert "version-0001.json" in made["to"].failure
    assert [made[name].version for name in ("en", "tre")] == [2, 2]
    # What we did not foresee stops nobody either, and its message names nothing of the family's.
    broken = {"en": replace(changed["en"], coordinator_id="k7"), "to": None, "tre": changed["tre"]}
    made = {one.family: one for one in make_plans(broken, profile, making(kinds=kinds))}
    assert "AttributeError" in made["to"].failure and made["en"].version == 3 and not made["tre"].is_new


def test_a_template_that_cannot_be_used_stops_everything_before_anything_is_written(plans, profile, tmp_path):
    (tmp_path / "templates").mkdir()
    document = Document()
    document.add_paragraph("{{ egen_maal }}")
    document.save(tmp_path / "templates" / "referat_da.docx")
    with pytest.raises(DataNeedsWork, match="egen_maal"):
        list(make_plans(plans, profile, making()))
    assert not (tmp_path / "plans").exists()


def test_the_second_version_says_what_is_new(plans, profile, tmp_path):
    kinds = ("familiens_plan",)
    list(make_plans({"en": plans["en"]}, profile, making(kinds=kinds)))
    lines = tuple(replace(li, owner="Mormor") if li.line_id == "l5" else li for li in plans["en"].lines)
    changed = replace(plans["en"], lines=lines)
    list(make_plans({"en": changed}, profile, Making("da", "leder", date(2025, 6, 9), kinds)))
    words = "\n".join(
        paragraph.text
        for table in Document(tmp_path / "plans" / "da" / "plan" / "en.docx").tables
        for cell in table._cells
        for paragraph in cell.paragraphs
    )
    assert "Det er nyt siden 3. juni 2025:" in words and "»Mormor«" in words
    assert VersionFolder(tmp_path / "plans" / "versions").last("en").changed_by == "leder"


def test_a_family_without_a_plan_is_named(plans):
    assert list(chosen_plans(plans, ["to"], "da")) == ["to"] and chosen_plans(plans, [], "da") == plans
    with pytest.raises(WrongCall, match="fire"):
        chosen_plans(plans, ["fire"], "da")


@pytest.mark.parametrize("lang", ["da", "en"])
def test_reading_ease_is_said_and_warned_about_above_35(lang):
    easy, hard = (lix_line(Made("en", lix=score), lang) for score in (35.0, 35.4))
    assert easy != hard and "35" in hard
    assert ("svært" in hard) if lang == "da" else ("hard" in hard)
    assert "svært" not in easy and "hard" not in easy


def test_findings_come_with_their_question_the_gravest_first(plans, profile):
    rows = findings_lines({"en": replace(plans["en"], consent_date=None, consents=())}, profile, "da")
    assert rows[0][1] == "skal løses" and "samtykke" in rows[0][2] and rows[0][3].endswith(".")
    assert [row[1] for row in rows] == sorted(
        (row[1] for row in rows), key=["skal løses", "bør løses", "værd at se på"].index
    )


def test_check_template_names_places_and_sets_the_exit_code(tmp_path):
    document = Document()
    document.add_paragraph("{{ munisipality }}")
    document.save(tmp_path / "referat_da.docx")
    shown = RUNNER.invoke(cli.app, ["plan", "check-template", str(tmp_path / "referat_da.docx"), "--lang", "da"])
    assert shown.exit_code == 1
    assert "munisipality" in shown.output and "»municipality«" in shown.output and "afsnit 1" in shown.output
    assert "bør løses: referat_da.docx" in shown.output  # fields the minutes cannot do without
    fine = RUNNER.invoke(cli.app, ["plan", "check-template", "templates/referat_da.docx", "--lang", "en"])
    assert (fine.exit_code, fine.output.strip()) == (0, "The templates can be used.")
    missing = RUNNER.invoke(cli.app, ["plan", "check-template", str(tmp_path / "ingen.docx")])
    assert isinstance(missing.exception, DataNeedsWork)


def test_diff_shows_what_changed_between_versions(plans, tmp_path, root):
    folder = tmp_path / "kommune"
    folder.mkdir()
    for name in ("profile.yml", "pseudonym-key-id.txt"):
        shutil.copy(root / "sample_data" / "furesoe" / name, folder / name)
    store = VersionFolder(folder / "plans" / "versions")
    store.keep(plans["en"], "koordinator", DAY)
    command = ["plan", "diff", str(folder), "en", "--lang", "da"]
    assert "ingen forskel" in RUNNER.invoke(cli.app, command).output
    store.keep(replace(plans["en"], coordinator_id="k9"), "leder", date(2025, 6, 9))
    shown = RUNNER.invoke(cli.app, command)
    assert shown.exit_code == 0, shown.output
    assert "Version 1 (koordinator, 3. juni 2025) og version 2 (leder, 9. juni 2025)" in shown.output
    assert "koordinator" in shown.output.splitlines()[1]
    lines = tuple(replace(li, goal="Ro og fred. " * 900) for li in plans["en"].lines)
    store.keep(replace(plans["en"], coordinator_id="k9", lines=lines), "leder", date(2025, 6, 10))
    assert max(map(len, RUNNER.invoke(cli.app, command).output.splitlines())) < 600
    assert isinstance(RUNNER.invoke(cli.app, [*command, "--to", "7"]).exception, WrongCall)
    assert isinstance(RUNNER.invoke(cli.app, ["plan", "diff", str(folder), "ukendt"]).exception, WrongCall)


def edited(file, was: str, now: str) -> None:
    """Change the first cell of an Excel form that holds a value, as a person does."""
    book = openpyxl.load_workbook(file)
    cells = (cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)
    next(cell for cell in cells if cell.value == was).value = now
    book.save(file)


def test_a_plan_edited_in_its_form_becomes_a_version_and_survives_the_next_making(plans, profile, tmp_path):
    kinds, person = ("familiens_plan",), Editor("da", "kontaktperson", DAY, {})
    list(make_plans({"en": plans["en"]}, profile, making(kinds=kinds)))
    store = PlanStore(profile)
    (form,) = store.forms(["en"], person, is_word=False)
    # A form that nobody changed is no new version.
    assert [one.version for one in store.take_in([form], person)] == [1]
    edited(form, "Jobkonsulent", "Mormor")
    (taken,) = store.take_in([form], person)
    assert (taken.version, taken.failure) == (2, "")
    # Meanwhile the sources change something else: both changes stand in the next version.
    today = replace(plans["en"], coordinator_id="k9")
    (made,) = make_plans({"en": today}, profile, making(kinds=kinds))
    last = store.versions.last("en")
    assert (made.failure, made.version) == ("", 3)
    assert last.coordinator_id == "k9" and "Mormor" in {line.owner for line in last.lines}
    assert not next(iter(make_plans({"en": today}, profile, making(kinds=kinds)))).is_new


def test_two_editors_who_disagree_are_shown_and_nothing_is_kept(plans, profile, tmp_path):
    person = Editor("da", "kontaktperson", DAY, {})
    list(make_plans({"en": plans["en"]}, profile, making(kinds=("familiens_plan",))))
    store = PlanStore(profile)
    (form,) = store.forms(["en"], person, is_word=False)
    other = tmp_path / "anden.xlsx"
    shutil.copy(form, other)
    edited(form, "Jobkonsulent", "Mormor")
    edited(other, "Jobkonsulent", "Farfar")
    first, second = store.take_in([form, other], person)
    assert first.version == 2 and not second.version
    assert "»Mormor«" in second.failure and "»Farfar«" in second.failure and "»Jobkonsulent«" in second.failure
    assert store.versions.numbers("en") == [1, 2]
    # A person and a case system that disagree are shown in the same way, and the others' plans are made.
    lines = tuple(replace(li, owner="Virksomhed") if li.line_id == "l3" else li for li in plans["en"].lines)
    today = {"en": replace(plans["en"], lines=lines), "to": plans["to"]}
    made = {one.family: one for one in make_plans(today, profile, making(kinds=("referat",)))}
    assert "»Virksomhed«" in made["en"].failure and made["to"].version == 1


def test_forms_that_are_none_or_of_nobody_are_named(plans, profile, tmp_path):
    person = Editor("en", "coordinator", DAY, {})
    (tmp_path / "no.xlsx").write_bytes(b"no workbook")
    none, missing = PlanStore(profile).take_in([tmp_path / "no.xlsx", tmp_path / "gone.xlsx"], person)
    assert "cannot be read as the form" in none.failure and "gone.xlsx" in missing.failure
    with pytest.raises(WrongCall):
        list(PlanStore(profile).forms(["en"], person, is_word=True))


@pytest.mark.documents
def test_word_files_become_pdf(plans, profile, tmp_path):
    (made,) = make_plans({"en": plans["en"]}, profile, making(kinds=("familiens_plan", "udfasning")))
    files = [file for file in made.files if file.suffix == ".docx"]
    assert to_pdf(files, office_program()) == []
    assert all(file.with_suffix(".pdf").read_bytes().startswith(b"%PDF") for file in files)
    # What cannot be turned into PDF is named, and nothing is said to have been made.
    assert to_pdf([tmp_path / "ingen.docx"], office_program()) == [tmp_path / "ingen.docx"]


def test_documents_of_families_that_have_left_the_programme_are_told_and_stay(plans, profile, tmp_path):
    list(make_plans(plans, profile, making(kinds=("forvaltning", "fagplan"))))
    of_run = tmp_path / "runs" / "2025-05" / "private" / "3_make_family_plans" / "documents" / "en" / "agenda"
    of_run.mkdir(parents=True)
    of_run.joinpath("to.docx").write_bytes(b"made then")
    assert list(left_behind(plans, tmp_path)) == []
    here = list(tmp_path.glob("plans/da/*/to*"))
    (note,) = left_behind({"en", "tre"}, tmp_path)
    assert note.value == "to" and note.details["n"]["da"] == str(len(here) + 1)
    assert "plans/da, runs/2025-05/private/3_make_family_plans/documents/en" in note.line("en")
    assert all(file.is_file() for file in [*here, of_run / "to.docx"])


def test_a_folder_that_may_not_be_written_in_stops_all_plans_with_one_message(plans, profile, monkeypatch):
    def refuse(*given):
        raise PermissionError(13, "no", str(profile.folder / "plans"))

    monkeypatch.setattr("helhed.publishing.plan_making._made", refuse)
    with pytest.raises(DataNeedsWork, match="Der må ikke skrives i mappen"):
        list(make_plans(plans, profile, making()))
