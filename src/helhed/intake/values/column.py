"""One column of an export: its values, which of its rows can be used, and what is wrong with its cells."""

import pandas as pd

from helhed.errors import Problem
from helhed.intake.exports.feeds import SECRET_KINDS
from helhed.intake.exports.preset import Heading
from helhed.intake.pseudonyms import Keyring, without_cpr
from helhed.intake.reading.text_columns import which_are_empty
from helhed.intake.values.cells import convert
from helhed.intake.values.misfits import misfit_problems
from helhed.intake.values.whole_columns import which_show_cpr
from helhed.texts import LANGUAGES

#: Severity of what is put right without anyone having to mend the file.
_MILDER = {"cpr_removed": "note", "address_in_words": "should_fix"}


def read_column(
    texts: pd.Series, heading: Heading, keyring: Keyring, place: dict
) -> tuple[pd.Series, pd.Series, list[Problem]]:
    """Return the column's values, which rows can be used, and the problems of its cells.

    Parameters
    ----------
    texts
        The cells, stripped of outer spaces, by row of the file.
    heading
        How the column is read.
    keyring
        Makes the pseudonyms of persons and addresses.
    place
        File and sheet of the problems.
    """
    values, is_misfit = convert(texts, heading, keyring)
    is_low = (values < heading.min) if heading.min is not None else _none_of(texts)
    is_high = (values > heading.max) if heading.max is not None else _none_of(texts)
    shows = which_show_cpr(texts) if heading.kind in ("text", "id") else _none_of(texts)
    limits = {name: _limit(getattr(heading, name)) for name in ("min", "max")}
    is_gap = which_are_empty(texts) if heading.required else _none_of(texts)
    problems = [
        *misfit_problems(_at(texts, is_misfit), heading, lambda code, at: _cell_problems(code, at, heading, place)),
        *_cell_problems("below_limit", _at(texts, is_low), heading, place, limits),
        *_cell_problems("above_limit", _at(texts, is_high), heading, place, limits),
        *_cell_problems("empty_cell", _at(texts, is_gap), heading, place),
        *_cell_problems("cpr_removed", _at(texts, shows), heading, place),
    ]
    if heading.empty:
        values = values.mask(which_are_empty(texts), heading.empty)
    outside = is_misfit | is_low | is_high
    is_usable = ~(is_gap | outside) if heading.required else ~_none_of(texts)
    return values.mask(outside) if outside.any() else values, is_usable, problems


def _at(texts: pd.Series, is_meant: pd.Series) -> pd.Series:
    """Return the cells that are meant; mostly there are none, which is seen quickly."""
    return texts[is_meant] if is_meant.any() else texts.iloc[:0]


def _none_of(texts: pd.Series) -> pd.Series:
    return pd.Series(False, index=texts.index)


def _limit(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _cell_problems(
    code: str, texts: pd.Series, heading: Heading, place: dict, details: dict | None = None
) -> list[Problem]:
    if code == "unknown_code":
        details = {"known": {lang: ", ".join(heading.labels(lang)) for lang in LANGUAGES}}
    return [
        Problem(
            f"intake.{code}",
            {"unknown_code": heading.unknown, **_MILDER}.get(code, "must_fix"),
            **place,
            row=int(row),
            column=heading.heading,
            value="" if heading.kind in SECRET_KINDS else without_cpr(cell)[:80],
            details=details or {},
        )
        for row, cell in texts.items()
    ]
