"""What a municipality meets with its first exports: the kit's own file, blank rows, front sheets, unknown names."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter

from helhed.errors import DataNeedsWork
from helhed.intake.building.spells import benefit_spells
from helhed.intake.exports.folder import unread_problems
from helhed.intake.exports.preset import Preset, presets
from helhed.intake.proposals.guess import guess, names_staff
from helhed.intake.proposals.proposal import preset_text
from helhed.intake.pseudonyms import KEY_ID_FILE, Keyring, key_id, open_key
from helhed.intake.reading.readers import RawSheet, read_csv, read_export
from helhed.intake.sources import _assumed, typed
from helhed.profile import read_profile
from helhed.publishing.checking import check_municipality
from helhed.publishing.new_municipality import read_me

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data/furesoe"
KEYRING = Keyring(bytes(32), is_synthetic=True)
#: Invented: the month is written with 20 added.
PERSON = "142388" + "0001"
HEADINGS = ["CPR nummer", "Uge", "Beregnet udbetalingsbeløb", "Refusionsbeløb", "Refusion", "Ydelse"]
WEEKLY = presets()["ydelsesrefusion"]


@pytest.mark.parametrize("name", ["READ_ME.txt", "LAES_MIG.txt"])
def test_the_kits_own_file_among_the_exports_is_no_fault(tmp_path, name):
    (tmp_path / name).write_text(read_me("en"), encoding="utf-8")
    (tmp_path / f"x{name}").write_text("other", encoding="utf-8")
    found = unread_problems(tmp_path, [], range(2024, 2025))
    assert [(problem.code, problem.file) for problem in found] == [("intake.unread_ending", f"x{name}")]


@pytest.mark.parametrize("blank", ["  ;\u00a0", "   ", "\u00a0", ";;;", ' ; ; ;" "'])
def test_a_row_of_blanks_is_an_empty_row(tmp_path, blank):
    file = tmp_path / "x.csv"
    file.write_text(f"a;b\n1;2\n{blank}\n3;4\n", encoding="utf-8")
    sheet, problems = read_csv(file, "utf-8")
    assert sheet.frame["a"].to_dict() == {2: "1", 4: "3"}
    assert problems == []


def workbook(file: Path, **sheets) -> Path:
    with xlsxwriter.Workbook(file, {"default_date_format": "dd-mm-yyyy hh:mm"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                sheet.write_row(row, 0, cells)
    return file


def test_blank_rows_of_a_workbook_are_empty_rows(tmp_path):
    rows = [["a", "b"], ["1", "2"], [" ", "\u00a0"], ["3", "4"]]
    sheet, _ = read_export(workbook(tmp_path / "x.xlsx", Ark1=rows), "utf-8")
    assert sheet.frame["a"].to_dict() == {2: "1", 4: "3"}


def test_the_only_sheet_with_the_headings_is_read_and_said(tmp_path):
    rows = [HEADINGS, [PERSON, "202401", 100.0, 20.0, 20.0, "Sygedagpenge"]]
    front = [["Udtræk af ydelser"], ["Bestilt af", "Uge"]]
    sheet, problems = read_export(workbook(tmp_path / "x.xlsx", Forside=front, Data=rows), "utf-8", HEADINGS)
    assert sheet.frame["Ydelse"].tolist() == ["Sygedagpenge"]
    assert "other_sheet" in _assumed(sheet, WEEKLY).taken
    assert problems[-1].details == {"read": "Data", "others": "Forside"}
    two, _ = read_export(workbook(tmp_path / "y.xlsx", Forside=front, Data=rows, Mere=rows), "utf-8", HEADINGS)
    assert "Ydelse" not in two.frame and "other_sheet" not in two.taken


def test_an_unknown_benefit_is_one_line_on_the_screen(tmp_path):
    leave = shutil.ignore_patterns("runs", "skolefravaer*", "ydelsesrefusion_2024*", "ydelsesrefusion_2025*")
    folder = shutil.copytree(SAMPLE, tmp_path / "m", ignore=leave)
    row = f"{PERSON};202310;3000,00;600,00;20;Fleksløntilskud\n"
    (folder / "exports/ydelsesrefusion_2023.csv").write_text(";".join(HEADINGS) + "\n" + 3 * row, encoding="utf-8-sig")
    for lang, n in (("da", "ikke indgår: 3"), ("en", "left out: 3")):
        found = [line for line in check_municipality(folder, lang).lines if "Fleksløntilskud" in line]
        assert len(found) == 1 and n in found[0] and "presets" in found[0]


def test_a_reversed_payment_is_taken_from_the_sum(tmp_path):
    file = tmp_path / "ydelsesrefusion_2024.csv"
    amounts = ["3000,00;600,00", "-1000,00;-200,00"]
    rows = [f"{PERSON};202402;{pair};20;Sygedagpenge" for pair in amounts]
    file.write_text("\n".join([";".join(HEADINGS), *rows]) + "\n", encoding="utf-8")
    frame, problems = typed(read_csv(file, "utf-8", HEADINGS)[0], WEEKLY, KEYRING)
    assert [problem for problem in problems if problem.severity == "must_fix"] == []
    spells = benefit_spells(frame)
    assert spells[["paid_dkk", "refund_dkk"]].to_numpy().tolist() == [[2000.0, 400.0]]


def test_the_generic_workbook_stays_strict():
    amounts = [heading for heading in presets()["data_workbook_benefit_spell"].columns if heading.to.endswith("_dkk")]
    assert [heading.min for heading in amounts] == [0, 0]


def assumed_of(file: Path, preset: Preset) -> set[str]:
    headings = [heading.heading for heading in preset.columns]
    return set(_assumed(read_export(file, "utf-8", headings)[0], preset).taken)


def test_what_is_taken_for_granted_in_dates_and_spaces_is_said(tmp_path):
    preset = presets()["dubu_sager"]
    date = preset.heading_of("start_date")
    file = tmp_path / "x.csv"
    file.write_text(f"{date};x\n01-02-2024;1\n02-02-2024 00:00:00;2\n", encoding="utf-8")
    assert assumed_of(file, preset) == set()
    file.write_text(f"{date};x\n01-02-2024\u00a0;1\n2024-02-03 10:15;2\n", encoding="utf-8")
    assert assumed_of(file, preset) == {"hard_spaces", "date_orders", "times_dropped"}


def test_cpr_numbers_and_times_of_a_workbook_are_said(tmp_path):
    number, text = [float(PERSON), "202402"], [PERSON, "202402"]
    assert "cpr_numbers" in assumed_of(workbook(tmp_path / "x.xlsx", Ark=[HEADINGS[:2], number]), WEEKLY)
    assert "cpr_numbers" not in assumed_of(workbook(tmp_path / "y.xlsx", Ark=[HEADINGS[:2], text]), WEEKLY)
    timed = [["CPR nummer", "Uge"], [PERSON, pd.Timestamp("2024-02-03 10:15").to_pydatetime()]]
    assert "times_dropped" in assumed_of(workbook(tmp_path / "z.xlsx", Ark=timed), WEEKLY)


def test_a_hard_space_inside_a_cell_is_a_space():
    sheet = pd.DataFrame({"CPR nummer": [f"{PERSON[:6]}\u00a0{PERSON[6:]}", PERSON]}, index=[2, 3])
    only = Preset("x", {}, "person", (next(h for h in WEEKLY.columns if h.kind == "cpr"),), file="x")
    frame, problems = typed(RawSheet("x.csv", sheet.astype("str")), only, KEYRING)
    assert problems == [] and frame["person_id"].nunique() == 1 and len(frame) == 2


def test_a_deleted_fingerprint_is_found_in_the_runs(tmp_path):
    shutil.copy(SAMPLE / "profile.yml", tmp_path)
    key, other = "ab" * 32, "cd" * 32
    file = tmp_path / read_profile(tmp_path)["data.key_file"]
    record = tmp_path / "runs/a/manifest.json"
    record.parent.mkdir(parents=True)
    record.write_text(json.dumps({"key": key_id(bytes.fromhex(key))}), encoding="utf-8")
    with pytest.raises(DataNeedsWork) as missing:
        open_key(read_profile(tmp_path))
    file.write_text(other)
    with pytest.raises(DataNeedsWork) as wrong:
        open_key(read_profile(tmp_path))
    codes = [caught.value.problems[0].code for caught in (missing, wrong)]
    assert codes == ["intake.key_missing", "intake.wrong_key"]
    assert "runs/a/manifest.json" in str(wrong.value) and not (tmp_path / KEY_ID_FILE).exists()
    file.write_text(key)
    assert open_key(read_profile(tmp_path))[0].hex() == key and (tmp_path / KEY_ID_FILE).exists()


def test_a_day_that_the_kits_exports_require_is_required_in_a_proposal():
    rows = [[PERSON, "01-02-2024", "01-03-2024", "Støtteperson"], ["162388" + "0002", "05-02-2024", "", "Aflastning"]]
    frame = pd.DataFrame(rows, columns=["CPR", "Startdato", "Slutdato", "Indsats"], dtype="str")
    sheet = RawSheet("x.csv", frame)
    lines = preset_text(guess(sheet), sheet, "x", False, "en").splitlines()
    required = {
        line.split(":")[0].strip(' "'): "required: true" in line
        for line in lines
        if "to: start_date" in line or "to: end_date" in line
    }
    assert required == {"Startdato": True, "Slutdato": False}


@pytest.mark.parametrize("heading", ["Initialer", "initialer sagsbehandler", "Sagsbehandlers initialer"])
def test_initials_of_a_case_worker_are_staff(heading):
    assert names_staff(heading)
