"""The workbooks to fill in: what is filled in reads back as the exports would, and the cells guide the reader."""

import io
from datetime import datetime

import pandas as pd
import pytest
from openpyxl import load_workbook

from helhed.errors import Problem
from helhed.intake import family_list, read_municipality, unknown_code_lines
from helhed.intake.exports.data_workbook import declared_workbook, meaning_of
from helhed.intake.exports.preset import presets
from helhed.publishing.form_cells import name_in
from helhed.publishing.forms import DECISIONS, data_workbook, data_workbook_name, decisions_workbook
from helhed.tables import codes, tables
from helhed.texts import LANGUAGES

MOTHER, FATHER, GIRL, BOY = "1423880001", "0224850003", "0525104002", "1130134004"
WORKBOOKS = {"data": (data_workbook, data_workbook_name), "decisions": (decisions_workbook, lambda _lang: DECISIONS)}

#: What the town's exports say, as a person would write it: table to rows by canonical column; codes as codes.
BY_HAND = {
    "person": [
        {"person_id": MOTHER, "birth_date": datetime(1988, 3, 14), "sex": "f", "address_id": "A1", "district": "Nord",
         "origin_group": "danish", "from_date": datetime(2010, 1, 1)},
        {"person_id": "022485-0003", "birth_date": datetime(1985, 4, 2), "sex": "m", "address_id": "a2",
         "district": "Syd", "origin_group": "danish", "from_date": datetime(2010, 1, 1)},
        {"person_id": GIRL, "sex": "f", "address_id": "A1", "district": "Nord", "mother_id": MOTHER,
         "father_id": FATHER, "custody_ids": f"{MOTHER}, {FATHER}", "origin_group": "danish",
         "from_date": datetime(2010, 5, 5), "second_address_id": "A2"},
        {"person_id": BOY, "sex": "m", "address_id": "A1", "district": "Nord", "mother_id": MOTHER,
         "father_id": FATHER, "custody_ids": MOTHER, "origin_group": "danish", "from_date": datetime(2013, 10, 11)},
    ],
    "benefit_spell": [
        {"person_id": MOTHER, "benefit": "kontanthjaelp", "start_date": datetime(2023, 12, 18),
         "end_date": datetime(2024, 1, 7), "paid_dkk": 9001.5, "refund_dkk": 1800},
        {"person_id": MOTHER, "benefit": "kontanthjaelp", "start_date": datetime(2024, 1, 15),
         "end_date": datetime(2024, 1, 21), "paid_dkk": 3000.5, "refund_dkk": 600},
        {"person_id": FATHER, "benefit": "sygedagpenge", "start_date": datetime(2025, 3, 3), "paid_dkk": 3000.5,
         "refund_dkk": 600},
    ],
    "employment": [{"person_id": FATHER, "month": datetime(2024, 5, 1), "hours": 120.5, "in_education": False}],
    "child_case": [
        {"case_id": "S1", "person_id": GIRL, "case_type": "boernefaglig_undersoegelse", "section": "BL § 20",
         "start_date": datetime(2024, 2, 1), "status": "open"},
    ],
    "measure": [
        {"person_id": GIRL, "measure_type": "Fast kontaktperson", "measure_group": "preventive", "section": "BL § 32",
         "department": "children", "provider": "Huset", "start_date": datetime(2024, 3, 1),
         "price_per_month_dkk": 6500},
        {"person_id": BOY, "measure_type": "Familiebehandling", "measure_group": "preventive",
         "department": "children", "provider": "Nord", "start_date": datetime(2024, 2, 15)},
        {"person_id": MOTHER, "measure_type": "Bostøtte", "measure_group": "adult_social",
         "department": "adult_social", "provider": "Huset", "start_date": datetime(2024, 1, 1)},
        {"person_id": MOTHER, "measure_type": "Virksomhedspraktik", "measure_group": "work_based",
         "department": "employment", "start_date": datetime(2024, 4, 1), "end_date": datetime(2024, 6, 30)},
    ],
    "absence": [
        {"person_id": GIRL, "month": datetime(2024, 3, 1), "school_days": 20, "days_sick": 2.5, "days_permitted": 0,
         "days_unlawful": 1},
    ],
}  # fmt: skip
FLAGS = {"da": {True: "Ja", False: "Nej"}, "en": {True: "Yes", False: "No"}}


def filled(rows: dict[str, list[dict]], lang: str) -> bytes:
    """Return the blank workbook with rows written into it, as somebody with the workbook open would."""
    book = load_workbook(io.BytesIO(data_workbook(lang)))
    for table, lines in rows.items():
        preset = sheet_preset(table, lang)
        sheet = book[preset.sheet]
        headings = [cell.value for cell in sheet[1]]
        for number, line in enumerate(lines, start=2):
            for column, value in line.items():
                place = headings.index(preset.heading_of(column)) + 1
                sheet.cell(number, place).value = as_written(table, column, value, lang)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def sheet_preset(table, lang):
    file = data_workbook_name(lang)
    return next(p for p in presets().values() if p.workbook == file and p.table == table)


def as_written(table, column, value, lang):
    contract = {known.name: known for known in tables()[table].columns}.get(column)
    if isinstance(value, bool):
        return FLAGS[lang][value]
    return codes()[contract.codes][value][lang] if contract and contract.codes else value


def same_table(name: str, found: pd.DataFrame, expected: pd.DataFrame) -> None:
    # The measures' numbers tell which system they come from; everything else must be the same.
    left = ["measure_id"] if name == "measure" else []
    frames = [frame.drop(columns=left) for frame in (found, expected)]
    if left:
        frames = [frame.sort_values(list(frame.columns), ignore_index=True) for frame in frames]
    pd.testing.assert_frame_equal(*frames)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_written_by_hand_gives_the_same_tables_as_the_exports(town, lang):
    from_exports = read_municipality(town.profile)
    for file in (town.path / "exports").iterdir():
        file.unlink()
    (town.path / data_workbook_name(lang)).write_bytes(filled(BY_HAND, lang))
    by_hand = read_municipality(town.profile)
    assert [problem.message("en") for problem in by_hand.must_fix] == []
    # Which months an export covers is known of exports alone: what is written by hand is all there is.
    for name in tables().keys() - {"coverage"}:
        same_table(name, by_hand.tables[name], from_exports.tables[name])
    assert sorted(family_list(by_hand, town.profile)["cpr"]) == sorted([MOTHER, FATHER, GIRL, GIRL, BOY])
    for table in BY_HAND:
        assert len(by_hand.tables[table]) == len(BY_HAND[table]), table


def test_one_table_by_hand_stands_in_for_its_export(town):
    from_exports = read_municipality(town.profile)
    town.file("skolefravaer").unlink()
    without = read_municipality(town.profile)
    assert [p.code for p in without.must_fix] == ["intake.missing_file"]
    (town.path / data_workbook_name("da")).write_bytes(filled({"absence": BY_HAND["absence"]}, "da"))
    both = read_municipality(town.profile)
    assert both.must_fix == []
    (told,) = [p for p in both.problems if p.code == "intake.file_replaced"]
    assert "skolefravaer" in told.file and "Skolefravær" in told.message("en")
    same_table("absence", both.tables["absence"], from_exports.tables["absence"])


def test_weekly_benefits_may_be_written_as_spells(town):
    for stem in [stem for stem in town.exports if stem.startswith("ydelsesrefusion")]:
        town.file(stem).unlink()
    (town.path / data_workbook_name("en")).write_bytes(filled({"benefit_spell": BY_HAND["benefit_spell"]}, "en"))
    found = read_municipality(town.profile)
    assert found.must_fix == []
    assert len(found.tables["benefit_spell"]) == 3


def test_an_empty_workbook_says_nothing(town):
    before = read_municipality(town.profile)
    for lang in LANGUAGES:
        (town.path / data_workbook_name(lang)).write_bytes(data_workbook(lang))
    after = read_municipality(town.profile)
    assert after.problems == before.problems
    for name, table in before.tables.items():
        pd.testing.assert_frame_equal(after.tables[name], table)


@pytest.mark.parametrize(
    ("table", "column", "value", "code"),
    [
        ("absence", "days_sick", -1, "intake.below_limit"),
        ("absence", "month", datetime(2024, 3, 15), "intake.month_not_first"),
        ("employment", "in_education", "måske", None),
        ("child_case", "case_type", "noget andet", "intake.unknown_code"),
        ("person", "mother_id", "123", None),
        ("measure", "department", None, "intake.empty_cell"),
    ],
)
def test_a_wrong_cell_is_told_with_sheet_row_and_column(town, table, column, value, code):
    rows = {table: [{**BY_HAND[table][0], column: value}]}
    content = filled({table: [{k: v for k, v in rows[table][0].items() if k != column}]}, "da")
    book = load_workbook(io.BytesIO(content))
    preset = sheet_preset(table, "da")
    headings = [cell.value for cell in book[preset.sheet][1]]
    book[preset.sheet].cell(2, headings.index(preset.heading_of(column)) + 1).value = value
    book.save(town.path / data_workbook_name("da"))
    found = [p for p in read_municipality(town.profile).must_fix if p.file == "dataark.xlsx"]
    assert [(p.sheet, p.row, p.column) for p in found] == [(preset.sheet, 2, preset.heading_of(column))]
    assert code is None or found[0].code == code


def test_a_renamed_sheet_is_told(town):
    book = load_workbook(io.BytesIO(filled({"daycare": []}, "da")))
    book["Dagtilbud"].title = "Dagtilbud 2"
    book.save(town.path / data_workbook_name("da"))
    told = [p for p in read_municipality(town.profile).problems if p.file == "dataark.xlsx"]
    assert [(p.code, p.severity, p.sheet) for p in told] == [("intake.missing_sheet", "should_fix", "Dagtilbud")]


def opened(kind: str, lang: str):
    make, _ = WORKBOOKS[kind]
    return load_workbook(io.BytesIO(make(lang)))


def forms(kind: str, lang: str):
    file = WORKBOOKS[kind][1](lang)
    book = opened(kind, lang)
    return [(book[preset.sheet], preset) for preset in presets().values() if preset.workbook == file]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", WORKBOOKS)
def test_the_sheets_can_be_filled_in_and_nothing_else_can_be_changed(kind, lang):
    sheets = forms(kind, lang)
    assert len(sheets) == {"data": len(declared_workbook()["sheets"]), "decisions": 5}[kind]
    for sheet, preset in sheets:
        assert [cell.value for cell in sheet[1]] == [heading.heading for heading in preset.columns]
        assert sheet.protection.sheet and not sheet.protection.password
        assert sheet.freeze_panes == "A2" and sheet.print_title_rows == "$1:$1"
        assert sheet.page_setup.orientation == "landscape"
        # On one page across, or over more with the key on each: see `test_printed_workbooks`.
        is_on_one = (sheet.page_setup.fitToWidth or 1) == 1 and sheet.page_setup.fitToHeight == 0
        assert is_on_one or sheet.print_title_cols == "$A:$A"
        marked = {str(each.sqref).split("2")[0] for each in sheet.conditional_formatting}
        required = {c.column_letter for c, h in zip(sheet[1], preset.columns, strict=True) if h.required}
        assert marked == required
        for cell, heading in zip(sheet[1], preset.columns, strict=True):
            column = sheet.column_dimensions[cell.column_letter]
            assert cell.protection.locked and not column.protection.locked
            assert ("*" in cell.number_format) == heading.required
            assert cell.comment and meaning_of(preset.table, heading.to, lang) in cell.comment.text
            assert 8 <= column.width <= 40
            if heading.kind in ("cpr", "cprs", "id", "text", "address"):
                assert column.number_format == "@"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", WORKBOOKS)
def test_every_column_helps_and_refuses_what_does_not_fit(kind, lang):
    book = opened(kind, lang)
    for sheet, preset in forms(kind, lang):
        rules = {str(rule.sqref).split("2")[0]: rule for rule in sheet.data_validations.dataValidation}
        for cell, heading in zip(sheet[1], preset.columns, strict=True):
            rule = rules[cell.column_letter]
            assert rule.prompt and rule.promptTitle, (preset.sheet, heading.heading)
            assert str(rule.sqref).endswith("1048576")
            if heading.kind in ("code", "flag"):
                assert rule.type == "list" and rule.error
                assert listed(book, rule.formula1) == expected_list(heading, lang)
            elif heading.kind in ("cpr", "date", "month", "number"):
                assert rule.type in ("custom", "date", "decimal") and rule.error
            if heading.kind == "number" and heading.min is not None:
                assert float(rule.formula1) == heading.min
                assert heading.max is None or float(rule.formula2) == heading.max


def listed(book, formula):
    name, cells = formula.strip("=").split("!")
    assert book[name.strip("'")].sheet_state == "hidden"
    return [row[0].value for row in book[name.strip("'")][cells.replace("$", "")]]


def expected_list(heading, lang):
    if heading.kind == "flag":
        return list(FLAGS[lang].values())
    return [names[lang] for names in codes()[heading.code_list].values()]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_end_before_its_start_is_refused_in_the_cell(lang):
    for sheet, preset in forms("data", lang):
        if preset.has("end_date") and preset.has("start_date"):
            names = [heading.to for heading in preset.columns]
            start, end = (sheet.cell(2, names.index(name) + 1).coordinate for name in ("start_date", "end_date"))
            (rule,) = [r for r in sheet.data_validations.dataValidation if str(r.sqref).startswith(end)]
            assert f"{end}>={start}" in rule.formula1 and preset.heading_of("start_date") in rule.error


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", WORKBOOKS)
def test_the_first_two_sheets_explain_every_sheet_and_column(kind, lang):
    book = opened(kind, lang)
    read_me, columns = book.worksheets[:2]
    assert read_me.title == {"da": "Læs mig", "en": "Read me"}[lang]
    # In the English decisions the English name stands in brackets behind the Danish one.
    shown = {name for row in read_me for cell in row for name in (cell.value, str(cell.value).split(" (")[0])}
    told = [[cell.value for cell in row] for row in columns.iter_rows(min_row=2)]
    rows = {(sheet, column): rest for sheet, column, *rest in told}
    for _, preset in forms(kind, lang):
        assert {preset.sheet, tables()[preset.table].meaning(lang)} <= shown
        for heading in preset.columns:
            name = name_in(heading, preset, lang) if (kind, lang) == ("decisions", "en") else ""
            column = f"{heading.heading} ({name})" if name else heading.heading
            required, meaning, how = rows.pop((preset.sheet, column))
            assert required == FLAGS[lang][heading.required] and meaning and how
    assert not rows


def test_the_workbook_has_no_sheet_for_tables_that_are_built_and_none_shows_a_pseudonym():
    assert not {"family", "family_member"} & set(declared_workbook()["sheets"])
    for lang in LANGUAGES:
        for _, preset in forms("data", lang):
            assert not [h.heading for h in preset.columns if "pseudonym" in h.heading.casefold()]
            for heading in preset.columns:
                assert heading.to.endswith(("_id", "_ids")) <= (heading.kind in ("cpr", "cprs", "address", "id"))


def test_problems_of_the_workbook_can_be_told_in_both_languages():
    told = Problem("intake.file_replaced", "note", file="exports/x.csv", details={"stem": "x", "others": "y"})
    assert all("y" in told.message(lang) for lang in LANGUAGES)


def test_headings_of_the_english_decisions_stay_danish_and_show_their_english_name():
    danish, english = (load_workbook(io.BytesIO(decisions_workbook(lang))) for lang in LANGUAGES)
    for preset in (one for one in presets().values() if one.workbook == DECISIONS):
        heads = [list(next(book[preset.sheet].iter_rows(max_row=1))) for book in (danish, english)]
        assert [cell.value for cell in heads[0]] == [cell.value for cell in heads[1]]
        assert {cell.number_format for cell in heads[0]} <= {"General", '@" *"'}
    shown = {cell.value: cell.number_format for cell in next(english["Indskrivninger"].iter_rows(max_row=1))}
    assert shown["Kontakt-CPR"] == '@" (Contact, CPR number) *"'
    assert shown["Begrundelse"] == '@" (Reason)"'
    assert shown["Start"] == "General"


def change(file, sheet, column, value):
    """Write a value into the first row of a filled workbook."""
    book = load_workbook(file)
    headings = [cell.value for cell in book[sheet][1]]
    book[sheet].cell(2, headings.index(column) + 1).value = value
    book.save(file)


@pytest.mark.parametrize("fault", ["bad cell", "no workbook"])
def test_a_fault_on_a_sheet_does_not_make_the_file_that_it_stands_for_missing(town, fault):
    for stem in [stem for stem in town.exports if stem.startswith("ydelsesrefusion")]:
        town.file(stem).unlink()
    file = town.path / data_workbook_name("da")
    file.write_bytes(filled({"benefit_spell": BY_HAND["benefit_spell"][:1]}, "da"))
    if fault == "bad cell":
        change(file, "Ydelsesperioder", "Første dag", "i maj")
    else:
        file.write_bytes(b"PK no workbook")
    found = read_municipality(town.profile)
    assert {problem.file.rsplit("/", 1)[-1] for problem in found.must_fix} == {"dataark.xlsx"}
    assert "intake.missing_file" not in {problem.code for problem in found.problems}
    assert "intake.criterion_without_data" not in {problem.code for problem in found.problems}


def test_families_whose_row_could_not_be_read_are_not_said_to_be_missing(town):
    assert not [p for p in read_municipality(town.profile).problems if p.code.endswith("outside_course")]
    town.sheets["Indskrivninger"][0][1] = "ok"
    town.write_workbook()
    found = read_municipality(town.profile)
    assert [p.value for p in found.must_fix] == ["ok"]
    assert not [p for p in found.problems if p.code.endswith("outside_course")]
    # Without a fault on the sheet a family that is not there is missing.
    town.sheets["Indskrivninger"].clear()
    town.write_workbook()
    found = read_municipality(town.profile)
    assert {p.code for p in found.problems if p.code.endswith("outside_course")} == {
        "intake.meeting_outside_course",
        "intake.line_outside_course",
        "intake.registered_outside_course",
    }


def test_a_word_that_is_not_on_the_list_is_told_with_its_place_and_mended_on_the_sheet(town):
    town.sheets["Indskrivninger"] = [[*town.sheets["Indskrivninger"][0]] for _ in range(5)]
    for row in town.sheets["Indskrivninger"]:
        row[1] = "ok"
    town.write_workbook()
    found = read_municipality(town.profile)
    for lang, place, label in (
        ("da", "decisions.xlsx, ark »Indskrivninger«, række 2, 3, 4 …, kolonne »Beslutning«: »ok«", "venteliste"),
        ("en", "decisions.xlsx, sheet “Indskrivninger”, row 2, 3, 4 …, column “Beslutning”: “ok”", "waiting list"),
    ):
        (line,) = unknown_code_lines(found, lang)
        assert line.startswith(place) and label in line and "presets" not in line


def test_a_word_of_an_export_is_told_with_its_row_and_may_be_given_a_code(town):
    town.exports["ydelsesrefusion_2025"][0][8] = "Fleksløntilskud"
    town.write()
    (line,) = unknown_code_lines(read_municipality(town.profile), "da")
    assert line.startswith("ydelsesrefusion_2025.csv, række 2, kolonne »Ydelse«: »Fleksløntilskud«")
    assert "presets" in line


def test_neither_yes_nor_no_is_said_as_the_forms_say_it(town):
    (town.path / data_workbook_name("da")).write_bytes(filled({"employment": BY_HAND["employment"]}, "da"))
    change(town.path / data_workbook_name("da"), "Beskæftigelse og uddannelse", "Under uddannelse", "måske")
    (told,) = [p for p in read_municipality(town.profile).must_fix if p.code == "intake.bad_flag"]
    assert "Skriv ja eller nej" in told.message("da") and "Write yes or no" in told.message("en")


def test_an_instrument_is_known_with_and_without_its_hyphen(town):
    for row, written in zip(town.sheets["Registreringer"], ("WHO5", "who5", "WHO-5", "who-5", "Who5"), strict=True):
        row[2] = written
    town.write_workbook()
    found = read_municipality(town.profile)
    assert found.must_fix == []
    assert found.tables["registration"]["instrument"].tolist() == ["who5"] * 5
