"""Typed source frames to the canonical tables of the contracts."""

import pandas as pd

from helhed.intake.families import Families, FamilyRules, build_families
from helhed.intake.presets import Preset, measure_presets, plain, presets
from helhed.intake.sources import Sources
from helhed.intake.spells import benefit_spells
from helhed.profile import Profile
from helhed.tables import tables

Frames = dict[str, pd.DataFrame]


def build_tables(frames: Frames, profile: Profile) -> tuple[Frames, Families]:
    """Return every canonical table by name, conforming to its contract, and the families they rest on.

    Parameters
    ----------
    frames
        Source frames without repeated rows (see `without_repeats`).
    profile
        Gives the reference day and the limits of age.
    """
    persons = _persons(frames["folkeregister"])
    families = build_families(persons, family_rules(profile))
    family_of = main_family(families.family_member)
    built = {
        "person": persons,
        "family": families.family,
        "family_member": families.family_member,
        "benefit_spell": benefit_spells(frames["ydelsesrefusion"]),
        "employment": frames["beskaeftigelse"],
        "child_case": frames["dubu_sager"],
        "measure": _measures(frames),
        "absence": frames["skolefravaer"],
        **_decisions(frames, family_of),
    }
    return {name: _conform(name, built[name]) for name in tables()}, families


def family_rules(profile: Profile) -> FamilyRules:
    """Return when a person counts as a child, an adult child at home or a step-parent, from the profile."""
    return FamilyRules(
        pd.Timestamp(profile["data.to_date"]),
        profile["data.adult_child_max_years"],
        profile["data.couple_max_gap_years"],
    )


def main_family(members: pd.DataFrame) -> pd.Series:
    """Return the family in which each person has the main home, by person."""
    return members[members["is_main_home"].astype(bool)].set_index("person_id")["family_id"].astype("str")


def looked_up(keys: pd.Series, values: pd.Series) -> pd.Series:
    """Return the value of each key, missing where there is none; the type holds even when nothing is found.

    ``values`` is indexed by key, each key once.
    """
    found = values.reindex(keys.to_numpy()).to_numpy()
    return pd.Series(found, index=keys.index).astype(values.dtype)


def is_among(keys: pd.Series, known: pd.Series | pd.Index) -> pd.Series:
    """Return which keys are among the known ones; a missing key is not."""
    # Series.isin turns the known texts into a Python list each time, which dominates with many persons.
    found = pd.Index(known.dropna().unique()).get_indexer(keys) >= 0
    return pd.Series(found & keys.notna().to_numpy(), index=keys.index)


def without_repeats(sources: Sources) -> Frames:
    """Return the source frames without exact copies of a row and with one row per key.

    Which row of a key is kept stands in the preset: the first, or the last by a date.
    """
    return {name: _one_per_key(frame, presets()[name]) for name, frame in sources.frames.items()}


def exact_copies(frame: pd.DataFrame) -> pd.Series:
    """Return which rows of a source frame repeat an earlier row in every column."""
    return frame.drop(columns=["row_", "file_"]).duplicated()


def superseded(frame: pd.DataFrame, preset: Preset) -> pd.Series:
    """Return which rows are no exact copies but give way to another row of the same key."""
    distinct = frame[~exact_copies(frame)]
    if not preset.key:
        return pd.Series(False, index=frame.index)
    keep = preset.same_key["keep"]
    if "by" in preset.same_key:
        distinct = distinct.sort_values(preset.same_key["by"], kind="stable", na_position="first")
    away = distinct.index[distinct.duplicated(list(preset.key), keep=keep)]
    return pd.Series(frame.index.isin(away), index=frame.index)


def _one_per_key(frame: pd.DataFrame, preset: Preset) -> pd.DataFrame:
    # Weekly payments may repeat: two equal amounts in a week with the same rates are one payment exported twice.
    return frame[~(exact_copies(frame) | superseded(frame, preset))].reset_index(drop=True)


def _conform(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    contract = tables()[name]
    whole = contract.conform(frame)
    needed = [column.name for column in contract.columns if column.required]
    return whole.dropna(subset=needed).sort_values(list(contract.key)).reset_index(drop=True)


def _persons(register: pd.DataFrame) -> pd.DataFrame:
    """Return the persons with the month of birth: the register's date, else the one the CPR number carries."""
    born = register["birth_date"].fillna(register["cpr_birth_date"])
    return register.assign(birth_date=first_of_month(born))


def first_of_month(dates: pd.Series) -> pd.Series:
    """Return the dates cut to the first of their month."""
    return dates - pd.to_timedelta(dates.dt.day - 1, unit="D")


def _measures(frames: Frames) -> pd.DataFrame:
    parts = [_of_system(frames, preset) for preset in measure_presets().values()]
    filled = [part for part in parts if len(part)]
    return _priced(pd.concat(filled, ignore_index=True)) if filled else tables()["measure"].empty()


def _priced(measures: pd.DataFrame) -> pd.DataFrame:
    """Return the measures, a price of zero or less as missing: nobody has written it (check rule ``no_price``)."""
    price = measures["price_per_month_dkk"]
    return measures.assign(price_per_month_dkk=price.where(price > 0))


def _of_system(frames: Frames, preset: Preset) -> pd.DataFrame:
    """Return the started measures of one system with number, person, group and department."""
    frame = frames[preset.name]
    started = frame[frame["start_date"].notna()]
    return started.assign(
        measure_id=_measure_ids(started, preset),
        person_id=persons_of(preset, frames).reindex(started.index),
        measure_group=_measure_groups(started, preset),
        **({"department": preset.department} if preset.department else {}),
    )


def persons_of(preset: Preset, frames: Frames) -> pd.Series:
    """Return the person of every record of an export; a record without one of its own takes its case's."""
    frame = frames[preset.name]
    if preset.has("person_id") or not preset.has("case_id"):
        return frame["person_id"]
    cases = frames["dubu_sager"].drop_duplicates("case_id")
    return looked_up(frame["case_id"], cases.set_index("case_id")["person_id"])


def _measure_ids(frame: pd.DataFrame, preset: Preset) -> pd.Series:
    if preset.has("measure_id"):
        return preset.prefix + "-" + frame["measure_id"]
    owner = "person_id" if preset.has("person_id") else "case_id"
    return _numbered(frame, preset.prefix, [owner, "start_date", "measure_type"])["measure_id"]


def _measure_groups(frame: pd.DataFrame, preset: Preset) -> pd.Series | str:
    if preset.groups:
        known = preset.group_of_type()
        return frame["measure_type"].map(lambda written: known.get(plain(written), "other")).astype("str")
    if preset.group_of_department:
        return frame["department"].map(preset.group_of_department).astype("str")
    if preset.group_of_flag:
        column, yes, no = preset.group_of_flag
        return frame[column].map({True: yes, False: no}).astype("str")
    return preset.group or "other"


def _numbered(frame: pd.DataFrame, system: str, by: list[str]) -> pd.DataFrame:
    """Return the frame with ``measure_id``s for a system that gives none: owner and number within the owner."""
    ordered = frame.sort_values(by, kind="stable")
    number = ordered.groupby(by[0]).cumcount() + 1
    ids = system + "-" + ordered[by[0]] + "-" + number.astype("str").str.zfill(3)
    return frame.assign(measure_id=ids.reindex(frame.index))


def _decisions(frames: Frames, family_of: pd.Series) -> Frames:
    enrolled = frames["indskrivninger"]
    enrolled = enrolled.assign(family_id=looked_up(enrolled["person_id"], family_of))
    ordered = enrolled.sort_values(["offered_date", "row_"], na_position="first")
    registered = frames["registreringer"]
    return {
        "enrolment": ordered.drop_duplicates("family_id", keep="last"),
        "coordinator": frames["koordinatorer"],
        "registration": registered.assign(family_id=looked_up(registered["person_id"], family_of)),
        "plan_line": _lines(frames["planlinjer"], family_of, "contact_id", "line_id"),
        "meeting": _lines(frames["moeder"], family_of, "person_id", "meeting_id"),
    }


def _lines(frame: pd.DataFrame, family_of: pd.Series, contact: str, name: str) -> pd.DataFrame:
    """Return the rows of a decisions sheet with the contact's family and a number within the family."""
    placed = frame.assign(family_id=looked_up(frame[contact], family_of)).dropna(subset=["family_id"])
    number = placed.sort_values("row_").groupby("family_id").cumcount() + 1
    return placed.assign(**{name: placed["family_id"] + "-" + number.astype("str").str.zfill(3)})
