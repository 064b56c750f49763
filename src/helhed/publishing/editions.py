"""The editions of the guide: the national one of several municipalities together, and each municipality's own."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from helhed.errors import Problem, WrongCall
from helhed.publishing.run_folder import RunFolder
from helhed.texts import LANGUAGES, text

#: Names in the site's folder that no edition may take.
TAKEN = (*LANGUAGES, "python", "index")
_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "ü": "ue", "é": "e"})


@dataclass(frozen=True)
class Edition:
    """One edition of the guide.

    Parameters
    ----------
    runs
        Page name of a municipality (see `page_name`) to its finished run. The first one's executed notebooks are
        shown, and its numbers stand in the chapters.
    folder
        Where the edition lies in the site; empty for the edition that the site's languages hold.
    own_editions
        Page names of the municipalities with an edition of their own in the same site.
    unfinished
        Names of municipalities that belong to the edition but have no finished run.
    steps
        Steps that the runs hold; empty for all of them.
    """

    runs: Mapping[str, RunFolder] = field(default_factory=dict)
    folder: str = ""
    own_editions: tuple[str, ...] = ()
    unfinished: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()

    @property
    def is_national(self) -> bool:
        """Return whether the edition holds several municipalities, finished or not."""
        return len(self.runs) + len(self.unfinished) > 1

    @property
    def example(self) -> str:
        """Return the page name of the municipality whose notebooks and numbers the chapters show."""
        return next(iter(self.runs), "")

    @property
    def place(self) -> str:
        """Return the way from the edition's language folder up to the site's folder."""
        return "../../" if self.folder else "../"

    def name(self) -> str:
        """Return the name of the municipality whose numbers the chapters show."""
        return card_of(self.runs[self.example])["name"] if self.runs else ""

    def title(self, lang: str) -> str:
        """Return the title of the guide: with the municipality's name, or that this is the national edition."""
        if self.is_national:
            return text("book.title_national", lang)
        return text("book.title_own", lang, name=self.name()) if self.runs else text("book.title", lang)

    def holds(self, step: str) -> bool:
        """Return whether the runs hold a step."""
        return not self.steps or step in self.steps

    def record(self) -> dict:
        """Return what the pages must know of the edition; `book/_ext/helhed_run.py` reads it."""
        return {
            "own": self.example,
            "is_national": self.is_national,
            "n_municipalities": len(self.runs),
            "own_editions": list(self.own_editions),
            "steps": list(self.steps),
            "front": f"{self.place}index.html",
        }


def card_of(run: RunFolder) -> dict:
    """Return what is public about a run: the municipality's name, code and model, and whether the data are invented."""
    return json.loads((run.path / "public" / "run.json").read_text(encoding="utf-8"))


def page_name(folder: str) -> str:
    """Return the name of a municipality's folder as it may stand in an address on any machine.

    Examples
    --------
    >>> page_name("Lyngby-Taarbæk 2026"), page_name("../da"), page_name("%%")
    ('lyngby-taarbaek-2026', 'da-kommune', 'kommune')
    """
    name = re.sub(r"[^a-z0-9]+", "-", folder.casefold().translate(_LETTERS)).strip("-") or "kommune"
    return f"{name}-kommune" if name in TAKEN else name


def runs_by_page(run_dirs: Iterable[Path], lang: str) -> dict[str, RunFolder]:
    """Return page name of each municipality to its run, in the order given.

    Raises
    ------
    WrongCall
        If two municipalities' folders have the same name: one would take the other's pages.
    """
    runs: dict[str, RunFolder] = {}
    problems = []
    for run_dir in dict.fromkeys(Path(run_dir).resolve() for run_dir in run_dirs):
        folder = run_dir.parents[1]
        name = page_name(folder.name)
        if name in runs:
            problems.append(Problem("book.same_name", file=str(folder), value=folder.name))
        runs.setdefault(name, RunFolder(run_dir))
    if problems:
        raise WrongCall(problems, lang)
    return runs


def main_and_own(
    runs: Mapping[str, RunFolder], with_own: bool, unfinished: Iterable[str] = (), steps: tuple[str, ...] = ()
) -> list[Edition]:
    """Return the editions of a site: the one that its languages hold, then, if wished, each municipality's own."""
    own = tuple(runs) if with_own else ()
    main = Edition(runs, own_editions=own, unfinished=tuple(unfinished), steps=steps)
    if not (with_own and main.is_national):
        return [replace(main, own_editions=())]
    return [main, *(Edition({name: run}, folder=name, steps=steps) for name, run in runs.items())]
