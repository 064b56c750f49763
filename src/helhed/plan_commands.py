"""The commands ``helhed plan …``: words on the command line into calls, results into words. No logic."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from helhed.command_help import Commands
from helhed.command_words import LANG, OUT, Families, Folder, Lang, RunId, checked, folder_of_run
from helhed.errors import DataNeedsWork, Problem, WrongCall
from helhed.texts import number, text

plan_app = Commands(text("plan_documents.help_plan", LANG))


def _help(key: str) -> str:
    return text(f"plan_documents.help_{key}", LANG)


@plan_app.command(help=_help("make"))
def make(
    folder: Folder,
    family: Families = None,
    role: Annotated[str, typer.Option(help=_help("role"))] = "",
    pdf: Annotated[bool, typer.Option("--pdf", help=_help("pdf"))] = False,
    html: Annotated[bool, typer.Option("--html", help=_help("html"))] = False,
    names: Annotated[Path | None, typer.Option(help=_help("names"))] = None,
    lang: Lang = LANG,
    run_id: RunId = "",
) -> None:
    """Make versions, documents and calendars of the families' plans; exit 1 if one could not be made."""
    from helhed.publishing.plan_making import Making, left_behind, lix_line, make_plans

    program = _office(lang) if pdf else None
    profile, plans = _plans(folder, family, lang, run_id)
    role = role or text("plan_documents.coordinator_role", checked(lang))
    called = _names(names, plans, lang) if names else {}
    making = Making(lang, role, date.today(), has_web=html, names=called)
    made = _with_progress(make_plans(plans, profile, making), len(plans), lambda one: lix_line(one, lang))
    failed = [one for one in made if one.failure]
    n_without = len(_pdfs(made, program)) if program else 0
    values = {"n": len(made) - len(failed), "n_new": sum(one.is_new for one in made), "n_failed": len(failed)}
    OUT.print(text("plan_documents.made", lang, folder=folder / "plans", **_numbers(values, lang)))
    for note in left_behind(plans, folder) if not family else ():
        OUT.print(note.line(lang))
    if n_without:
        OUT.print(text("plan_documents.pdf_failed", lang, n=number(n_without, lang)))
    raise typer.Exit(1 if failed or n_without else 0)


@plan_app.command(help=_help("form"))
def form(
    folder: Folder,
    family: Annotated[list[str], typer.Argument(help=_help("one_family"))],
    word: Annotated[bool, typer.Option("--word", help=_help("word"))] = False,
    names: Annotated[Path | None, typer.Option(help=_help("names"))] = None,
    lang: Lang = LANG,
) -> None:
    """Write the form of families' newest plans, to be edited and read back."""
    for file in _store(folder, lang).forms(family, _editor("", names, lang), word):
        OUT.print(text("plan_documents.form_written", lang, file=file))


@plan_app.command(help=_help("read"))
def read(
    folder: Folder,
    files: Annotated[list[Path], typer.Argument(help=_help("forms"))],
    role: Annotated[str, typer.Option(help=_help("role"))] = "",
    names: Annotated[Path | None, typer.Option(help=_help("names"))] = None,
    lang: Lang = LANG,
) -> None:
    """Take in edited forms as new versions; exit 1 if one could not be taken in."""
    from helhed.publishing.plan_editing import taken_line

    taken = list(_store(folder, lang).take_in(files, _editor(role, names, lang)))
    for one in taken:
        OUT.print(taken_line(one, lang))
    raise typer.Exit(1 if any(one.failure for one in taken) else 0)


def _store(folder: Path, lang: str):
    from helhed.publishing.plan_editing import PlanStore
    from helhed.publishing.plan_making import profile_of

    return PlanStore(profile_of(folder, checked(lang)))


def _editor(role: str, names: Path | None, lang: str):
    from helhed.publishing.plan_editing import Editor

    called = _names(names, {}, lang) if names else {}
    return Editor(lang, role or text("plan_documents.coordinator_role", lang), date.today(), called)


@plan_app.command(help=_help("check"))
def check(folder: Folder, family: Families = None, lang: Lang = LANG, run_id: RunId = "") -> None:
    """Say what the families' plans leave to settle; exit 1 while something must be settled."""
    from helhed.publishing.plan_making import findings_lines

    profile, assembled = _plans(folder, family, lang, run_id)
    store = _store(folder, lang)
    plans = {name: store.as_it_stands(plan, date.today(), lang) for name, plan in assembled.items()}
    rows = findings_lines(plans, profile, checked(lang))
    for one, severity, found, question in rows:
        OUT.print(f"{one} · {severity}: {found} {question}")
    must = text("plan.severity_must_fix", lang)
    n_must = sum(severity == must for _, severity, _, _ in rows)
    values = {"n_plans": len(plans), "n": len(rows), "n_must": n_must}
    OUT.print(text("plan_documents.checked", lang, **_numbers(values, lang)))
    raise typer.Exit(1 if n_must else 0)


@plan_app.command("check-template", help=_help("check_template"))
def check_template(files: Annotated[list[Path], typer.Argument(help=_help("files"))], lang: Lang = LANG) -> None:
    """Name what is wrong with Word templates and where; exit 1 if one cannot be used."""
    from helhed.plan.template_check import template_problems

    problems = [problem for file in files for problem in template_problems(_content(file, checked(lang)), file.name)]
    for problem in problems:
        OUT.print(f"{text(f'plan.severity_{problem.severity}', lang)}: {problem.line(lang)}")
    if not problems:
        OUT.print(text("plan_documents.template_fine", lang))
    raise typer.Exit(1 if any(problem.severity == "must_fix" for problem in problems) else 0)


@plan_app.command(help=_help("diff"))
def diff(
    folder: Folder,
    family: Annotated[str, typer.Argument(help=_help("one_family"))],
    first: Annotated[int | None, typer.Option("--from", min=1, help=_help("from"))] = None,
    last: Annotated[int | None, typer.Option("--to", min=1, help=_help("to"))] = None,
    lang: Lang = LANG,
) -> None:
    """Say what changed between two versions of a family's plan: the last two, or those named."""
    from helhed.plan.changes_words import changes_said
    from helhed.plan.family_page import Wording
    from helhed.plan.versions import VersionFolder
    from helhed.publishing.plan_making import profile_of

    store = VersionFolder(folder / "plans" / "versions")
    numbers = store.numbers(family)
    if not numbers:
        raise WrongCall(Problem("plan_documents.no_versions", value=family), checked(lang))
    to_number = last or numbers[-1]
    from_number = first or max([number for number in numbers if number < to_number], default=to_number)
    before, after = store.read(family, from_number, lang), store.read(family, to_number, lang)
    for said in changes_said(before, after, Wording(profile_of(folder, lang), lang)):
        OUT.print(said)


def _plans(folder: Path, families: list[str] | None, lang: str, run_id: str) -> tuple:
    from helhed.publishing.plan_making import chosen_plans, plans_of_run, profile_of
    from helhed.publishing.run_folder import RunFolder

    profile = profile_of(folder, checked(lang))
    plans, unread = plans_of_run(profile, RunFolder(folder_of_run(folder, run_id, is_old=True)), lang)
    if unread:
        OUT.print(unread)
    return profile, chosen_plans(plans, families or (), lang)


def _names(file: Path, plans: dict, lang: str) -> dict[str, str]:
    from helhed.plan.names import read_name_list

    listed = read_name_list(_content(file, lang), file.name, lang)
    for problem in listed.problems:
        OUT.print(problem.line(lang))
    for family, n_missing in listed.missing(plans).items():
        OUT.print(text("plan_documents.names_missing", lang, family=family, n=number(n_missing, lang)))
    return listed.labels()


def _with_progress(news, total: int, line_of: Callable[[Any], str]) -> list:
    """Return what is made, one by one; say what came of each as it comes, above a bar where there is a terminal."""
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    made = []
    with Progress(*columns, console=OUT, disable=not OUT.is_terminal) as bar:
        task = bar.add_task("", total=total)
        for one in news:
            made.append(one)
            OUT.print(line_of(one))
            bar.update(task, advance=1, description=one.family)
    return made


def _pdfs(made: list, program: str) -> list[Path]:
    from helhed.plan.pdf import to_pdf

    return to_pdf([file for one in made for file in one.files if file.suffix == ".docx"], program)


def _office(lang: str) -> str:
    from helhed.plan.pdf import office_program

    program = office_program()
    if program is None:
        raise WrongCall(Problem("plan_documents.no_office"), checked(lang))
    return program


def _content(file: Path, lang: str) -> bytes:
    if not file.is_file():
        raise DataNeedsWork(Problem("plan_documents.no_file", file=str(file)), lang)
    return file.read_bytes()


def _numbers(values: dict[str, int], lang: str) -> dict[str, str]:
    return {name: number(value, lang) for name, value in values.items()}
