"""The offices' plans on their way into the families' plans: forms written and read, plans of other systems in FHIR.

::

    <municipality>/plans/<lang>/sector/<family>/<plan>.xlsx (.docx)   forms for the offices, to be filled in
    <municipality>/sector_plans/*.xlsx, *.docx, *.json                what the offices sent back
    <municipality>/plans/<lang>/sector/<family>/family.xlsx (.docx)   for the coordinator: network, consents, meetings
    <municipality>/plans/sector_lines.parquet, sector_lines.json      its lines, without names, and of which files
    <municipality>/plans/family_forms.parquet                         what the families' forms say, without names
    <municipality>/plans/<lang>/fhir/<family>.json                    plans for the coordinator's system
    <municipality>/plans/<lang>/fhir/<family>-<department>.json       what a department's system may hold of them

The folders of a language carry its names (`helhed.texts.document_name`).
"""

import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pandas as pd

from helhed.errors import SEVERITIES, Problem
from helhed.plan import FamilyPlan, assemble_plans
from helhed.plan.consent import has_programme_consent
from helhed.plan.documents import readers_by_name
from helhed.plan.fhir import plan_to_fhir, read_fhir
from helhed.plan.forms import (
    SECTOR_PLANS,
    SectorLines,
    family_form,
    is_family_form,
    read_family_forms,
    read_sector_forms,
    sector_form,
    word_form,
    workbook,
)
from helhed.plan.names import NameList
from helhed.plan.views import view_of
from helhed.profile import Profile
from helhed.publishing.run_folder import replace_file
from helhed.sheets import new_book, print_setup, set_widths, styles
from helhed.texts import LANGUAGES, document_name, number, text

SECTOR_FOLDER = "sector_plans"
_LINES = Path("plans") / "sector_lines.parquet"
_WRITTEN = Path("plans") / "family_forms.parquet"
_OF_FILES = Path("plans") / "sector_lines.json"
_WRITERS = {"excel": ("xlsx", workbook), "word": ("docx", word_form)}
_NO_NAMES = NameList({}, {})


def write_sector_forms(
    plans: Mapping[str, FamilyPlan], folder: Path, lang: str, kinds: Iterable[str], names: NameList = _NO_NAMES
) -> Iterator[Path]:
    """Write for each family one form per kind of sector plan and one for the coordinator; return the files one by one.

    Each form names the family's members.

    Parameters
    ----------
    kinds
        ``excel``, ``word`` or both.
    """
    for family, plan in plans.items():
        contents = {name: sector_form(name, lang, family, plan.members, names.labels()) for name in SECTOR_PLANS}
        contents["family"] = family_form(lang, family, plan.members, names.labels())
        for name, content in contents.items():
            for kind in kinds:
                ending, write = _WRITERS[kind]
                file = folder / "plans" / lang / document_name(f"sector/{family}/{name}.{ending}", lang)
                replace_file(file, write(content))
                yield file


def take_in_sector_plans(
    profile: Profile, tables: dict[str, pd.DataFrame], lang: str, names: NameList = _NO_NAMES
) -> SectorLines:
    """Read every form and FHIR file of the folder ``sector_plans`` and keep the lines for the plans.

    A file that is mended, or taken out of the folder, counts from the next time. The kept lines hold neither names nor
    CPR numbers.
    """
    contents = _contents(profile)
    found = _read(contents, assemble_plans(tables, profile, profile["data.to_date"]), lang, names)
    for file, frame in ((_LINES, found.lines), (_WRITTEN, found.written)):
        buffer = io.BytesIO()
        frame.to_parquet(buffer, index=False)
        replace_file(profile.folder / file, buffer.getvalue())
    replace_file(profile.folder / _OF_FILES, json.dumps(_fingerprints(contents), indent=1).encode())
    return found


def sent_lines(profile: Profile, tables: dict[str, pd.DataFrame], lang: str) -> SectorLines:
    """Return the lines of what lies in the folder ``sector_plans`` now, and what could not be read.

    Where the files are those that were taken in last (`take_in_sector_plans`), its lines count: names may have been
    known then. Else the files are read here, without names, and nothing is kept.
    """
    contents, kept = _contents(profile), profile.folder / _OF_FILES
    is_kept = kept.is_file() and (profile.folder / _WRITTEN).is_file()
    if is_kept and json.loads(kept.read_text(encoding="utf-8")) == _fingerprints(contents):
        lines, written = (pd.read_parquet(profile.folder / file) for file in (_LINES, _WRITTEN))
        return SectorLines(lines, (), written)
    return _read(contents, assemble_plans(tables, profile, profile["data.to_date"]), lang, _NO_NAMES)


def _contents(profile: Profile) -> dict[str, bytes]:
    # A file that is open in Office leaves one beside it that begins with "~".
    files = (profile.folder / SECTOR_FOLDER).glob("*")
    return {
        file.name: file.read_bytes()
        for file in sorted(files)
        if file.is_file() and not file.name.startswith(("~", "."))
    }


def _fingerprints(contents: Mapping[str, bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}


def _read(contents: Mapping[str, bytes], plans: Mapping[str, FamilyPlan], lang: str, names: NameList) -> SectorLines:
    kinds = {name: Path(name).suffix.casefold() for name in contents}
    forms = {name: content for name, content in contents.items() if kinds[name] in (".xlsx", ".docx")}
    of_families = {name: content for name, content in forms.items() if is_family_form(content, name, lang)}
    forms = {name: content for name, content in forms.items() if name not in of_families}
    fhir = {name: content for name, content in contents.items() if kinds[name] == ".json"}
    other = [
        Problem("plan_forms.other_file", "should_fix", file=name)
        for name in contents
        if name not in forms and name not in fhir and name not in of_families
    ]
    of_forms = read_sector_forms(forms, plans, lang, names.labels())
    of_coordinators = read_family_forms(of_families, plans, lang, names.labels())
    of_fhir = read_fhir(fhir, plans, names.person_of_cpr, names.labels())
    # Forms and FHIR count their lines each for themselves.
    numbered = of_fhir.lines.assign(line_id=of_fhir.lines["line_id"] + "-fhir")
    lines = pd.concat([of_forms.lines, numbered], ignore_index=True)
    problems = (*of_forms.problems, *of_coordinators.problems, *of_fhir.problems, *other)
    return SectorLines(lines, problems, of_coordinators.written)


def with_sector_plans(profile: Profile, tables: dict[str, pd.DataFrame], lang: str) -> dict[str, pd.DataFrame]:
    """Return the tables with the lines of the offices' plans and the families' forms; see `sent_lines`."""
    return sent_lines(profile, tables, lang).into(tables)


def sent_in_words(sent: SectorLines, lang: str) -> str:
    """Return the sentence on what came from the folder ``sector_plans``, and on what of it could not be read."""
    counts = {"all_read": len(sent.lines), "families": len(sent.written), "unread": n_unread(sent)}
    said = [text(f"plan_forms.sent_{key}", lang, n=number(n, lang)) for key, n in counts.items() if n]
    return " ".join(said) or text("plan_forms.sent_none", lang)


def n_unread(sent: SectorLines) -> int:
    """Return how many files of the offices could not be read, or not wholly."""
    return len({problem.file for problem in sent.problems if problem.severity == "must_fix"})


def sent_workbook(sent: SectorLines, lang: str) -> bytes:
    """Return the list of what could not be read from the offices' files, the gravest first, as an Excel file."""
    buffer = io.BytesIO()
    book = new_book(buffer, text("plan_forms.sheet_sent", lang))
    look = styles(book)
    sheet = book.add_worksheet(text("plan_forms.sheet_sent", lang))
    for column, name in enumerate(("severity", "problem")):
        sheet.write_string(0, column, text(f"plan_forms.column_{name}", lang), look["head"])
    ordered = sorted(sent.problems, key=lambda problem: SEVERITIES.index(problem.severity))
    for row, problem in enumerate(ordered, start=1):
        sheet.write_string(row, 0, text(f"plan.severity_{problem.severity}", lang), look["text"])
        sheet.write_string(row, 1, problem.line(lang), look["text"])
    if not ordered:
        sheet.write_string(1, 1, text("plan_forms.sent_nothing_wrong", lang), look["text"])
    set_widths(sheet, (16, 110))
    sheet.freeze_panes(1, 0)
    print_setup(sheet)
    book.close()
    return buffer.getvalue()


def without_consent(plans: Mapping[str, FamilyPlan]) -> list[str]:
    """Return the families whose consent to the programme is not in force: their plans go to no other system."""
    return [family for family, plan in plans.items() if not has_programme_consent(plan)]


def write_fhir(plans: Mapping[str, FamilyPlan], folder: Path, lang: str, department: str = "") -> Iterator[Path]:
    """Write each plan as a FHIR R4 Bundle without names; return the files one by one.

    A plan whose family's consent is not in force is not written, and what was written of it before is removed.

    Parameters
    ----------
    department
        The department whose system it is for: what it may see of the plan. Empty for the whole plan, which the family
        and the coordinator see.
    """
    refused = without_consent(plans)
    for name in (name for family in refused for name in readers_by_name(family)):
        for other in LANGUAGES:
            (folder / "plans" / other / document_name("fhir", other) / f"{name}.json").unlink(missing_ok=True)
    for family in (name for name in plans if name not in refused):
        plan = view_of(plans[family], department) if department else plans[family]
        name = f"{family}{f'-{department}' if department else ''}.json"
        file = folder / "plans" / lang / document_name(f"fhir/{name}", lang)
        content = json.dumps(plan_to_fhir(plan, lang), ensure_ascii=False, indent=1) + "\n"
        replace_file(file, content.encode())
        yield file
