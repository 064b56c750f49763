"""How the rule falls on groups nationally: the same as in a municipality, from counts alone, small numbers hidden."""

import pandas as pd
import pytest

from helhed.disclosure import protect
from helhed.errors import ProfileNeedsWork
from helhed.selection import (
    accountability,
    bases,
    evaluate_criteria,
    family_groups,
    national_counts,
    rates_of_counts,
    select_families,
)
from helhed.selection.fairness import exact_interval, group_counts
from helhed.texts import LANGUAGES
from tests.known.test_selection import DAY, Register, make_profile


def town(n=36):
    """Return families of every kind of group: one or two adults, both sexes, ages, origins, districts, unknown too."""
    register = Register()
    for number in range(n):
        family = f"F{number:02d}"
        births = ("2015-05-01", "2017-01-01", "2019-01-01")[: 1 + number % 3]
        register.family(family, adults=1 + number % 2, births=births).benefit(f"{family}1", "2025-01-01")
        if number % 4:
            register.case(f"{family}c1", "2025-01-01")
        if number % 3:
            register.measure(f"{family}1", "health")
    tables = register.tables()
    person = tables["person"]
    place = pd.Series(range(len(person)))
    person["sex"] = place.map(lambda at: ["f", "m", "f", None][at % 4]).astype("str")
    person["origin_group"] = place.map(lambda at: ["danish", "danish", "nonwestern", "western", None][at % 5]).astype(
        "str"
    )
    person["district"] = place.map(lambda at: ["North", "South"][at // 9 % 2]).astype("str")
    person["birth_date"] = person["birth_date"].mask(place % 7 == 0, pd.Timestamp("1999-02-01"))
    return tables


@pytest.fixture
def register(tmp_path):
    folder, tables = tmp_path / "register", town()
    folder.mkdir()
    for name, table in tables.items():
        table.to_parquet(folder / f"{name}.parquet")
    return folder, tables, make_profile(tmp_path)


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_the_country_counts_as_the_municipality_does(register, engine):
    folder, tables, profile = register
    base = bases(select_families(tables, profile, DAY), evaluate_criteria(tables, profile, DAY), profile)["rule"]
    known = group_counts(family_groups(tables, profile, DAY), base)
    found = national_counts(folder, profile, DAY, engine)
    pd.testing.assert_frame_equal(found, known)
    assert {"mixed", "unknown"} <= set(found["group"]) and found["n_chosen"].sum() < found["n_base"].sum()


def test_rates_need_counts_alone(tmp_path):
    # 30 of 40 against 60 of 160: shares 0.75 and 0.375, twice as often
    counts = pd.DataFrame(
        [("sex", "man_alone", 160, 60), ("sex", "woman_alone", 40, 30)],
        columns=["characteristic", "group", "n_base", "n_chosen"],
    )
    rates = rates_of_counts(counts, make_profile(tmp_path)).set_index("group")
    assert rates.loc["woman_alone", "ratio"] == pytest.approx(2.0)
    assert (rates.loc["woman_alone", "low"], rates.loc["woman_alone", "high"]) == exact_interval(30, 40)
    assert rates["verdict"].to_dict() == {"man_alone": "lower", "woman_alone": "higher"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_small_groups_of_the_country_are_hidden(tmp_path, lang):
    profile = make_profile(tmp_path)
    groups = [("man_alone", 900, 3), ("more_adults", 4000, 800), ("woman_alone", 2000, 900)]
    counts = pd.DataFrame(
        [("sex", *group) for group in groups], columns=["characteristic", "group", "n_base", "n_chosen"]
    )
    rates = rates_of_counts(counts, profile)
    safe = accountability.shown_fairness(protect(accountability.fairness_table(rates, "rule", lang), 5), lang)
    written = [dict(zip(safe.columns, row, strict=True)) for row in safe.written(lang, 5)]
    assert "3" not in (written[0]["n_chosen"], written[0]["share"]) and written[0]["ratio_interval"] == "–"
    # a second cell is hidden too, so that the total does not give the first away
    assert sum(row["n_chosen"] in ("800", "900") for row in written) == 1


def test_an_unsound_rule_is_told_before_the_register_is_read(tmp_path):
    profile = make_profile(tmp_path, rule="{all: [one_adult, {not: one_adult}]}")
    with pytest.raises(ProfileNeedsWork):
        national_counts(tmp_path / "nowhere", profile, DAY)
