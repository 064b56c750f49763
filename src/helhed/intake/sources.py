"""Raw files to typed source frames: one per export preset, canonical column names, problems collected.

A source frame carries ``row_`` (row number in the user's file) and ``file_``; both stay inside this package.
"""

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from helhed.errors import Problem
from helhed.intake.corrections import Correction, apply_corrections, read_log
from helhed.intake.exports.feeds import completed
from helhed.intake.exports.folder import excused, is_there_with_faults, matching_stems, unread_problems
from helhed.intake.exports.own_presets import presets_of
from helhed.intake.exports.own_words import without_words
from helhed.intake.exports.preset import Heading, Preset, of_table
from helhed.intake.exports.second_look import looked_again
from helhed.intake.pseudonyms import Keyring, without_cpr
from helhed.intake.reading.readers import DECIMAL, RawSheet, find_file, read_export, read_xlsx
from helhed.intake.reading.spelling import plain
from helhed.intake.values.cells import dates_taken, derived, has_points, nothing_of
from helhed.intake.values.column import read_column
from helhed.intake.values.misfits import not_said_twice
from helhed.intake.values.reshaping import rows_kept, shaped, without_blanks
from helhed.intake.values.whole_columns import has_hard_spaces, tidied
from helhed.profile import Profile
from helhed.texts import LANGUAGES, text

#: A workbook that cannot be read at all is one problem, however many sheets were wanted of it.
MOST_SHEETS = 20

#: No more columns than this are named in a message.
MOST_NAMED = 10


@dataclass(frozen=True)
class Assumed:
    """How a file was read: what was taken for granted, and how many rows came out.

    ``header_row`` is the row of the headings, ``taken`` what else was taken for granted: keys of the text catalogue
    without their beginning ``intake.taken_``.
    """

    file: str
    sheet: str
    encoding: str
    separator: str
    decimal: str
    n_rows: int
    header_row: int = 1
    taken: tuple[str, ...] = ()


@dataclass
class Sources:
    """Every export as a typed frame by preset name, with the presets, the problems met and how the files were read.

    ``faulty`` are the exports that are there, but of which some or all rows could not be read.
    """

    presets: dict[str, Preset]
    frames: dict[str, pd.DataFrame] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    assumed: list[Assumed] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)
    faulty: set[str] = field(default_factory=set)


def read_sources(profile: Profile, keyring: Keyring) -> Sources:
    """Return every export of the municipality's folder, read and typed; a missing file gives an empty frame.

    A record without a person of its own, but with a case, gets the case's person.
    """
    log, problems = read_log(profile.folder)
    known, faults = presets_of(profile.folder)
    years = range(profile["data.from_date"].year, profile["data.to_date"].year + 1)
    unread = unread_problems(profile.folder / "exports", known.values(), years)
    sources = Sources(known, problems=[*problems, *faults])
    for preset in sources.presets.values():
        frame, problems, assumed, corrections = read_source(preset, profile, keyring, log)
        sources.frames[preset.name] = frame
        if is_there_with_faults(problems):
            sources.faulty.add(preset.name)
        sources.corrections += corrections
        sources.problems += [problem for problem in problems if problem not in sources.problems[-MOST_SHEETS:]]
        sources.assumed += assumed
    told = {problem.file for problem in sources.problems if problem.severity == "must_fix"}
    sources.problems += [problem for problem in unread if problem.file not in told]
    given = {name for name, frame in sources.frames.items() if len(frame)} | sources.faulty
    sources.problems = [excused(problem, sources.presets, given) for problem in sources.problems]
    cases = rows_of("child_case", sources.frames, sources.presets)
    for name, preset in sources.presets.items():
        if preset.has("case_id") and not preset.has("person_id"):
            sources.frames[name] = _with_person_of_case(sources.frames[name], cases)
    return sources


def rows_of(table: str, frames: dict[str, pd.DataFrame], known: dict[str, Preset]) -> pd.DataFrame:
    """Return the rows of all exports that become a table, one below the other; at least its exports' columns."""
    parts = [frames[name] for name in of_table(known, table)]
    filled = [part for part in parts if len(part)]
    if len(filled) > 1:
        return pd.concat(filled, ignore_index=True)
    return (filled or parts)[0]


def _with_person_of_case(frame: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    of_case = cases.drop_duplicates("case_id").set_index("case_id")["person_id"]
    persons = of_case.reindex(frame["case_id"].to_numpy()).to_numpy()
    return frame.assign(person_id=pd.Series(persons, index=frame.index).astype("str"))


def read_source(
    preset: Preset, profile: Profile, keyring: Keyring, log: Iterable[Correction] = ()
) -> tuple[pd.DataFrame, list[Problem], list[Assumed], list[Correction]]:
    """Return one export as a typed frame over all its files, the problems met, and how each file was read.

    The log's corrections are applied to the text as it stands in the files; what became of them comes last.
    """
    frames, met, assumed, corrected = [], [], [], []
    if profile["data.thousands_point"] == "refuse":
        preset = preset.without_points()
    for sheet, problems in raw_sheets(preset, profile):
        met += problems
        if sheet is None:
            continue
        sheet, outcomes, notes = apply_corrections(sheet, preset, log, keyring)
        corrected += outcomes
        sheet, left_out = without_words(sheet, preset)
        met += [*notes, *left_out]
        frame, found = typed(sheet, preset, keyring)
        met += not_said_twice(found, problems)
        assumed.append(_assumed(sheet, preset))
        frames.append(frame)
    frame = _together(frames, preset)
    frame = _with_group(frame, preset) if preset.table == "measure" else frame
    return completed(frame, preset.table), met, assumed, corrected


def _assumed(sheet: RawSheet, preset: Preset) -> Assumed:
    as_read = (sheet.file, sheet.sheet, sheet.encoding, sheet.separator, DECIMAL)
    of_columns = [_taken(sheet.frame[written], h, written in sheet.numbers) for h, written in _used(sheet, preset)]
    taken = (*sheet.taken, *sorted(set().union(*of_columns) - set(sheet.taken)))
    return Assumed(*as_read, len(sheet.frame), sheet.header_row, taken)


def _used(sheet: RawSheet, preset: Preset) -> list[tuple[Heading, str]]:
    return [(heading, written) for heading, written in _matched(sheet.frame, preset) if heading.to]


def _taken(texts: pd.Series, heading: Heading, has_numbers: bool) -> set[str]:
    """Return what is taken for granted in one column (see `Assumed.taken`)."""
    taken = {
        "thousands_points": has_points(texts, heading),
        "hard_spaces": heading.kind != "number" and has_hard_spaces(texts),
        "cpr_numbers": heading.kind == "cpr" and has_numbers,
    }
    of_dates = dates_taken(texts) if heading.kind == "date" else set()
    return {name for name, is_taken in taken.items() if is_taken} | of_dates


def _with_group(frame: pd.DataFrame, preset: Preset) -> pd.DataFrame:
    """Return measures with department, group and whether the preset lists the type (missing if it lists none)."""
    is_listed = pd.Series(pd.NA, index=frame.index, dtype="boolean")
    if preset.department:
        frame = frame.assign(department=preset.department)
    if preset.has("measure_group"):
        group = frame["measure_group"]
    elif preset.groups:
        group = frame["measure_type"].map(plain).map(preset.group_of_type())
        is_listed, group = group.notna().astype("boolean"), group.fillna("other")
    elif preset.group_of_department:
        group = frame["department"].map(preset.group_of_department)
    elif preset.group_of_flag:
        column, yes, no = preset.group_of_flag
        group = frame[column].map({True: yes, False: no})
    else:
        group = pd.Series(preset.group or "other", index=frame.index)
    return frame.assign(measure_group=group.astype("str"), is_listed_type=is_listed)


def raw_sheets(preset: Preset, profile: Profile) -> Iterator[tuple[RawSheet | None, list[Problem]]]:
    """Yield an export's files as they stand, one in memory at a time, with the problems of reading each."""
    if preset.workbook:
        yield _from_workbook(preset, profile)
        return
    for stem in _stems(preset, profile):
        yield _from_export(preset, stem, profile)


def _stems(preset: Preset, profile: Profile) -> list[str]:
    if preset.per_year:
        years = range(profile["data.from_date"].year, profile["data.to_date"].year + 1)
        return [f"{preset.file}_{year}" for year in years]
    found = matching_stems(profile.folder / "exports", preset) if "*" in preset.file else []
    return found or [preset.file]


def _from_workbook(preset: Preset, profile: Profile) -> tuple[RawSheet | None, list[Problem]]:
    place = profile.folder / preset.workbook
    file, problems = find_file(place.parent, place.stem)
    if problems:
        return None, problems
    if file is None:
        return None, [] if preset.extra else [Problem("intake.missing_workbook", file=preset.workbook)]
    read = read_xlsx(file, preset.sheet, [column.heading for column in preset.columns])
    sheet, problems = looked_again(*read, file, preset)
    if preset.extra:
        # A sheet that is left empty says nothing; one that is not there may have been renamed, or is not needed.
        sheet = None if sheet is None or sheet.frame.empty else sheet
        problems = [replace(p, severity="should_fix") if p.code == "intake.missing_sheet" else p for p in problems]
    return sheet, problems


def _from_export(preset: Preset, stem: str, profile: Profile) -> tuple[RawSheet | None, list[Problem]]:
    file, problems = find_file(profile.folder / "exports", stem)
    if problems:
        return None, problems
    if file is None and preset.extra:
        return None, []
    if file is None:
        code, severity = ("intake.no_optional_file", "note") if preset.optional else ("intake.missing_file", "must_fix")
        return None, [Problem(code, severity, file=f"exports/{stem}.csv", details={"stem": stem})]
    read = read_export(file, profile["data.encoding"], [column.heading for column in preset.columns])
    return looked_again(*read, file, preset)


def typed(sheet: RawSheet, preset: Preset, keyring: Keyring) -> tuple[pd.DataFrame, list[Problem]]:
    """Return a sheet's used columns under canonical names and types, with the problems found.

    Rows in which a required cell is empty or does not fit are left out; each is a problem.
    """
    place = {"file": sheet.file, "sheet": sheet.sheet}
    found, problems = _match_headings(sheet.frame, preset, {**place, "row": sheet.header_row})
    if any(problem.severity == "must_fix" for problem in problems):
        return _empty(preset), problems
    if sheet.frame.empty:
        is_note = preset.optional or bool(preset.workbook)
        problems.append(Problem("intake.no_rows", "note" if is_note else "must_fix", **place))
    rows, left_out = rows_kept(sheet.frame, found, place)
    columns, is_usable = {}, pd.Series(True, index=rows.index)
    for heading, written in found:
        if not heading.to:
            continue
        texts = without_blanks(tidied(rows[written], softens=heading.kind != "number"), heading)
        values, is_whole, met = read_column(texts, heading, keyring, place)
        columns |= {heading.to: values, **derived(texts, heading, keyring)}
        is_usable &= is_whole
        problems += met
    place_of = {
        "row_": pd.Series(rows.index, index=rows.index),
        "file_": pd.Categorical.from_codes(np.zeros(len(rows), dtype="int8"), [sheet.file]),
    }
    frame = pd.DataFrame({**columns, **place_of}, copy=False)
    usable = frame if is_usable.all() else frame[is_usable]
    frame, untold = shaped(usable.reset_index(drop=True), preset, sheet)
    return frame, [*problems, *left_out, *untold]


def _matched(frame: pd.DataFrame, preset: Preset) -> list[tuple[Heading, str]]:
    """Return the preset's headings that the sheet has, each with the sheet's own spelling."""
    by_plain = {plain(written): written for written in frame.columns}
    return [(h, by_plain[plain(h.heading)]) for h in preset.columns if plain(h.heading) in by_plain]


def _match_headings(
    frame: pd.DataFrame, preset: Preset, place: dict
) -> tuple[list[tuple[Heading, str]], list[Problem]]:
    found = _matched(frame, preset)
    matched, known = {written for _, written in found}, {plain(written) for written in frame.columns}
    spare = [written for written in frame.columns if written not in matched]
    missing = [h.heading for h in preset.columns if h.to and not h.may_be_absent and plain(h.heading) not in known]
    problems = []
    for heading in missing:
        details = {"nearest": _nearest(heading, spare, missing)}
        problems.append(Problem("intake.missing_column", **place, column=heading, details=details))
    if spare and not problems:
        names = ", ".join(without_cpr(name)[:80] for name in spare[:MOST_NAMED])
        more = f" … (+{len(spare) - MOST_NAMED})" if len(spare) > MOST_NAMED else ""
        problems.append(Problem("intake.unknown_column", "note", **place, value=names + more))
    return found, problems


def _nearest(heading: str, spare: list[str], missing: list[str]) -> dict[str, str] | str:
    """Return which spare heading of a file may be the missing one; nothing of a file where none is near.

    A line that begins with # is a comment and no heading.
    """
    spare = [one for one in spare if not one.lstrip().startswith("#")]
    near = difflib.get_close_matches(heading, spare, n=1)
    if not near and len(missing) == len(spare) == 1:
        # One is missing and one is left over: it was given a name of its own.
        near = spare
    if not near:
        return ""
    return {lang: text("intake.nearest_column", lang, heading=without_cpr(near[0])) for lang in LANGUAGES}


def _empty(preset: Preset) -> pd.DataFrame:
    nothing, no_key = pd.Series(dtype="str"), Keyring(b"")
    columns = {h.to: nothing_of(h.kind) for h in preset.columns if h.to}
    for heading in preset.columns:
        columns |= derived(nothing, heading, no_key)
    return pd.DataFrame({**columns, "row_": pd.Series(dtype="int64"), "file_": pd.Categorical([])})


def _together(frames: list[pd.DataFrame], preset: Preset) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)] or [_empty(preset)]
    if len(filled) == 1:
        return filled[0]
    # A file's name in every row of it would be a fourth of the memory.
    files = union_categoricals([frame["file_"] for frame in filled], sort_categories=True)
    return pd.concat([frame.drop(columns="file_") for frame in filled], ignore_index=True).assign(file_=files)
