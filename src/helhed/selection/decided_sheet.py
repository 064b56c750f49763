"""What the referral meeting wrote into its sheet, read back: one decision per family, or what must be mended."""

from dataclasses import dataclass
from datetime import date, datetime

from helhed.errors import Problem
from helhed.selection.referral_sheet import INPUTS
from helhed.tables import codes
from helhed.texts import LANGUAGES, text

_NUMBERED = ("%d-%m-%Y", "%d.%m.%Y", "%d/%m/%Y", "%Y-%m-%d")


@dataclass(frozen=True)
class Decided:
    """What the meeting decided about a family: ``decision`` is a code, ``row`` the row of the sheet."""

    family_id: str
    decision: str
    decision_reason: str
    decided_by: str
    decided_date: date
    row: int


def decisions_in(sheets: dict[str, list[list]], file: str) -> tuple[list[Decided], list[Problem]]:
    """Return the decisions of a filled-in referral sheet, and what must be mended in it.

    Parameters
    ----------
    sheets
        The cells of each sheet, as `helhed.office_files.sheet_rows` returns them.
    file
        The file's name, for messages.

    Returns
    -------
    One `Decided` per family with a filled-in row, in the order of the sheet. Families without a word in the yellow
    cells were not decided on. A row that says something needs all four: decision, reason, who decided, and the day.
    """
    found = next(((name, rows, place) for name, rows in sheets.items() if (place := _columns(rows))), None)
    if found is None:
        return [], [Problem("selection.no_referral_sheet", file=file)]
    name, rows, place = found
    decided, problems, seen = [], [], {}
    for number, cells in enumerate(rows[1:], start=2):
        row = _Row({key: cells[at] for key, at in place.items()}, file, name, number)
        if not row.is_filled:
            continue
        faults = row.faults()
        if row.family in seen:
            faults.append(row.problem("decided_twice", "family", row.family, first=seen[row.family]))
        seen.setdefault(row.family, number)
        problems += faults
        if not faults:
            decided.append(row.decided())
    return decided, problems


def _columns(rows: list[list]) -> dict[str, int]:
    """Return where the family and the yellow cells stand; nothing when the sheet is not the referral sheet."""
    heads = [str(cell or "").strip().lower() for cell in (rows[0] if rows else [])]
    for lang in LANGUAGES:
        wanted = {name: text(f"selection.column_{name}", lang).lower() for name in ("family", *INPUTS)}
        if set(wanted.values()) <= set(heads):
            return {name: heads.index(label) for name, label in wanted.items()}
    return {}


class _Row:
    """One family's row of the sheet."""

    def __init__(self, cells: dict, file: str, sheet: str, number: int):
        self.cells, self.number = cells, number
        self.place = {"file": file, "sheet": sheet, "row": number}
        self.family, self.is_filled = _written(cells["family"]), any(_written(cells[name]) for name in INPUTS)

    def problem(self, code: str, column: str, value: str = "", **details) -> Problem:
        labels = {lang: text(f"selection.column_{column}", lang) for lang in LANGUAGES}
        return Problem(
            f"selection.{code}", column=labels["da"], value=value, details={"heading": labels, **details}, **self.place
        )

    def faults(self) -> list[Problem]:
        """Return what is missing or cannot be read."""
        empty = [name for name in ("family", *INPUTS) if not _written(self.cells[name])]
        faults = [self.problem("decided_without", name) for name in empty]
        decision, day = _written(self.cells["decision"]), self.cells["decided_date"]
        if decision and not _code_of(decision):
            choices = {lang: ", ".join(names[lang] for names in codes()["decision"].values()) for lang in LANGUAGES}
            faults.append(self.problem("unknown_decision", "decision", decision, choices=choices))
        if _written(day) and _day_of(day) is None:
            faults.append(self.problem("no_day_of_decision", "decided_date", _written(day)))
        return faults

    def decided(self) -> Decided:
        said = {name: _written(self.cells[name]) for name in ("decision_reason", "decided_by")}
        day = _day_of(self.cells["decided_date"])
        return Decided(
            self.family, _code_of(_written(self.cells["decision"])), decided_date=day, row=self.number, **said
        )


def _written(cell) -> str:
    return "" if cell is None else str(cell).strip()


def _code_of(words: str) -> str:
    """Return the code of a decision in either language; nothing when there is none."""
    called = {label.lower(): code for code, names in codes()["decision"].items() for label in (code, *names.values())}
    return called.get(words.lower(), "")


def _day_of(cell) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    for form in _NUMBERED:
        try:
            return datetime.strptime(_written(cell), form).date()
        except ValueError:
            continue
    return None
