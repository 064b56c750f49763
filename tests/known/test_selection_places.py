"""Places, records, decisions against the rule and the legal basis, on small registers worked out by hand.

The reference day is 31 December 2025. Each family F has one adult F1 and one child Fc; the rule asks for three months
on benefit within six and an open child case.
"""

import io

import openpyxl
import pandas as pd
import pytest
from docx import Document

from helhed.errors import ProfileNeedsWork
from helhed.profile import law_problems, read_profile
from helhed.publishing.impact_assessment import Facts, impact_assessment
from helhed.publishing.referral_document import referral_document
from helhed.selection import (
    TABLES,
    Meeting,
    at_the_cut,
    barred_departments,
    concentration_curve,
    criteria_overlap,
    decisions_and_rule,
    evaluate_criteria,
    funnel,
    law_report,
    lawful_tables,
    missing_sources,
    model_overlap,
    model_tables,
    override_counts,
    records_behind,
    referral_workbook,
    say_gaps,
    select_families,
    sensitivity,
    sentences,
    with_one_place,
)
from helhed.selection.records import records_in_words
from helhed.tables import tables as contracts
from helhed.texts import catalogue

DAY = "2025-12-31"
BASES = [
    f"law.basis_{name}: Invented act, section 1" for name in ("person", "benefit_spell", "child_case", "enrolment")
]


def make_profile(tmp_path, *lines):
    head = ["name: T", 'municipality_code: "0190"', "model: furesoe", "settings:", "  data.encoding: utf-8"]
    (tmp_path / "profile.yml").write_text("\n".join([*head, *(f"  {line}" for line in lines)]), encoding="utf-8")
    return read_profile(tmp_path, "en")


def frame(name, rows):
    contract = contracts()[name]
    dates = {c.name for c in contract.columns if c.kind in ("date", "month")}
    names = [column.name for column in contract.columns]
    full = [
        {name: pd.Timestamp(r[name]) if name in dates and r.get(name) else r.get(name) for name in names} for r in rows
    ]
    return contract.conform(pd.DataFrame(full)) if full else contract.empty()


def town(months_on_benefit, enrolment=(), measures=()):
    """Return the tables of a town from {family: first day on benefit}: an adult, a child, a benefit, a case each."""
    rows = {name: [] for name in TABLES}
    rows["enrolment"], rows["measure"] = list(enrolment), list(measures)
    for number, (family, start) in enumerate(months_on_benefit.items()):
        for person, role, birth in ((f"{family}1", "adult", "1988-03-01"), (f"{family}c", "child", "2015-05-01")):
            rows["person"].append({"person_id": person, "birth_date": birth, "sex": "f", "origin_group": "danish"})
            member = {"family_id": family, "person_id": person, "role": role, "is_main_home": True}
            rows["family_member"].append(member)
        spell = {"person_id": f"{family}1", "benefit": "kontanthjaelp", "start_date": start}
        case = {"case_id": str(number), "person_id": f"{family}c", "case_type": "barnets_plan", "status": "open"}
        rows["benefit_spell"].append(spell)
        rows["child_case"].append(case | {"start_date": "2025-01-10"})
    return {name: frame(name, rows[name]) for name in TABLES}


ALIKE = dict.fromkeys("ABCD", "2025-01-01")


def test_one_place_more_and_one_fewer_name_the_family_that_moves(tmp_path):
    profile = make_profile(tmp_path, "selection.places: 2")
    shortlist = select_families(town(ALIKE), profile, DAY)
    changes = with_one_place(shortlist, profile).set_index("change")
    assert changes["n_shortlisted"].tolist() == [1, 2, 3]
    assert changes["n_reserve"].tolist() == [3, 2, 1]
    assert changes.loc[-1, "family_id"] == "B" and changes.loc[1, "family_id"] == "C"
    assert pd.isna(changes.loc[0, "family_id"])


@pytest.mark.parametrize(("places", "leaves", "enters"), [(0, None, "A"), (4, "D", None), (9, None, None)])
def test_at_the_ends_of_the_list_nobody_moves(tmp_path, places, leaves, enters):
    profile = make_profile(tmp_path, f"selection.places: {places}")
    moved = with_one_place(select_families(town(ALIKE), profile, DAY), profile).set_index("change")["family_id"]
    assert [None if pd.isna(moved[change]) else moved[change] for change in (-1, 1)] == [leaves, enters]


def test_those_at_the_cut_stand_with_what_put_them_there(tmp_path):
    profile = make_profile(tmp_path, "selection.places: 1", "selection.order_by: [months_on_benefit]")
    tables = town({"A": "2025-09-01", "B": "2025-01-01", "C": "2025-06-01"})
    near = at_the_cut(tables, select_families(tables, profile, DAY), profile, DAY)
    assert near["family_id"].tolist() == ["B", "C", "A"]
    assert near["months_on_benefit"].tolist() == [12, 7, 4]
    assert not near["is_tied_at_cut"].any()


def offered(*families):
    return [{"family_id": name, "decision": "include", "offered_date": "2025-12-01"} for name in families]


def test_an_open_offer_stands_beside_what_put_the_family_at_the_cut(tmp_path):
    profile = make_profile(tmp_path, "selection.places: 1", "selection.order_by: [months_on_benefit]")
    tables = town({"A": "2025-09-01", "B": "2025-01-01", "C": "2025-06-01"}, offered("A"))
    near = at_the_cut(tables, select_families(tables, profile, DAY), profile, DAY)
    assert near["family_id"].tolist() == ["A", "B", "C"]
    assert near["is_offer_open"].tolist() == [True, False, False]


@pytest.mark.parametrize(
    ("starts", "at_cut", "tied"),
    [
        (ALIKE, ["A", "B", "C", "D"], [True] * 4),
        (ALIKE | {"B": "2024-11-01", "C": "2025-06-01"}, ["A", "B", "D"], [True] * 3),
        ({"A": "2025-09-01", "B": "2025-01-01", "C": "2025-06-01"}, ["B", "C", "A"], [False] * 3),
    ],
)
def test_without_a_free_place_those_next_in_line_are_shown(tmp_path, starts, at_cut, tied):
    profile = make_profile(tmp_path, "selection.places: 0", "selection.order_by: [months_on_benefit]")
    tables = town(starts)
    near = at_the_cut(tables, select_families(tables, profile, DAY), profile, DAY)
    assert near["family_id"].tolist() == at_cut and near["is_tied_at_cut"].tolist() == tied


def test_nobody_in_line_makes_an_empty_cut(tmp_path):
    profile, tables = make_profile(tmp_path, "selection.places: 0"), town({"A": "2025-12-20"})
    assert at_the_cut(tables, select_families(tables, profile, DAY), profile, DAY).empty


@pytest.mark.parametrize("lang", ["da", "en"])
def test_more_open_offers_than_free_places_is_a_warning(tmp_path, lang):
    warning = catalogue()["selection.say_offers_exceed"][lang]
    for places, is_said in ((1, True), (2, False)):
        profile, tables = make_profile(tmp_path, f"selection.places: {places}"), town(ALIKE, offered("B", "C"))
        said = sentences.say_places(select_families(tables, profile, DAY), 4, profile, lang)
        assert (warning in said) is is_said


def test_an_answer_names_the_records_it_rests_on(tmp_path):
    profile, tables = make_profile(tmp_path), town({"A": "2025-01-01"})
    judged = evaluate_criteria(tables, profile, DAY, ["adult_on_benefit", "open_child_case"])
    records = records_behind(tables, profile, DAY, judged).set_index("criterion")
    assert records.loc["adult_on_benefit", ["source", "kind", "role"]].tolist() == [
        "benefit_spell",
        "kontanthjaelp",
        "adult",
    ]
    assert records.loc["open_child_case", "start_date"] == pd.Timestamp("2025-01-10")
    words = list(records_in_words(records.reset_index(), "da").values())
    assert words[1] == "Børnesager: barnets plan, fra 10. januar 2025 (barn)"
    assert not any("A1" in one or "Ac" in one for one in words)


def test_a_record_before_the_window_or_of_another_kind_is_not_named(tmp_path):
    profile = make_profile(tmp_path, "selection.benefits: [kontanthjaelp]")
    tables = town({"A": "2025-01-01"})
    others = [
        {"person_id": "A1", "benefit": "kontanthjaelp", "start_date": "2020-01-01", "end_date": "2021-01-01"},
        {"person_id": "A1", "benefit": "sygedagpenge", "start_date": "2025-10-01"},
    ]
    tables["benefit_spell"] = pd.concat([tables["benefit_spell"], frame("benefit_spell", others)], ignore_index=True)
    judged = evaluate_criteria(tables, profile, DAY, ["adult_on_benefit"])
    assert records_behind(tables, profile, DAY, judged)["n_records"].tolist() == [1]


def decision(family, code, day, **more):
    return {"family_id": family, "decision": code, "offered_date": day, **more}


def test_decisions_are_held_against_the_rule_of_the_month_before(tmp_path):
    asked = [
        decision("A", "include", "2025-12-10", start_date="2025-12-20"),  # met the rule then
        decision("B", "include", "2025-12-10"),  # one month on benefit then: did not meet it
        decision("C", "exclude", "2025-12-10", decision_reason="Moves", decided_by="Head"),  # met it, passed over
        decision("D", "include", "2026-02-01"),  # after the data end: held against the rule on the day
    ]
    tables = town({"A": "2025-01-01", "B": "2025-11-01", "C": "2025-01-01", "D": "2025-01-01"}, asked)
    decided = decisions_and_rule(tables, make_profile(tmp_path), DAY).set_index("family_id")
    assert decided["rule"].to_dict() == {"A": "met", "B": "not_met", "C": "met", "D": "met"}
    assert decided["override"].dropna().to_dict() == {"B": "included_against", "C": "excluded_against"}
    assert decided.loc["C", "decided_by"] == "Head"
    counts = override_counts(decided.reset_index()).set_index("decision")
    assert counts.loc["include", ["n_met", "n_not_met"]].tolist() == [2, 1]


def test_what_has_no_legal_basis_is_not_read_and_cannot_be_told(tmp_path):
    tables = town(ALIKE)
    profile = make_profile(tmp_path, *BASES)
    read = lawful_tables(tables, profile)
    assert len(read["benefit_spell"]) == 4 and len(read["person"]) == 8
    profile = make_profile(tmp_path, *(line for line in BASES if "benefit" not in line))
    read = lawful_tables(tables, profile)
    assert len(read["benefit_spell"]) == 0 and len(tables["benefit_spell"]) == 4
    status = evaluate_criteria(read, profile, DAY, ["adult_on_benefit"])["status"]
    assert set(status) == {"cannot_tell"}
    report = law_report(tables, read, profile, "en").set_index("source")
    assert report.loc["benefit_spell", ["state", "n_rows", "n_read"]].tolist() == ["unread", 4, 0]
    (problem,) = law_problems(profile)
    assert "law.basis_benefit_spell" in problem.column and "law.basis_person" not in problem.column


@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_source_barred_by_law_is_not_called_missing_from_the_exports(tmp_path, lang):
    tables = town(ALIKE)
    profile = make_profile(tmp_path, *(line for line in BASES if "benefit" not in line))
    read = lawful_tables(tables, profile)
    judged = evaluate_criteria(read, profile, DAY)
    missing = missing_sources(read, profile, DAY, judged, tables)
    assert missing[["criterion", "source", "is_barred"]].to_numpy().tolist() == [
        ["adult_on_benefit", "benefit_spell", True]
    ]
    (words,) = say_gaps(missing, profile, lang)
    assert "law.basis_benefit_spell" in words and {"da": "ingen rækker", "en": "hold no row"}[lang] not in words
    assert barred_departments(read, tables, profile, DAY) == ["employment"]
    shortlist = select_families(read, profile, DAY)
    said = " ".join(sentences.say_funnel(funnel(read, profile, DAY, judged, shortlist), shortlist, profile, lang))
    assert catalogue()["selection.say_nobody_certain"][lang].partition(")")[2] in said
    assert catalogue()["selection.say_nobody_eligible"][lang].partition(")")[2] not in said


def test_the_funnel_begins_with_all_families_with_children(tmp_path):
    tables, profile = town(ALIKE | {"E": "2026-02-01"}), make_profile(tmp_path)
    tables["child_case"] = tables["child_case"].head(3)
    tables["benefit_spell"] = tables["benefit_spell"][tables["benefit_spell"]["person_id"] != "D1"]
    judged, shortlist = evaluate_criteria(tables, profile, DAY), select_families(tables, profile, DAY)
    steps = funnel(tables, profile, DAY, judged, shortlist)
    assert steps["step"].tolist() == ["all", "known", "rule", "rule", "available", "shortlisted"]
    # D has neither case nor benefit, and E's benefit begins after the day
    assert steps["n_families"].tolist() == [5, 3, 3, 3, 3, 3]


def test_a_source_for_another_purpose_is_not_read(tmp_path):
    profile = make_profile(tmp_path, *BASES, "law.purpose_child_case: [follow_up]")
    assert len(lawful_tables(town(ALIKE), profile)["child_case"]) == 0


def test_a_basis_that_leaves_out_members_never_turns_a_yes_into_a_no(tmp_path):
    department = {"measure_type": "x", "measure_group": "other", "start_date": "2025-01-01"}
    measures = [
        {"measure_id": "1", "person_id": "A1", "department": "health", **department},
        {"measure_id": "2", "person_id": "Bc", "department": "health", **department},
        {"measure_id": "3", "person_id": "Bc", "department": "children", **department},
    ]
    lines = [*BASES, "law.basis_measure: Invented act", "law.members_measure: [children]"]
    profile, tables = make_profile(tmp_path, *lines), town(ALIKE, measures=measures)
    read = lawful_tables(tables, profile)
    # the adult's measure takes the whole department with it; the other department holds children alone
    assert read["measure"]["measure_id"].tolist() == ["3"]
    judged = evaluate_criteria(read, profile, DAY, ["adult_health_or_treatment"])
    assert set(judged["status"]) == {"cannot_tell"}


@pytest.mark.parametrize("lang", ["da", "en"])
def test_without_a_basis_for_the_register_nothing_runs(tmp_path, lang):
    with pytest.raises(ProfileNeedsWork, match="law.basis_person"):
        lawful_tables(town(ALIKE), make_profile(tmp_path), lang)


@pytest.mark.parametrize("lang", ["da", "en"])
def test_the_meetings_papers_hold_reasons_records_and_room_to_write(tmp_path, lang):
    profile = make_profile(tmp_path, *BASES, "selection.places: 2")
    tables = town(ALIKE)
    judged, shortlist = evaluate_criteria(tables, profile, DAY), select_families(tables, profile, DAY)
    changes, near = with_one_place(shortlist, profile), at_the_cut(tables, shortlist, profile, DAY)
    records = records_behind(tables, profile, DAY, judged)
    meeting = Meeting(records, near, changes, decisions_and_rule(tables, profile, DAY))
    content = referral_document(shortlist, judged, meeting, profile, lang)
    assert content == referral_document(shortlist, judged, meeting, profile, lang)
    document = Document(io.BytesIO(content))
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 2"]
    assert [heading.split(" ")[1] for heading in headings] == ["A", "B"]
    # a table of criteria and one to fill in for each of the two, and the waiting list
    assert len(document.tables) == 5
    assert "2025" in document.tables[0].cell(1, 5).text
    assert all(not cell.text.strip() for cell in document.tables[1].rows[1].cells)
    workbook = referral_workbook(shortlist, judged, profile, lang, meeting)
    sheets = openpyxl.load_workbook(io.BytesIO(workbook)).worksheets
    assert len(sheets) == 5
    assert [row[1].value for row in sheets[3].iter_rows(min_row=2, max_row=5)] == ["A", "B", "C", "D"]


@pytest.mark.parametrize("lang", ["da", "en"])
def test_the_impact_assessment_says_what_lacks_a_basis(tmp_path, lang):
    profile = make_profile(tmp_path, *BASES, "law.objection_contact: The citizens' adviser")
    tables = town(ALIKE)
    report = law_report(tables, lawful_tables(tables, profile), profile, lang)
    content = impact_assessment(Facts(report, 8, 4, 4), profile, lang)
    document = Document(io.BytesIO(content))
    whole = "\n".join(
        [p.text for p in document.paragraphs] + [c.text for t in document.tables for r in t.rows for c in r.cells]
    )
    assert "{{" not in whole and "{%" not in whole
    assert "The citizens' adviser" in whole and "law.objection_contact" not in whole
    assert "law.who_sees" in whole and "Invented act, section 1" in whole
    assert ("MANGLER" if lang == "da" else "MISSING") in whole


def test_combinations_of_criteria_add_up_to_all_families(tmp_path):
    profile, tables = make_profile(tmp_path), town({"A": "2025-01-01", "B": "2025-12-01", "C": "2025-01-01"})
    combined = criteria_overlap(evaluate_criteria(tables, profile, DAY), profile)
    assert combined["n_families"].sum() == 3
    both = combined[combined["adult_on_benefit"] & combined["open_child_case"]]
    assert both["n_families"].sum() == 2


def test_two_rules_share_what_both_find():
    statuses = pd.DataFrame(
        {"own": ["met", "met", "not_met"], "other": ["met", "cannot_tell", "met"]}, index=list("ABC")
    )
    assert model_overlap(statuses).to_numpy().tolist() == [[2, 1], [1, 2]]
    matrix = model_tables.models_matrix(statuses.rename(columns={"other": "assens"}), 3, "en")
    assert matrix.written("en", 3)[0][1:] == ["under 3", "under 3"]


def test_moving_a_threshold_says_how_many_families_change(tmp_path):
    profile = make_profile(tmp_path)
    moved = sensitivity(town({"A": "2025-01-01", "B": "2025-11-15", "C": "2025-12-20"}), profile, DAY)
    changed = moved[moved["key"] == "selection.benefit_months"].set_index("value")["n_changed"].to_dict()
    # B has two months, C one; three are asked for
    assert changed == {1: 2, 2: 1, 3: 0, 4: 0, 5: 0}


def test_the_curve_of_spending_hides_what_one_family_dominates(tmp_path):
    families = {f"F{i:02d}": "2025-01-01" for i in range(60)}
    cost = {"department": "children", "measure_type": "x", "measure_group": "other", "start_date": "2024-01-01"}
    measures = [
        {"measure_id": f, "person_id": f"{f}c", "price_per_month_dkk": 1000.0, **cost} for f in list(families)[:30]
    ]
    curve = concentration_curve(town(families, measures=measures), make_profile(tmp_path), DAY)
    # half of the families share all spending evenly: a tenth of the families carries a fifth of it
    assert curve["share_spending"].round(6).tolist() == [0, 0.2, 0.4, 0.6, 0.8, 1, 1, 1, 1, 1, 1]
    alone = town(families, measures=measures[:1])
    assert concentration_curve(alone, make_profile(tmp_path), DAY).empty
