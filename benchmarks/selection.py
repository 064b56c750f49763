"""The selection on one municipality and on all of Denmark against queries written by hand, run in turns.

    python benchmarks/selection.py [persons …]

Prints ratios for each register (40,000, 400,000 and 5.9 million persons when left out) and the peak of memory; the
families, their reasons and their order are the same in all of them, or it stops. The rule: a parent on benefit, a
child with an open case, and several departments or high school absence.
"""

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import polars as pl
from large import by_hand
from large.country import PERSONS, write_country

from helhed.profile import read_profile
from helhed.selection import select_families, select_national
from helhed.selection.national import National
from helhed.selection.variants import with_value
from helhed.tables import tables as contracts

SIZES, ROUNDS, SEED, DAY = (40_000, 400_000, PERSONS), 3, 11, "2025-12-31"
HAND_GOAL, NAIVE_GOAL, PANDAS_GOAL, PEAK_GOAL_GIB = 1.3, 3.0, 1.5, 1.5
_PROFILE = 'name: B\nmunicipality_code: "0190"\nmodel: furesoe\nsettings:\n  data.encoding: utf-8\n'


def profile_of(folder: Path):
    """Return the profile of the benchmark: Furesø's with a rule of three criteria and an order of two."""
    (folder / "profile.yml").write_text(_PROFILE, encoding="utf-8")
    profile = read_profile(folder, "en")
    rule = {"all": ["adult_on_benefit", "open_child_case", {"any": ["adult_social_measure", "school_absence"]}]}
    profile = with_value(with_value(profile, "selection.rule", rule), "selection.places", 0)
    return with_value(profile, "selection.order_by", ["absence_share", "months_on_benefit"])


def told(families: pd.DataFrame) -> pd.DataFrame:
    """Return who meets the rule, why and in which order, as all ways of finding it return it."""
    met = families[families["rank"].notna()].sort_values("rank")
    return met[["family_id", "rank", "reasons"]].astype({"rank": "int64"}).reset_index(drop=True)


def municipal(folder: Path, profile) -> Callable[[], pd.DataFrame]:
    """Return the selection of a municipality, whose tables are in memory."""
    names = ("person", "family_member", "benefit_spell", "child_case", "measure", "absence")
    tables = {name: pd.read_parquet(folder / f"{name}.parquet") for name in names}
    tables["enrolment"] = contracts()["enrolment"].empty()
    return lambda: told(select_families(tables, profile, DAY)), lambda: by_hand.pandas_in_memory(tables)


def timed(runs: dict[str, Callable[[], pd.DataFrame]], rounds: int = ROUNDS) -> dict[str, float]:
    """Return the median seconds of each, run in turns; all must find the same."""
    seconds, first = {name: [] for name in runs}, None
    for _ in range(rounds):
        for name, run in runs.items():
            begin = time.perf_counter()
            found = run()
            seconds[name].append(time.perf_counter() - begin)
            if found is not None:
                first = found if first is None else first
                pd.testing.assert_frame_equal(found, first, obj=name)
    return {name: statistics.median(each) for name, each in seconds.items()}


def scan(folder: Path) -> None:
    """Read every column that the rule needs, once: what no query can be faster than."""
    for name, columns in by_hand.COLUMNS.items():
        frame = pl.scan_parquet(folder / f"{name}.parquet").select(columns)
        frame.select(pl.all().null_count()).collect(engine="streaming")


def peak_gib(folder: Path) -> float:
    """Return the most memory a national run takes, in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, "--alone", str(folder)], check=True, capture_output=True, text=True
    )
    return float(done.stdout.split()[-1])


def national(folder: Path, profile) -> National:
    """Run the rule on the register with Polars."""
    return select_national(folder, profile, DAY)


def measure(folder: Path, n_persons: int) -> bool:
    """Print the ratios of one register and return whether every goal is met."""
    profile = profile_of(folder)
    runs = {
        "scan": lambda: scan(folder),
        "ours": lambda: told(national(folder, profile).families),
        "by hand in Polars": lambda: by_hand.polars_lazy(folder),
        "naive pandas": lambda: by_hand.pandas_naive(folder),
    }
    seconds, peak = timed(runs), peak_gib(folder)
    hand, naive = seconds["ours"] / seconds["by hand in Polars"], seconds["naive pandas"] / seconds["ours"]
    print(f"{n_persons:>9,} persons: " + ", ".join(f"{name} {one:.2f} s" for name, one in seconds.items()))
    floor = seconds["ours"] / seconds["scan"]
    print(
        f"{'':>9} {hand:.2f} x by hand (goal {HAND_GOAL}), {naive:.1f} x faster than naive pandas (goal {NAIVE_GOAL}),"
    )
    print(f"{'':>9} {floor:.1f} x the scan, peak {peak:.2f} GiB (goal {PEAK_GOAL_GIB})", flush=True)
    # the goals are those of the whole country: a small register is over before the query is planned
    is_met = n_persons < PERSONS or (hand <= HAND_GOAL and naive >= NAIVE_GOAL and peak < PEAK_GOAL_GIB)
    return is_met and (n_persons > SIZES[0] or measure_municipality(folder, profile))


def measure_municipality(folder: Path, profile) -> bool:
    """Print how the tables of a municipality in memory fare against pandas written by hand."""
    ours, hand = municipal(folder, profile)
    seconds = timed({"ours": ours, "by hand in pandas": hand}, 2 * ROUNDS + 1)
    ratio = seconds["ours"] / seconds["by hand in pandas"]
    print(f"{'':>9} in memory: {ratio:.2f} x pandas by hand (goal {PANDAS_GOAL})", flush=True)
    return ratio <= PANDAS_GOAL


def main() -> int:
    if sys.argv[1:2] == ["--alone"]:
        national(Path(sys.argv[2]), profile_of(Path(sys.argv[2])))
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2)
        return 0
    goals = []
    for n_persons in [int(size) for size in sys.argv[1:]] or SIZES:
        with tempfile.TemporaryDirectory() as folder:
            write_country(Path(folder), n_persons, SEED)
            goals.append(measure(Path(folder), n_persons))
    return 0 if all(goals) else 1


if __name__ == "__main__":
    sys.exit(main())
