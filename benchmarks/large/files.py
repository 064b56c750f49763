"""A Danish CSV of a million rows and an Excel sheet, with the preset that reads either."""

from pathlib import Path

import numpy as np
import pandas as pd
import xlsxwriter

from helhed.intake.exports.preset import Heading, Preset
from large.writing import amounts, chosen, days, write_csv

NAMES = ["Kontanthjælp", "Sygedagpenge", "Førtidspension", "A-dagpenge", "Jobafklaring"]
PLACES = ["Ærø", "Brøndby", "Åbenrå", "Møn", "Furesø"]
#: Canonical name by heading; case numbers have eight digits, many of them with zeros in front.
COLUMNS = {
    "Sagsnummer": "case",
    "Startdato": "start_date",
    "Slutdato": "end_date",
    "Udbetalt": "paid_dkk",
    "Refusion": "refund_dkk",
    "Ydelse": "benefit",
    "Kommune": "place",
}
PRESET = Preset(
    name="benchmark",
    title={"da": "Måling", "en": "Benchmark"},
    table="benefit_week",
    columns=(
        Heading("Sagsnummer", to="case", required=True),
        Heading("Startdato", to="start_date", kind="date", required=True),
        Heading("Slutdato", to="end_date", kind="date"),
        Heading("Udbetalt", to="paid_dkk", kind="number", required=True, min=0),
        Heading("Refusion", to="refund_dkk", kind="number", min=0),
        Heading("Ydelse", to="benefit"),
        Heading("Kommune", to="place"),
    ),
)


def draw(n: int, seed: int) -> dict[str, np.ndarray]:
    """Return the columns of a file by heading: numbers, days, hundredths of a krone and places in the lists."""
    rng = np.random.default_rng(seed)
    start = np.datetime64("2020-01-01") + rng.integers(0, 2000, n)
    return {
        "Sagsnummer": rng.integers(0, 10**8, n),
        "Startdato": start,
        "Slutdato": start + rng.integers(0, 700, n),
        "Udbetalt": rng.gamma(3, 200_000, n).astype("int64"),
        "Refusion": rng.gamma(3, 50_000, n).astype("int64"),
        "Ydelse": rng.integers(0, len(NAMES), n),
        "Kommune": rng.integers(0, len(PLACES), n),
    }


def write_large_csv(file: Path, n: int, seed: int) -> None:
    """Write a Danish CSV: semicolon, decimal comma, dd-mm-yyyy, cp1252."""
    drawn = draw(n, seed)
    columns = {
        "Sagsnummer": _numbered(drawn["Sagsnummer"]),
        "Startdato": days(drawn["Startdato"]),
        "Slutdato": days(drawn["Slutdato"]),
        "Udbetalt": amounts(drawn["Udbetalt"]),
        "Refusion": amounts(drawn["Refusion"]),
        "Ydelse": chosen(NAMES, drawn["Ydelse"]),
        "Kommune": chosen(PLACES, drawn["Kommune"]),
    }
    write_csv(columns, file, "cp1252")


def _numbered(numbers: np.ndarray) -> list[str]:
    return [f"{number:08d}" for number in numbers.tolist()]


def write_large_xlsx(file: Path, n: int, seed: int) -> None:
    """Write an Excel sheet with dates as dates, amounts as numbers and case numbers as text."""
    drawn = draw(n, seed)
    with xlsxwriter.Workbook(file) as book:
        sheet, day = book.add_worksheet("Data"), book.add_format({"num_format": "dd-mm-yyyy"})
        sheet.write_row(0, 0, list(COLUMNS))
        sheet.write_column(1, 0, _numbered(drawn["Sagsnummer"]))
        for place, heading in ((1, "Startdato"), (2, "Slutdato")):
            sheet.write_column(1, place, pd.DatetimeIndex(drawn[heading]).to_pydatetime().tolist(), day)
        for place, heading in ((3, "Udbetalt"), (4, "Refusion")):
            sheet.write_column(1, place, (drawn[heading] / 100).tolist())
        for place, heading, names in ((5, "Ydelse", NAMES), (6, "Kommune", PLACES)):
            sheet.write_column(1, place, np.array(names)[drawn[heading]].tolist())
