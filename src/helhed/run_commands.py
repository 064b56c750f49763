"""The commands that run municipalities, and those that compare, pack and repeat runs: calls and results in words."""

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from helhed.command_words import (
    ERR,
    LANG,
    OUT,
    Folder,
    Folders,
    Force,
    Lang,
    RunId,
    Workers,
    checked,
    finished_run,
    folder_of_run,
)
from helhed.errors import HelhedError, Problem, WrongCall
from helhed.texts import LANGUAGES, number, text

_BOTH = ",".join(LANGUAGES)
_ENGINES = ("local", "dask")


def _help(key: str) -> str:
    return text(f"runs.help_{key}", LANG)


Langs = Annotated[str, typer.Option("--lang", help=text("cli.help_langs", LANG))]
Resume = Annotated[bool, typer.Option("--resume", help=text("cli.help_resume", LANG))]


def add_run_commands(app: typer.Typer) -> None:
    """Add the commands to ``helhed``."""
    app.command(help=text("cli.help_run", LANG))(run)
    for command in (compare, pack, rerun, airflow):
        app.command(help=_help(command.__name__))(command)


def run(
    folders: Folders,
    lang: Langs = _BOTH,
    steps: Annotated[str, typer.Option(help=text("cli.help_steps", LANG))] = "",
    workers: Workers = 2,
    resume: Resume = False,
    force: Force = False,
    run_id: RunId = "",
    engine: Annotated[str, typer.Option(help=_help("engine"))] = "local",
    scheduler: Annotated[str, typer.Option(help=_help("scheduler"))] = "",
) -> None:
    """Run the steps for one or more municipalities."""
    from helhed.publishing.runner import STEPS, Order, steps_between

    _require_engine(engine, scheduler)
    langs = _checked_all(lang)
    chosen = steps_between(steps, langs[0]) if steps else STEPS
    is_old = resume or chosen[0] != STEPS[0]
    # A killed run of many has not begun with all of them: those begin now.
    may_be_new = chosen[0] == STEPS[0] and len(folders) > 1
    orders = []
    for folder in dict.fromkeys(folders):
        goes_on = is_old and not (may_be_new and not _has_run(folder, run_id))
        orders.append(Order(folder, _folder_to_run(folder, run_id, goes_on, force, langs[0]), langs, chosen, not force))
    run_orders(orders, workers, scheduler)


def run_orders(orders: list, workers: int, scheduler: str = "") -> None:
    """Run municipalities, show progress, and say at the end which finished and which did not, and why."""
    from helhed.publishing.progress import show_progress

    lang = orders[0].langs[0]
    started = time.monotonic()
    failures, n_reused = show_progress(_news(orders, workers, scheduler), orders, lang, OUT)
    total = number(sum(order.pieces for order in orders), lang)
    OUT.print(text("cli.elapsed", lang, seconds=number(time.monotonic() - started, lang)))
    if n_reused:
        OUT.print(text("cli.reused", lang, n=number(n_reused, lang), total=total))
    failed = {failure.folder for failure in failures}
    for order in orders:
        if str(order.municipality) not in failed:
            OUT.print(text("cli.run_done", lang, folder=order.run_dir))
    for failure in failures:
        if len(orders) > 1:
            ERR.print(f"{failure.folder}:")
        ERR.print(failure.message)
    if len(orders) > 1:
        _say_who_failed(failures, len(orders), lang)
    if failures:
        raise typer.Exit(max(failure.exit_code for failure in failures))


def _news(orders: list, workers: int, scheduler: str) -> Iterator:
    if scheduler:
        from helhed.publishing.cluster_run import run_on_cluster

        return run_on_cluster(orders, scheduler)
    from helhed.publishing.workers import run_all

    return run_all(orders, workers)


def _say_who_failed(failures: list, n: int, lang: str) -> None:
    if failures:
        names = ", ".join(failure.municipality for failure in failures)
        n_failed, total = number(len(failures), lang), number(n, lang)
        ERR.print(text("publishing.some_failed", lang, n=n_failed, total=total, names=names))
    else:
        OUT.print(text("publishing.all_succeeded", lang, total=number(n, lang)))


def compare(
    before: Annotated[Path, typer.Argument(help=_help("before"))],
    after: Annotated[Path, typer.Argument(help=_help("after"))],
    lang: Lang = LANG,
) -> None:
    """Say what changed between two runs, one sentence each."""
    from helhed.publishing.hand_over_pack import compare_runs
    from helhed.publishing.run_comparison import sentences

    for sentence in sentences(compare_runs(before, after, checked(lang)), lang):
        OUT.print(sentence)


def pack(
    folder: Folder,
    to: Annotated[Path | None, typer.Option(help=_help("to"))] = None,
    lang: Lang = LANG,
    run_id: RunId = "",
) -> None:
    """Put a run that has been let out into one file, with what is needed to run it again."""
    from helhed.profile import read_profile
    from helhed.publishing.hand_over_pack import write_pack

    profile = read_profile(folder, checked(lang))
    run_dir = finished_run(folder, run_id)
    file = write_pack(profile, run_dir, to or Path(f"{profile.slug}-{run_dir.name}.zip"), lang)
    OUT.print(text("runs.packed", lang, file=file))


def rerun(
    pack: Annotated[Path, typer.Argument(help=_help("pack_file"))],
    folder: Folder,
    lang: Lang = LANG,
    workers: Workers = 2,
) -> None:
    """Run a municipality's folder again as a pack says, and say whether the figures are the same."""
    from helhed.publishing.hand_over_pack import read_pack
    from helhed.publishing.run_comparison import sentences
    from helhed.publishing.runner import Order

    packed = read_pack(pack, checked(lang))
    order = Order(folder, folder / "runs" / f"rerun-{time.strftime('%Y-%m-%d-%H%M%S')}", packed.langs)
    run_orders([order], workers)
    found = packed.compared_with(order.run_dir, lang)
    for sentence in sentences(found, lang):
        OUT.print(sentence)
    OUT.print(text("runs.rerun_same" if found.has_same_figures else "runs.rerun_differs", lang))
    raise typer.Exit(0 if found.has_same_figures else 1)


def airflow(
    folders: Folders,
    to: Annotated[Path, typer.Option(help=_help("dag"))] = Path("helhed_dag.py"),
    schedule: Annotated[str, typer.Option(help=_help("schedule"))] = "@monthly",
    lang: Lang = LANG,
) -> None:
    """Write an Airflow DAG file that runs the municipalities and then builds the book."""
    from helhed.publishing.airflow_file import dag_text
    from helhed.publishing.run_folder import replace_file

    replace_file(to, dag_text(folders, schedule, checked(lang)).encode())
    OUT.print(text("runs.dag_written", lang, file=to))


def _require_engine(engine: str, scheduler: str) -> None:
    if engine not in _ENGINES:
        known = ", ".join(_ENGINES)
        raise WrongCall(Problem("runs.unknown_engine", value=engine, details={"known": known}), LANG)
    if (engine == "dask") != bool(scheduler):
        raise WrongCall(Problem("runs.engine_and_scheduler"), LANG)


def _has_run(folder: Path, run_id: str) -> bool:
    return any((folder / "runs").glob(f"{run_id or '*'}/manifest.json"))


def _folder_to_run(folder: Path, run_id: str, is_old: bool, force: bool, lang: str) -> Path:
    """Return the run to go on with: the one named, the newest, one that rests on the same files, or a new one."""
    from helhed.publishing.runner import unchanged_run

    if not (run_id or is_old or force):
        # A folder that cannot be read is told of by its run: the other municipalities are not kept waiting.
        with suppress(HelhedError):
            if same := unchanged_run(folder, lang):
                return same
    return folder_of_run(folder, run_id, is_old)


def _checked_all(langs: str) -> tuple[str, ...]:
    return tuple(checked(lang.strip()) for lang in langs.split(","))
