"""What comes from outside is data: no formula, tag, template, path or file of it ever does anything."""

import io
import json
import re
import socket
import subprocess
import sys
import textwrap
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from docx import Document

from helhed import kit_files
from helhed.errors import HelhedError, ProfileNeedsWork, WrongCall
from helhed.intake.exports.own_presets import checked_preset
from helhed.intake.reading.readers import read_xlsx
from helhed.office_files import MOST_COLUMNS, DamagedFile, sheet_rows, word_document
from helhed.plan import EXAMPLE_DAY, assemble_plans, plan_form, read_plan_form, template_problems, word_form, workbook
from helhed.plan.example import example_tables
from helhed.profile import read_profile
from helhed.publishing.gate.pieces import Unreadable
from helhed.publishing.gate.reading import files_under, pieces_of
from helhed.publishing.new_municipality import make_municipality
from helhed.publishing.notebook_run import check_parameters

HELHED = str(Path(sys.executable).with_name("helhed"))
CLOSED_NETWORK = Path(__file__).parents[1] / "closed_network"
FORMULAS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://x.dk")',
    "\t=1+1",
    "http://x.dk",
)
TEMPLATES = ("{{ 7*7 }}", "{% for a in b %}", "{{ ''.__class__.__mro__[1].__subclasses__() }}", "{# x #}", "${7*7}")
TAGS = ("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</w:t><w:t>", "&lt;b&gt;", "<!-- x -->")
BOMB = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
LAUGHS = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{BOMB}]>'


@pytest.fixture(scope="module")
def plan():
    return assemble_plans(example_tables(), {"plan.duplicate_likeness": 0.9}, EXAMPLE_DAY)["eksempel"]


def said(plan, words: str):
    """Return the plan with the words in every goal and action."""
    return replace(plan, lines=tuple(replace(line, goal=words, action=words) for line in plan.lines))


def live_parts(content: bytes) -> tuple[int, int]:
    """Return the number of formulas and of links in a workbook's sheets; none in a Word document."""
    if not content or b"xl/" not in content:
        return 0, 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [archive.read(part) for part in archive.namelist() if part.startswith("xl/worksheets/sheet")]
    return sum(sheet.count(b"<f>") for sheet in sheets), sum(sheet.count(b"<hyperlink ") for sheet in sheets)


@pytest.mark.parametrize("words", [*FORMULAS, *TEMPLATES, *TAGS])
def test_what_people_write_stays_what_they_wrote_in_excel_and_word(plan, words):
    spoilt = said(plan, words)
    for name, content in (
        ("p.xlsx", workbook(plan_form(spoilt, "da"))),
        ("p.docx", word_form(plan_form(spoilt, "da"))),
    ):
        lines = read_plan_form(content, name, plan, "da").plan.lines
        # Lines that come from the office's own system cannot be changed in the form and keep their words.
        of_systems = {line.action for line in plan.lines}
        assert {line.action.strip() for line in lines if line.action not in of_systems} == {words.strip()}
        assert live_parts(content) == live_parts(workbook(plan_form(plan, "da")) if name == "p.xlsx" else b"")


@pytest.mark.parametrize("name", ["sheets", "selection/why_workbook", "selection/referral_sheet"])
def test_every_workbook_is_made_with_texts_as_texts(name):
    # The three places where a workbook is begun; all others call the first of them.
    source = (Path(kit_files.__file__).parent / f"{name}.py").read_text(encoding="utf-8")
    assert '"strings_to_formulas": False' in source or "strings_to_formulas=False" in source
    assert '"strings_to_urls": False' in source or "strings_to_urls=False" in source


@pytest.mark.parametrize(
    "words", ["{{ ''.__class__ }}", "{{ cycler.__init__.__globals__ }}", "{% import 'os' as os %}"]
)
def test_code_in_a_template_is_told_and_not_run(words):
    document = Document()
    document.add_paragraph(words)
    buffer = io.BytesIO()
    document.save(buffer)
    assert any(problem.severity == "must_fix" for problem in template_problems(buffer.getvalue(), "egen.docx"))


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "{{ 7*7 }}", "../../etc", "a\nb", "=1+1", "x" * 81, "`id`"]
)
def test_a_municipality_cannot_be_called_something_that_does_something(tmp_path, name):
    make_municipality(tmp_path / "vejle", "furesoe", "da")
    file = tmp_path / "vejle/profile.yml"
    lines = [
        f"name: {json.dumps(name)}" if line.startswith("name:") else line
        for line in file.read_text("utf-8").split("\n")
    ]
    file.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(ProfileNeedsWork, match="name") as told:
        read_profile(tmp_path / "vejle")
    assert "<script>" not in str(told.value)


@pytest.mark.parametrize("name", ["x: !!python", "a # b", "-- x", "'", "[x", "<b>", "%x", "å*"])
def test_a_folder_of_any_name_gets_a_profile_that_yaml_can_read(tmp_path, name):
    make_municipality(tmp_path / name, "furesoe", "da")
    try:
        read_profile(tmp_path / name)
    except ProfileNeedsWork as told:
        assert {problem.code for problem in told.problems} <= {"profile.odd_name", "profile.wrong_municipality_code"}


@pytest.mark.parametrize("run_id", ["../../ude", "/tmp/ude", "a/b", "..", "a\0b", "-x/../y"])
def test_a_run_cannot_be_put_outside_the_municipality(tmp_path, run_id):
    from helhed.command_words import folder_of_run

    with pytest.raises((WrongCall, ValueError)) as told:
        folder_of_run(tmp_path, run_id, is_old=False)
    assert isinstance(told.value, HelhedError)


YAML_TRICKS = {
    "object": "x: !!python/object/apply:os.system ['touch {marker}']",
    "name": "x: !!python/name:os.system",
    "new": "x: !!python/object/new:subprocess.Popen [['touch', '{marker}']]",
    "aliases": "a0: &a0 [ha]\n" + "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)),
    "itself": "x: &x [*x]",
    "merge": "x: &x {<<: *x}",
}


@pytest.mark.parametrize("trick", YAML_TRICKS)
def test_yaml_runs_nothing_and_does_not_grow(tmp_path, trick):
    marker, start = tmp_path / "marker", time.perf_counter()
    written = YAML_TRICKS[trick].replace("{marker}", str(marker))
    (tmp_path / "profile.yml").write_text(f"name: By\n{written}\nsettings:\n  staffing.places: *x\n", encoding="utf-8")
    with pytest.raises(ProfileNeedsWork):
        read_profile(tmp_path)
    (tmp_path / "profile.yml").write_text(f"name: By\nsettings:\n{textwrap.indent(written, '  ')}\n", encoding="utf-8")
    with pytest.raises(ProfileNeedsWork):
        read_profile(tmp_path)
    preset, problems = checked_preset("egen", written, "presets/egen.yml")
    assert preset is None and problems
    assert not marker.exists() and time.perf_counter() - start < 20


def rezipped(content: bytes, part: str, change) -> bytes:
    """Return a Word or Excel file one part of which is changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return buffer.getvalue()


def sheet_of(rows: int, columns: int) -> bytes:
    book = openpyxl.Workbook()
    book.active.cell(rows, columns, "x")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def word_file() -> bytes:
    buffer = io.BytesIO()
    Document().save(buffer)
    return buffer.getvalue()


TRAPS = {
    "bomb.xlsx": lambda: rezipped(sheet_of(1, 1), "xl/worksheets/sheet1.xml", lambda xml: xml + b" " * 60_000_000),
    "bomb.docx": lambda: rezipped(word_file(), "word/document.xml", lambda xml: xml + b" " * 60_000_000),
    "laughs.xlsx": lambda: rezipped(
        sheet_of(1, 1), "xl/worksheets/sheet1.xml", lambda xml: LAUGHS.encode() + b"<x>&a9;</x>"
    ),
    "laughs.docx": lambda: rezipped(word_file(), "word/document.xml", lambda xml: LAUGHS.encode() + b"<x>&a9;</x>"),
    "outside.docx": lambda: rezipped(
        word_file(),
        "word/document.xml",
        lambda xml: b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
    ),
    "far.xlsx": lambda: sheet_of(1, MOST_COLUMNS + 1),
    "deep.xlsx": lambda: sheet_of(1_048_576, 1),
}


@pytest.mark.parametrize("name", TRAPS)
def test_a_trap_is_refused_before_it_snaps(tmp_path, plan, name):
    content, start = TRAPS[name](), time.perf_counter()
    opened = sheet_rows if name.endswith("xlsx") else word_document
    with pytest.raises(DamagedFile):
        opened(content)
    assert any(problem.severity == "must_fix" for problem in read_plan_form(content, name, plan, "da").problems)
    if name.endswith("docx"):
        assert template_problems(content, name)
    elif "laughs" in name or "bomb" in name:
        (tmp_path / name).write_bytes(content)
        sheet, problems = read_xlsx(tmp_path / name)
        assert problems or sheet is None
    if "laughs" in name or "outside" in name:
        with pytest.raises(Unreadable):
            list(pieces_of(name, content))
    assert time.perf_counter() - start < 20


def test_a_notebook_parameter_with_code_is_a_text(tmp_path):
    import papermill

    marker = tmp_path / "marker"
    code = f'da"; import pathlib; pathlib.Path({str(marker)!r}).touch(); x = "'
    notebook = kit_files.folder("notebooks") / "0_check_data.ipynb"
    made = papermill.parameterize.parameterize_notebook(
        papermill.iorw.load_notebook_node(str(notebook)), {"lang": code}
    )
    (injected,) = [cell for cell in made.cells if "injected-parameters" in cell.metadata.get("tags", [])]
    found: dict = {}
    exec(injected.source, found)
    assert found["lang"] == code and not marker.exists()
    with pytest.raises(WrongCall):
        check_parameters(notebook, {"lang; import os": "da"}, "da")


def test_a_file_of_private_leaves_by_no_link(tmp_path):
    from helhed.publishing.book_source import _copy_public
    from helhed.publishing.run_folder import RunFolder

    run = RunFolder(tmp_path / "run")
    secret = tmp_path / "run/private/1/tables/canary.json"
    public = run.public_folder("1", "da")
    for folder in (secret.parent, public):
        folder.mkdir(parents=True)
    secret.write_text('{"title": "CANARY"}', encoding="utf-8")
    (run.path / "public/run.json").write_text("{}", encoding="utf-8")
    (public / "link.json").symlink_to(secret)
    (public / "folder").symlink_to(secret.parent, target_is_directory=True)
    (public / "fair.json").write_text("{}", encoding="utf-8")
    _copy_public(run, "da", tmp_path / "source")
    left = [
        file.relative_to(tmp_path / "source").as_posix() for file in (tmp_path / "source").rglob("*") if file.is_file()
    ]
    assert sorted(left) == ["1/fair.json", "run.json"]
    assert files_under(run.path / "public") == ["1/da/fair.json", "run.json"]


def test_a_check_and_a_notebook_run_without_a_network(tmp_path):
    make_municipality(tmp_path / "vejle", "furesoe", "da")
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "PYTHONPATH": str(CLOSED_NETWORK)}
    look = [sys.executable, "-c", "import socket; socket.create_connection(('192.0.2.1', 80), 1)"]
    refused = subprocess.run(look, env=environment, capture_output=True, text=True, check=False)
    assert "network: " in refused.stderr
    for command in (["check"], ["run", "--steps", "0"]):
        done = subprocess.run(
            [HELHED, command[0], str(tmp_path / "vejle"), *command[1:]],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert "network: " not in done.stdout + done.stderr and "Traceback" not in done.stderr, done.stderr
        assert done.returncode in (0, 1), done.stderr


def test_nothing_in_the_package_opens_a_connection():
    assert socket.gethostname()
    sources = [file for file in Path(kit_files.__file__).parent.rglob("*.py") if "engine" not in file.parts]
    connects = re.compile(r"^\s*(?:import|from) (?:urllib\.request|requests|http\.client|httpx|aiohttp)\b", re.M)
    asking = [file.name for file in sources if connects.search(file.read_text("utf-8"))]
    assert asking == []
