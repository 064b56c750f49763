"""The team's monthly feedback: what changed since last month, family by family, what is due, and who registers it.

The page is for the team alone: it names families by pseudonym and hides no small numbers.
"""

from dataclasses import dataclass
from math import nan

import pandas as pd

from helhed.monitoring.outputs.web_page import Page, Section, web_page
from helhed.outputs import FORMATS
from helhed.tables import codes, tables
from helhed.texts import day, month, number, percent, text

#: What the team is told month against month: key of the text, numerator, denominator (none: a number), format.
_MEASURES = (
    ("families", "families_enrolled", "", "number"),
    ("benefit", "adults_on_benefit", "adults_known", "share"),
    ("work", "adults_in_work", "adults_known_work", "share"),
    ("absence", "absent_days", "school_days", "share1"),
    ("notifications", "notifications", "", "number"),
    ("cases", "children_with_case", "", "number"),
    ("placed", "children_placed", "", "number"),
    ("meetings", "network_meetings", "", "number"),
)
#: Numbers of a family whose change from month to month is told: key of the text and column.
_STATES = (
    ("work", "adults_in_work"),
    ("benefit", "adults_on_benefit"),
    ("cases", "children_with_case"),
    ("placed", "children_placed"),
)
#: The table that each of the team's numbers, and each part of its page, rests on.
_SOURCES = {
    "benefit": "benefit_spell",
    "work": "employment",
    "absence": "absence",
    "notifications": "child_case",
    "cases": "child_case",
    "placed": "measure",
    "meetings": "meeting",
}
_EVENTS = (("notifications", "notifications"), ("meetings", "network_meetings"))
#: School absence is told of a family when it moves by so much of its school days.
ABSENCE_STEP = 0.10


@dataclass(frozen=True)
class Followed:
    """What the feedback is made from.

    Parameters
    ----------
    counts
        One row per family and month, see `helhed.monitoring.family_months`.
    enrolled
        One row per family that has started, with ``is_enrolled``, ``start_date``, ``exit_date``, ``coordinator_id``.
    meeting
        The canonical table of meetings.
    due
        Registrations due, see `helhed.monitoring.due_registrations`.
    to_date
        Last day of the data; its month is set against the one before.
    meeting_months
        Longest time between network meetings.
    empty
        Tables that never came (`Monitoring.empty`): what rests on them is unknown, not zero.
    """

    counts: pd.DataFrame
    enrolled: pd.DataFrame
    meeting: pd.DataFrame
    due: pd.DataFrame
    to_date: pd.Timestamp
    meeting_months: int
    empty: tuple[str, ...] = ()

    @property
    def months(self) -> tuple[pd.Timestamp, pd.Timestamp]:
        """Return the month before the last one, and the last one."""
        last = self.to_date.to_period("M").to_timestamp()
        return last - pd.DateOffset(months=1), last

    def lacks(self, measure: str) -> bool:
        """Return whether the table that one of the team's numbers rests on never came."""
        return _SOURCES.get(measure) in self.empty

    @property
    def coordinators(self) -> dict[str, str]:
        """Return each enrolled family's coordinator."""
        current = self.enrolled[self.enrolled["is_enrolled"]]
        return dict(zip(current["family_id"], current["coordinator_id"].fillna("–"), strict=True))


def month_table(followed: Followed) -> pd.DataFrame:
    """Return the team's numbers month against month: ``measure``, ``format``, ``before``, ``now``; missing if unknown.

    Only families enrolled in the month count. What rests on a table that never came, or on a month before the data
    begin, is unknown.
    """
    mine, known = followed.counts[followed.counts["families_enrolled"] == 1], set(followed.counts["month"].unique())
    parts = [mine[mine["month"] == one] if one in known else None for one in followed.months]
    rows = [
        (key, form, *(nan if followed.lacks(key) else _measured(part, top, bottom) for part in parts))
        for key, top, bottom, form in _MEASURES
    ]
    return pd.DataFrame(rows, columns=["measure", "format", "before", "now"])


def family_changes(followed: Followed, lang: str) -> pd.DataFrame:
    """Return one row per enrolled family in which something happened: family_id, coordinator_id, ``changes`` in words.

    Events of the last month (a start, a notification, a network meeting), numbers of persons that differ from the
    month before, and school absence that moved by `ABSENCE_STEP` or more.
    """
    before, now = (followed.counts[followed.counts["month"] == one].set_index("family_id") for one in followed.months)
    rows = []
    for family, coordinator in sorted(followed.coordinators.items(), key=lambda pair: (pair[1], pair[0])):
        said = [*_started(followed, family, lang), *_said(before, now, family, lang)]
        if said:
            rows.append((family, coordinator, said))
    return pd.DataFrame(rows, columns=["family_id", "coordinator_id", "changes"])


def due_by_coordinator(followed: Followed) -> pd.DataFrame:
    """Return what is to be registered: one row per coordinator, family and day.

    Columns coordinator_id, family_id, due_date, is_late, and ``instruments`` (instrument to number of persons). Late is
    what fell due before the last month began.
    """
    due = followed.due.assign(coordinator_id=followed.due["family_id"].map(followed.coordinators))
    rows = [
        (*place, place[2] < followed.months[1], part.groupby("instrument", sort=True)["person_id"].nunique().to_dict())
        for place, part in due.groupby(["coordinator_id", "family_id", "due_date"], sort=True)
    ]
    columns = ["coordinator_id", "family_id", "due_date", "is_late", "instruments"]
    return pd.DataFrame(rows, columns=columns)


def meetings_due(followed: Followed) -> pd.DataFrame:
    """Return enrolled families without a network meeting for too long: family_id, coordinator_id, ``last_date``.

    ``last_date`` is missing where there has been none; then the time counts from the family's start. Where the table of
    meetings never came no family is named: when they last met is unknown.
    """
    held = followed.meeting[followed.meeting["kind"] == "network"].groupby("family_id")["meeting_date"].max()
    current = followed.enrolled[followed.enrolled["is_enrolled"]]
    last = pd.to_datetime(current["family_id"].map(held.to_dict())).astype("datetime64[us]")
    limit = followed.to_date - pd.DateOffset(months=followed.meeting_months)
    found = pd.DataFrame(
        {"family_id": current["family_id"], "coordinator_id": current["coordinator_id"], "last_date": last}
    )
    is_due = (last.fillna(current["start_date"]) < limit) & (not followed.lacks("meetings"))
    return found[is_due].sort_values(["coordinator_id", "family_id"])


def agreements_due(followed: Followed) -> pd.DataFrame:
    """Return agreements of enrolled families that fell due in the last month or fall due in the next."""
    rows = followed.meeting[followed.meeting["family_id"].isin(followed.coordinators)]
    is_near = rows["due_date"].between(followed.months[1], followed.to_date + pd.DateOffset(months=1))
    return rows.loc[is_near.fillna(False), ["family_id", "agreement", "owner", "due_date"]].sort_values(
        ["due_date", "family_id", "agreement"]
    )


def feedback_page(followed: Followed, name: str, warning: str, lang: str) -> bytes:
    """Return the team's page as an HTML file; ``warning`` says that data are invented, or is empty."""
    before, now = (month(one, lang) for one in followed.months)
    sections = (
        _numbers_section(followed, (before, now), lang),
        _families_section(followed, lang),
        _due_section(followed, lang),
        _meetings_section(followed, lang),
        _agreements_section(followed, lang),
    )
    lead = [_text("lead", lang, now=now, before=before), _text("private", lang)]
    return web_page(Page(_text("title", lang, name=name, month=now), lead, sections, warning), lang)


def _measured(part: pd.DataFrame | None, top: str, bottom: str) -> float:
    if part is None:
        return nan
    if not bottom:
        return float(part[top].sum())
    total = part[bottom].sum()
    return float(part[top].sum() / total) if total else nan


def _started(followed: Followed, family: str, lang: str) -> list[str]:
    start = followed.enrolled.loc[followed.enrolled["family_id"] == family, "start_date"].max()
    return [_text("family_started", lang, day=day(start, lang))] if start >= followed.months[1] else []


def _said(before: pd.DataFrame, now: pd.DataFrame, family: str, lang: str) -> list[str]:
    if family not in now.index:
        return [_text("family_gone", lang)]
    then, latest = before.loc[family] if family in before.index else None, now.loc[family]
    said = [
        _text(f"family_{key}", lang, n=number(latest[column], lang)) for key, column in _EVENTS if latest[column] > 0
    ]
    if then is None:
        return said
    for key, column in _STATES:
        if _is_known(then, latest, key) and then[column] != latest[column]:
            told = {"before": number(then[column], lang), "now": number(latest[column], lang)}
            said.append(_text(f"family_{key}", lang, **told))
    return said + _absence(then, latest, lang)


def _is_known(then: pd.Series, latest: pd.Series, key: str) -> bool:
    """Return whether a number of adults is known in both months: a month without data is no change."""
    column = {"work": "adults_known_work", "benefit": "adults_known"}.get(key)
    return column is None or bool(then[column] > 0 and latest[column] > 0)


def _absence(then: pd.Series, latest: pd.Series, lang: str) -> list[str]:
    if not (then["school_days"] > 0 and latest["school_days"] > 0):
        return []
    shares = [one["absent_days"] / one["school_days"] for one in (then, latest)]
    if abs(shares[1] - shares[0]) < ABSENCE_STEP:
        return []
    return [_text("family_absence", lang, before=percent(shares[0], lang), now=percent(shares[1], lang))]


def _numbers_section(followed: Followed, names: tuple[str, str], lang: str) -> Section:
    rows = [
        [_text(f"measure_{row.measure}", lang), *_month_by_month(row, followed, lang)]
        for row in month_table(followed).itertuples()
    ]
    heads = [_text("column_measure", lang), *names]
    return Section(_text("numbers", lang), heads=heads, rows=rows, numbers=(1, 2), note=_text("numbers_note", lang))


def _month_by_month(row, followed: Followed, lang: str) -> list[str]:
    if followed.lacks(row.measure):
        return [text("monitoring.reason_no_data", lang)] * 2
    return [FORMATS[row.format](value, lang) for value in (row.before, row.now)]


def _families_section(followed: Followed, lang: str) -> Section:
    found = family_changes(followed, lang)
    rows = [[row.coordinator_id, row.family_id, "; ".join(row.changes)] for row in found.itertuples()]
    note = _text("families_note" if rows else "families_none", lang, step=percent(ABSENCE_STEP, lang))
    if unknown := [tables()[name].label(lang) for name in followed.empty if name in _SOURCES.values()]:
        note = f"{note} {_text('families_unknown', lang, sources=', '.join(unknown))}"
    return Section(
        _text("families", lang), heads=_heads(("coordinator", "family", "changes"), lang), rows=rows, note=note
    )


def _due_section(followed: Followed, lang: str) -> Section:
    labels = codes()["instrument"]
    rows = [
        [
            row.coordinator_id,
            row.family_id,
            ", ".join(f"{labels[name][lang]} ({number(n, lang)})" for name, n in row.instruments.items()),
            day(row.due_date, lang, "short"),
            _text("late" if row.is_late else "due_now", lang),
        ]
        for row in due_by_coordinator(followed).itertuples()
    ]
    heads = _heads(("coordinator", "family", "instrument", "due_date", "state"), lang)
    note = _text("due_note" if rows else "due_none", lang)
    return Section(_text("due", lang), heads=heads, rows=rows, note=note)


def _meetings_section(followed: Followed, lang: str) -> Section:
    found = meetings_due(followed)
    rows = [[row.coordinator_id, row.family_id, day(row.last_date, lang, "short")] for row in found.itertuples()]
    months = number(followed.meeting_months, lang)
    note = _text("meetings_note" if rows else "meetings_none", lang, months=months)
    if followed.lacks("meetings"):
        note = _text("meetings_unknown", lang)
    return Section(
        _text("meetings", lang), heads=_heads(("coordinator", "family", "last_date"), lang), rows=rows, note=note
    )


def _agreements_section(followed: Followed, lang: str) -> Section:
    rows = [
        [day(row.due_date, lang, "short"), row.family_id, str(row.agreement), FORMATS["text"](row.owner, lang)]
        for row in agreements_due(followed).itertuples()
    ]
    note = _text("agreements_note" if rows else "agreements_none", lang)
    if followed.lacks("meetings"):
        note = _text("meetings_unknown", lang)
    heads = _heads(("due_date", "family", "agreement", "owner"), lang)
    return Section(_text("agreements", lang), heads=heads, rows=rows, note=note)


def _heads(keys: tuple[str, ...], lang: str) -> list[str]:
    return [_text(f"column_{key}", lang) for key in keys]


def _text(key: str, lang: str, **values) -> str:
    return text(f"monitoring_outputs.team_{key}", lang, **values)
