"""Rules that lines of the municipality's own workbooks keep together: shares, refund steps, lines that say the same.

The check of the files and the account share them: what the account would refuse is said before a run.
"""

from collections.abc import Collection, Mapping
from itertools import pairwise
from pathlib import Path

import pandas as pd

from helhed.errors import Problem
from helhed.profile.own_workbooks import own_workbooks, read_as_far_as_possible

#: Who pays, in the order of the tables.
PAYERS = ("municipality", "region", "state")


def own_workbook_problems(folder: Path | str) -> list[Problem]:
    """Return all that is wrong in the workbooks that a municipality has added to its folder; those not there are none.

    Lines that could not be read are judged no further: nothing is said that follows from another fault.
    """
    problems = []
    for name in own_workbooks():
        found, wrong = read_as_far_as_possible(folder, name)
        problems += wrong
        if name == "economy":
            lines = {key: sheet.lines for key, sheet in found.items()}
            misread = {key: sheet.misread for key, sheet in found.items()}
            problems += economy_problems(lines, misread, {key: sheet.title for key, sheet in found.items()})
    return problems


def economy_problems(
    sheets: Mapping[str, pd.DataFrame],
    misread: Mapping[str, Collection[int]] | None = None,
    titles: Mapping[str, str] | None = None,
) -> list[Problem]:
    """Return which lines of the municipality's own economy cannot be right together.

    Shares must add up to 100 %, refund steps rise to an open end, and no two lines say the same thing for the same day
    or year.

    Parameters
    ----------
    sheets
        ``prices``, ``payers``, ``refund``: from `helhed.profile.own_workbooks.read_workbook`.
    misread
        Rows of each sheet that could not be read whole; they are not judged.
    titles
        What the sheets are called in the file; both their names when it is not known.
    """
    bad = {name: (misread or {}).get(name, ()) for name in sheets}
    prices, payers, refund = (
        sheets[name][~sheets[name]["row"].isin(list(bad[name]))] for name in ("prices", "payers", "refund")
    )
    names = prices["measure_type"].str.strip().str.lower()
    wrong = [
        *_wrong_shares(payers, list(PAYERS), "payers"),
        *_wrong_shares(refund, ["municipality", "state"], "refund"),
        *_doubles(prices.assign(measure_type=names), ["measure_type", "year"], "prices"),
        *_doubles(payers, ["measure_group", "from_date"], "payers"),
        *_doubles(refund, ["from_date", "to_week"], "refund"),
        # A step that could not be read may be the one that is missing.
        *([] if bad["refund"] else _wrong_steps(refund)),
    ]
    return [_problem(code, sheet, row, value, titles or {}) for code, sheet, row, value in wrong]


Wrong = tuple[str, str, int, str]


def _wrong_shares(lines: pd.DataFrame, payers: list[str], sheet: str) -> list[Wrong]:
    total = lines[payers].astype("float64").sum(axis=1)
    is_wrong = (total - 1).abs() > 1e-6
    found = zip(lines["row"][is_wrong], total[is_wrong], strict=True)
    return [("shares_do_not_add_up", sheet, row, f"{100 * share:.4g}") for row, share in found]


def _doubles(lines: pd.DataFrame, key: list[str], sheet: str) -> list[Wrong]:
    return [("double_line", sheet, row, "") for row in lines.loc[lines.duplicated(key), "row"]]


def _wrong_steps(refund: pd.DataFrame) -> list[Wrong]:
    return [
        ("refund_steps_wrong", "refund", rule["row"].iloc[0], f"{day:%d-%m-%Y}")
        for day, rule in refund.groupby("from_date")
        if not _rises_to_an_open_end(rule["to_week"].sort_values(na_position="last"))
    ]


def _rises_to_an_open_end(weeks: pd.Series) -> bool:
    *closed, last = weeks
    return pd.isna(last) and all(low < high for low, high in pairwise(closed))


def _problem(code: str, sheet: str, row: int, value: str, titles: Mapping[str, str]) -> Problem:
    book = own_workbooks()["economy"]
    both = " / ".join(dict.fromkeys((book.sheets[sheet].da, book.sheets[sheet].en)))
    place = {"file": book.file, "sheet": titles.get(sheet) or both, "row": int(row)}
    return Problem(f"workbooks.{code}", **place, value=value)
