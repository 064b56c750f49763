"""Our intake against pandas' readers on the same files, in turns in one process, and its memory in one of its own.

    python benchmarks/intake.py [size]

Four tasks; ``size`` (default 1) scales the rows of all of them.

1. A Danish CSV of a million rows by seven columns to a typed frame: our reading path (``read_csv`` and ``typed``, as
   ``read_municipality`` uses them, with every check of files, cells and limits) against ``pd.read_csv`` with the
   options that a Danish file needs. The two frames are equal, cell by cell.
2. An Excel sheet to a typed frame, against ``pd.read_excel`` with openpyxl; case numbers keep their zeros in both.
3. A municipality of 40,000 residents with 36 months of weekly benefits, about two million rows: ``read_municipality``
   with pseudonyms, families, linkage and all check rules, against the bare reading of the same files to typed frames
   with pandas' default reader, which checks nothing: what does not fit is dropped without a word. The ratio to
   pyarrow, the quickest bare reading that we know, is shown beside it.
4. The memory that task 3 adds at its peak to a process with all packages loaded, over the size of the typed frames.

Time is that of the processor, so that other programs on the machine count little; each is the median ratio of pairs
after one round to warm up. Every goal missed makes the exit code 1.
"""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
from large.files import COLUMNS, PRESET, write_large_csv, write_large_xlsx
from large.town import write_town
from recorded import record_ratio

from helhed.intake import read_municipality
from helhed.intake.exports.preset import Preset, presets
from helhed.intake.pseudonyms import Keyring
from helhed.intake.reading.readers import RawSheet, read_csv, read_xlsx
from helhed.intake.sources import typed
from helhed.profile import read_profile

ROUNDS, SEED, CSV_ROWS, XLSX_ROWS = 5, 1, 1_000_000, 40_000
GOAL_CSV, GOAL_XLSX, GOAL_TOWN, GOAL_MEMORY = 5, 8, 6, 6
KEYRING = Keyring(bytes(32))
_FORMATS = {"date": "%d-%m-%Y", "month": "%Y-%m", "week": "%G%V-%u"}


def our_frame(read: tuple[RawSheet | None, list]) -> pd.DataFrame:
    """Return a file that has been read as text as a typed frame, without the rows' places."""
    sheet, problems = read
    frame, met = typed(sheet, PRESET, KEYRING)
    if problems or met:
        raise AssertionError(f"{sheet.file} has no faults, but problems were found: {[*problems, *met][:3]}")
    return frame[list(COLUMNS.values())]


def pandas_csv(file: Path) -> pd.DataFrame:
    """Return the CSV as pandas reads it when told what a Danish file is like."""
    frame = pd.read_csv(
        file,
        sep=";",
        decimal=",",
        encoding="cp1252",
        dtype={"Sagsnummer": "str"},
        parse_dates=["Startdato", "Slutdato"],
        dayfirst=True,
    )
    return frame.rename(columns=COLUMNS)


def pandas_xlsx(file: Path) -> pd.DataFrame:
    """Return the sheet as pandas and openpyxl read it when told that case numbers are text."""
    return pd.read_excel(file, engine="openpyxl", dtype={"Sagsnummer": "str"}).rename(columns=COLUMNS)


def bare_frames(folder: Path, read: Callable[[Path, Preset], pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the used columns of all exports of a municipality, typed but not checked, by file."""
    frames = {}
    for file in sorted(folder.glob("*.csv")):
        preset = max((p for p in presets().values() if p.file and file.stem.startswith(p.file)), key=lambda p: p.file)
        frames[file.name] = read(file, preset)
    return frames


def bare_with_pandas(file: Path, preset: Preset) -> pd.DataFrame:
    """Return an export's used columns as pandas' default reader makes them; a column with a misfit comes as text."""
    used = {h.heading: h for h in preset.columns if h.to}
    texts = {name: "str" for name, h in used.items() if h.kind != "number"}
    frame = pd.read_csv(file, sep=";", decimal=",", encoding="utf-8", usecols=list(used), dtype=texts)
    for name, heading in used.items():
        if heading.kind in _FORMATS:
            frame[name] = _days(frame[name], heading.kind)
        elif heading.kind == "number" and frame[name].dtype == "str":
            frame[name] = pd.to_numeric(frame[name].str.replace(",", "."), errors="coerce")
    return frame.rename(columns={name: h.to for name, h in used.items()})


def bare_with_pyarrow(file: Path, preset: Preset) -> pd.DataFrame:
    """Return an export's used columns as quickly as we know how."""
    used = {h.heading: h for h in preset.columns if h.to}
    table = pa_csv.read_csv(
        file,
        read_options=pa_csv.ReadOptions(use_threads=False),
        parse_options=pa_csv.ParseOptions(delimiter=";"),
        convert_options=pa_csv.ConvertOptions(
            include_columns=list(used), column_types=dict.fromkeys(used, pa.large_string())
        ),
    )
    return pd.DataFrame({h.to: _as_kind(table[name], h.kind) for name, h in used.items()})


def _as_kind(cells: pa.ChunkedArray, kind: str) -> pd.Series:
    if kind == "number":
        fits = pc.match_substring_regex(cells, r"^[0-9]+(,[0-9]+)?$")
        return pc.replace_substring(pc.if_else(fits, cells, None), ",", ".").cast(pa.float64()).to_pandas()
    if kind in _FORMATS:
        codes, known = pd.factorize(cells.to_pandas())
        return pd.Series(np.append(_days(pd.Series(known), kind).to_numpy(), np.datetime64("NaT"))[codes])
    return cells.to_pandas()


def _days(texts: pd.Series, kind: str) -> pd.Series:
    return pd.to_datetime(texts + "-1" if kind == "week" else texts, format=_FORMATS[kind], errors="coerce")


def pairs(ours: Callable, other: Callable, rounds: int, check: Callable) -> tuple[float, float]:
    """Return the seconds of two ways, medians over the rounds; what they give is handed to ``check`` each time."""
    times: list[tuple[float, float]] = []
    for _ in range(rounds + 1):
        begin = time.process_time()
        own = ours()
        between = time.process_time()
        found = other()
        times.append((between - begin, time.process_time() - between))
        check(own, found)
    ratios = sorted(times[1:], key=lambda pair: pair[1] / pair[0])
    return ratios[len(ratios) // 2]


def same(own: pd.DataFrame, found: pd.DataFrame) -> None:
    """Stop unless two frames are equal cell by cell; the resolution of time stamps may differ."""
    units = {name: "datetime64[us]" for name in found.columns if found[name].dtype.kind == "M"}
    pd.testing.assert_frame_equal(own, found.astype(units), check_exact=True)


def csv_times(folder: Path, size: float) -> tuple[float, float]:
    """Return our time and pandas' for the CSV."""
    file = folder / "large.csv"
    write_large_csv(file, int(CSV_ROWS * size), SEED)
    return pairs(lambda: our_frame(read_csv(file, "cp1252")), lambda: pandas_csv(file), ROUNDS, same)


def xlsx_times(folder: Path, size: float) -> tuple[float, float]:
    """Return our time and that of pandas with openpyxl for the Excel sheet."""
    file = folder / "large.xlsx"
    write_large_xlsx(file, int(XLSX_ROWS * size), SEED)
    return pairs(lambda: our_frame(read_xlsx(file)), lambda: pandas_xlsx(file), ROUNDS, same)


def town_times(town: Path) -> tuple[float, float, float]:
    """Return the time of the whole intake, of the bare reading with pandas and of that with pyarrow."""
    profile, exports = read_profile(town), town / "exports"

    def all_rows_read(intake, frames) -> None:
        n_read = sum(a.n_rows for a in intake.assumed if a.file.endswith(".csv"))
        if n_read != sum(map(len, frames.values())):
            raise AssertionError("the two ways did not read the same rows")

    def by_pandas() -> dict[str, pd.DataFrame]:
        return bare_frames(exports, bare_with_pandas)

    begin = time.process_time()
    bare_frames(exports, bare_with_pyarrow)
    by_pyarrow = time.process_time() - begin
    return *pairs(lambda: read_municipality(profile), by_pandas, 3, all_rows_read), by_pyarrow


def measure_memory(town: Path) -> None:
    """Print the megabytes that the intake adds at its peak; run in a process of its own."""
    profile = read_profile(town)
    presets()
    before = _peak_kilobytes()
    intake = read_municipality(profile)
    print((_peak_kilobytes() - before) / 1024, len(intake.problems), sum(a.n_rows for a in intake.assumed))


def _peak_kilobytes() -> int:
    # ``ru_maxrss`` of a new process begins with what its parent used; Linux knows the process' own peak.
    own = Path("/proc/self/status")
    if own.exists():
        return next(int(line.split()[1]) for line in own.read_text().splitlines() if line.startswith("VmHWM"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def memory(town: Path) -> tuple[float, float, str]:
    """Return the megabytes added at the peak, the megabytes of the typed frames and what was read."""
    ran = subprocess.run([sys.executable, __file__, "--memory", str(town)], check=True, capture_output=True, text=True)
    added, n_problems, n_rows = ran.stdout.split()
    frames = bare_frames(town / "exports", bare_with_pyarrow)
    size = sum(frame.memory_usage(deep=True).sum() for frame in frames.values())
    return float(added), size / 2**20, f"{int(n_rows):,} rows, {int(n_problems):,} problems found"


def main() -> int:
    """Return 0 when every goal is met."""
    size = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write_town(folder / "town", SEED, size)
        rows = [("CSV, s", *csv_times(folder, size), GOAL_CSV, "faster than pandas")]
        rows.append(("Excel, s", *xlsx_times(folder, size), GOAL_XLSX, "faster than pandas and openpyxl"))
        own, by_pandas, by_pyarrow = town_times(folder / "town")
        beside = f"of the bare reading ({own / by_pyarrow:.1f} of that with pyarrow)"
        rows.append(("municipality, s", own, by_pandas, GOAL_TOWN, beside))
        added, of_frames, what = memory(folder / "town")
    rows.append(("memory, MB", added, of_frames, GOAL_MEMORY, "of the typed frames"))
    names = ("csv", "xlsx", "town", "memory")
    print(f"municipality: {what}")
    print(f"{'task':17}{'ours':>9}{'other':>9}{'ratio':>8}{'goal':>7}")
    missed = 0
    for name, (task, own, other, goal, meaning) in zip(names, rows, strict=True):
        is_limit = meaning.startswith("of")
        ratio = own / other if is_limit else other / own
        is_met = ratio <= goal if is_limit else ratio >= goal
        missed += not is_met
        sign = "<=" if is_limit else ">="
        if size == 1:
            record_ratio(name, ratio, goal, not is_limit)
        print(
            f"{task:17}{own:9.2f}{other:9.2f}{ratio:8.1f}{sign:>4}{goal:3} {'met' if is_met else 'MISSED'}: {meaning}"
        )
    return 1 if missed else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--memory"]:
        measure_memory(Path(sys.argv[2]))
    else:
        sys.exit(main())
