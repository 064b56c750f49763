"""The sheet of scenarios: read back as written, faults named with their place, compared side by side."""

from dataclasses import replace
from datetime import date

import openpyxl
import pandas as pd
import pytest

from helhed import kit_files
from helhed.errors import ProfileNeedsWork, WrongCall
from helhed.profile import Setting, declared_entries
from helhed.profile.reading import Profile
from helhed.profile.scenarios import FILE_NAME, Scenario, heading_of, read_scenarios, scenario_entries
from helhed.staffing import outlook, posts, with_values
from helhed.staffing.scenario_form import COLUMNS, example_scenarios, scenarios_workbook
from helhed.staffing.scenarios import AsNow, compare_scenarios, scenarios_of
from helhed.tables import tables as contracts
from helhed.texts import LANGUAGES


def write(folder, rows, title="Scenarier"):
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    book.save(folder / FILE_NAME)


def lines_of(folder, lang="da"):
    with pytest.raises(ProfileNeedsWork) as error:
        read_scenarios(folder, lang)
    return str(error.value).splitlines()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_form_is_read_back_as_it_was_made(tmp_path, lang):
    (tmp_path / FILE_NAME).write_bytes(scenarios_workbook(lang))
    assert read_scenarios(tmp_path, lang) == example_scenarios(lang)


def test_the_same_form_has_the_same_bytes(later):
    first = scenarios_workbook("da")
    later()
    assert first == scenarios_workbook("da")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_template_is_the_form(lang):
    assert (kit_files.folder("templates") / f"scenarios_{lang}.xlsx").read_bytes() == scenarios_workbook(lang)


def test_every_setting_can_be_a_column_in_both_languages(tmp_path):
    for lang in LANGUAGES:
        keys = [key for key, entry in scenario_entries().items() if entry.kind != "choice"]
        values = [scenario_entries()[key].default for key in keys]
        write(tmp_path, [["Scenarie", *(heading_of(key, lang) for key in keys)], ["alt", *values]])
        assert read_scenarios(tmp_path)[0].values == dict(zip(keys, values, strict=True))


def test_settings_have_headings_of_their_own():
    for lang in LANGUAGES:
        labels = [entry.label(lang).casefold() for entry in scenario_entries().values()]
        assert len(set(labels)) == len(labels)


def test_numbers_as_people_write_them(tmp_path):
    write(
        tmp_path,
        [
            ["Scenario *", "staffing.salary_dkk_per_year", "staffing.overhead_share", "Fuldtidsstillinger", "Note"],
            ["a", "1.200.000", "20 %", "3,5", "fra HR"],
            ["b", 500000, 0.25, None, None],
            [None, None, None, None, None],
            ["c", "482.946,50", "0,15", " ", None],
        ],
    )
    a, b, c = read_scenarios(tmp_path)
    assert (a.values["staffing.salary_dkk_per_year"], a.posts) == (1200000, 3.5)
    assert a.values["staffing.overhead_share"] == pytest.approx(0.2)
    assert (b.values["staffing.overhead_share"], b.posts, b.starts) == (0.25, None, None)
    assert c.values == {"staffing.salary_dkk_per_year": 482946.5, "staffing.overhead_share": 0.15}
    assert [one.row for one in (a, b, c)] == [2, 3, 5]


def test_a_choice_may_be_written_in_words_of_either_language(tmp_path):
    write(
        tmp_path,
        [["Scenarie", "staffing.organisation"], ["a", "Taskforce med myndighed og budget"], ["b", "part_timers"]],
    )
    assert [one.values["staffing.organisation"] for one in read_scenarios(tmp_path)] == ["taskforce", "part_timers"]


def test_faults_are_named_with_their_place_all_at_once(tmp_path):
    write(
        tmp_path,
        [
            ["Scenarie", "Længde, aktiv fase", "Længde, aktiv fasse", "zzzz", "Egen og barns sygdom", "staffing.seed"],
            ["a", 99, None, None, "mange", 1.5],
            ["A", None, None, None, None, None],
            [None, 3, None, None, None, None],
        ],
        title="Mine",
    )
    lines = lines_of(tmp_path)
    assert all(line.startswith("scenarios.xlsx, ark »Mine«, ") for line in lines), lines
    found = "\n".join(lines)
    assert "den nærmeste kendte er »længde, aktiv fase«" in found.lower()
    assert "»99«" in found and "0 – 60" in found
    assert "»mange«" in found
    assert "række 4" in found and "mangler et navn" in found
    assert "også i række 2" in found
    assert len(lines) == 7


@pytest.mark.parametrize(
    ("heading", "value"),
    [
        ("staffing.overhead_share", 20),
        ("staffing.overhead_share", "to"),
        ("staffing.active_months", -1),
        ("staffing.active_months", True),
        ("staffing.organisation", "kaos"),
        ("staffing.grant_months", 2.5),
        ("Fuldtidsstillinger", 0),
        ("Nye familier pr. måned", -2),
        ("Fuldtidsstillinger", "nan"),
        ("staffing.active_months", "inf"),
    ],
)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_value_that_does_not_fit_is_refused_with_the_cure(tmp_path, heading, value, lang):
    write(tmp_path, [["Scenarie", heading], ["a", value]])
    (line,) = lines_of(tmp_path, lang)
    assert str(value) in line and "{" not in line and "2" in line and heading in line


def test_files_that_are_no_sheet_of_scenarios(tmp_path):
    assert read_scenarios(tmp_path) == []
    (tmp_path / FILE_NAME).write_bytes(b"Scenarie;x")
    assert "Excel" in lines_of(tmp_path)[0]
    write(tmp_path, [["Navn", "x"]])
    assert "Scenarie" in lines_of(tmp_path)[0]
    write(tmp_path, [["Scenarie"]])
    assert read_scenarios(tmp_path) == []


def test_a_name_that_looks_like_a_person_is_refused(tmp_path):
    write(tmp_path, [["Scenarie", "Fuldtidsstillinger"], ["familien " + "010100" + "3000", 2]])
    (line,) = lines_of(tmp_path)
    assert "CPR" in line and "3000" not in line


def test_double_columns_are_refused(tmp_path):
    write(tmp_path, [["Scenarie", "staffing.active_months", "Length, active phase"], ["a", 1, 2]])
    assert "to kolonner" in lines_of(tmp_path)[0]


@pytest.fixture
def now(tmp_path):
    settings = {key: Setting(value=entry.default, origin="default") for key, entry in declared_entries().items()}
    settings["data.to_date"] = Setting(value=date(2025, 12, 31))
    settings["staffing.n_replications"] = Setting(value=20)
    profile = Profile("Prøve", "0000", "none", tmp_path, True, settings, {})
    starts = pd.to_datetime([f"2025-{1 + i % 12:02}-01" for i in range(12)])
    enrolment = pd.DataFrame(
        {"family_id": [f"F{i:02}" for i in range(12)], "decision": "include", "start_date": starts}
    )
    family = pd.DataFrame(
        {
            "family_id": enrolment["family_id"],
            "family_type": "one_adult",
            "n_adults": 1,
            "n_children": 2,
            "has_second_home": False,
        }
    )
    tables = {"enrolment": contracts()["enrolment"].conform(enrolment), "family": contracts()["family"].conform(family)}
    shortlist = pd.DataFrame({"family_id": ["S1"], "standing": ["shortlisted"], "rank": [1]})
    look = outlook(tables, shortlist, 1.0, profile)
    return AsNow(tables, shortlist, look, 2.0, posts.hours_of_post(profile))


def test_scenarios_side_by_side(now):
    scenarios = [
        Scenario("more posts", posts=4.0),
        Scenario("half as many", values={"staffing.offered_share": now.look.profile["staffing.offered_share"] / 2}),
        Scenario("twice as many", starts=2.0),
        Scenario("dear", values={"staffing.salary_dkk_per_year": 965892.0}),
    ]
    table = compare_scenarios(scenarios, now, "en").set_index("scenario")
    assert table.index.tolist() == ["As now", "more posts", "half as many", "twice as many", "dear"]
    base = table.loc["As now"]
    assert table.loc["more posts", "wait_months"] <= base["wait_months"]
    assert table.loc["more posts", "places"] >= 2 * base["places"]
    # Little's law: families in proportion to those that start; posts needed too.
    assert table.loc["half as many", ["families", "starts_per_month"]].tolist() == pytest.approx(
        [base["families"] / 2, 0.5]
    )
    assert table.loc["twice as many", "posts_needed"] == pytest.approx(2 * base["posts_needed"])
    profile = now.look.profile
    salary = 2 * 482946 / 12 * (1 + profile["staffing.overhead_share"])
    assert table.loc["dear", "per_month_dkk"] == pytest.approx(base["per_month_dkk"] + salary)


def test_a_row_that_changes_nothing_is_the_present_situation(now):
    table = compare_scenarios(example_scenarios("da"), now)
    assert table["scenario"].tolist()[0] == "Som nu" and table["scenario"].is_unique


def test_without_a_sheet_the_examples_stand_in(now, tmp_path):
    profile = now.look.profile
    assert scenarios_of(profile, "da") == example_scenarios("da")
    # A shorter active phase is two thirds of the municipality's own: of 18 months 12, of 7 months 4.5.
    for months, shorter in ((18.0, 12.0), (7.0, 4.5)):
        other = with_values(profile, {"staffing.active_months": months})
        assert scenarios_of(other, "da")[1].values == {"staffing.active_months": shorter}
    write(tmp_path, [["Scenarie", "Fuldtidsstillinger"], ["fem", 5]])
    assert scenarios_of(profile, "da") == [Scenario("fem", 2, {}, 5.0)]


def test_nobody_and_no_hours_are_refused(now):
    for change in ({"posts": 0.0}, {"hours_per_post": 0.0}, {"posts": float("nan")}):
        with pytest.raises(WrongCall):
            replace(now, **change)


def test_a_scenario_made_by_hand_is_checked_too(now):
    with pytest.raises(WrongCall, match="staffing.nonsense"):
        compare_scenarios([Scenario("x", values={"staffing.nonsense": 1})], now)
    with pytest.raises(WrongCall, match="at most 2000"):
        compare_scenarios([Scenario("x", posts=1e9)], now, "en")


def test_columns_of_the_form_exist():
    assert set(COLUMNS) <= {*scenario_entries(), "name", "posts", "starts", "note"}
