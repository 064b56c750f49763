"""The page that JupyterLab opens on, and what Binder needs: every notebook, its words and what must run before it."""

import json
import re

import nbformat

from helhed import kit_files
from helhed.publishing.lab_page import DEFAULTS, PAGE, lab_page, main
from helhed.publishing.runner import READS, STEPS
from helhed.texts import text

NOTEBOOKS = kit_files.folder("notebooks")


def notebook(name):
    return nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)


def test_every_notebook_is_listed_once_in_each_language():
    page = lab_page()
    for name in STEPS:
        title = notebook(name).cells[0].source.splitlines()[0].lstrip("# ")
        assert page.count(f"## [{title}]({name}.ipynb)") == 1
        assert page.count(f"]({name}.ipynb)\n") >= 2


def test_the_danish_part_is_danish():
    danish, english = lab_page().split(f"# {text('lab.title', 'en')}")
    for name in STEPS:
        first = " ".join(notebook(name).cells[0].source.split("\n\n")[1].split())
        assert first in english and first not in danish, name


def test_it_says_which_notebooks_each_one_needs():
    danish, _ = lab_page().split(f"# {text('lab.title', 'en')}")
    parts = dict(zip(STEPS, danish.split("\n## ")[1:], strict=True))
    for name, part in parts.items():
        assert set(re.findall(r"\[(\w+)\]\(\w+\.ipynb\)", part)) == set(READS[name]), name


def test_the_page_leads_from_each_language_to_the_other():
    danish, english = (text("lab.title", lang).replace(" ", "-") for lang in ("da", "en"))
    page = lab_page()
    assert page.index(f"](#{english})") < page.index(f"](#{danish})")


def test_the_page_is_written_where_the_laboratory_opens_it(tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTERLAB_DIR", str(tmp_path / "lab"))
    assert main([str(tmp_path)]) == 0
    assert (tmp_path / PAGE).read_text(encoding="utf-8") == lab_page()
    makefile = (NOTEBOOKS.parent / "Makefile").read_text(encoding="utf-8")
    assert f"/tree/{PAGE}\n" in makefile
    written = (tmp_path / "lab" / "settings" / "overrides.d" / "helhed.json").read_text(encoding="utf-8")
    assert json.loads(written) == DEFAULTS


def test_every_notebook_begins_with_the_same_run():
    """In the laboratory the notebooks are run one after the other: each must look where the one before has written."""
    cells = [next(c for c in notebook(name).cells if "parameters" in c.metadata.get("tags", [])) for name in STEPS]
    folders = {line.split("#")[0] for c in cells for line in c.source.splitlines() if line.startswith("run_dir")}
    assert len(folders) == 1, folders


def test_binder_makes_the_run_that_the_notebooks_read():
    lines = (NOTEBOOKS.parent / "postBuild").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "#!/bin/bash" and (NOTEBOOKS.parent / "postBuild").stat().st_mode & 0o111
    parameters = next(c for c in notebook(STEPS[0]).cells if "parameters" in c.metadata.get("tags", [])).source
    municipality, run = (line.split('"')[1] for line in parameters.splitlines()[:2])
    assert any(f"helhed run {municipality} " in line for line in lines)
    assert any(line.endswith(f" {run}") for line in lines)
