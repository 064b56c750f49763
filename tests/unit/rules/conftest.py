"""The frame for the cases of the check rules: a small town that breaks few rules, and how to spoil it.

Each file in ``cases/`` declares ``CASES``: code of a rule to a list of (changes, found) or (changes, found, settings).

- ``changes``: source to row position to changes; ``"GIRL"`` stands for her pseudonym. None leaves the row out. A
  position beyond the last row adds a copy of the first row, or of the row that the key ``like`` gives.
- ``found``: positions, after the changes, of the rows of the source named first where the rule must find something
  that it does not find in the town as it is; a text is the file of a problem of the file as a whole. Empty: a near
  miss at the limit.
  The name of a file stands for a problem of that file as a whole.
- ``settings``: values of the profile; a key without a dot is a field of it, as its name. Without changes, what the
  settings alone bring about is found.

``test_every_rule.py`` runs them all, and demands at least one that is found and one that is not for every code.
"""

import importlib.util
from collections import Counter
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from helhed.intake.building.canonical import family_rules, main_family
from helhed.intake.building.linkage import coverage
from helhed.intake.building.wrong_digits import misspelt_persons
from helhed.intake.exports.preset import Heading, Preset
from helhed.intake.families.forming import build_families
from helhed.intake.pseudonyms import Keyring
from helhed.intake.rules import RULES
from helhed.intake.rules.rule import Material, run_checks
from helhed.intake.sources import read_sources
from helhed.profile import Profile, Setting, read_profile
from helhed.tables import tables

KEYRING = Keyring(bytes(32), is_synthetic=True)
#: The town's persons; nobody is not in the register, and the misspelt one is one digit from the mother.
PERSONS = {
    "MOTHER": KEYRING.person("1423880001"),
    "FATHER": KEYRING.person("0224850003"),
    "GIRL": KEYRING.person("0525104002"),
    "BOY": KEYRING.person("1130134004"),
    "NOBODY": KEYRING.person("0921800005"),
    "MISSPELT": KEYRING.person("1423830001"),
    "TWO_OFF": KEYRING.person("1423830021"),
}
DAY = pd.Timestamp
#: One row of the tables that no export of the kit's own town fills; their sources are called ``own_<table>``.
OWN = {
    "benefit_spell": {"person_id": "MOTHER", "benefit": "kontanthjaelp", "start_date": DAY("2024-01-01"),
                      "end_date": DAY("2024-06-30"), "paid_dkk": 30_000.0, "refund_dkk": 6_000.0},
    "daycare": {"person_id": "BOY", "month": DAY("2017-03-01"), "is_enrolled": True, "days_absent": 2.0},
    "leisure": {"person_id": "GIRL", "month": DAY("2024-03-01"), "activity": "fodbold", "has_activity": True,
                "has_leisure_job": False},
    "health": {"person_id": "MOTHER", "kind": "misbrugsbehandling", "start_date": DAY("2024-01-01"),
               "end_date": DAY("2024-06-30")},
    "housing": {"person_id": "MOTHER", "kind": "udsættelse", "start_date": DAY("2024-01-01"),
                "end_date": DAY("2024-06-30")},
    "employment": {"person_id": "FATHER", "month": DAY("2024-04-01"), "hours": 100.0, "in_education": False},
    "official_figure": {"area_code": "0999", "area_name": "Prøveby", "series": "kontanthjaelp",
                        "period_start": DAY("2024-01-01"), "period_kind": "month", "unit": "persons", "value": 1.0},
}  # fmt: skip


@pytest.fixture(scope="session")
def rule_town(tmp_path_factory):
    """Return the sources, presets and profile of the town as it is, with a source for every table of `OWN`.

    The register has a row more than its file: "homeless", a child whom no family holds.
    """
    town = _bad_files().Municipality(tmp_path_factory.mktemp("rules") / "town")
    profile = read_profile(town.path, "en")
    sources = read_sources(profile, KEYRING)
    assert not [problem for problem in sources.problems if problem.severity == "must_fix"]
    frames = {name: frame for name, frame in sources.frames.items() if len(frame)}
    known = {name: sources.presets[name] for name in frames}
    register = frames["folkeregister"]
    without = dict.fromkeys(["address_id", "mother_id", "father_id", "custody_ids"])
    homeless = register.iloc[[3]].assign(person_id="homeless", row_=len(register) + 2, **without)
    frames["folkeregister"] = pd.concat([register, homeless], ignore_index=True)
    for table, row in OWN.items():
        frames[f"own_{table}"] = _own_frame(table, row)
        known[f"own_{table}"] = _own_preset(table)
    families = _families(frames["folkeregister"], profile)
    return SimpleNamespace(frames=frames, presets=known, profile=profile, families=families)


@pytest.fixture(scope="session")
def found_in(rule_town):
    """Return a function: code, changes and settings to where the rule finds what it does not find in the town."""
    before = {}

    def found(code: str, changes: dict, settings: dict) -> Counter:
        base = settings if changes else {}
        key = code, str(base)
        if key not in before:
            before[key] = _places(code, material_of(rule_town, {}, base))
        return _places(code, material_of(rule_town, changes, settings)) - before[key]

    return found


@pytest.fixture(scope="session")
def expected_in(rule_town):
    """Return a function: changes and positions to the places where a problem must be, as file and row."""

    def expected(changes: dict, found: list[int | str]) -> Counter:
        if not found or isinstance(found[0], str):
            return Counter((file, None) for file in found)
        source = next(iter(changes))
        frame = changed(rule_town.frames[source], changes[source])
        files, rows = frame["file_"], frame["row_"]
        return Counter((files[0], None) if at == -1 else (files[at], int(rows[at])) for at in found)

    return expected


@pytest.fixture(scope="session")
def spoilt_material(rule_town):
    """Return a function: changes and settings to the `Material` of the spoilt town."""
    return lambda changes, settings: material_of(rule_town, changes, settings)


def changed(frame: pd.DataFrame, rows: dict[int, dict | None]) -> pd.DataFrame:
    """Return the frame with rows changed, left out or added; an added row copies a row as it is after the changes."""
    new = frame.copy()
    added = {at: changes or {} for at, changes in rows.items() if at >= len(frame)}
    _change(new, {at: changes for at, changes in rows.items() if at < len(frame) and changes})
    if added:
        copies = new.iloc[[changes.get("like", 0) for changes in added.values()]]
        last = int(new["row_"].max())
        copies = copies.assign(row_=range(last + 1, last + 1 + len(added)))
        new = pd.concat([new, copies], ignore_index=True)
        _change(new, dict(zip(range(len(frame), len(new)), added.values(), strict=True)))
    return new.drop(index=[at for at, changes in rows.items() if changes is None]).reset_index(drop=True)


def _change(frame: pd.DataFrame, rows: dict[int, dict]) -> None:
    for at, changes in rows.items():
        for column, value in changes.items():
            if column != "like":
                frame.loc[at, column] = _person(value)


def material_of(town, changes: dict[str, dict], settings: dict) -> Material:
    frames = town.frames | {name: changed(town.frames[name], rows) for name, rows in changes.items()}
    profile = _profile_with(town.profile, settings)
    is_as_it_was = not settings and "folkeregister" not in changes
    families = town.families if is_as_it_was else _families(frames["folkeregister"], profile)
    months = pd.date_range(profile["data.from_date"], profile["data.to_date"], freq="MS").astype("datetime64[us]")
    sources = SimpleNamespace(frames=frames, presets=town.presets, corrections=[])
    family_of, misspelt = main_family(families.family_member), misspelt_persons(sources, KEYRING)
    return Material(frames, town.presets, coverage(sources, months), families, family_of, profile, misspelt=misspelt)


def _profile_with(profile: Profile, settings: dict) -> Profile:
    fields = {key: value for key, value in settings.items() if "." not in key}
    given = {
        key: value if isinstance(value, Setting) else profile.settings[key].model_copy(update={"value": value})
        for key, value in settings.items()
        if "." in key
    }
    return replace(profile, settings=profile.settings | given, **fields)


def _families(register: pd.DataFrame, profile):
    """Return the families of the register without the homeless."""
    born = register["birth_date"].fillna(register["cpr_birth_date"])
    placed = register.assign(birth_date=born)[register["person_id"] != "homeless"]
    return build_families(placed, family_rules(profile))


def _places(code: str, material: Material) -> Counter:
    rules = tuple(rule for rule in RULES if rule.code == code)
    found = [problem for problem in run_checks(material, rules) if problem.code == f"intake.{code}"]
    lines = [problem.line(lang) for problem in found for lang in ("da", "en")]
    assert not [line for line in lines if "{" in line or any(person in line for person in PERSONS.values())]
    return Counter((problem.file, problem.row) for problem in found)


def _person(value):
    return ",".join(PERSONS.get(part, part) for part in value.split(",")) if isinstance(value, str) else value


def _own_frame(table: str, row: dict) -> pd.DataFrame:
    frame = pd.DataFrame([{column: _person(value) for column, value in row.items()}])
    dates, flags = (frame.select_dtypes(kind).columns for kind in ("datetime", "bool"))
    kinds = dict.fromkeys(dates, "datetime64[us]") | dict.fromkeys(flags, "boolean")
    return frame.astype(kinds).assign(row_=2, file_=f"exports/own_{table}.csv")


def _own_preset(table: str) -> Preset:
    columns = tuple(Heading(column.da, to=column.name) for column in tables()[table].columns)
    same_key = {"keep": "first"}
    return Preset(
        f"own_{table}", {"da": table, "en": table}, table, columns, file=f"own_{table}", key=tables()[table].key,
        same_key=same_key,
    )  # fmt: skip


def _bad_files():
    """Return the module that writes the small municipality of the faulty files."""
    place = Path(__file__).parents[1] / "bad_files" / "conftest.py"
    spec = importlib.util.spec_from_file_location("bad_files_town", place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
