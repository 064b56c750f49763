"""How good each canonical table is: rows without anything to fix, cells that are filled, and the newest month."""

import math
from collections import Counter

import pandas as pd

from helhed.intake.exports.preset import Preset, preset_of
from helhed.intake.municipality import Intake
from helhed.outputs import PublicTable
from helhed.tables import tables
from helhed.texts import month, number, percent, text

#: Tables that are formed from the others: nobody exports them.
_FORMED = ("family", "family_member", "coverage")
#: Weekly payments become spells.
_BECOMES = {"benefit_week": "benefit_spell"}


def table_quality(intake: Intake) -> pd.DataFrame:
    """Return how good each table is that comes from exports.

    Returns
    -------
    One row per canonical table that is not formed from others: ``table``, ``n`` (rows in the table), ``n_read`` (rows
    of its exports), ``n_faulty`` (of these, rows with something that must or should be fixed, and all rows of a file
    that cannot be used as it is), ``share_sound`` and
    ``share_filled`` (of all cells, required and optional; both 0-1, missing without rows) and ``last_month`` (the last
    month of the data period with records; missing for tables without months).
    """
    read, faulty, newest = _rows_read(intake), _rows_faulty(intake), _last_months(intake)
    rows = []
    for name in tables():
        if name in _FORMED:
            continue
        n_read, n_faulty, frame = read.get(name, 0), faulty.get(name, 0), intake.tables[name]
        rows.append(
            {
                "table": name,
                "n": len(frame),
                "n_read": n_read,
                "n_faulty": n_faulty,
                "share_sound": 1 - n_faulty / n_read if n_read else float("nan"),
                "share_filled": float(frame.notna().to_numpy().mean()) if len(frame) else float("nan"),
                "last_month": newest.get(name, pd.NaT),
            }
        )
    return pd.DataFrame(rows)


def quality_table(intake: Intake, lang: str, threshold: int) -> PublicTable:
    """Return how good each table is, in words; what would tell of fewer than ``threshold`` rows is not shown.

    Shares are rounded down: 100 % is written only when nothing is left to fix.
    """
    quality = table_quality(intake)
    frame = pd.DataFrame(
        {
            "table": [_label(name, lang) for name in quality["table"]],
            "n": quality["n_read"].where(~_is_built(quality)),
            "sound": [_sound(row, lang, threshold) for row in quality.itertuples()],
            "filled": [_filled(row, lang, threshold) for row in quality.itertuples()],
            "last_month": [month(when, lang) for when in quality["last_month"]],
        }
    )
    forms = {"table": "text", "n": "count", "sound": "text", "filled": "text", "last_month": "text"}
    labels = {"n": "rows_read"}
    columns = {name: (text(f"intake.col_{labels.get(name, name)}", lang), form) for name, form in forms.items()}
    return PublicTable("quality", text("intake.table_quality", lang), frame, columns)


def quality_sentence(intake: Intake, lang: str, threshold: int) -> str:
    """Return in how many tables every row is sound, and in which table most rows are to be mended."""
    quality = table_quality(intake)
    told = quality[_tells(quality["n_read"], threshold)]
    worst = told.sort_values(["n_faulty", "share_sound", "table"], ascending=[False, True, True]).head(1)
    if worst.empty:
        return text("intake.say_quality_none", lang)
    if worst["n_faulty"].iloc[0] == 0:
        return text("intake.say_quality_all", lang, total=number(len(told), lang))
    row = next(worst.itertuples())
    return text(
        "intake.say_quality",
        lang,
        n=number(int((told["n_faulty"] == 0).sum()), lang),
        total=number(len(told), lang),
        table=_label(row.table, lang),
        share=_sound(row, lang, threshold),
    )


def _tells(n_read, threshold: int):
    """Return whether so many rows read say something of their table."""
    return n_read > threshold


def _is_built(quality: pd.DataFrame) -> pd.Series:
    """Return which tables have rows although no export of their own was read: other tables gave them."""
    return (quality["n_read"] == 0) & (quality["n"] > 0)


def _sound(row, lang: str, threshold: int) -> str:
    """Return the share of sound rows; few faulty rows are told as no more than fewer than the threshold."""
    if row.n_read == 0 and row.n > 0:
        return text("intake.from_other_tables", lang)
    if not _tells(row.n_read, threshold):
        return "–"
    if 0 < row.n_faulty < threshold:
        return text("intake.more_than", lang, share=percent(_down(1 - threshold / row.n_read), lang))
    return percent(_down(row.share_sound), lang)


def _filled(row, lang: str, threshold: int) -> str:
    return percent(_down(row.share_filled), lang) if row.n >= threshold else "–"


def _down(share: float) -> float:
    return math.floor(100 * share + 1e-9) / 100


def _label(name: str, lang: str) -> str:
    return tables()[name].da if lang == "da" else tables()[name].en


def _rows_read(intake: Intake) -> dict[str, int]:
    read = Counter()
    for one in intake.assumed:
        read[_table_of(one.file, one.sheet, intake.presets)] += one.n_rows
    # Rows of another length than the headings are in the file, and in none of the frames.
    for problem in intake.problems:
        if problem.code == "intake.ragged_row":
            read[_table_of(problem.file, problem.sheet, intake.presets)] += 1
    return read


def _rows_faulty(intake: Intake) -> dict[str, int]:
    # What is wrong with the file as a whole, or with its headings, leaves no row to be used.
    stopped = {(p.file, p.sheet, p.row) for p in intake.problems if p.severity == "must_fix"}
    unusable = {
        (one.file, one.sheet): one.n_rows
        for one in intake.assumed
        if stopped & {(one.file, one.sheet, row) for row in (None, one.header_row)}
    }
    places = {
        (p.file, p.sheet, p.row)
        for p in intake.problems
        if p.row and p.severity != "note" and (p.file, p.sheet) not in unusable
    }
    faulty = Counter(_table_of(file, sheet, intake.presets) for file, sheet, _ in places)
    for (file, sheet), n_rows in unusable.items():
        faulty[_table_of(file, sheet, intake.presets)] += n_rows
    return faulty


def _last_months(intake: Intake) -> dict[str, pd.Timestamp]:
    seen = intake.coverage[intake.coverage["n_records"] > 0]
    named = seen.assign(table=[_canonical(intake.presets[source]) for source in seen["source"]])
    return named.groupby("table")["month"].max().to_dict()


def _canonical(preset: Preset) -> str:
    return _BECOMES.get(preset.table, preset.table)


def _table_of(file: str, sheet: str, known: dict[str, Preset]) -> str:
    """Return the canonical table that the rows of a file (or a sheet of a workbook) become; empty when unknown."""
    preset = preset_of(file, sheet, known)
    return _canonical(preset) if preset else ""
