"""Export presets: those of the kit, a municipality's own ones, and those proposed for a file that none reads."""

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from helhed.intake import read_municipality
from helhed.intake.exports.feeds import feeds
from helhed.intake.exports.folder import unclaimed_files
from helhed.intake.exports.own_presets import checked_preset, presets_of
from helhed.intake.exports.preset import Heading, Preset, presets
from helhed.intake.exports.preset_check import declared_fields
from helhed.intake.proposals.guess import guess
from helhed.intake.proposals.proposal import preset_text, proposed_presets
from helhed.intake.reading.readers import RawSheet, read_export
from helhed.intake.values.periods import period
from helhed.profile import read_profile
from helhed.publishing.checking import check_municipality
from helhed.tables import tables
from helhed.texts import LANGUAGES

ROOT = Path(__file__).resolve().parents[2]
KIT = sorted((ROOT / "src/helhed/intake/exports/presets").glob("*.yml"))
SAMPLE = ROOT / "sample_data/furesoe"
#: Invented: the month is written with 20 added.
MOTHER, GIRL = "142388" + "0001", "052510" + "4002"
PROFILE = """
name: Prøveby
municipality_code: "0190"
model: furesoe
is_synthetic: true
settings:
  project.start_date: 2024-01-01
"""


@pytest.fixture
def folder(tmp_path):
    """Return a municipality's folder with a profile, a key and empty folders for exports and presets."""
    (tmp_path / "exports").mkdir()
    (tmp_path / "presets").mkdir()
    (tmp_path / "pseudonym.key").write_text("ab" * 32)
    (tmp_path / "profile.yml").write_text(PROFILE, encoding="utf-8")
    return tmp_path


def write_export(folder: Path, name: str, *rows: str) -> None:
    (folder / "exports" / name).write_text("\n".join(rows) + "\n", encoding="utf-8-sig")


def write_preset(folder: Path, name: str, content: str) -> None:
    (folder / "presets" / name).write_text(content, encoding="utf-8")


# The kit's own presets


@pytest.mark.parametrize("file", KIT, ids=lambda file: file.stem)
def test_the_kits_presets_pass_the_check_of_own_presets(file):
    preset, problems = checked_preset(file.stem, file.read_text(encoding="utf-8"), file.name)
    assert [problem.line("en") for problem in problems] == []
    assert preset == presets()[file.stem]


def test_every_field_of_a_preset_may_be_declared():
    of_preset, of_heading = declared_fields()
    assert of_preset == set(Preset.__dataclass_fields__) - {"name"}
    # Words are added to a preset by a file of their own.
    assert of_heading == set(Heading.__dataclass_fields__) - {"heading", "words"}


@pytest.mark.parametrize("feed", feeds().values(), ids=lambda feed: feed.table)
def test_what_a_table_needs_can_be_given(feed):
    assert {name for need in feed.needs for name in need.split("|")} <= set(feed.columns)
    assert feed.months in {"", *feed.columns}
    contract = tables().get(feed.table)
    assert contract is None or {c.name for c in contract.columns if c.required} <= {*feed.columns, *_BUILT}


_BUILT = ("family_id", "line_id", "meeting_id", "measure_group")


def test_a_pattern_or_a_year_in_the_name_of_the_file():
    assert presets()["jobindsats"].reads("Jobindsats_Y36A02")
    assert not presets()["jobindsats"].reads("jobindsats")
    assert presets()["ydelsesrefusion"].reads("ydelsesrefusion_2024")
    assert not presets()["ydelsesrefusion"].reads("ydelsesrefusion_2024_ny")


# Official figures


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2025Q4", ("2025-10-01", "quarter")),
        ("2025K1", ("2025-01-01", "quarter")),
        ("3. kvartal 2024", ("2024-07-01", "quarter")),
        ("2024M02", ("2024-02-01", "month")),
        ("2024-11", ("2024-11-01", "month")),
        ("Okt 2024", ("2024-10-01", "month")),
        ("december  2024", ("2024-12-01", "month")),
        ("2024", ("2024-01-01", "year")),
        ("2024M13", None),
        ("2025Q5", None),
        ("foo 2024", None),
        ("01-02-2024", None),
        ("", None),
    ],
)
def test_periods_of_official_statistics(written, expected):
    found = period(written)
    assert found == (expected and (pd.Timestamp(expected[0]), expected[1]))


def figures(folder: Path) -> pd.DataFrame:
    return read_municipality(read_profile(folder, "en")).tables["official_figure"]


def test_jobindsats_becomes_official_figures(folder):
    write_export(
        folder,
        "jobindsats_Y36A02.csv",
        "Periode;Område;Køn;Antal personer;Antal fuldtidspersoner",
        "Jan 2025;Furesø;I alt;1.045;40,5",
        "Jan 2025;Furesø;Kvinder;20;19",
        "Jan 2025;Hele landet;I alt;60.000;50.000",
        "2025M02;190;I alt;..;41",
    )
    rows = figures(folder)[["area_code", "area_name", "series", "period_start", "period_kind", "unit", "value"]]
    first, second = pd.Timestamp("2025-01-01"), pd.Timestamp("2025-02-01")
    assert rows.values.tolist() == [
        ["0190", "Furesø", "kontanthjaelp", first, "month", "fulltime", 40.5],
        ["0190", "Furesø", "kontanthjaelp", first, "month", "persons", 1045.0],
        ["0190", "Furesø", "kontanthjaelp", second, "month", "fulltime", 41.0],
    ]


def test_a_jobindsats_file_must_tell_its_table(folder):
    write_export(
        folder, "jobindsats_ledige.csv", "Periode;Område;Antal personer;Antal fuldtidspersoner", "2025;190;1;1"
    )
    read = read_municipality(read_profile(folder, "en"))
    found = next(problem for problem in read.problems if problem.code == "intake.file_does_not_tell")
    assert found.file == "jobindsats_ledige.csv"
    assert "Y36A02" in found.message("da")
    assert read.tables["official_figure"].empty


def test_statbank_becomes_official_figures_and_says_what_it_left_out(folder):
    write_export(
        folder,
        "statbank_auk01.csv",
        "OMRÅDE;YDELSESTYPE;KØN;ALDER;TID;INDHOLD",
        "Furesø;Sygedagpenge mv.;I alt;Alder i alt;2025Q4;31",
        "Furesø;Nettoledige dagpengemodtagere;I alt;Alder i alt;2025Q4;85",
        "Hele landet;Sygedagpenge mv.;I alt;Alder i alt;2025Q4;31000",
        "Furesø;Ledighedsydelse;Kvinder;Alder i alt;2025Q4;3",
    )
    read = read_municipality(read_profile(folder, "en"))
    assert read.tables["official_figure"]["value"].tolist() == [31.0]
    assert read.tables["official_figure"]["unit"].tolist() == ["fulltime"]
    note = next(problem for problem in read.problems if problem.code == "intake.rows_left_out")
    assert note.details == {"n": 3}


def test_a_statistic_without_totals_says_so(folder):
    write_export(
        folder,
        "statbank_auk01.csv",
        "OMRÅDE;YDELSESTYPE;KØN;ALDER;TID;INDHOLD",
        "Furesø;Sygedagpenge mv.;Kvinder;Alder i alt;2025Q4;31",
    )
    codes = {problem.code for problem in read_municipality(read_profile(folder, "en")).problems}
    assert "intake.all_rows_left_out" in codes


# A municipality's own presets

OWN = """\
table: child_case
file: boernesager
columns:
  Sagsnr: {to: case_id}
  CPR: {to: person_id}
  Type: {to: case_type, map: {Undersøgelse: boernefaglig_undersoegelse}}
  Fra: {to: start_date}
  Til: {to: end_date}
  Tilstand: {to: status, map: {I gang: open, Slut: closed}}
  Notat: {}
"""


def test_an_own_preset_reads_a_file_of_another_system(folder):
    write_preset(folder, "boern.yml", OWN)
    write_export(
        folder, "boernesager.csv", "Sagsnr;CPR;Type;Fra;Til;Tilstand", f"7;{GIRL};Undersøgelse;01-02-2024;;I gang"
    )
    read = read_municipality(read_profile(folder, "en"))
    cases = read.tables["child_case"]
    assert cases[["case_type", "status"]].values.tolist() == [["boernefaglig_undersoegelse", "open"]]
    assert not [p for p in read.problems if p.file == "boernesager.csv" and p.severity != "note"]
    assert not [p for p in read.problems if "preset" in p.code]


def test_an_own_preset_takes_the_place_of_the_kits_for_the_same_file(folder):
    write_preset(folder, "vores_dubu.yml", OWN.replace("boernesager", "dubu_sager"))
    known, problems = presets_of(folder)
    assert "vores_dubu" in known
    assert "dubu_sager" not in known
    assert not problems


#: A cell of each kind.
CELLS = {
    "cpr": MOTHER, "id": "7", "text": "x", "date": "01-02-2024", "month": "2024-02", "week": "202406", "number": "1",
    "flag": "J", "municipality": "190", "period": "2024M02",
}  # fmt: skip


def test_exports_with_nothing_but_the_needs_are_read_and_checked(folder):
    """Rules and tables must live with exports that give no more than a table needs."""
    for table, feed in feeds().items():
        names = [need.split("|")[0] for need in feed.needs if need != "department"]
        lines = [f"table: {table}", f"file: {table}", *(["department: children"] if table == "measure" else [])]
        content = "\n".join([*lines, "columns:", *(f"  {name.upper()}: {{to: {name}}}" for name in names)])
        preset, problems = checked_preset(table, content, table)
        assert not problems
        write_preset(folder, f"{table}.yml", content)
        row = [CELLS.get(heading.kind) or heading.labels()[0] for heading in preset.columns]
        write_export(folder, f"{table}.csv", ";".join(name.upper() for name in names), ";".join(row))
    read = read_municipality(read_profile(folder, "en"))
    own = {f"{table}.csv" for table in feeds()}
    assert not [p.line("en") for p in read.problems if p.file in own and p.severity == "must_fix"]
    for name, table in tables().items():
        if name in feeds():
            # The person has no address, so nobody has a family, and what belongs to one has nowhere to go.
            belongs_to_family = any(column.name == "family_id" and column.required for column in table.columns)
            assert bool(len(read.tables[name])) != belongs_to_family, name


WRONG = {
    "preset_unknown_field": ("table: child_case", "tabel: child_case", 1, "table"),
    "preset_unknown_table": ("table: child_case", "table: child_cases", 1, "child_case"),
    "preset_missing_field": ("table: child_case\n", "", None, None),
    "preset_no_file": ("file: boernesager\n", "", None, None),
    "preset_file_with_ending": ("file: boernesager", "file: boernesager.csv", 2, None),
    "preset_unknown_column": ("{to: end_date}", "{to: slut_date}", 8, "start_date"),
    "preset_unfit_kind": ("{to: end_date}", "{to: end_date, kind: number}", 8, None),
    "preset_unknown_code": ("Slut: closed", "Slut: close", 9, "closed"),
    "preset_missing_column": ("  Fra: {to: start_date}\n", "", 3, None),
    "preset_doubled_heading": ("Notat: {}", '"CPR ": {}', 10, None),
    "preset_doubled_column": ("Notat: {}", "Notat: {to: end_date}", 10, None),
    "preset_doubled": ("Notat: {}", "Fra: {}", 10, None),
    "preset_broken_yaml": ("Notat: {}", "Notat: {", 11, None),
    "preset_wants_text": ("table: child_case", "table: 7", 1, None),
    "preset_wants_flag": ("Notat: {}", "Notat: {to: section, required: maybe}", 10, None),
    "preset_wants_list": ("file: boernesager", "file: boernesager\nkey: case_id", 3, None),
    "preset_wants_mapping": ("Notat: {}", "Notat: section", 10, None),
    "preset_wants_number": ("Notat: {}", "Notat: {to: section, min: low}", 10, None),
    "preset_not_given": ("file: boernesager", "file: boernesager\nkey: [sag_id]", 3, "case_id"),
    "preset_must_be_filled": ("{to: start_date}", "{to: start_date, required: false}", 7, None),
    "preset_unknown_value": ("{to: end_date}", "{to: end_date, unknown: whatever}", 8, None),
    "preset_unknown_code_list": ("{to: section", "{to: section, kind: code, code_list: sex2", None, None),
}


@pytest.mark.parametrize("code", [code for code in WRONG if code != "preset_unknown_code_list"])
def test_a_fault_in_an_own_preset_is_named_with_line_and_cure(folder, code):
    old, new, line, nearest = WRONG[code]
    assert old in OWN
    write_preset(folder, "boern.yml", OWN.replace(old, new))
    known, problems = presets_of(folder)
    found = next(problem for problem in problems if problem.code == f"intake.{code}")
    assert found.severity == "must_fix"
    assert found.file == "presets/boern.yml"
    assert found.row == line
    assert nearest is None or found.details["nearest"] == nearest
    assert all(found.line(lang) for lang in LANGUAGES)
    assert "boern" not in known


def test_unknown_code_list_and_unknown_constant(folder):
    content = OWN.replace("Notat: {}", "Notat: {to: section, kind: code, code_list: sexx}")
    content = content.replace("file: boernesager", "file: boernesager\nconstants: {status: aaben, farve: x}")
    problems = checked_preset("boern", content, "presets/boern.yml")[1]
    assert {problem.code for problem in problems} == {
        "intake.preset_unknown_code_list",
        "intake.preset_unknown_code",
        "intake.preset_unknown_column",
    }


def test_two_own_presets_for_one_file(folder):
    write_preset(folder, "a.yml", OWN)
    write_preset(folder, "b.yml", OWN)
    problems = presets_of(folder)[1]
    assert [(p.code, p.file, p.details["other"]) for p in problems] == [
        ("intake.preset_same_file", "presets/b.yml", "presets/a.yml")
    ]


def test_a_preset_that_is_no_utf8_or_a_folder(folder):
    (folder / "presets" / "a.yml").write_bytes("table: børn".encode("cp1252"))
    (folder / "presets" / "b.yml").mkdir()
    assert [problem.code for problem in presets_of(folder)[1]] == ["intake.preset_not_utf8", "intake.unreadable"]


def test_measures_need_a_department(folder):
    content = (
        "table: measure\nfile: x\ncolumns:\n  A: {to: person_id}\n  B: {to: measure_type}\n  C: {to: start_date}\n"
    )
    problems = checked_preset("x", content, "x.yml")[1]
    assert [(p.code, p.value) for p in problems] == [("intake.preset_missing_column", "department")]
    assert not checked_preset("x", content + "department: health\n", "x.yml")[1]
    wrong = checked_preset("x", content + "department: healt\n", "x.yml")[1]
    assert [(p.code, p.details["nearest"]) for p in wrong] == [("intake.preset_unknown_code", "health")]


# Proposals

NAMES = (
    {"cpr nummer": "cpr", "startdato": "Start dato", "slutdato": "Slut dato"},
    {"cpr nummer": "CPR-nr.", "startdato": "Fra dato", "slutdato": "Til dato"},
    {"cpr nummer": "cprnr", "startdato": "Start", "slutdato": "Slut"},
    {"cpr nummer": "Personnummer", "startdato": "Startdato (dd-mm-åååå)", "slutdato": "Slutdato (dd-mm-åååå)"},
)


def _otherwise(heading: str, names: dict[str, str]) -> str:
    for old, new in names.items():
        heading = re.sub(rf"\b{old}\b", new, heading, flags=re.IGNORECASE)
    return heading


def _snake(heading: str) -> str:
    return re.sub(r"\W+", "_", heading.lower()).translate(str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"}))


STYLES = {
    "upper": str.upper,
    "snake": _snake,
    "camel": lambda heading: "".join(word.capitalize() for word in re.split(r"\W+", heading)),
    "misspelt": lambda heading: heading[: len(heading) // 2] + heading[len(heading) // 2 + 1 :],
    **{f"names{i}": lambda heading, names=names: _otherwise(heading, names) for i, names in enumerate(NAMES)},
}


def sample_sheet(stem: str, rows: int = 300) -> tuple[RawSheet, Preset]:
    sheet, _ = read_export(SAMPLE / "exports" / f"{stem}.csv", "utf-8-sig")
    preset = next(preset for preset in presets().values() if preset.reads(stem))
    return replace(sheet, frame=sheet.frame.head(rows)), preset


SAMPLES = (
    "beskaeftigelse", "dubu_indsatser", "dubu_sager", "folkeregister", "jobcenter_indsatser", "sensum", "skolefravaer",
    "sofus", "ydelsesrefusion_2024",
)  # fmt: skip


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("stem", SAMPLES)
def test_renamed_exports_are_recognised(stem, style):
    sheet, preset = sample_sheet(stem)
    written = {heading.heading: STYLES[style](heading.heading) for heading in preset.columns}
    found = guess(replace(sheet, frame=sheet.frame.rename(columns=written)))
    assert found.feed.table == preset.table
    right = [
        heading.to == (found.matches[written[heading.heading]].to if written[heading.heading] in found.matches else "")
        for heading in preset.columns
    ]
    assert sum(right) >= 0.9 * len(right)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("stem", SAMPLES)
def test_the_proposal_can_be_used_and_shows_no_person(stem, lang):
    sheet, preset = sample_sheet(stem)
    renamed = replace(sheet, frame=sheet.frame.rename(columns=lambda heading: _otherwise(heading, NAMES[1])))
    content = preset_text(guess(renamed), renamed, "nyt_udtraek", False, lang)
    proposed, problems = checked_preset("nyt_udtraek", content, "presets/nyt_udtraek.yml")
    assert [problem.line("en") for problem in problems] == []
    assert proposed.table == preset.table
    assert (proposed.groups, proposed.department, proposed.key) == (preset.groups, preset.department, preset.key)
    assert not re.search(r"\d{6}-?\d{4}", content)
    for heading in preset.columns:
        if heading.kind in ("id", "address", "text") and heading.to:
            shown = {cell for cell in sheet.frame[heading.heading] if len(cell) > 6 and cell in content}
            assert shown <= {heading.heading, *(name for names in preset.groups.values() for name in names)}


def test_check_proposes_and_the_moved_proposal_reads_the_file(folder, capsys):
    rows = ["Sagsnr.;Barnets CPR-nr.;Type af sag;Paragraf;Fra dato;Til dato;Tilstand;Bemærkning"]
    rows += [f"{i};{GIRL};Ungeplan;BL § 108;0{i}-02-2024;;Åben;tekst" for i in range(1, 4)]
    write_export(folder, "vores sager.csv", *rows)
    lines = check_municipality(folder, "da").lines
    file = folder / "check" / "proposed_presets" / "vores_sager.yml"
    assert any("vores sager.csv" in line and "check/proposed_presets/vores_sager.yml" in line for line in lines)
    assert read_municipality(read_profile(folder, "da")).tables["child_case"].empty
    file.rename(folder / "presets" / file.name)
    assert len(read_municipality(read_profile(folder, "da")).tables["child_case"]) == 3
    check_municipality(folder, "da")
    assert not file.parent.exists()


def proposal(folder: Path, lang: str = "da"):
    return proposed_presets(folder / "exports", "utf-8-sig", presets(), lang)


def test_a_proposal_that_lacks_something_says_exactly_what(folder):
    write_export(folder, "system.csv", "Cprnr;Foranstaltning;Fra;Noget andet", f"{MOTHER};Bostøtte;01-01-2024;abc")
    (found,) = proposal(folder)
    assert [(p.code, p.value) for p in found.problems] == [("intake.preset_missing_column", "department")]
    assert found.content.startswith("# FORSLAGET KAN IKKE BRUGES ENDNU")
    whole = found.content.replace("# department: children", "department: children")
    assert not checked_preset("system", whole, "presets/system.yml")[1]


@pytest.mark.parametrize("above", [["Udtræk fra Fagsystem"], ["Udtræk;;", "", "Trukket;01-02-2025;;"]])
@pytest.mark.parametrize("heads", ["Cprnr;Foranstaltning;Fra;Til;Noget andet", "ZZ;YY;XX;WW;Noget andet"])
def test_the_headings_of_an_unknown_file_are_found_below_its_title(folder, above, heads):
    write_export(folder, "system.csv", *above, heads, f"{MOTHER};Bostøtte;01-01-2024;;abc")
    (found,) = proposal(folder)
    assert all(f'"{heading}":' in found.content for heading in heads.split(";"))


def test_yearly_files_get_one_proposal(folder):
    for year in (2024, 2025):
        write_export(
            folder,
            f"udbetalinger_{year}.csv",
            "CPR;Ugenr;Ydelse;Udbetalt;Refusion kr",
            f"{MOTHER};{year}05;Kontanthjælp;1;0",
        )
    (found,) = proposal(folder)
    preset, problems = checked_preset("x", found.content, "x.yml")
    assert not problems
    assert (preset.file, preset.per_year, preset.table) == ("udbetalinger", True, "benefit_week")


def test_what_needs_no_preset_is_said(folder):
    write_export(folder, "kopi af sofus.csv", ";".join(h.heading for h in presets()["sofus"].columns), "")
    write_export(
        folder, "sagsaktivitet.csv", "CPR;UdførtDato;Deadline;SagModel;FaseNavn;AktivitetNavn;AktivitetSvar", ""
    )
    (folder / "exports" / "tom.csv").write_bytes(b"")
    (folder / "exports" / "~$laast.xlsx").write_bytes(b"x")
    (folder / "exports" / "LAES_MIG.txt").write_text("hej")
    said = {found.file: found for found in proposal(folder)}
    assert set(said) == {"kopi af sofus.csv", "sagsaktivitet.csv", "tom.csv"}
    assert "Giv den navnet sofus" in said["kopi af sofus.csv"].says
    assert "sagsaktivitet fra Sensum" in said["sagsaktivitet.csv"].says
    assert [problem.code for problem in said["tom.csv"].problems] == ["intake.empty_file"]
    assert not any(found.content for found in said.values())


def test_cpr_numbers_in_names_never_show(folder):
    write_export(folder, f"sag {GIRL}.csv", f"CPR;Forløb {GIRL};Start", f"{GIRL};Samtaler;01-02-2024")
    (found,) = proposal(folder)
    assert GIRL not in found.content + found.says + found.file + found.name
    read = read_municipality(read_profile(folder, "da"))
    assert not [p for p in read.problems if GIRL in p.line("da")]


def test_unclaimed_and_old_files_are_told(folder):
    write_export(folder, "andet.csv", "a;b", "1;2")
    write_export(folder, "ydelsesrefusion_2019.csv", "a;b", "1;2")
    assert [file.name for file in unclaimed_files(folder / "exports", presets().values())] == ["andet.csv"]
    codes = {(p.code, p.file) for p in read_municipality(read_profile(folder, "da")).problems}
    assert ("intake.unclaimed_file", "andet.csv") in codes
    assert ("intake.year_outside_period", "ydelsesrefusion_2019.csv") in codes


def test_an_export_without_the_columns_that_are_not_used_is_read(folder):
    for preset in presets().values():
        if preset.file and "*" not in preset.file and not preset.per_year:
            used = [heading.heading for heading in preset.columns if heading.to]
            write_export(folder, f"{preset.file}.csv", ";".join(used), ";".join("" for _ in used))
    found = {p.code for p in read_municipality(read_profile(folder, "da")).problems if p.row == 1}
    assert found <= {"intake.no_rows"}
