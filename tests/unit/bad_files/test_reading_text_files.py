"""CSV files that are wrong as files: each is told with its place and its cure; none stops without words."""

import csv
import io
import sys
import unicodedata
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from helhed.intake import read_municipality
from helhed.intake.exports.preset import presets
from helhed.intake.pseudonyms import Keyring
from helhed.intake.reading.readers import find_file, read_csv
from helhed.intake.sources import read_source

KEYRING = Keyring(bytes(32), is_synthetic=True)
MOTHER_ROW, FATHER_ROW, GIRL_ROW = 2, 3, 4


def workbook_bytes() -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        book.add_worksheet("Ark1").write(0, 0, "CPR nummer")
    return content.getvalue()


def zip_bytes(*names: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return content.getvalue()


def lines(text: bytes) -> list[bytes]:
    return text.split(b"\n")


def with_line(text: bytes, position: int, *added: bytes) -> bytes:
    each = lines(text)
    return b"\n".join([*each[:position], *added, *each[position:]])


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
#: What the file becomes, the code, the row (None: the file as a whole) and what the message must name.
FAULTS = {
    "empty": (lambda t: b"", "empty_file", None, "Take the export again"),
    "only a byte order mark": (lambda t: b"\xef\xbb\xbf", "empty_file", None, ""),
    "only blank lines": (lambda t: b"\xef\xbb\xbf\r\n\r\n  \r\n", "empty_file", None, ""),
    "only separators": (lambda t: b";;;;\n;;;;\n" * 5000, "empty_file", None, ""),
    "header only": (lambda t: lines(t)[0], "no_rows", None, "headings only"),
    "header twice": (lambda t: with_line(t, 3, lines(t)[0].removeprefix(b"\xef\xbb\xbf")), "repeated_header", 4, ""),
    "a workbook named .csv": (lambda t: workbook_bytes(), "is_workbook", None, ".xlsx"),
    "a zip file": (lambda t: zip_bytes("folkeregister.csv"), "is_compressed", None, "Unpack"),
    "a cut zip file": (lambda t: zip_bytes("a")[:40], "is_compressed", None, "Unpack"),
    "a gzip file": (lambda t: b"\x1f\x8b\x08" + bytes(50), "is_compressed", None, ""),
    "a Word file": (lambda t: zip_bytes("word/document.xml"), "is_word", None, "Word"),
    "an OpenDocument file": (lambda t: zip_bytes("mimetype", "content.xml"), "is_open_document", None, ".ods"),
    "an old .xls": (lambda t: OLE, "is_old_workbook", None, ".xls"),
    "a locked workbook": (lambda t: OLE + "EncryptedPackage".encode("utf-16-le"), "is_protected", None, "password"),
    "a PDF": (lambda t: b"%PDF-1.7\n" + bytes(20), "is_pdf", None, "PDF"),
    "a web page": (lambda t: b"\r\n <!DOCTYPE HTML><html><table>", "is_html", None, "web page"),
    "a bare table of a web page": (lambda t: b"<table border=1><tr><td>CPR", "is_html", None, "HTML"),
    "an XML file": (lambda t: b'\xef\xbb\xbf<?xml version="1.0"?><Workbook>', "is_xml", None, "XML"),
    "a text document": (lambda t: b"{\\rtf1\\ansi CPR nummer}", "is_rtf", None, "RTF"),
    "a picture": (lambda t: b"\x89PNG\r\n\x1a\n" + bytes(40), "is_unknown", None, "neither"),
    "UTF-16": (lambda t: t.decode("utf-8-sig").encode("utf-16"), "is_utf16", None, "UTF-16"),
    "UTF-16 without a mark": (lambda t: t.decode("utf-8-sig").encode("utf-16-le"), "is_utf16", None, "UTF-16"),
    "NUL in a row": (lambda t: t.replace(b"A1;Nord;14", b"A1;No\0rd;14"), "nul_bytes", GIRL_ROW, "NUL"),
    "cp1252": (lambda t: t.decode("utf-8-sig").encode("cp1252"), "undecodable", 1, "cp1252"),
    "half UTF-8, half cp1252": (
        lambda t: t + "0525104002;;K;A9;Sønderby;;;;;;;\n".encode("cp1252"),
        "mixed_encodings",
        6,
        "two encodings",
    ),
    "commas": (lambda t: t.replace(b";", b","), "wrong_separator", 1, "“,”"),
    "pipes": (lambda t: t.replace(b";", b"|"), "wrong_separator", 1, "“|”"),
    "tabs under a title": (lambda t: b"Udtr\xc3\xa6k\n" + t[3:].replace(b";", b"\t"), "wrong_separator", None, "TAB"),
    "a short row": (lambda t: t + b"0525104002;05-05-2010\n", "ragged_row", 6, "2 fields"),
    "a semicolon in a text": (lambda t: t.replace(b"Nord;14", b"Nord;Vest;14"), "ragged_row", GIRL_ROW, "13 fields"),
    "a heading too few": (
        lambda t: t.replace(b"\n", b";x\n").replace(b";x\n", b"\n", 1),
        "ragged_head",
        1,
        "12 columns but the rows have 13",
    ),
    "a heading too many": (lambda t: t.replace(b";Distrikt", b";Distrikt;By", 1), "ragged_head", 1, "13 columns"),
    "an open quotation mark": (lambda t: t.replace(b"Syd", b'"Syd'), "broken_quotes", FATHER_ROW, "quotation"),
    "text behind a quotation mark": (lambda t: t.replace(b"Syd", b'"Syd"bo'), "broken_quotes", FATHER_ROW, ""),
    "two marks, a row apart": (
        lambda t: t.replace(b"A1;Nord;;", b'A1;"Nord;;').replace(b"A2;Syd", b'A2;Syd"'),
        "broken_quotes",
        MOTHER_ROW,
        "",
    ),
    "10 MB in a cell": (lambda t: t.replace(b"Syd", b"y" * 10_000_000), "huge_cell", FATHER_ROW, "32767"),
    "40,000 letters in a cell": (lambda t: t.replace(b"Syd", b"y" * 40_000), "huge_cell", FATHER_ROW, "32767"),
    "10 MB in the header": (lambda t: b"x" * 10_000_000 + t, "huge_cell", 1, "32767"),
    "a control character": (lambda t: t.replace(b"Syd", b"S\x0byd"), "control_character", FATHER_ROW, "U+000B"),
    "an escape sequence": (lambda t: t.replace(b"Syd", b"\x1b[31mSyd"), "control_character", FATHER_ROW, "U+001B"),
    "doubled column": (lambda t: t.replace(b"Distrikt", b"k\xc3\xb8n "), "doubled_column", 1, "Køn"),
    "renamed column": (lambda t: t.replace("Fødselsdato".encode(), b"F.dato"), "missing_column", 1, "“F.dato”"),
}


@pytest.mark.parametrize(("change", "code", "row", "named"), FAULTS.values(), ids=list(FAULTS))
def test_a_faulty_file_is_told_with_its_place_and_cure(town, told, change, code, row, named):
    file = town.file("folkeregister")
    file.write_bytes(change(file.read_bytes()))
    problem = told("folkeregister", code)
    assert problem.file == "folkeregister.csv"
    assert row is None or problem.row == row
    assert named in problem.line("en")


@pytest.mark.parametrize("limit", [10, 100_000_000])
@pytest.mark.parametrize("fault", ["10 MB in the header", "40,000 letters in a cell", "an open quotation mark"])
def test_a_limit_set_by_another_library_changes_nothing(town, told, limit, fault):
    change, code, row, _ = FAULTS[fault]
    file = town.file("folkeregister")
    file.write_bytes(change(file.read_bytes()))
    before = csv.field_size_limit(limit)
    try:
        assert told("folkeregister", code).row == row
        assert csv.field_size_limit() == limit
    finally:
        csv.field_size_limit(before)


LOST = {
    "replaced": ("S\ufffdnderby", "U+FFFD"),
    "saved twice": ("Sønderby".encode().decode("cp1252"), "U+00C3"),
}


@pytest.mark.parametrize(("district", "sign"), LOST.values(), ids=list(LOST))
def test_lost_letters_are_told_but_stop_nothing(town, told, district, sign):
    town.exports["folkeregister"][1][4] = district
    town.write()
    problem = told("folkeregister", "garbled_letters", "should_fix")
    assert (problem.row, problem.column) == (FATHER_ROW, "Distrikt")
    assert sign in problem.line("da")


def test_a_file_of_both_encodings_is_refused_in_cp1252_too(town, told):
    file = town.file("folkeregister")
    text = file.read_text(encoding="utf-8-sig")
    file.write_bytes(text.encode("cp1252") + "0525104002;;K;A9;Sønderby;;;;;;;\n".encode())
    town.write_profile(**{"data.encoding": "cp1252"})
    assert told("folkeregister", "mixed_encodings").row == 6


def test_a_byte_that_cp1252_does_not_have(town, told):
    file = town.file("folkeregister")
    file.write_bytes(file.read_text(encoding="utf-8-sig").encode("cp1252").replace(b"Syd", b"S\x81d"))
    town.write_profile(**{"data.encoding": "cp1252"})
    assert told("folkeregister", "undecodable").row == FATHER_ROW


# Names and places of files.

WRONG_NAMES = {
    "folkeregister.xls": ("is_old_workbook", ".xlsx"),
    "folkeregister.xlsm": ("is_macro_workbook", "macros"),
    "folkeregister.xlsb": ("is_binary_workbook", ".xlsb"),
    "folkeregister.ods": ("is_open_document", ".xlsx"),
    "folkeregister.txt": ("is_text_ending", ".csv"),
    "Folkeregister.TSV": ("is_text_ending", ".csv"),
    "folkeregister.pdf": ("is_pdf", "PDF"),
    "folkeregister.zip": ("is_compressed", "Unpack"),
    "folkeregister.html": ("is_html", "web page"),
    "folkeregister (1).csv": ("nearly_named", "folkeregister"),
    "Folke-register - Kopi.csv": ("nearly_named", "folkeregister"),
    "folkeregister.csv.csv": ("nearly_named", "folkeregister"),
    "folkeregister": ("nearly_named", ".csv"),
}


@pytest.mark.parametrize("name", WRONG_NAMES)
def test_a_file_of_nearly_the_right_name_is_named(town, told, name):
    code, named = WRONG_NAMES[name]
    town.file("folkeregister").rename(town.path / "exports" / name)
    problem = told("folkeregister", code)
    assert problem.file == name
    assert named in problem.line("en")


def test_other_exports_are_not_taken_for_the_one_that_is_missing(town, told):
    town.file("ydelsesrefusion_2024").unlink()
    assert "ydelsesrefusion_2024" in told("ydelsesrefusion", "missing_file").line("da")


def test_case_of_the_name_does_not_matter(town):
    town.file("folkeregister").rename(town.path / "exports" / "FolkeRegister.CSV")
    assert not read_municipality(town.profile, "en").must_fix


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS stores both names as one")
def test_a_name_in_two_pieces_is_the_same_name(tmp_path):
    written = unicodedata.normalize("NFD", "skolefravær_å.csv")
    (tmp_path / written).write_text("a;b\n1;2\n", encoding="utf-8")
    file, problems = find_file(tmp_path, "skolefravær_å")
    assert file.name == written and not problems


def test_a_link_to_nothing(town, told):
    town.file("folkeregister").unlink()
    town.file("folkeregister").symlink_to(town.path / "gone.csv")
    assert "link" in told("folkeregister", "not_a_file").line("en")


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that exists and cannot be read")
@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_a_file_that_cannot_be_read(town, told, ending):
    town.file("folkeregister").unlink()
    town.file("folkeregister").with_suffix(ending).symlink_to("/proc/self/mem")
    assert "open in another program" in told("folkeregister", "unreadable").line("en")


def test_a_folder_named_csv(town, told):
    town.file("folkeregister").unlink()
    town.file("folkeregister").mkdir()
    assert "folder" in told("folkeregister", "is_folder").line("en")


# What looks odd and is read all the same: the same rows, and a word about what was taken for granted.

HARMLESS = {
    "CR LF": (lambda t: t.replace(b"\n", b"\r\n"), set()),
    "CR alone": (lambda t: t.replace(b"\n", b"\r"), set()),
    "no line break at the end": (lambda t: t.rstrip(b"\n"), set()),
    "a semicolon at the end of every line": (lambda t: t.replace(b"\n", b";\n"), {"separators_at_end"}),
    "a semicolon at the end of every line but the first": (
        lambda t: t.replace(b"\n", b";\n").replace(b";\n", b"\n", 1),
        {"separators_at_end"},
    ),
    "a title and a blank line": (
        lambda t: b"\xef\xbb\xbfUdtr\xc3\xa6k pr. 1. januar\n\n" + t.removeprefix(b"\xef\xbb\xbf"),
        {"rows_above"},
    ),
    "Excel's note on the separator": (
        lambda t: b"\xef\xbb\xbfsep=;\n" + t.removeprefix(b"\xef\xbb\xbf"),
        {"rows_above"},
    ),
    "a second byte order mark": (lambda t: b"\xef\xbb\xbf" + t, set()),
    "letters in two pieces": (
        lambda t: unicodedata.normalize("NFD", t.decode()).encode(),
        {"composed_letters"},
    ),
    "headings in capitals with spaces": (
        lambda t: t.replace(b"Distrikt", b" DISTRIKT  ").replace("Køn".encode(), "KØN ".encode()),
        set(),
    ),
    "all fields in quotation marks": (
        lambda t: (
            b"\xef\xbb\xbf"
            + b"\n".join(
                b";".join(b'"' + cell + b'"' for cell in line.split(b";")) for line in lines(t[3:].rstrip(b"\n"))
            )
        ),
        set(),
    ),
    "blank lines between": (lambda t: t.replace(b"\n", b"\n\n"), set()),
}


@pytest.mark.parametrize(("change", "taken"), HARMLESS.values(), ids=list(HARMLESS))
def test_what_means_nothing_changes_nothing_and_is_recorded(town, change, taken):
    town.exports["folkeregister"][0][4] = "Smålandsvænget"
    town.write()
    before, *_ = read_source(presets()["folkeregister"], town.profile, KEYRING)
    file = town.file("folkeregister")
    file.write_bytes(change(file.read_bytes()))
    after, found, assumed, *_ = read_source(presets()["folkeregister"], town.profile, KEYRING)
    assert not [problem for problem in found if problem.severity != "note"]
    assert len(after) == 4
    columns = [column for column in before.columns if column != "row_"]
    assert before[columns].equals(after[columns])
    assert set(assumed[0].taken) == {"byte_order_mark"} | taken


def test_where_the_headings_are_is_told(town, told):
    file = town.file("folkeregister")
    title = "Folkeregister;;;\nUdtrukket 1. februar\n\n"
    file.write_text(title + file.read_text(encoding="utf-8-sig"), encoding="utf-8")
    assert told("folkeregister", "rows_above", "note").row == 4
    file.write_text(file.read_text(encoding="utf-8").replace(";Syd;", ';"Syd;'), encoding="utf-8")
    assert told("folkeregister", "broken_quotes").row == FATHER_ROW + 3


@pytest.mark.parametrize("fault", ["a heading too few", "a heading too many"])
def test_headings_that_do_not_fit_the_rows_are_one_problem(town, fault):
    file = town.file("folkeregister")
    file.write_bytes(FAULTS[fault][0](file.read_bytes()))
    _, found, *_ = read_source(presets()["folkeregister"], town.profile, KEYRING)
    assert [problem.code for problem in found] == ["intake.ragged_head"]


def test_a_file_whose_only_row_is_short_is_not_called_empty_too(town):
    town.file("sofus").write_bytes(lines(town.file("sofus").read_bytes())[0] + b"\n01-02-2024;x\n")
    _, found, *_ = read_source(presets()["sofus"], town.profile, KEYRING)
    assert [problem.code for problem in found] == ["intake.ragged_row"]


def test_a_file_of_several_pieces_is_one(tmp_path):
    """Pieces of a file meet in the middle of rows, of fields with line breaks and of letters of two bytes."""
    cells = [(f"{i:06d}", 'æ"";\n' * (i % 5) + "ø" * (i % 300)) for i in range(60_000)]
    written = [f'{first};"{second}"' for first, second in cells]
    written[40_000] += ";x"
    file = tmp_path / "x.csv"
    file.write_text("nr;tekst\n" + "\n".join(written) + "\n", encoding="utf-8")
    assert file.stat().st_size > 2 * 8_000_000
    sheet, problems = read_csv(file, "utf-8")
    assert [(p.code, p.row) for p in problems] == [("intake.ragged_row", 40_002)]
    del cells[40_000]
    assert sheet.frame["nr"].tolist() == [first for first, _ in cells]
    assert sheet.frame["tekst"].tolist() == [second.replace('""', '"') for _, second in cells]


def test_values_without_a_heading_are_told(town, told):
    file = town.file("folkeregister")
    each = file.read_text(encoding="utf-8-sig").rstrip("\n").split("\n")
    text = "\n".join([each[0] + ";", each[1] + ";", each[2] + ";ring først", *(line + ";" for line in each[3:])])
    file.write_text(text, encoding="utf-8")
    problem = told("folkeregister", "nameless_column", "should_fix")
    assert (problem.row, "Column 13" in problem.line("en")) == (FATHER_ROW, True)
    assert not read_municipality(town.profile, "en").must_fix


def test_a_file_of_300_columns_is_told_in_one_short_note(town, told):
    file = town.file("folkeregister")
    each = file.read_text(encoding="utf-8-sig").rstrip("\n").split("\n")
    extra = ";" + ";".join(f"Ekstra {i}" for i in range(300))
    file.write_text("\n".join([each[0] + extra, *(line + ";" * 300 for line in each[1:])]), encoding="utf-8")
    line = told("folkeregister", "unknown_column", "note").line("en")
    assert "Ekstra 0" in line and "+290" in line and len(line) < 300


def test_marks_inside_a_field_and_line_breaks_inside_marks_are_text(tmp_path):
    file = tmp_path / "x.csv"
    file.write_text('navn;mål;slut\n5" rør;"a\nb";1\n“x”;"siger ""ja""; nej";2\n', encoding="utf-8")
    sheet, problems = read_csv(file, "utf-8")
    assert not problems
    assert sheet.frame["navn"].tolist() == ['5" rør', "“x”"]
    assert sheet.frame["mål"].to_dict() == {2: "a\nb", 3: 'siger "ja"; nej'}
