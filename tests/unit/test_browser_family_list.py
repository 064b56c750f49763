"""The reader's own list: what may stand in a cell, which files open, and what is said of those that do not."""

import io
import json
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment

from helhed.browser.family_list import Seen, number_of, read_families
from helhed.browser.kit import kit_of
from helhed.browser.page import Page
from helhed.browser.table_files import UnreadableFile, formulas_without_value, sheets_of
from helhed.publishing.browser_kit import browser_kit
from helhed.publishing.family_list_file import family_list_workbook

KIT = kit_of(browser_kit("da"))
HEADS = ["Familie", "mindst én voksen på offentlig forsørgelse", "mindst ét barn med en åben børnesag", "Har plads nu"]


def workbook(rows, title="Ark1"):
    book, buffer = openpyxl.Workbook(), io.BytesIO()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    book.save(buffer)
    return buffer.getvalue()


def semicolons(rows, encoding="utf-8"):
    return "\r\n".join(";".join("" if cell is None else str(cell) for cell in row) for row in rows).encode(encoding)


def read(rows):
    return read_families({"Ark1": rows}, KIT.columns)


@pytest.mark.parametrize("name", ["list.xlsx", "list.csv"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_excel_and_csv_give_the_same_families(name, encoding):
    rows = [HEADS, ["A1", 7, "2+", "ja"], ["A2", None, "nej", "nej"]]
    content = workbook(rows) if name.endswith("xlsx") else semicolons(rows, encoding)
    found = read_families(sheets_of(name, content), KIT.columns)
    assert [family.name for family in found.families] == ["A1", "A2"]
    first, second = found.families
    assert (first.has_place, second.has_place) == (True, False)
    assert first.seen["adult_on_benefit"] == Seen(7, False) and first.seen["open_child_case"] == Seen(2, True)
    assert second.seen["adult_on_benefit"] == Seen() and second.seen["open_child_case"] == Seen(None, False)
    assert found.faults == ()


@pytest.mark.parametrize("lang", ["da", "en"])
def test_headings_may_stand_in_either_language_and_below_a_title(lang):
    heads = [column["heads"][0] for column in browser_kit(lang)["columns"]]
    found = read([["Vores liste"], [], [head.upper() for head in heads], ["7"]])
    assert len(found.columns) == len(heads) == len(KIT.columns) and found.families[0].row == 4


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1.234", 1234),
        ("1 234,5", 1234.5),
        ("0,5", 0.5),
        ("0.123", 0.123),
        (".5", 0.5),
        ("12 %", 0.12),
        ("12,3%", 0.123),
    ]
    + [
        ("JA", 1),
        ("no", 0),
        (True, 1),
        (3, 3),
        ("tre", None),
        (float("nan"), None),
        ("1,2,3", None),
        ("12-01-2024", None),
    ],
)
def test_numbers_are_read_as_danes_and_the_english_write_them(cell, value):
    assert number_of(cell) == value


@pytest.mark.parametrize("cell", ["2+", "2 +", "mindst 2", "at least 2", ">=2", "≥ 2"])
def test_a_value_may_be_more_than_is_known(cell):
    assert read([HEADS, ["A1", cell]]).families[0].seen["adult_on_benefit"] == Seen(2, True)


@pytest.mark.parametrize("cell", ["", "?", "-", "ved ikke", None, "  "])
def test_not_known_is_not_no(cell):
    assert read([HEADS, ["A1", cell, 0]]).families[0].seen["adult_on_benefit"] == Seen()


@pytest.mark.parametrize(
    ("cell", "code"), [("mange", "not_a_value"), (-1, "not_a_count"), (1.5, "not_a_count"), ("#N/A", "not_a_value")]
)
def test_what_does_not_fit_is_told_with_its_place_and_counts_as_not_known(cell, code):
    found = read([HEADS, ["A1", cell]])
    fault = found.faults[0]
    assert (fault.code, fault.sheet, fault.row, fault.column) == (code, "Ark1", 2, HEADS[1])
    assert found.families[0].seen["adult_on_benefit"] == Seen()
    assert KIT.words.say(f"fault_{code}", value=cell)


def test_shares_flags_and_decisions_have_their_own_limits():
    heads = ["Familie", "højt skolefravær hos mindst ét barn", "én voksen alene med børn", "Mødets beslutning", "Andet"]
    found = read(
        [
            heads,
            ["A1", 12, 2, "måske", "x"],
            ["A1", "9 %", 1, "venteliste"],
            [None, 0.1, 1],
            ["A3", 0.1, "ja", "tilbydes plads"],
        ]
    )
    codes = ["family_missing", "family_twice", "not_a_share", "not_yes_or_no", "unknown_column", "unknown_decision"]
    assert sorted(fault.code for fault in found.faults) == codes
    assert [(family.name, family.decision) for family in found.families] == [("A1", ""), ("A3", "include")]


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.xlsx", b"", "empty_file"),
        ("a.xls", b"\xd0\xcf\x11\xe0" + b"x" * 50, "old_excel"),
        ("a.xlsx", b"PK\x03\x04 broken", "damaged_file"),
        ("a.pdf", b"%PDF-1.7", "damaged_file"),
        ("a.docx", (Path(__file__).parents[2] / "templates" / "samtykke_da.docx").read_bytes(), "word_file"),
        ("a.csv", b"Navn;Alder\n1;2", "no_family_column"),
        ("a.csv", b"Familie\n" + b"1\n" * 20_001, "too_large"),
        ("a.csv", ("Familie;x\n010100" + "3000;2\n").encode(), "cpr_in_list"),
        ("a.csv", ("Familie;x\n1;0101" + "00-3000\n").encode(), "cpr_in_list"),
    ],
)
def test_a_file_that_is_no_list_is_told_in_words_and_nothing_of_it_is_shown(lang, name, content, code):
    with pytest.raises(UnreadableFile) as told:
        read_families(sheets_of(name, content), KIT.columns)
    assert told.value.code == code
    page = Page(json.dumps(browser_kit(lang)))
    answer = json.loads(page.answer("target", json.dumps({"rule": "furesoe"}), name, content))
    assert answer["saved"] is None and browser_kit(lang)["texts"][f"unreadable_{code}"][:30] in answer["html"]
    assert "{" not in answer["html"]
    assert "0101" not in answer["html"]


NUMBER = "010100" + "3000"


def with_other_sheet(book):
    book.create_sheet("Noter").append([None, f"ring til {NUMBER}"])


def with_comment(book):
    book.active["B2"].comment = Comment(f"se sag {NUMBER}", "Mette")


def with_name_of_sheet(book):
    book.create_sheet(NUMBER)


def with_page_header(book):
    book.active.oddHeader.center.text = NUMBER


def with_title(book):
    book.properties.title = f"sag {NUMBER}"


def refused(place):
    return KIT.words.html("unreadable_cpr_in_list", place=place)


@pytest.mark.parametrize(
    ("hide", "place"),
    [
        (with_other_sheet, "ark Noter, række 1, kolonne B"),
        (with_comment, "en kommentar, ark Ark1, række 2, kolonne B"),
        (with_name_of_sheet, "navnet på ark nr. 2"),
        (with_page_header, "et sidehoved eller en sidefod, ark Ark1"),
        (with_title, "filens egenskaber (i Excel: Filer, Oplysninger)"),
    ],
)
def test_a_cpr_number_anywhere_in_a_workbook_is_refused_with_its_place(hide, place):
    book = openpyxl.load_workbook(io.BytesIO(workbook([HEADS, ["A1", 7, 1, "ja"]])))
    assert "<td>" in told_of(saved(book))
    hide(book)
    html = told_of(saved(book))
    assert html == f"<p>{refused(place)}</p>" and NUMBER not in html
    assert "arkenes navne" in html


def test_a_comment_is_told_with_its_own_sheet():
    book = openpyxl.load_workbook(io.BytesIO(workbook([HEADS, ["A1", 7, 1, "ja"]])))
    for title, written in (("Uden", ""), ("Noter", NUMBER)):
        book.create_sheet(title)["C4"].comment = Comment(f"se sag {written}", "Mette")
    assert refused("en kommentar, ark Noter, række 4, kolonne C") in told_of(saved(book))


def test_a_comment_in_pieces_of_different_letters_is_read_as_a_whole():
    book = openpyxl.load_workbook(io.BytesIO(workbook([HEADS, ["A1", 7, 1, "ja"]])))
    with_comment(book)
    pieces = f"{NUMBER[:6]}</t><t>{NUMBER[6:]}"
    content = with_parts(saved(book), "comments", NUMBER.encode(), pieces.encode())
    assert refused("en kommentar, ark Ark1, række 2, kolonne B") in told_of(content)


def with_parts(content, part, before, after):
    """Return a workbook with something else written in one kind of its parts."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as packed, zipfile.ZipFile(changed, "w") as written:
        for name in packed.namelist():
            text = packed.read(name)
            written.writestr(name, text.replace(before, after) if part in name else text)
    return changed.getvalue()


def test_a_cpr_number_in_the_name_of_the_file_is_refused():
    content = semicolons([HEADS, ["A1", 7, 1, "ja"]])
    assert refused("filens navn") in told_of(content, f"familie_{NUMBER[:6]}-{NUMBER[6:]}.csv")
    assert "A1" in told_of(content, "familier.csv")


def test_what_lies_beyond_the_columns_that_are_read_is_not_left_unsearched():
    row = [*HEADS, *[None] * 300, NUMBER]
    assert KIT.words.html("unreadable_too_large") in told_of(workbook([row, ["A1"]]))


def saved(book):
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def told_of(content, name="list.xlsx", lang="da", rule="furesoe"):
    page = Page(json.dumps(browser_kit(lang)))
    return json.loads(page.answer("target", json.dumps({"rule": rule}), name, content))["html"]


@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_list_with_headings_alone_is_told_what_is_missing(lang):
    html = told_of(semicolons([HEADS]), "a.csv", lang)
    assert html == f"<p>{kit_of(browser_kit(lang)).words.html('says_no_families')}</p>"
    assert "<table>" in told_of(semicolons([HEADS, ["", 7, 1, "ja"]]), "a.csv", lang)


@pytest.mark.parametrize(("column", "most"), [("Måneder på ydelse det seneste år", 12), (HEADS[1], 36)])
def test_more_months_than_there_are_count_as_not_known(column, most):
    heads = ["Familie", column]
    fault = read([heads, ["A1", 9999]]).faults[0]
    assert (fault.code, fault.most) == ("above_most", most) and read([heads, ["A1", most]]).faults == ()
    assert f"»9999« er flere måneder, end der kan tælles her: højst {most}." in told_of(workbook([heads, ["A1", 9999]]))


def test_more_months_than_the_model_looks_back_are_told():
    rows = [HEADS, ["A1", 7, 1], ["A2", 6, 1]]
    said = "Antal familier med et tal over 6 måneder"
    assert f"{said} i kolonnen »{HEADS[1]}«: 1." in told_of(workbook(rows))
    assert said not in told_of(workbook([HEADS, ["A2", 6, 1]])) and said not in told_of(workbook(rows), rule="assens")


@pytest.mark.parametrize(("lang", "written"), [("da", "»1. marts 2025«"), ("en", "“1 March 2025”")])
def test_a_date_is_written_as_the_language_does(lang, written):
    html = told_of(workbook([HEADS, ["A1", datetime(2025, 3, 1)]]), lang=lang)
    assert written in html and "00:00" not in html


@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_row_that_is_left_out_is_not_said_to_count_as_not_known(lang):
    words = kit_of(browser_kit(lang)).words
    html = told_of(workbook([HEADS, ["A1", 7, 1], ["A1", 6, 1]]), lang=lang)
    assert words.html("fault_family_twice", value="A1") in html
    unknown = {"da": "»vides ikke«", "en": "“not known”"}[lang]
    assert unknown not in html and unknown in told_of(workbook([HEADS, ["A1", "mange", 1]]), lang=lang)


def test_a_cpr_number_that_lost_its_zero_in_excel_is_seen():
    with pytest.raises(UnreadableFile, match="cpr_in_list"):
        read_families(sheets_of("a.xlsx", workbook([HEADS, [int("10100" + "3000"), 1]])), KIT.columns)


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize(
    "head",
    ["Navn", "Fornavn", "Mors navn", "Barnets efternavn", "Name", "First name", "last_name", "Adresse", "Address"]
    + ["Telefon", "Tlf.", "Telefonnr.", "Mobilnummer", "Phone", "E-mail", "mailadresse", "CPR-nr.", "Personnummer"],
)
def test_a_column_of_persons_is_to_be_deleted_and_nothing_of_it_is_shown(head, lang):
    words = kit_of(browser_kit(lang)).words
    html = told_of(workbook([["Familie", head, HEADS[1]], ["F1", "Mette Jensen", 7]]), lang=lang)
    fault = read([["Familie", head], ["F1", "Mette Jensen"]]).faults[0]
    assert (fault.code, fault.row, fault.column) == ("person_column", 1, "B")
    assert words.html("fault_person_column", value=fault.value) in html and "Mette" not in html
    assert words.say("place_column", value="B") in html


@pytest.mark.parametrize("head", ["Kontor", "Andet", "Mobilitet", "Mailkvote", "Personer"])
def test_another_heading_that_is_not_known_may_stand(head):
    assert [fault.code for fault in read([["Familie", head], ["F1", 1]]).faults] == ["unknown_column"]


@pytest.mark.parametrize("lang", ["da", "en"])
def test_formulas_that_were_saved_without_their_result_are_told_by_column(lang):
    heads = ["Familie", HEADS[1], HEADS[2], "Andet"]
    rows = [[f"F{n}", f"={n}+6", 1, "=1"] for n in range(3)]
    html = told_of(workbook([heads, *rows, ["F9", 7, "=1", None]]), lang=lang)
    words = kit_of(browser_kit(lang)).words
    for n in (3, 1):
        assert words.html("fault_uncomputed", value=n) in html
    # What is no column of the list is not read, so nothing is missing there.
    assert html.count(words.html("fault_uncomputed", value="{}").partition("{}")[0]) == 2
    assert words.html("fault_uncomputed", value="").partition(":")[0] not in told_of(workbook([heads, ["F1", 7, 1, 1]]))


def test_a_formula_that_was_saved_with_its_result_is_read():
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADS[:3])
    sheet.write_row(1, 0, ["F1"])
    sheet.write_formula(1, 1, "=3+4", value=7)
    sheet.write_formula(1, 2, '=""', value="gone")
    book.close()
    content = with_parts(buffer.getvalue(), "worksheets", b"<v>gone</v>", b"<v></v>")
    assert {title: dict(n) for title, n in formulas_without_value(content).items()} == {"Sheet1": {}}
    assert sheets_of("list.xlsx", content)["Sheet1"][1] == ["F1", 7, None]


@settings(max_examples=40)
@given(
    st.lists(
        st.lists(st.one_of(st.none(), st.text(max_size=8), st.integers(), st.floats(), st.booleans()), max_size=5),
        max_size=5,
    )
)
def test_whatever_stands_in_a_list_it_is_read_or_told(rows):
    try:
        found = read([HEADS, *rows])
    except UnreadableFile as unreadable:
        assert unreadable.code in ("cpr_in_list", "no_family_column")
        return
    assert len({family.name for family in found.families}) == len(found.families)


@pytest.mark.parametrize("lang", ["da", "en"])
def test_the_blank_list_can_be_read_and_says_what_each_column_counts(lang):
    content = family_list_workbook(lang)
    assert content == family_list_workbook(lang)
    found = read_families(sheets_of("list.xlsx", content), KIT.columns)
    assert found.families == () and len(found.columns) == len(KIT.columns)
    explained = list(sheets_of("list.xlsx", content).values())[1][4:]
    assert len(explained) == len(KIT.columns) and all(len(row[2]) > 15 for row in explained)
