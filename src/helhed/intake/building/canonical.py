"""Typed source frames to the canonical tables of the contracts."""

import numpy as np
import pandas as pd

from helhed.intake.building.keys import numbered
from helhed.intake.building.repeats import Repeats
from helhed.intake.building.spells import benefit_spells
from helhed.intake.exports.preset import Preset, of_table
from helhed.intake.families.forming import Families, FamilyRules, build_families
from helhed.intake.families.homes import on_the_day
from helhed.intake.sources import rows_of
from helhed.profile import Profile
from helhed.tables import tables

Frames = dict[str, pd.DataFrame]


def build_tables(frames: Frames, known: dict[str, Preset], profile: Profile) -> tuple[Frames, Families]:
    """Return every canonical table by name, conforming to its contract, and the families they rest on.

    Parameters
    ----------
    frames
        Source frames by preset name, without repeated rows (see `without_repeats`).
    known
        The presets by name.
    profile
        Gives the reference day and the limits of age.
    """
    persons = _persons(rows_of("person", frames, known), pd.Timestamp(profile["data.to_date"]))
    families = build_families(persons, family_rules(profile))
    family_of = main_family(families.family_member)
    as_read = {table: rows_of(table, frames, known) for table in {preset.table for preset in known.values()}}
    measures = _measures(frames, known)
    built = {
        **as_read,
        "person": persons,
        "family": families.family,
        "family_member": families.family_member,
        "benefit_spell": _benefits(as_read),
        "measure": measures,
        "leisure": _leisure(as_read),
        **{table: _by_department(table, as_read, measures) for table in ("health", "housing")},
        **_decisions(as_read, family_of),
    }
    return {name: _conform(name, built.get(name)) for name in tables()}, families


def family_rules(profile: Profile) -> FamilyRules:
    """Return when a person counts as a child, an adult child at home or a step-parent, from the profile."""
    return FamilyRules(
        pd.Timestamp(profile["data.to_date"]),
        profile["data.adult_child_max_years"],
        profile["data.couple_max_gap_years"],
        profile["data.couple_of_same_sex"],
        profile["data.institution_min_families"],
    )


def main_family(members: pd.DataFrame) -> pd.Series:
    """Return the family in which each person has the main home, by person."""
    return members[members["is_main_home"].astype(bool)].set_index("person_id")["family_id"].astype("str")


def looked_up(keys: pd.Series, values: pd.Series) -> pd.Series:
    """Return the value of each key, missing where there is none; the type holds even when nothing is found.

    ``values`` is indexed by key, each key once.
    """
    found = values.array.take(positions_of(keys, values.index), allow_fill=True)
    return pd.Series(found, index=keys.index).astype(values.dtype)


def is_among(keys: pd.Series, known: pd.Series | pd.Index) -> pd.Series:
    """Return which keys are among the known ones; a missing key is not."""
    return pd.Series(positions_of(keys, numbered(known)[1]) >= 0, index=keys.index)


def positions_of(keys: pd.Series, known: pd.Index) -> np.ndarray:
    """Return where each key stands among the known ones, -1 for a missing or unknown key.

    A million records are of a few thousand persons: each different key is looked up once.
    """
    codes, different = numbered(keys)
    return np.append(known.get_indexer(different), -1)[codes]


def without_repeats(repeats: dict[str, Repeats]) -> Frames:
    """Return the source frames by name without exact copies of a row, with one row per key and without ``file_``.

    Which row of a key is kept stands in the preset: the first, or the last by a date.
    """
    return {name: _one_per_key(known) for name, known in repeats.items()}


def _one_per_key(known: Repeats) -> pd.DataFrame:
    # Two equal payments of a week are one exported twice, unless one of them was taken back.
    is_needless = known.is_copy | known.is_superseded
    frame = known.frame.drop(columns="file_")
    return frame[~is_needless].reset_index(drop=True) if is_needless.any() else frame


def _conform(name: str, frame: pd.DataFrame | None) -> pd.DataFrame:
    contract = tables()[name]
    if frame is None:
        return contract.empty()
    whole = contract.conform(frame)
    needed = [column.name for column in contract.columns if column.required]
    key = list(contract.key)
    # The same key in two exports (see `in_two_exports`): the first export counts.
    return whole.dropna(subset=needed).drop_duplicates(key).sort_values(key).reset_index(drop=True)


def _persons(register: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Return one row per person, as of the reference day, with the month of birth.

    The month is the register's date of birth cut to the first, else the one that the CPR number carries.
    """
    register = on_the_day(register, day)
    born = register["birth_date"].fillna(register["cpr_birth_date"])
    return register.assign(birth_date=first_of_month(born))


def first_of_month(dates: pd.Series) -> pd.Series:
    """Return the dates cut to the first of their month."""
    return dates - pd.to_timedelta(dates.dt.day - 1, unit="D")


def _benefits(as_read: Frames) -> pd.DataFrame:
    """Return the spells that weekly payments form, and the spells that an export gives as such."""
    parts = [benefit_spells(as_read["benefit_week"]), as_read.get("benefit_spell", pd.DataFrame())]
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)


def _leisure(as_read: Frames) -> pd.DataFrame:
    """Return what is known of children's leisure: exported rows, and what the coordinators have registered."""
    registered = as_read["registration"]
    wanted = registered[registered["instrument"].isin(["leisure", "leisure_job"])]
    wanted = wanted.assign(month=first_of_month(wanted["registered_date"]), answer=wanted["value"] > 0)
    by_child = wanted.pivot_table(index=["person_id", "month"], columns="instrument", values="answer", aggfunc="max")
    by_child = by_child.reindex(columns=["leisure", "leisure_job"]).reset_index()
    asked = by_child.rename(columns={"leisure": "has_activity", "leisure_job": "has_leisure_job"})
    parts = [as_read["leisure"]] if len(as_read.get("leisure", ())) else []
    return pd.concat([*parts, asked], ignore_index=True)


def _by_department(department: str, as_read: Frames, measures: pd.DataFrame) -> pd.DataFrame:
    """Return the exported spells of a department, and those of its measures (Sensum: health and housing)."""
    own = measures[measures["department"] == department].assign(kind=lambda rows: rows["measure_type"])
    parts = [as_read[department]] if len(as_read.get(department, ())) else []
    return pd.concat([*parts, own[["person_id", "kind", "start_date", "end_date"]]], ignore_index=True)


def _measures(frames: Frames, known: dict[str, Preset]) -> pd.DataFrame:
    parts = [_of_system(frames[name], preset) for name, preset in of_table(known, "measure").items()]
    filled = [part for part in parts if len(part)]
    return _priced(pd.concat(filled, ignore_index=True)) if filled else tables()["measure"].empty()


def _priced(measures: pd.DataFrame) -> pd.DataFrame:
    """Return the measures, a price of zero or less as missing: nobody has written it (check rule ``no_price``)."""
    price = measures["price_per_month_dkk"]
    return measures.assign(price_per_month_dkk=price.where(price > 0))


def _of_system(frame: pd.DataFrame, preset: Preset) -> pd.DataFrame:
    """Return the started measures of one system, each with a number."""
    started = frame[frame["start_date"].notna()]
    return started.assign(measure_id=_measure_ids(started, preset))


def _measure_ids(frame: pd.DataFrame, preset: Preset) -> pd.Series:
    if preset.has("measure_id"):
        return preset.prefix + "-" + frame["measure_id"]
    owner = "person_id" if preset.has("person_id") else "case_id"
    return _numbered(frame, preset.prefix, [owner, "start_date", "measure_type"])["measure_id"]


def _numbered(frame: pd.DataFrame, system: str, by: list[str]) -> pd.DataFrame:
    """Return the frame with ``measure_id``s for a system that gives none: owner and number within the owner."""
    ordered = frame.sort_values(by, kind="stable")
    number = ordered.groupby(by[0]).cumcount() + 1
    ids = system + "-" + ordered[by[0]] + "-" + number.astype("str").str.zfill(3)
    return frame.assign(measure_id=ids.reindex(frame.index))


def _decisions(as_read: Frames, family_of: pd.Series) -> Frames:
    enrolled = as_read["enrolment"]
    enrolled = enrolled.assign(family_id=looked_up(enrolled["person_id"], family_of))
    ordered = enrolled.sort_values(["offered_date", "row_"], na_position="first")
    registered = as_read["registration"]
    return {
        "enrolment": ordered.drop_duplicates("family_id", keep="last"),
        "registration": registered.assign(family_id=looked_up(registered["person_id"], family_of)),
        "plan_line": _lines(as_read["plan_line"], family_of, "contact_id", "line_id"),
        "meeting": _lines(as_read["meeting"], family_of, "person_id", "meeting_id"),
    }


def _lines(frame: pd.DataFrame, family_of: pd.Series, contact: str, name: str) -> pd.DataFrame:
    """Return the rows of a decisions sheet with the contact's family and a number within the family."""
    placed = frame.assign(family_id=looked_up(frame[contact], family_of)).dropna(subset=["family_id"])
    number = placed.sort_values("row_").groupby("family_id").cumcount() + 1
    return placed.assign(**{name: placed["family_id"] + "-" + number.astype("str").str.zfill(3)})
