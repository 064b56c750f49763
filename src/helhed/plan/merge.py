"""Gathers the lines of all sector plans and the live measures of the case systems, and marks what stands twice.

Nothing is dropped and nothing is changed: as many lines come out as went in, each with its source, owner, dates and
legal status. What to do about a line that stands twice is for the network meeting.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from difflib import SequenceMatcher

import pandas as pd

from helhed.plan.sections import statute_of
from helhed.tables import DEPARTMENT_OF_PLAN, takes_part
from helhed.tables import tables as contracts

#: Plans that the law demands; the others are agreements.
STATUTORY_PLANS = ("job_plan", "childs_plan", "youth_plan", "adult_plan")
#: What `merge_lines` says about a line beside what the line itself says.
MARKS = ("is_live", "is_overdue", "legal_status", "statute_id", "duplicate", "duplicate_of")
LIVE = ("planned", "active")
#: What lines are compared by.
_COMPARED = ["family_id", "person_id", "line_id", "source_plan", "action", "start_date", "due_date"]
_AREA_OF_GROUP = {
    "preventive": "family",
    "placement": "family",
    "activation": "employment",
    "work_based": "employment",
    "adult_social": "social",
    "health": "health",
    "education": "education",
}
_LONGEST_SPELLING = 500
_SMALL_WORDS = frozenset(
    ("af", "at", "den", "det", "en", "et", "for", "fra", "i", "med", "og", "om", "på", "pr", "til", "ved")
    + ("and", "in", "of", "on", "the", "to", "with")
)


def enrolled_families(enrolment: pd.DataFrame, as_of: date) -> list[str]:
    """Return the families that take part on a day, sorted: started by then and not yet left."""
    return sorted(enrolment.loc[takes_part(enrolment, as_of), "family_id"])


def merge_lines(tables: dict[str, pd.DataFrame], as_of: date, likeness: float = 0.9) -> pd.DataFrame:
    """Return every line of the enrolled families' sector plans and live measures, with marks.

    Parameters
    ----------
    tables
        ``plan_line``, ``measure``, ``family_member`` and ``enrolment`` after their contracts.
    as_of
        The day the plan is made.
    likeness
        How alike two actions must be written (0-1) to be marked as perhaps the same.

    Returns
    -------
    One row per line, sorted by family, person and line: the columns of ``plan_line`` and

    - ``department``: whose line it is (empty for the family's own goals),
    - ``measure_id``, ``measure_group``: for a measure of a case system (a measure of a child with two homes stands
      once in each enrolled family),
    - ``is_live``: planned or under way,
    - ``is_overdue``: live and past its due date (never for a measure),
    - ``legal_status``: ``granted`` (a measure with its section of law), ``statutory_plan``, ``agreement`` or
      ``not_stated`` (a measure whose section is missing),
    - ``statute_id``: the rule of ``statutes.toml`` that the section names, else empty,
    - ``duplicate``: ``no``, ``duplicate`` or ``possible``, and ``duplicate_of``: the line it repeats.
    """
    families = enrolled_families(tables["enrolment"], as_of)
    lines = tables["plan_line"][tables["plan_line"]["family_id"].isin(families)]
    parts = [_plan_lines(lines), _measure_lines(tables, families, as_of)]
    merged = pd.concat(parts, ignore_index=True).sort_values(["family_id", "person_id", "line_id"], ignore_index=True)
    return _with_duplicates(_with_status(merged, as_of), likeness)


def n_lines_in(tables: dict[str, pd.DataFrame], as_of: date) -> int:
    """Return how many lines must come out of `merge_lines`, counted from the sources in another way.

    Every line of a sector plan of an enrolled family, and every live measure once per enrolled family that its person
    belongs to.
    """
    families = enrolled_families(tables["enrolment"], as_of)
    members, measure = tables["family_member"], tables["measure"]
    n_families = members[members["family_id"].isin(families)].groupby("person_id")["family_id"].nunique()
    ended = (measure["end_date"] < pd.Timestamp(as_of)) | (measure["start_date"] > pd.Timestamp(as_of))
    n_measures = n_families.reindex(measure.loc[~ended, "person_id"].dropna()).fillna(0).sum()
    return int(tables["plan_line"]["family_id"].isin(families).sum() + n_measures)


def marked_lines(lines: Iterable, as_of: date, likeness: float = 0.9) -> dict[str, dict]:
    """Return by line what follows from the lines of one family: the marks that `merge_lines` sets, by column.

    Parameters
    ----------
    lines
        Records with the columns of ``plan_line`` (but the family), ``measure_id`` and ``measure_group``.
    """
    names = [name for name in contracts()["plan_line"].empty().columns if name != "family_id"] + ["measure_id"]
    rows = pd.DataFrame([[getattr(line, name) for name in names] for line in lines], columns=names)
    frame = (
        contracts()["plan_line"]
        .conform(rows.assign(family_id=""))
        .assign(
            measure_id=rows["measure_id"].astype("str"),
        )
    )
    marked = _with_duplicates(_with_status(frame, as_of), likeness)
    marks = marked[list(MARKS)].astype("object")
    return dict(zip(marked["line_id"], marks.where(marks.notna(), None).to_dict("records"), strict=True))


def _plan_lines(lines: pd.DataFrame) -> pd.DataFrame:
    department = lines["source_plan"].map(DEPARTMENT_OF_PLAN).astype("str")
    empty = pd.Series(pd.NA, index=lines.index, dtype="str")
    return lines.assign(department=department, measure_id=empty, measure_group=empty)


def _measure_lines(tables: dict[str, pd.DataFrame], families: list[str], as_of: date) -> pd.DataFrame:
    day, measure, members = pd.Timestamp(as_of), tables["measure"], tables["family_member"]
    # A missing date is no reason to leave a measure out: it may well be running.
    live = measure[~(measure["start_date"] > day) & ~(measure["end_date"] < day)]
    members = members.loc[members["family_id"].isin(families), ["family_id", "person_id"]]
    found = members.merge(live, on="person_id")
    lines = found.assign(
        line_id=found["family_id"] + "-" + found["measure_id"],
        source_plan="case_system",
        life_area=_life_area(found),
        action=found["measure_type"],
        owner=found["provider"],
        due_date=found["end_date"],
        status="active",
        hours_per_week=float("nan"),
        consent_scope=found["department"],
    )
    extra = lines[["department", "measure_id", "measure_group"]]
    return pd.concat([contracts()["plan_line"].conform(lines), extra], axis=1)


def _life_area(measures: pd.DataFrame) -> pd.Series:
    area = measures["measure_group"].map(_AREA_OF_GROUP).fillna("social")
    return area.mask(measures["department"] == "housing", "housing").astype("str")


def _with_status(lines: pd.DataFrame, as_of: date) -> pd.DataFrame:
    is_live = lines["status"].isin(LIVE)
    is_measure = lines["measure_id"].notna()
    is_granted = lines["source_plan"] == "case_system"
    is_stated = lines["section"].notna() & (lines["section"].str.strip() != "")
    legal = pd.Series("agreement", index=lines.index)
    legal = legal.mask(is_stated | lines["source_plan"].isin(STATUTORY_PLANS), "statutory_plan")
    legal = legal.mask(is_granted & is_stated, "granted").mask(is_granted & ~is_stated, "not_stated")
    return lines.assign(
        is_live=is_live,
        is_overdue=is_live & ~is_measure & (lines["due_date"] < pd.Timestamp(as_of)),
        legal_status=legal.astype("str"),
        statute_id=lines["section"].map(statute_of, na_action="ignore").astype("str"),
    )


def _with_duplicates(lines: pd.DataFrame, likeness: float) -> pd.DataFrame:
    live = lines.loc[lines["is_live"] & lines["action"].notna(), _COMPARED]
    of_person: dict[tuple, list] = {}
    for row in live.itertuples():
        of_person.setdefault((row.family_id, None if pd.isna(row.person_id) else row.person_id), []).append(row)
    marks = {
        row.Index: (mark, earlier.line_id)
        for rows in of_person.values()
        for row, earlier, mark in _repeats(rows, likeness)
    }
    found = pd.DataFrame(
        [marks.get(at, ("no", pd.NA)) for at in lines.index], index=lines.index, columns=list(MARKS[-2:])
    )
    return lines.join(found.astype("str"))


def _repeats(rows: list, likeness: float) -> list[tuple]:
    """Return (row, the earlier row it repeats, mark) for the lines of one person; the plan's own line comes first."""
    rows = sorted(rows, key=lambda row: (row.source_plan == "case_system", row.line_id))
    found = []
    for position, row in enumerate(rows):
        marks = [(mark, earlier) for earlier in rows[:position] if (mark := _likeness_mark(row, earlier, likeness))]
        if marks:
            # A certain repeat outranks a possible one; "duplicate" sorts first.
            mark, earlier = min(marks, key=lambda pair: (pair[0], rows.index(pair[1])))
            found.append((row, earlier, mark))
    return found


def _likeness_mark(row, other, likeness: float) -> str:
    overlap = dates_overlap((row.start_date, row.due_date), (other.start_date, other.due_date))
    alike = same_action(row.action, other.action, likeness)
    if overlap is False or not alike:
        return ""
    return "duplicate" if alike == "same" and overlap else "possible"


def dates_overlap(one: tuple, other: tuple) -> bool | None:
    """Return whether two spells (start, end) share a day; None when a missing date leaves it open.

    Examples
    --------
    >>> dates_overlap((1, 5), (5, 9)), dates_overlap((1, 5), (6, 9)), dates_overlap((1, None), (6, 9))
    (True, False, None)
    """
    (start, end), (other_start, other_end) = (tuple(None if pd.isna(d) else d for d in spell) for spell in (one, other))
    first_before = None if start is None or other_end is None else start <= other_end
    second_before = None if other_start is None or end is None else other_start <= end
    if first_before is False or second_before is False:
        return False
    if first_before and second_before:
        return True
    # Two open-ended spells that have both begun run beside each other.
    both_open = end is None and other_end is None and start is not None and other_start is not None
    return True if both_open else None


def same_action(one: str, other: str, likeness: float = 0.9) -> str:
    """Return ``same``, ``alike`` or an empty text: whether two texts name the same action.

    ``same``: the same words when case, punctuation, small words and word order are left aside. ``alike``: all words of
    the shorter text stand in the longer one, or the spelling differs by a little.

    Examples
    --------
    >>> same_action("Fast kontaktperson.", "fast kontaktperson til"), same_action("Mentor", "Familiebehandling")
    ('same', '')
    >>> same_action("Familiebehandling", "Familiebehandling hver uge")
    'alike'
    """
    words, others = _words(one), _words(other)
    if not words or not others:
        return ""
    if words == others:
        return "same"
    is_part = set(words) <= set(others) or set(others) <= set(words)
    return "alike" if is_part or _spelt_alike(" ".join(words), " ".join(others), likeness) else ""


def _spelt_alike(one: str, other: str, likeness: float) -> bool:
    # Comparing letter by letter takes the square of the length: pages of text are compared by their words alone.
    if max(len(one), len(other)) > _LONGEST_SPELLING:
        return False
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= likeness


def _words(text: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return tuple(sorted(word for word in re.findall(r"\w+", plain) if word not in _SMALL_WORDS))
