"""The sample data keep their promises: invented, small, the same each time, and every planted fault is owned up to."""

import importlib.util
import re
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from stdnum.dk import cpr

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "sample_data"
NAMES = ("furesoe", "broendby", "roedovre", "assens")
INPUTS = (
    "profile.yml",
    "decisions.xlsx",
    "interviews.xlsx",
    "sample-pseudonym.key",
    "pseudonym-key-id.txt",
    "exports",
    "sector_plans",
)
NUMBER = re.compile(r"(?<!\d)(\d{6})-?(\d{4})(?!\d)")


@pytest.fixture(scope="module")
def maker():
    """Return the generator's ``make_sample`` module."""
    spec = importlib.util.spec_from_file_location("make_sample", SAMPLES / "make_sample.py")
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(SAMPLES))
    try:
        spec.loader.exec_module(module)
        yield module
    finally:
        while str(SAMPLES) in sys.path:
            sys.path.remove(str(SAMPLES))


def inputs(folder: Path) -> list[Path]:
    """Return the input files of a municipality's folder; runs are no inputs."""
    found = [file for name in INPUTS for file in [folder / name, *(folder / name).glob("*")]]
    return sorted(file for file in found if file.is_file())


def texts(file: Path) -> list[str]:
    """Return everything that stands in a file as text."""
    if file.suffix != ".xlsx":
        return [file.read_bytes().decode("cp1252" if "broendby" in file.parts else "utf-8")]
    with CalamineWorkbook.from_path(file) as book:
        rows = [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
    return [str(cell) for row in rows for cell in row]


@pytest.mark.parametrize("name", NAMES)
def test_no_number_can_be_a_cpr_number(name):
    numbers = {
        first + last
        for file in inputs(SAMPLES / name)
        if file.suffix in (".csv", ".xlsx")
        for text in texts(file)
        for first, last in NUMBER.findall(text)
    }
    assert len(numbers) > 1000
    assert {int(number[2:4]) for number in numbers} == set(range(21, 33))
    assert not [number for number in numbers if cpr.is_valid(number)]


def content(file: Path) -> object:
    """Return the bytes of a file; of a workbook its parts, whose compression may differ between machines."""
    if file.suffix != ".xlsx":
        return file.read_bytes()
    with zipfile.ZipFile(file) as parts:
        return {part.filename: (part.CRC, part.date_time) for part in parts.infolist()}


def test_committed_files_are_what_the_generator_writes(maker, tmp_path):
    for name in NAMES:
        made = maker.write_municipality(maker.SAMPLES[name], tmp_path)
        written, committed = inputs(made), inputs(SAMPLES / name)
        assert [file.relative_to(made) for file in written] == [file.relative_to(SAMPLES / name) for file in committed]
        changed = [str(one) for one, other in zip(committed, written, strict=True) if content(one) != content(other)]
        assert changed == []


def test_committed_files_are_small():
    sizes = [file.stat().st_size for name in NAMES for file in inputs(SAMPLES / name)]
    assert 5_000_000 < sum(sizes) <= 12_000_000


def test_readme_lists_every_planted_fault(maker):
    faults = sys.modules["generator.faults"].FAULTS
    readme = (SAMPLES / "README.md").read_text(encoding="utf-8")
    listed = [line for line in readme.splitlines() if re.match(r"\| F\d\d ", line)]
    assert listed == [f"| {f.code} | {f.slug} | {f.place} | {f.what} | {f.effect} |" for f in faults]
    assert {fault.slug for fault in faults} == set(NAMES)


def test_every_fault_changes_its_municipality_and_no_other(maker):
    """A fault that changes nothing is a promise not kept."""
    module, municipality = sys.modules["generator.faults"], sys.modules["generator.municipality"]
    planted = []
    for name in NAMES:
        scenario = maker.SAMPLES[name]
        drawn = municipality.draw(scenario)
        tables, enrolled = drawn.tables, drawn.enrolled
        for place, fault in enumerate(module.FAULTS):
            if fault.slug == name:
                before = {stem: table.copy() for stem, table in tables.items()}
                module.plant_one(place, tables, enrolled, scenario.seed)
                changed = {stem for stem in tables if not tables[stem].equals(before[stem])}
                planted.append((fault.code, set(fault.place.split(", ")) <= changed))
    assert sorted(planted) == [(fault.code, True) for fault in module.FAULTS]


def test_coded_cells_of_the_workbook_are_labels_of_the_contract():
    codes = tomllib.loads((ROOT / "src/helhed/contracts.toml").read_text(encoding="utf-8"))["codes"]
    columns = {
        ("Indskrivninger", "Beslutning"): "decision",
        ("Indskrivninger", "Afslutningsårsag"): "exit_reason",
        ("Registreringer", "Instrument"): "instrument",
        ("Registreringer", "Vurderet af"): "rated_by",
        ("Møder", "Mødetype"): "meeting_kind",
        ("Planlinjer", "Plan"): "source_plan",
        ("Planlinjer", "Livsområde"): "life_area",
        ("Planlinjer", "Status"): "line_status",
        ("Planlinjer", "Må ses af"): "department",
    }
    found = {place: set() for place in columns}
    for name in NAMES:
        with CalamineWorkbook.from_path(SAMPLES / name / "decisions.xlsx") as book:
            for (sheet, column), code_list in columns.items():
                header, *rows = book.get_sheet_by_name(sheet).to_python()
                cells = [row[header.index(column)] for row in rows]
                found[sheet, column] |= {
                    part for cell in cells for part in (cell.split(", ") if code_list == "department" else [cell])
                } - {""}
    assert all(found.values())
    unknown = {
        place: labels - {label["da"] for label in codes[columns[place]].values()} for place, labels in found.items()
    }
    assert not any(unknown.values()), unknown
