"""Whom the pseudonyms stand for: a workbook for the referral meeting, made anew from the exports, never in a run."""

import io

import pandas as pd

from helhed.intake.corrections import apply_corrections, read_log
from helhed.intake.exports.preset import Preset, of_table
from helhed.intake.municipality import Intake
from helhed.intake.pseudonyms import Keyring, normalise_cpr, open_key
from helhed.intake.reading.spelling import plain
from helhed.intake.sources import raw_sheets
from helhed.profile import Profile
from helhed.sheets import new_book, print_setup, set_widths, styles
from helhed.tables import code_label
from helhed.texts import text

_COLUMNS = ("family_id", "role", "cpr", "person_id")


def family_list(intake: Intake, profile: Profile) -> pd.DataFrame:
    """Return the CPR number behind each pseudonym: one row per family and person.

    Columns ``family_id``, ``role``, ``cpr`` (ten digits), ``person_id``; sorted by family. The numbers are read from
    all exports of persons, with their corrections, and turned into pseudonyms again with the municipality's key.
    """
    key, _ = open_key(profile)
    keyring = Keyring(key, profile.is_synthetic)
    written = sorted(_written_numbers(intake.presets, profile, keyring))
    numbers = pd.DataFrame({"cpr": [normalise_cpr(one) for one in written], "person_id": map(keyring.person, written)})
    members = intake.tables["family_member"][["family_id", "person_id", "role"]]
    return members.merge(numbers.dropna(), on="person_id")[list(_COLUMNS)].sort_values(["family_id", "role", "cpr"])


def _written_numbers(known: dict[str, Preset], profile: Profile, keyring: Keyring) -> set[str]:
    """Return the CPR numbers of the persons as they stand in the exports, each number in one way of writing."""
    log, _ = read_log(profile.folder)
    found: dict[str, str] = {}
    for preset in of_table(known, "person").values():
        for sheet, _ in raw_sheets(preset, profile):
            if sheet is not None:
                corrected, *_ = apply_corrections(sheet, preset, log, keyring)
                found |= {normalise_cpr(cell) or "": cell for cell in _cells_of_persons(corrected.frame, preset)}
    return {cell for number, cell in found.items() if number}


def _cells_of_persons(frame: pd.DataFrame, preset: Preset) -> pd.Series:
    wanted = plain(preset.heading_of("person_id"))
    column = next((heading for heading in frame.columns if plain(heading) == wanted), None)
    return pd.Series(dtype="str") if column is None else frame[column].dropna().drop_duplicates()


def family_workbook(listed: pd.DataFrame, lang: str) -> bytes:
    """Return the family list as a workbook; every cell is text, so leading zeros stay."""
    buffer = io.BytesIO()
    with new_book(buffer) as book:
        looks = styles(book)
        sheet = book.add_worksheet(text("intake.sheet_families", lang))
        print_setup(sheet, repeated=2)
        sheet.freeze_panes(2, 0)
        sheet.write_string(0, 0, text("intake.families_warning", lang), looks["warning"])
        for column, name in enumerate(_COLUMNS):
            sheet.write_string(1, column, text(f"intake.families_{name}", lang), looks["head"])
        set_widths(sheet, [22] * len(_COLUMNS))
        shown = listed.assign(role=[code_label("family_role", role, lang) for role in listed["role"]])
        for position, row in enumerate(shown.itertuples(index=False), start=2):
            for column, cell in enumerate(row):
                sheet.write_string(position, column, str(cell), looks["text"])
        sheet.autofilter(1, 0, len(shown) + 1, len(_COLUMNS) - 1)
    return buffer.getvalue()
