"""Every way a file can be wrong gives a clear message in both languages and stops before the tables are used."""

import io
import stat

import pytest
from python_calamine import CalamineWorkbook

from helhed.errors import DataNeedsWork
from helhed.intake import error_workbook, raise_if_must_fix, read_municipality
from helhed.intake.exports.preset import presets
from helhed.intake.pseudonyms import Keyring
from helhed.intake.sources import read_source
from helhed.tables import tables
from helhed.texts import text


def rewrite(town, stem, change, encoding="utf-8-sig"):
    file = town.file(stem)
    file.write_text(change(file.read_text(encoding="utf-8-sig")), encoding=encoding)


def missing_file(town):
    town.file("dubu_sager").unlink()


def missing_year(town):
    town.file("ydelsesrefusion_2024").unlink()


def missing_workbook(town):
    (town.path / "decisions.xlsx").unlink()


def missing_sheet(town):
    del town.sheets["Møder"]
    town.write_workbook()


def comma(town):
    rewrite(town, "folkeregister", lambda text: text.replace(";", ","))


def tabulator(town):
    rewrite(town, "dubu_sager", lambda text: text.replace(";", "\t"))


def renamed_column(town):
    rewrite(town, "folkeregister", lambda text: text.replace("Fødselsdato", "Fødselsdag"))


def unknown_code(town):
    rewrite(town, "dubu_sager", lambda text: text.replace("Børnefaglig undersøgelse", "Paragraf 50"))


def wrong_encoding(town):
    rewrite(town, "folkeregister", lambda text: text, encoding="cp1252")


def profile_says_cp1252(town):
    rewrite(town, "folkeregister", lambda text: text, encoding="utf-8")
    town.write_profile(**{"data.encoding": "cp1252"})


def utf16(town):
    rewrite(town, "folkeregister", lambda text: text, encoding="utf-16")


def truncated_workbook(town):
    file = town.path / "decisions.xlsx"
    file.write_bytes(file.read_bytes()[:2000])


def truncated_export(town):
    town.file("folkeregister").with_suffix(".xlsx").write_bytes(b"PK\x03\x04 cut off")
    town.file("folkeregister").unlink()


def header_only(town):
    rewrite(town, "folkeregister", lambda text: text.split("\n")[0] + "\n")


def empty_file(town):
    town.file("folkeregister").write_text("")


def doubled_column(town):
    rewrite(town, "folkeregister", lambda text: text.replace("Distrikt", "Køn"))


def impossible_date(town):
    rewrite(town, "dubu_sager", lambda text: text.replace("01-02-2024", "31-02-2024"))


def point_for_comma(town):
    rewrite(town, "ydelsesrefusion_2023", lambda text: text.replace("3000,50", "3000.50"))


def folder_for_file(town):
    town.file("dubu_sager").unlink()
    town.file("dubu_sager").mkdir()


def two_files(town):
    town.file("dubu_sager").with_suffix(".xlsx").write_bytes(b"")


def impossible_week(town):
    rewrite(town, "ydelsesrefusion_2024", lambda text: text.replace("202403", "202453"))


def impossible_month(town):
    rewrite(town, "skolefravaer", lambda text: text.replace("2024-03", "2024-13"))


def not_yes_or_no(town):
    rewrite(town, "beskaeftigelse", lambda text: text.replace(";N", ";måske"))


def short_row(town):
    rewrite(town, "dubu_sager", lambda text: text + "S2;123\n")


def open_quote(town):
    rewrite(town, "dubu_sager", lambda text: text.replace("BL § 20", '"BL § 20') + "S2;1\n")


def bad_cpr(town):
    rewrite(town, "dubu_sager", lambda text: text.replace("0525104002", "525104002"))


def empty_cell(town):
    rewrite(town, "dubu_sager", lambda text: text.replace("01-02-2024", ""))


def too_many_hours(town):
    town.sheets["Koordinatorer"][0][1] = 40
    town.write_workbook()


CASES = [
    (missing_file, "dubu_sager", "missing_file", "dubu_sager.xlsx"),
    (missing_year, "ydelsesrefusion", "missing_file", "ydelsesrefusion_2024"),
    (missing_workbook, "moeder", "missing_workbook", "decisions.xlsx"),
    (missing_sheet, "moeder", "missing_sheet", "Registreringer"),
    (comma, "folkeregister", "wrong_separator", ","),
    (tabulator, "dubu_sager", "wrong_separator", "TAB"),
    (renamed_column, "folkeregister", "missing_column", "Fødselsdag"),
    (unknown_code, "dubu_sager", "unknown_code", "Paragraf 50"),
    (wrong_encoding, "folkeregister", "undecodable", "cp1252"),
    (profile_says_cp1252, "folkeregister", "is_utf8", "utf-8"),
    (utf16, "folkeregister", "is_utf16", "UTF-8"),
    (truncated_workbook, "planlinjer", "broken_workbook", "decisions.xlsx"),
    (truncated_export, "folkeregister", "broken_workbook", "folkeregister.xlsx"),
    (header_only, "folkeregister", "no_rows", "folkeregister.csv"),
    (empty_file, "folkeregister", "empty_file", "folkeregister.csv"),
    (doubled_column, "folkeregister", "doubled_column", "Køn"),
    (impossible_date, "dubu_sager", "date_impossible", "31-02-2024"),
    (point_for_comma, "ydelsesrefusion", "number_decimal_point", "3000.50"),
    (folder_for_file, "dubu_sager", "is_folder", "dubu_sager.csv"),
    (two_files, "dubu_sager", "two_files", "dubu_sager.csv, dubu_sager.xlsx"),
    (impossible_week, "ydelsesrefusion", "no_such_week", "202453"),
    (impossible_month, "skolefravaer", "month_impossible", "2024-13"),
    (not_yes_or_no, "beskaeftigelse", "bad_flag", "måske"),
    (short_row, "dubu_sager", "ragged_row", "dubu_sager.csv"),
    (open_quote, "dubu_sager", "broken_quotes", "dubu_sager.csv"),
    (bad_cpr, "dubu_sager", "cpr_nine_digits", "Barnets CPR nummer"),
    (empty_cell, "dubu_sager", "empty_cell", "Oprettet dato"),
    (too_many_hours, "koordinatorer", "above_limit", "37"),
]


def test_the_town_as_it_is_has_nothing_to_fix(town):
    found = read_municipality(town.profile, "en")
    raise_if_must_fix(found, "en")
    assert not found.must_fix


@pytest.mark.parametrize(("spoil", "source", "code", "named"), CASES, ids=[case[0].__name__ for case in CASES])
def test_a_bad_file_is_named_with_its_cure(town, spoil, source, code, named):
    spoil(town)
    keyring = Keyring(bytes(32), is_synthetic=True)
    _, found, *_ = read_source(presets()[source], town.profile, keyring)
    stopping = [problem for problem in found if problem.severity == "must_fix"]
    assert f"intake.{code}" in {problem.code for problem in stopping}
    messages = {lang: str(DataNeedsWork(stopping, lang)) for lang in ("da", "en")}
    for message in messages.values():
        assert named in message
        assert "{" not in message
    assert messages["da"] != messages["en"]


@pytest.mark.parametrize("spoil", [missing_file, renamed_column, truncated_workbook])
def test_whatever_is_wrong_the_reading_goes_to_the_end_and_then_stops(town, spoil):
    spoil(town)
    found = read_municipality(town.profile, "da")
    assert all(name in found.tables for name in tables())
    assert error_workbook(found, "da").startswith(b"PK")
    with pytest.raises(DataNeedsWork) as stopped:
        raise_if_must_fix(found, "da")
    assert stopped.value.exit_code == 1
    assert "Traceback" not in str(stopped.value)


def test_a_bad_cpr_number_is_never_repeated(town):
    bad_cpr(town)
    found = read_municipality(town.profile, "da")
    assert "525104002" not in "\n".join(problem.line("da") for problem in found.problems)


def test_at_most_twenty_problems_are_listed_and_the_rest_is_counted(town):
    row = town.exports["dubu_sager"][0]
    town.exports["dubu_sager"] = [[f"S{i}", *row[1:4], "99-99-2024", *row[5:]] for i in range(33)]
    town.write()
    with pytest.raises(DataNeedsWork) as stopped:
        raise_if_must_fix(read_municipality(town.profile, "en"), "en")
    lines = str(stopped.value).split("\n")
    assert len(lines) == 21
    assert "13 more" in lines[-1]


def test_an_optional_file_may_be_missing(town):
    for stem in ("sofus", "sensum", "jobcenter_indsatser", "beskaeftigelse"):
        town.file(stem).unlink()
    found = read_municipality(town.profile, "en")
    assert not found.must_fix
    assert {p.code for p in found.problems if p.severity == "note"} >= {"intake.no_optional_file"}
    assert found.tables["employment"].empty
    case = found.tables["child_case"]["case_id"].item()
    assert case != "S1" and found.tables["measure"]["measure_id"].tolist() == [f"dubu-{case}-001"]


def test_an_unknown_benefit_is_reported_and_left_out(town):
    rewrite(town, "ydelsesrefusion_2025", lambda text: text.replace("Sygedagpenge", "Diverse"))
    found = read_municipality(town.profile, "en")
    assert [p.severity for p in found.problems if p.code == "intake.unknown_code"] == ["should_fix"]
    assert found.tables["benefit_spell"]["benefit"].unique().tolist() == ["kontanthjaelp"]


def test_cp1252_and_excel_give_the_same_tables(town):
    first = read_municipality(town.profile, "en")
    for stem in town.exports:
        rewrite(town, stem, lambda text: text, encoding="cp1252")
    town.write_profile(**{"data.encoding": "cp1252"})
    second = read_municipality(town.profile, "en")
    for name, table in first.tables.items():
        assert table.equals(second.tables[name]), name


def test_cpr_numbers_do_not_survive_anywhere(town):
    mother = town.exports["sensum"][0][0]
    town.exports["dubu_indsatser"][0][16] = f"Aftalt med {mother[:6]}-{mother[6:]}"
    town.exports["dubu_sager"][0][0] = town.exports["dubu_indsatser"][0][20] = mother
    town.sheets["Indskrivninger"][0][2] = f"se {mother}"
    town.write()
    found = read_municipality(town.profile, "en")
    cells = [str(cell) for table in found.tables.values() for column in table for cell in table[column]]
    cells += [problem.line(lang) for problem in found.problems for lang in ("da", "en")]
    everything = "\n".join(cells)
    numbers = [row[0] for row in town.exports["folkeregister"]]
    for number in numbers:
        assert number not in everything
        assert f"{number[:6]}-{number[6:]}" not in everything
    assert "[fjernet]" in everything
    assert len(found.tables["measure"].query("department == 'children'")) == 2
    assert {p.severity for p in found.problems if p.code == "intake.cpr_removed"} == {"note"}


def test_a_new_key_is_readable_by_its_owner_alone(town):
    (town.path / "pseudonym.key").unlink()
    found = read_municipality(town.profile, "en")
    mode = stat.S_IMODE((town.path / "pseudonym.key").stat().st_mode)
    assert mode == 0o600
    assert "intake.new_key" in {problem.code for problem in found.problems}
    again = read_municipality(town.profile, "en")
    assert again.tables["person"].equals(found.tables["person"])


def test_a_broken_key_stops_at_once(town):
    (town.path / "pseudonym.key").write_text("not hexadecimal")
    with pytest.raises(DataNeedsWork, match="64 hexadecimal"):
        read_municipality(town.profile, "en")


def test_a_sample_number_is_refused_in_a_real_municipality(town):
    profile = (town.path / "profile.yml").read_text().replace("is_synthetic: true", "is_synthetic: false")
    profile = profile.replace("0999", "0190")
    (town.path / "profile.yml").write_text(profile)
    found = read_municipality(town.profile, "en")
    assert "intake.cpr_invented" in {problem.code for problem in found.must_fix}
    assert found.tables["person"].empty


@pytest.mark.parametrize("lang", ["da", "en"])
def test_the_error_workbook_has_a_sheet_per_file_and_no_formula(town, lang):
    rewrite(town, "dubu_sager", lambda text: text.replace("01-02-2024", "=1+1"))
    content = error_workbook(read_municipality(town.profile, lang), lang)

    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert "dubu_sager.csv" in book.sheet_names
    rows = book.get_sheet_by_name("dubu_sager.csv").to_python()
    assert [str(cell) for cell in rows[1][1:4]] == ["2", "Oprettet dato", "=1+1"]
    assert b"<f>" not in content
    assert content == error_workbook(read_municipality(town.profile, lang), lang)


def nearest_named(town, change):
    """Return what the missing columns of a file with other headings are said to be near to."""
    rewrite(town, "dubu_sager", change)
    found = read_source(presets()["dubu_sager"], town.profile, Keyring(bytes(32), is_synthetic=True))[1]
    return [problem.details["nearest"] for problem in found if problem.code == "intake.missing_column"]


@pytest.mark.parametrize("lines", ["# Helhed\nEn tekst\n", "CPR;Areal\n1;2\n", "# Oprettet dag;Areal\n1;2\n"])
def test_no_heading_is_called_nearest_that_is_not_near(town, lines):
    found = nearest_named(town, lambda _: lines)
    assert len(found) == 7 and not any(found)


def test_a_heading_that_is_near_is_named(town):
    def change(text):
        return text.replace("Oprettet dato", "Oprettelsesdato").replace("Sag status", "Areal")

    found = nearest_named(town, change)
    assert [nearest and nearest["da"] for nearest in found] == [
        text("intake.nearest_column", "da", heading="Oprettelsesdato"),
        "",
    ]
