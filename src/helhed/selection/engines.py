"""Engines for registers that outgrow one municipality: the same expressions on Polars, DuckDB, Dask or PySpark.

An engine is loaded only when it is asked for; the extra ``scale`` installs them all.
"""

import importlib
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import narwhals as nw

from helhed.errors import Problem, WrongCall
from helhed.profile import Profile
from helhed.selection.register import Register, midnight

#: Tables that a register may hold; those that a rule does not ask for are never read.
TABLES = (
    "person",
    "family_member",
    "benefit_spell",
    "child_case",
    "measure",
    "absence",
    "enrolment",
    "employment",
    "health",
    "housing",
    "registration",
    "leisure",
    "daycare",
)
_NEEDED = ("person", "family_member")


@dataclass(frozen=True)
class Engine:
    """How an engine is started, reads a table and brings rows into memory."""

    module: str
    connect: Callable[[str | None], Any]
    read: Callable[[Any, str], Any]
    collect: Callable[[Any], nw.DataFrame]
    has_days: bool = True


@contextmanager
def open_register(
    folder: Path | str, profile: Profile, as_of, engine: str = "polars", scheduler: str | None = None
) -> Iterator[Register]:
    """Open a folder of canonical tables as a register held by an engine; only what is asked for is ever read.

    Parameters
    ----------
    folder
        Holds ``<table>.parquet``, a file or a folder of files, for each canonical table there is.
    profile, as_of
        As for `helhed.selection.select_families`.
    engine
        ``polars``, ``duckdb``, ``dask`` or ``pyspark``.
    scheduler
        Address of a running Dask scheduler, or the master of Spark; on this machine when left out.

    Raises
    ------
    WrongCall
        If the engine is not known or not installed, if a scheduler is given to an engine that has none, or if the
        folder lacks the table of persons or of family members.
    """
    chosen, files = _engine(engine, scheduler), _files(Path(folder))
    session = chosen.connect(scheduler)
    try:
        frames = {name: _with_days(chosen.read(session, file), chosen) for name, file in files.items()}
        literal = _day if chosen.has_days else midnight
        yield Register(frames, profile, as_of, literal, chosen.collect)
    finally:
        if scheduler is None and hasattr(session, "close"):
            session.close()


def _engine(name: str, scheduler: str | None) -> Engine:
    if name not in ENGINES:
        raise WrongCall(Problem("selection.unknown_engine", value=name, details={"engines": ", ".join(ENGINES)}))
    if scheduler is not None and name not in _WITH_SCHEDULER:
        details = {"engines": ", ".join(_WITH_SCHEDULER)}
        raise WrongCall(Problem("selection.engine_without_scheduler", value=name, details=details))
    try:
        importlib.import_module(ENGINES[name].module)
    except ImportError as missing:
        raise WrongCall(Problem("selection.engine_missing", value=name)) from missing
    return ENGINES[name]


def _files(folder: Path) -> dict[str, str]:
    files = {name: folder / f"{name}.parquet" for name in TABLES}
    lacking = [name for name in _NEEDED if not files[name].exists()]
    if lacking:
        raise WrongCall([Problem("selection.national_table_missing", value=f"{name}.parquet") for name in lacking])
    return {
        name: str(file / "*.parquet") if file.is_dir() else str(file) for name, file in files.items() if file.exists()
    }


def _day(day: date) -> date:
    return day


def _with_days(native: Any, engine: Engine) -> nw.LazyFrame:
    with warnings.catch_warnings():
        # narwhals 2 announces that Dask moves to a package of its own; it works with the versions that are pinned
        warnings.filterwarnings("ignore", "Dask support is moving", FutureWarning)
        frame = nw.from_native(native)
    if not engine.has_days:
        return frame
    stamps = [name for name, kind in frame.collect_schema().items() if kind == nw.Datetime]
    return frame.with_columns(*(nw.col(name).cast(nw.Date) for name in stamps)) if stamps else frame


def _nothing(_scheduler: str | None) -> None:
    return None


def _scan_polars(_session: None, file: str) -> Any:
    import polars

    return polars.scan_parquet(file)


def _collect_polars(frame: nw.LazyFrame) -> nw.DataFrame:
    # the streaming engine works in batches and keeps the peak of memory down
    return frame.collect(engine="streaming")


def _connect_duckdb(_scheduler: str | None) -> Any:
    import duckdb

    return duckdb.connect()


def _collect_arrow(frame: nw.LazyFrame) -> nw.DataFrame:
    return frame.collect(backend="pyarrow")


def _connect_dask(scheduler: str | None) -> Any:
    from distributed import Client

    return Client(scheduler, set_as_default=True) if scheduler else None


def _read_dask(_session: Any, file: str) -> Any:
    import dask.dataframe

    return dask.dataframe.read_parquet(file)


def _collect_pandas(frame: nw.LazyFrame) -> nw.DataFrame:
    return frame.collect(backend="pandas")


def _connect_spark(scheduler: str | None) -> Any:
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(scheduler) if scheduler else SparkSession.builder
    return builder.appName("helhed").getOrCreate()


ENGINES = {
    "polars": Engine("polars", _nothing, _scan_polars, _collect_polars),
    "duckdb": Engine("duckdb", _connect_duckdb, lambda session, file: session.read_parquet(file), _collect_arrow),
    "dask": Engine("distributed", _connect_dask, _read_dask, _collect_pandas, has_days=False),
    "pyspark": Engine("pyspark", _connect_spark, lambda session, file: session.read.parquet(file), _collect_arrow),
}
_WITH_SCHEDULER = ("dask", "pyspark")
