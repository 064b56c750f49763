"""The faults planted in the samples on purpose, each declared once: where it is, what it is, what it does.

A fault changes the finished export tables of one municipality. Those that would move a calibrated figure keep to
families that are not enrolled.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from generator.population import sample_numbers
from generator.writing import as_text

Tables = dict[str, pd.DataFrame]
#: What some systems write instead of no end.
OPEN_END = "31-12-9999"


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


def _rows(table: pd.DataFrame, wanted, n: int, rng: np.random.Generator) -> pd.Index:
    found = table.index[np.asarray(wanted, dtype=bool)]
    return found[np.sort(rng.permutation(len(found))[:n])]


def _spared(table: pd.DataFrame, column: str, enrolled: np.ndarray) -> pd.Series:
    return ~table[column].isin(enrolled)


def _repeat_rows(tables: Tables, enrolled: np.ndarray, rng: np.random.Generator) -> None:
    table = tables["ydelsesrefusion_2024"]
    chosen = _rows(table, _spared(table, "CPR nummer", enrolled), 12, rng)
    tables["ydelsesrefusion_2024"] = pd.concat([table, table.loc[chosen]], ignore_index=True)


def _repeat_key(tables: Tables, enrolled: np.ndarray, rng: np.random.Generator) -> None:
    table = tables["skolefravaer"]
    fits = _spared(table, "CPR nummer", enrolled) & (table["Skoledage"] > 12) & (table["Sygefravær"] < 8)
    chosen = table.loc[_rows(table, fits, 3, rng)]
    again = chosen.assign(Sygefravær=chosen["Sygefravær"] + 1)
    tables["skolefravaer"] = pd.concat([table, again], ignore_index=True)


def _registered_twice(tables: Tables, enrolled: np.ndarray, rng: np.random.Generator) -> None:
    table = tables["folkeregister"]
    chosen = table.loc[_rows(table, _spared(table, "CPR nummer", enrolled), 2, rng)]
    tables["folkeregister"] = pd.concat([table, chosen], ignore_index=True)


def _forgotten_end(tables: Tables, enrolled: np.ndarray, rng: np.random.Generator) -> None:
    table = tables["jobcenter_indsatser"]
    old = (table["Startdato"] < pd.Timestamp("2024-01-01")) & table["Slutdato"].notna()
    table.loc[_rows(table, old & _spared(table, "CPR nummer", enrolled), 6, rng), "Slutdato"] = pd.NaT


def _end_of_time(tables: Tables, enrolled: np.ndarray, rng: np.random.Generator) -> None:
    table = tables["sensum"]
    table["IndsatsSlutDato"] = as_text(table["IndsatsSlutDato"]).replace("", OPEN_END)


def _unknown_benefit(tables: Tables, enrolled: np.ndarray, rng: np.random.Generator) -> None:
    table = tables["ydelsesrefusion_2025"]
    table.loc[_rows(table, _spared(table, "CPR nummer", enrolled), 6, rng), "Ydelse"] = "Diverse"


def _moved_family(tables: Tables, enrolled: np.ndarray, rng: np.random.Generator) -> None:
    """Three families leave the municipality on 1 September 2024, and their later records with them."""
    table = tables["folkeregister"]
    paid = tables["ydelsesrefusion_2024"]["CPR nummer"].unique()
    homes = table.loc[table["CPR nummer"].isin(paid) & _spared(table, "CPR nummer", enrolled), "Adresse-id"].unique()
    homes = homes[~np.isin(homes, table.loc[table["CPR nummer"].isin(enrolled), "Adresse-id"])]
    leaves = table["Adresse-id"].isin(rng.permutation(np.sort(homes.astype(str)))[:3])
    moved = pd.Timestamp("2024-09-01")
    table.loc[leaves & (table["Fødselsdato"] < moved), "Fraflytningsdato"] = moved
    gone = table.loc[leaves, "CPR nummer"]
    for stem, column, last in (
        ("ydelsesrefusion_2024", "Uge", "202436"),
        ("ydelsesrefusion_2025", "Uge", "202436"),
        ("beskaeftigelse", "Måned", "2024-09"),
        ("skolefravaer", "Måned", "2024-09"),
    ):
        rows = tables[stem]
        tables[stem] = rows[~(rows["CPR nummer"].isin(gone) & (rows[column] >= last))].reset_index(drop=True)


def _missing_month(tables: Tables, enrolled: np.ndarray, rng: np.random.Generator) -> None:
    table = tables["skolefravaer"]
    tables["skolefravaer"] = table[table["Måned"] != "2024-10"].reset_index(drop=True)


def _silent_school(tables: Tables, enrolled: np.ndarray, rng: np.random.Generator) -> None:
    table = tables["skolefravaer"]
    silent = (table["Måned"] == "2025-11") & (table["Skole"] == "Pileskolen")
    tables["skolefravaer"] = table[~silent].reset_index(drop=True)


def _missing_week(tables: Tables, enrolled: np.ndarray, rng: np.random.Generator) -> None:
    table = tables["ydelsesrefusion_2024"]
    whole = table.groupby("CPR nummer")["Uge"].transform("size") >= 50
    chosen = _rows(table, whole & (table["Uge"] == "202422"), 9, rng)
    tables["ydelsesrefusion_2024"] = table.drop(index=chosen).reset_index(drop=True)


def _newborn(tables: Tables, enrolled: np.ndarray, rng: np.random.Generator) -> None:
    table = tables["folkeregister"]
    young = table.index[table["Fødselsdato"] >= pd.Timestamp("2023-06-01")]
    young = young[(table.loc[young, "Fars CPR nummer"] != "").to_numpy()][-2:]
    table.loc[young, "Fars CPR nummer"] = ""
    table.loc[young, "Forældremyndighed"] = table.loc[young, "Mors CPR nummer"]


def _strangers(tables: Tables, births: list[str]) -> list[str]:
    """Return a number for each birth date that nobody in the register has."""
    known = set(tables["folkeregister"]["CPR nummer"])
    return [next(number for number in sample_numbers([birth] * 50) if number not in known) for birth in births]


def _unknown_child(tables: Tables, enrolled: np.ndarray, rng: np.random.Generator) -> None:
    table = tables["dubu_sager"]
    chosen = _rows(
        table, _spared(table, "Barnets CPR nummer", enrolled) & (table["Sagstype"] == "Underretning"), 2, rng
    )
    table.loc[chosen, "Barnets CPR nummer"] = _strangers(tables, ["2015-05-06", "2018-11-23"])


def _unknown_adult(tables: Tables, enrolled: np.ndarray, rng: np.random.Generator) -> None:
    table = tables["ydelsesrefusion_2023"]
    stranger = _strangers(tables, ["1984-02-11"])[0]
    copied = table[table["CPR nummer"] == table["CPR nummer"].iloc[0]].assign(**{"CPR nummer": stranger})
    tables["ydelsesrefusion_2023"] = pd.concat([table, copied], ignore_index=True)


def _too_many_days(tables: Tables, enrolled: np.ndarray, rng: np.random.Generator) -> None:
    table = tables["skolefravaer"]
    row = _rows(table, _spared(table, "CPR nummer", enrolled) & (table["Skoledage"] == 15), 1, rng)
    table.loc[row, "Sygefravær"] = 19.0


def _runs_on(tables: Tables, enrolled: np.ndarray, rng: np.random.Generator) -> None:
    table = tables["dubu_indsatser"]
    ended = (table["Sag status"] == "Lukket") & table["Ydelse slutdato"].notna()
    chosen = _rows(table, ended & (table["Tilbudstype"] == "Forebyggende"), 4, rng)
    table.loc[chosen, "Ydelse slutdato"] = pd.NaT
    table.loc[chosen, "Status"] = "Aktiv"


def _trailing_spaces(tables: Tables, enrolled: np.ndarray, rng: np.random.Generator) -> None:
    for stem, column in (("sensum", "Indsats"), ("folkeregister", "Distrikt"), ("ydelsesrefusion_2023", "Ydelse")):
        table = tables[stem]
        rows = _rows(table, np.ones(len(table)), max(3, len(table) // 40), rng)
        table.loc[rows, column] = table.loc[rows, column] + "  "


def _hyphens(tables: Tables, enrolled: np.ndarray, rng: np.random.Generator) -> None:
    table = tables["sensum"]
    table["CPR"] = table["CPR"].str[:6] + "-" + table["CPR"].str[6:]


def _some_hyphens(tables: Tables, enrolled: np.ndarray, rng: np.random.Generator) -> None:
    table = tables["jobcenter_indsatser"]
    rows = _rows(table, np.ones(len(table)), len(table) // 3, rng)
    table.loc[rows, "CPR nummer"] = table.loc[rows, "CPR nummer"].map(lambda text: f"{text[:6]}-{text[6:]}")


def _short_code(tables: Tables, enrolled: np.ndarray, rng: np.random.Generator) -> None:
    table = tables["dubu_indsatser"]
    home = table["Leverandør beliggenhedskommune"] == "Furesø"
    odd = np.arange(len(table)) % 2 == 1
    table.loc[home, "Leverandør beliggenhedskommune"] = np.where(odd, "190", "0190")[home.to_numpy()]


def _case_after_18(tables: Tables, enrolled: np.ndarray, rng: np.random.Generator) -> None:
    table = tables["folkeregister"]
    grown = table.loc[table["Fødselsdato"] < pd.Timestamp("1980-01-01"), "CPR nummer"]
    cases = tables["dubu_sager"]
    row = _rows(cases, _spared(cases, "Barnets CPR nummer", enrolled) & (cases["Sagstype"] == "Underretning"), 1, rng)
    cases.loc[row, "Barnets CPR nummer"] = grown[~grown.isin(enrolled)].iloc[0]


FAULTS = (
    Fault(
        "F01",
        "furesoe",
        "ydelsesrefusion_2024",
        "12 rows stand twice, every cell alike",
        "the payments of those weeks would count twice",
        _repeat_rows,
    ),
    Fault(
        "F02",
        "roedovre",
        "skolefravaer",
        "3 children have two rows for one month, with different sick days",
        "one of the two must give way; absence differs by a day",
        _repeat_key,
    ),
    Fault(
        "F03",
        "roedovre",
        "folkeregister",
        "2 persons stand twice",
        "families would be one person too large",
        _registered_twice,
    ),
    Fault(
        "F04",
        "broendby",
        "jobcenter_indsatser",
        "6 measures that began before 2024 have no end date",
        "they count as running until today, and the activation degree is too high",
        _forgotten_end,
    ),
    Fault(
        "F05",
        "broendby",
        "sensum",
        "an open end is written 31-12-9999",
        "a date far ahead instead of no date",
        _end_of_time,
    ),
    Fault(
        "F06",
        "broendby",
        "ydelsesrefusion_2025",
        "6 rows have the unknown benefit »Diverse«",
        "the week belongs to no benefit; a spell gets a hole",
        _unknown_benefit,
    ),
    Fault(
        "F07",
        "furesoe",
        "folkeregister",
        "3 families moved away on 1 September 2024",
        "they cannot be offered a place and have no later records",
        _moved_family,
    ),
    Fault(
        "F08",
        "broendby",
        "skolefravaer",
        "the month 2024-10 is missing for everyone",
        "absence of that quarter rests on two months; the missing month is not zero absence",
        _missing_month,
    ),
    Fault(
        "F09",
        "assens",
        "skolefravaer",
        "one school (Pileskolen) has sent nothing for 2025-11",
        "its pupils have no absence known that month",
        _silent_school,
    ),
    Fault(
        "F10",
        "furesoe",
        "ydelsesrefusion_2024",
        "week 202422 is missing in 9 unbroken spells",
        "one spell becomes two; it may look as if the person came back on the benefit",
        _missing_week,
    ),
    Fault(
        "F11",
        "assens",
        "folkeregister",
        "2 small children have no father and one custody holder",
        "the child links through the mother and the address only",
        _newborn,
    ),
    Fault(
        "F12",
        "roedovre",
        "dubu_sager",
        "2 notifications are about children who are not in the register",
        "the cases belong to no family and are counted as not linked",
        _unknown_child,
    ),
    Fault(
        "F13",
        "assens",
        "ydelsesrefusion_2023",
        "one person with payments is not in the register",
        "the payments belong to no family and are counted as not linked",
        _unknown_adult,
    ),
    Fault(
        "F14",
        "furesoe",
        "skolefravaer",
        "one row has 19 sick days in a month of 15 school days",
        "absence above 100 per cent; the row cannot be right",
        _too_many_days,
    ),
    Fault(
        "F15",
        "roedovre",
        "dubu_indsatser",
        "4 measures have no end although their case is closed",
        "they seem to run and to cost money",
        _runs_on,
    ),
    Fault(
        "F16",
        "broendby",
        "sensum, folkeregister, ydelsesrefusion_2023",
        "some cells end in spaces",
        "a text with a space is another text: districts, measures and benefits would split in two",
        _trailing_spaces,
    ),
    Fault(
        "F17",
        "furesoe",
        "sensum",
        "every CPR number is written with a hyphen",
        "the numbers match those of no other file until they are brought to one form",
        _hyphens,
    ),
    Fault(
        "F18",
        "assens",
        "jobcenter_indsatser",
        "a third of the CPR numbers are written with a hyphen",
        "as above, and mixed within one file",
        _some_hyphens,
    ),
    Fault(
        "F19",
        "furesoe",
        "dubu_indsatser",
        "the municipality is written 190 in some rows and 0190 in others",
        "two codes for one municipality; codes are text",
        _short_code,
    ),
    Fault(
        "F20",
        "assens",
        "dubu_sager",
        "one notification is about a grown-up of 46 or more",
        "a wrong number was typed; the case belongs to another person",
        _case_after_18,
    ),
)
