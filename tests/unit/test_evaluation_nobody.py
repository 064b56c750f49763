"""A municipality that begins: every stage of the evaluation and the economy says that nobody is followed yet."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from helhed import economy, evaluation
from helhed.errors import ProfileNeedsWork, WrongCall
from helhed.notebook import Step
from helhed.outputs import PublicTable
from helhed.profile import declared_entries, read_profile
from helhed.publishing.evaluation_others import another_register, comparison_register
from helhed.publishing.inputs import rests_on
from helhed.publishing.run_folder import RunFolder
from helhed.tables import tables as contracts

ROOT = Path(__file__).resolve().parents[2]
FROM, TO = pd.Timestamp("2023-01-01"), pd.Timestamp("2025-12-31")
N_FAMILIES = 30
LANGUAGES = ("da", "en")


def make_tables():
    """Return one adult on benefit and one child with a case per family; ten families are enrolled from May 2024 on."""
    number = [f"{i:02d}" for i in range(N_FAMILIES)]
    adults, children = [f"a{i}" for i in number], [f"c{i}" for i in number]
    families, everyone = [f"f{i}" for i in number], adults + children
    frames = {
        "person": {"person_id": everyone, "birth_date": FROM, "sex": "f", "origin_group": "danish"},
        "family_member": {
            "family_id": families * 2,
            "person_id": everyone,
            "role": ["adult"] * N_FAMILIES + ["child"] * N_FAMILIES,
            "is_main_home": True,
        },
        "benefit_spell": {
            "person_id": adults,
            "benefit": "kontanthjaelp",
            "start_date": FROM,
            "paid_dkk": 36 * 12000.0,
            "refund_dkk": 36 * 3000.0,
        },
        "child_case": {
            "case_id": children,
            "person_id": children,
            "case_type": "barnets_plan",
            "start_date": FROM,
            "status": "open",
        },
        "enrolment": {"family_id": families[:10], "start_date": pd.Timestamp("2024-05-10"), "decision": "include"},
        "coordinator": {"coordinator_id": ["K1"], "weekly_hours": [37.0], "has_authority": [False]},
    }
    given = {name: contracts()[name].conform(pd.DataFrame(frame)) for name, frame in frames.items()}
    return {name: given.get(name, contracts()[name].empty()) for name in evaluation.TABLES}


def nobody(tables):
    return tables | {"enrolment": tables["enrolment"].head(0)}


def nobody_and_no_coordinator(tables):
    return nobody(tables) | {"coordinator": tables["coordinator"].head(0)}


def offered_only(tables):
    enrolment = tables["enrolment"].assign(offered_date=pd.Timestamp("2024-05-01"), start_date=pd.NaT)
    return tables | {"enrolment": contracts()["enrolment"].conform(enrolment)}


def start_lies_ahead(tables):
    ahead = tables["enrolment"].assign(start_date=TO + pd.Timedelta(days=20))
    return tables | {"enrolment": contracts()["enrolment"].conform(ahead)}


def no_data_at_all(tables):
    return {name: table.head(0) for name, table in tables.items()}


CASES = (nobody, nobody_and_no_coordinator, offered_only, start_lies_ahead, no_data_at_all)


@pytest.fixture(scope="module", params=CASES, ids=lambda case: case.__name__)
def found(request):
    """Return the whole way of notebook 5, once per case; pytest makes every warning an error."""
    declared = {key: entry.default for key, entry in declared_entries().items()}
    profile = declared | {"evaluation.n_draws": 49, "data.to_date": TO.date(), "data.from_date": FROM.date()}
    tables, months = request.param(make_tables()), evaluation.month_range(FROM, TO)
    account = economy.family_account(tables, months, profile, TO)
    panel = economy.spending_per_member(account, evaluation.family_months(tables, months))
    study = evaluation.set_up(panel, tables["enrolment"], profile)
    placebo = evaluation.placebo_year(panel, tables["enrolment"], profile)
    reasons = evaluation.distrust(study, profile, placebo)
    effects, own = evaluation.estimate_effects(study, profile), study.rows[study.rows["is_enrolled"].astype(bool)]
    around = evaluation.study_events(tables, panel, profile, 5)
    effect = evaluation.benefit_effect(study, effects, reasons, profile)
    basis = (effect.value, effect.low, effect.high), around.months_to_progress
    families = evaluation.creaming_families(study, panel, tables, profile)
    settled = economy.settle({"account": account, "enrolment": tables["enrolment"]}, own, basis, profile)
    curve = economy.curve_of(account, study.rows, study.groups, not reasons, profile)
    return SimpleNamespace(**{k: v for k, v in locals().items() if k not in ("request", "declared")})


def test_no_effect_is_estimated_and_nothing_is_trusted(found):
    assert evaluation.obstacle(found.study) == "too_few" and found.study.count(True) == 0
    assert found.effects[["effect", "low", "high", "p"]].isna().all(axis=None)
    assert (found.effects["verdict"] == "cannot_say").all() and not found.effects["is_beyond_chance"].any()
    assert "few_families" in found.reasons and "not_measured" in found.reasons
    assert all(np.isnan(estimate.value) for estimate in found.placebo.values())
    assert all(np.isnan(e.value) for e in evaluation.pre_trends(found.study, found.profile).values())
    assert evaluation.detectable(found.study, found.profile)["detectable"].isna().all()


#: Stage to the words it must use in English when nobody is followed; Danish must say something too.
SENTENCES = {
    "detectable": (lambda f, lang: evaluation.detectable_sentence(evaluation.detectable(f.study, f.profile), 5, lang),
                   "too few"),
    "trust": (lambda f, lang: evaluation.trust_sentences(f.study, f.reasons, f.placebo, f.profile, lang),
              "No enrolled families, or only very few"),
    "moved": (lambda f, lang: evaluation.moved_sentence(
        *evaluation.first_moves(f.study, f.profile), lang, evaluation.are_followed(f.study, f.profile)), "Too few"),
    "effects": (lambda f, lang: evaluation.effect_sentences(f.effects, f.reasons, 5, lang), "too few families"),
    "events": (lambda f, lang: evaluation.events_sentence(f.around, 0.05, 5, lang), "too few"),
    "theory": (lambda f, lang: evaluation.link_sentence(
        evaluation.theory_of_change(f.tables, f.around.events, f.profile)[0], 5, lang), "too few"),
    "creaming": (lambda f, lang: evaluation.creaming_sentences(evaluation.creaming(f.families), 5, lang), "too few"),
    "first_year": (lambda f, lang: evaluation.first_year_sentence(
        evaluation.first_year_change(f.study, "spending_per_member_dkk", 0.95), 5, lang), "Too few"),
    "account": (lambda f, lang: economy.account_sentence(f.account, f.own, np.nan, 5, lang), "Too few"),
    "prices": (lambda f, lang: economy.defaults_sentence(
        economy.prices_used(f.tables["measure"], f.months, f.profile, economy.OwnEconomy()), lang), "no measures"),
    "curve": (lambda f, lang: economy.curve_sentence(f.curve, 5, lang), "Too few"),
    "settled": (lambda f, lang: economy.settled_sentences(f.settled, 0.0, False, 5, lang), "Fewer than 5"),
    "payers": (lambda f, lang: economy.payers_sentence(f.settled.result, f.settled.is_known, lang), "cannot be said"),
    "what_if": (lambda f, lang: economy.moved_what_if(f.settled.ranges, f.settled.horizon, 20, 1, lang)(0.3),
                "cannot be said"),
}  # fmt: skip


@pytest.mark.parametrize("stage", SENTENCES)
def test_every_stage_says_so_in_both_languages(found, stage):
    say, expected = SENTENCES[stage]
    said = {lang: say(found, lang) for lang in LANGUAGES}
    joined = {lang: " ".join(words) if isinstance(words, list) else words for lang, words in said.items()}
    assert expected.lower() in joined["en"].lower()
    assert joined["da"].strip() and joined["da"] != joined["en"]


def test_every_table_can_be_shown(found):
    for lang in LANGUAGES:
        tables = [
            evaluation.detectable_table(evaluation.detectable(found.study, found.profile), 5, lang),
            evaluation.balance_public(evaluation.balance(found.study), lang),
            evaluation.ways_table(evaluation.ways_compared(found.study, 0.1), 5, lang),
            evaluation.checks_table(evaluation.pre_trends(found.study, found.profile), found.placebo, 5, lang),
            evaluation.effects_table(found.effects, 5, lang),
            evaluation.creaming_table(evaluation.creaming(found.families), 5, lang),
            evaluation.creaming_over_time(evaluation.creaming_by_start(found.families, 5), 5, lang),
            economy.account_table(found.account, found.own, 5, lang),
            economy.change_table(found.account, found.own, 5, lang),
        ]
        assert all(isinstance(table, PublicTable) for table in tables)
        assert all(table.frame.empty for table in tables[-4:])
    assert evaluation.half_year_means(found.study, "absence_share", 0.95, 5)["mean"].isna().all()


def test_key_numbers_hold_no_number(found):
    threshold, chosen = 5, ("break_even_horizon_months", "adults_moved_used")
    first_year = evaluation.first_year_change(found.study, "spending_per_member_dkk", 0.95)
    for lang in LANGUAGES:
        numbers = {
            **evaluation.trust_numbers(found.study, found.reasons, found.profile, lang),
            **evaluation.spending_numbers(first_year, found.around, threshold, lang),
            **evaluation.effects_in_numbers(found.effects, found.reasons, threshold, lang),
            **economy.break_even_numbers(found.settled.back.break_even, found.settled.ranges, 120, lang),
            **economy.worth_numbers(found.settled.worth, found.settled.result, found.curve, threshold, lang),
        }
        told = {name: value for name, (value, form) in numbers.items() if form != "text" and name not in chosen}
        assert set(told.values()) == {None}
        assert {value for name, (value, _) in numbers.items() if "verdict_" in name} == {"cannot_say"}


def test_the_exchange_with_soem_leaves_what_is_not_known_to_be_looked_up(found):
    inputs = economy.soem_inputs(found.settled.case)
    counted = inputs[inputs["unit"].str.startswith("dkk") & (inputs["status"] == "counted")]
    assert counted.empty
    assert all(economy.soem_workbook(inputs, lang) for lang in LANGUAGES)


def test_three_families_give_no_amounts_away():
    tables, months = make_tables(), evaluation.month_range(FROM, TO)
    tables["enrolment"] = tables["enrolment"].head(3)
    profile = {key: entry.default for key, entry in declared_entries().items()} | {"data.to_date": TO.date()}
    account = economy.family_account(tables, months, profile, TO)
    panel = economy.spending_per_member(account, evaluation.family_months(tables, months))
    study = evaluation.set_up(panel, tables["enrolment"], profile)
    own, books = study.rows[study.rows["is_enrolled"]], {"account": account, "enrolment": tables["enrolment"]}
    for moved in (0.0, 0.3):
        few = economy.settle(books, own, ((-0.1, -0.2, 0.0), 12.0), profile, moved)
        assert not few.is_known and np.isnan(few.worth.value_dkk)
        many = economy.settle(books, own, ((-0.1, -0.2, 0.0), 12.0), profile | {"disclosure.threshold": 3}, moved)
        assert many.is_known and np.isfinite(many.worth.value_dkk)


def test_another_municipalitys_run_lends_its_families(tmp_path):
    folders = {name: tmp_path / name for name in ("assens", "furesoe")}
    for place, folder in folders.items():
        folder.mkdir()
        for name in ("profile.yml", "sample-pseudonym.key", "pseudonym-key-id.txt"):
            shutil.copy(ROOT / "sample_data" / place / name, folder)
    with (folders["furesoe"] / "profile.yml").open("a", encoding="utf-8") as own:
        own.write("  evaluation.other_run: ../assens/runs/a\n")
    profile, run = read_profile(folders["assens"], "en"), RunFolder(folders["assens"] / "runs/a")
    furesoe = read_profile(folders["furesoe"], "en")
    step = Step("5_evaluate_and_account", furesoe, RunFolder(folders["furesoe"] / "runs/b"), "en")
    with pytest.raises(WrongCall):
        another_register(step.of_another(str(run.path)))
    with pytest.raises(ProfileNeedsWork):
        step.of_another(str(tmp_path / "nobody/runs/a"))
    run.write_tables("0_check_data", make_tables(), rests_on(profile))
    other = another_register(step.of_another(str(run.path)))
    chosen = other.enrolment["family_id"]
    panel, accounts, said = comparison_register(step, other.panel, other.account, other.enrolment)
    assert "Assens" in said and set(panel.columns) == set(other.panel.columns)
    theirs = panel.loc[panel["family_id"].str.startswith("other-"), "family_id"]
    assert theirs.nunique() == N_FAMILIES - chosen.nunique()
    assert set(panel["family_id"]) - set(theirs) == set(chosen)
    assert len(accounts) == 2 * len(other.account)
    alone = Step("5_evaluate_and_account", profile, RunFolder(tmp_path / "c"), "en")
    own = comparison_register(alone, other.panel, other.account, other.enrolment)
    assert own[0] is other.panel and own[1] is other.account and "own registers" in own[2]
