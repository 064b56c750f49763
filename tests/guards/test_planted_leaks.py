"""Whatever is planted in whatever kind of file, the publish gate finds it; in clean files it finds nothing."""

import importlib.util
import io
from pathlib import Path

import pytest
from PIL import Image

from helhed.publishing.gate import Known, alarms_in
from helhed.publishing.promises_page import recorded


def _beside(name: str):
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


places = _beside("planted_places")
PLACES = places.PLACES | _beside("planted_corners").corners(places)

#: A sample number (month + 20) of the municipality's files; real-shaped ones are put together here, never written out.
OWN = "142388" + "0001"
DAY, REPLACEMENT = "3004" + "70", "9004" + "70"
#: What is planted, to the kind of alarm that it must give.
LEAKS = {
    f"{DAY}-0123": "cpr",
    f"{DAY}0123": "cpr",
    f"{DAY} 0123": "cpr",
    f"{REPLACEMENT}-0123": "cpr",
    f"{OWN[:6]}-{OWN[6:]}": "known_cpr",
    OWN: "known_cpr",
    "Bo-Erik Åkær Holm": "name",
    "Holm, Bo-Erik": "name",
    "Skovvej 12": "address",
    "bo.holm@eksempel.dk": "email",
    "tlf. 23 45 67 89": "phone",
    "k2m4p6q7r3s5t7u2": "pseudonym",
}
SECRET = b"only for this test"


@pytest.fixture(scope="module")
def known() -> Known:
    known = Known(cpr_numbers={OWN}, pseudonyms={"k2m4p6q7r3s5t7u2"}, phones={"23456789"})
    known.add_phrase("Bo-Erik Åkær Holm", "name")
    known.add_phrase("Skovvej 12", "address")
    return known


@pytest.mark.parametrize("name", PLACES)
def test_everything_planted_is_found(name, known):
    files = {leak: PLACES[name](leak) for leak in LEAKS}
    found = {leak: {alarm.kind for alarm in alarms_in(dict([file]), known, SECRET)} for leak, file in files.items()}
    assert {leak: kinds for leak, kinds in found.items() if LEAKS[leak] not in kinds} == {}


def test_at_least_three_hundred_leaks_are_planted():
    assert len(PLACES) * len(LEAKS) >= 300


def test_the_guide_tells_how_many_are_planted():
    assert recorded("leaks") == {"places": len(PLACES), "kinds": len(LEAKS)}


@pytest.mark.parametrize("name", PLACES)
def test_the_same_file_without_a_leak_is_let_through(name, known):
    assert alarms_in(dict([PLACES[name]("trivsel 12 familier")]), known, SECRET) == []


@pytest.mark.parametrize(
    "leak", [leak for leak, kind in LEAKS.items() if kind in ("cpr", "known_cpr") and leak[6] == "-"]
)
@pytest.mark.parametrize(
    "make",
    [
        lambda a, b: places.html(f"<table><tr><td>{a}</td><td>{b}</td></tr></table>"),
        lambda a, b: ("a.csv", f"a;b\n{a};{b}\n".encode()),
        lambda a, b: ("a.json", f'{{"rows": [["{a}", "{b}"]]}}'.encode()),
        lambda a, b: ("a.txt", f"{a}\n{b}\n".encode()),
        lambda a, b: places.excel(lambda book: book.active.append([a, b])),
        lambda a, b: places.excel(lambda book: book.active.append(["x", a, None, b])),
        lambda a, b: places.word(lambda document: _row(document, a, b)),
    ],
    ids=["page", "csv", "json", "lines", "sheet", "sheet_with_gap", "word_table"],
)
def test_a_number_split_over_cells_is_found(make, leak, known):
    first, last = leak.split("-")
    found = {alarm.kind for alarm in alarms_in(dict([make(first, last)]), known, SECRET)}
    assert LEAKS[leak] in found


def _row(document, first, last):
    cells = document.add_table(1, 2).rows[0].cells
    cells[0].text, cells[1].text = first, last


def test_a_number_whose_first_zero_excel_dropped_is_found(known):
    number = int("0104" + "80" + "0123")
    file = places.excel(lambda book: book.active.append([number]))
    assert [alarm.kind for alarm in alarms_in(dict([file]), known, SECRET)] == ["cpr"]


@pytest.mark.parametrize(
    "make",
    [
        lambda: places.word(lambda document: setattr(document.core_properties, "author", "Bodil Beck")),
        lambda: places.excel(lambda book: setattr(book.properties, "creator", "Bodil Beck")),
        lambda: places.pdf(lambda writer: writer.add_metadata({"/Author": "Bodil Beck"})),
        lambda: ("a.png", places.png(Author="Bodil Beck")),
        lambda: places.html("x", '<meta name="author" content="Bodil Beck">'),
    ],
    ids=["word", "excel", "pdf", "png", "page"],
)
def test_who_made_the_file_is_an_alarm(make, known):
    assert [alarm.kind for alarm in alarms_in(dict([make()]), known, SECRET)] == ["author"]


@pytest.mark.parametrize(
    "path",
    [
        "/" + "home/bodil/sag",
        "C:\\Users\\bodil\\sag",
        "file:///" + "home/b/x",
        "\\\\server\\drev\\sag",
        "/" + "Users/bodil/a",
    ],
)
def test_a_folder_of_a_machine_is_an_alarm(path, known):
    for name in ("page_text", "notebook_printed", "word_paragraph", "json_value", "png_text"):
        assert {alarm.kind for alarm in alarms_in(dict([places.PLACES[name](path)]), known, SECRET)} == {"path"}


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.docx", b"PK\x03\x04 not whole", "damaged"),
        ("a.pdf", b"%PDF-1.7 not whole", "damaged"),
        ("a.png", b"\x89PNG not whole", "damaged"),
        ("a.json", b"{", "damaged"),
        ("a.parquet", b"PAR1", "unknown_kind"),
        ("a.svg", b'<!DOCTYPE x [<!ENTITY a "b">]><svg>&a;</svg>', "entities"),
    ],
)
def test_a_file_nobody_can_vouch_for_is_an_alarm(name, content, reason, known):
    assert [alarm.kind for alarm in alarms_in({name: content}, known, SECRET)] == [f"unreadable_{reason}"]


def test_files_within_files_without_end_are_an_alarm(known):
    content = b"x"
    for _ in range(8):
        content = places.archive({"b.zip": content})[1]
    assert [alarm.kind for alarm in alarms_in({"a.zip": content}, known, SECRET)] == ["unreadable_too_deep"]


def test_no_alarm_shows_the_number_in_words_or_marks(known):
    alarms = alarms_in({"a.txt": f"{DAY}-0123".encode()}, known, SECRET)
    for lang in ("da", "en"):
        assert all("0123" not in alarm.line(lang) for alarm in alarms)
    again = alarms_in({"a.txt": f"{DAY}-0123".encode()}, known, b"another secret")
    assert alarms[0].mark != again[0].mark


def test_ordinary_numbers_are_no_alarm(known):
    said = (
        "12.345.678 kr., den 12-03-2024 kl. 10.30, 2024-03-12, uge 202412, § 32, stk. 1, 37 timer, 99,5 pct., 0,123456"
    )
    for name in ("page_text", "csv_cell", "word_paragraph", "json_value"):
        assert alarms_in(dict([places.PLACES[name](said)]), known, SECRET) == []


def test_the_decimals_of_a_share_are_no_alarm_and_a_number_with_decimals_is(known):
    shares = places.excel(lambda book: book.active.append([11 / 18, 0.30047001234]))
    assert alarms_in(dict([shares]), known, SECRET) == []
    number = places.excel(lambda book: book.active.append([float(f"{DAY}0123") + 0.123456]))
    assert {alarm.kind for alarm in alarms_in(dict([number]), known, SECRET)} == {"cpr"}


@pytest.mark.parametrize("per_inch", [72, 96, 110, 144, 150, 200, 300, 600])
def test_the_resolution_of_a_picture_is_no_alarm(per_inch, known):
    buffer = io.BytesIO()
    Image.new("RGB", (2, 2)).save(buffer, "png", dpi=(per_inch, per_inch))
    assert alarms_in({"a.png": buffer.getvalue()}, known, SECRET) == []
