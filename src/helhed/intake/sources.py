"""Raw files to typed source frames: one per export preset, canonical column names, problems collected.

A source frame carries ``row_`` (row number in the user's file) and ``file_``; both stay inside this package.
"""

import difflib
from dataclasses import dataclass, field

import pandas as pd

from helhed.errors import Problem
from helhed.intake.presets import Heading, Preset, plain, presets
from helhed.intake.pseudonyms import Keyring, shows_cpr, without_cpr
from helhed.intake.readers import DECIMAL, RawSheet, find_file, read_export, read_xlsx
from helhed.intake.values import birth_dates, convert
from helhed.profile import Profile

PLACE = ["row_", "file_"]


@dataclass(frozen=True)
class Assumed:
    """How a file was read: what was taken for granted, and how many rows came out."""

    file: str
    sheet: str
    encoding: str
    separator: str
    decimal: str
    n_rows: int


@dataclass
class Sources:
    """Every export as a typed frame by preset name, with the problems met and how the files were read."""

    frames: dict[str, pd.DataFrame] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    assumed: list[Assumed] = field(default_factory=list)


def read_sources(profile: Profile, keyring: Keyring) -> Sources:
    """Return every export of the municipality's folder, read and typed; a missing file gives an empty frame."""
    sources = Sources()
    for preset in presets().values():
        frame, problems, assumed = read_source(preset, profile, keyring)
        sources.frames[preset.name] = frame
        sources.problems += problems
        sources.assumed += assumed
    return sources


def read_source(
    preset: Preset, profile: Profile, keyring: Keyring
) -> tuple[pd.DataFrame, list[Problem], list[Assumed]]:
    """Return one export as a typed frame over all its files, the problems met, and how each file was read."""
    frames, met, assumed = [], [], []
    for sheet, problems in _sheets(preset, profile):
        met += problems
        if sheet is None:
            continue
        frame, problems = typed(sheet, preset, keyring)
        met += problems
        assumed.append(Assumed(sheet.file, sheet.sheet, sheet.encoding, sheet.separator, DECIMAL, len(sheet.frame)))
        frames.append(frame)
    return _together(frames, preset), met, assumed


def _sheets(preset: Preset, profile: Profile) -> list[tuple[RawSheet | None, list[Problem]]]:
    if preset.workbook:
        return [_from_workbook(preset, profile)]
    if not preset.per_year:
        return [_from_export(preset, preset.file, profile)]
    years = range(profile["data.from_date"].year, profile["data.to_date"].year + 1)
    return [_from_export(preset, f"{preset.file}_{year}", profile) for year in years]


def _from_workbook(preset: Preset, profile: Profile) -> tuple[RawSheet | None, list[Problem]]:
    file, problems = find_file(profile.folder, preset.workbook.removesuffix(".xlsx"))
    if problems:
        return None, problems
    if file is None:
        return None, [Problem("intake.missing_workbook", file=preset.workbook, details={"sheet": preset.sheet})]
    return read_xlsx(file, preset.sheet)


def _from_export(preset: Preset, stem: str, profile: Profile) -> tuple[RawSheet | None, list[Problem]]:
    file, problems = find_file(profile.folder / "exports", stem)
    if problems:
        return None, problems
    if file is None:
        code, severity = ("intake.no_optional_file", "note") if preset.optional else ("intake.missing_file", "must_fix")
        return None, [Problem(code, severity, file=f"exports/{stem}.csv", details={"stem": stem})]
    return read_export(file, profile["data.encoding"])


def typed(sheet: RawSheet, preset: Preset, keyring: Keyring) -> tuple[pd.DataFrame, list[Problem]]:
    """Return a sheet's used columns under canonical names and types, with the problems found.

    Rows in which a required cell is empty or does not fit are left out; each is a problem.
    """
    place = {"file": sheet.file, "sheet": sheet.sheet}
    found, problems = _match_headings(sheet.frame, preset, place)
    if any(problem.severity == "must_fix" for problem in problems):
        return _empty(preset), problems
    if sheet.frame.empty:
        is_note = preset.optional or bool(preset.workbook)
        problems.append(Problem("intake.no_rows", "note" if is_note else "must_fix", **place))
    columns, is_usable = {}, pd.Series(True, index=sheet.frame.index)
    for heading, written in found:
        if not heading.to:
            continue
        texts = sheet.frame[written].str.strip()
        values, is_whole, met = _read_column(texts, heading, keyring, place)
        columns[heading.to] = values
        if heading.birth_to:
            columns[heading.birth_to] = birth_dates(texts, keyring)
        is_usable &= is_whole
        problems += met
    frame = pd.DataFrame({**columns, "row_": sheet.frame.index, "file_": sheet.file})
    return frame[is_usable].reset_index(drop=True), problems


def _match_headings(
    frame: pd.DataFrame, preset: Preset, place: dict
) -> tuple[list[tuple[Heading, str]], list[Problem]]:
    by_plain = {plain(written): written for written in frame.columns}
    found = [(h, by_plain[plain(h.heading)]) for h in preset.columns if plain(h.heading) in by_plain]
    matched = {written for _, written in found}
    spare = [written for written in frame.columns if written not in matched]
    problems = []
    for heading in preset.columns:
        if heading.to and plain(heading.heading) not in by_plain:
            nearest = difflib.get_close_matches(heading.heading, spare, n=1, cutoff=0.4) or spare[:1] or ["–"]
            details = {"nearest": without_cpr(nearest[0])}
            problems.append(Problem("intake.missing_column", **place, row=1, column=heading.heading, details=details))
    if spare and not problems:
        names = ", ".join(without_cpr(name) for name in spare)
        problems.append(Problem("intake.unknown_column", "note", **place, row=1, value=names))
    return found, problems


def _read_column(texts: pd.Series, heading: Heading, keyring: Keyring, place: dict):
    """Return the column's values, which rows can be used, and the problems of its cells."""
    values, is_misfit = convert(texts, heading, keyring)
    is_empty = texts == ""
    is_low = (values < heading.min) if heading.min is not None else _none_of(texts)
    is_high = (values > heading.max) if heading.max is not None else _none_of(texts)
    shows = texts.map(shows_cpr).astype(bool) if heading.kind in ("text", "id") else _none_of(texts)
    limits = {name: _limit(getattr(heading, name)) for name in ("min", "max")}
    is_gap = is_empty if heading.required else _none_of(texts)
    problems = [
        *_cell_problems(_MISFIT.get(heading.kind, "empty_cell"), texts[is_misfit], heading, place),
        *_cell_problems("below_limit", texts[is_low], heading, place, limits),
        *_cell_problems("above_limit", texts[is_high], heading, place, limits),
        *_cell_problems("empty_cell", texts[is_gap], heading, place),
        *_cell_problems("cpr_removed", texts[shows], heading, place),
    ]
    if heading.empty:
        values = values.mask(is_empty, heading.empty)
    outside = is_misfit | is_low | is_high
    is_usable = ~(is_gap | outside) if heading.required else ~_none_of(texts)
    return values.mask(outside), is_usable, problems


def _none_of(texts: pd.Series) -> pd.Series:
    return pd.Series(False, index=texts.index)


_MISFIT = {
    "cpr": "bad_cpr",
    "cprs": "bad_cpr",
    "date": "bad_date",
    "number": "bad_number",
    "week": "bad_week",
    "month": "bad_month",
    "flag": "bad_flag",
    "code": "unknown_code",
    "codes": "unknown_code",
}


def _limit(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


_SECRET_KINDS = ("cpr", "cprs", "address")


def _cell_problems(
    code: str, texts: pd.Series, heading: Heading, place: dict, details: dict | None = None
) -> list[Problem]:
    if code == "unknown_code":
        details = {"known": ", ".join(heading.labels())}
    return [
        Problem(
            f"intake.{code}",
            {"unknown_code": heading.unknown, "cpr_removed": "note"}.get(code, "must_fix"),
            **place,
            row=int(row),
            column=heading.heading,
            value="" if heading.kind in _SECRET_KINDS else without_cpr(text)[:80],
            details=details or {},
        )
        for row, text in texts.items()
    ]


def _empty(preset: Preset) -> pd.DataFrame:
    nothing, no_key = pd.Series(dtype="str"), Keyring(b"")
    columns = {h.to: convert(nothing, h, no_key)[0] for h in preset.columns if h.to}
    columns |= {h.birth_to: birth_dates(nothing, no_key) for h in preset.columns if h.birth_to}
    return pd.DataFrame({**columns, "row_": pd.Series(dtype="int64"), "file_": pd.Series(dtype="str")})


def _together(frames: list[pd.DataFrame], preset: Preset) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else _empty(preset)
