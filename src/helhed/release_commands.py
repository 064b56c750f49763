"""The commands ``helhed release`` and ``helhed allow``: calls and results in words. No logic."""

from pathlib import Path
from typing import Annotated

import typer

from helhed.command_words import LANG, OUT, Folder, Lang, RunId, checked, finished_run
from helhed.texts import number, text

_MOST_LINES = 50
# A find may look like the markup of a terminal: nothing is read as such.

Site = Annotated[Path | None, typer.Option(help=text("release.help_site", LANG))]
Documents = Annotated[list[Path] | None, typer.Option("--document", help=text("release.help_document", LANG))]


def add_release_commands(app: typer.Typer) -> None:
    """Add the commands to ``helhed``."""
    for command in (release, allow):
        app.command(help=text(f"release.help_{command.__name__}", LANG))(command)


def release(
    folder: Folder,
    approved_by: Annotated[str, typer.Option(help=text("release.help_approved_by", LANG))] = "",
    reason: Annotated[str, typer.Option(help=text("release.help_reason", LANG))] = "",
    site: Site = None,
    document: Documents = None,
    lang: Lang = LANG,
    run_id: RunId = "",
) -> None:
    """Search everything that would leave; with a name and a reason, let it out. Exit 1 while an alarm is open."""
    from helhed.publishing.release import release as let_out

    checked = _check(folder, lang, run_id, site, document)
    OUT.print(text("release.searched", lang, n=number(checked.n_searched, lang), kit=number(checked.unsearched, lang)))
    if checked.allowed:
        OUT.print(text("release.were_allowed", lang, n=number(len(checked.allowed), lang)))
    for alarm in checked.alarms[:_MOST_LINES]:
        OUT.print(alarm.line(lang))
    if checked.alarms:
        more = len(checked.alarms) - _MOST_LINES
        if more > 0:
            OUT.print(text("release.more", lang, n=number(more, lang)))
        OUT.print(text("release.blocked", lang, n=number(len(checked.alarms), lang)))
        raise typer.Exit(1)
    if not approved_by and not reason:
        OUT.print(text("release.clean", lang))
        return
    OUT.print(text("release.let_out", lang, folder=let_out(checked, approved_by, reason, lang)))


def allow(
    folder: Folder,
    mark: Annotated[str, typer.Argument(help=text("release.help_mark", LANG))],
    by: Annotated[str, typer.Option(help=text("release.help_by", LANG))] = "",
    reason: Annotated[str, typer.Option(help=text("release.help_reason_allow", LANG))] = "",
    site: Site = None,
    document: Documents = None,
    lang: Lang = LANG,
    run_id: RunId = "",
) -> None:
    """Write down that a person calls an alarm false."""
    from helhed.publishing.release import allow as call_false

    alarm = call_false(_check(folder, lang, run_id, site, document), mark, by, reason, lang)
    OUT.print(text("release.is_allowed", lang, mark=alarm.mark, file=alarm.file))


def _check(folder: Path, lang: str, run_id: str, site: Path | None, documents: list[Path] | None):
    from helhed.profile import read_profile
    from helhed.publishing.release import check_release

    profile = read_profile(folder, checked(lang))
    return check_release(profile, finished_run(folder, run_id), lang, site, documents or ())
