"""The faults planted in the samples on purpose, each declared once: where it is, what it is, what it does."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from generator import fault_kinds
from generator.fault_kinds import Tables


@dataclass(frozen=True)
class Fault:
    """One planted fault: code, municipality, file or sheet, what it is, what it does when nobody looks."""

    code: str
    slug: str
    place: str
    what: str
    effect: str
    plant: Callable[[Tables, np.ndarray, np.random.Generator], None]


def plant_faults(slug: str, tables: Tables, enrolled: np.ndarray, seed: int) -> None:
    """Change the tables of one sample by its faults; the tables of other municipalities stay as they are.

    Parameters
    ----------
    slug
        Folder name of the municipality.
    tables
        Export tables by file stem; changed in place.
    enrolled
        Numbers of the persons in enrolled families, whom most faults spare.
    seed
        Seed of the municipality; each fault draws from its own generator.
    """
    for place, fault in enumerate(FAULTS):
        if fault.slug == slug:
            plant_one(place, tables, enrolled, seed)


def plant_one(place: int, tables: Tables, enrolled: np.ndarray, seed: int) -> None:
    """Plant the fault at a place of the list, with a generator of its own."""
    FAULTS[place].plant(tables, enrolled, np.random.default_rng([seed, 100 + place]))


FAULTS = (
    Fault(
        "F01",
        "furesoe",
        "ydelsesrefusion_2024",
        "12 rows stand twice, every cell alike",
        "the payments of those weeks would count twice",
        fault_kinds.repeat_rows,
    ),
    Fault(
        "F02",
        "roedovre",
        "skolefravaer",
        "3 children have two rows for one month, with different sick days",
        "one of the two must give way; absence differs by a day",
        fault_kinds.repeat_key,
    ),
    Fault(
        "F03",
        "roedovre",
        "folkeregister",
        "2 persons stand twice",
        "families would be one person too large",
        fault_kinds.registered_twice,
    ),
    Fault(
        "F04",
        "broendby",
        "jobcenter_indsatser",
        "6 measures that began before 2024 have no end date",
        "they count as running until today, and the activation degree is too high",
        fault_kinds.forgotten_end,
    ),
    Fault(
        "F05",
        "broendby",
        "sensum",
        "an open end is written 31-12-9999",
        "a date far ahead instead of no date",
        fault_kinds.end_of_time,
    ),
    Fault(
        "F06",
        "broendby",
        "ydelsesrefusion_2025",
        "6 rows have the unknown benefit »Diverse«",
        "the week belongs to no benefit; a spell gets a hole",
        fault_kinds.unknown_benefit,
    ),
    Fault(
        "F07",
        "furesoe",
        "folkeregister",
        "3 families moved away on 1 September 2024",
        "they cannot be offered a place and have no later records",
        fault_kinds.moved_family,
    ),
    Fault(
        "F08",
        "broendby",
        "skolefravaer",
        "the month 2024-10 is missing for everyone",
        "absence of that quarter rests on two months; the missing month is not zero absence",
        fault_kinds.missing_month,
    ),
    Fault(
        "F09",
        "assens",
        "skolefravaer",
        "one school (Pileskolen) has sent nothing for 2025-11",
        "its pupils have no absence known that month",
        fault_kinds.silent_school,
    ),
    Fault(
        "F10",
        "furesoe",
        "ydelsesrefusion_2024",
        "week 202422 is missing in 9 unbroken spells",
        "one spell becomes two; it may look as if the person came back on the benefit",
        fault_kinds.missing_week,
    ),
    Fault(
        "F11",
        "assens",
        "folkeregister",
        "2 small children have no father and one custody holder",
        "the child links through the mother and the address only",
        fault_kinds.newborn,
    ),
    Fault(
        "F12",
        "roedovre",
        "dubu_sager",
        "2 notifications are about children who are not in the register",
        "the cases belong to no family and are counted as not linked",
        fault_kinds.unknown_child,
    ),
    Fault(
        "F13",
        "assens",
        "ydelsesrefusion_2023",
        "one person with payments is not in the register",
        "the payments belong to no family and are counted as not linked",
        fault_kinds.unknown_adult,
    ),
    Fault(
        "F14",
        "furesoe",
        "skolefravaer",
        "one row has 19 sick days in a month of 15 school days",
        "absence above 100 per cent; the row cannot be right",
        fault_kinds.too_many_days,
    ),
    Fault(
        "F15",
        "roedovre",
        "dubu_indsatser",
        "4 measures have no end although their case is closed",
        "they seem to run and to cost money",
        fault_kinds.runs_on,
    ),
    Fault(
        "F16",
        "broendby",
        "sensum, folkeregister, ydelsesrefusion_2023",
        "some cells end in spaces",
        "a text with a space is another text: districts, measures and benefits would split in two",
        fault_kinds.trailing_spaces,
    ),
    Fault(
        "F17",
        "furesoe",
        "sensum",
        "every CPR number is written with a hyphen",
        "the numbers match those of no other file until they are brought to one form",
        fault_kinds.hyphens,
    ),
    Fault(
        "F18",
        "assens",
        "jobcenter_indsatser",
        "a third of the CPR numbers are written with a hyphen",
        "as above, and mixed within one file",
        fault_kinds.some_hyphens,
    ),
    Fault(
        "F19",
        "furesoe",
        "dubu_indsatser",
        "the municipality is written 190 in some rows and 0190 in others",
        "two codes for one municipality; codes are text",
        fault_kinds.short_code,
    ),
    Fault(
        "F20",
        "assens",
        "dubu_sager",
        "one notification is about a grown-up of 46 or more",
        "a wrong number was typed; the case belongs to another person",
        fault_kinds.case_after_18,
    ),
)
