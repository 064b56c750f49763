"""Shares and ratios of groups, against published values, another library and registers worked out by hand."""

import warnings

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep

from helhed.disclosure import protect
from helhed.profile import read_profile
from helhed.selection import accountability
from helhed.selection.fairness import exact_interval, ratio_interval, selection_rates


def make_profile(tmp_path, *lines):
    head = ["name: T", 'municipality_code: "0190"', "model: furesoe", "settings:", "  data.encoding: utf-8"]
    (tmp_path / "profile.yml").write_text("\n".join([*head, *(f"  {line}" for line in lines)]), encoding="utf-8")
    return read_profile(tmp_path, "en")


@given(st.integers(1, 60).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_exact_limits_are_scipys(counts):
    n, total = counts
    theirs = stats.binomtest(n, total).proportion_ci(method="exact")
    assert exact_interval(n, total) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


def test_ratio_limits_of_koopmans_own_example():
    # Koopman 1984, Biometrics 40: 36 of 40 against 16 of 80, ratio 4.5, limits 2.94 and 7.15
    low, high = ratio_interval(36, 40, 16, 80)
    assert round(low, 2) == 2.94 and round(high, 2) == 7.15


@pytest.mark.parametrize(
    "counts", [(5, 20, 3, 30), (4, 20, 9, 31), (20, 20, 10, 30), (1, 15, 14, 15), (40, 90, 30, 100)]
)
def test_ratio_limits_are_those_of_statsmodels(counts):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the other library divides by nothing on its way
        theirs = confint_proportions_2indep(*counts, compare="ratio", method="score", correction=False)
    assert ratio_interval(*counts) == pytest.approx(theirs, rel=1e-4)


@given(st.integers(0, 20), st.integers(1, 20), st.integers(0, 20), st.integers(1, 20))
def test_the_ratio_seen_lies_within_its_limits(n, more, n_rest, more_rest):
    total, total_rest = n + more, n_rest + more_rest
    low, high = ratio_interval(n, total, n_rest, total_rest)
    assert 0 <= low < high
    if n and n_rest:
        assert low < (n / total) / (n_rest / total_rest) < high


def groups_of(sizes):
    """Return groups and a base from {group: (chosen, not chosen)}: one characteristic that varies, four that do not."""
    rows = [
        {"family_id": f"{group}{i}", "sex": group, "is_chosen": i < chosen}
        for group, (chosen, not_chosen) in sizes.items()
        for i in range(chosen + not_chosen)
    ]
    base = pd.DataFrame(rows)
    same = {name: "unknown" for name in ("age", "family_type", "origin", "district")}
    return base[["family_id", "sex"]].assign(**same), base[["family_id", "is_chosen"]]


def rates_of(tmp_path, sizes, *lines):
    profile = make_profile(tmp_path, *lines)
    return selection_rates(*groups_of(sizes), profile), profile


def test_each_group_stands_against_all_others(tmp_path):
    rates, _ = rates_of(tmp_path, {"man_alone": (30, 10), "more_adults": (20, 60), "woman_alone": (10, 30)})
    own = rates[rates["characteristic"] == "sex"].set_index("group")
    assert own.loc["man_alone", ["n_base", "n_chosen", "n_not_chosen"]].tolist() == [40, 30, 10]
    # 30 of 40 against 30 of 120: three times as often
    assert own.loc["man_alone", "ratio"] == pytest.approx(3.0)
    assert own["verdict"].to_dict() == {"man_alone": "higher", "more_adults": "lower", "woman_alone": "equal"}


def test_few_families_cannot_be_compared(tmp_path):
    sizes = {"man_alone": (9, 0), "woman_alone": (20, 20)}
    rates, _ = rates_of(tmp_path, sizes)
    assert set(rates["verdict"]) == {"cannot_say"}
    assert rates["ratio"].isna().all()
    rates, _ = rates_of(tmp_path, sizes, "law.fewest_compared: 9")
    assert rates.set_index("group").loc["man_alone", "verdict"] == "higher"


@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_hidden_group_tells_nothing_in_words(tmp_path, lang):
    rates, profile = rates_of(tmp_path, {"man_alone": (3, 17), "more_adults": (20, 40), "woman_alone": (25, 30)})
    table = accountability.fairness_table(rates, "place", lang)
    safe = accountability.shown_fairness(protect(table, 5), lang)
    cells = {row[1]: row for row in safe.written(lang, 5)}
    label = accountability.group_label("sex", "man_alone", lang)
    assert "3" not in " ".join(cells[label][3:])
    assert safe.frame.loc[safe.frame["group"] == "man_alone", "verdict"].item() == "cannot_say"
    said = accountability.say_fairness(safe, "place", profile, lang)
    assert all(label not in sentence for sentence in said)
    # a second group of the same characteristic is hidden, or the first could be found from the total
    assert sum(position in {p for p, _ in safe.hidden} for position in range(3)) >= 2


def test_a_base_without_families_is_told_so(tmp_path):
    groups, base = groups_of({"man_alone": (1, 1)})
    profile = make_profile(tmp_path)
    rates = selection_rates(groups, base.iloc[:0], profile)
    safe = accountability.shown_fairness(protect(accountability.fairness_table(rates, "rule", "en"), 5), "en")
    assert "cannot be said yet" in accountability.say_fairness(safe, "rule", profile, "en")[0]
