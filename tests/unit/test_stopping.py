"""An export of cases or measures that stops is found, and a small municipality's quiet autumn is not taken for one."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from helhed.intake.building.covering import months_covered, with_stops
from helhed.intake.building.linkage import coverage
from helhed.intake.building.stopping import LOOK_BACK_DAYS, sources_filled, stated_reach, stop_of, stops_of
from helhed.intake.exports.preset import presets

FIRST, LAST = pd.Timestamp("2023-01-01"), pd.Timestamp("2025-12-31")
WORKING_DAYS = pd.bdate_range(FIRST, LAST)


def stop(days, last=LAST):
    """Return the last day and the first dark month of an export with records on these days; None without a stop."""
    found = stop_of(pd.Series(pd.to_datetime(days)).astype("datetime64[us]"), FIRST, pd.Timestamp(last))
    return found and (f"{found.last_day:%Y-%m-%d}", f"{found.first_dark:%Y-%m}")


def every(n_days, until="2025-12-31", first="2023-01-02"):
    return pd.date_range(first, until, freq=f"{n_days}D")


# ── what stops ──


def test_an_export_from_the_summer_is_dark_from_the_next_month():
    assert stop(WORKING_DAYS[WORKING_DAYS <= "2025-06-30"]) == ("2025-06-30", "2025-07")


def test_a_weekend_before_the_turn_of_the_month_leaves_the_month_covered():
    # 31 August 2025 is a Sunday: the pause of two days is like every weekend's
    assert stop(WORKING_DAYS[WORKING_DAYS <= "2025-08-31"]) == ("2025-08-29", "2025-09")


def test_an_export_taken_on_the_3rd_begins_the_month_and_does_not_cover_it():
    # 28 days without a start where two of three days have one: 18 days are missing
    assert stop(WORKING_DAYS[WORKING_DAYS <= "2025-12-03"]) == ("2025-12-03", "2025-12")


def test_an_export_taken_on_the_3rd_of_the_month_after_is_whole():
    assert stop(WORKING_DAYS[WORKING_DAYS <= "2025-12-30"]) is None


def test_a_stray_record_after_the_end_of_the_period_does_not_hide_the_stop():
    assert stop([*WORKING_DAYS[WORKING_DAYS <= "2025-06-30"], pd.Timestamp("2026-03-01")]) == ("2025-06-30", "2025-07")


def test_months_without_days_are_found_when_a_year_is_nearly_gone():
    # all starts on the first of a month: 12 or 13 days in 13 months, so that 15 of them take longer than a year
    months = pd.date_range(FIRST, LAST, freq="MS")
    assert stop(months[months <= "2024-09-01"]) == ("2024-09-01", "2024-10")
    assert stop(months[months <= "2024-12-01"]) is None


# ── what is only quiet ──


@pytest.mark.parametrize(
    ("days", "why"),
    [
        ([], "no record in the period"),
        (["2023-01-02"], "one record"),
        (["2024-02-01"] * 400, "one day on which everything was carried over from an old system"),
        (every(30, "2025-07-30"), "one case a month, five months without"),
        (every(10, "2025-09-01"), "three cases a month, four months without"),
        (WORKING_DAYS[WORKING_DAYS <= "2025-12-19"], "a December with a long holiday"),
        (
            WORKING_DAYS[(WORKING_DAYS.month % 3 == 0) & (WORKING_DAYS < "2025-10-01")],
            "cases in every third month alone",
        ),
        (
            WORKING_DAYS[(WORKING_DAYS.month != 7) & (WORKING_DAYS < "2025-11-10")],
            "a July without, and seven weeks now",
        ),
    ],
)
def test_a_quiet_time_is_no_stop(days, why):
    assert stop(days) is None, why


def test_the_limits_are_fifteen_days_and_twice_the_longest_pause():
    # 33 days with something new in 13 months are 15.4 in half a year, 32 are 14.9
    assert stop(every(1, "2025-06-30", "2025-05-29")) and stop(every(1, "2025-06-30", "2025-05-30")) is None
    quiet = [*every(1, "2025-02-09", "2024-12-20"), *every(1, "2025-06-30", "2025-05-12")]
    assert stop(quiet) is None and stop([*quiet, "2025-02-10"]) == ("2025-06-30", "2025-07")


def test_what_lies_thirteen_months_back_is_forgotten():
    # a pause of a year, but before the time that is looked at
    days = [*every(1, "2023-02-01"), *every(1, "2025-06-30", "2024-02-01")]
    assert stop(days) == ("2025-06-30", "2025-07")
    assert LOOK_BACK_DAYS > 366 + 14  # a whole Christmas, wherever the export ends


@pytest.mark.parametrize("per_month", [0.5, 2, 5, 10, 40])
@pytest.mark.parametrize("together", [1, 3])
def test_hardly_any_whole_export_is_taken_for_one_that_stops(per_month, together):
    # families' children begin together; July has a quarter of a usual month, the days of Christmas a tenth
    rng, days = np.random.default_rng(7), pd.date_range(FIRST, LAST)
    pace = np.where(days.day_of_week < 5, 1.0, 0.02) * np.where(days.month == 7, 0.25, 1.0)
    pace *= np.where((days.month == 12) & (days.day > 18), 0.1, 1.0)
    pace *= per_month / 30.4 / together / pace.mean()
    found = [stop(np.repeat(days, rng.poisson(pace))) for _ in range(60)]
    assert sum(one is not None for one in found) == 0


# ── what becomes of it ──


def sources_of(**days):
    known = presets()
    frames = {
        name: pd.DataFrame({"start_date": pd.to_datetime(own)})
        .astype("datetime64[us]")
        .assign(department="adult_social")
        for name, own in days.items()
    }
    return SimpleNamespace(frames=frames, presets={name: known[name] for name in days})


def covered(sources, reach=""):
    """Return the first dark and the last begun month of each source of rows, and records by source and month."""
    months = pd.date_range(FIRST, LAST, freq="MS").astype("datetime64[us]")
    profile = {"data.from_date": FIRST, "data.to_date": LAST, "data.exports_reach": reach}
    stops = stops_of(sources.frames, sources.presets, profile)
    seen = with_stops(coverage(sources, months), stops)
    found = months_covered(sources, seen, LAST, stops)
    dark = (
        found[~found["is_covered"].astype(bool)].groupby("source_table")["month"].min().dt.strftime("%Y-%m").to_dict()
    )
    begun = found[found["is_begun"].astype(bool)].groupby("source_table")["month"].max().dt.strftime("%Y-%m").to_dict()
    return dark, begun, seen


def test_the_months_after_a_stop_are_dark_for_what_the_export_fills():
    whole, half = WORKING_DAYS, WORKING_DAYS[WORKING_DAYS <= "2025-09-03"]
    dark, begun, seen = covered(sources_of(dubu_sager=whole, sensum=half))
    assert dark == {"measure.adult_social": "2025-09"}
    assert begun == {"child_case": "2025-12", "measure.adult_social": "2025-09"}
    missing = seen[seen["state"] == "missing"]
    assert missing["source"].unique().tolist() == ["sensum"] and len(missing) == 3


def test_an_old_system_is_carried_on_by_the_new_one():
    old, new = WORKING_DAYS[WORKING_DAYS <= "2025-03-31"], WORKING_DAYS[WORKING_DAYS > "2025-03-31"]
    assert covered(sources_of(sensum=old, sofus=new))[0] == {}
    assert covered(sources_of(sensum=old, sofus=WORKING_DAYS))[0] == {"measure.adult_social": "2025-04"}


def test_what_the_municipality_states_comes_before_what_the_records_look_like():
    few, half = every(40), WORKING_DAYS[WORKING_DAYS <= "2025-09-03"]
    stated = "dubu_sager 30-11-2025; sensum: 31-12-2025"
    dark, begun, seen = covered(sources_of(dubu_sager=few, sensum=half), stated)
    assert dark == {"child_case": "2025-12"} and begun["child_case"] == "2025-11"
    assert covered(sources_of(dubu_sager=few), "dubu_sager 14-11-2025")[0] == {"child_case": "2025-11"}
    assert set(seen.loc[seen["state"] == "missing", "source"]) <= {"dubu_sager"}


@pytest.mark.parametrize(
    ("written", "days", "unread"),
    [
        ("", 0, []),
        (" ; ", 0, []),
        ("dubu_sager 30-9-2025", 1, []),
        ("dubu_sager 31-09-2025; sensum 2025-09-30", 0, ["dubu_sager 31-09-2025", "sensum 2025-09-30"]),
        ("dubu sager 30-09-2025;sensum 01-01-2025", 1, ["dubu sager 30-09-2025"]),
    ],
)
def test_what_is_stated_is_read_or_told(written, days, unread):
    read, not_read = stated_reach(written)
    assert len(read) == days and not_read == unread


def test_measures_of_health_and_housing_fill_these_tables_too():
    frame = pd.DataFrame({"department": ["health", "adult_social", None, "health"]})
    assert sources_filled(presets()["sensum"], frame) == ["measure.adult_social", "measure.health", "health"]
    assert sources_filled(presets()["dubu_sager"], frame) == ["child_case"]
