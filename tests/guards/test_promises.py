"""The project keeps its promises: one direction, both languages, one version, nothing that looks like a person."""

import ast
import re
import string
import subprocess
import tomllib
from graphlib import TopologicalSorter
from pathlib import Path

import nbformat
import pytest
import yaml

import helhed
from helhed.intake.rules.child_cases import EXAMINATION_MONTHS
from helhed.plan.statutes import statutes
from helhed.publishing.cpr_guard import places_in
from helhed.publishing.runner import STEPS
from helhed.tables import codes, tables
from helhed.texts import catalogue

ROOT = Path(__file__).resolve().parents[2]
STAGES = {"intake", "selection", "staffing", "plan", "monitoring", "evaluation", "economy"}
TEXT_FILES = {".py", ".md", ".toml", ".yml", ".yaml", ".csv", ".ipynb", ".po", ".html", ".css", ".cff", ".txt", ""}


def tracked(*suffixes: str) -> list[Path]:
    """Return the files under version control (or not ignored yet), by ending."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    files = [ROOT / name for name in names if (ROOT / name).is_file()]
    return [file for file in files if not suffixes or file.suffix in suffixes]


def imported_rooms(file: Path) -> set[str]:
    """Return the rooms of the package that a module imports from."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return {name.split(".")[1] for name in names if name.startswith("helhed.")}


@pytest.mark.parametrize("stage", sorted(STAGES))
def test_stages_do_not_import_each_other_nor_what_comes_after_them(stage):
    files = list((ROOT / "src/helhed" / stage).rglob("*.py"))
    assert files
    for file in files:
        assert imported_rooms(file) <= {stage, *allowed_rooms()}, file


def allowed_rooms() -> list[str]:
    """Return the rooms that a stage may import, as the rules for contributors list them."""
    rules = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    return re.findall(r"`(\w+)`", rules.split("They may import\n")[1].split(".")[0])


def test_no_rooms_import_each_other_in_a_circle():
    package = ROOT / "src/helhed"
    rooms = {file.relative_to(package).parts[0].removesuffix(".py"): set() for file in package.rglob("*.py")}
    for file in package.rglob("*.py"):
        rooms[file.relative_to(package).parts[0].removesuffix(".py")] |= imported_rooms(file)
    imports = {room: used - {room} for room, used in rooms.items()}
    assert set(TopologicalSorter(imports).static_order()) >= STAGES


def test_figures_know_no_stage():
    files = list((ROOT / "src/helhed/figures").rglob("*.py"))
    assert files
    for file in files:
        assert not imported_rooms(file) & (STAGES | {"publishing", "cli", "notebook"}), file


def test_every_text_exists_in_both_languages_with_the_same_places():
    for key, texts in catalogue().items():
        assert set(texts) == {"da", "en"}, key
        places = [{name for _, name, _, _ in string.Formatter().parse(texts[lang]) if name} for lang in ("da", "en")]
        assert places[0] == places[1], key
        assert texts["da"].strip() and texts["en"].strip(), key


def test_every_text_that_the_code_names_is_in_the_catalogue():
    named = re.compile(r"""(?:text|Problem)\(\s*["']([a-z_]+\.[a-z0-9_]+)["']""")
    for file in tracked(".py"):
        for key in named.findall(file.read_text(encoding="utf-8")):
            assert key in catalogue(), f"{file}: {key}"


def test_every_code_list_and_column_has_both_names():
    for table in tables().values():
        for column in table.columns:
            assert column.da and column.en, (table.name, column.name)
            assert not column.codes or column.codes in codes(), (table.name, column.name)
    for name, labels in codes().items():
        assert all(label["da"] and label["en"] for label in labels.values()), name


def test_a_deadline_is_the_same_in_words_and_in_numbers_wherever_it_stands():
    versions = [rule for found in statutes().values() for rule in found]
    with_months = [rule for rule in versions if rule.deadline and rule.deadline.months]
    assert with_months
    for rule in with_months:
        assert str(rule.deadline.months) in rule.da and str(rule.deadline.months) in rule.en, rule.id
    assert {rule.deadline.months for rule in statutes()["bl_20"]} == {EXAMINATION_MONTHS}


def test_version_is_the_same_everywhere():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))["version"]
    changelog = re.search(r"^## (\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)[1]
    assert project == citation == changelog == helhed.__version__


def test_conda_environment_mirrors_the_project():
    renamed = {"great-tables": "great_tables", "matplotlib": "matplotlib-base", "pandera[pandas]": "pandera-pandas"}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {}
    for requirement in project["dependencies"]:
        name, limits = re.match(r"([\w.\[\]-]+)(.*)", requirement).groups()
        wanted[renamed.get(name, name)] = limits
    wanted["python"] = project["requires-python"]
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    given = dict(entry.partition(" ")[::2] for entry in environment if isinstance(entry, str) and entry != "pip")
    assert given == wanted


def test_lock_names_no_registry_and_hashes_everything():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    for requirement in re.split(r"\n(?=[a-z0-9])", re.sub(r"(?m)^\s*#.*\n", "", lock)):
        assert "--hash=sha256:" in requirement, requirement[:60]


def test_lock_holds_every_dependency():
    locked = {line.split("==")[0] for line in (ROOT / "requirements.lock").read_text().splitlines() if "==" in line}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    assert {re.match(r"[\w.-]+", name)[0].lower().replace(".", "-") for name in wanted} <= locked


def test_nothing_looks_like_a_cpr_number():
    for file in tracked(*TEXT_FILES, ".xlsx", ".docx"):
        if file.name != "requirements.lock":
            assert not places_in(file), file


def test_notebooks_hold_no_outputs():
    for file in (ROOT / "notebooks").glob("*.ipynb"):
        for cell in nbformat.read(file, as_version=4).cells:
            assert cell.cell_type != "code" or (not cell.outputs and cell.execution_count is None), file


def test_every_step_has_its_notebook():
    assert {file.stem for file in (ROOT / "notebooks").glob("*.ipynb")} == set(STEPS)


def test_sentences_of_the_readme_name_what_exists():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = re.findall(r"`make (\w+)`", readme) + re.findall(r"^make (\w+)$", readme, re.M)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert {"guide", "test"} <= set(targets)
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.M), target
    for path in re.findall(r"^([\w./-]+/?) {2,}\S", readme, re.M):
        assert (ROOT / path).exists(), path


def test_modules_are_small_enough_to_read():
    for file in (ROOT / "src").rglob("*.py"):
        assert len(file.read_text(encoding="utf-8").splitlines()) <= 320, file


def test_project_speaks_of_itself_alone():
    words = re.compile(r"(?<![\w.-])/(?:root|work|Users)/[a-z]|(?:pypi|pythonhosted|npmjs)\.(?:org|com)")
    for file in tracked(*TEXT_FILES):
        if file != Path(__file__):
            found = words.search(file.read_text(encoding="utf-8", errors="replace"))
            assert not found, f"{file}: {found}"
