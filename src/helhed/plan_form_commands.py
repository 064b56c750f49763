"""The commands ``helhed plan sector-forms``, ``merge``, ``fhir``, ``name-list``: calls, and results in words."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from helhed.command_words import LANG, OUT, Families, Folder, Lang, RunId, checked, folder_of_run
from helhed.errors import DataNeedsWork, Problem, WrongCall
from helhed.texts import document_name, number, text

_KINDS = {"excel": ("excel",), "word": ("word",), "both": ("excel", "word")}

Names = Annotated[Path | None, typer.Option(help=text("plan_documents.help_names", LANG))]
Department = Annotated[str, typer.Option(help=text("plan_forms.help_department", LANG))]
Kind = Annotated[str, typer.Option(help=text("plan_forms.help_kind", LANG))]


def add_form_commands(app: typer.Typer) -> None:
    """Add the commands to ``helhed plan``."""
    rooms = {sector_forms: "plan_forms", merge: "plan_forms", fhir: "plan_forms", name_list: "plan_names"}
    for command, room in rooms.items():
        name = command.__name__
        app.command(name.replace("_", "-"), help=text(f"{room}.help_{name}", LANG))(command)


def sector_forms(
    folder: Folder,
    family: Families = None,
    kind: Kind = "both",
    names: Names = None,
    lang: Lang = LANG,
    run_id: RunId = "",
) -> None:
    """Write forms for the offices' plans, one for each family and kind of plan."""
    from helhed.plan.assembly import assemble_plans
    from helhed.publishing.plan_making import chosen_plans
    from helhed.publishing.sector_forms import write_sector_forms

    profile, tables = _open(folder, lang, run_id)
    if kind not in _KINDS:
        raise WrongCall(Problem("plan_forms.unknown_kind", value=kind), lang)
    plans = chosen_plans(assemble_plans(tables, profile, profile["data.to_date"]), family or (), lang)
    n_files = sum(1 for _ in write_sector_forms(plans, profile.folder, lang, _KINDS[kind], _names(names, lang)))
    place = profile.folder / "plans" / lang / document_name("sector", lang)
    OUT.print(text("plan_forms.forms_written", lang, n=number(n_files, lang), folder=place))


def merge(folder: Folder, names: Names = None, lang: Lang = LANG, run_id: RunId = "") -> None:
    """Take in what the offices sent; exit 1 if something of it could not be read."""
    from helhed.plan.assembly import assemble_plans
    from helhed.publishing.sector_forms import take_in_sector_plans, with_sector_plans

    profile, tables = _open(folder, lang, run_id)
    found = take_in_sector_plans(profile, tables, lang, _names(names, lang))
    for problem in found.problems:
        OUT.print(f"{text(f'plan.severity_{problem.severity}', lang)}: {problem.line(lang)}")
    plans = assemble_plans(with_sector_plans(profile, tables, lang), profile, profile["data.to_date"])
    for family, n_forms in found.lines.groupby("family_id").size().items():
        lines = plans[family].lines
        counts = {"n_forms": n_forms, "n_lines": len(lines), "n_marked": sum(line.duplicate != "no" for line in lines)}
        words = {name: number(value, lang) for name, value in counts.items()}
        OUT.print(text("plan_forms.merged_line", lang, family=family, **words))
    OUT.print(text("plan_forms.merged", lang, n=number(len(found.lines), lang)))
    if len(found.written):
        OUT.print(text("plan_forms.merged_families", lang, n=number(len(found.written), lang)))
    raise typer.Exit(1 if any(problem.severity == "must_fix" for problem in found.problems) else 0)


def fhir(
    folder: Folder, family: Families = None, department: Department = "", lang: Lang = LANG, run_id: RunId = ""
) -> None:
    """Write the plans as FHIR R4 Bundles, whole or as a department may see them."""
    from helhed.plan.assembly import assemble_plans
    from helhed.plan.views import DEPARTMENTS
    from helhed.publishing.plan_editing import PlanStore
    from helhed.publishing.plan_making import chosen_plans
    from helhed.publishing.sector_forms import with_sector_plans, without_consent, write_fhir

    if department and department not in DEPARTMENTS:
        known = {"known": ", ".join(DEPARTMENTS)}
        raise WrongCall(Problem("plan_forms.unknown_department", value=department, details=known), lang)
    profile, tables = _open(folder, lang, run_id)
    plans = assemble_plans(with_sector_plans(profile, tables, lang), profile, profile["data.to_date"])
    store = PlanStore(profile)
    chosen = chosen_plans(plans, family or (), lang)
    standing = {name: store.as_it_stands(plan, date.today(), lang) for name, plan in chosen.items()}
    for name in without_consent(standing):
        OUT.print(text("plan_forms.fhir_no_consent", lang, family=name))
    for file in write_fhir(standing, profile.folder, lang, department):
        OUT.print(str(file))
    if not department:
        OUT.print(text("plan_forms.fhir_whole", lang))


def name_list(folder: Folder, lang: Lang = LANG, run_id: RunId = "") -> None:
    """Write the list in which names for the plans are filled in."""
    from helhed.plan.assembly import assemble_plans
    from helhed.publishing.plan_name_list import write_name_list

    profile, tables = _open(folder, lang, run_id)
    plans = assemble_plans(tables, profile, profile["data.to_date"])
    OUT.print(text("plan_names.written", lang, file=write_name_list(profile, plans, lang)))


def _open(folder: Path, lang: str, run_id: str) -> tuple:
    """Return the profile and the tables of the run that plans are assembled from."""
    from helhed.publishing.plan_making import profile_of, tables_of_run
    from helhed.publishing.run_folder import RunFolder

    profile = profile_of(folder, checked(lang))
    return profile, tables_of_run(profile, RunFolder(folder_of_run(folder, run_id, is_old=True)), lang)


def _names(file: Path | None, lang: str):
    from helhed.plan.names import NameList, read_name_list

    if file is None:
        return NameList({}, {})
    if not file.is_file():
        raise DataNeedsWork(Problem("plan_documents.no_file", file=str(file)), lang)
    listed = read_name_list(file.read_bytes(), file.name, lang)
    for problem in listed.problems:
        OUT.print(problem.line(lang))
    return listed
