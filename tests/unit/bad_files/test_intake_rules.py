"""Every check rule finds the one thing it is for, and nothing in the town as it is."""

from types import SimpleNamespace

import pandas as pd
import pytest

from helhed.intake.canonical import build_tables, family_rules, main_family
from helhed.intake.checks import Material, run_checks
from helhed.intake.families import build_families
from helhed.intake.linkage import coverage
from helhed.intake.presets import presets
from helhed.intake.pseudonyms import Keyring
from helhed.intake.rules import RULES
from helhed.intake.sources import read_sources
from helhed.profile import read_profile
from helhed.tables import codes

KEYRING = Keyring(bytes(32), is_synthetic=True)
MOTHER, FATHER, GIRL, BOY, NOBODY = (
    KEYRING.person(number) for number in ("1423880001", "0224850003", "0525104002", "1130134004", "0921800005")
)
DAY = pd.Timestamp
NOT = pd.NaT

# code, export, changes to the first row (or a copy of it with those changes, marked by "+")
CASES = [
    ("exact_copy", "+skolefravaer", {}),
    ("same_key", "+skolefravaer", {"days_sick": 9.0}),
    ("person_not_in_register", "beskaeftigelse", {"person_id": NOBODY}),
    ("person_not_in_register", "planlinjer", {"contact_id": NOBODY}),
    ("born_after_period", "folkeregister", {"birth_date": DAY("2026-02-01")}),
    ("no_birth_date", "folkeregister", {"birth_date": NOT}),
    ("not_born_as_cpr_says", "folkeregister", {"birth_date": DAY("1988-03-15")}),
    ("older_than_110", "folkeregister", {"birth_date": DAY("1888-03-14")}),
    ("moved_out_before_in", "folkeregister", {"to_date": DAY("2009-12-31")}),
    ("resident_before_birth", "folkeregister", {"from_date": DAY("1988-03-01")}),
    ("own_parent", "folkeregister", {"mother_id": MOTHER}),
    ("same_parents", "folkeregister", {"mother_id": FATHER, "father_id": FATHER}),
    ("young_mother", "folkeregister", {"mother_id": FATHER}),
    ("young_father", "folkeregister", {"father_id": FATHER}),
    ("no_parents", "folkeregister:2", {"mother_id": None, "father_id": None}),
    ("no_father", "folkeregister:2", {"father_id": None}),
    ("no_custody", "folkeregister:2", {"custody_ids": None}),
    ("unplaced_person", "+folkeregister", {"person_id": NOBODY}),
    ("no_address", "folkeregister", {"address_id": None}),
    ("second_home_of_adult", "folkeregister", {"second_address_id": "x"}),
    ("second_home_is_first", "folkeregister", {"address_id": "x", "second_address_id": "x"}),
    ("case_ends_before_start", "dubu_sager", {"end_date": DAY("2024-01-31")}),
    ("closed_without_date", "dubu_sager", {"status": "closed"}),
    ("open_with_end", "dubu_sager", {"end_date": DAY("2024-12-31")}),
    ("case_before_birth", "dubu_sager", {"start_date": DAY("2009-01-01")}),
    ("case_of_adult", "dubu_sager", {"person_id": MOTHER}),
    ("case_after_period", "dubu_sager", {"start_date": DAY("2026-01-01")}),
    ("case_without_section", "dubu_sager", {"section": None}),
    ("measure_ends_before_start", "sensum", {"end_date": DAY("2023-12-31")}),
    ("measure_after_period", "sofus", {"start_date": DAY("2026-01-01")}),
    ("measure_without_case", "dubu_indsatser", {"case_id": "S9"}),
    ("measure_before_birth", "dubu_indsatser", {"start_date": DAY("2010-05-04")}),
    ("measure_before_birth", "sofus", {"start_date": DAY("2013-10-10")}),
    ("measure_open_on_closed_case", "dubu_sager", {"status": "closed", "end_date": DAY("2024-12-31")}),
    ("measure_of_young_adult", "dubu_indsatser", {"start_date": DAY("2033-06-01")}),
    ("unknown_measure_type", "dubu_indsatser", {"is_listed_type": False}),
    ("no_price", "dubu_indsatser", {"price_per_month_dkk": 0.0}),
    ("very_high_price", "dubu_indsatser", {"price_per_month_dkk": 650_000.0}),
    ("two_placements", "+dubu_indsatser:*", {"measure_group": "placement"}),
    ("not_started", "sofus", {"start_date": NOT}),
    ("started_before_referral", "sofus", {"referred_date": DAY("2024-03-01")}),
    ("adult_measure_of_child", "jobcenter_indsatser", {"person_id": GIRL}),
    ("over_full_time", "jobcenter_indsatser", {"hours_per_week": 40.0}),
    ("benefit_of_child", "ydelsesrefusion", {"person_id": BOY}),
    ("two_benefits", "+ydelsesrefusion", {"benefit": "sygedagpenge"}),
    ("one_week_missing", "ydelsesrefusion", {"week": DAY("2023-12-11")}),
    ("refund_above_paid", "ydelsesrefusion", {"refund_dkk": 3001.5}),
    ("refund_rate", "ydelsesrefusion", {"refund_rate": 120.0}),
    ("nothing_paid", "ydelsesrefusion", {"paid_dkk": 0.0}),
    ("very_high_payment", "ydelsesrefusion", {"paid_dkk": 30_000.0}),
    ("many_hours", "beskaeftigelse", {"hours": 251.0}),
    ("work_of_child", "beskaeftigelse", {"person_id": BOY}),
    ("month_outside_period", "beskaeftigelse", {"month": DAY("2026-01-01")}),
    ("absence_above_school_days", "skolefravaer", {"days_unlawful": 18.0}),
    ("school_days_above_23", "skolefravaer", {"school_days": 24.0}),
    ("outside_school_age", "skolefravaer", {"person_id": MOTHER}),
    ("started_without_consent", "indskrivninger", {"consent_date": NOT}),
    ("consent_after_start", "indskrivninger", {"consent_date": DAY("2024-06-02")}),
    ("consent_before_offer", "indskrivninger", {"consent_date": DAY("2024-04-30")}),
    ("exit_before_start", "indskrivninger", {"exit_date": DAY("2024-05-31")}),
    ("exit_without_start", "indskrivninger", {"exit_date": DAY("2025-05-31"), "start_date": NOT}),
    ("exit_without_reason", "indskrivninger", {"exit_date": DAY("2025-05-31")}),
    ("reason_without_exit", "indskrivninger", {"exit_reason": "moved"}),
    ("started_against_decision", "indskrivninger", {"decision": "exclude"}),
    ("decision_without_reason", "indskrivninger", {"decision_reason": None}),
    ("started_without_coordinator", "indskrivninger", {"coordinator_id": None}),
    ("unknown_coordinator", "indskrivninger", {"coordinator_id": "K9"}),
    ("contact_is_child", "indskrivninger", {"person_id": GIRL}),
    ("contact_without_family", "indskrivninger", {"person_id": "homeless"}),
    ("contact_without_family", "planlinjer", {"contact_id": "homeless"}),
    ("enrolled_twice", "+indskrivninger", {"start_date": DAY("2025-01-01")}),
    ("two_coordinators_at_once", "+indskrivninger", {"start_date": DAY("2025-01-01")}),
    ("started_before_project", "indskrivninger", {"start_date": DAY("2023-12-31")}),
    ("coordinator_ends_before_start", "koordinatorer", {"to_date": DAY("2023-12-31")}),
    ("outside_instrument", "registreringer", {"value": 6.0}),
    ("unknown_who5_item", "registreringer", {"item": "6"}),
    ("unknown_domain", "registreringer", {"instrument": "functional_level", "item": "Humør"}),
    ("incomplete_who5", "registreringer", {"registered_date": DAY("2024-07-01")}),
    ("registered_after_period", "registreringer", {"registered_date": DAY("2026-01-01")}),
    ("due_before_meeting", "moeder", {"due_date": DAY("2024-06-14")}),
    ("agreement_without_owner", "moeder", {"owner": None}),
    ("due_before_start", "planlinjer", {"due_date": DAY("2024-05-31")}),
    ("person_of_other_family", "planlinjer", {"person_id": FATHER}),
    ("line_without_text", "planlinjer", {"goal": None, "action": None}),
]


@pytest.fixture(scope="module")
def start(make_town):
    town = make_town()
    profile = read_profile(town.path, "en")
    sources = read_sources(profile, KEYRING)
    assert not [problem for problem in sources.problems if problem.severity == "must_fix"]
    months = pd.date_range("2023-01-01", "2025-12-31", freq="MS")
    families = build_families(sources.frames["folkeregister"], family_rules(profile))
    return SimpleNamespace(
        frames=sources.frames,
        presets=sources.presets,
        profile=profile,
        families=families,
        coverage=coverage(sources, months),
    )


def changed(frame: pd.DataFrame, where: str, changes: dict) -> pd.DataFrame:
    """Return the frame with the first row changed, or with a changed copy of it added ("+")."""
    name, _, row = where.lstrip("+").partition(":")
    new = frame.copy()
    if where.startswith("+"):
        new = pd.concat([new, new.iloc[[0]]], ignore_index=True)
        rows = list(new.index) if row == "*" else [len(new) - 1]
    else:
        rows = [int(row or 0)]
    for column, value in changes.items():
        new.loc[rows, column] = value
    return new


def found_by(code: str, start, frames: dict) -> list:
    register = start.frames["folkeregister"]
    homeless = pd.concat([frames["folkeregister"], register.iloc[[1]].assign(person_id="homeless")], ignore_index=True)
    material = Material(
        frames | {"folkeregister": homeless},
        start.presets,
        start.coverage.iloc[:0],
        start.families,
        main_family(start.families.family_member),
        start.profile,
    )
    return [
        problem
        for problem in run_checks(material, tuple(rule for rule in RULES if rule.code == code))
        if not (problem.file == "folkeregister.csv" and problem.row == int(register["row_"].iloc[1]))
    ]


@pytest.mark.parametrize(("code", "where", "changes"), CASES, ids=[f"{case[0]}-{case[1]}" for case in CASES])
def test_a_rule_finds_what_it_is_for(start, code, where, changes):
    source = where.lstrip("+").partition(":")[0]
    expected_before = {"one_week_missing": 1}
    assert len(found_by(code, start, start.frames)) == expected_before.get(code, 0)
    spoilt = start.frames | {source: changed(start.frames[source], where, changes)}
    found = found_by(code, start, spoilt)
    assert found
    assert {problem.code for problem in found} == {f"intake.{code}"}
    for lang in ("da", "en"):
        assert all("{" not in problem.line(lang) for problem in found)


def test_every_rule_has_a_case():
    assert {rule.code for rule in RULES} == {case[0] for case in CASES}


def test_a_month_without_rows_is_found_once_per_run_of_months(start):
    material = Material(
        start.frames, start.presets, start.coverage, start.families, pd.Series(dtype="str"), start.profile
    )
    gaps = [p.value for p in run_checks(material, ()) if p.file == "skolefravaer"]
    # The only rows are of March 2024; July is never expected.
    assert gaps == [
        "2023-01 – 2023-06",
        "2023-08 – 2024-02",
        "2024-04 – 2024-06",
        "2024-08 – 2025-06",
        "2025-08 – 2025-12",
    ]


def test_every_preset_names_columns_that_exist(start):
    for name, preset in presets().items():
        assert {heading.to for heading in preset.columns if heading.to} <= set(start.frames[name].columns)


@pytest.mark.parametrize("price", [0.0, -1.0])
def test_price_of_zero_is_no_price(start, price):
    indsatser = changed(start.frames["dubu_indsatser"], "0", {"price_per_month_dkk": price})
    before, after = (
        build_tables(frames, start.presets, start.profile)[0]["measure"].set_index("measure_id")["price_per_month_dkk"]
        for frames in (start.frames, start.frames | {"dubu_indsatser": indsatser})
    )
    assert before.notna().sum() == 1
    assert after.isna().all()


def test_every_domain_of_the_functional_level_is_known(start):
    row = {"instrument": "functional_level", "value": 2.0}
    for domain in [*codes()["adult_domain"], *codes()["child_domain"]]:
        frame = changed(start.frames["registreringer"], "0", {**row, "item": domain})
        assert not found_by("unknown_domain", start, start.frames | {"registreringer": frame}), domain
