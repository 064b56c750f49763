"""Makes the plans of a municipality's families from a finished run: versions, documents, web pages and calendars.

::

    <municipality>/plans/versions/<family>/version-0001.json    every version there ever was
    <municipality>/plans/<lang>/<kind>/<family>.docx            (.pdf, .html, .ics)

The folders of a language carry its names (`helhed.texts.document_name`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pandas as pd

from helhed.errors import SEVERITIES, HelhedError, Problem, WrongCall
from helhed.plan import assemble_plans
from helhed.plan.calendar_files import calendar_of
from helhed.plan.documents import Template, family_files, readers_by_name, template_of
from helhed.plan.family_page import Wording
from helhed.plan.fields import KINDS
from helhed.plan.findings import find, words
from helhed.plan.html_pages import WEB_KINDS, web_page
from helhed.plan.model import FamilyPlan
from helhed.plan.views import FAMILY, MEETING
from helhed.plan.wording import reading_score
from helhed.profile import Profile, read_profile
from helhed.publishing.disk import as_file_problem
from helhed.publishing.inputs import rests_on
from helhed.publishing.plan_editing import Editor, PlanStore
from helhed.publishing.run_folder import RunFolder, replace_file
from helhed.publishing.sector_forms import n_unread, sent_in_words, sent_lines
from helhed.texts import LANGUAGES, document_name, number, text

_TABLES = ("plan_line", "measure", "family_member", "person", "enrolment", "meeting", "child_case")
#: The LIX above which the family's page is warned about.
LIX_WARNING = 35


@dataclass(frozen=True)
class Making:
    """What to make: kinds of documents, language, and who changed the plans when."""

    lang: str
    role: str
    day: date
    kinds: tuple[str, ...] = tuple(KINDS)
    has_web: bool = False
    #: Person id to name; only ever given on the municipality's own machine.
    names: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Made:
    """What came of one family's plan: its files, its version, its reading score; or why it could not be made."""

    family: str
    files: tuple[Path, ...] = ()
    version: int = 0
    is_new: bool = False
    lix: float | None = None
    failure: str = ""
    #: What to look at in the plan although it was made.
    notes: tuple[str, ...] = ()


def plans_of_run(profile: Profile, run: RunFolder, lang: str) -> tuple[dict[str, FamilyPlan], str]:
    """Return the plan of every enrolled family, from the hand-overs of steps 0 and 2 and the offices' plans.

    Beside it the sentence on forms of the offices that could not be read; empty when all could.
    """
    tables = tables_of_run(profile, run, lang)
    sent = sent_lines(profile, tables, lang)
    plans = assemble_plans(sent.into(tables), profile, profile["data.to_date"])
    return plans, sent_in_words(sent, lang) if n_unread(sent) else ""


def tables_of_run(profile: Profile, run: RunFolder, lang: str) -> dict[str, pd.DataFrame]:
    """Return the tables that plans are assembled from: the finished hand-overs of steps 0 and 2."""
    basis = rests_on(profile, lang)
    tables = {name: run.read_table("0_check_data", name, basis, lang) for name in _TABLES}
    return tables | {"assignment": run.read_table("2_staff_coordinators", "assignment", basis, lang)}


def chosen_plans(plans: dict[str, FamilyPlan], families: Iterable[str], lang: str) -> dict[str, FamilyPlan]:
    """Return the plans of the named families, all of them if none is named; `WrongCall` for one that has no plan."""
    wanted = list(families) or list(plans)
    unknown = [family for family in wanted if family not in plans]
    if unknown:
        problems = [Problem("plan_documents.no_such_family", value=family) for family in unknown]
        raise WrongCall(problems, lang)
    return {family: plans[family] for family in wanted}


def make_plans(plans: dict[str, FamilyPlan], profile: Profile, making: Making) -> Iterator[Made]:
    """Make the files of each family's plan, one after the other, and say what came of it.

    A plan that cannot be made stops nobody else's. Templates are checked first, once: a template that cannot be used
    stops everything before anything is written.
    """
    templates = {name: template_of(name, making.lang, profile.folder) for name in making.kinds}
    folder = profile.folder / "plans"
    for family, plan in plans.items():
        try:
            yield _made(plan, profile, making, templates, folder)
        except HelhedError as error:
            yield Made(family, failure=str(error))
        except Exception as error:
            if isinstance(error, OSError) and (refused := as_file_problem(error, making.lang)):
                raise refused from error
            # One family's plan must not stop the others; the kind of error holds nothing about the family.
            yield Made(family, failure=text("plan_documents.not_made", making.lang, error=type(error).__name__))


def _made(plan: FamilyPlan, profile: Profile, making: Making, templates: dict[str, Template], folder: Path) -> Made:
    store = PlanStore(profile)
    known = store.versions.numbers(plan.family_id)
    kept, notes = store.brought_up(plan, Editor(making.lang, making.role, making.day, making.names))
    kept = replace(kept, made_date=making.day)
    wording = Wording(profile, making.lang, making.names)
    before = store.versions.before(kept, making.lang)
    contents = dict(family_files(kept, wording, templates, before))
    contents[f"calendar/{kept.family_id}.ics"] = calendar_of(kept, FAMILY, wording)
    contents[f"invitation/{kept.family_id}.ics"] = calendar_of(kept, MEETING, wording)
    for name in (name for name in WEB_KINDS if making.has_web and name in making.kinds):
        page = web_page(KINDS[name], kept, wording, before)
        contents[f"{KINDS[name].folder}/{kept.family_id}.html"] = page.encode()
    files = tuple(folder / making.lang / document_name(name, making.lang) for name in contents)
    _remove_outdated(kept, files, store, making)
    for file, content in zip(files, contents.values(), strict=True):
        replace_file(file, content)
    score = reading_score(kept, wording)
    said = tuple(note.line(making.lang) for note in (*notes, *_older_documents(kept, folder.parent)))
    return Made(kept.family_id, files, kept.version, kept.version not in known, score, notes=said)


@cache
def _made_folders() -> frozenset[str]:
    """Return the names of the folders with documents made of a plan; the forms that people edit are not among them."""
    made = {kind.folder for kind in KINDS.values()} | {"calendar", "invitation", "fhir"}
    return frozenset(document_name(name, lang) for name in made for lang in LANGUAGES)


def _remove_outdated(plan: FamilyPlan, files: tuple[Path, ...], store: PlanStore, made: Making) -> None:
    """Remove a family's documents that are not made again and may show what it no longer shares.

    In the language that is made now, that is everything else: an extract no longer consented to, an old PDF. In the
    other languages, what was made before the newest version or before a consent began or ended, and extracts that are
    not made any more.
    """
    readers = readers_by_name(plan.family_id)
    made_for = {readers.get(file.stem) for file in files}
    since = store.versions.written(plan)
    for folder in (store.folder / lang / name for lang in LANGUAGES for name in _made_folders()):
        is_now = folder.parent.name == made.lang
        for found in folder.glob(f"{plan.family_id}*") if folder.is_dir() else ():
            is_own = found.stem in readers and found not in files
            if is_own and (is_now or readers[found.stem] not in made_for or _is_before(found, since, plan)):
                found.unlink()


def _is_before(file: Path, since: float, plan: FamilyPlan) -> bool:
    """Return whether a file was written before a moment, or before a day on which a consent began or ended."""
    written = file.stat().st_mtime
    begun = [one.from_date for one in plan.consents if one.from_date and one.from_date <= plan.consent_day]
    return written < since or date.fromtimestamp(written) < max([*begun, *_ends(plan)], default=date.min)


def _ends(plan: FamilyPlan) -> list[date]:
    """Return the days from which a consent of the plan no longer counts, as far as they have come."""
    days = [one.withdrawn_date for one in plan.consents if one.withdrawn_date]
    days += [one.to_date + timedelta(days=1) for one in plan.consents if one.to_date]
    return [day for day in days if day <= plan.consent_day]


def _older_documents(plan: FamilyPlan, folder: Path) -> Iterator[Problem]:
    """Return a note on documents in the runs' folders that were made before a consent ended: a run is never changed."""
    ended = max(_ends(plan), default=date.min)
    made = folder.glob(f"runs/*/private/3_make_family_plans/documents/*/*/{plan.family_id}*")
    old = [file for file in made if date.fromtimestamp(file.stat().st_mtime) <= ended]
    if old:
        runs = sorted({file.relative_to(folder).parts[1] for file in old})
        details = {lang: number(len(old), lang) for lang in LANGUAGES}
        yield Problem("plan_documents.older_documents", "should_fix", value=", ".join(runs), details={"n": details})


#: Where the documents of plans lie in a municipality's folder: those made with the command, and those of each run.
_MADE_PLACES = ("plans/*/{folder}/*", "runs/*/private/3_make_family_plans/documents/*/{folder}/*")


def left_behind(families: Iterable[str], folder: Path) -> Iterator[Problem]:
    """Return a note for each family that is not in the programme and whose plan's documents still lie in the folder.

    They are told and not removed: what belongs to a case is kept or deleted after the municipality's own rules, and a
    run shows what was made on its day.

    Parameters
    ----------
    families
        The families in the programme now.
    """
    inside, found, endings = set(families), {}, readers_by_name("")
    for place in (one.format(folder=name) for one in _MADE_PLACES for name in sorted(_made_folders())):
        for file in sorted(folder.glob(place)):
            family = file.stem.removesuffix(max(filter(file.stem.endswith, endings), key=len))
            if family not in inside:
                found.setdefault(family, []).append(file.parent.parent.relative_to(folder))
    for family, places in sorted(found.items()):
        details = {lang: number(len(places), lang) for lang in LANGUAGES}
        where = ", ".join(sorted({place.as_posix() for place in places}))
        yield Problem("plan_documents.left_behind", "note", value=family, details={"n": details, "where": where})


def findings_lines(plans: dict[str, FamilyPlan], profile: Profile, lang: str) -> list[tuple[str, str, str, str]]:
    """Return (family, severity, finding, question) in words for every finding, the gravest of each family first."""
    rows = []
    for family, plan in plans.items():
        for rule, found in sorted(find(plan, profile), key=lambda pair: SEVERITIES.index(pair[0].severity)):
            said = words(plan, rule, found, lang, profile=profile)
            rows.append((family, said["severity"], said["text"], said["question"]))
    return rows


def lix_line(made: Made, lang: str) -> str:
    """Return the sentence on one family's plan: its reading score, a warning above `LIX_WARNING`, or what failed."""
    if made.failure:
        return f"{made.family}: {made.failure}"
    key = "lix_warning" if made.lix is not None and made.lix > LIX_WARNING else "lix_line"
    score, limit = number(made.lix, lang), number(LIX_WARNING, lang)
    said = text(f"plan_documents.{key}", lang, family=made.family, score=score, limit=limit)
    return "\n".join([said, *(f"{made.family}: {note}" for note in made.notes)])


def profile_of(folder: Path, lang: str) -> Profile:
    """Return the municipality's profile."""
    return read_profile(folder, lang)
