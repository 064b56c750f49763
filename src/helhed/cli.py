"""The command ``helhed``: translates words on the command line into calls, and results into words. No logic."""

import os
import re
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from helhed.errors import HelhedError, Problem, WrongCall
from helhed.national_command import national
from helhed.plan_commands import plan_app
from helhed.plan_form_commands import add_form_commands
from helhed.release_commands import add_release_commands
from helhed.run_commands import add_run_commands, run_orders
from helhed.texts import LANGUAGES, number, text
from helhed.wrong_usage import language_asked_for, usage_message

#: What typer raises for words it cannot read; only the class beneath has a public name.
UsageError = typer.BadParameter.__mro__[1]

#: The language of help and messages when a command does not say: set HELHED_LANG=en for English.
_WISHED = os.environ.get("HELHED_LANG", "").strip()
_LANG = _WISHED if _WISHED in LANGUAGES else "da"
_SAMPLES = ("furesoe", "broendby", "roedovre", "assens")

app = typer.Typer(add_completion=False, no_args_is_help=True, help=text("cli.help", _LANG), rich_markup_mode=None)
add_form_commands(plan_app)
app.add_typer(plan_app, name="plan")
app.command(help=text("selection.help_national", _LANG))(national)
add_release_commands(app)
add_run_commands(app)
# What stands in a user's file may look like the markup of a terminal: nothing is read as such.
_out = Console(highlight=False, soft_wrap=True, markup=False)
_err = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)

Folder = Annotated[Path, typer.Argument(help=text("cli.help_folder", _LANG))]
Folders = Annotated[list[Path], typer.Argument(help=text("cli.help_folders", _LANG))]
Lang = Annotated[str, typer.Option(help=text("cli.help_lang", _LANG))]
Workers = Annotated[int, typer.Option(min=1, help=text("cli.help_workers", _LANG))]
Force = Annotated[bool, typer.Option("--force", help=text("cli.help_force", _LANG))]
RunId = Annotated[str, typer.Option(help=text("cli.help_run_id", _LANG))]


@app.command(help=text("cli.help_new", _LANG))
def new(
    folder: Folder,
    model: Annotated[str, typer.Option(help=text("cli.help_model", _LANG))] = "furesoe",
    lang: Lang = _LANG,
) -> None:
    """Make a municipality's folder: profile, exports folder and workbooks to fill in."""
    from helhed.publishing.new_municipality import make_municipality, municipality_named

    made = make_municipality(folder, model, _checked(lang))
    _out.print(text("cli.made", lang, folder=folder, files=", ".join(made)))
    if municipality_named(folder.name) is None:
        _out.print(text("cli.fill_in_code", lang))


@app.command(help=text("cli.help_check", _LANG))
def check(folder: Folder, lang: Lang = _LANG) -> None:
    """Check a municipality's files and write the list of errors; exit 1 while a "must fix" remains."""
    from helhed.publishing.checking import check_municipality

    result = check_municipality(folder, _checked(lang))
    for line in result.lines:
        _out.print(line)
    _out.print(result.summary)
    raise typer.Exit(1 if result.n_must_fix else 0)


@app.command(help=text("cli.help_book", _LANG))
def book(folders: Folders, site: Annotated[Path, typer.Option()] = Path("_build/site"), run_id: RunId = "") -> None:
    """Build the web book, in both languages, from finished runs."""
    _build([finished_run(folder, run_id) for folder in folders], site)


@app.command(help=text("cli.help_guide", _LANG))
def guide(
    workers: Workers = 2,
    force: Force = False,
    site: Annotated[Path, typer.Option()] = Path("_build/site"),
) -> None:
    """Run the four sample municipalities and build the book."""
    from helhed.publishing.runner import Order

    if not Path("sample_data").is_dir():
        raise WrongCall(Problem("cli.no_samples"), _LANG)
    orders = [
        Order(Path("sample_data", name), Path("sample_data", name, "runs", "guide"), reuse=not force)
        for name in _SAMPLES
    ]
    run_orders(orders, workers)
    _build([order.run_dir for order in orders], site)


@app.command(help=text("cli.help_families", _LANG))
def families(folder: Folder, lang: Lang = _LANG) -> None:
    """Write the list of whom the pseudonyms stand for."""
    from helhed.publishing.checking import write_family_list

    _out.print(text("cli.families_written", lang, file=write_family_list(folder, _checked(lang))))


def _build(run_dirs: list[Path], site: Path) -> None:
    from helhed.publishing.book import build_book
    from helhed.publishing.run_folder import RunFolder

    started = time.monotonic()
    _out.print(text("cli.building", _LANG))
    build_book({run_dir.parents[1].name: RunFolder(run_dir) for run_dir in run_dirs}, site)
    seconds = number(time.monotonic() - started, _LANG)
    _out.print(text("cli.open_here", _LANG, file=site / "index.html", seconds=seconds))


def folder_of_run(folder: Path, run_id: str, is_old: bool) -> Path:
    """Return the folder of the named run of a municipality; without a name the newest, or a new one's place."""
    if run_id and not re.fullmatch(r"[\w-]+", run_id):
        raise WrongCall(Problem("cli.bad_run_id", value=run_id), _LANG)
    if run_id and is_old and not (folder / "runs" / run_id / "manifest.json").is_file():
        raise WrongCall(Problem("publishing.no_run", details={"municipality": str(folder)}), _LANG)
    if run_id:
        return folder / "runs" / run_id
    return _latest_run(folder) if is_old else folder / "runs" / datetime.now().strftime("%Y-%m-%d-%H%M%S")


def _latest_run(folder: Path) -> Path:
    runs = sorted((folder / "runs").glob("*/manifest.json"), key=lambda file: file.stat().st_mtime)
    if not runs:
        raise WrongCall(Problem("publishing.no_run", details={"municipality": str(folder)}), _LANG)
    return runs[-1].parent


def finished_run(folder: Path, run_id: str) -> Path:
    """Return the folder of a municipality's named or newest run, which must hold every step in both languages."""
    from helhed.publishing.run_folder import RunFolder
    from helhed.publishing.runner import is_complete

    run_dir = folder_of_run(folder, run_id, is_old=True)
    if not is_complete(RunFolder(run_dir), LANGUAGES):
        raise WrongCall(Problem("publishing.incomplete_run", details={"municipality": str(folder)}), _LANG)
    return run_dir


def _checked(lang: str) -> str:
    if lang not in LANGUAGES:
        raise WrongCall(Problem("cli.unknown_lang", value=lang, details={"known": ", ".join(LANGUAGES)}), _LANG)
    return lang


def main() -> None:
    """Run the command; every error becomes a plain message and an exit code, never a traceback."""
    if _WISHED and _WISHED != _LANG:
        for lang in LANGUAGES:
            _err.print(text("cli.unknown_env_lang", lang, value=_WISHED, known=", ".join(LANGUAGES)))
    try:
        sys.exit(app(prog_name="helhed", standalone_mode=False))
    except UsageError as error:
        _err.print(usage_message(error, language_asked_for(sys.argv[1:], _LANG)))
        sys.exit(2)
    except HelhedError as error:
        _err.print(str(error))
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        _err.print(text("cli.interrupted", _LANG))
        sys.exit(130)
    except Exception as error:
        from helhed.publishing.fault_report import write_fault_report

        _err.print(text("cli.our_fault", _LANG, error=type(error).__name__, file=write_fault_report(error)))
        sys.exit(3)
