"""The same rule on random registers: pandas, every engine, and one family at a time in plain Python."""

import importlib.util
import math
import shutil
import subprocess
import sys
import warnings
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from helhed.cli import app
from helhed.errors import WrongCall
from helhed.profile import read_profile, sources_with_law
from helhed.publishing.national_file import write_families
from helhed.selection import (
    concentration_curve,
    criteria,
    decisions_and_rule,
    evaluate_criteria,
    evaluate_rule,
    override_counts,
    rule_problems,
    select_families,
    select_national,
)
from helhed.selection.engines import TABLES
from helhed.selection.national import national_of
from helhed.selection.one_family import evaluate_family
from helhed.selection.register import Register
from helhed.selection.rule_tree import rule_status
from helhed.selection.variants import with_value
from helhed.selection.why import question_of, records_of, why
from helhed.tables import codes
from helhed.tables import tables as contracts

DAY = date(2025, 12, 31)
#: Days on both sides of every edge that a window or a month can have.
DAYS = ["2022-12-31", "2023-06-30", "2024-12-31", "2025-01-01", "2025-06-30", "2025-07-01", "2025-10-15"]
DAYS = [pd.Timestamp(day) for day in [*DAYS, "2025-12-01", "2025-12-30", "2025-12-31", "2026-01-01"]]
MONTHS = [pd.Timestamp(month) for month in ("2025-06-01", "2025-07-01", "2025-10-01", "2025-11-01", "2025-12-01")]
BIRTHS = [
    "1988-03-01",
    "2007-12-01",
    "2008-01-01",
    "2009-12-01",
    "2010-01-01",
    "2019-12-01",
    "2020-01-01",
    "2022-12-01",
]
BIRTHS = [pd.Timestamp(birth) for birth in [*BIRTHS, "2023-01-01", "2024-12-01", "2025-12-01", "2026-01-01"]]
DOMAINS = ["Sundhed", "Egenomsorg", "Kommunikation", "Samlet funktionsniveau"]
#: Sources whose rows begin on a day, and which may stop.
STARTING = ("child_case", "measure.children", "measure.health", "measure.employment", "measure.other", "health")
#: Criteria with a second threshold.
TWICE = ["school_absence >= 0.3", "adult_on_benefit >= 1", "notifications >= 3"]
ORDER = ["n_departments", "months_on_benefit", "absence_share", "n_children_with_case", "waiting_since"]


def conformed(name, rows):
    contract = contracts()[name]
    fill = {"text": "x", "code": "other", "dkk": 0.0, "flag": True, "id": "x", "month": MONTHS[0], "number": 0.0}
    full = [
        {c.name: row.get(c.name, fill.get(c.kind) if c.required else None) for c in contract.columns} for row in rows
    ]
    return contract.conform(pd.DataFrame(full)) if rows else contract.empty()


def register_of(draw, n_families=3, n_rows=5):
    """Return a register whose every value is drawn by ``draw(choices)``."""
    rows = {name: [] for name in TABLES}
    for table in ("benefit_spell", "absence", "leisure", *STARTING):
        for month in MONTHS if draw([True, False] + [False, False] * (table in STARTING)) else []:
            dark = {"source_table": table, "month": month, "is_covered": draw([True, True, False])}
            rows["coverage"].append(dark | {"is_begun": dark["is_covered"] or draw([True, False])})
    persons = []
    for family in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[:n_families]:
        for i in range(draw([1, 2, 3, 4])):
            persons.append(f"{family}{i}")
            role = draw(["adult", "adult", "child", "child", "adult_child"])
            birth = draw([None, *BIRTHS]) if role != "adult" else BIRTHS[0]
            person = {"person_id": persons[-1], "birth_date": birth, "from_date": draw([None, None, *DAYS])}
            if draw([True] * 7 + [False]):
                rows["person"].append(person | {"to_date": draw([None, None, None, DAYS[-3], DAYS[-2]])})
            home = {"family_id": family, "person_id": persons[-1], "role": role}
            rows["family_member"].append(home | {"is_main_home": draw([True, True, None, False])})
        asked = {"family_id": family, "offered_date": draw([None, *DAYS]), "consent_date": draw([None, *DAYS])}
        rows["enrolment"].append(asked | {"decision": draw(["include", "reserve", "postpone"])})
    spell = lambda: {"person_id": draw(persons), "start_date": draw(DAYS), "end_date": draw([None, *DAYS])}  # noqa: E731
    sections = [None, "Barnets lov § 32", "Barnets lov § 32, stk. 1", "Barnets lov § 3", "Barnets lov § 320"]
    for i in range(n_rows):
        rows["benefit_spell"].append(spell() | {"benefit": draw(["kontanthjaelp", "foertidspension"])})
        case = {"case_id": str(i), "case_type": draw(list(codes()["case_type"])), "section": draw(sections)}
        rows["child_case"].append(spell() | case | {"status": draw(["open", "closed"])})
        measure = {"measure_id": str(i), "department": draw(list(codes()["department"])), "section": draw(sections)}
        rows["measure"].append(spell() | measure | {"measure_group": draw(["placement", "other"])})
        rows["health"].append(spell() | {"kind": "a"})
        rows["housing"].append(spell() | {"kind": "b"})
        month = {"person_id": draw(persons), "month": draw(MONTHS)}
        days = {kind: draw([0.0, 0.5, 1.3, None]) for kind in ("days_sick", "days_permitted", "days_unlawful")}
        rows["absence"].append(month | days | {"school_days": draw([0.0, 19.7, 20.0])})
        work = {"hours": draw([0.0, 39.9, 40.0]), "in_education": draw([True, False])}
        rows["employment"].append({"person_id": draw(persons), "month": draw(MONTHS)} | work)
        rows["leisure"].append(month | {"has_activity": draw([True, False, None])})
        rows["daycare"].append(month | {"is_enrolled": draw([True, False])})
        rating = {"instrument": draw(["functional_level", "who5"]), "item": draw(DOMAINS), "family_id": "x"}
        rows["registration"].append(
            rating | {"person_id": draw(persons), "registered_date": draw(DAYS), "value": draw([1.0, 2.0, 3.0, 4.0])}
        )
    kept = {
        name: found for name, found in rows.items() if name in ("person", "family_member") or draw([True] * 5 + [False])
    }
    return {name: conformed(name, found) for name, found in kept.items()}


@st.composite
def registers(draw):
    return register_of(lambda choices: draw(st.sampled_from(choices)))


#: Settings that shape what criteria see: every one on either side of what the registers hold.
SETTINGS = {
    "benefit_months": [1, 2, 3],
    "benefit_window_months": [3, 6, 13],
    "benefits": [["kontanthjaelp"], ["kontanthjaelp", "foertidspension"]],
    "absence_share": [0.01, 0.065, 0.1],
    "absence_window_months": [1, 6, 7],
    "absence_kinds": [["days_sick"], ["days_sick", "days_permitted", "days_unlawful"]],
    "departments": [
        ["school", "employment"],
        ["children", "employment", "adult_social", "health", "school", "housing"],
    ],
    "n_departments": [1, 2],
    "young_child_years": [1, 3],
    "older_child_years": [3, 15, 17],
    "notification_window_months": [1, 12],
    "n_notifications": [1, 2],
    "n_placements": [1, 2],
    "placement_window_months": [1, 40],
    "work_hours": [39.9, 40.0],
    "work_window_months": [1, 3],
    "functional_level": ["A", "C", "D"],
    "functional_window_months": [1, 36],
    "activity_window_months": [1, 6],
    "sections": ["Barnets lov § 32", "Barnets lov § 3; Barnets lov § 320"],
    "count_second_home": [True, False],
}
PERIODS = {
    "data.from_date": [date(2023, 1, 1), date(2025, 6, 15)],
    "data.to_date": [date(2025, 12, 31), date(2025, 11, 30)],
}


@st.composite
def changes(draw):
    """Draw a day, and other values for some settings."""
    values = {f"selection.{name}": choices for name, choices in SETTINGS.items()} | PERIODS
    keys = draw(st.lists(st.sampled_from(sorted(values)), unique=True, max_size=10))
    day = draw(st.sampled_from([DAY, DAY, date(2025, 12, 15), date(2025, 2, 28), date(2026, 1, 30)]))
    return day, {key: draw(st.sampled_from(values[key])) for key in keys}


def changed(profile, values):
    for key, value in values.items():
        profile = with_value(profile, key, value)
    return profile


@pytest.fixture(scope="module")
def profile(tmp_path_factory):
    folder = tmp_path_factory.mktemp("profile")
    lines = ["name: T", 'municipality_code: "0190"', "model: furesoe", "settings:", "  data.encoding: utf-8"]
    lines += [f"  law.basis_{name}: Invented act" for name in sources_with_law()]
    lines += ["  selection.absence_min_months: 1", "  selection.functional_domains: 1"]
    (folder / "profile.yml").write_text("\n".join(lines), encoding="utf-8")
    several = {"at_least": {"n": 6, "of": [*criteria(), *TWICE]}}
    rule = {"any": [{"all": ["adult_on_benefit", "open_child_case"]}, several]}
    return with_value(with_value(read_profile(folder, "en"), "selection.rule", rule), "selection.order_by", ORDER)


#: A legal basis for every source: data that are not invented are not read without.
BASES = [f"  law.basis_{name}: Invented act" for name in sources_with_law()]


def written(tables, folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, table in tables.items():
        table.to_parquet(folder / f"{name}.parquet")
    return folder


MANY = settings(deadline=None, suppress_health_check=list(HealthCheck))


@settings(MANY, max_examples=8)
@given(tables=registers(), change=changes())
def test_polars_and_duckdb_find_what_pandas_finds(tables, change, profile, tmp_path_factory):
    folder = written(tables, tmp_path_factory.getbasetemp() / "register")
    day, profile = change[0], changed(profile, change[1])
    if rule_problems(profile):
        return  # a rule that nobody can meet with these settings is refused, see the tests of bad input
    known = national_of(Register(tables, profile, day))
    for engine in ("polars", "duckdb"):
        found = select_national(folder, profile, day, engine)
        assert found.n_families == known.n_families
        pd.testing.assert_frame_equal(found.families, known.families, check_exact=True)
        assert found.fingerprint() == known.fingerprint()


@settings(MANY, max_examples=15)
@given(tables=registers(), change=changes())
def test_one_family_in_plain_python_equals_the_tables(tables, change, profile):
    day, profile = change[0], changed(profile, change[1])
    judged = evaluate_criteria(tables, profile, day)
    assert set(judged["criterion"]) <= {*criteria(), *TWICE}
    question = question_of(Register(tables, profile, day), [*criteria(), *TWICE])
    by_rule = evaluate_rule(profile["selection.rule"], judged)
    for family, rows in judged.groupby("family_id"):
        answers = evaluate_family(records_of(tables, family), question)
        for row in rows.itertuples():
            answer = answers[row.criterion]
            assert (row.criterion, answer.status) == (row.criterion, row.status)
            assert answer.value == row.value or (answer.value is None and math.isnan(row.value)), row.criterion
            assert answer.threshold == row.threshold
            assert (answer.distance is None) == math.isnan(row.distance)
        statuses = {name: answer.status for name, answer in answers.items()}
        assert rule_status(profile["selection.rule"], statuses) == by_rule[family]


@settings(MANY, max_examples=5)
@given(tables=registers())
def test_the_whole_country_ranks_as_a_municipality_without_places_and_decisions(tables, profile):
    tables = {name: table for name, table in tables.items() if name != "enrolment"}
    tables["enrolment"] = contracts()["enrolment"].empty()
    listed = select_families(tables, with_value(profile, "selection.places", 0), DAY).set_index("family_id")
    found = national_of(Register(tables, profile, DAY)).families.set_index("family_id")
    assert found["rank"].dropna().to_dict() == listed["rank"].dropna().to_dict()
    assert found["reasons"].to_dict() == listed.loc[found.index, "reasons"].to_dict()


def test_a_table_that_is_left_out_counts_as_one_without_rows(large, profile):
    profile = with_value(profile, "selection.rule", {"all": ["adult_on_benefit", "open_child_case"]})
    for name in ("enrolment", "measure", "benefit_spell"):
        rest = {other: table for other, table in large.items() if other != name}
        empty = rest | {name: contracts()[name].empty()}
        pd.testing.assert_frame_equal(select_families(rest, profile, DAY), select_families(empty, profile, DAY))
        decided = [decisions_and_rule(tables, profile, DAY) for tables in (rest, empty)]
        pd.testing.assert_frame_equal(*decided)
        pd.testing.assert_frame_equal(*(override_counts(one) for one in decided))
        pd.testing.assert_frame_equal(*(concentration_curve(tables, profile, DAY) for tables in (rest, empty)))


@pytest.fixture(scope="module")
def large():
    rng = np.random.default_rng(8)
    return register_of(lambda choices: choices[rng.integers(len(choices))], n_families=26, n_rows=120)


def test_dask_finds_the_same_with_workers_of_their_own(large, profile, tmp_path):
    from distributed import LocalCluster

    folder = written(large, tmp_path / "register")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
            found = select_national(folder, profile, DAY, "dask", cluster.scheduler_address)
    assert found.fingerprint() == national_of(Register(large, profile, DAY)).fingerprint()


@pytest.fixture
def spark():
    """A cluster of Spark on this machine: two workers, each a process of its own."""
    from pyspark.sql import SparkSession

    master = "local-cluster[2,1,1024]"
    builder = SparkSession.builder.master(master).config("spark.sql.shuffle.partitions", 2)
    session = builder.config("spark.ui.enabled", False).getOrCreate()
    yield master
    session.stop()


# Spark leaves sockets to its Java process open when it stops
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java")
def test_spark_finds_the_same_with_workers_of_their_own(large, profile, tmp_path, spark):
    from pyspark.sql import SparkSession

    found = select_national(written(large, tmp_path / "register"), profile, DAY, "spark", spark)
    assert found.fingerprint() == national_of(Register(large, profile, DAY)).fingerprint()
    assert len(found.families) > 3
    status = SparkSession.getActiveSession().sparkContext._jsc.sc().statusTracker()
    assert len(status.getExecutorInfos()) > 1  # not the one that asks alone


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_tables_may_lie_in_several_files_and_hold_days_instead_of_points_in_time(large, profile, tmp_path, engine):
    folder = written({name: table for name, table in large.items() if name != "child_case"}, tmp_path / "register")
    (folder / "person.parquet").unlink()
    (folder / "person.parquet").mkdir()
    for n, part in enumerate((large["person"].iloc[:20], large["person"].iloc[20:])):
        part.to_parquet(folder / "person.parquet" / f"{n}.parquet")
    cases = large["child_case"].assign(
        **{name: large["child_case"][name].dt.date for name in ("start_date", "end_date")}
    )
    cases.to_parquet(folder / "child_case.parquet")
    found = select_national(folder, profile, DAY, engine)
    assert found.fingerprint() == national_of(Register(large, profile, DAY)).fingerprint()


# ── what is asked wrongly ──


@pytest.mark.parametrize(
    ("engine", "scheduler", "words"),
    [("oracle", None, "polars, duckdb, dask, spark"), ("polars", "tcp://x:1", "dask, spark")],
)
def test_an_engine_that_cannot_be_had_is_told(profile, tmp_path, engine, scheduler, words):
    with pytest.raises(WrongCall, match=words):
        select_national(tmp_path, profile, DAY, engine, scheduler)


def test_a_folder_without_persons_is_told(profile, tmp_path):
    with pytest.raises(WrongCall, match="person.parquet"):
        select_national(tmp_path, profile, DAY)


def test_what_is_wrong_with_a_table_is_told(large, profile, tmp_path):
    folder = written(large, tmp_path / "register")
    large["absence"].drop(columns="days_sick").to_parquet(folder / "absence.parquet")
    large["child_case"].astype({"start_date": "str"}).to_parquet(folder / "child_case.parquet")
    with pytest.raises(WrongCall) as told:
        select_national(folder, profile, DAY)
    found = [(problem.file, problem.column) for problem in told.value.problems]
    assert found == [("absence.parquet", "days_sick"), ("child_case.parquet", "start_date")]
    (folder / "absence.parquet").write_text("not a table")
    for engine in ("polars", "duckdb"):
        with pytest.raises(WrongCall, match=r"absence\.parquet"):
            select_national(folder, profile, DAY, engine)


def test_a_scheduler_that_does_not_answer_is_told(large, profile, tmp_path):
    import dask

    folder = written(large, tmp_path / "register")
    with dask.config.set({"distributed.comm.timeouts.connect": "1s"}), pytest.raises(WrongCall, match="tcp://127"):
        select_national(folder, profile, DAY, "dask", "tcp://127.0.0.1:9")


def test_the_command_writes_the_same_families_with_every_engine(large, tmp_path):
    folder, lines = written(large, tmp_path / "register"), ["name: T", 'municipality_code: "0190"', "model: furesoe"]
    (tmp_path / "profile.yml").write_text(
        "\n".join([*lines, "settings:", "  data.encoding: utf-8", *BASES]), encoding="utf-8"
    )
    known = national_of(Register(large, read_profile(tmp_path, "en"), DAY))
    for engine in ("polars", "duckdb"):
        out = tmp_path / f"{engine}.parquet"
        words = ["national", str(tmp_path), "--tables", str(folder), "--engine", engine, "--out", str(out)]
        done = CliRunner().invoke(app, [*words, "--lang", "en"])
        assert done.exit_code == 0
        assert f"{known.n_families['met']} families meet the rule" in done.output
        assert known.fingerprint() in done.output
        pd.testing.assert_frame_equal(pd.read_parquet(out), known.families)


def test_a_file_that_cannot_be_written_is_told(tmp_path):
    with pytest.raises(WrongCall, match=r"nowhere.families\.parquet"):
        write_families(pd.DataFrame({"family_id": ["a"]}), tmp_path / "nowhere" / "families.parquet", "en")


# ── the paper trail ──


def test_an_answer_names_the_records_it_rests_on(profile):
    rng = np.random.default_rng(3)
    tables = register_of(lambda choices: choices[rng.integers(len(choices))], n_families=26, n_rows=200)
    rule = with_value(profile, "selection.rule", {"all": ["adult_on_benefit", "open_child_case"]})
    shown = 0
    for family in evaluate_criteria(tables, rule, DAY)["family_id"].unique():
        records = records_of(tables, family)
        for name, answer in why(tables, rule, DAY, family).items():
            rows = [records[table][place] for table, place in answer.records]
            expected = {"adult_on_benefit": "benefit", "open_child_case": "case_type"}[name]
            assert all(expected in row for row in rows)
            assert bool(answer.value) <= bool(rows)
            shown += len(rows)
    assert shown > 5


def test_the_judgement_of_one_family_needs_nothing_but_the_standard_library():
    names = ("statuses", "rule_tree", "days", "family_records", "family_courses", "one_family", "explaining")
    folder = importlib.util.find_spec("helhed.selection").submodule_search_locations[0]
    lines = ["import sys, types, importlib.util"]
    lines += [f"sys.modules[{name!r}] = types.ModuleType({name!r})" for name in ("helhed", "helhed.selection")]
    lines += [f"sys.modules['helhed.selection'].__path__ = [{folder!r}]"]
    lines += [f"import helhed.selection.{name}" for name in names]
    lines += [
        "heavy = {'pandas', 'numpy', 'narwhals', 'pydantic', 'scipy'} & set(sys.modules)",
        "sys.exit(str(heavy) if heavy else 0)",
    ]
    done = subprocess.run([sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
