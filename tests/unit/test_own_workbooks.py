"""The municipality's own workbooks: blank forms are read back, and what is wrong in them is said with its place."""

import io
import zipfile

import openpyxl
import pandas as pd
import pytest

from helhed.economy import blank_workbook
from helhed.errors import ProfileNeedsWork
from helhed.profile.own_rules import own_workbook_problems
from helhed.profile.own_workbooks import own_workbooks, read_workbook
from helhed.publishing import interviews
from helhed.publishing.checking import check_municipality
from helhed.texts import document_name
from tests.unit.bad_files.conftest import Municipality

BOOKS = ("economy", "interviews", "soem")
PRICE = ("Plejefamilie", "51.000", "måned", 2024, "Takstblad")


def filled(folder, name, lang, sheet, lines):
    """Write a blank workbook with lines added to a sheet into a folder."""
    declared = own_workbooks()[name]
    book = openpyxl.load_workbook(io.BytesIO(blank_workbook(name, lang)))
    for line in lines:
        # Cells below the headings are blank but styled: the first empty line is the second.
        place = book[declared.sheets[sheet].label(lang)]
        row = max((cell.row for cell in place["A"] if cell.value is not None), default=1) + 1
        for column, value in enumerate(line, start=1):
            place.cell(row, column).value = value
    book.save(folder / declared.file)


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize("name", BOOKS)
def test_blank_workbook_is_read_back_empty_and_is_the_same_bytes_twice(name, lang, tmp_path):
    written = blank_workbook(name, lang)
    assert written == blank_workbook(name, lang) and zipfile.is_zipfile(io.BytesIO(written))
    (tmp_path / own_workbooks()[name].file).write_bytes(written)
    tables = read_workbook(tmp_path, name, lang)
    assert all(table.empty for table in tables.values())
    assert {key: list(table.columns)[1:] for key, table in tables.items()} == {
        key: list(sheet.columns) for key, sheet in own_workbooks()[name].sheets.items()
    }
    # No file is the same as an empty one.
    absent = read_workbook(tmp_path / "nowhere", name, lang)
    assert all(absent[key].dtypes.equals(tables[key].dtypes) for key in tables)


@pytest.mark.parametrize("lang", ["da", "en"])
def test_values_are_read_as_people_write_them(tmp_path, lang):
    period = {"da": "måned", "en": "month"}[lang]
    filled(tmp_path, "economy", lang, "prices", [(PRICE[0], "51.000,50", period, "2024", "Takst"), PRICE])
    found = read_workbook(tmp_path, "economy", lang)["prices"]
    assert found["price_dkk"].tolist() == [51_000.5, 51_000]
    assert found["period"].tolist() == ["month", "month"] and found["year"].tolist() == [2024, 2024]
    assert found["row"].tolist() == [2, 3]


@pytest.mark.parametrize(
    ("sheet", "line", "words"),
    [
        ("prices", ("A", 1000, "måned", None, "Takst"), ("Priser", "row 2", "Prisens år", "no year")),
        ("prices", ("A", "dyr", "måned", 2024, "Takst"), ("Pris i kr.", "“dyr”")),
        ("prices", ("A", 1000, "kvartal", 2024, "Takst"), ("“kvartal”", "month")),
        ("prices", ("A", 1000, "måned", 24, "Takst"), ("“24”", "four digits")),
        ("prices", ("A", 1000, "måned", 2024, None), ("Kilde", "must be filled in")),
        ("payers", ("anbringelse", "i maj", 1, 0, 0, "x"), ("“i maj”", "31-12-2024")),
        ("payers", ("anbringelse", "01-01-2024", "120 %", 0, 0, "x"), ("120 %", "between 0% and 100%")),
        ("prices", ("010100" + "3000", 1, "måned", 2024, "x"), ("CPR number",)),
    ],
)
def test_each_fault_is_named_with_its_place(tmp_path, sheet, line, words):
    filled(tmp_path, "economy", "da", sheet, [line])
    with pytest.raises(ProfileNeedsWork) as error:
        read_workbook(tmp_path, "economy", "en")
    assert all(word in str(error.value) for word in ("economy.xlsx", *words))
    assert "010100" + "3000" not in str(error.value)


#: A line of a sheet of economy.xlsx, and where and with which value its fault is told.
TOLD_IN_CHECK = [
    ("prices", ("A", "ni tusind", "måned", 2024, "x"), (2, "Pris i kr.", "ni tusind")),
    ("prices", ("B", 1000, "uger", 2024, "x"), (3, "Periode", "uger")),
    ("prices", ("C", 1000, "måned", None, "x"), (4, "Prisens år", "")),
    ("payers", ("anbringelse", "01-01-2024", 0.9, 0.4, 0, "x"), (2, "", "130")),
    ("refund", ("01-01-2024", 4, 0.5, 0.5, "x"), (2, "", "01-01-2024")),
]


@pytest.mark.parametrize("lang", ["da", "en"])
def test_the_check_tells_every_fault_of_the_own_economy_with_its_place(tmp_path, lang):
    folder = Municipality(tmp_path / "town").path
    book = openpyxl.load_workbook(io.BytesIO(blank_workbook("economy", "da")))
    for sheet, line, (row, _, _) in TOLD_IN_CHECK:
        for column, value in enumerate(line, start=1):
            book[own_workbooks()["economy"].sheets[sheet].da].cell(row, column).value = value
    book.save(folder / "economy.xlsx")
    result = check_municipality(folder, lang)
    found = [problem for problem in own_workbook_problems(folder) if problem.file == "economy.xlsx"]
    assert {(p.sheet, p.row, p.column, p.value) for p in found} == {
        (own_workbooks()["economy"].sheets[sheet].da, *place) for sheet, _, place in TOLD_IN_CHECK
    }
    assert result.n_must_fix == len(found) == len(TOLD_IN_CHECK)
    assert {problem.line(lang) for problem in found} == set(result.lines)
    listed = openpyxl.load_workbook(folder / "check" / document_name("errors.xlsx", lang))["economy.xlsx"]
    told = {cell.value for row in listed for cell in row}
    assert {problem.message(lang) for problem in found} <= told


def test_what_follows_from_another_fault_is_not_told(tmp_path):
    lines = [("anbringelse", "01-01-2024", "en del", 0.4, 0, "x"), ("anbringelse", "i maj", 0.5, 0.5, 0, "x")]
    filled(tmp_path, "economy", "da", "payers", lines)
    assert [(p.row, p.code) for p in own_workbook_problems(tmp_path)] == [
        (2, "workbooks.misfit_share"),
        (3, "workbooks.misfit_date"),
    ]
    filled(tmp_path, "economy", "da", "refund", [("01-01-2024", "resten", 0.5, 0.5, "x")])
    assert [p.code for p in own_workbook_problems(tmp_path)] == ["workbooks.misfit_number"]
    filled(tmp_path, "economy", "da", "payers", [("anbringelse", "01-01-2024", 0.5, 0.3, 0.2, "x")])
    book = openpyxl.load_workbook(tmp_path / "economy.xlsx")
    book["Betalere"]["E1"] = None
    book.save(tmp_path / "economy.xlsx")
    assert [p.code for p in own_workbook_problems(tmp_path)] == ["workbooks.no_heading"]


def test_file_sheet_and_headings_that_cannot_be_used(tmp_path):
    (tmp_path / "economy.xlsx").write_bytes(b"no workbook")
    with pytest.raises(ProfileNeedsWork, match="cannot be opened"):
        read_workbook(tmp_path, "economy", "en")
    book = openpyxl.Workbook()
    book.save(tmp_path / "economy.xlsx")
    with pytest.raises(ProfileNeedsWork, match="none of the sheets"):
        read_workbook(tmp_path, "economy", "en")
    book.active.title = "Priser"
    book.active.append(["Indsats", "Prissen i kr."])
    book.save(tmp_path / "economy.xlsx")
    with pytest.raises(ProfileNeedsWork) as error:
        read_workbook(tmp_path, "economy", "en")
    assert "nearest known one is “Price in DKK”" in str(error.value) and "“Source” is missing" in str(error.value)


def statements(rows) -> pd.DataFrame:
    """Return statements: interviewee, theme, direction, consent, quote."""
    columns = ["interviewee", "theme", "direction", "may_quote", "quote"]
    found = pd.DataFrame(rows, columns=columns).assign(role="parent")
    return found.assign(row=range(2, len(found) + 2))


MANY = statements(
    [(f"I{n:02}", "trust", "better", n % 2 == 0, f"Words {n}") for n in range(6)]
    + [("I00", "trust", "worse", True, "Later words"), ("I01", "work", "better", True, "Alone")]
)


def test_each_person_counts_once_in_a_theme():
    counts = interviews.theme_counts(MANY).set_index("theme")
    # I00 says better once and worse once: both.
    assert counts.loc["trust"].to_dict() == {"n_persons": 6, "better": 5, "unchanged": 0, "worse": 0, "mixed": 1}
    assert counts.index.tolist() == ["trust", "work"]


def test_quotes_need_consent_and_enough_persons_and_never_say_who():
    shown = interviews.quotes(MANY, 5)
    assert shown["quote"].tolist() == ["Words 0", "Words 2"]
    assert list(shown.columns) == ["theme", "quote"]
    assert interviews.quotes(MANY, 7).empty
    assert interviews.quotes(MANY.assign(may_quote=False), 5).empty
    long = interviews.quotes(MANY.assign(quote="word " * 200), 5)["quote"]
    assert long.str.len().max() <= interviews.LONGEST_QUOTE + 2 and long.str.endswith("…").all()


@pytest.mark.parametrize("lang", ["da", "en"])
def test_few_interviews_are_counted_for_nobody(lang):
    few = interviews.interview_sentences(MANY[MANY["interviewee"].isin(["I00", "I01"])], 5, lang)
    assert len(few) == 1 and "2" not in few[0]
    none = interviews.interview_sentences(MANY.head(0), 5, lang)
    assert "interviews.xlsx" in none[0]
    assert "6" in interviews.interview_sentences(MANY, 5, lang)[0]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"interviewee": "Mette"}, "looks like a name"),
        ({"quote": "Call me on 12 34 56 78"}, "phone number"),
        ({"quote": "write to a@b.dk"}, "e-mail"),
        ({"role": ["parent", "coordinator"] * 4}, "two roles"),
    ],
)
def test_statements_that_show_who_speaks_are_refused(change, word):
    with pytest.raises(ProfileNeedsWork) as error:
        interviews.checked_statements(MANY.assign(**{"interviewee": "I01", **change}), "en")
    assert word in str(error.value) and "interviews.xlsx" in str(error.value)
    assert "Mette" not in str(error.value) and "12 34" not in str(error.value)
    assert interviews.checked_statements(MANY) is MANY
