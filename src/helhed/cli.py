"""The command ``helhed``: translates words on the command line into calls, and results into words. No logic."""

import sys
from typing import Annotated

import typer

from helhed.book_commands import add_book_commands
from helhed.command_help import Commands
from helhed.command_words import ERR, LANG, OUT, WISHED_LANG, Folder, Lang, checked
from helhed.errors import HelhedError
from helhed.national_command import national
from helhed.plan_commands import plan_app
from helhed.plan_form_commands import add_form_commands
from helhed.referral_command import decisions
from helhed.release_commands import add_release_commands
from helhed.run_commands import add_run_commands
from helhed.side_by_side_command import side_by_side
from helhed.texts import LANGUAGES, text
from helhed.wrong_usage import language_asked_for, usage_message

#: What typer raises for words it cannot read; only the class beneath has a public name.
UsageError = typer.BadParameter.__mro__[1]

app = Commands(text("cli.help", LANG), has_order=True)
add_form_commands(plan_app)
app.add_typer(plan_app, name="plan")
app.command(help=text("selection.help_national", LANG))(national)
app.command(help=text("selection.help_decisions", LANG))(decisions)
app.command(help=text("monitoring_outputs.help_side_by_side", LANG))(side_by_side)
add_release_commands(app)
add_run_commands(app)
add_book_commands(app)


@app.command(help=text("cli.help_new", LANG))
def new(
    folder: Folder,
    model: Annotated[str, typer.Option(help=text("cli.help_model", LANG))] = "furesoe",
    lang: Lang = LANG,
) -> None:
    """Make a municipality's folder: profile, exports folder and workbooks to fill in."""
    from helhed.publishing.new_municipality import make_municipality, municipality_named

    made = make_municipality(folder, model, checked(lang))
    OUT.print(text("cli.made", lang, folder=folder, files=", ".join(made)))
    if municipality_named(folder.name) is None:
        OUT.print(text("cli.fill_in_code", lang))


@app.command(help=text("cli.help_check", LANG))
def check(folder: Folder, lang: Lang = LANG) -> None:
    """Check a municipality's files and write the list of errors; exit 1 while a "must fix" remains."""
    from helhed.publishing.checking import check_municipality

    result = check_municipality(folder, checked(lang))
    for line in result.lines:
        OUT.print(line)
    OUT.print(result.summary)
    raise typer.Exit(1 if result.n_must_fix else 0)


@app.command(help=text("cli.help_families", LANG))
def families(folder: Folder, lang: Lang = LANG) -> None:
    """Write the list of whom the pseudonyms stand for."""
    from helhed.publishing.checking import write_family_list

    OUT.print(text("cli.families_written", lang, file=write_family_list(folder, checked(lang))))


def main() -> None:
    """Run the command; every error becomes a plain message and an exit code, never a traceback."""
    if WISHED_LANG and WISHED_LANG != LANG:
        for lang in LANGUAGES:
            ERR.print(text("cli.unknown_env_lang", lang, value=WISHED_LANG, known=", ".join(LANGUAGES)))
    try:
        sys.exit(app(prog_name="helhed", standalone_mode=False))
    except UsageError as error:
        ERR.print(usage_message(error, language_asked_for(sys.argv[1:], LANG)))
        sys.exit(2)
    except HelhedError as error:
        ERR.print(str(error))
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        ERR.print(text("cli.interrupted", LANG))
        sys.exit(130)
    except Exception as error:
        sys.exit(_told(error, language_asked_for(sys.argv[1:], LANG)))


def _told(error: Exception, lang: str) -> int:
    """Say what happened, and return the exit code: a file that the system refused, or a fault of ours."""
    from helhed.publishing.disk import as_file_problem
    from helhed.publishing.fault_report import write_fault_report

    if isinstance(error, OSError) and (refused := as_file_problem(error, lang)):
        ERR.print(str(refused))
        return refused.exit_code
    ERR.print(text("cli.our_fault", lang, error=type(error).__name__, file=write_fault_report(error)))
    return 3
