"""How each planted fault changes the finished export tables; ``faults.py`` declares them.

Faults that would move a calibrated figure keep to families that are not enrolled.
"""

import numpy as np
import pandas as pd

from generator.population import sample_numbers
from generator.writing import as_text

Tables = dict[str, pd.DataFrame]
#: What some systems write instead of no end.
OPEN_END = "31-12-9999"


def _rows(table: pd.DataFrame, wanted, n: int, rng: np.random.Generator) -> pd.Index:
    found = table.index[np.asarray(wanted, dtype=bool)]
    return found[np.sort(rng.permutation(len(found))[:n])]


def _spared(table: pd.DataFrame, column: str, enrolled: np.ndarray) -> pd.Series:
    return ~table[column].isin(enrolled)


def repeat_rows(tables: Tables, enrolled: np.ndarray, rng: np.random.Generator) -> None:
    """Write some payments twice."""
    table = tables["ydelsesrefusion_2024"]
    chosen = _rows(table, _spared(table, "CPR nummer", enrolled), 12, rng)
    tables["ydelsesrefusion_2024"] = pd.concat([table, table.loc[chosen]], ignore_index=True)


def repeat_key(tables: Tables, enrolled: np.ndarray, rng: np.random.Generator) -> None:
    """Write a second row for a child and month."""
    table = tables["skolefravaer"]
    fits = _spared(table, "CPR nummer", enrolled) & (table["Skoledage"] > 12) & (table["Sygefravær"] < 8)
    chosen = table.loc[_rows(table, fits, 3, rng)]
    again = chosen.assign(Sygefravær=chosen["Sygefravær"] + 1)
    tables["skolefravaer"] = pd.concat([table, again], ignore_index=True)


def registered_twice(tables: Tables, enrolled: np.ndarray, rng: np.random.Generator) -> None:
    """Write two persons twice."""
    table = tables["folkeregister"]
    chosen = table.loc[_rows(table, _spared(table, "CPR nummer", enrolled), 2, rng)]
    tables["folkeregister"] = pd.concat([table, chosen], ignore_index=True)


def forgotten_end(tables: Tables, enrolled: np.ndarray, rng: np.random.Generator) -> None:
    """Leave out the end of old measures."""
    table = tables["jobcenter_indsatser"]
    old = (table["Startdato"] < pd.Timestamp("2024-01-01")) & table["Slutdato"].notna()
    table.loc[_rows(table, old & _spared(table, "CPR nummer", enrolled), 6, rng), "Slutdato"] = pd.NaT


def end_of_time(tables: Tables, enrolled: np.ndarray, rng: np.random.Generator) -> None:
    """Write an open end as a date far ahead."""
    table = tables["sensum"]
    table["IndsatsSlutDato"] = as_text(table["IndsatsSlutDato"]).replace("", OPEN_END)


def unknown_benefit(tables: Tables, enrolled: np.ndarray, rng: np.random.Generator) -> None:
    """Write a benefit that no code list knows."""
    table = tables["ydelsesrefusion_2025"]
    table.loc[_rows(table, _spared(table, "CPR nummer", enrolled), 6, rng), "Ydelse"] = "Diverse"


def moved_family(tables: Tables, enrolled: np.ndarray, rng: np.random.Generator) -> None:
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


def missing_month(tables: Tables, enrolled: np.ndarray, rng: np.random.Generator) -> None:
    """Leave out a month for everyone."""
    table = tables["skolefravaer"]
    tables["skolefravaer"] = table[table["Måned"] != "2024-10"].reset_index(drop=True)


def silent_school(tables: Tables, enrolled: np.ndarray, rng: np.random.Generator) -> None:
    """Leave out a month for one school."""
    table = tables["skolefravaer"]
    silent = (table["Måned"] == "2025-11") & (table["Skole"] == "Pileskolen")
    tables["skolefravaer"] = table[~silent].reset_index(drop=True)


def missing_week(tables: Tables, enrolled: np.ndarray, rng: np.random.Generator) -> None:
    """Leave out a week of unbroken spells."""
    table = tables["ydelsesrefusion_2024"]
    whole = table.groupby("CPR nummer")["Uge"].transform("size") >= 50
    chosen = _rows(table, whole & (table["Uge"] == "202422"), 9, rng)
    tables["ydelsesrefusion_2024"] = table.drop(index=chosen).reset_index(drop=True)


def newborn(tables: Tables, enrolled: np.ndarray, rng: np.random.Generator) -> None:
    """Leave out the father of two small children."""
    table = tables["folkeregister"]
    young = table.index[table["Fødselsdato"] >= pd.Timestamp("2023-06-01")]
    young = young[(table.loc[young, "Fars CPR nummer"] != "").to_numpy()][-2:]
    table.loc[young, "Fars CPR nummer"] = ""
    table.loc[young, "Forældremyndighed"] = table.loc[young, "Mors CPR nummer"]


def _strangers(tables: Tables, births: list[str]) -> list[str]:
    """Return a number for each birth date that nobody in the register has."""
    known = set(tables["folkeregister"]["CPR nummer"])
    return [next(number for number in sample_numbers([birth] * 50) if number not in known) for birth in births]


def unknown_child(tables: Tables, enrolled: np.ndarray, rng: np.random.Generator) -> None:
    """Give two cases to children nobody knows."""
    table = tables["dubu_sager"]
    chosen = _rows(
        table, _spared(table, "Barnets CPR nummer", enrolled) & (table["Sagstype"] == "Underretning"), 2, rng
    )
    table.loc[chosen, "Barnets CPR nummer"] = _strangers(tables, ["2015-05-06", "2018-11-23"])


def unknown_adult(tables: Tables, enrolled: np.ndarray, rng: np.random.Generator) -> None:
    """Give payments to someone nobody knows."""
    table = tables["ydelsesrefusion_2023"]
    stranger = _strangers(tables, ["1984-02-11"])[0]
    copied = table[table["CPR nummer"] == table["CPR nummer"].iloc[0]].assign(**{"CPR nummer": stranger})
    tables["ydelsesrefusion_2023"] = pd.concat([table, copied], ignore_index=True)


def too_many_days(tables: Tables, enrolled: np.ndarray, rng: np.random.Generator) -> None:
    """Write more sick days than school days."""
    table = tables["skolefravaer"]
    row = _rows(table, _spared(table, "CPR nummer", enrolled) & (table["Skoledage"] == 15), 1, rng)
    table.loc[row, "Sygefravær"] = 19.0


def runs_on(tables: Tables, enrolled: np.ndarray, rng: np.random.Generator) -> None:
    """Leave out the end of measures of closed cases."""
    table = tables["dubu_indsatser"]
    ended = (table["Sag status"] == "Lukket") & table["Ydelse slutdato"].notna()
    chosen = _rows(table, ended & (table["Tilbudstype"] == "Forebyggende"), 4, rng)
    table.loc[chosen, "Ydelse slutdato"] = pd.NaT
    table.loc[chosen, "Status"] = "Aktiv"


def trailing_spaces(tables: Tables, enrolled: np.ndarray, rng: np.random.Generator) -> None:
    """Write spaces after some texts."""
    for stem, column in (("sensum", "Indsats"), ("folkeregister", "Distrikt"), ("ydelsesrefusion_2023", "Ydelse")):
        table = tables[stem]
        rows = _rows(table, np.ones(len(table)), max(3, len(table) // 40), rng)
        table.loc[rows, column] = table.loc[rows, column] + "  "


def hyphens(tables: Tables, enrolled: np.ndarray, rng: np.random.Generator) -> None:
    """Write every number with a hyphen."""
    table = tables["sensum"]
    table["CPR"] = table["CPR"].str[:6] + "-" + table["CPR"].str[6:]


def some_hyphens(tables: Tables, enrolled: np.ndarray, rng: np.random.Generator) -> None:
    """Write a third of the numbers with a hyphen."""
    table = tables["jobcenter_indsatser"]
    rows = _rows(table, np.ones(len(table)), len(table) // 3, rng)
    table.loc[rows, "CPR nummer"] = table.loc[rows, "CPR nummer"].map(lambda text: f"{text[:6]}-{text[6:]}")


def short_code(tables: Tables, enrolled: np.ndarray, rng: np.random.Generator) -> None:
    """Write the municipality with and without its leading zero."""
    table = tables["dubu_indsatser"]
    home = table["Leverandør beliggenhedskommune"] == "Furesø"
    odd = np.arange(len(table)) % 2 == 1
    table.loc[home, "Leverandør beliggenhedskommune"] = np.where(odd, "190", "0190")[home.to_numpy()]


def case_after_18(tables: Tables, enrolled: np.ndarray, rng: np.random.Generator) -> None:
    """Give a notification to a grown-up."""
    table = tables["folkeregister"]
    grown = table.loc[table["Fødselsdato"] < pd.Timestamp("1980-01-01"), "CPR nummer"]
    cases = tables["dubu_sager"]
    row = _rows(cases, _spared(cases, "Barnets CPR nummer", enrolled) & (cases["Sagstype"] == "Underretning"), 1, rng)
    cases.loc[row, "Barnets CPR nummer"] = grown[~grown.isin(enrolled)].iloc[0]
