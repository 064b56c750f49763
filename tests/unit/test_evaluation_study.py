"""The study on a small invented municipality whose truth is known: absence falls among the enrolled, work does not."""

import numpy as np
import pandas as pd
import pytest

from helhed.economy.account import family_account, spending_per_member
from helhed.evaluation import development as dv
from helhed.evaluation import estimation as es
from helhed.evaluation import study as st
from helhed.evaluation import trust
from helhed.evaluation.estimates import Estimate
from helhed.evaluation.event_study import around, changes_after, event_curve, placebo_curves, slopes_before
from helhed.evaluation.panel import family_months, in_months, mean_between, month_range, since_start
from helhed.evaluation.pool import from_another_register, marked_as_other
from helhed.evaluation.progress import family_events, progress_events
from helhed.evaluation.regression_to_mean import fall_from_peak
from helhed.evaluation.trust_words import obstacle_sentence, placebo_sentence, register_sentence, trust_sentence
from helhed.profile import declared_entries
from helhed.tables import tables as contracts

FROM, TO = pd.Timestamp("2023-01-01"), pd.Timestamp("2025-12-31")
N_ENROLLED, N_OTHERS = 24, 60


@pytest.fixture(scope="module")
def settings():
    return {key: entry.default for key, entry in declared_entries().items()} | {"evaluation.n_draws": 199}


@pytest.fixture(scope="module")
def canonical():
    return make_tables(np.random.default_rng(4))


@pytest.fixture(scope="module")
def months():
    return month_range(FROM, TO)


@pytest.fixture(scope="module")
def panel(canonical, months, settings):
    account = family_account(canonical, months, settings, TO)
    return spending_per_member(account, family_months(canonical, months))


def make_tables(rng):
    """Return one adult and one child per family; all adults on benefit and all children with a case throughout."""
    n = N_ENROLLED + N_OTHERS
    families = [f"f{i:03d}" for i in range(n)]
    adults, children = [f"a{i:03d}" for i in range(n)], [f"c{i:03d}" for i in range(n)]
    months = pd.date_range(FROM, TO, freq="MS")
    starts = pd.Series(
        pd.to_datetime(rng.choice(["2024-02-10", "2024-05-10"], N_ENROLLED)), index=families[:N_ENROLLED]
    )
    grid = pd.MultiIndex.from_product([range(n), months], names=["i", "month"]).to_frame(index=False)
    start = grid["i"].map(dict(enumerate(starts)))
    is_treated = (grid["month"] > start).fillna(False)
    share = 0.15 + rng.normal(0, 0.02, n)[grid["i"]] + rng.normal(0, 0.02, len(grid)) - 0.06 * is_treated
    frames = {
        "person": pd.DataFrame(
            {"person_id": adults + children, "birth_date": FROM, "sex": "f", "origin_group": "danish"}
        ),
        "family_member": pd.DataFrame(
            {
                "family_id": families * 2,
                "person_id": adults + children,
                "role": ["adult"] * n + ["child"] * n,
                "is_main_home": True,
            }
        ),
        "benefit_spell": pd.DataFrame(
            {
                "person_id": adults,
                "benefit": "kontanthjaelp",
                "start_date": FROM,
                "paid_dkk": 36 * 12000.0,
                "refund_dkk": 36 * 3000.0,
            }
        ),
        "employment": pd.DataFrame({"person_id": "a000", "month": months, "hours": 0.0, "in_education": False}),
        "child_case": pd.DataFrame(
            {
                "case_id": [f"k{i}" for i in range(n)],
                "person_id": children,
                "case_type": "barnets_plan",
                "start_date": FROM,
                "status": "open",
            }
        ),
        "measure": pd.DataFrame(
            {
                "measure_id": [f"m{i}" for i in range(n)],
                "person_id": children,
                "measure_type": "Fast kontaktperson",
                "measure_group": "preventive",
                "department": "children",
                "start_date": FROM,
                "price_per_month_dkk": np.round(rng.normal(6000, 1500, n)),
            }
        ),
        "absence": pd.DataFrame(
            {
                "person_id": grid["i"].map(dict(enumerate(children))),
                "month": grid["month"],
                "school_days": 20.0,
                "days_sick": (share * 20).clip(lower=0),
                "days_permitted": 0.0,
                "days_unlawful": 0.0,
            }
        ),
        "enrolment": pd.DataFrame(
            {"family_id": families[:N_ENROLLED], "start_date": starts.to_numpy(), "decision": "include"}
        ),
        "coordinator": pd.DataFrame({"coordinator_id": ["K1"], "weekly_hours": [37.0], "has_authority": [False]}),
    }
    return {name: contracts()[name].conform(frame) for name, frame in frames.items()}


def test_panel_has_one_row_per_family_and_month(panel, months):
    assert len(panel) == (N_ENROLLED + N_OTHERS) * len(months)
    assert not panel.duplicated(["family_id", "month"]).any()
    assert (panel["share_on_benefit"] == 1).all()


def test_panel_does_not_change_its_input(canonical, months):
    before = {name: frame.copy() for name, frame in canonical.items()}
    family_months(canonical, months)
    for name, frame in before.items():
        pd.testing.assert_frame_equal(frame, canonical[name])


def test_month_without_any_source_row_cannot_be_told(canonical, months):
    gone = pd.Timestamp("2024-06-01")
    cut = {**canonical, "employment": canonical["employment"].loc[lambda e: e["month"] != gone]}
    panel = family_months(cut, months)
    assert panel.loc[panel["month"] == gone, "share_working"].isna().all()
    assert panel.loc[panel["month"] != gone, "share_working"].notna().all()


def test_missing_absence_is_not_zero(canonical, months):
    cut = {**canonical, "absence": canonical["absence"].loc[lambda a: a["person_id"] != "c003"]}
    panel = family_months(cut, months)
    assert panel.loc[panel["family_id"] == "f003", "absence_share"].isna().all()


def test_moved_family_leaves_the_panel(canonical, months):
    person = canonical["person"].copy()
    person.loc[person["person_id"].isin(["a005", "c005"]), "to_date"] = pd.Timestamp("2024-03-15")
    panel = family_months({**canonical, "person": person}, months)
    assert panel.loc[panel["family_id"] == "f005", "month"].max() == pd.Timestamp("2024-03-01")


def test_spell_is_found_in_every_month_it_touches(months):
    spells = pd.DataFrame({"start_date": pd.to_datetime(["2023-01-31"]), "end_date": pd.to_datetime(["2023-03-01"])})
    assert in_months(spells, months)["month"].dt.month.tolist() == [1, 2, 3]


def test_study_finds_the_planted_fall_and_nothing_else(panel, canonical, settings):
    study = st.set_up(panel, canonical["enrolment"], settings)
    table = es.estimate_effects(study, settings).set_index(["outcome", "method"])
    absence = table.loc["absence_share"]
    assert absence["effect"].between(-0.08, -0.04).all()
    assert (absence["verdict"] == "improved").all()
    assert absence.loc["all", "p_by_lot"] == pytest.approx(1 / 200)
    assert table.loc[("share_working", "all"), "verdict"] == "cannot_say"
    assert set(table.index.get_level_values("method")) == set(es.METHODS)


def test_comparison_families_were_never_enrolled_and_start_when_others_do(panel, canonical, settings):
    groups = st.set_up(panel, canonical["enrolment"], settings).groups
    others = groups[~groups["is_enrolled"]]
    assert not set(others["family_id"]) & set(canonical["enrolment"]["family_id"])
    assert set(others["start_date"]) <= set(groups.loc[groups["is_enrolled"], "start_date"])
    assert groups["family_id"].is_unique


def test_same_seed_same_study(panel, canonical, settings):
    first, second = (st.set_up(panel, canonical["enrolment"], settings).groups for _ in range(2))
    pd.testing.assert_frame_equal(first, second)


def test_few_families_are_distrusted(panel, canonical, settings):
    few = canonical["enrolment"].head(4)
    study = st.set_up(panel, few, settings)
    assert "few_families" in trust.distrust(study, settings)
    assert set(es.estimate_effects(study, settings)["verdict"]) == {"cannot_say"}


def test_what_is_not_measured_is_not_trusted(panel, canonical, settings):
    study = st.set_up(panel, canonical["enrolment"], settings)
    # Nobody moved on or off benefit: no spread, so no interval, but that is known.
    assert "not_measured" not in trust.distrust(study, settings)
    blind = st.set_up(panel.assign(absence_share=np.nan), canonical["enrolment"], settings)
    reasons = trust.distrust(blind, settings)
    assert "not_measured" in reasons
    for lang, words in (("da", "ikke målt"), ("en", "not been measured")):
        assert words in trust_sentence(reasons, 0.5, 20.0, lang)


def _no_effect(study, settings):
    table = es.estimate_effects(study, settings)
    return table["effect"].isna().all() and set(table["verdict"]) == {"cannot_say"} and len(table) == 16


def _case(panel, enrolment, case):
    """Return the panel and the enrolment in which nothing can be estimated."""
    others = ~panel["family_id"].isin(enrolment["family_id"])
    last = enrolment["start_date"].min()
    cases = {
        "nobody": (panel, enrolment.head(0)),
        "one family": (panel, enrolment.head(1)),
        "no_baseline": (panel[panel["month"] >= last], enrolment),
        "no_comparison": (panel[~others], enrolment),
        "no_follow_up": (panel[panel["month"] <= last], enrolment.assign(start_date=last)),
        "no_overlap": (panel.assign(n_notifications=np.where(others, 0.0, 5.0) + panel["n_members"] * 0), enrolment),
    }
    return cases[case]


#: Nobody and one family have the same reason: that it is exactly one is not told.
OBSTACLES = {"nobody": "too_few", "one family": "too_few"}


@pytest.mark.parametrize("case", [*OBSTACLES, "no_baseline", "no_comparison", "no_follow_up", "no_overlap"])
def test_where_nothing_can_be_compared_there_is_a_message_and_no_estimate(panel, canonical, settings, case):
    rows, enrolment = _case(panel, canonical["enrolment"], case)
    name = OBSTACLES.get(case, case)
    study = st.set_up(rows.reset_index(drop=True), enrolment, settings)
    assert trust.obstacle(study) == name
    assert _no_effect(study, settings)
    assert len(es.detectable(study, settings)) == 4
    messages = [obstacle_sentence(name, lang) for lang in ("da", "en")]
    assert all(messages) and len(set(messages)) == 2


def test_a_comparison_that_can_be_made_has_no_obstacle(panel, canonical, settings):
    study = st.set_up(panel, canonical["enrolment"], settings)
    assert trust.obstacle(study) is None and obstacle_sentence(None, "da") == ""
    assert study.share_with_overlap > 0.8


def test_another_register_takes_the_place_of_the_own_comparison(panel, canonical, settings):
    elsewhere = make_tables(np.random.default_rng(9))
    account = family_account(elsewhere, month_range(FROM, TO), settings, TO)
    other = spending_per_member(account, family_months(elsewhere, month_range(FROM, TO)))
    enrolment = canonical["enrolment"]
    compared = from_another_register(panel, enrolment, other, elsewhere["enrolment"])
    study = st.set_up(compared, enrolment, settings)
    assert study.count(True) == N_ENROLLED and study.count(False) == N_OTHERS
    theirs = study.groups.loc[~study.groups["is_enrolled"], "family_id"]
    assert theirs.str.startswith("other-").all()
    assert not set(theirs) & set(marked_as_other(elsewhere["enrolment"]["family_id"]))
    assert (
        es.estimate_effects(study, settings).query("outcome == 'absence_share'")["effect"].between(-0.08, -0.04).all()
    )
    assert "Assens" in register_sentence("Assens Kommune", "da") and "own" in register_sentence("", "en")


def test_start_one_year_earlier_finds_nothing_here_and_what_is_planted_there(panel, canonical, settings):
    # Twelve months of data before the placebo start are missing here: half of them are enough. The start lies in
    # February or May 2024, so the placebo start of those in February 2023 has one month before it and is left out.
    later = canonical["enrolment"].assign(start_date=canonical["enrolment"]["start_date"] + pd.DateOffset(months=10))
    clean = panel.assign(absence_share=panel.groupby("family_id")["absence_share"].transform("first"))
    shaken = clean["absence_share"] + np.random.default_rng(5).normal(0, 0.01, len(panel))
    quiet = trust.placebo_year(clean.assign(absence_share=shaken), later, settings)["absence_share"]
    assert quiet.low <= 0 <= quiet.high
    # A crisis in the half-year before the placebo start, among those enrolled later, that passes of itself.
    start = panel["family_id"].map(later.set_index("family_id")["start_date"])
    in_crisis = (panel["month"] < start - pd.DateOffset(months=12)) & (
        panel["month"] >= start - pd.DateOffset(months=18)
    )
    crisis = trust.placebo_year(clean.assign(absence_share=shaken + 0.2 * in_crisis), later, settings)
    assert crisis["absence_share"].high < -0.05
    study = st.set_up(panel, canonical["enrolment"], settings)
    assert "placebo" in trust.distrust(study, settings, crisis)
    assert "placebo" not in trust.distrust(study, settings, {"absence_share": quiet})
    assert "finds no difference" in placebo_sentence({"absence_share": quiet}, settings, "en")
    assert "still finds a difference" in placebo_sentence(crisis, settings, "en")
    assert "begin too late" in placebo_sentence({"absence_share": Estimate(np.nan)}, settings, "en")


def test_balance_says_what_the_weights_do(panel, canonical, settings):
    study = st.set_up(panel, canonical["enrolment"], settings)
    table = st.balance(study).set_index("covariate")
    gap = (table["mean_treated"] - table["mean_weighted"]) / table["sd"]
    known = table["sd"] > 0
    np.testing.assert_allclose(gap[known], table.loc[known, "difference_weighted"])
    ways = st.ways_compared(study, 0.1).set_index("way")
    assert tuple(ways.index) == st.WAYS
    assert ways.loc["none", "n_comparison"] == ways.loc["none", "effective_comparison"] == N_OTHERS
    assert ways.loc["balanced", "largest_difference"] == pytest.approx(table["difference_weighted"].abs().max())
    assert ways.loc["matched", "n_comparison"] == ways.loc["matched", "n_enrolled"] == N_ENROLLED


def test_verdict_needs_trust_agreement_and_an_outcome_beyond_chance():
    rows = pd.DataFrame({"verdict": ["improved", "improved"], "is_beyond_chance": True})
    assert es.overall_verdict(rows, []) == "improved"
    assert es.overall_verdict(rows, ["pre_trend"]) == "cannot_say"
    assert es.overall_verdict(rows.assign(is_beyond_chance=False), []) == "cannot_say"
    assert es.overall_verdict(rows.assign(verdict=["improved", "cannot_say"]), []) == "cannot_say"


def test_first_outcome_stands_alone_and_the_others_share_the_risk():
    # Holm: 0.01 against 0.05/3, then 0.04 against 0.05/2 fails, and so does all after it. Per outcome the worst method
    # counts; an outcome with a method that gives no answer is never beyond chance.
    p = {"first": [0.04, 0.01], "a": [0.01, 0.005], "b": [0.04, 0.02], "c": [0.045, 0.001]}
    rows = pd.DataFrame(
        [(outcome, value) for outcome, values in p.items() for value in values], columns=["outcome", "p"]
    )
    assert es.beyond_chance(rows, "first", 0.05) == {"first": True, "a": True, "b": False, "c": False}
    unknown = rows.assign(p=rows["p"].mask(rows.index == 0))
    assert not es.beyond_chance(unknown, "first", 0.05)["first"]


def test_months_until_moved_waits_for_the_three_month_mean():
    outcome = [0.2] * 12 + [0.2, 0.2, 0.1, 0.2, 0.2, 0.1, 0.1, 0.1]
    rows = pd.DataFrame({"family_id": "f", "months_since": [*range(-12, 0), *range(1, 9)], "outcome": outcome})
    assert dv.months_until_moved(rows, "outcome", -0.08, 1) == 6
    assert dv.months_until_moved(rows, "outcome", -0.2, 1) is None
    assert dv.months_until_moved(rows, "outcome", 0.08, 1) is None
    assert dv.months_until_moved(rows, "outcome", -0.08, 2) is None


def test_means_need_enough_months(panel, canonical):
    rows = since_start(panel, canonical["enrolment"][["family_id", "start_date"]])
    assert mean_between(rows, -12, -1, ["absence_share"], 12)["absence_share"].notna().all()
    assert mean_between(rows, 20, 40, ["absence_share"], 12)["absence_share"].isna().any()


def test_progress_is_the_first_work_after_a_quiet_time():
    months = pd.date_range("2023-01-01", periods=8, freq="MS")
    work = pd.DataFrame(
        {
            "person_id": ["a"] * 2 + ["b"] * 8 + ["c"],
            "month": [months[0], months[6], *months, months[1]],
            "hours": [60.0] * 10 + [5.0],
            "in_education": False,
        }
    )
    members = pd.DataFrame({"family_id": ["f", "g", "h"], "person_id": ["a", "b", "c"], "role": "adult"})
    measures = pd.DataFrame(
        {"person_id": ["c"], "measure_group": ["work_based"], "start_date": pd.to_datetime(["2023-04-17"])}
    ).assign(end_date=pd.NaT)
    tables = {"employment": work, "family_member": members, "measure": measures}
    first = progress_events(tables, "work_or_education", 20, 3)
    assert first["person_id"].tolist() == ["a"]
    assert first["progress_month"].tolist() == [months[6]]
    either = progress_events(tables, "either", 20, 3)
    assert either.set_index("person_id")["progress_month"].to_dict() == {
        "a": months[6],
        "c": pd.Timestamp("2023-04-01"),
    }


def test_work_lost_and_found_again_after_the_start_is_progress():
    # In work in the first three months, then eight quiet months, then again: the family starts in between.
    months = pd.date_range("2023-01-01", periods=12, freq="MS").as_unit("us")
    at = [*range(1, 4), 11]
    work = pd.DataFrame({"person_id": "a", "month": months[at], "hours": 60.0, "in_education": False})
    rest = pd.DataFrame({"person_id": "x", "month": months, "hours": 0.0, "in_education": False})
    tables = {
        "employment": pd.concat([work, rest]),
        "family_member": pd.DataFrame({"family_id": ["f"], "person_id": ["a"], "role": ["adult"]}),
        "measure": contracts()["measure"].empty(),
    }
    begun = progress_events(tables, "either", 20, 1)
    assert begun["progress_month"].tolist() == [months[1], months[11]]
    starts = pd.DataFrame({"family_id": ["f"], "start_date": pd.to_datetime(["2023-06-15"])})
    assert family_events(begun, starts)["event_month"].tolist() == [months[11]]


def test_work_based_measure_that_goes_on_is_no_new_progress():
    spells = [("2023-01-09", "2023-03-31"), ("2023-04-01", "2023-06-30"), ("2023-11-01", None)]
    measures = pd.DataFrame(spells, columns=["start_date", "end_date"]).apply(pd.to_datetime)
    tables = {
        "employment": contracts()["employment"].empty(),
        "family_member": pd.DataFrame({"family_id": ["f"], "person_id": ["a"], "role": ["adult"]}),
        "measure": measures.assign(person_id="a", measure_group="work_based"),
    }
    begun = progress_events(tables, "work_based", 20, 3)["progress_month"]
    assert begun.dt.strftime("%Y-%m").tolist() == ["2023-01", "2023-11"]


def test_event_curve_hides_thin_months():
    panel = pd.DataFrame(
        {
            "family_id": ["f"] * 3 + ["g"] * 2,
            "month": pd.to_datetime(["2023-01-01", "2023-02-01", "2023-03-01"] * 2)[:5],
        }
    ).assign(outcome=[1.0, 2.0, 3.0, 3.0, 4.0])
    events = pd.DataFrame({"family_id": ["f", "g"], "event_month": pd.to_datetime(["2023-02-01", "2023-02-01"])})
    curve = event_curve(around(panel, events, "outcome", 1), 2).set_index("month_offset")
    assert curve["mean"].dropna().to_dict() == {-1: 2.0, 0: 3.0}
    assert curve["n_families"].tolist() == [2, 2, 1]


def test_slope_and_change_of_a_straight_line():
    wide = pd.DataFrame([np.arange(-12, 13) * 2.0], columns=range(-12, 13), index=["f"])
    assert slopes_before(wide).tolist() == pytest.approx([2.0])
    assert changes_after(wide).tolist() == pytest.approx([14.0])  # mean of 2..12 is 7, of -12..-2 is -7
    wide.loc["f", -6:-4] = np.nan
    assert slopes_before(wide).isna().all()


def test_placebo_of_a_constant_is_the_constant(panel, canonical):
    flat = panel.assign(flat=5.0)
    draws = placebo_curves(flat, canonical["enrolment"], "flat", 3, 20, np.random.default_rng(1))
    assert draws.shape == (20, 7)
    assert (draws.stack() == 5.0).all()


def test_fall_from_peak_by_hand():
    # Half-years of one year and the next; the upper quarter in the first half of 2023 is family d alone (0.8): it falls
    # to 0.4. In the second half all are equal, so all count as highest, and nobody changes.
    first, later = {"a": 0.1, "b": 0.2, "c": 0.3, "d": 0.8}, {"a": 0.1, "b": 0.3, "c": 0.3, "d": 0.4}
    rows = [
        (family, pd.Timestamp(year, month, 1), value)
        for year, values in ((2023, first), (2024, later))
        for family, value in values.items()
        for month in (2, 3)
        for year in [year]
    ]
    rows = [(family, pd.Timestamp(str(month)[:10]), value) for family, month, value in rows]
    fall = fall_from_peak(pd.DataFrame(rows, columns=["family_id", "month", "y"]), "y")
    assert fall.n_families == 1
    assert fall.change == pytest.approx(-0.4)
    assert fall_from_peak(pd.DataFrame(rows[:8], columns=["family_id", "month", "y"]), "y").n_families == 0


def test_first_year_change_and_half_years(panel, canonical, settings):
    study = st.set_up(panel, canonical["enrolment"], settings)
    change = dv.first_year_change(study, "absence_share", 0.95)
    assert change.n_enrolled == N_ENROLLED
    assert change.low < -0.06 < change.high
    means = dv.half_year_means(study, "absence_share", 0.95, 5)
    assert len(means) == 8
    assert dv.half_year_means(study, "absence_share", 0.95, 1000)["mean"].isna().all()


def test_distrusted_effect_promises_at_most_the_families_own_change(panel, canonical, settings):
    study = st.set_up(panel, canonical["enrolment"], settings)
    table = es.estimate_effects(study, settings)
    hoped = dv.benefit_effect(study, table, ["pre_trend"], settings)
    assert (hoped.value, hoped.high) == (0.0, 0.0)  # nobody left the benefit
    trusted = dv.benefit_effect(study, table, [], settings)
    assert trusted.value == table.set_index(["outcome", "method"]).loc[("share_on_benefit", "balanced"), "effect"]
