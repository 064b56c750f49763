"""No file of a run holds a CPR number, wherever in the municipality's files one was planted.

A small municipality has real-shaped numbers (never sample numbers) for all persons and, besides, one of its own in
every place where people write: identifiers, texts, headings, names of sheets and files. Every number planted beside the
persons' own ends in a serial number of its own, so that a leak says where it came from.
"""

import importlib.util
import io
import json
import re
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from PIL import Image

from helhed import intake
from helhed.errors import ProfileNeedsWork
from helhed.intake.exports.preset import presets
from helhed.profile import read_profile, sources_with_law
from helhed.publishing.runner import STEPS
from helhed.texts import document_name

ROOT = Path(__file__).resolve().parents[2]
HELHED = str(Path(sys.executable).with_name("helhed"))
#: 30 April 1970 and the first three of four digits more: nobody was given these.
DAY = "3004" + "70"
#: How people write a number; ``{}`` twice: the date and the serial number.
FORMS = ("{}{}", "{}-{}", "{} {}", "{}\u00a0{}", "{}\u2013{}", "se{}{}nu", "7{}{}3", "{} - {}", "{}\u2011{}")
#: Kinds of column in which a text may stand without anything to mend; elsewhere a number is a fault that is listed.
FREE = ("text", "id")


def small_town():
    """Return the module of the small municipality that the tests of bad files spoil."""
    file = ROOT / "tests/unit/bad_files/conftest.py"
    spec = importlib.util.spec_from_file_location("small_town", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TOWN = small_town()
PERSONS = (TOWN.MOTHER, TOWN.FATHER, TOWN.GIRL, TOWN.BOY, TOWN.UNCLE)
#: The same persons with months that exist.
REAL = {person: f"{person[:2]}{int(person[2:4]) - 20:02}{person[4:]}" for person in PERSONS}


@dataclass
class Planted:
    """Which serial number was planted where, and how it was written."""

    places: dict[str, str] = field(default_factory=dict)

    def number(self, place: str, form: str = "") -> str:
        serial = f"{1000 + len(self.places)}"
        self.places[serial] = place
        return (form or FORMS[len(self.places) % len(FORMS)]).format(DAY, serial)

    def found_in(self, text: str) -> set[str]:
        """Return the places whose number stands in a text, whatever stands between its two parts."""
        serials = {found for found in re.findall(DAY + r"\D{0,3}(\d{4})", text) if found in self.places}
        persons = {person for person in REAL.values() if re.search(rf"{person[:6]}\D{{0,3}}{person[6:]}", text)}
        return {self.places[serial] for serial in serials} | {f"person born {person[:6]}" for person in persons}


def real_persons(town) -> None:
    """Give every person of the town a number whose month exists."""
    for rows in (*town.exports.values(), *town.sheets.values()):
        for row in rows:
            for i, cell in enumerate(row):
                if isinstance(cell, str):
                    row[i] = re.sub("|".join(PERSONS), lambda found: REAL[found[0]], cell)
    written = (town.path / "profile.yml").read_text(encoding="utf-8")
    written = written.replace("is_synthetic: true", "is_synthetic: false").replace('"0999"', '"0190"')
    bases = [f"  law.basis_{source}: Invented act, section 1" for source in sources_with_law()]
    (town.path / "profile.yml").write_text("\n".join([written, *bases]), encoding="utf-8")


def columns(town):
    """Yield name of file or sheet, its rows, position, heading."""
    for name, rows in (*town.exports.items(), *town.sheets.items()):
        preset = next(p for p in presets().values() if name == p.sheet or (p.file and name.startswith(p.file)))
        for position, heading in enumerate(preset.columns):
            yield name, rows, position, heading


def plant_texts(town, planted: Planted) -> None:
    """Plant a number of its own in every column where one survives as text, the same in both files of a key."""
    keys: dict[str, str] = {}
    for name, rows, position, heading in columns(town):
        if heading.to and heading.kind not in FREE:
            continue
        place = f"{name}, {heading.heading}"
        if heading.kind == "id" or heading.to == "coordinator_id":
            keys.setdefault(heading.to, planted.number(place))
            number = keys[heading.to]
        else:
            number = planted.number(place)
        for row in rows:
            row[position] = f"{row[position]} {number}".strip()


def plant_names(town, planted: Planted) -> None:
    """Plant numbers in headings, names of sheets, names of further files and the workbook's properties."""
    for stem in town.exports:
        file = town.file(stem)
        lines = file.read_text(encoding="utf-8-sig").splitlines()
        lines = [
            f"{line};{planted.number(f'{stem}, {what}')}"
            for line, what in zip(lines, ["heading", *["cell"] * 99], strict=False)
        ]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    book = openpyxl.load_workbook(town.path / "decisions.xlsx")
    for sheet in list(book):
        sheet.cell(1, sheet.max_column + 1, planted.number(f"{sheet.title}, heading"))
    book.create_sheet(planted.number("name of a sheet"))["A1"] = planted.number("a sheet that nobody reads")
    book.properties.creator = planted.number("author of the workbook")
    book.save(town.path / "decisions.xlsx")
    for name in (planted.number("file name"), f"sofus {planted.number('file name of a kind')}"):
        (town.path / "exports" / f"{name}.csv").write_text(planted.number("a file that nobody reads"))


def readings(file: Path) -> list[str]:
    """Return everything that can be read out of a file: its name, its bytes, and what is packed or coded in it."""
    return [str(file), *_of_bytes(file.name, file.read_bytes())]


def _of_bytes(name: str, content: bytes) -> list[str]:
    read = [content.decode("utf-8", errors="replace"), content.decode("utf-16-le", errors="replace")]
    if name.endswith((".json", ".ipynb")):
        read.append(json.dumps(json.loads(content), ensure_ascii=False))
    if name.endswith(".parquet"):
        frame = pd.read_parquet(io.BytesIO(content))
        read += [*map(str, frame.columns), "\n".join(f"{cell:.0f}" if isinstance(cell, float) and cell == cell else
                 str(cell) for column in frame for cell in frame[column])]  # fmt: skip
    if name.endswith(".png"):
        read += [f"{key}={value}" for key, value in Image.open(io.BytesIO(content)).info.items()]
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            read += [one for part in parts.namelist() for one in (part, *_of_bytes(part, parts.read(part)))]
            xml = [parts.read(part).decode("utf-8", errors="replace") for part in parts.namelist()]
            read += [re.sub(r"<[^>]*>", "", part) for part in xml]
    return read


def leaks(folder: Path, planted: Planted) -> dict[str, set[str]]:
    """Return the files of a folder in which a planted number stands, and where each had been planted."""
    found = {}
    for file in folder.rglob("*"):
        if file.is_file():
            places = set().union(*(planted.found_in(text) for text in readings(file)))
            if places:
                found[str(file.relative_to(folder))] = places
    return found


@pytest.fixture
def town(tmp_path):
    made = TOWN.Municipality(tmp_path / "town")
    real_persons(made)
    return made


@pytest.fixture
def planted():
    return Planted()


def helhed(*words: str) -> subprocess.CompletedProcess:
    return subprocess.run([HELHED, *words], capture_output=True, text=True, check=False, cwd=ROOT)


def test_the_search_finds_what_is_packed_and_coded(tmp_path, planted):
    """A search that finds nothing anywhere would let the other tests pass."""
    numbers = {name: planted.number(name) for name in ("a.parquet", "b.xlsx", "c.txt", "d.json", "e.png", "f.docx")}
    pd.DataFrame({"x": [numbers["a.parquet"]]}).to_parquet(tmp_path / "a.parquet", compression="zstd")
    pd.DataFrame({"x": [float(DAY + "1000")]}).to_parquet(tmp_path / "number.parquet")
    pd.DataFrame({"x": [numbers["b.xlsx"]]}).to_excel(tmp_path / "b.xlsx")
    (tmp_path / "c.txt").write_text(f"før {numbers['c.txt']} efter", encoding="utf-8")
    (tmp_path / "d.json").write_text(json.dumps({"x": numbers["d.json"]}))
    info = __import__("PIL.PngImagePlugin", fromlist=["PngInfo"]).PngInfo()
    info.add_text("Comment", numbers["e.png"], zip=True)
    Image.new("L", (2, 2)).save(tmp_path / "e.png", pnginfo=info)
    with zipfile.ZipFile(tmp_path / "f.docx", "w", zipfile.ZIP_DEFLATED) as parts:
        split = "</w:t></w:r><w:r><w:t>".join(numbers["f.docx"])
        parts.writestr("word/document.xml", f"<w:r><w:t>{split}</w:t></w:r>")
    (tmp_path / f"{REAL[TOWN.MOTHER]}.txt").write_text("")
    assert set(leaks(tmp_path, planted)) == {*numbers, "number.parquet", f"{REAL[TOWN.MOTHER]}.txt"}


@pytest.mark.parametrize("lang", ["da"])
def test_a_whole_run_holds_no_number(town, planted, lang):
    """All steps, with a number in every text, identifier, heading, sheet name and file name."""
    plant_texts(town, planted)
    town.write()
    plant_names(town, planted)
    assert len(planted.places) > 60
    done = helhed("run", str(town.path), "--lang", lang, "--run-id", "a")
    assert planted.found_in(done.stdout + done.stderr) == set()
    manifest = json.loads((town.path / "runs/a/manifest.json").read_text(encoding="utf-8"))
    states = {step: manifest["steps"].get(step, {}).get(lang, {}).get("state") for step in STEPS}
    assert states == dict.fromkeys(STEPS, "done"), done.stdout + done.stderr
    assert leaks(town.path / "runs", planted) == {}


@pytest.mark.parametrize("lang", ["da", "en"])
def test_the_list_of_errors_and_the_screen_hold_no_number(town, planted, lang):
    """A number in every cell, also where it cannot be read: each is named by its place, none is repeated."""
    for name, rows, position, heading in columns(town):
        for row in rows:
            row[position] = planted.number(f"{name}, {heading.heading}")
    town.write()
    plant_names(town, planted)
    before = set(town.path.rglob("*"))
    done = helhed("check", str(town.path), "--lang", lang)
    assert done.returncode == 1 and len(done.stdout.splitlines()) > 10, done.stderr
    assert planted.found_in(done.stdout + done.stderr) == set()
    written = {str(file.relative_to(town.path)) for file in set(town.path.rglob("*")) - before if file.is_file()}
    assert f"check/{document_name('errors.xlsx', lang)}" in written
    assert {name: places for name, places in leaks(town.path, planted).items() if name in written} == {}


@pytest.mark.parametrize("form", FORMS)
def test_each_column_by_itself_lets_nothing_through(town, planted, tmp_path, form):
    """One row per column, spoilt in that column alone: what survives elsewhere in the row goes on, the number never."""
    for name, rows in (*town.exports.items(), *town.sheets.items()):
        whole = list(rows[0])
        for position, heading in enumerate(TOWN.headings(name)):
            spoilt = list(whole)
            spoilt[position] = planted.number(f"{name}, {heading}", form)
            rows.append(spoilt)
    town.write()
    found = intake.read_municipality(town.profile, "da")
    out = tmp_path / "out"
    out.mkdir()
    handed_over = {"linkage": found.linkage, "unlinked": found.unlinked, "problem": found.problem_counts}
    for table, frame in {**found.tables, **handed_over}.items():
        frame.to_parquet(out / f"{table}.parquet")
    (out / "problems.txt").write_text("\n".join(one.line("da") for one in found.problems), encoding="utf-8")
    (out / "facts.json").write_text(json.dumps(intake.reading_facts(found)), encoding="utf-8")
    assert len(found.problems) > len(planted.places) / 2
    assert leaks(out, planted) == {}


@pytest.mark.parametrize(
    "line", ["name: Prøveby {}", "# ring til {}", 'settings: {{data.key_file: {{value: a.key, owner: "NN {}"}}}}']
)
def test_a_profile_with_a_number_is_refused(town, planted, line):
    profile = town.path / "profile.yml"
    kept = [
        row
        for row in profile.read_text(encoding="utf-8").splitlines()
        if row.partition(":")[0] != line.partition(":")[0]
    ]
    kept = [row for row in kept if not (line.startswith("settings") and row.startswith("  "))]
    profile.write_text("\n".join([*kept, line.format(planted.number(line))]), encoding="utf-8")
    with pytest.raises(ProfileNeedsWork) as caught:
        read_profile(town.path, "da")
    assert planted.found_in(str(caught.value)) == set()
    assert [problem.code for problem in caught.value.problems] == ["profile.shows_cpr"]
    assert caught.value.problems[0].row == len(kept) + 1


def test_a_folder_named_by_a_number_is_refused(town, planted):
    renamed = town.path.rename(town.path.with_name(planted.number("folder")))
    with pytest.raises(ProfileNeedsWork) as caught:
        read_profile(renamed, "en")
    assert planted.found_in(str(caught.value)) == set()
