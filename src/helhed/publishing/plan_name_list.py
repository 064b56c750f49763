"""The name list for the families' plans: who is in the plans, with room for a name, where CPR numbers already are.

::

    <municipality>/check/names_<lang>.xlsx      made anew on demand; names that were typed in stay
"""

import io
from collections.abc import Iterator, Mapping
from pathlib import Path

from helhed import intake
from helhed.plan import FamilyPlan
from helhed.plan.names import read_name_list
from helhed.profile import Profile
from helhed.publishing.run_folder import replace_file
from helhed.sheets import new_book, print_setup, protect, set_widths, styles
from helhed.texts import document_name, text

_HEADINGS = {
    "family_id": "intake.families_family_id",
    "place": "plan_names.heading_place",
    "cpr": "intake.families_cpr",
    "person_id": "intake.families_person_id",
    "name": "plan_names.heading_name",
}
_WIDTHS = (22, 22, 14, 22, 36)


def write_name_list(profile: Profile, plans: Mapping[str, FamilyPlan], lang: str) -> Path:
    """Write the list of everybody in the plans and of their coordinators, and return the file.

    Names that stand in the last list are kept.

    Raises
    ------
    ProfileNeedsWork, DataNeedsWork
        If profile or exports must be mended first, or the last list cannot be read.
    """
    read = intake.read_municipality(profile, lang)
    intake.raise_if_must_fix(read, lang)
    listed = intake.family_list(read, profile)
    numbers = dict(zip(listed["person_id"], listed["cpr"], strict=True))
    file = profile.folder / "check" / document_name("names.xlsx", lang)
    replace_file(file, name_workbook(list(people_of_plans(plans, numbers, _typed(file, lang), lang)), lang))
    return file


def _typed(file: Path, lang: str) -> Mapping[str, str]:
    """Return the names of the last list; none where nobody has typed one yet."""
    if not file.is_file():
        return {}
    return read_name_list(file.read_bytes(), file.name, lang, may_be_empty=True).names


def people_of_plans(
    plans: Mapping[str, FamilyPlan], numbers: Mapping[str, str], typed: Mapping[str, str], lang: str
) -> Iterator[dict[str, str]]:
    """Return one row per coordinator and per member of each family, as the list shows them.

    Keys: ``family_id``, ``place``, ``cpr``, ``person_id``, ``name``; what a row does not have is left out.

    Parameters
    ----------
    numbers
        Person id to CPR number.
    typed
        Person id to the name that is known already.
    """
    coordinators = {plan.coordinator_id for plan in plans.values() if plan.coordinator_id}
    for coordinator in sorted(coordinators):
        place = text("plan_names.coordinator", lang)
        yield {"place": place, "person_id": coordinator, "name": typed.get(coordinator, "")}
    for family, plan in plans.items():
        for member in plan.members:
            known = {"cpr": numbers.get(member.person_id, ""), "name": typed.get(member.person_id, "")}
            yield {"family_id": family, "place": member.label(lang), "person_id": member.person_id} | known


def name_workbook(rows: list[dict[str, str]], lang: str) -> bytes:
    """Return the name list as a workbook: only the names are to be filled in, and every cell is text."""
    buffer = io.BytesIO()
    with new_book(buffer) as book:
        look = styles(book)
        sheet = book.add_worksheet(text("plan_names.sheet", lang))
        sheet.write_string(0, 0, text("plan_names.warning", lang), look["warning"])
        for column, (name, key) in enumerate(_HEADINGS.items()):
            sheet.write_string(1, column, text(key, lang), look["head_input" if name == "name" else "head"])
        for position, row in enumerate(rows, start=2):
            for column, name in enumerate(_HEADINGS):
                sheet.write_string(position, column, row.get(name, ""), look["input" if name == "name" else "text"])
        set_widths(sheet, _WIDTHS)
        sheet.freeze_panes(2, 0)
        sheet.autofilter(1, 0, max(2, len(rows) + 1), len(_HEADINGS) - 1)
        print_setup(sheet, repeated=2)
        protect(sheet)
    return buffer.getvalue()
