"""The small file with which municipalities are held side by side: the indicators now, after disclosure control.

Step 4 writes one for each municipality. It holds no row of a person or family and no number that rests on few, so it
may be sent to the consultant who puts several together.
"""

import io
from collections.abc import Mapping

import pandas as pd

from helhed.errors import Problem, WrongCall
from helhed.monitoring.catalogue import indicator_catalogue
from helhed.monitoring.values import COLUMNS, REASONS
from helhed.outputs import is_small

#: What the code calls the file among the documents of step 4; see `helhed.texts.document_name`.
FILE = "indicators_now.csv"
_NUMBERS = ("value", "low", "high", "n", "share_missing", "numerator", "denominator")
_HEADS = ["municipality", "is_synthetic", *COLUMNS]


def shared_values(shown: pd.DataFrame, municipality: str, is_synthetic: bool, threshold: int) -> bytes:
    """Return the values now of the enrolled families as a CSV file with semicolons and decimal points.

    Parameters
    ----------
    shown
        Guarded values (see `helhed.monitoring.shown.guarded`).
    municipality
        Its name.
    is_synthetic
        Whether the data are invented.
    threshold
        Smallest number of families that may be shown: a smaller number behind a value is left out.
    """
    is_now = (shown["level"] == "now") & (shown["group"] == "enrolled")
    now = shown.loc[is_now, COLUMNS].astype({"n": "Float64"})
    now["n"] = now["n"].mask(is_small(now["n"], threshold))
    # A count has no interval and no funnel; one that is small would stand here alone.
    now.loc[now["reason"] != "", list(_NUMBERS)] = pd.NA
    told = now.assign(municipality=municipality, is_synthetic=int(is_synthetic))[_HEADS]
    return told.to_csv(index=False, sep=";", float_format="%.6g", lineterminator="\n").encode()


def read_shared_values(files: Mapping[str, bytes]) -> tuple[dict[str, pd.DataFrame], bool]:
    """Return the guarded values of each municipality by name, and whether any of the data are invented.

    Parameters
    ----------
    files
        File name to content, as `shared_values` made it.

    Raises
    ------
    WrongCall
        If a file is none of these, a number is none, or two files are of the same municipality.
    """
    read = {name: _read(name, content) for name, content in files.items()}
    problems = [found for found in read.values() if isinstance(found, Problem)]
    tables = {name: found for name, found in read.items() if isinstance(found, pd.DataFrame)}
    by_place: dict[str, list[str]] = {}
    for name, table in tables.items():
        by_place.setdefault(table["municipality"].iat[0], []).append(name)
    problems += [
        Problem("monitoring_outputs.shared_twice", file=names[1], value=place, details={"other": names[0]})
        for place, names in by_place.items()
        if len(names) > 1
    ]
    if problems:
        raise WrongCall(problems)
    values = {place: tables[names[0]].reset_index(drop=True) for place, names in by_place.items()}
    return values, any(bool(table["is_synthetic"].any()) for table in tables.values())


def _read(name: str, content: bytes) -> pd.DataFrame | Problem:
    try:
        table = pd.read_csv(io.BytesIO(content), sep=";", dtype="str", keep_default_na=False, encoding="utf-8-sig")
        missing = [head for head in _HEADS if head not in table]
        if missing or table.empty or table["municipality"].nunique() != 1:
            return Problem("monitoring_outputs.shared_not_ours", file=name)
        found = table.assign(**{column: _number(table[column]) for column in (*_NUMBERS, "is_synthetic")})
    except (ValueError, UnicodeDecodeError, pd.errors.ParserError):
        return Problem("monitoring_outputs.shared_not_ours", file=name)
    is_known = found["indicator"].isin(list(indicator_catalogue())) & found["reason"].isin(["", *REASONS])
    is_whole = found["value"].notna() | (found["reason"] != "")
    if not (is_known & is_whole).all() or found["indicator"].duplicated().any():
        return Problem("monitoring_outputs.shared_not_ours", file=name)
    return found


def _number(written: pd.Series) -> pd.Series:
    # A spreadsheet that has opened and saved the file may have put commas for points.
    return pd.to_numeric(written.str.replace(",", ".", regex=False).where(written != ""), errors="raise").astype(float)
