"""The command ``helhed side-by-side``: the indicators of several municipalities on one page. No logic."""

from pathlib import Path
from typing import Annotated

import typer

from helhed.command_words import LANG, OUT, Lang, checked
from helhed.errors import HelhedError
from helhed.texts import number, text

Given = Annotated[list[Path], typer.Argument(help=text("monitoring_outputs.help_given", LANG))]
Out = Annotated[Path, typer.Option(help=text("monitoring_outputs.help_out", LANG))]
Indicators = Annotated[list[str] | None, typer.Option("--indicator", help=text("monitoring_outputs.help_which", LANG))]


def side_by_side(
    given: Given, out: Out = Path("side_by_side.html"), indicator: Indicators = None, lang: Lang = LANG
) -> None:
    """Write one page of several municipalities' indicators, by name and with the limits of chance."""
    from helhed.publishing.side_by_side_page import SHOWN, own_page, shared_files

    lang = checked(lang)
    try:
        files = shared_files(given, lang)
        out.write_bytes(own_page(files, lang, tuple(indicator or SHOWN)))
    except HelhedError as fault:
        raise type(fault)(fault.problems, lang) from fault
    OUT.print(text("monitoring_outputs.side_own_written", lang, n=number(len(files), lang), file=out))
