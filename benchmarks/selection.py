"""The selection on one municipality and on all of Denmark against queries written by hand, run in turns.

    python benchmarks/selection.py [persons …]

Prints the table of the guide: each register (40,000, 400,000 and 5.9 million persons when left out) with benefits as
spells, and the largest with benefits as monthly rows too (105 million for the whole country); then how time grows with
the number of persons. The families, their reasons and their order are the same in all ways of finding them, or it
stops. Ratios are medians of the ratios of each turn; the peak of memory is that of a process that does nothing else.
The rule: a parent on benefit, a child with an open case, and either an adult in adult social care or high school
absence. The registers are kept in ``_build/registers``: 1 GB, written in a few minutes.
"""

import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow.parquet as pq
from large import by_hand
from large.country import PERSONS, write_country
from large.monthly import write_monthly
from recorded import record_ratio

from helhed.profile import read_profile
from helhed.selection import select_families, select_national
from helhed.selection.national import National, national_of
from helhed.selection.register import Register
from helhed.selection.variants import with_value
from helhed.tables import tables as contracts

SIZES, ROUNDS, SEED, DAY = (40_000, 400_000, PERSONS), 3, 11, "2025-12-31"
KEPT = Path(__file__).parents[1] / "_build" / "registers"
HAND_GOAL, NAIVE_GOAL, PANDAS_GOAL, PEAK_GOAL_GIB = 1.3, 3.0, 1.5, 1.5
_PROFILE = """\
name: B
municipality_code: "0190"
model: furesoe
is_synthetic: true
settings:
  data.encoding: utf-8
"""
_HEADINGS = ("Persons", "Rows of benefits", "Scan s", "Rule s", "By hand", "Naive pandas", "Scan", "Peak GiB")


@dataclass(frozen=True)
class Measured:
    """What one register gave: medians of seconds, ratios, and the peak of memory."""

    n_persons: int
    n_benefit_rows: int
    scan_seconds: float
    seconds: float
    to_hand: float
    naive_to_ours: float | None
    to_scan: float
    peak_gib: float

    @property
    def is_met(self) -> bool:
        """Return whether the goals are met; they are those of the whole country: a small register is over too soon."""
        is_naive_met = self.naive_to_ours is None or self.naive_to_ours >= NAIVE_GOAL
        is_met = self.to_hand <= HAND_GOAL and is_naive_met and self.peak_gib < PEAK_GOAL_GIB
        return self.n_persons < PERSONS or is_met

    def row(self) -> str:
        """Return the row of the table."""
        naive = "–" if self.naive_to_ours is None else f"{self.naive_to_ours:.1f} x as long"
        cells = [f"{self.n_persons:,}", f"{self.n_benefit_rows:,}", f"{self.scan_seconds:.2f}", f"{self.seconds:.2f}"]
        cells += [f"{self.to_hand:.2f} x", naive, f"{self.to_scan:.1f} x", f"{self.peak_gib:.2f}"]
        return _row(cells)


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


def register_of(n_persons: int, is_monthly: bool = False) -> Path:
    """Return the folder of a register of so many persons, written when it is not there yet."""
    folder = KEPT / f"{n_persons}-{SEED}{'-monthly' if is_monthly else ''}"
    if not folder.is_dir():
        begun = folder.with_suffix(".begun")
        begun.mkdir(parents=True, exist_ok=True)
        if is_monthly:
            write_monthly(register_of(n_persons), begun, n_persons)
        else:
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


def own_peak_gib() -> float:
    """Return the most memory this process has taken.

    Linux tells it since the program began; `getrusage` begins with the memory of the process that started this one.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024**2
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def national(folder: Path, profile) -> National:
    """Run the rule on the register with Polars."""
    return select_national(folder, profile, DAY)


def measure(n_persons: int, is_monthly: bool = False) -> Measured:
    """Return what a register gives; nobody would hold the monthly rows of a country in pandas."""
    folder = register_of(n_persons, is_monthly)
    profile = profile_of(folder)
    runs = {
        "scan": lambda: scan(folder),
        "ours": lambda: told(national(folder, profile).families),
        "hand": lambda: by_hand.polars_lazy(folder),
    }
    runs |= {} if is_monthly else {"naive": lambda: by_hand.pandas_naive(folder)}
    seconds, peak = timed(runs), peak_gib(folder)
    return Measured(
        n_persons,
        pq.ParquetFile(folder / "benefit_spell.parquet").metadata.num_rows,
        statistics.median(seconds["scan"]),
        statistics.median(seconds["ours"]),
        ratio(seconds, "ours", "hand"),
        None if is_monthly else ratio(seconds, "naive", "ours"),
        ratio(seconds, "ours", "scan"),
        peak,
    )


def measure_municipality(n_persons: int) -> tuple[float, float]:
    """Return how the tables of a municipality in memory fare against pandas written by hand.

    First for what both return: the families, their reasons and their order; then the whole selection, which counts
    departments and settles places and standings as well.
    """
    folder = register_of(n_persons)
    profile = profile_of(folder)
    tables = {name: pd.read_parquet(folder / f"{name}.parquet") for name in by_hand.COLUMNS}
    asked = {**tables, "enrolment": contracts()["enrolment"].empty()}
    runs = {
        "ours": lambda: told(national_of(Register(asked, profile, DAY)).families),
        "whole": lambda: told(select_families(asked, profile, DAY)),
        "hand": lambda: by_hand.pandas_in_memory(tables),
    }
    seconds = timed(runs, 4 * ROUNDS)
    return ratio(seconds, "ours", "hand"), ratio(seconds, "whole", "hand")


def _row(cells: list[str] | tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def print_growth(measured: list[Measured]) -> None:
    """Print how the time grows from each register to the next larger one."""
    for small, large in zip(measured, measured[1:], strict=False):
        persons, times = large.n_persons / small.n_persons, large.seconds / small.seconds
        print(f"{small.n_persons:,} to {large.n_persons:,} persons: {persons:.1f} x as many, {times:.1f} x the time")


def main() -> int:
    if sys.argv[1:2] == ["--alone"]:
        national(Path(sys.argv[2]), profile_of(Path(sys.argv[2])))
        print(own_peak_gib())
        return 0
    sizes = sorted(int(size) for size in sys.argv[1:]) or SIZES
    print(_row(_HEADINGS), _row(["---:"] * len(_HEADINGS)), sep="\n", flush=True)
    found = []
    for n_persons, is_monthly in [*((size, False) for size in sizes), (sizes[-1], True)]:
        found.append(measure(n_persons, is_monthly))
        print(found[-1].row(), flush=True)
    print(f"Goals for the whole country: {HAND_GOAL} x by hand, naive pandas {NAIVE_GOAL:g} x, {PEAK_GOAL_GIB} GiB.")
    print_growth(found[:-1])
    ours, whole = measure_municipality(sizes[0])
    print(
        f"In memory, {sizes[0]:,} persons: {ours:.2f} x pandas by hand; {whole:.2f} x with places and standings "
        f"(goal {PANDAS_GOAL})."
    )
    if sizes == SIZES:
        _record(found[-2], ours, whole)
    return 0 if all(one.is_met for one in found) and max(ours, whole) <= PANDAS_GOAL else 1


def _record(country: Measured, ours: float, whole: float) -> None:
    record_ratio("national_by_hand", country.to_hand, HAND_GOAL, is_at_least=False)
    record_ratio("national_naive", country.naive_to_ours, NAIVE_GOAL, is_at_least=True)
    record_ratio("national_memory", country.peak_gib, PEAK_GOAL_GIB, is_at_least=False)
    record_ratio("municipal", ours, PANDAS_GOAL, is_at_least=False)
    record_ratio("municipal_whole", whole, PANDAS_GOAL, is_at_least=False)


if __name__ == "__main__":
    sys.exit(main())
