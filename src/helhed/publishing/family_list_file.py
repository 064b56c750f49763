"""The list of families that the page "In your browser" reads: blank, filled in, and made from a municipality's tables.

One row per family and one column per criterion; no person and no CPR number stands in it.
"""

import io

import pandas as pd

from helhed.browser.family_list import DECISION, FAMILY, HAS_PLACE, ORDER_ONLY, SAID_NO
from helhed.profile import Profile
from helhed.publishing.browser_kit import answers, list_columns
from helhed.selection import criteria, evaluate_criteria
from helhed.selection.register import Register
from helhed.selection.shortlist import counts_on
from helhed.selection.values import family_values
from helhed.sheets import new_book, print_setup, row_height, set_widths, styles
from helhed.tables import came_to_nothing, said_no, takes_part
from helhed.texts import text

_WIDTH, _N_BLANK = 16, 200
#: Widths of the sheet that explains the columns, and the room that bold letters take of a column.
_COLUMNS, _BOLD_ROOM = (34, 18, 80), 3
_FOOTER = "&L&A&R&P / &N"


def own_family_list(
    tables: dict[str, pd.DataFrame], family_criterion: pd.DataFrame, profile: Profile, lang: str
) -> bytes:
    """Return the municipality's own list as a workbook, ready for the page: for the run's private folder.

    Families stand under the pseudonyms that the sheet for the referral meeting has; no person stands in it.

    Parameters
    ----------
    tables, profile
        As for `helhed.selection.select_families`.
    family_criterion
        What `helhed.selection.evaluate_criteria` returned for them, on the day the data end.
    lang
        Language of the headings, of yes and no and of the decisions.
    """
    return family_list_workbook(lang, family_rows(tables, profile, profile["data.to_date"], lang, family_criterion))


def family_rows(
    tables: dict[str, pd.DataFrame], profile: Profile, as_of, lang: str, family_criterion: pd.DataFrame | None = None
) -> list[dict[str, object]]:
    """Return a row per family as the list holds it, from the tables that the selection works on.

    A value that may be higher than what is known is written as "2+"; what is not known at all is None.

    Parameters
    ----------
    tables, profile, as_of
        As for `helhed.selection.select_families`.
    lang
        Language of yes, no and the decisions.
    family_criterion
        What `helhed.selection.evaluate_criteria` returned, where that is known already.
    """
    found = evaluate_criteria(tables, profile, as_of) if family_criterion is None else family_criterion
    forms = {column["name"]: column["form"] for column in list_columns(lang)}
    written = [
        _written(value, status, forms[name], lang)
        for value, status, name in found[["value", "status", "criterion"]].itertuples(index=False)
    ]
    wide = found.assign(cell=pd.Series(written, dtype="object")).pivot(
        index="family_id", columns="criterion", values="cell"
    )
    order = family_values(Register(tables, profile, as_of), [], [*ORDER_ONLY]).set_index("family_id")
    placed, decided = _placed_and_decided(tables["enrolment"].set_index("family_id"), profile, as_of)
    labels = answers()
    rows = []
    for family, cells in wide.iterrows():
        rows.append(
            {
                FAMILY: family,
                HAS_PLACE: text(f"plan_forms.code_flag_{'yes' if family in placed else 'no'}", lang),
                DECISION: labels[decided[family]][lang] if family in decided else None,
                **cells.to_dict(),
                **{name: _days(order, family, name) for name in ORDER_ONLY},
            }
        )
    return rows


def _placed_and_decided(enrolment: pd.DataFrame, profile: Profile, as_of) -> tuple[set[str], dict[str, str]]:
    """Return who has a place on the day, and the decisions that still say something: an offer only while it is open.

    What a family answered stands in the place of the offer that it said no to.
    """
    day = pd.Timestamp(as_of)
    is_answered = counts_on(enrolment["exit_date"], as_of, profile)
    is_over = (enrolment["start_date"] <= day) | (came_to_nothing(enrolment) & is_answered)
    counts = counts_on(enrolment["offered_date"], as_of, profile) & enrolment["decision"].notna()
    decided = enrolment.loc[counts & ~(is_over & enrolment["decision"].eq("include")), "decision"].to_dict()
    decided |= dict.fromkeys(enrolment.index[(said_no(enrolment) & is_answered).to_numpy()], SAID_NO)
    placed = enrolment.index[takes_part(enrolment, day).to_numpy()]
    return set(placed), {family: code for family, code in decided.items() if family not in set(placed)}


def _days(order: pd.DataFrame, family: str, name: str) -> int | None:
    value = order[f"order_{name}"].get(family)
    return None if value is None or pd.isna(value) else int(value)


def _written(value: float, status: str, form: str, lang: str) -> object:
    """Return a cell: a value, "2+" when it may be higher, "no" when there is nothing to count, None when not known."""
    may_be_more = status == "cannot_tell"
    if pd.isna(value):
        return None if may_be_more else text("plan_forms.code_flag_no", lang)
    if form == "flag" and not may_be_more:
        return text(f"plan_forms.code_flag_{'yes' if value else 'no'}", lang)
    number = float(value) if form == "share" else int(value)
    if not may_be_more:
        return number
    return f"{number}+".replace(".", ",") if lang == "da" else f"{number}+"


def family_list_workbook(lang: str, rows: list[dict[str, object]] | None = None, is_example: bool = False) -> bytes:
    """Return the list as a workbook: the families, and a sheet that says what each column counts.

    A filled example says there that it is invented.
    """
    columns, buffer = list_columns(lang), io.BytesIO()
    book = new_book(buffer, text("browser.list_title", lang))
    left = {"valign": "top", "align": "left"}
    look = styles(book, count=left, percent={**left, "num_format": "0.0%"})
    page = book.add_worksheet(text("browser.sheet_families", lang))
    for at, column in enumerate(columns):
        page.write_string(0, at, column["heads"][0], look["head_required" if column["name"] == FAMILY else "head"])
        if column["form"] == "flag":
            known = [text(f"plan_forms.code_flag_{one}", lang) for one in ("yes", "no")]
            page.data_validation(1, at, _N_BLANK, at, {"validate": "list", "source": known, "error_type": "warning"})
    for number, row in enumerate(rows or [], start=1):
        for at, column in enumerate(columns):
            _write(page, number, at, row.get(column["name"]), look["percent" if column["form"] == "share" else "count"])
    page.freeze_panes(1, 1)
    widths = [_WIDTH] * len(columns)
    page.set_row(0, row_height([column["heads"][0] for column in columns], [width - _BOLD_ROOM for width in widths]))
    set_widths(page, widths)
    print_setup(page, _FOOTER, widths=widths)
    explained = book.add_worksheet(text("browser.sheet_columns", lang))
    _column_sheet(explained, look, lang)
    if is_example:
        explained.write_string(2, 0, text("downloads.invented", lang), look["warning"])
    book.close()
    return buffer.getvalue()


def _write(page, row: int, at: int, value, look) -> None:
    if isinstance(value, str):
        page.write_string(row, at, value, look)
    elif value is not None:
        page.write_number(row, at, value, look)


def _column_sheet(page, look: dict, lang: str) -> None:
    set_widths(page, _COLUMNS)
    page.write_string(0, 0, text("browser.list_title", lang), look["title"])
    page.merge_range(1, 0, 1, 2, text("browser.list_help", lang), look["words"])
    page.set_row(1, row_height([text("browser.list_help", lang)], [sum(_COLUMNS)]))
    for at, name in enumerate(("column", "cells", "counts")):
        page.write_string(3, at, text(f"browser.head_{name}", lang), look["head"])
    for number, column in enumerate(list_columns(lang), start=4):
        cells = (
            column["heads"][0],
            text(f"browser.form_{column['form']}", lang),
            _explained(column["name"], lang),
        )
        for at, (cell, name) in enumerate(zip(cells, ("bold", "words", "words"), strict=True)):
            page.write_string(number, at, cell, look[name])
        page.set_row(number, row_height(cells, [_COLUMNS[0] - _BOLD_ROOM, *_COLUMNS[1:]]))
    print_setup(page, _FOOTER, repeated=4)


def _explained(name: str, lang: str) -> str:
    if name in criteria():
        return criteria()[name].explanation(lang)
    known = ", ".join(labels[lang] for labels in answers().values())
    return text(f"browser.help_{name}", lang, known=known)
