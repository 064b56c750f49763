"""The calculator for the browser: nothing but the standard library, and the same answers as the staffing room."""

import ast
import math
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import helhed.browser
from helhed.browser import staffing as browser
from helhed.profile import Setting, declared_entries
from helhed.profile.reading import Profile
from helhed.publishing.browser_site import MODULES
from helhed.staffing import mean_wait, need, places
from helhed.staffing.posts import hours_of_post, hours_per_place

DEFAULTS = {key: entry.default for key, entry in declared_entries().items()}
VARIED = {
    key: entry
    for key, entry in declared_entries().items()
    if entry.group == "staffing" and entry.kind in ("float", "share") and "dkk" not in key
}


def profile_of(values):
    return Profile("x", "0000", "none", Path(), True, {k: Setting(value=v) for k, v in (DEFAULTS | values).items()}, {})


@st.composite
def settings_of_a_municipality(draw):
    keys = draw(st.lists(st.sampled_from(sorted(VARIED)), max_size=12, unique=True))
    values = {"staffing.organisation": draw(st.sampled_from(["own_unit", "part_timers", "cross_team", "taskforce"]))}
    for key in keys:
        entry = VARIED[key]
        low, high = (0.0, 1.0) if entry.kind == "share" else (entry.min, entry.max)
        if key == "staffing.share_returning":
            high = 0.9
        values[key] = draw(st.floats(low, min(high, 60.0)))
    values["staffing.active_months"] = draw(st.floats(1, 30))
    values["staffing.active_contact_hours_per_week"] = draw(st.floats(0.1, 5))
    return DEFAULTS | {key: value for key, value in values.items() if declared_entries()[key].fits(value)}


@settings(max_examples=150, deadline=None)
@given(settings_of_a_municipality(), st.floats(0, 30), st.floats(0, 12), st.floats(0.5, 2))
def test_the_browser_answers_as_the_staffing_room(values, posts, starts, weight):
    profile = profile_of(values)
    found = browser.long_run(posts, starts, values, weight)
    needed = need(starts, profile, weight)
    assert found.families == pytest.approx(needed.families)
    assert found.posts_needed == pytest.approx(needed.posts)
    hours = posts * hours_of_post(profile)
    assert abs(found.places - places(hours, posts, profile, weight)) <= (
        1 if _on_the_edge(hours, posts, profile, weight) else 0
    )
    if found.places and starts:
        stay = browser.mean_stay_months(values)
        wait = mean_wait(starts / (1 - values["staffing.share_returning"]), stay, found.places)
        assert found.wait_weeks == pytest.approx(wait * browser.WEEKS_PER_MONTH)


def _on_the_edge(hours, posts, profile, weight):
    """Return whether the places lie so near a whole number that the last digit of a float decides."""
    exact = min(hours / hours_per_place(profile, weight), posts * profile["staffing.families_per_post_limit"]) + 1e-3
    return abs(exact - round(exact)) < 1e-9


@settings(max_examples=40, deadline=None)
@given(settings_of_a_municipality(), st.floats(0, 8))
def test_the_fewest_posts_for_the_goal_are_the_fewest(values, starts):
    found = browser.long_run(0, starts, values).posts_for_wait
    if math.isinf(found):
        assert browser.long_run(browser.MOST_POSTS, starts, values).wait_weeks > values["staffing.target_wait_weeks"]
        return
    assert browser.long_run(found, starts, values).wait_weeks <= values["staffing.target_wait_weeks"] + 1e-9
    if found >= 0.5:
        assert browser.long_run(found - 0.5, starts, values).wait_weeks > values["staffing.target_wait_weeks"]


def test_a_full_house_waits_for_ever_and_says_what_would_end_it():
    values = DEFAULTS | {"staffing.target_wait_weeks": 4.0}
    found = browser.long_run(1, 3, values)
    assert math.isinf(found.wait_weeks) and found.utilisation > 1
    assert 1 < found.posts_needed < found.posts_for_wait + 0.5
    assert browser.long_run(3, 0, values).wait_weeks == 0


@pytest.mark.parametrize("wrong", [-1.0, math.nan, math.inf])
def test_impossible_numbers_are_refused(wrong):
    for numbers in ((wrong, 1, 1), (1, wrong, 1), (1, 1, wrong)):
        with pytest.raises(ValueError):
            browser.long_run(numbers[0], numbers[1], DEFAULTS, numbers[2])
    for text in ("3", None):
        with pytest.raises(ValueError):
            browser.long_run(text, 1, DEFAULTS)
    for setting, value in (("share_returning", 1.0), ("families_per_post_limit", 0.0)):
        with pytest.raises(ValueError):
            browser.long_run(1, 1, DEFAULTS | {f"staffing.{setting}": value})
    assert browser.long_run(1e9, 1, DEFAULTS).wait_weeks == 0
    empty = {f"staffing.{name}_months": 0.0 for name in browser.PHASES}
    with pytest.raises(ValueError):
        browser.long_run(1, 1, DEFAULTS | empty)


def test_nothing_but_the_standard_library_openpyxl_and_modules_like_these_are_imported():
    package = Path(helhed.browser.__file__).parents[1]
    own = [package / name for name in MODULES] + list((package / "browser").glob("*.py"))
    known = {f"helhed.{file.relative_to(package).with_suffix('').as_posix().replace('/', '.')}" for file in own}
    for file in own:
        for name in imported(file):
            assert name.split(".")[0] in {*sys.stdlib_module_names, "openpyxl"} or name in known, (file, name)


def imported(file):
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            yield node.module
