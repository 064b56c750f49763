"""Carries a municipality through the steps: one process per notebook, resumable, nothing half-written."""

import json
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from helhed.engine.side_by_side import side_by_side
from helhed.errors import HelhedError, Problem, WrongCall
from helhed.kit_files import folder as kit_folder
from helhed.profile import Profile, read_profile
from helhed.publishing.checking import check_municipality
from helhed.publishing.disk import as_disk_problem
from helhed.publishing.fault_report import write_fault_report
from helhed.publishing.inputs import code_hash, rests_on, seeds, settings_in_force, versions
from helhed.publishing.manifest import Manifest
from helhed.publishing.notebook_run import run_notebook
from helhed.publishing.other_run import require_other_run
from helhed.publishing.run_folder import FOR_PLANS, PLANS, RunFolder, clear_leftovers, replace_file
from helhed.publishing.run_lock import held
from helhed.publishing.staffing_start import GROUP, card_settings
from helhed.publishing.taking_in import take_in_corrections
from helhed.selection import read_rule
from helhed.texts import catalogue, text

#: The steps in the only order in which they make sense, each with the earlier ones of whose results it reads something;
#: each is the name of a notebook.
READS = {
    "0_check_data": (),
    "1_select_target_group": ("0_check_data",),
    "2_staff_coordinators": ("0_check_data", "1_select_target_group"),
    "3_make_family_plans": ("0_check_data", "2_staff_coordinators"),
    "4_monitor_indicators": ("0_check_data", "1_select_target_group"),
    "5_evaluate_and_account": ("0_check_data",),
    "6_decide": (
        "0_check_data",
        "1_select_target_group",
        "2_staff_coordinators",
        "3_make_family_plans",
        "4_monitor_indicators",
        "5_evaluate_and_account",
    ),
}
STEPS = tuple(READS)

#: The step that may rest on another municipality's run.
COMPARES = STEPS[5]


@dataclass(frozen=True)
class Order:
    """What one municipality's run shall do."""

    municipality: Path
    run_dir: Path
    langs: tuple[str, ...] = ("da", "en")
    steps: tuple[str, ...] = STEPS
    reuse: bool = False
    #: How many of its notebooks may run at once.
    at_once: int = 1

    @property
    def notebooks(self) -> list[tuple[str, str]]:
        """Return what the order runs, each a step in a language, in the order in which they begin."""
        return [(step, lang) for step in self.steps for lang in self.langs]

    @property
    def pieces(self) -> int:
        """Return how many notebooks the order runs."""
        return len(self.notebooks)


@dataclass(frozen=True)
class Progress:
    """One notebook that starts or has finished, for the progress bar."""

    municipality: str
    step: str
    lang: str
    is_finished: bool
    is_reused: bool = False
    folder: str = ""


@dataclass(frozen=True)
class Failure:
    """Why a municipality's run stopped, as one plain message, and the exit code that goes with it."""

    municipality: str
    message: str
    exit_code: int
    folder: str = ""


def failed(order: Order, message: str, exit_code: int) -> Failure:
    """Return why an order's run stopped."""
    return Failure(order.municipality.name, message, exit_code, str(order.municipality))


Report = Callable[[Progress], None]


def run_municipality(order: Order, report: Report, warm: str = "") -> None:
    """Run one municipality's notebooks in each language, in forks of the ``warm`` process where there is one.

    A notebook begins when those it reads from have finished (see `READS`), ``at_once`` of them side by side.

    With ``reuse`` a notebook that has finished on the same inputs, settings and versions is not run again if what it
    made is still there unchanged; otherwise every notebook is run. If inputs, settings or versions have changed, what
    was made from the old ones is removed and the run starts over. A run of later steps alone stops then and says what
    has changed.

    Raises
    ------
    HelhedError
        What stopped the run; the manifest keeps the message, finished steps stay finished. `WrongCall` if another run
        is going on in the same folder.
    """
    profile = read_profile(order.municipality, order.langs[0])
    read_rule(profile, order.langs[0])
    if COMPARES in order.steps:
        require_other_run(profile, order.langs[0])
    with held(order.municipality, order.langs[0]):
        clear_leftovers(order.municipality, order.municipality / "check")
        if take_in_corrections(profile, order.langs[0]):
            # What was typed has been moved to the log; the list is written anew, as a check does.
            check_municipality(order.municipality, order.langs[0])
    try:
        with held(order.run_dir, order.langs[0]):
            RunFolder(order.run_dir).clear_leftovers()
            (order.run_dir / "error_report.txt").unlink(missing_ok=True)
            _run_steps(order, profile, report, warm)
    finally:
        # A run that was refused before it began leaves nothing: only an empty folder can be taken away.
        with suppress(OSError):
            order.run_dir.rmdir()


def _run_steps(order: Order, profile: Profile, report: Report, warm: str) -> None:
    manifest, folder = _open_manifest(order, profile), str(order.municipality)
    reused = _reused(order, manifest)

    def work(notebook: tuple[str, str]) -> None:
        if notebook not in reused:
            _run_step(order, manifest, *notebook, warm)

    # Kernels that are not forked from a warm process are run one after another: each has much to load.
    at_once = order.at_once if warm else 1
    try:
        for notebook, is_finished in side_by_side(order.notebooks, partial(_needed, order), work, at_once):
            is_reused = notebook in reused and is_finished
            if is_finished and not is_reused:
                _write_card(order.run_dir, profile)
            report(Progress(profile.name, *notebook, is_finished, is_reused, folder))
    except HelhedError as error:
        if error.where:
            replace_file(order.run_dir / "error_report.txt", "\n".join(error.where).encode())
        raise


def _needed(order: Order, notebook: tuple[str, str]) -> set[tuple[str, str]]:
    """Return what must be finished before a step is run in a language.

    The first language hands over; in the others the same tables are made once more, to the byte.
    """
    step, lang = notebook
    first = order.langs[0]
    before = {(read, each) for read in READS[step] for each in (first, lang)}
    return before if lang == first else before | {(step, first)}


def _reused(order: Order, manifest: Manifest) -> set[tuple[str, str]]:
    """Return the steps that are not run again: finished, unchanged, and before every one that is run."""
    reused: set[tuple[str, str]] = set()
    for step in order.steps if order.reuse else ():
        finished = {(step, lang) for lang in order.langs if _is_finished(order, manifest, step, lang)}
        reused |= finished
        # What a step hands over is read by later ones.
        if not finished:
            break
    return reused


def unchanged_run(municipality: Path, lang: str) -> Path | None:
    """Return the newest run of a municipality that rests on its present files, settings and versions, if any."""
    profile = read_profile(municipality, lang)
    for record in sorted((municipality / "runs").glob("*/manifest.json"), key=_written_at, reverse=True):
        manifest = Manifest(record.parent)
        if manifest.content["steps"] and not manifest.differences(_facts(profile, record.parent, lang)):
            return record.parent
    return None


def _written_at(file: Path) -> float:
    return file.stat().st_mtime


def _is_finished(order: Order, manifest: Manifest, step: str, lang: str) -> bool:
    made = manifest.made(step, lang)
    return manifest.is_done(step, lang) and RunFolder(order.run_dir).is_as_made(made)


def is_complete(run: RunFolder, langs: tuple[str, ...], steps: tuple[str, ...] = STEPS) -> bool:
    """Return whether the steps of a run have finished in every one of the languages."""
    manifest = Manifest(run.path)
    return all(manifest.is_done(step, lang) for step in steps for lang in langs)


def run_and_report(order: Order, report: Report, warm: str = "") -> Failure | None:
    """Run one municipality's notebooks as `run_municipality` does; return why it stopped, or None."""
    try:
        run_municipality(order, report, warm)
    except HelhedError as error:
        return failed(order, str(error), error.exit_code)
    except Exception as error:
        number = error.errno if isinstance(error, OSError) else None
        if ours := as_disk_problem(number, str(order.run_dir), order.langs[0]):
            return failed(order, str(ours), ours.exit_code)
        # One municipality's fault must not hide what happened to the others.
        facts = {"error": type(error).__name__, "municipality": order.municipality.name}
        facts["file"] = str(write_fault_report(error, order.run_dir))
        return failed(order, text("publishing.our_fault", order.langs[0], **facts), 3)
    return None


def _open_manifest(order: Order, profile: Profile) -> Manifest:
    manifest = Manifest(order.run_dir)
    facts = _facts(profile, order.run_dir, order.langs[0])
    changed = manifest.differences(facts)
    if order.steps[0] == PLANS and all(name.startswith(FOR_PLANS) for name in changed):
        # No earlier step reads a template, an office's form or a kept plan, and the plans are about to be made anew.
        manifest.go_on(facts)
        return manifest
    if changed and order.steps[0] != STEPS[0]:
        # What the later steps would read rests on something else: nothing is removed, and nothing is mixed.
        details = {"step": order.steps[0], "changed": _named(changed, order.langs[0])}
        raise WrongCall(Problem("publishing.rests_on_others", details=details), order.langs[0])
    if changed:
        for made in ("private", "public", "notebooks"):
            shutil.rmtree(order.run_dir / made, ignore_errors=True)
    manifest.start(facts)
    return manifest


def _facts(profile: Profile, run_dir: Path, lang: str) -> dict:
    """Return everything that the numbers of a run rest on."""
    return {
        "municipality": profile.name,
        "run": run_dir.name,
        **rests_on(profile, lang),
        "settings": settings_in_force(profile),
        "seeds": seeds(profile),
        "year": profile.year,
        "settings_year": profile.settings_year,
        "versions": versions(),
        "code": code_hash(),
    }


def _named(changed: list[str], lang: str) -> str:
    """Return the names of changed facts in words; files and settings have their own names."""
    known = catalogue()
    words = [text(f"publishing.fact_{name}", lang) if f"publishing.fact_{name}" in known else name for name in changed]
    return ", ".join(words)


def _write_card(run_dir: Path, profile: Profile) -> None:
    """Write what the book must know of the municipality; there is none before a step has finished."""
    card = {
        "name": profile.name,
        "slug": profile.slug,
        "code": profile.municipality_code,
        "model": profile.model,
        "is_synthetic": profile.is_synthetic,
        GROUP: card_settings(profile),
    }
    replace_file(run_dir / "public" / "run.json", json.dumps(card, ensure_ascii=False, sort_keys=True).encode())


def _run_step(order: Order, manifest: Manifest, step: str, lang: str, warm: str) -> None:
    run = RunFolder(order.run_dir)
    parameters = {"municipality": str(order.municipality), "run_dir": str(order.run_dir), "lang": lang}
    manifest.record(step, lang, state="running")
    try:
        run_notebook(kit_folder("notebooks") / f"{step}.ipynb", run.notebook(step, lang), parameters, warm)
    except HelhedError as error:
        manifest.record(step, lang, state="stopped", message=str(error))
        raise _placed(error, order, step, lang) from None
    manifest.record(step, lang, state="done", rows=run.rows(step), made=run.made(step, lang), **run.facts(step))


def _placed(error: HelhedError, order: Order, step: str, lang: str) -> HelhedError:
    """Return the error with municipality and step in front of its message."""
    head = Problem("publishing.stopped_at", details={"municipality": order.municipality.name, "step": step})
    error.args = (f"{head.message(lang)}\n{error}",)
    return error


def steps_between(chosen: str, lang: str) -> tuple[str, ...]:
    """Return the steps that a choice such as ``1-3`` or ``4`` names.

    Examples
    --------
    >>> steps_between("1-2", "en")
    ('1_select_target_group', '2_staff_coordinators')
    """
    first, _, last = chosen.partition("-")
    try:
        steps = STEPS[int(first) : int(last or first) + 1]
    except ValueError:
        steps = ()
    if not steps:
        raise WrongCall(Problem("publishing.unknown_steps", value=chosen, details={"last": len(STEPS) - 1}), lang)
    return steps
