"""The selection on one municipality and on all of Denmark against queries written by hand, run in turns.

    python benchmarks/selection.py [persons …]

Prints ratios for each register (40,000, 400,000 and 5.9 million persons when left out), how time grows with the
number of persons, and the peak of memory; the families, their reasons and their order are the same in all of them, or
it stops. Ratios are medians of the ratios of each turn. The rule: a parent on benefit, a child with an open case, and
either an adult in adult social care or high school absence. The registers are kept in ``_build/registers``.
"""

import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import polars as pl
from large import by_hand
from large.country import PERSONS, write_country

from helhed.profile import read_profile
from helhed.selection import select_families, select_national
from helhed.selection.national import National, national_of
from helhed.selection.register import Register
from helhed.selection.variants import with_value
from helhed.tables import tables as contracts

SIZES, ROUNDS, SEED, DAY = (40_000, 400_000, PERSONS), 3, 11, "2025-12-31"
KEPT = Path(__file__).parents[1] / "_build" / "registers"
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


def register_of(n_persons: int) -> Path:
    """Return the folder of a register of so many persons, written when it is not there yet."""
    folder = KEPT / f"{n_persons}-{SEED}"
    if not folder.is_dir():
        begun = folder.with_suffix(".begun")
        begun.mkdir(parents=True, exist_ok=True)
        write_country(begun, n_persons, SEED)
        begun.rename(folder)
    return folder


def timed(runs: dict[str, Callable[[], pd.DataFrame]], rounds: int = ROUNDS) -> dict[str, list[float]]:
    """Return the seconds of each, run in turns of which the first is not counted; all must find the same."""
    seconds, first = {name: [] for name in runs}, None
    for turn in range(rounds + 1):
        for name, run in runs.items():
            begin = time.perf_counter()
            found = run()
            if turn:
                seconds[name].append(time.perf_counter() - begin)
            if found is not None:
                first = found if first is None else first
                pd.testing.assert_frame_equal(found, first, obj=name)
    return seconds


def ratio(seconds: dict[str, list[float]], of: str, to: str) -> float:
    """Return the median of the ratios of each turn."""
    return statistics.median(one / other for one, other in zip(seconds[of], seconds[to], strict=True))


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


def measure(n_persons: int) -> tuple[float, bool]:
    """Print the ratios of one register; return the seconds it takes and whether every goal is met."""
    folder = register_of(n_persons)
    profile = profile_of(folder)
    runs = {
        "scan": lambda: scan(folder),
        "ours": lambda: told(national(folder, profile).families),
        "by hand in Polars": lambda: by_hand.polars_lazy(folder),
        "naive pandas": lambda: by_hand.pandas_naive(folder),
    }
    seconds, peak = timed(runs), peak_gib(folder)
    hand, naive = ratio(seconds, "ours", "by hand in Polars"), ratio(seconds, "naive pandas", "ours")
    medians = {name: statistics.median(each) for name, each in seconds.items()}
    print(f"{n_persons:>9,} persons: " + ", ".join(f"{name} {one:.2f} s" for name, one in medians.items()))
    print(
        f"{'':>9} {hand:.2f} x by hand (goal {HAND_GOAL}), {naive:.1f} x faster than naive pandas (goal {NAIVE_GOAL}),"
    )
    floor = ratio(seconds, "ours", "scan")
    print(f"{'':>9} {floor:.1f} x the scan, peak {peak:.2f} GiB (goal {PEAK_GOAL_GIB})", flush=True)
    # the goals are those of the whole country: a small register is over before the query is planned
    is_met = n_persons < PERSONS or (hand <= HAND_GOAL and naive >= NAIVE_GOAL and peak < PEAK_GOAL_GIB)
    return medians["ours"], is_met and (n_persons > SIZES[0] or measure_municipality(folder, profile))


def measure_municipality(folder: Path, profile) -> bool:
    """Print how the tables of a municipality in memory fare against pandas written by hand.

    The goal is for what both return: the families, their reasons and their order. The whole selection also counts
    departments and settles places and standings, which the query by hand does not.
    """
    tables = {name: pd.read_parquet(folder / f"{name}.parquet") for name in by_hand.COLUMNS}
    asked = {**tables, "enrolment": contracts()["enrolment"].empty()}
    runs = {
        "ours": lambda: told(national_of(Register(asked, profile, DAY)).families),
        "whole": lambda: told(select_families(asked, profile, DAY)),
        "by hand in pandas": lambda: by_hand.pandas_in_memory(tables),
    }
    seconds = timed(runs, 4 * ROUNDS)
    hand, whole = (ratio(seconds, name, "by hand in pandas") for name in ("ours", "whole"))
    print(f"{'':>9} in memory: {hand:.2f} x pandas by hand (goal {PANDAS_GOAL}), {whole:.2f} with places and standings")
    return hand <= PANDAS_GOAL


def print_growth(seconds: dict[int, float]) -> None:
    """Print how the time grows from each register to the next larger one."""
    sizes = sorted(seconds)
    for small, large in zip(sizes, sizes[1:], strict=False):
        persons, times = large / small, seconds[large] / seconds[small]
        print(f"{small:,} to {large:,} persons: {persons:.1f} x as many, {times:.1f} x the time")


def main() -> int:
    if sys.argv[1:2] == ["--alone"]:
        national(Path(sys.argv[2]), profile_of(Path(sys.argv[2])))
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2)
        return 0
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    found = {n_persons: measure(n_persons) for n_persons in sizes}
    print_growth({n_persons: seconds for n_persons, (seconds, _) in found.items()})
    return 0 if all(is_met for _, is_met in found.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
