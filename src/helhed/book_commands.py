"""The commands that build the guide: ``helhed book`` and ``helhed guide``. No logic."""

import time
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from helhed.command_words import ERR, LANG, OUT, Folders, Force, RunId, Workers, finished_run
from helhed.errors import HelhedError, Problem, WrongCall
from helhed.run_commands import run_orders
from helhed.texts import number, text

_SAMPLES = ("furesoe", "broendby", "roedovre", "assens")


def _help(key: str) -> str:
    return text(f"cli.help_{key}", LANG)


Site = Annotated[Path, typer.Option(help=_help("site"))]


def add_book_commands(app: typer.Typer) -> None:
    """Add the commands to ``helhed``."""
    for command in (book, guide):
        app.command(help=_help(command.__name__))(command)


def book(
    folders: Folders,
    site: Site = Path("_build/site"),
    run_id: RunId = "",
    steps: Annotated[str, typer.Option(help=_help("book_steps"))] = "",
    editions: Annotated[bool, typer.Option("--editions", help=_help("editions"))] = False,
    allow_unfinished: Annotated[bool, typer.Option("--allow-unfinished", help=_help("allow_unfinished"))] = False,
) -> None:
    """Build the web book, in both languages, from finished runs."""
    from helhed.publishing.runner import steps_between

    chosen = steps_between(steps, LANG) if steps else ()
    finished, unfinished = _sorted_out(folders, run_id, chosen)
    if unfinished and not (allow_unfinished and finished):
        raise WrongCall([problem for error in unfinished.values() for problem in error.problems], LANG)
    for folder, error in unfinished.items():
        ERR.print(text("cli.left_out", LANG, folder=folder, why=error))
    _build(finished, site, editions, [_called(folder) for folder in unfinished], chosen)


def guide(
    workers: Workers = 2,
    force: Force = False,
    site: Site = Path("_build/site"),
) -> None:
    """Run the four sample municipalities and build the book: the national edition and each one's own."""
    from helhed.publishing.runner import Order

    if not Path("sample_data").is_dir():
        raise WrongCall(Problem("cli.no_samples"), LANG)
    orders = [
        Order(Path("sample_data", name), Path("sample_data", name, "runs", "guide"), reuse=not force)
        for name in _SAMPLES
    ]
    run_orders(orders, workers)
    _build([order.run_dir for order in orders], site, with_own=True)


def _sorted_out(folders: list[Path], run_id: str, steps: tuple[str, ...]) -> tuple[list[Path], dict[Path, WrongCall]]:
    """Return the finished runs, and what is wrong with the folders that have none; a folder must exist."""
    if misspelt := [Problem("runs.no_folder", value=str(folder)) for folder in folders if not folder.is_dir()]:
        raise WrongCall(misspelt, LANG)
    finished, unfinished = [], {}
    for folder in dict.fromkeys(folders):
        try:
            finished.append(finished_run(folder, run_id, steps))
        except WrongCall as error:
            unfinished[folder] = error
    return finished, unfinished


def _called(folder: Path) -> str:
    """Return the municipality's name as its profile has it, that of its folder where the profile cannot be read."""
    from helhed.profile import read_profile

    with suppress(HelhedError):
        return read_profile(folder, LANG).name
    return folder.resolve().name


def _build(
    run_dirs: list[Path],
    site: Path,
    with_own: bool,
    unfinished: list[str] | None = None,
    steps: tuple[str, ...] = (),
) -> None:
    from helhed.publishing.book import build_book
    from helhed.publishing.editions import main_and_own, runs_by_page

    started = time.monotonic()
    editions = main_and_own(runs_by_page(run_dirs, LANG), with_own, unfinished or [], steps)
    OUT.print(text("cli.building_editions" if editions[1:] else "cli.building", LANG, n=number(len(editions), LANG)))
    build_book(editions, site)
    seconds = number(time.monotonic() - started, LANG)
    OUT.print(text("cli.open_here", LANG, file=site / "index.html", seconds=seconds))
