"""An executed notebook as a page of the guide: code folded away, each figure with its caption and alternative text."""

import re
from collections.abc import Iterable
from itertools import takewhile

import nbformat
from nbformat import NotebookNode

from helhed.publishing.notebook_run import without_clock
from helhed.publishing.table_style import share_table_style

#: What sentences begin with (`helhed.notebook.Step.say`), when nothing follows.
_HEADING_ONLY = re.compile(r"\*\*[^*]+\*\*\s*")


def page_of_notebook(notebook: NotebookNode) -> NotebookNode:
    """Return an executed notebook as a page: code folded away, figures with caption, name and alternative text.

    Parameter cells are left out; times, paths and widgets are removed.
    """
    page = without_clock(notebook)
    page.metadata.pop("widgets", None)
    page.cells = [shown for cell in page.cells for shown in _dressed(cell)]
    share_table_style(output for cell in page.cells for output in cell.get("outputs", []))
    return page


def _dressed(cell: NotebookNode) -> list[NotebookNode]:
    """Return a cell as the page shows it: a code cell is divided so that each figure stands alone and can be named."""
    if cell.cell_type != "code":
        return [cell]
    tags = set(cell.metadata.get("tags", []))
    tags |= {"remove-cell"} if tags & {"parameters", "injected-parameters"} else {"hide-input"}
    cell.metadata["tags"] = sorted(tags)
    outputs = _told_once(_reachable(output) for output in cell.outputs if output.get("name") != "stderr")
    cell.outputs = list(takewhile(lambda output: not _picture_words(output), outputs))
    rest = outputs[len(cell.outputs) :]
    return [cell, *(_output_cell(f"{cell.id}-{number}", output) for number, output in enumerate(rest))]


def _told_once(outputs: Iterable[NotebookNode]) -> list[NotebookNode]:
    """Return a cell's outputs without sentences that its figures' captions say already.

    In the notebook itself a figure has no caption, so the sentences stand there.
    """
    outputs = list(outputs)
    captions = [words["caption"] for output in outputs if (words := _picture_words(output))]
    for output in outputs:
        if written := _written(output):
            for caption in captions:
                written = written.replace(caption, "")
            output.data["text/markdown"] = re.sub(" {2,}", " ", written)
    return [output for output in outputs if not _HEADING_ONLY.fullmatch(_written(output))]


def _written(output: NotebookNode) -> str:
    """Return the output's sentences, nothing when it is something else."""
    return "".join(output.get("data", {}).get("text/markdown", ""))


def _output_cell(cell_id: str, output: NotebookNode) -> NotebookNode:
    # Never shown, but a cell without source would lose its output.
    shown = nbformat.v4.new_code_cell("...", metadata={"tags": ["remove-input"]}, outputs=[output], id=cell_id)
    if words := _picture_words(output):
        figure = {"caption": words["caption"], "name": words["name"]}
        shown.metadata["mystnb"] = {"figure": figure, "image": {"alt": words["alt"]}}
    return shown


def _reachable(output: NotebookNode) -> NotebookNode:
    """Return the output with its table in a frame that the keyboard can scroll."""
    if html := output.get("data", {}).get("text/html"):
        output.data["text/html"] = "".join(html).replace('<div id="table-', '<div tabindex="0" id="table-')
    return output


def _picture_words(output: NotebookNode) -> dict:
    return output.get("metadata", {}).get("helhed", {})
