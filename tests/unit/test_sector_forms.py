"""What the offices send: forms and FHIR in one folder become lines of the plans, and no name of a person stays."""

import io
import json
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest
from typer.testing import CliRunner

from helhed import cli, kit_files
from helhed.errors import WrongCall
from helhed.plan.assembly import assemble_plans
from helhed.plan.example import EXAMPLE_DAY, example_tables
from helhed.plan.fhir import plan_to_fhir
from helhed.plan.forms import SECTOR_PLANS, family_form, workbook
from helhed.plan.forms.layout import SECTOR_SHEETS
from helhed.plan.forms.reading import read_raw
from helhed.plan.merge import n_lines_in
from helhed.plan.names import NameList
from helhed.profile import declared_entries
from helhed.publishing.sector_forms import (
    sent_in_words,
    sent_lines,
    sent_workbook,
    take_in_sector_plans,
    with_sector_plans,
    write_fhir,
    write_sector_forms,
)

RUNNER = CliRunner()
NUMBER = "010120" + "3000"
NAMES = NameList({"barn": "Liv Opdigtet"}, {"barn": NUMBER})


class Settings(dict):
    name, is_synthetic, folder = "Eksempel", True, None


@pytest.fixture
def profile(tmp_path):
    settings = Settings({key: entry.default for key, entry in declared_entries().items()})
    settings["data.to_date"] = EXAMPLE_DAY
    settings.folder = tmp_path
    return settings


def filled(content, rows):
    book = openpyxl.load_workbook(io.BytesIO(content))
    for row in rows:
        book["Mål og handlinger"].append([None, *row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_forms_go_out_and_come_back_as_lines_without_names(profile, tmp_path):
    tables = example_tables()
    plans = assemble_plans(tables, profile, EXAMPLE_DAY)
    files = list(write_sector_forms(plans, tmp_path, "da", ("excel", "word"), NAMES))
    assert len(files) == 2 * (len(SECTOR_PLANS) + 1) and all(file.is_file() for file in files)

    folder = tmp_path / "sector_plans"
    folder.mkdir()
    sent = next(file for file in files if file.name == "bolig.xlsx").read_bytes()
    row = [
        "Liv Opdigtet – Barn 1 (12 år)",
        "bolig",
        "Liv får eget værelse",
        "Ansøge",
        "Boligrådgiver",
        None,
        None,
        "i gang",
    ]
    folder.joinpath("bolig Liv Opdigtet.xlsx").write_bytes(filled(sent, [row, row]))
    folder.joinpath("plan.json").write_text(json.dumps(plan_to_fhir(plans["eksempel"], "da")), encoding="utf-8")
    folder.joinpath("~$bolig.xlsx").write_bytes(b"open in Excel")
    folder.joinpath("noter.txt").write_text("hej", encoding="utf-8")

    found = take_in_sector_plans(profile, tables, "da", NAMES)
    n_lines = len(plans["eksempel"].lines)
    assert len(found.lines) == 2 + n_lines
    assert {problem.code for problem in found.problems} == {"plan_forms.name_removed", "plan_forms.other_file"}
    together = with_sector_plans(profile, tables, "da")
    plan = assemble_plans(together, profile, EXAMPLE_DAY)["eksempel"]
    assert len(plan.lines) == n_lines_in(together, EXAMPLE_DAY) == 2 * n_lines + 2
    mine = [line for line in plan.lines if line.owner == "Boligrådgiver"]
    assert [line.goal for line in mine] == ["Barn 1 får eget værelse"] * 2
    assert sorted(line.duplicate for line in mine) == ["no", "possible"]
    stored = tmp_path / "plans" / "sector_lines.parquet"
    assert "Opdigtet" not in pd.read_parquet(stored).to_csv() + repr(plan)


def test_a_form_that_was_taken_out_of_the_folder_is_out_of_the_plan_the_next_time(profile, tmp_path):
    tables = example_tables()
    plans = assemble_plans(tables, profile, EXAMPLE_DAY)
    list(write_fhir(plans, tmp_path, "en"))
    folder = tmp_path / "sector_plans"
    folder.mkdir()
    file = folder / "plan.json"
    file.write_bytes((tmp_path / "plans" / "en" / "fhir" / "eksempel.json").read_bytes())
    assert len(take_in_sector_plans(profile, tables, "en").lines) == len(plans["eksempel"].lines)
    file.unlink()
    assert len(take_in_sector_plans(profile, tables, "en").lines) == 0
    assert len(with_sector_plans(profile, tables, "da")["plan_line"]) == len(tables["plan_line"])


def test_what_lies_in_the_folder_is_in_the_plans_whether_or_not_it_was_taken_in_first(profile, tmp_path):
    tables = example_tables()
    plans = assemble_plans(tables, profile, EXAMPLE_DAY)
    assert len(sent_lines(profile, tables, "da").lines) == 0
    assert "sector_plans" in sent_in_words(sent_lines(profile, tables, "da"), "da")
    forms = {file.name: file for file in write_sector_forms(plans, tmp_path, "da", ("excel",), NAMES)}
    folder = tmp_path / "sector_plans"
    folder.mkdir()
    row = ["Liv Opdigtet – Barn 1 (12 år)", "bolig", "Liv får eget værelse", "Ansøge", None, None, None, "i gang"]
    folder.joinpath("bolig.xlsx").write_bytes(filled(forms["bolig.xlsx"].read_bytes(), [row]))
    folder.joinpath("tom.xlsx").write_bytes(b"no workbook")
    # Without a name list too: the form itself says who "Liv" is. The file that is no form is told.
    sent = sent_lines(profile, tables, "da")
    assert sent.lines["goal"].tolist() == ["Barn 1 får eget værelse"]
    assert "1 linjer" in sent_in_words(sent, "da") and "ikke kunne læses: 1." in sent_in_words(sent, "da")
    list_ = openpyxl.load_workbook(io.BytesIO(sent_workbook(sent, "da"))).active
    assert [cell.value for cell in list_["A"]][:2] == ["Alvor", "skal løses"] and "tom.xlsx" in list_["B2"].value
    # Taken in with a longer name list, its lines count as long as the files are the same.
    take_in_sector_plans(profile, tables, "da", NameList({"barn": "Liv Opdigtet", "lille": "Eget"}, {}))
    assert sent_lines(profile, tables, "da").problems == ()
    folder.joinpath("bolig.xlsx").write_bytes(filled(forms["bolig.xlsx"].read_bytes(), [row, row]))
    assert sent_lines(profile, tables, "da").problems != ()
    assert len(sent_lines(profile, tables, "da").lines) == 2


@pytest.mark.parametrize("ending", ["xlsx", "docx"])
def test_every_blank_form_of_the_kit_has_all_its_fields(ending):
    folder = kit_files.folder("templates") / "sector_plans"
    for source_plan in SECTOR_PLANS:
        for lang in ("da", "en"):
            file = folder / f"{source_plan}_{lang}.{ending}"
            raw = read_raw(file.read_bytes(), SECTOR_SHEETS, file.name, lang)
            assert raw.problems == () and raw.lang("da") == lang
            assert all(part.missing == () and part.unknown == () for part in raw.sheets.values())
            assert {sheet.name for sheet in SECTOR_SHEETS} == set(raw.sheets)


@pytest.mark.parametrize("command", ["sector-forms", "merge", "fhir", "name-list"])
def test_commands_say_what_is_wrong_with_their_words(command, tmp_path):
    told = RUNNER.invoke(cli.app, ["plan", command, str(tmp_path / "nowhere"), "--lang", "en"])
    assert told.exit_code != 0
    assert "nowhere" in told.output + str(told.exception)
    assert RUNNER.invoke(cli.app, ["plan", command, "--help"]).exit_code == 0


def test_a_departments_system_gets_only_what_it_may_see_and_nothing_once_consent_is_gone(profile, tmp_path):
    plans = assemble_plans(example_tables(), profile, EXAMPLE_DAY)
    (whole,) = write_fhir(plans, tmp_path, "da")
    (part,) = write_fhir(plans, tmp_path, "da", "housing")
    assert part.name == "eksempel-bolig.json"
    # Of the example's lines only the housing plan's own is housing's; nobody else shares with it.
    assert "En plan for huslejen" in part.read_text() and "Samtaler hos psykolog" not in part.read_text()
    assert "Samtaler hos psykolog" in whole.read_text()
    gone = {name: replace(plan, consents=(), consent_date=None) for name, plan in plans.items()}
    assert list(write_fhir(gone, tmp_path, "en")) == [] and not whole.exists() and not part.exists()


def test_an_unknown_department_is_named_with_those_there_are(tmp_path):
    done = RUNNER.invoke(cli.app, ["plan", "fhir", str(tmp_path), "--department", "jobcenter", "--lang", "da"])
    assert isinstance(done.exception, WrongCall)
    assert "»jobcenter«" in str(done.exception) and "employment" in str(done.exception)


def test_a_familys_form_is_in_its_plan_whether_or_not_it_was_taken_in_first(profile, tmp_path):
    tables = example_tables()
    plans = assemble_plans(tables, profile, EXAMPLE_DAY)
    folder = tmp_path / "sector_plans"
    folder.mkdir()
    row = {"contact_id": None, "who": "Liv Opdigtets mormor", "contact_kind": "private"}
    row |= dict.fromkeys(("network_of", "what", "takes_part"))
    form = family_form("da", "eksempel", plans["eksempel"].members, written={"network": [row]})
    folder.joinpath("familie.xlsx").write_bytes(workbook(form))
    assert len(sent_lines(profile, tables, "da").written) == 1
    take_in_sector_plans(profile, tables, "da", NAMES)
    # What was taken in while names were known counts, without them.
    plan = assemble_plans(with_sector_plans(profile, tables, "da"), profile, EXAMPLE_DAY)["eksempel"]
    assert plan.network[0].who.endswith("mormor") and "Liv" not in plan.network[0].who
    assert "1." in sent_in_words(sent_lines(profile, tables, "da"), "da")
    folder.joinpath("familie.xlsx").unlink()
    assert assemble_plans(with_sector_plans(profile, tables, "da"), profile, EXAMPLE_DAY) == plans
