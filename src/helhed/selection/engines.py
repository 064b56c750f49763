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
from helhed.selection.sources import COLUMNS

#: Tables that a register may hold; those that a rule does not ask for are never read.
TABLES = tuple(COLUMNS)
_NEEDED = ("person", "family_member")


@dataclass(frozen=True)
class Engine:
    """How an engine is started, reads a table and brings rows into memory.

    With ``has_days`` columns of time stamps become columns of days; without it only when some table has days.
    """

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
        ``polars``, ``duckdb``, ``dask`` or ``spark``.
    scheduler
        Address of a running Dask scheduler, or the master of Spark; on this machine when left out.

    Raises
    ------
    WrongCall
        If the engine is not known or not installed, if a scheduler is given to an engine that has none or does not
        answer, if the folder lacks the table of persons or of family members, or if a table cannot be read.
    """
    chosen, files = _engine(engine, scheduler), _files(Path(folder))
    session = _connected(chosen, scheduler)
    try:
        frames = {name: _lazy(chosen, session, file) for name, file in files.items()}
        _require_columns(frames)
        has_days = chosen.has_days or any(nw.Date in frame.collect_schema().values() for frame in frames.values())
        frames = {name: _with_days(frame) for name, frame in frames.items()} if has_days else frames
        yield Register(frames, profile, as_of, _day if has_days else midnight, chosen.collect)
    finally:
        if hasattr(session, "close"):
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


def _connected(engine: Engine, scheduler: str | None) -> Any:
    try:
        return engine.connect(scheduler)
    except Exception as fault:  # each engine has faults of its own
        if scheduler is None:
            raise
        raise WrongCall(Problem("selection.no_scheduler_there", value=scheduler)) from fault


def _lazy(engine: Engine, session: Any, file: str) -> nw.LazyFrame:
    try:
        with warnings.catch_warnings():
            # narwhals 2 announces that Dask moves to a package of its own; it works with the versions that are pinned
            warnings.filterwarnings("ignore", "Dask support is moving", FutureWarning)
            frame = nw.from_native(engine.read(session, file))
        frame.collect_schema()
    except Exception as fault:  # each engine has faults of its own
        raise WrongCall(Problem("selection.national_table_unreadable", value=file)) from fault
    return frame


def _require_columns(frames: dict[str, nw.LazyFrame]) -> None:
    kinds = {name: frame.collect_schema() for name, frame in frames.items()}
    lacking = [
        Problem("selection.national_column_missing", file=f"{name}.parquet", column=column, value=column)
        for name, there in kinds.items()
        for column in COLUMNS[name]
        if column not in there
    ]
    texts = [
        Problem("selection.national_column_not_days", file=f"{name}.parquet", column=column, value=column)
        for name, there in kinds.items()
        for column in COLUMNS[name]
        if (column.endswith("_date") or column == "month") and there.get(column) == nw.String
    ]
    if lacking or texts:
        raise WrongCall(lacking + texts)


def _with_days(frame: nw.LazyFrame) -> nw.LazyFrame:
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
    "polars": Engine("polars", _nothing, _scan_polars, _collect_polars, has_days=False),
    "duckdb": Engine("duckdb", _connect_duckdb, lambda session, file: session.read_parquet(file), _collect_arrow),
    "dask": Engine("distributed", _connect_dask, _read_dask, _collect_pandas, has_days=False),
    "spark": Engine("pyspark", _connect_spark, lambda session, file: session.read.parquet(file), _collect_arrow),
}
_WITH_SCHEDULER = ("dask", "spark")
