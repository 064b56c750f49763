"""What stands in a filled-in form before it is understood: cells by sheet, row and field."""

from dataclasses import dataclass

from helhed.errors import Problem
from helhed.plan.forms.layout import Sheet, prompt_of
from helhed.texts import LANGUAGES


@dataclass(frozen=True)
class RawRow:
    """One row: where it stands, and its cells by field.

    ``place``: the row as the program shows it, the number of the table in Word, None for the head of a form.
    """

    place: int | None
    cells: dict[str, object]


@dataclass(frozen=True)
class RawSheet:
    """One sheet: its rows, the fields that no heading names, and the headings that name no field."""

    sheet: Sheet
    rows: tuple[RawRow, ...]
    missing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()


@dataclass(frozen=True)
class RawForm:
    """A whole form: its sheets by name, and what was wrong with the file itself."""

    sheets: dict[str, RawSheet]
    problems: tuple[Problem, ...] = ()

    def lang(self, otherwise: str) -> str:
        """Return the language that most headings are written in."""
        n_heads = dict.fromkeys(LANGUAGES, 0)
        for part in self.sheets.values():
            heads = {_folded(head) for head in part.heads}
            for lang in LANGUAGES:
                n_heads[lang] += sum(_folded(field.label(lang)) in heads for field in part.sheet.fields)
        most = max(n_heads.values())
        return otherwise if n_heads[otherwise] == most else max(n_heads, key=n_heads.__getitem__)


def raw_sheet(sheet: Sheet, heads: list[str], rows: list[tuple[int | None, list]]) -> RawSheet:
    """Return a sheet read after its headings, which may stand in either language.

    Parameters
    ----------
    heads
        The headings, in the order of the cells.
    rows
        Place and cells of each row.
    """
    places = fields_of(sheet, heads)
    unknown = [head for at, head in enumerate(heads) if head and at not in places.values()]
    prompts = {name: {prompt_of(sheet.field(name), lang) for lang in LANGUAGES} - {""} for name in places}
    read = []
    for place, row in rows:
        cells = {name: row[at] for name, at in places.items() if at < len(row)}
        # What only invited to write is no answer, whether or not the program that saved the file still marks it so.
        answers = {name: None if str(cell).strip() in prompts[name] else cell for name, cell in cells.items()}
        read.append(RawRow(place, answers))
    missing = [field.name for field in sheet.fields if field.name not in places]
    return RawSheet(sheet, tuple(read), tuple(missing), tuple(unknown), tuple(heads))


def fields_of(sheet: Sheet, heads: list[str]) -> dict[str, int]:
    """Return at which place each field's heading stands."""
    labels = {_folded(field.label(lang)): field.name for lang in LANGUAGES for field in sheet.fields}
    places: dict[str, int] = {}
    for at, head in enumerate(heads):
        if name := labels.get(_folded(head)):
            places.setdefault(name, at)
    return places


def _folded(head: str) -> str:
    return " ".join(head.casefold().split())
