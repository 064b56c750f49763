"""Check rules about whole exports: which months, years, districts and persons they cover, and how full they are."""

import re
from collections.abc import Iterator

import pandas as pd

from helhed.intake.building.canonical import is_among, looked_up
from helhed.intake.building.stopping import FEWEST_DAYS, STARTING, TIMES_LONGEST, stops_of
from helhed.intake.exports.preset import Preset
from helhed.intake.reading.spelling import plain
from helhed.intake.rules.limits import EVENTS, EVERY_TABLE, MONTHLY, OF_PERSONS
from helhed.intake.rules.material import Material
from helhed.intake.rules.places import filled, place_of
from helhed.intake.rules.rule import Place, WholeRule
from helhed.intake.shown_values import as_written
from helhed.texts import LANGUAGES, percent

#: Own choices. A month is thin or odd against the median of the months around it, of sources this large.
THIN_SHARE, ODD_SHARE, AROUND_MONTHS, FEWEST_A_MONTH = 0.5, 0.5, 12, 30
#: Own choices: from how many records on shares and silences mean something, how long a silence is.
FEWEST_RECORDS, SILENT_MONTHS, LINKED_SHARE, FEWEST_IN_DISTRICT, FEWEST_OF_AGE = 50, 6, 0.95, 20, 20
#: Where programs cut an export off: rows of old and new Excel sheets, and round limits of report tools.
_CUT_OFF = (10_000, 20_000, 50_000, 65_535, 65_536, 100_000, 200_000, 500_000, 1_000_000, 1_048_575, 1_048_576)
_SCHOOL_AGES = range(7, 16)
_WEEK = pd.Timedelta(days=7)


def _missing_months(m: Material) -> list[Place]:
    """Return a place for each run of months in which a monthly source holds no records at all."""
    monthly = [name for name, preset in m.presets.items() if preset.gap_months is not None]
    missing = m.coverage[(m.coverage["state"] == "missing") & m.coverage["source"].isin(monthly)]
    places = []
    for source, rows in missing.groupby("source", sort=True):
        months = rows["month"].dt.to_period("M")
        runs = months.groupby((months.astype("int64").diff() != 1).cumsum())
        places += [place_of(m, m.presets[source], _from_to(run.iloc[0], run.iloc[-1])) for _, run in runs]
    return places


def _from_to(first: pd.Period, last: pd.Period) -> str:
    return f"{first}" if first == last else f"{first} – {last}"


def _monthly_counts(m: Material) -> Iterator[tuple[Preset, pd.Series]]:
    """Return, for each large monthly source, the records of the months in which some are expected, by month."""
    for source, rows in m.coverage.groupby("source", sort=True):
        preset = m.presets[source]
        if preset.gap_months is None or preset.table not in MONTHLY:
            continue
        rows = rows[~rows["month"].dt.month.isin(preset.gap_months)]
        counts = rows.set_index("month")["n_records"].astype("float64")
        if counts[counts > 0].median() >= FEWEST_A_MONTH:
            yield preset, counts


def _thin_last_month(m: Material) -> list[Place]:
    return [
        place_of(m, preset, f"{counts.index[-1]:%Y-%m}")
        for preset, counts in _monthly_counts(m)
        if len(counts) > 2 and 0 < counts.iloc[-1] < THIN_SHARE * counts.iloc[-1 - AROUND_MONTHS : -1].median()
    ]


def _odd_months(m: Material) -> Iterator[Place]:
    """Return a place for each month but the last that is far from the median of the months around it."""
    for preset, counts in _monthly_counts(m):
        usual = counts[counts > 0].rolling(AROUND_MONTHS + 1, center=True, min_periods=4).median().reindex(counts.index)
        is_odd = (counts > 0) & ((counts < ODD_SHARE * usual) | (counts * ODD_SHARE > usual))
        for month in counts.index[:-1][is_odd.iloc[:-1]]:
            yield place_of(m, preset, f"{month:%Y-%m}")


def _months_between(first: pd.Timestamp, last: pd.Timestamp) -> int:
    return (last.to_period("M") - first.to_period("M")).n


def _silent_at_end(m: Material) -> Iterator[Place]:
    """Return a place for each export of cases or measures that stops before the data period does."""
    for name, stop in stops_of(m.frames, m.presets, m.profile).items():
        if stop and stop.n_days is not None:
            until = stop.first_dark - pd.Timedelta(days=1)
            details = {"n": stop.n_days, "until": f"{until:%d-%m-%Y}"}
            yield place_of(m, m.presets[name], f"{stop.last_day:%d-%m-%Y}", details)


def _silent_at_start(m: Material) -> Iterator[Place]:
    for preset, frame in filled(m, EVENTS):
        earliest = frame["start_date"].min()
        is_large = len(frame) >= FEWEST_RECORDS
        if is_large and pd.notna(earliest) and _months_between(m.first_day, earliest) >= SILENT_MONTHS:
            yield place_of(m, preset, f"{earliest:%d-%m-%Y}")


def _beyond_period(m: Material) -> Iterator[Place]:
    """Return a place for each monthly source whose newest record lies after the period: the period could be moved."""
    for preset, frame in filled(m, MONTHLY):
        dates = frame[preset.month] if preset.month in frame else pd.Series(dtype="datetime64[us]")
        if dates.max() > m.last_day:
            yield place_of(m, preset, as_written(dates.max(), preset.column(preset.month)))


def _files_of_years(m: Material) -> Iterator[tuple[Preset, str, pd.DataFrame]]:
    """Return preset, name and rows of each file that holds one year of a monthly source."""
    for preset, frame in filled(m, MONTHLY):
        if preset.per_year:
            for file, rows in frame.groupby("file_", sort=True):
                yield preset, file, rows


def _other_years(m: Material) -> Iterator[Place]:
    """Return a place for each file of one year that holds rows of another; a week may reach into the next year."""
    for preset, file, rows in _files_of_years(m):
        years = re.findall(r"\d{4}", file)
        if years and preset.month in rows:
            first, last = pd.Timestamp(int(years[-1]), 1, 1) - _WEEK, pd.Timestamp(int(years[-1]), 12, 31) + _WEEK
            others = rows[~rows[preset.month].between(first, last)]
            if len(others):
                value = as_written(others[preset.month].iloc[0], preset.column(preset.month))
                yield Place(file, value, {"n": len(others)})


def _cut_off(m: Material) -> Iterator[Place]:
    for _, frame in filled(m, EVERY_TABLE):
        for file, rows in frame.groupby("file_", sort=True)["row_"]:
            n = int(rows.max()) - 1
            if n in _CUT_OFF:
                yield Place(file, f"{n}")


def _first_of_month_only(m: Material) -> Iterator[Place]:
    """Return a place for each source of cases or measures that always starts on the first: only the month is known."""
    for preset, frame in filled(m, EVENTS):
        started = frame["start_date"].dropna()
        if len(started) >= FEWEST_RECORDS and (started.dt.day == 1).all():
            yield place_of(m, preset, column=preset.heading_of("start_date"))


def _empty_columns(m: Material) -> Iterator[Place]:
    """Return a place for each column that is delivered without a single value."""
    for preset, frame in filled(m, EVERY_TABLE):
        if preset.workbook:
            continue
        names = [heading.to for heading in preset.columns if heading.to in frame and not heading.required]
        empty = [name for name in names if len(frame) >= FEWEST_RECORDS and frame[name].isna().all()]
        for name in empty:
            yield place_of(m, preset, column=preset.heading_of(name))


def _single_codes(m: Material) -> Iterator[Place]:
    """Return a place for each column of codes in which all rows say the same: perhaps only a part was exported."""
    for preset, frame in filled(m, (*MONTHLY, *EVENTS)):
        coded = [h for h in preset.columns if h.kind == "code" and h.to in frame and len(frame) >= FEWEST_RECORDS]
        for heading in coded:
            if frame[heading.to].nunique() == 1:
                yield place_of(m, preset, column=heading.heading)


def _linked_shares(m: Material) -> Iterator[Place]:
    """Return a place for each source of which too many records belong to nobody in a family."""
    known = m.family_of.index
    for preset, frame in filled(m, OF_PERSONS):
        owner = "contact_id" if preset.has("contact_id") else "person_id"
        if owner not in frame or len(frame) < FEWEST_RECORDS:
            continue
        share = float(is_among(frame[owner], known).mean())
        if share < LINKED_SHARE:
            whole = int(100 * share) / 100
            details = {"share": {lang: percent(whole, lang) for lang in LANGUAGES}}
            yield place_of(m, preset, percent(whole, "da"), details)


def _districts_missing(m: Material) -> Iterator[Place]:
    """Return a place for each district of which a source holds nobody although its share would be many persons."""
    district_of = m.families.family.set_index("family_id")["district"]
    of_person = looked_up(m.family_of, district_of).dropna()
    shares = of_person.value_counts(normalize=True)
    for preset, frame in filled(m, (*MONTHLY, *EVENTS)):
        if "person_id" not in frame:
            continue
        persons = pd.Series(frame["person_id"].dropna().unique(), dtype="str")
        there = looked_up(persons, of_person).dropna()
        wanting = shares[(shares * len(there) >= FEWEST_IN_DISTRICT) & ~shares.index.isin(there.unique())]
        for district in sorted(wanting.index):
            yield place_of(m, preset, district)


def _ages_missing(m: Material) -> Iterator[Place]:
    """Return a place for each age of school children of whom the absence holds none on the newest months."""
    absence = m.table("absence")
    newest = absence["month"].where(absence["month"] <= m.last_day).max()
    if pd.isna(newest):
        return
    born = m.register("born")
    age = (newest - born).dt.days // 365.25
    here = set(absence["person_id"].dropna().unique())
    n_of_age, n_there = age.value_counts(), age[age.index.isin(here)].value_counts()
    for years in _SCHOOL_AGES:
        if n_of_age.get(years, 0) >= FEWEST_OF_AGE and not n_there.get(years, 0):
            yield place_of(m, next(preset for preset, _ in filled(m, ("absence",))), f"{years}")


def _same_file_twice(m: Material) -> Iterator[Place]:
    """Return a place for each file of a year that holds exactly the rows of another year's file."""
    seen: dict[int, list[pd.DataFrame]] = {}
    for _, file, rows in _files_of_years(m):
        content = rows.drop(columns=["row_", "file_"]).reset_index(drop=True)
        if any(content.equals(other) for other in seen.get(len(rows), [])):
            yield Place(file, details={"n": len(rows)})
        seen.setdefault(len(rows), []).append(content)


def _spelt_alike(m: Material) -> Iterator[Place]:
    """Return a place for each district that is written in more than one way."""
    for preset, frame in filled(m, ("person",)):
        if "district" not in frame:
            continue
        written = pd.Series(frame["district"].dropna().unique(), dtype="str")
        bare = written.map(lambda name: re.sub(r"[\W_]+", "", plain(name)))
        for _, names in written.groupby(bare):
            if len(names) > 1:
                yield place_of(m, preset, " / ".join(sorted(names)), column=preset.heading_of("district"))


COVERAGE_RULES: tuple[WholeRule, ...] = (
    WholeRule("missing_month", "should_fix", (*MONTHLY, "registration", "meeting"), _missing_months, why="gap"),
    WholeRule(
        "thin_last_month",
        "should_fix",
        MONTHLY,
        _thin_last_month,
        why="own_choice",
        limits={"percent": int(100 * THIN_SHARE), "months": AROUND_MONTHS},
    ),
    WholeRule(
        "odd_month",
        "note",
        MONTHLY,
        _odd_months,
        why="own_choice",
        limits={"percent": int(100 * ODD_SHARE), "more": int(100 / ODD_SHARE)},
    ),
    WholeRule(
        "silent_at_end",
        "should_fix",
        STARTING,
        _silent_at_end,
        why="stopped",
        limits={"times": TIMES_LONGEST, "days": FEWEST_DAYS},
    ),
    WholeRule("silent_at_start", "note", EVENTS, _silent_at_start, why="own_choice", limits={"months": SILENT_MONTHS}),
    WholeRule("beyond_period", "note", MONTHLY, _beyond_period, why="period"),
    WholeRule("other_year_in_file", "should_fix", ("benefit_week",), _other_years, why="iso_weeks"),
    WholeRule("same_file_twice", "should_fix", ("benefit_week",), _same_file_twice, why="twice"),
    WholeRule("cut_off", "should_fix", EVERY_TABLE, _cut_off, why="cut_off"),
    WholeRule("first_of_month_only", "note", EVENTS, _first_of_month_only, why="real_dates"),
    WholeRule("empty_column", "note", EVERY_TABLE, _empty_columns, why="complete"),
    WholeRule("single_code", "note", (*MONTHLY, *EVENTS), _single_codes, why="narrow"),
    WholeRule(
        "low_linkage",
        "should_fix",
        OF_PERSONS,
        _linked_shares,
        why="own_choice",
        limits={"percent": int(100 * LINKED_SHARE)},
    ),
    WholeRule("district_missing", "should_fix", (*MONTHLY, *EVENTS), _districts_missing, why="own_choice"),
    WholeRule("district_spelt_twice", "should_fix", ("person",), _spelt_alike, why="spelling"),
    WholeRule("age_missing", "should_fix", ("absence",), _ages_missing, why="own_choice"),
)
