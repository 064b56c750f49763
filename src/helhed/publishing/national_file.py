"""Writes the families that a rule finds in a register of any size."""

from pathlib import Path

import pandas as pd

from helhed.errors import Problem, WrongCall


def write_families(families: pd.DataFrame, file: Path, lang: str) -> None:
    """Write one row per family to a parquet file.

    Raises
    ------
    WrongCall
        If the file's folder does not exist or may not be written to.
    """
    try:
        families.to_parquet(file, index=False)
    except OSError as fault:
        raise WrongCall(Problem("selection.national_not_written", value=str(file)), lang) from fault
