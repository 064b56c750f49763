"""Notebooks tell, modules do: the limits that keep them readable."""

import ast
import re
from pathlib import Path

import nbformat
import papermill
import pytest

from helhed.publishing import decision
from helhed.publishing.runner import READS, STEPS

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
FORBIDDEN = (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.AsyncFunctionDef)


def cells_of(file, kind):
    return [cell for cell in nbformat.read(file, as_version=4).cells if cell.cell_type == kind]


@pytest.fixture(params=NOTEBOOKS, ids=lambda file: file.stem)
def notebook(request):
    return request.param


def test_parameters_are_named_typed_and_explained(notebook):
    parameters = papermill.inspect_notebook(str(notebook))
    assert list(parameters)[:3] == ["municipality", "run_dir", "lang"]
    assert len(parameters) <= 6
    for name, facts in parameters.items():
        assert facts["inferred_type_name"] in {"str", "int", "float", "bool"}, name
        assert facts["help"], f"{name} has no comment with unit and meaning"


def test_code_is_short_and_defines_nothing(notebook):
    cells = cells_of(notebook, "code")
    assert len(cells) <= 20
    assert sum(len(cell.source.splitlines()) for cell in cells) <= 120
    for cell in cells:
        assert len(cell.source.splitlines()) <= 15, cell.source
        tree = ast.parse(cell.source)
        assert not [node for node in ast.walk(tree) if isinstance(node, FORBIDDEN)], cell.source
        assert not any(word in cell.source for word in ("!pip", "%pip", "sys.path", "os.chdir", "filterwarnings"))


def test_a_step_waits_for_those_it_reads_from_and_no_others(notebook):
    code = "\n".join(cell.source for cell in cells_of(notebook, "code"))
    read = set(re.findall(r"""step\.read\(\s*["'](\w+)["']""", code))
    if "collect(step.run" in code:
        read |= {STEPS[0], *decision.STEPS}
    # The first step by itself reads the municipality's files alone; what a later one made before is not waited for.
    assert set(READS[notebook.stem]) == read
    assert code.count("step.run") == ("collect(step.run" in code) + code.count('step.run.key_numbers("2_staff')


def test_all_code_but_the_parameters_is_hidden_from_readers(notebook):
    for cell in cells_of(notebook, "code"):
        tags = cell.metadata.get("tags", [])
        assert "parameters" in tags or "hide-input" in tags, cell.source


def test_there_is_one_title_and_it_comes_first(notebook):
    markdown = [cell.source for cell in cells_of(notebook, "markdown")]
    titles = [line for source in markdown for line in source.splitlines() if line.startswith("# ")]
    assert len(titles) == 1
    assert nbformat.read(notebook, as_version=4).cells[0].source.lstrip().startswith(titles[0])
    assert "## Before you go on" in markdown[-1] or any("## Before you go on" in source for source in markdown[-2:])


def test_every_step_opens_shows_a_figure_and_hands_over(notebook):
    code = "\n".join(cell.source for cell in cells_of(notebook, "code"))
    assert f'open_step("{notebook.stem}"' in code
    assert "show_figure(" in code and "show_table(" in code
    assert "step.key_number" in code and "hand_over(" in code
