"""Forms of the families' plans: written from the newest version, read back as a new one, conflicts shown.

::

    <municipality>/plans/<lang>/form/<family>.xlsx (.docx)    the newest version, to be edited (``skema`` in Danish)
    <municipality>/plans/assembled/<family>/…                 the plan as the tables gave it, to tell people's changes
    <municipality>/plans/disputed/<family>.json               the tables' side of a dispute that is not yet answered
    <municipality>/plans/answered/<family>.json               the same once people have read in their answer
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from helhed.errors import DataNeedsWork, HelhedError, Problem, WrongCall
from helhed.plan.carrying import carried_over, without_repeats
from helhed.plan.files import plan_from_json, plan_to_json
from helhed.plan.forms import plan_form, read_plan_form, word_form, workbook
from helhed.plan.forms.reading import family_of_form
from helhed.plan.forms.records import numbered
from helhed.plan.model import FamilyPlan
from helhed.plan.three_way import Merged, conflict_table, merge_plans
from helhed.plan.versions import VersionFolder
from helhed.profile import Profile
from helhed.publishing.run_folder import replace_file
from helhed.texts import document_name, text


@dataclass(frozen=True)
class Editor:
    """Who brings in a change, when and in which language; ``names`` only on the municipality's own machine."""

    lang: str
    role: str
    day: date
    names: dict[str, str]


@dataclass(frozen=True)
class Taken:
    """What came of one form: the version it became, or why it was not taken in; ``notes`` tell what to look at."""

    file: str
    family: str = ""
    version: int = 0
    notes: tuple[str, ...] = ()
    failure: str = ""


class PlanStore:
    """The versions of a municipality's plans, and beside them what the tables gave."""

    def __init__(self, profile: Profile):
        self.profile = profile
        self.folder = profile.folder / "plans"
        self.versions = VersionFolder(self.folder / "versions")
        self._assembled = VersionFolder(self.folder / "assembled")

    def brought_up(self, plan: FamilyPlan, editor: Editor) -> tuple[FamilyPlan, tuple[Problem, ...]]:
        """Return the plan of today's tables with what people have written into it, kept as a version, and notes.

        A dispute that people have answered, by reading in a form of the newest version after it was told, is settled
        by what they wrote, as long as the tables say what they said then.

        Raises
        ------
        DataNeedsWork
            If people and the case systems have changed the same thing differently: nothing is kept then.
        """
        merged = self._merged(plan, editor.lang)
        if merged.conflicts:
            replace_file(self._side("disputed", plan.family_id), plan_to_json(numbered(plan)).encode())
        self._settled(merged, editor.lang)
        kept = self.versions.keep(merged.plan, editor.role, editor.day, editor.lang)
        self._assembled.keep(numbered(plan), editor.role, editor.day, editor.lang)
        for state in ("disputed", "answered"):
            self._side(state, plan.family_id).unlink(missing_ok=True)
        return kept, merged.notes

    def _side(self, state: str, family: str) -> Path:
        return self.folder / state / f"{family}.json"

    def _answer(self, family: str) -> None:
        """Note that people have answered what was in dispute, if anything was."""
        disputed = self._side("disputed", family)
        if disputed.is_file():
            replace_file(self._side("answered", family), disputed.read_bytes())
            disputed.unlink()

    def as_it_stands(self, plan: FamilyPlan, day: date, lang: str) -> FamilyPlan:
        """Return the plan of today's tables with what people have written into it, without keeping anything.

        Where people and the case systems disagree, the plan is as it was before both. Consents are judged on the day.
        """
        last = self.versions.last(plan.family_id, lang)
        changed = max((one for one in (day, last and last.changed_date) if one), default=day)
        return replace(self._merged(plan, lang).plan, made_date=changed)

    def _merged(self, plan: FamilyPlan, lang: str) -> Merged:
        today = numbered(plan)
        base = self._assembled.last(plan.family_id, lang)
        edited = self.versions.last(plan.family_id, lang)
        if base is None or edited is None:
            return Merged(today, ())
        file = self._side("answered", plan.family_id)
        answered = plan_from_json(file.read_bytes(), file.name, lang) if file.is_file() else None
        return carried_over(base, edited, today, self.profile["plan.duplicate_likeness"], answered)

    def forms(self, families: Iterable[str], editor: Editor, is_word: bool) -> Iterator[Path]:
        """Write the form of each family's newest version and return the files."""
        for family in families:
            plan = self.versions.last(family, editor.lang)
            if plan is None:
                raise WrongCall(Problem("plan_documents.no_versions", value=family), editor.lang)
            content = plan_form(plan, editor.lang, editor.names)
            name = f"form/{family}{'.docx' if is_word else '.xlsx'}"
            file = self.folder / editor.lang / document_name(name, editor.lang)
            replace_file(file, word_form(content) if is_word else workbook(content))
            yield file

    def take_in(self, files: Iterable[Path], editor: Editor) -> Iterator[Taken]:
        """Take in edited forms one by one; a form that cannot be taken in stops no other."""
        for file in files:
            try:
                yield self._taken(file, editor)
            except HelhedError as error:
                yield Taken(file.name, failure=str(error))

    def _taken(self, file: Path, editor: Editor) -> Taken:
        if not file.is_file():
            raise DataNeedsWork(Problem("plan_documents.no_file", file=file.name), editor.lang)
        content, lang = file.read_bytes(), editor.lang
        family, number = family_of_form(content, file.name, lang)
        last = self.versions.last(family, lang) if family else None
        if not family:
            raise DataNeedsWork(Problem("plan_documents.no_plan_form", file=file.name), lang)
        if last is None:
            raise DataNeedsWork(Problem("plan_documents.no_versions", file=file.name, value=family), lang)
        if number is None:
            raise DataNeedsWork(Problem("plan_documents.form_without_version", file=file.name), lang)
        base = self.versions.read(family, number, lang)
        read = read_plan_form(content, file.name, base, lang, editor.names, self.profile["plan.duplicate_likeness"])
        plan = read.settled(lang)
        if base.version != last.version:
            # Somebody else has changed the plan since the form was made.
            likeness = self.profile["plan.duplicate_likeness"]
            plan = without_repeats(base, last, plan, likeness)
            # Who belongs to the family comes from the register, also while a form was out.
            base, plan = (replace(one, members=last.members) for one in (base, plan))
            merged = merge_plans(base, last, plan, likeness)
            self._settled(merged, lang)
            plan = merged.plan
        else:
            self._answer(family)
        kept = self.versions.keep(plan, editor.role, editor.day, lang)
        return Taken(file.name, family, kept.version, tuple(problem.line(lang) for problem in read.problems))

    def _settled(self, merged: Merged, lang: str) -> None:
        rows = conflict_table(merged, lang).itertuples(index=False)
        problems = [
            Problem(
                "plan_documents.conflict",
                value=row.field,
                details={
                    "where": row.where,
                    "row": row.row or "–",
                    "was": row.before,
                    "one": row.one,
                    "two": row.other,
                },
            )
            for row in rows
        ]
        if problems:
            raise DataNeedsWork([Problem("plan_documents.conflicts"), *problems], lang)


def taken_line(taken: Taken, lang: str) -> str:
    """Return the sentence on one form: which version it became, or why it was not taken in."""
    if taken.failure:
        return text("plan_documents.not_taken", lang, file=taken.file, why=taken.failure)
    values = {"file": taken.file, "family": taken.family, "version": taken.version}
    return "\n".join([text("plan_documents.taken", lang, **values), *taken.notes])
