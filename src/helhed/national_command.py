"""The command ``helhed national``: the rule of a profile on a register of any size. No logic."""

from pathlib import Path
from typing import Annotated

import typer

from helhed.command_words import LANG, OUT, Lang, checked
from helhed.errors import HelhedError
from helhed.texts import number, text


def _help(key: str) -> str:
    return text(f"selection.help_{key}", LANG)


def national(
    folder: Annotated[Path, typer.Argument(help=_help("profile_folder"))],
    tables: Annotated[Path, typer.Option(help=_help("tables"))],
    engine: Annotated[str, typer.Option(help=_help("engine"))] = "polars",
    scheduler: Annotated[str | None, typer.Option(help=_help("scheduler"))] = None,
    out: Annotated[Path, typer.Option(help=_help("out"))] = Path("families.parquet"),
    lang: Lang = LANG,
) -> None:
    """Find the families that meet the profile's rule in a folder of canonical tables, and write them to a file."""
    from helhed.profile import read_profile
    from helhed.profile.law import unread_in_words
    from helhed.publishing.national_file import write_families
    from helhed.selection import select_national

    profile = read_profile(folder, checked(lang))
    try:
        found = select_national(tables, profile, profile["data.to_date"], engine, scheduler)
    except HelhedError as fault:
        raise type(fault)(fault.problems, lang) from fault
    write_families(found.families, out, lang)
    if found.unread:
        OUT.print(unread_in_words(found.unread, "select", lang).replace("**", ""))
    counts = {name: number(n, lang) for name, n in found.n_families.items()}
    OUT.print(text("selection.national_done", lang, file=out, **counts))
    OUT.print(text("selection.national_fingerprint", lang, fingerprint=found.fingerprint()))
