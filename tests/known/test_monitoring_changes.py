"""Intervals of changes, differences and families, and time to event, against published values and other libraries."""

import math
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight, survdiff

from helhed.errors import WrongCall
from helhed.monitoring import (
    clopper_pearson,
    clustered_rate,
    clustered_share,
    cumulative_incidence,
    difference_of,
    kaplan_meier,
    log_rank,
    mean_t,
    paired_change,
    permutation_interval,
    permuted_ratio,
    poisson_exact,
    ratio_of_sums,
    wilson,
)
from helhed.texts import LANGUAGES

# Freireich and others (1963), as in Kalbfleisch and Prentice: weeks in remission of 21 children on 6-MP and 21 on
# placebo; all on placebo relapsed.
MP_LEFT, MP_STILL = [6, 6, 6, 7, 10, 13, 16, 22, 23], [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
# Darwin's 15 pairs of maize plants, crossed less self-fertilised, in eighths of an inch (Fisher 1935, section 17).
DARWIN = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]


def test_subset_means_worked_by_hand():
    # 1, 2 and 6: subset means 1, 1.5, 2, 3, 3.5, 4, 6. Seven points, eight pieces: 75 per cent leaves out one at each
    # end, 50 per cent two.
    assert permutation_interval([1, 2, 6], 1, 0.75) == (3, 1, 6)
    assert permutation_interval([1, 2, 6], 1, 0.5) == (3, 1.5, 4)
    assert math.isnan(permutation_interval([1, 2, 6], 1, 0.95).low)


def test_fewer_than_six_differences_give_no_interval_and_neither_do_equal_ones():
    assert math.isnan(permutation_interval([1, 2, 3, 4, 5], 1).low)
    # Six positive differences: P(all of one sign) = 2/64 < 0.05, so zero lies outside.
    found = permutation_interval([1, 2, 3, 4, 5, 7], 1)
    assert (found.low, found.high) == (1, 7)
    assert math.isnan(permutation_interval([0.0] * 20, 1).low)


def test_darwins_maize_as_fisher_permuted_it():
    # Fisher (1935, section 21): 863 of 32,768 exchanges have a sum of at most minus or at least 314 on one side, a
    # probability of 5.267 per cent on both: zero lies inside the interval of 95 per cent and outside that of 94.
    test = stats.permutation_test((DARWIN,), np.sum, permutation_type="samples", n_resamples=np.inf)
    assert test.pvalue == pytest.approx(2 * 863 / 32_768, abs=1e-6)
    # All ways at once: 15 differences are drawn from by the function, so the borders are taken a little apart.
    wide, narrow = (permutation_interval(DARWIN, 1, confidence) for confidence in (0.96, 0.93))
    assert wide.low < 0 < wide.high and narrow.low > 0
    assert wide.value == pytest.approx(314 / 15)


@settings(max_examples=25)
@given(st.lists(st.integers(-9, 9), min_size=6, max_size=9))
def test_interval_leaves_zero_out_where_the_exact_test_rejects(differences):
    shifted = np.array(differences) + 0.25
    found = permutation_interval(shifted, 1)
    if np.ptp(shifted) == 0:
        return
    test = stats.permutation_test((shifted,), np.mean, permutation_type="samples", n_resamples=np.inf)
    assert (found.low > 0 or found.high < 0) == (test.pvalue <= 0.05)


def test_paired_change_worked_by_hand():
    # One adult in each family: the change is the mean of the families' own differences -1, 0, -1, -1, 0, -1, -1, 0.
    before, now = [1, 1, 1, 1, 0, 1, 1, 0], [0, 1, 0, 0, 0, 0, 0, 0]
    ones = [1] * 8
    found = paired_change((before, ones), (now, ones), 1)
    assert found == permutation_interval([-1, 0, -1, -1, 0, -1, -1, 0], 1)
    # Ratios of sums: 12 of 80 days before and 6 of 90 now; a family without days at one of the times still counts.
    change = paired_change(([2, 6, 4, 0], [20, 40, 20, 0]), ([1, 2, 0, 3], [30, 30, 0, 30]), 1)
    assert change.value == pytest.approx(6 / 90 - 12 / 80)


def test_same_families_tell_more_than_two_groups():
    # Ten families at very different levels that all fall by 2 or 3: the change is sure, though the levels are not.
    before = np.array([10, 20, 30, 40, 50, 60, 70, 80, 90, 100.0])
    now = before - np.array([2, 3] * 5)
    ones = np.ones(10)
    found = paired_change((before, ones), (now, ones), 1)
    assert -3 <= found.low <= found.high <= -2
    assert ratio_of_sums(now, ones).high > before.mean()


@settings(max_examples=20)
@given(st.integers(0, 10_000), st.integers(20, 40))
def test_permuted_ratio_agrees_with_students_t_where_families_vary_evenly(seed, n):
    rng = np.random.default_rng(seed)
    bottoms = rng.integers(10, 20, n).astype(float)
    tops = bottoms * rng.uniform(0.1, 0.5, n)
    by_chance, by_t = permuted_ratio(tops, bottoms, 1), ratio_of_sums(tops, bottoms)
    assert by_chance.value == pytest.approx(by_t.value)
    assert (by_chance.high - by_chance.low) / (by_t.high - by_t.low) == pytest.approx(1, abs=0.1)


def test_difference_as_published():
    # Newcombe (Statistics in Medicine 17, 1998, table II, contrast a, method 10): 56/70 - 48/80, limits 0.0524, 0.3339.
    found = difference_of(wilson(56, 70), wilson(48, 80))
    assert found == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


@settings(max_examples=25)
@given(st.integers(2, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_one_person_per_family_gives_the_exact_interval(case):
    count, total = case
    alone = clustered_share([1] * count + [0] * (total - count), [1] * total)
    assert alone == pytest.approx(clopper_pearson(count, total), abs=1e-9)


def test_all_with_a_rounding_above_all_are_all():
    assert clopper_pearson(5 + 1e-12, 5)[1:] == pytest.approx(clopper_pearson(5, 5)[1:])


def test_alike_members_count_as_fewer():
    # Twenty families of two, both members alike, half of them with: 40 persons that vary as 20 do. The design effect is
    # (20/19 x 20 x 1/1600) / (0.25/39) = 39 x 4 / (19 x 4) = 39/19; t(39) and t(19) correct for few families.
    found = clustered_share([2] * 10 + [0] * 10, [2] * 20)
    effective = 40 / (39 / 19) * (stats.t.ppf(0.975, 39) / stats.t.ppf(0.975, 19)) ** 2
    assert found == pytest.approx(clopper_pearson(effective / 2, effective))
    # Where nobody has it: 20 families, not 40 persons.
    assert clustered_share([0] * 20, [2] * 20) == clopper_pearson(0, 20)


def test_one_family_with_all_the_events_widens_the_rate():
    spread, heaped = [1] * 10 + [0] * 10, [10] + [0] * 19
    assert clustered_rate(spread, [1] * 20) == poisson_exact(10, 20)
    found = clustered_rate(heaped, [1] * 20)
    # Variance 20/19 x (9.5^2 + 19 x 0.5^2) / 400 = 0.25 against 0.5 / 20 by chance: ten times as much.
    effective = 1 / 10 * (stats.norm.ppf(0.975) / stats.t.ppf(0.975, 19)) ** 2
    assert found == pytest.approx(poisson_exact(10 * effective, 20 * effective))
    assert found.low < 0.1 and found.high > 2


def test_intervals_of_alike_members_cover_as_they_promise():
    # 400 towns of 25 families with three children who all have a case or all have none, at a true share of 0.3.
    rng = np.random.default_rng(7)
    towns = 3 * (rng.random((400, 25)) < 0.3)
    found = np.array([clustered_share(town, [3] * 25)[1:] for town in towns])
    plain = np.array([clopper_pearson(town.sum(), 75)[1:] for town in towns])
    covered, covered_plainly = (((limits[:, 0] <= 0.3) & (limits[:, 1] >= 0.3)).mean() for limits in (found, plain))
    assert covered >= 0.95 and covered_plainly < 0.85


def test_remission_as_published():
    # Kalbfleisch and Prentice: log-rank chi-squared 16.79 on one degree of freedom.
    months, events = MP_LEFT + MP_STILL + PLACEBO, [1] * 9 + [0] * 12 + [1] * 21
    group = ["6-MP"] * 21 + ["placebo"] * 21
    found = log_rank(months, events, group)
    assert found.statistic == pytest.approx(16.79, abs=0.005) and found.degrees == 1
    assert found[::2] == pytest.approx(survdiff(np.array(months), np.array(events), np.array(group)))
    assert log_rank(months, events, group, seed=1).p_value < 0.005
    # The published curve of the 6-MP group and its standard errors.
    curve = kaplan_meier(MP_LEFT + MP_STILL, [True] * 9 + [False] * 12)
    assert curve["share_left"].tolist() == pytest.approx([0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448], abs=5e-4)
    assert curve["n_at_risk"].tolist() == [21, 17, 15, 12, 11, 7, 6]


_waits = st.lists(
    st.tuples(st.integers(1, 12), st.sampled_from(["", "phased_out", "withdrew"])), min_size=4, max_size=30
)


@settings(max_examples=25)
@given(_waits)
def test_curve_and_interval_equal_scipy(waits):
    months, causes = (np.array(part) for part in zip(*waits, strict=True))
    has_event = causes != ""
    curve = kaplan_meier(months, has_event)
    if not has_event.any():
        assert curve.empty
        return
    other = stats.ecdf(stats.CensoredData(uncensored=months[has_event], right=months[~has_event])).sf
    at = np.searchsorted(other.quantiles, curve["months"])
    assert curve["share_left"].to_numpy() == pytest.approx(other.probabilities[at])
    if len(months) > 1 and (other.probabilities[at] > 0).all():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            low = other.confidence_interval(method="log-log").low.probabilities[at]
        assert curve["low"].to_numpy() == pytest.approx(low, nan_ok=True)


@settings(max_examples=25)
@given(_waits)
def test_competing_exits_equal_statsmodels_and_add_up(waits):
    months, causes = (np.array(part, dtype=object) for part in zip(*waits, strict=True))
    found = cumulative_incidence(months.astype(float), causes)
    names = sorted(set(causes) - {""})
    if not names:
        assert found.empty
        return
    status = np.array([names.index(cause) + 1 if cause else 0 for cause in causes])
    with np.errstate(all="ignore"):
        other = CumIncidenceRight(months.astype(float), status)
    left = kaplan_meier(months.astype(float), causes != "")["share_left"].to_numpy()
    total = np.zeros(left.size)
    for number, cause in enumerate(names):
        mine = found[found["cause"] == cause]
        at = np.searchsorted(other.times, mine["months"])
        assert mine["share"].to_numpy() == pytest.approx(other.cinc[number][at])
        total += mine["share"].to_numpy()
        is_inside = (mine["low"] <= mine["share"]) & (mine["share"] <= mine["high"])
        assert (is_inside | mine["low"].isna()).all()
    assert total + left == pytest.approx(np.ones(left.size))


def test_competing_exits_have_the_published_spread():
    rng = np.random.default_rng(3)
    months, status = rng.integers(1, 12, 30).astype(float), rng.integers(0, 3, 30)
    found = cumulative_incidence(months, np.array(["", "a", "b"], dtype=object)[status], confidence=0.68)
    mine = found[(found["cause"] == "a") & found["low"].notna()]
    other = CumIncidenceRight(months, status)
    at = np.searchsorted(other.times, mine["months"])
    share, z = mine["share"].to_numpy(), stats.norm.ppf(0.84)
    spread = other.cinc_se[0][at] / (share * np.abs(np.log(share)))
    assert mine["low"].to_numpy() == pytest.approx(share ** np.exp(z * spread))


@settings(max_examples=15)
@given(st.lists(st.tuples(st.integers(1, 9), st.booleans(), st.sampled_from("abc")), min_size=6, max_size=30))
def test_log_rank_of_three_groups_equals_statsmodels(rows):
    months, events, group = (np.array(part) for part in zip(*rows, strict=True))
    found = log_rank(months, events, group)
    if len(set(group)) < 2 or not events.any() or math.isnan(found.statistic):
        return
    try:
        other = survdiff(months, events.astype(int), group)
    except np.linalg.LinAlgError:
        return
    assert found.statistic == pytest.approx(other[0], rel=1e-6, abs=1e-8)


def test_nothing_to_compare_is_unknown():
    assert math.isnan(log_rank([1, 2], [True, True], ["a", "a"]).p_value)
    assert kaplan_meier([], []).empty and cumulative_incidence([3.0], [""]).empty


def test_median_stays_where_the_curve_crosses_one_half():
    curve = kaplan_meier(MP_LEFT + MP_STILL, [True] * 9 + [False] * 12)
    crossed = curve.loc[curve["share_left"] <= 0.5, "months"].iloc[0]
    assert crossed == SurvfuncRight(MP_LEFT + MP_STILL, [1] * 9 + [0] * 12).quantile(0.5) == 23


#: Miller, Survival Analysis (1981): weeks in remission of leukaemia, with and without maintenance; data set ``aml`` of
#: R's package survival.
MAINTAINED = ([9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161], [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0])
NOT_MAINTAINED = ([5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45], [1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1])


def test_maintained_remission_as_published():
    # summary(survfit(Surv(time, status) ~ x, aml)): 0.909, 0.818, 0.716, 0.614, 0.491, 0.368, 0.184;
    # survdiff: chi-squared 3.4 on 1 degree of freedom, p = 0.07 (0.0653).
    curve = kaplan_meier(*MAINTAINED)
    assert curve["months"].tolist() == [9, 13, 18, 23, 31, 34, 48]
    assert curve["n_at_risk"].tolist() == [11, 10, 8, 7, 5, 4, 2]
    assert curve["share_left"].tolist() == pytest.approx([0.909, 0.818, 0.716, 0.614, 0.491, 0.368, 0.184], abs=5e-4)
    both = [one + other for one, other in zip(MAINTAINED, NOT_MAINTAINED, strict=True)]
    found = log_rank(*both, ["with"] * 11 + ["without"] * 12)
    assert (found.statistic, found.degrees, found.p_value) == pytest.approx((3.396, 1, 0.0653), abs=5e-4)


def test_intervals_on_each_scale_as_published():
    # summary(survfit(...)) of R: conf.type "log" by default; 0.909 (0.7541, 1.000), 0.818 (0.6192, 1.000) and so on.
    low = [0.7541, 0.6192, 0.4884, 0.3769, 0.2549, 0.1549, 0.0359]
    high = [1.0, 1.0, 1.0, 0.999, 0.946, 0.875, 0.944]
    log = kaplan_meier(*MAINTAINED, scale="log")
    assert log["low"].tolist() == pytest.approx(low, abs=5e-5) and log["high"].tolist() == pytest.approx(high, abs=5e-4)
    # Standard errors as R prints them: 0.0867, 0.1163, 0.1397, 0.1526, 0.1642, 0.1627, 0.1535.
    plain = kaplan_meier(*MAINTAINED, scale="plain")
    errors = ((plain["share_left"] - plain["low"]) / 1.959964).tolist()
    assert errors[:5] == pytest.approx([0.0867, 0.1163, 0.1397, 0.1526, 0.1642], abs=5e-5)
    assert plain["low"].iloc[-1] == 0 and plain["high"].iloc[0] == 1
    with pytest.raises(WrongCall, match="log-log"):
        kaplan_meier(*MAINTAINED, scale="cloglog")


def test_without_censoring_the_spread_of_competing_exits_is_binomial():
    # Nobody is censored: the share that has left for a cause is a plain share of ten, F (1 - F) / 10.
    found = cumulative_incidence(range(1, 11), list("abababaaba"))
    mine = found[found["cause"] == "a"]
    share = mine["share"].to_numpy()
    assert share.tolist() == pytest.approx([0.1, 0.1, 0.2, 0.2, 0.3, 0.3, 0.4, 0.5, 0.5, 0.6])
    scaled = 1.959964 * np.sqrt(share * (1 - share) / 10) / (share * np.log(share))
    assert mine["low"].to_numpy() == pytest.approx(share ** np.exp(-scaled), abs=1e-6)
    assert mine["high"].to_numpy() == pytest.approx(share ** np.exp(scaled), abs=1e-6)


@pytest.mark.parametrize(
    "call",
    [
        lambda: kaplan_meier([1, 2, 3], [True]),
        lambda: kaplan_meier([-1, 2], [True, True]),
        lambda: kaplan_meier([math.nan, 2], [True, True]),
        lambda: kaplan_meier([1, 2], [True, None]),
        lambda: kaplan_meier([1, 2], [True, True], confidence=95),
        lambda: cumulative_incidence([1, 2], ["a"]),
        lambda: cumulative_incidence([1, 2], ["a", None]),
        lambda: log_rank([1, 2], [True, True], ["a"]),
        lambda: log_rank([1, 2], [True, True], ["a", None]),
        lambda: clopper_pearson(11, 10),
        lambda: wilson(-1, 10),
        lambda: poisson_exact(-1, 10),
        lambda: clopper_pearson(1, 10, 95),
        lambda: clustered_share([1, 2], [10]),
        lambda: clustered_share([11, 2], [10, 10]),
        lambda: clustered_rate([1, -2], [10, 10]),
        lambda: ratio_of_sums([1, 2], [10, -10]),
        lambda: permuted_ratio([1, 2, 3], [10], 1),
        lambda: paired_change(([1, 2], [3, 4]), ([1], [3]), 1),
        lambda: permutation_interval("abc", 1),
        lambda: permutation_interval([1.0, 2.0], 1, 95),
        lambda: mean_t({1.0, 2.0}),
        lambda: mean_t(["3", "4"]),
        lambda: mean_t([1, 2], None),
        lambda: wilson("1", 10),
        # Status 1 and 2, as in R's lung data, causes 0, 1 and 2, as in its cmprsk: all would count as having happened.
        lambda: kaplan_meier([1, 2, 3], [1, 2, 2]),
        lambda: kaplan_meier([1, 2], ["nej", "ja"]),
        lambda: log_rank([1, 2], [2, 1], ["a", "b"]),
        lambda: cumulative_incidence([1, 2], [0, 1]),
    ],
)
def test_what_cannot_be_is_refused_in_words(call):
    with pytest.raises(WrongCall) as refused:
        call()
    assert all(problem.message(lang) for problem in refused.value.problems for lang in LANGUAGES)


@pytest.mark.parametrize("kind", ["list", "int64", "Int64", "float32", "category", "int64[pyarrow]"])
def test_the_kind_and_the_index_of_a_column_decide_nothing(kind):
    counts, totals = [3, 1, 4, 1, 5, 2, 6, 0], [10, 9, 8, 7, 9, 8, 10, 6]
    columns = [counts, totals]
    if kind != "list":
        columns = [pd.Series(values, dtype="int64", index=[7, 7, 0, 3, 3, 1, 9, 2]).astype(kind) for values in columns]
    for name in (ratio_of_sums, clustered_share, clustered_rate):
        assert name(*columns) == pytest.approx(name(counts, totals))
    assert permuted_ratio(*columns, 1) == pytest.approx(permuted_ratio(counts, totals, 1))
    assert kaplan_meier(columns[0], [True] * 8).equals(kaplan_meier(counts, [1, True] * 4))


def test_a_family_of_which_either_is_missing_does_not_count():
    whole, totals = [3, 1, 4, 1, 5, 2], [10, 9, 8, 7, 9, 8]
    holed = pd.array([*whole, None, 3], dtype="Int64"), [*totals, 9, None]
    for name in (ratio_of_sums, clustered_share, clustered_rate):
        assert name(*holed) == pytest.approx(name(whole, totals))
    assert permuted_ratio(*holed, 1) == pytest.approx(permuted_ratio(whole, totals, 1))


def test_the_curve_of_kaplan_and_meier_1958():
    # Their own example: deaths after 0.8, 3.1, 5.4 and 9.2 months, losses after 1.0, 2.7, 7.0 and 12.1.
    months = [0.8, 1.0, 2.7, 3.1, 5.4, 7.0, 9.2, 12.1]
    found = kaplan_meier(months, [1, 0, 0, 1, 1, 0, 1, 0])
    assert found["share_left"].tolist() == pytest.approx([7 / 8, 7 / 10, 21 / 40, 21 / 80])


def test_gliomas_as_published():
    # Bland and Altman (BMJ 328, 2004, 1073): weeks of 20 patients with astrocytoma and 31 with glioblastoma; 14 and 28
    # deaths for 22.48 and 19.52 expected.
    one = [6, 13, 21, 30, 37, 38, 49, 50, 63, 79, 86, 98, 202, 219], [31, 47, 80, 82, 82, 149]
    other = ([10, 10, 12, 13, 14, 15, 16, 17, 18, 20, 24, 24, 25, 28, 30, 33, 35, 37, 40, 40, 46, 48, 76, 81, 82, 91,
              112, 181], [34, 40, 70])  # fmt: skip
    months = [*one[0], *one[1], *other[0], *other[1]]
    died = [1] * 14 + [0] * 6 + [1] * 28 + [0] * 3
    group = [1] * 20 + [2] * 31
    found = log_rank(months, died, group)
    assert found.statistic == pytest.approx(survdiff(np.array(months), np.array(died), np.array(group))[0])
    assert found.p_value == pytest.approx(0.006, abs=5e-4) and found.degrees == 1
    assert survival_expected(months, died, group) == pytest.approx((22.48, 19.52), abs=5e-3)


def survival_expected(months, died, group):
    """Return the deaths expected of each group, death by death."""
    rows = list(zip(months, died, group, strict=True))
    expected = {1: 0.0, 2: 0.0}
    for at, is_dead, _ in rows:
        at_risk = [mine for time, _, mine in rows if time >= at]
        for mine in expected:
            expected[mine] += is_dead * at_risk.count(mine) / len(at_risk)
    return expected[1], expected[2]


def test_all_who_leave_for_one_cause_leave_no_rounding_behind():
    found = cumulative_incidence(list(range(12)), ["moved"] * 12)
    assert found["share"].iloc[-1] == pytest.approx(1) and found["low"].iloc[:-1].notna().all()


def test_the_part_of_a_family_is_what_the_rest_say_without_it():
    # 1 of 10, 3 of 10 and 4 of 20: ratio 8/40 = 0.2. Without each 7/30, 5/30 and 4/20: the ratio less these is -1/30,
    # 1/30 and 0, times 2 (families less one) -1/15, 1/15 and 0. Of the seven subset means the second from either end
    # is (-1/15 + 0) / 2 and (1/15 + 0) / 2.
    found = permuted_ratio([1, 3, 4], [10, 10, 20], 1, confidence=0.5)
    # The third is half of all: the families' own ratios 0.1, 0.3 and 0.2 have the variance 1/100, and their shares
    # squared add to 3/8. The parts -1/15, 1/15 and 0 say a variance of 1/675 for 3/800: wider by the root of 81/32.
    wider = math.sqrt(81 / 32)
    assert found == pytest.approx((0.2, 0.2 - wider / 30, 0.2 + wider / 30))


def test_a_limit_of_zero_is_zero():
    # Two of twenty families fall by 0.5 of 2, the rest stay: many subsets hold neither, and their mean is nothing, not
    # what the computer's rounding leaves of it.
    before, now = np.full(20, 1.8), np.r_[np.full(2, 1.3), np.full(18, 1.8)]
    assert paired_change((before, np.full(20, 2.0)), (now, np.full(20, 2.0)), 1).high == 0


def test_a_family_that_is_more_than_half_leaves_nothing_to_judge_by():
    tops, bottoms = [2, 1, 3, 2, 4, 1, 2, 40], [10, 10, 10, 10, 10, 10, 10, 90]
    assert permuted_ratio(tops, bottoms, 1).value == pytest.approx(55 / 160)
    assert math.isnan(permuted_ratio(tops, bottoms, 1).low)
    ones = np.ones(8)
    assert math.isnan(paired_change((ones, ones), (tops, bottoms), 1).low)
    assert not math.isnan(permuted_ratio(tops, [*bottoms[:7], 60], 1).low)


def test_a_large_family_does_not_hide_how_much_families_vary():
    # One of 20 families has a quarter of all days. Families' shares vary by 0.08 around 0.2; the residual of the large
    # one alone (Cochran) would give too narrow intervals.
    rng, days = np.random.default_rng(11), np.array([100] * 19 + [630])
    held = 0
    for _ in range(150):
        absent = rng.binomial(days, np.clip(rng.normal(0.2, 0.08, 20), 0.01, 0.9))
        found = permuted_ratio(absent, days, 1)
        held += found.low <= 0.2 <= found.high
    assert held / 150 > 0.92


def test_no_interval_is_too_narrow_where_one_family_is_half_of_all():
    # One of 20 families is 48 per cent of the denominator; how much families differ has nothing to do with their size.
    # Without the widening these five held 0.83 to 0.85, 0.73, 0.73, 0.80 and 0.85 of 300.
    rng, weights = np.random.default_rng(5), np.array([3.0] * 19 + [53.0])
    held = np.zeros(5)
    for _ in range(300):
        has = rng.binomial(weights.astype(int), rng.beta(0.6, 1.4, 20))
        events = rng.poisson(rng.gamma(1, 0.3, 20) * weights)
        before = rng.exponential(1, 20)
        now = before + rng.normal(0, 1, 20)
        found = [
            (clustered_share(has, weights), 0.3),
            (clustered_rate(events, weights), 0.3),
            (ratio_of_sums(has, weights), 0.3),
            (permuted_ratio(before * weights, weights, 1), 1.0),
            (paired_change((before * weights, weights), (now * weights, weights), 1), 0.0),
        ]
        held += [interval.low <= truth <= interval.high for interval, truth in found]
    assert (held / 300 >= 0.93).all(), held


def test_nobody_heavy_changes_no_interval():
    # Five families of a fifth each, and one pair of limits as Cochran's formula gives them by hand: the residuals
    # -2, -1, 0, 1, 2 of 10 give 5/4 x 10 / 50² = 1/200.
    found = ratio_of_sums([1, 2, 3, 4, 5], [10] * 5)
    half = stats.t.ppf(0.975, 4) * math.sqrt(1 / 200)
    assert found == pytest.approx((0.3, 0.3 - half, 0.3 + half))
