"""Settings by year: a year states only what changed, and a year that is not known is never used in silence."""

from statistics import fmean

import holidays
import pytest

from helhed.intake import read_municipality
from helhed.profile import declared_entries, known_years, read_profile, read_years
from helhed.publishing.reference_pages import assumptions_page
from helhed.staffing.capacity import MEAN_PUBLIC_HOLIDAYS, hours_for_families_per_year, working_year

HEAD = 'name: Testby\nmunicipality_code: "0190"\nmodel: furesoe\n'
HOLIDAYS = "staffing.public_holidays_per_year"


def profile_of(folder, to_date: str, **settings):
    lines = "".join(f"  {key}: {value}\n" for key, value in settings.items())
    content = f"{HEAD}settings:\n  data.from_date: 2015-01-01\n  data.to_date: {to_date}\n{lines}"
    (folder / "profile.yml").write_text(content, encoding="utf-8")
    return read_profile(folder)


def test_the_year_of_the_last_day_is_in_force(tmp_path):
    assert profile_of(tmp_path, "2023-12-31")["plan.children_act"] == "Serviceloven"
    later = profile_of(tmp_path, "2024-01-31")
    assert later["plan.children_act"] == "Barnets lov"
    assert (later.settings[HOLIDAYS].origin, later.settings[HOLIDAYS].year) == ("year", 2024)
    assert later.year == later.settings_year == 2024


def test_a_later_year_keeps_what_it_does_not_state(tmp_path):
    profile = profile_of(tmp_path, "2025-12-31")
    assert HOLIDAYS not in known_years().changes[2025]
    assert profile.settings[HOLIDAYS].year == 2024
    assert profile.settings["plan.children_act"].year == 2025


def test_monthly_sums_may_ask_for_each_year(tmp_path):
    profile = profile_of(tmp_path, "2025-12-31")
    days = {year: profile.of_year(year)[HOLIDAYS] for year in (2023, 2024, 2025)}
    assert days[2023] - 1 == pytest.approx(days[2024]) and days[2024] == days[2025]
    unchanged = {key for key, one in profile.settings.items() if profile.of_year(2023).settings[key] == one}
    assert set(profile.settings) - unchanged == set(known_years().changes[2023])


def test_the_municipalitys_own_value_goes_before_the_years(tmp_path):
    profile = profile_of(tmp_path, "2025-12-31", **{HOLIDAYS: 9.5})
    assert profile.settings[HOLIDAYS].origin == "profile"
    assert [profile.of_year(year)[HOLIDAYS] for year in (2023, 2025)] == [9.5, 9.5]


def test_a_new_year_with_one_line_changes_only_that(tmp_path):
    folder = tmp_path / "years"
    folder.mkdir()
    for year, changed in known_years().changes.items():
        text = "\n".join(f'["{key}"]\nvalue = {one.value!r}\nsource = {one.source!r}' for key, one in changed.items())
        (folder / f"{year}.toml").write_text(text, encoding="utf-8")
    assert read_years(folder) == known_years()
    new = max(known_years().changes) + 1
    (folder / f"{new}.toml").write_text('["disclosure.threshold"]\nvalue = 7\nsource = "x"\n', encoding="utf-8")
    years, profile = read_years(folder), profile_of(tmp_path, f"{new - 1}-12-31")
    before, after = profile.of_year(new - 1, years), profile.of_year(new, years)
    changed = {key for key in before.settings if before.settings[key] != after.settings[key]}
    assert changed == {"disclosure.threshold"}
    assert (before["disclosure.threshold"], after["disclosure.threshold"]) == (5, 7)


@pytest.mark.parametrize(("year", "used"), [(2016, "first"), (2031, "newest"), (2400, "newest")])
def test_an_unknown_year_uses_the_nearest_and_says_so(tmp_path, year, used):
    profile = profile_of(tmp_path, f"{year}-06-30")
    nearest = getattr(known_years(), used)
    assert (profile.year, profile.settings_year) == (year, nearest)
    assert profile.of_year(nearest).settings == profile.settings
    (problem,) = profile.year_problems()
    assert (problem.code, problem.severity, problem.row) == ("profile.unknown_year", "note", 6)
    for lang in ("da", "en"):
        assert str(year) in problem.line(lang) and str(nearest) in problem.line(lang)


def test_a_known_year_needs_no_note(tmp_path):
    assert profile_of(tmp_path, f"{known_years().newest}-12-31").year_problems() == []


def test_the_note_stands_on_the_list_of_errors(tmp_path):
    codes = {problem.code for problem in read_municipality(profile_of(tmp_path, "2031-06-30")).problems}
    assert "profile.unknown_year" in codes
    assert "profile.unknown_year" not in {
        problem.code for problem in read_municipality(profile_of(tmp_path, "2025-06-30")).problems
    }


def test_every_year_states_declared_entries_that_fit_and_their_source():
    years = known_years()
    assert sorted(years.changes) == list(range(years.first, years.newest + 1))
    for changed in years.changes.values():
        for key, one in changed.items():
            assert declared_entries()[key].fits(one.value), key
            assert len(one.source) > 10


def test_a_year_repeats_nothing():
    years = known_years()
    for year in sorted(years.changes)[1:]:
        before = years.in_force(year - 1)
        for key, one in years.changes[year].items():
            assert key not in before or before[key][1] != one, (year, key)


def test_the_default_of_an_entry_by_year_is_the_newest_years():
    newest = known_years().in_force(known_years().newest)
    assert {key: declared_entries()[key].default for key in newest} == {
        key: given.value for key, (_, given) in newest.items()
    }


@pytest.mark.parametrize(("year", "cycle"), [(2023, range(1996, 2024)), (2024, range(2024, 2052))])
def test_public_holidays_are_the_mean_of_a_whole_cycle_of_weekdays(year, cycle):
    """The weekdays of fixed days repeat every 28 years; the `holidays` library knows each day."""
    counts = [sum(day.weekday() < 5 for day in holidays.country_holidays("DK", years=one)) for one in cycle]
    assert known_years().in_force(year)[HOLIDAYS][1].value == pytest.approx(fmean(counts))


def test_the_working_year_uses_the_days_of_the_year(tmp_path):
    assert working_year(profile_of(tmp_path, "2024-12-31")).public_holidays_per_year == MEAN_PUBLIC_HOLIDAYS
    hours = [hours_for_families_per_year(working_year(profile_of(tmp_path, f"{one}-12-31"))) for one in (2023, 2024)]
    year = working_year(profile_of(tmp_path, "2024-12-31"))
    a_day = 7.4 - year.lunch_hours_per_day - year.meeting_hours_per_week / 5
    assert hours[1] - hours[0] == pytest.approx(a_day)


@pytest.mark.parametrize("lang", ["da", "en"])
def test_the_page_of_assumptions_tells_what_changed(lang):
    page = assumptions_page(lang)
    by_year = page[page.index("Ændringer år for år" if lang == "da" else "What changed by year") :]
    for year, changed in known_years().changes.items():
        part = by_year[by_year.index(f"### {year}") :].split("\n### ")[0]
        assert all(f"`{key}`" in part for key in changed)
        assert part.count("\n| ") == len(changed) + 2
