"""Months that an export leaves dark are unknown, not zero; what a run tries or may not read is said."""

import io
from datetime import date

import openpyxl
import pandas as pd
import pytest
from typer.testing import CliRunner

from helhed.cli import app
from helhed.intake.building.covering import _of_table, _weekly
from helhed.intake.building.spells import benefit_spells
from helhed.notebook import open_step
from helhed.profile import sources_with_law
from helhed.selection import (
    Meeting,
    at_the_cut,
    decisions_and_rule,
    evaluate_criteria,
    order_values,
    records_behind,
    referral_workbook,
    say_dark_months,
    say_silent_benefits,
    select_families,
    select_national,
    sentences,
    with_one_place,
    with_places,
)
from tests.known.test_selection import DAY, Register, make_profile
from tests.known.test_selection import frame as of_contract
from tests.unit.test_law_in_steps import opened, run_of

MONTHS = pd.date_range("2025-01-01", "2025-12-01", freq="MS").as_unit("us")


def weekly(mondays, n_persons=10):
    weeks = pd.Series(mondays).repeat(n_persons).astype("datetime64[us]").reset_index(drop=True)
    counts = weeks.dt.to_period("M").dt.to_timestamp().value_counts().reindex(MONTHS, fill_value=0)
    own = pd.DataFrame({"is_covered": counts > 0, "is_begun": counts > 0, "is_filled": counts > 0})
    return weeks, own.set_axis(MONTHS)


def covered(mondays, n_persons=10):
    weeks, own = weekly(mondays, n_persons)
    found = _weekly(own, weeks, pd.Timestamp(DAY))
    return [f"{m:%m}" for m in MONTHS[~found["is_covered"]]], [f"{m:%m}" for m in MONTHS[~found["is_begun"]]]


ALL_WEEKS = pd.date_range("2024-12-30", "2025-12-29", freq="W-MON")


def test_a_whole_export_leaves_no_month_dark():
    assert covered(ALL_WEEKS) == ([], [])


def test_an_export_cut_after_week_26_leaves_the_rest_of_the_year_dark():
    # Week 26 ends on 29 June: the week from 30 June is missing, so June is covered but for one day.
    dark, not_begun = covered(ALL_WEEKS[ALL_WEEKS <= "2025-06-23"])
    assert dark == ["06", "07", "08", "09", "10", "11", "12"]
    assert not_begun == ["07", "08", "09", "10", "11", "12"]


def test_a_hole_of_five_weeks_leaves_the_months_it_touches_dark():
    hole = (ALL_WEEKS >= "2025-09-15") & (ALL_WEEKS < "2025-10-20")
    assert covered(ALL_WEEKS[~hole])[0] == ["09", "10"]


def test_a_stray_payment_does_not_light_a_month_and_few_persons_make_no_hole():
    weeks = pd.concat([pd.Series(ALL_WEEKS[ALL_WEEKS <= "2025-06-23"]).repeat(40), pd.Series([ALL_WEEKS[-2]])])
    _, own = weekly(ALL_WEEKS)
    found = _weekly(own, weeks.reset_index(drop=True), pd.Timestamp(DAY))
    assert not found.loc["2025-12-01", "is_covered"] and not found.loc["2025-12-01", "is_begun"]
    assert covered(ALL_WEEKS[(ALL_WEEKS.month != 3) | (ALL_WEEKS.day > 20)], n_persons=1)[0] == []


def test_an_export_that_follows_another_carries_it_on():
    old, new = weekly(ALL_WEEKS[:26])[1], weekly(ALL_WEEKS[26:])[1]
    both = _of_table([old, new])
    assert both["is_covered"].all()
    assert not _of_table([old, weekly(ALL_WEEKS)[1]])["is_covered"].all()


def test_a_spell_that_reaches_the_last_covered_week_is_open_in_spite_of_a_stray_payment():
    mondays = ALL_WEEKS[ALL_WEEKS <= "2025-06-23"]
    rows = [{"person_id": f"p{i}", "week": week} for i in range(40) for week in mondays]
    rows += [{"person_id": "q", "week": ALL_WEEKS[-2]}]
    weeks = pd.DataFrame(rows).assign(benefit="sho", paid_dkk=1.0, refund_dkk=0.0)
    assert benefit_spells(weeks)["end_date"].isna().all()


def dark(table, *months, begun=()):
    rows = [
        {"source_table": table, "month": f"{m:%Y-%m-%d}", "is_covered": m.month not in months}
        | {"is_begun": m.month not in months or m.month in begun}
        for m in MONTHS
    ]
    return {"coverage": of_contract("coverage", *rows)}


def status(tables, profile, name, family="F"):
    return evaluate_criteria(tables, profile, DAY, [name]).set_index("family_id").loc[family, ["status", "value"]]


def families():
    register = Register().family("F").benefit("F1", "2025-01-01").case("Fc1", "2025-01-01")
    return register.family("N").case("Nc1", "2025-01-01").tables()


@pytest.mark.parametrize(("months", "seen"), [((7, 8, 9, 10, 11, 12), 0), ((10, 11, 12), 3)])
def test_a_cut_export_makes_neither_six_of_six_nor_no(tmp_path, months, seen):
    profile, tables = make_profile(tmp_path, benefit_window_months=6, benefit_months=6), families()
    assert status(tables, profile, "adult_on_benefit").tolist() == ["met", 6.0]
    assert status(tables, profile, "adult_on_benefit", "N")["status"] == "not_met"
    cut = tables | dark("benefit_spell", *months)
    assert status(cut, profile, "adult_on_benefit").tolist() == ["cannot_tell", seen]
    is_possible = len(months) == 6
    assert status(cut, profile, "adult_on_benefit", "N")["status"] == ("cannot_tell" if is_possible else "not_met")
    (said,) = say_dark_months(cut, profile, DAY, "en")
    assert said.count("2025") == len(months)
    assert say_dark_months(tables, profile, DAY, "en") == []


def test_a_hole_is_unknown_and_what_is_seen_on_both_sides_stays(tmp_path):
    profile, tables = make_profile(tmp_path, benefit_window_months=6, benefit_months=6), families()
    spells = [("2025-01-01", "2025-09-14"), ("2025-11-01", None)]
    rows = [{"person_id": "F1", "benefit": "kontanthjaelp", "start_date": a, "end_date": b} for a, b in spells]
    holed = tables | dark("benefit_spell", 9, 10) | {"benefit_spell": of_contract("benefit_spell", *rows)}
    assert status(holed, profile, "adult_on_benefit").tolist() == ["cannot_tell", 5.0]
    decided = make_profile(tmp_path, benefit_window_months=6, benefit_months=5)
    assert status(holed, decided, "adult_on_benefit")["status"] == "met"


def test_a_month_without_absence_for_anybody_may_have_been_missed_throughout(tmp_path):
    # 10 months of 20 days, 10 days missed: 5 per cent. A dark month missed whole: 30 of 220 days, 13.6 per cent.
    rows = [
        {"person_id": "Fc1", "month": f"{m:%Y-%m-%d}", "school_days": 20.0, "days_sick": 1.0}
        | {"days_permitted": 0.0, "days_unlawful": 0.0}
        for m in MONTHS
        if m.month not in (7, 11)
    ]
    tables = families() | {"absence": of_contract("absence", *rows)}
    window = {"absence_window_months": 12, "absence_min_months": 6}
    for share, expected in ((0.13, "cannot_tell"), (0.14, "not_met"), (0.05, "met")):
        profile = make_profile(tmp_path, **window, absence_share=share)
        assert status(tables | dark("absence", 11), profile, "school_absence")["status"] == expected
        assert status(tables, profile, "school_absence")["status"] == ("met" if share == 0.05 else "not_met")


def test_a_benefit_that_no_row_has_is_said(tmp_path):
    tables = families()
    assert say_silent_benefits(tables, make_profile(tmp_path, benefits="[kontanthjaelp]"), "en") == []
    (said,) = say_silent_benefits(tables, make_profile(tmp_path, benefits="[foertidspension]"), "da")
    assert "ørtidspension" in said and "ontanthjælp" not in said


# ── the country reads no more than a municipality ──


def national(tmp_path, *lines, without=""):
    folder, tables = tmp_path / "town", families()
    tables["measure"] = Register().family("F").measure("F1", "health").measure("Fc1", "children").tables()["measure"]
    folder.mkdir(exist_ok=True)
    bases = [f"law.basis_{name}: Invented act" for name in sources_with_law() if name != without]
    head = ["name: T", 'municipality_code: "0190"', "model: furesoe", "settings:", "  data.encoding: utf-8"]
    (folder / "profile.yml").write_text("\n".join([*head, *(f"  {one}" for one in (*bases, *lines))]), encoding="utf-8")
    for name, table in tables.items():
        table.to_parquet(folder / f"{name}.parquet")
    words = ["national", str(folder), "--tables", str(folder), "--out", str(tmp_path / "f.parquet"), "--lang", "en"]
    return CliRunner().invoke(app, words), folder


def test_the_national_command_reads_no_source_without_a_legal_basis(tmp_path):
    done, _ = national(tmp_path)
    assert done.exit_code == 0 and "Not read" not in done.output
    done, _ = national(tmp_path, without="benefit_spell")
    assert done.exit_code == 0 and "Not read" in done.output and "Benefit spells" in done.output
    done, _ = national(tmp_path, without="person")
    assert done.exit_code != 0


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize("members", ["law.members_measure: [children]", "law.members_benefit_spell: [children]"])
def test_the_country_leaves_out_what_a_municipality_leaves_out(tmp_path, engine, members):
    from helhed.profile import read_profile
    from helhed.selection import lawful_tables
    from helhed.selection.national import national_of
    from helhed.selection.register import Register as Frames

    _, folder = national(tmp_path, members)
    profile = read_profile(folder, "en")
    tables = {file.stem: pd.read_parquet(file) for file in sorted(folder.glob("*.parquet"))}
    known = national_of(Frames(lawful_tables(tables, profile), profile, date(2025, 12, 31)))
    found = select_national(folder, profile, DAY, engine)
    assert found.fingerprint() == known.fingerprint()
    assert found.unread == {"law.members_measure: [children]": {"measure": "partly"}}.get(
        members, {"benefit_spell": "unread"}
    )


# ── what is tried is not kept, what is listed can be recomputed ──


def test_a_number_that_is_tried_is_called_so(tmp_path):
    profile = make_profile(tmp_path, places=40)
    assert (
        "what-if" in sentences.say_place_source(with_places(profile, 400), None, "en", profile["selection.places"])[0]
    )
    assert "profile (" in sentences.say_place_source(profile, None, "en", 40)[0]


def test_a_what_if_leaves_the_run_as_it_was(tmp_path):
    folder = run_of(tmp_path)
    for text, is_what_if in (("first", False), ("second", True)):
        step = opened(folder, "1_select_target_group")
        step.document("referral_sheet.docx", text.encode())
        step.hand_over({"shortlist": pd.DataFrame({"a": [text]})}, is_what_if=is_what_if)
    again = open_step("2_staff_coordinators", str(folder), str(folder / "run"), "en")
    assert again.read("1_select_target_group", "shortlist")["a"].tolist() == ["first"]
    assert [file.read_bytes() for file in (folder / "run").rglob("referral_sheet.docx")] == [b"first"]


def test_the_sheet_shows_what_the_list_was_ordered_by_and_which_criteria_are_in_the_rule(tmp_path):
    register = Register()
    for family, start in (("A", "2025-07-01"), ("B", "2025-01-01"), ("C", "2025-04-01")):
        register = register.family(family).benefit(f"{family}1", start).case(f"{family}c1", "2025-01-01")
    tables, profile = register.tables(), make_profile(tmp_path, order_by="[months_on_benefit]", places=2)
    listed, judged = select_families(tables, profile, DAY), evaluate_criteria(tables, profile, DAY)
    meeting = Meeting(
        records_behind(tables, profile, DAY, judged),
        at_the_cut(tables, listed, profile, DAY),
        with_one_place(listed, profile),
        decisions_and_rule(tables, profile, DAY),
        order_values(tables, listed, profile, DAY),
    )
    book = openpyxl.load_workbook(io.BytesIO(referral_workbook(listed, judged, profile, "en", meeting)))
    rows = list(book.worksheets[0].values)
    at = rows[0].index("most months on benefit in the latest year first")
    assert [(row[1], row[at]) for row in rows[1:4]] == [("B", "12"), ("C", "9"), ("A", "6")]
    criteria_rows = list(book.worksheets[1].values)
    at = criteria_rows[0].index("Part of the rule")
    assert {row[at] for row in criteria_rows[1:]} == {"yes", "no"}
