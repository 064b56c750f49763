"""Checks a filled-in plan form in Excel, before it is sent: the shared plan's, an office's, or the family's own.

First what the kit could not read when the form comes back, told with the same messages as `helhed.plan.forms`; then
what a coordinator would ask about: actions without owner or deadline, deadlines that have passed, consent that is not
in force, no meeting ahead.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from helhed.browser.family_list import given
from helhed.browser.plan_cells import Field, Unfit, folded, person, read_cell
from helhed.cpr import shows_cpr

_LIVE = ("planned", "active")
#: The parts that hold lines with goals and actions: of the shared plan, and of an office's own.
_LINES = ("lines", "sector_lines")
_NEEDED = ("goal", "action", "owner", "due_date")


@dataclass(frozen=True)
class Part:
    """A sheet of the form: its titles, its fields, and those that a row must have.

    ``is_record``: one row that stands upright, headings in the first column.
    """

    name: str
    titles: Mapping[str, str]
    fields: tuple[Field, ...]
    key: str = ""
    required: tuple[str, ...] = ()
    is_record: bool = False


@dataclass(frozen=True)
class Remark:
    """What is to be mended or thought over: ``code`` names the message, ``details`` fill it in."""

    code: str
    sheet: str = ""
    row: int | None = None
    column: str = ""
    value: str | date = ""
    details: Mapping[str, str | date] = field(default_factory=dict)
    is_fault: bool = True


@dataclass(frozen=True)
class Checked:
    """What was found in a form, and the rows that stand in each of its parts, by the part's name."""

    remarks: tuple[Remark, ...]
    n_rows: Mapping[str, int]

    @property
    def n_lines(self) -> int:
        """Return the lines with goals and actions."""
        return sum(self.n_rows.get(name, 0) for name in _LINES)

    @property
    def is_family_form(self) -> bool:
        """Return whether it is the form that the coordinator fills in with the family: it has no lines."""
        return not any(name in self.n_rows for name in _LINES)

    @property
    def is_form(self) -> bool:
        """Return whether the file has most parts of a form."""
        return 2 * sum(remark.code == "sheet_missing" for remark in self.remarks) <= len(self.n_rows)


Row = dict[str, object]


def check_form(sheets: Mapping[str, list[list]], forms: list[list[Part]], lang: str, today: date) -> Checked:
    """Return what is to be mended in a form, and what is to be thought over.

    Parameters
    ----------
    sheets
        Rows of each sheet by its title.
    forms
        The kinds of form there are; the one with most sheets in the file is taken, of two the one that lacks fewest.
    lang
        The language in which sheets and fields are named.
    today
        The day on which a deadline has passed.
    """
    titles = {folded(title): rows for title, rows in sheets.items()}
    parts = max(forms, key=lambda form: _likeness(form, titles))
    reader = _FormReader(lang)
    tables = {part.name: reader.part(part, _rows_of(part, titles)) for part in parts}
    lines = [row for name in _LINES for row in tables.get(name, [])]
    remarks = reader.remarks
    if not any(remark.code in ("sheet_missing", "column_missing") for remark in remarks):
        remarks = remarks + list(_thoughts(tables, {part.name: part.titles[lang] for part in parts}, lines, today))
    return Checked(tuple(remarks), {name: len(rows) for name, rows in tables.items()})


def _likeness(form: list[Part], titles: Mapping[str, list[list]]) -> tuple[int, int]:
    n_found = sum(_rows_of(part, titles) is not None for part in form)
    return n_found, n_found - len(form)


def _rows_of(part: Part, titles: Mapping[str, list[list]]) -> list[list] | None:
    return next((titles[folded(title)] for title in part.titles.values() if folded(title) in titles), None)


class _FormReader:
    """Reads the sheets of one form and collects what does not fit."""

    def __init__(self, lang: str):
        self.lang, self.remarks, self.members = lang, [], {}

    def part(self, part: Part, rows: list[list] | None) -> list[tuple[int | None, Row]]:
        """Return the rows of a sheet that hold something, each with its number in the file."""
        title = part.titles[self.lang]
        if rows is None:
            self.remarks.append(Remark("sheet_missing", value=title))
            return []
        heads, numbered = _upright(rows) if part.is_record else (rows[0] if rows else [], list(enumerate(rows))[1:])
        places = self._places(part, heads)
        found, taken = [], set()
        for at, cells in numbered:
            written = {one.name: _cell(cells, place, one) for one, place in places}
            # A record is always there, also when nothing of it is filled in.
            if part.is_record or any(cell is not None for cell in written.values()):
                found.append((None if part.is_record else at + 1, self._row(part, at, written, taken)))
        if part.key == "label":
            self.members |= {person(str(row["label"])): True for _, row in found if row.get("label")}
        return found

    def _places(self, part: Part, heads: list) -> list[tuple[Field, int]]:
        written = [folded(head) for head in heads]
        places, known = [], set()
        for one in part.fields:
            at = next((written.index(folded(label)) for label in one.labels.values() if folded(label) in written), -1)
            if at < 0:
                self._tell("column_missing", part, None, column=one.labels[self.lang])
            else:
                places.append((one, at))
                known.add(at)
        for at, head in enumerate(heads):
            if written[at] and at not in known:
                self._tell("column_unknown", part, None, value=str(head)[:80])
        return places

    def _row(self, part: Part, at: int, written: Row, taken: set[str]) -> Row:
        number = None if part.is_record else at + 1
        key = str(written.get(part.key) or "").strip()
        if key and key in taken and part.key != "label":
            self._tell("row_twice", part, number, value=key)
        taken.add(key)
        row = {one.name: self._value(part, number, one, written.get(one.name)) for one in part.fields}
        for name in part.required:
            if written.get(name) is None:
                label = next(one.labels[self.lang] for one in part.fields if one.name == name)
                self._tell("required", part, number, column=label)
        return row

    def _value(self, part: Part, number: int | None, one: Field, cell):
        if cell is None:
            return None
        label = one.labels[self.lang]
        if shows_cpr(str(cell)):
            self._tell("cpr_removed", part, number, column=label)
            return None
        try:
            return read_cell(one, cell, self.members)
        except Unfit as unfit:
            value = "" if one.kind == "person" else given(cell)
            details = {"known": "; ".join(unfit.known), "limits": unfit.limits}
            self._tell(unfit.code, part, number, column=label, value=value, details=details)
            return None

    def _tell(self, code: str, part: Part, row: int | None, **more) -> None:
        self.remarks.append(Remark(code, part.titles[self.lang], row, **more))


def _upright(rows: list[list]) -> tuple[list, list[tuple[int, list]]]:
    heads, values = ([row[at] if at < len(row) else None for row in rows] for at in (0, 1))
    return heads, [(0, values)]


def _cell(cells: list, at: int, one: Field):
    """Return what was written into a cell; what only invited to write is nothing."""
    cell = cells[at] if at < len(cells) else None
    if isinstance(cell, str):
        cell = cell.replace("\xa0", " ").strip()
    return None if cell is None or cell == "" or str(cell) in one.prompts else cell


def _thoughts(tables: Mapping[str, list], titles: Mapping[str, str], lines: list, today: date) -> Iterator[Remark]:
    """Yield what a coordinator would ask about a form that can be read."""
    name = next((name for name in _LINES if name in tables), "")
    if name and not lines:
        yield Remark("no_lines", titles[name])
    for number, row in lines:
        if row["status"] is not None and row["status"] not in _LIVE:
            continue
        # What the family itself wants is a goal first; who does what about it is agreed later.
        needed = _NEEDED[:1] if row.get("source_plan") == "family" else _NEEDED
        if missing := [one for one in needed if row[one] is None]:
            yield Remark("line_without", titles[name], number, details={"missing": ",".join(missing)}, is_fault=False)
        if row["due_date"] and row["due_date"] < today:
            yield Remark("line_overdue", titles[name], number, details={"day": row["due_date"]}, is_fault=False)
        if row["due_date"] and row["start_date"] and row["due_date"] < row["start_date"]:
            yield Remark("ends_before_start", titles[name], number, is_fault=False)
    if "meetings" in tables:
        yield from _meeting_thoughts(tables, titles, today)
        yield from _consent_thoughts(tables["consents"], titles["consents"], today)


def _meeting_thoughts(tables: Mapping[str, list], titles: Mapping[str, str], today: date) -> Iterator[Remark]:
    known = {folded(row["meeting_id"]) for _, row in tables["meetings"]}
    for number, row in tables["agreements"]:
        if row["at_meeting"] is not None and folded(row["at_meeting"]) not in known:
            yield Remark("meeting_unknown", titles["agreements"], number, value=str(row["at_meeting"])[:80])
    days = [row["held_date"] for _, row in tables["meetings"]] + [row["review_date"] for _, row in tables["reviews"]]
    if not any(day and day >= today for day in days):
        yield Remark("no_meeting_ahead", titles["meetings"], is_fault=False)


def _consent_thoughts(consents: list, title: str, today: date) -> Iterator[Remark]:
    def holds(row: Row) -> bool:
        is_over = any(row[name] and row[name] < today for name in ("to_date", "withdrawn_date"))
        return not is_over and row["withdrawn_date"] is None

    for kind in ("programme", "sharing"):
        if not any(row["consent_kind"] == kind and holds(row) for _, row in consents):
            yield Remark(f"no_consent_{kind}", title, is_fault=False)
