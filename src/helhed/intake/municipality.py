"""Reads a municipality's folder: raw exports in, canonical tables and problems out."""

from collections import Counter
from dataclasses import dataclass, field

import pandas as pd

from helhed.errors import DataNeedsWork, Problem
from helhed.intake.building.canonical import build_tables, main_family, without_repeats
from helhed.intake.building.covering import months_covered, with_stops
from helhed.intake.building.linkage import coverage, link_sources, unlinked_persons
from helhed.intake.building.repeats import Repeats
from helhed.intake.building.stopping import Stop, stops_of
from helhed.intake.building.wrong_digits import misspelt_persons
from helhed.intake.corrections import Correction
from helhed.intake.exports.preset import Preset
from helhed.intake.pseudonyms import Keyring, open_key
from helhed.intake.rules import RULES
from helhed.intake.rules.material import Material
from helhed.intake.rules.rule import run_checks
from helhed.intake.sources import Assumed, read_sources
from helhed.profile import Profile, law_problems
from helhed.profile.own_rules import own_workbook_problems

#: More problems than this are not listed in a message; the error workbook holds them all.
MOST_LISTED = 20
_ORDER = {"must_fix": 0, "should_fix": 1, "note": 2}


@dataclass(frozen=True)
class Intake:
    """What came out of a municipality's exports.

    Parameters
    ----------
    tables
        Every canonical table by name, conforming to the contracts.
    problems
        Everything that was found, the most severe first.
    linkage
        How far each source could be linked (see `helhed.intake.building.linkage.link_sources`).
    unlinked
        The persons behind records without a family (see `helhed.intake.building.linkage.unlinked_persons`).
    coverage
        Records by source and month (see `helhed.intake.building.linkage.coverage`).
    assumed
        How each file was read: encoding, separator, decimal sign, rows.
    corrections
        The corrections of the municipality's log with what became of them.
    presets
        The presets by name, the municipality's own ones among them.
    n_unplaced
        Persons without a family by reason: ``no_address`` or ``no_parent_in_register``.
    stops
        Where each export of cases and measures stops early (see `helhed.intake.building.stopping.stops_of`).
    """

    tables: dict[str, pd.DataFrame]
    problems: list[Problem]
    linkage: pd.DataFrame
    unlinked: pd.DataFrame
    coverage: pd.DataFrame
    assumed: list[Assumed]
    corrections: list[Correction]
    presets: dict[str, Preset]
    n_unplaced: dict[str, int]
    stops: dict[str, Stop | None] = field(default_factory=dict)

    @property
    def must_fix(self) -> list[Problem]:
        """Return the problems that stop the run."""
        return [problem for problem in self.problems if problem.severity == "must_fix"]

    @property
    def problem_counts(self) -> pd.DataFrame:
        """Return the number of problems by code, severity and file: columns ``code``, ``severity``, ``file``, ``n``.

        Codes of the intake stand without the room; those of other rooms, such as the profile, keep it.
        """
        counts = Counter((p.code.removeprefix("intake."), p.severity, p.file) for p in self.problems)
        rows = sorted(((*key, n) for key, n in counts.items()), key=lambda row: (_ORDER[row[1]], *row))
        frame = pd.DataFrame(rows, columns=["code", "severity", "file", "n"])
        return frame.astype({"code": "str", "severity": "str", "file": "str", "n": "Int64"})


def read_municipality(profile: Profile, lang: str = "da") -> Intake:
    """Return the canonical tables of a municipality and every problem found in its exports.

    Parameters
    ----------
    profile
        The municipality's profile; names the folder, the encoding and the key file.
    lang
        Language of a message that stops the reading.

    Raises
    ------
    DataNeedsWork
        Only if the key of the pseudonyms cannot be used (see `helhed.intake.pseudonyms.open_key`). All other problems
        are returned, so that the error workbook can be written; call `raise_if_must_fix` before the tables are used.
    """
    key, problems = open_key(profile, lang)
    keyring = Keyring(key, profile.is_synthetic)
    sources = read_sources(profile, keyring)
    repeats = {name: Repeats(frame, sources.presets[name]) for name, frame in sources.frames.items()}
    tables, families = build_tables(without_repeats(repeats), sources.presets, profile)
    family_of = main_family(tables["family_member"])
    first_day, last_day = (pd.Timestamp(profile[f"data.{edge}_date"]) for edge in ("from", "to"))
    months = pd.date_range(first_day, last_day, freq="MS").astype("datetime64[us]")
    stops = stops_of(sources.frames, sources.presets, profile)
    covered = with_stops(coverage(sources, months), stops)
    tables["coverage"] = months_covered(sources, covered, last_day, stops)
    misspelt = misspelt_persons(sources, keyring)
    found = (sources.frames, sources.presets, covered, families, family_of, profile, repeats, misspelt)
    material = Material(*found, partly_read=frozenset(sources.presets[name].table for name in sources.faulty))
    problems += [*profile.year_problems(), *law_problems(profile), *own_workbook_problems(profile.folder)]
    problems += _replacement_numbers(keyring)
    problems += [*sources.problems, *run_checks(material, RULES)]
    return Intake(
        tables=tables,
        problems=sorted(problems, key=_rank),
        linkage=link_sources(sources, tables["person"]["person_id"], family_of),
        unlinked=unlinked_persons(sources, tables["person"]["person_id"], family_of),
        coverage=covered,
        assumed=sources.assumed,
        corrections=sources.corrections,
        presets=sources.presets,
        n_unplaced=families.n_unplaced,
        stops=stops,
    )


def _replacement_numbers(keyring: Keyring) -> list[Problem]:
    n = len(keyring.replaced)
    return [Problem("intake.replacement_numbers", "note", details={"n": n})] if n else []


def _rank(problem: Problem) -> tuple:
    place = (problem.file, problem.sheet, problem.row or 0, problem.column)
    return (_ORDER[problem.severity], *place, problem.code)


def raise_if_must_fix(intake: Intake, lang: str = "da") -> None:
    """Stop when something must be mended first.

    Raises
    ------
    DataNeedsWork
        With at most 20 problems and the number of further ones.
    """
    found = intake.must_fix
    if not found:
        return
    listed = found[:MOST_LISTED]
    if len(found) > MOST_LISTED:
        listed.append(Problem("intake.and_more", details={"n": len(found) - MOST_LISTED}))
    raise DataNeedsWork(listed, lang)
