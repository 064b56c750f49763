"""The offices' plans on their way into the families' plans: forms written and read, plans of other systems in FHIR.

::

    <municipality>/plans/<lang>/sector/<family>/<plan>.xlsx (.docx)   forms for the offices, to be filled in
    <municipality>/sector_plans/*.xlsx, *.docx, *.json                what the offices sent back
    <municipality>/plans/sector_lines.parquet                         its lines, without names, as plans use them
    <municipality>/plans/<lang>/fhir/<family>.json                    plans for other systems
"""

import io
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pandas as pd

from helhed.errors import Problem
from helhed.plan import FamilyPlan, assemble_plans
from helhed.plan.fhir import plan_to_fhir, read_fhir
from helhed.plan.forms import SECTOR_PLANS, SectorLines, read_sector_forms, sector_form, word_form, workbook
from helhed.plan.names import NameList
from helhed.plan.sector_lines import with_lines
from helhed.profile import Profile
from helhed.publishing.run_folder import replace_file

SECTOR_FOLDER = "sector_plans"
_LINES = Path("plans") / "sector_lines.parquet"
_WRITERS = {"excel": ("xlsx", workbook), "word": ("docx", word_form)}
_NO_NAMES = NameList({}, {})


def write_sector_forms(
    plans: Mapping[str, FamilyPlan], folder: Path, lang: str, kinds: Iterable[str], names: NameList = _NO_NAMES
) -> Iterator[Path]:
    """Write for each family one form per kind of sector plan, with its members; return the files one by one.

    Parameters
    ----------
    kinds
        ``excel``, ``word`` or both.
    """
    for family, plan in plans.items():
        for source_plan in SECTOR_PLANS:
            content = sector_form(source_plan, lang, family, plan.members, names.labels())
            for kind in kinds:
                ending, write = _WRITERS[kind]
                file = folder / "plans" / lang / "sector" / family / f"{source_plan}.{ending}"
                replace_file(file, write(content))
                yield file


def take_in_sector_plans(
    profile: Profile, tables: dict[str, pd.DataFrame], lang: str, names: NameList = _NO_NAMES
) -> SectorLines:
    """Read every form and FHIR file of the folder ``sector_plans`` and keep the lines for the plans.

    A file that is mended, or taken out of the folder, counts from the next time. The kept lines hold neither names nor
    CPR numbers.
    """
    plans = assemble_plans(tables, profile, profile["data.to_date"])
    found = _read(profile.folder / SECTOR_FOLDER, plans, lang, names)
    buffer = io.BytesIO()
    found.lines.to_parquet(buffer, index=False)
    replace_file(profile.folder / _LINES, buffer.getvalue())
    return found


def _read(folder: Path, plans: Mapping[str, FamilyPlan], lang: str, names: NameList) -> SectorLines:
    # A file that is open in Office leaves one beside it that begins with "~".
    files = [file for file in folder.glob("*") if file.is_file() and not file.name.startswith(("~", "."))]
    contents = {file.name: file.read_bytes() for file in sorted(files)}
    kinds = {name: Path(name).suffix.casefold() for name in contents}
    forms = {name: content for name, content in contents.items() if kinds[name] in (".xlsx", ".docx")}
    fhir = {name: content for name, content in contents.items() if kinds[name] == ".json"}
    other = [
        Problem("plan_forms.other_file", "should_fix", file=name)
        for name in contents
        if name not in forms and name not in fhir
    ]
    of_forms = read_sector_forms(forms, plans, lang, names.labels())
    of_fhir = read_fhir(fhir, plans, names.person_of_cpr)
    # Forms and FHIR count their lines each for themselves.
    numbered = of_fhir.lines.assign(line_id=of_fhir.lines["line_id"] + "-fhir")
    lines = pd.concat([of_forms.lines, numbered], ignore_index=True)
    return SectorLines(lines, (*of_forms.problems, *of_fhir.problems, *other))


def with_sector_plans(profile: Profile, tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the tables with the lines that were taken in from the offices' plans."""
    file = profile.folder / _LINES
    return with_lines(tables, pd.read_parquet(file)) if file.is_file() else tables


def write_fhir(plans: Mapping[str, FamilyPlan], folder: Path, lang: str) -> Iterator[Path]:
    """Write each plan as a FHIR R4 Bundle without names; return the files one by one."""
    for family, plan in plans.items():
        file = folder / "plans" / lang / "fhir" / f"{family}.json"
        content = json.dumps(plan_to_fhir(plan, lang), ensure_ascii=False, indent=1) + "\n"
        replace_file(file, content.encode())
        yield file
