"""The command ``helhed decisions``: the referral meeting's own sheet into the workbook of decisions. No logic."""

from pathlib import Path
from typing import Annotated

import typer

from helhed.command_words import LANG, OUT, Folder, Lang, checked
from helhed.texts import text


def decisions(
    folder: Folder,
    sheet: Annotated[Path, typer.Argument(help=text("selection.help_referral_sheet", LANG))],
    lang: Lang = LANG,
) -> None:
    """Carry the decisions of a filled-in referral sheet into the municipality's workbook of decisions."""
    from helhed.publishing.referral_decisions import take_in_decisions

    for line in take_in_decisions(folder, sheet, checked(lang)):
        OUT.print(line)
