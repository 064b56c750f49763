"""What the commands share: the language, where they print, the words they take, which run they mean."""

import os
import re
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from helhed.errors import Problem, WrongCall
from helhed.texts import LANGUAGES, text

#: The language of help and messages when a command does not say: set HELHED_LANG=en for English.
WISHED_LANG = os.environ.get("HELHED_LANG", "").strip()
LANG = WISHED_LANG if WISHED_LANG in LANGUAGES else "da"

# What stands in a user's file may look like the markup of a terminal: nothing is read as such.
OUT = Console(highlight=False, soft_wrap=True, markup=False)
ERR = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)

Folder = Annotated[Path, typer.Argument(help=text("cli.help_folder", LANG))]
Folders = Annotated[list[Path], typer.Argument(help=text("cli.help_folders", LANG))]
Lang = Annotated[str, typer.Option(help=text("cli.help_lang", LANG))]
RunId = Annotated[str, typer.Option(help=text("cli.help_run_id", LANG))]
Workers = Annotated[int, typer.Option(min=1, help=text("cli.help_workers", LANG))]
Force = Annotated[bool, typer.Option("--force", help=text("cli.help_force", LANG))]
Families = Annotated[list[str] | None, typer.Option("--family", help=text("plan_documents.help_family", LANG))]


def checked(lang: str) -> str:
    """Return a language that the kit speaks.

    Raises
    ------
    WrongCall
        If it does not.
    """
    if lang not in LANGUAGES:
        raise WrongCall(Problem("cli.unknown_lang", value=lang, details={"known": ", ".join(LANGUAGES)}), LANG)
    return lang


def folder_of_run(folder: Path, run_id: str, is_old: bool) -> Path:
    """Return the folder of the named run of a municipality; without a name the newest, or a new one's place."""
    if run_id and not re.fullmatch(r"[\w-]+", run_id):
        raise WrongCall(Problem("cli.bad_run_id", value=run_id), LANG)
    if run_id and is_old and not (folder / "runs" / run_id / "manifest.json").is_file():
        raise WrongCall(Problem("publishing.no_run", details={"municipality": str(folder)}), LANG)
    if run_id:
        return folder / "runs" / run_id
    return _latest_run(folder) if is_old else folder / "runs" / datetime.now().strftime("%Y-%m-%d-%H%M%S")


def _latest_run(folder: Path) -> Path:
    runs = sorted((folder / "runs").glob("*/manifest.json"), key=lambda file: file.stat().st_mtime)
    if not runs:
        raise WrongCall(Problem("publishing.no_run", details={"municipality": str(folder)}), LANG)
    return runs[-1].parent


def finished_run(folder: Path, run_id: str, steps: tuple[str, ...] = ()) -> Path:
    """Return the folder of a municipality's named or newest run, which must hold the steps in both languages.

    Every step, when none is named.
    """
    from helhed.publishing.run_folder import RunFolder
    from helhed.publishing.runner import STEPS, is_complete

    run_dir = folder_of_run(folder, run_id, is_old=True)
    if not is_complete(RunFolder(run_dir), LANGUAGES, steps or STEPS):
        raise WrongCall(Problem("publishing.incomplete_run", details={"municipality": str(folder)}), LANG)
    return run_dir
