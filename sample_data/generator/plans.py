"""Lines of the sector plans and the meetings of the enrolled families."""

import tomllib
from pathlib import Path

import numpy as np
import pandas as pd

from generator.outcomes import Outcomes
from generator.periods import LAST_DAY
from generator.population import Population

TEXTS = Path(__file__).resolve().parent / "plan_texts.toml"


def _dated(base: pd.Timestamp, low: int, high: int, rng: np.random.Generator) -> pd.Timestamp:
    return base + pd.Timedelta(days=int(rng.integers(low, high)))


def make_meetings(courses: pd.DataFrame, contact: pd.Series, rng: np.random.Generator) -> pd.DataFrame:
    """Return the meetings: a start-up meeting, network meetings about every quarter, one row per agreement."""
    texts = tomllib.loads(TEXTS.read_text(encoding="utf-8"))
    rows = []
    started = courses[courses["start"].notna()]
    for family, start, leaving in zip(started["family"], started["start"], started["exit"], strict=True):
        last = LAST_DAY if pd.isna(leaving) else leaving
        date, kind = start + pd.Timedelta(days=int(rng.integers(2, 20))), "opstartsmøde"
        while date <= last:
            date = date + pd.Timedelta(days=int({5: 2, 6: 1}.get(date.day_of_week, 0)))
            agreements = rng.permutation(texts["agreement"])[: int(rng.integers(1, 4))]
            for agreement in agreements:
                rows.append(_agreement(contact[family], date, kind, agreement, rng))
            date = date + pd.Timedelta(days=int(rng.integers(76, 106)))
            kind = "netværksmøde" if rng.random() < 0.88 else "statusmøde"
    columns = ["Kontakt-CPR", "Dato", "Mødetype", "Deltagere", "Aftale", "Ansvarlig", "Frist"]
    table = pd.DataFrame(rows, columns=columns)
    table["Frist"] = pd.to_datetime(table["Frist"])
    return table


def _agreement(cpr: str, date: pd.Timestamp, kind: str, agreement: dict, rng: np.random.Generator) -> tuple:
    people = ["familien", "koordinator", *rng.permutation(_PARTICIPANTS)[: int(rng.integers(2, 5))].tolist()]
    owner = agreement["owner"] if rng.random() < 0.93 else ""
    due = _dated(date, 10, 75, rng) if rng.random() < 0.9 else pd.NaT
    return cpr, date, kind, ", ".join(people), agreement["text"], owner, due


_PARTICIPANTS = [
    "jobcenter",
    "familieafdeling",
    "skole",
    "sundhedsplejerske",
    "bostøtte",
    "PPR",
    "moster",
    "fodboldtræner",
]
_LINE_COLUMNS = [
    "Kontakt-CPR",
    "CPR nummer",
    "Plan",
    "Livsområde",
    "Mål",
    "Handling",
    "Ansvarlig",
    "Start",
    "Frist",
    "Status",
    "Lovhjemmel",
    "Timer pr. uge",
    "Må ses af",
]


def make_plan_lines(
    population: Population, courses: pd.DataFrame, outcomes: Outcomes, contact: pd.Series, rng: np.random.Generator
) -> pd.DataFrame:
    """Return the lines of the sector plans of the families enrolled now, 4 to 10 plans in each family."""
    texts = tomllib.loads(TEXTS.read_text(encoding="utf-8"))
    live = courses[courses["start"].notna() & courses["exit"].isna()]
    rows: list[dict] = []
    for place, (family, start) in enumerate(zip(live["family"], live["start"], strict=True)):
        members = population.person[population.person["family"] == family]
        rows += _family_lines(texts, members, start, place, rng)
    table = pd.DataFrame(rows, columns=_LINE_COLUMNS)
    for column in ("Start", "Frist"):
        table[column] = pd.to_datetime(table[column])
    table.insert(0, "_", "")
    return table.drop(columns="_")


def _family_lines(
    texts: dict, members: pd.DataFrame, start: pd.Timestamp, place: int, rng: np.random.Generator
) -> list[dict]:
    adults = members[members["role"] == "adult"]
    children = members[members["role"] == "child"]
    key = adults["cpr"].iloc[0]
    rows = [_line(text, key, "", start, rng) for text in rng.permutation(texts["own_goal"])[: int(rng.integers(1, 4))]]
    if place % 11 == 5:
        rows = []
    for cpr in adults["cpr"]:
        rows += _from_plans(texts["adult"], key, cpr, start, int(rng.integers(2, 5)), rng)
    for _, child in children.iterrows():
        age = (start - child["birth"]).days / 365.25
        fitting = [plan for plan in texts["child"] if plan["from_age"] <= age < plan["to_age"]]
        rows += _from_plans(fitting, key, child["cpr"], start, int(rng.integers(1, 3)), rng)
    if place % 4 == 1:
        rows += [_line(text, key, adults["cpr"].iloc[0], start, rng) for text in texts["clash"]]
    if place % 3 == 0:
        rows += [_line(text, key, adults["cpr"].iloc[0], start, rng) for text in texts["duplicate"]]
    return rows


def _from_plans(
    plans: list[dict], key: str, cpr: str, start: pd.Timestamp, n: int, rng: np.random.Generator
) -> list[dict]:
    rows = []
    for number in rng.permutation(len(plans))[:n]:
        plan = plans[number]
        common = {name: plan[name] for name in ("plan", "seen_by") if name in plan}
        chosen = rng.permutation(len(plan["line"]))[: int(rng.integers(1, 4))]
        rows += [_line(common | plan["line"][line], key, cpr, start, rng) for line in chosen]
    return rows


def _line(text: dict, key: str, cpr: str, start: pd.Timestamp, rng: np.random.Generator) -> dict:
    begin = _dated(start, -60, 200, rng)
    begin = min(begin, LAST_DAY - pd.Timedelta(days=int(rng.integers(5, 40))))
    due = _dated(begin, 60, 420, rng)
    status = "i gang" if due > LAST_DAY else str(rng.choice(["gennemført", "i gang", "opgivet"], p=[0.6, 0.3, 0.1]))
    return {
        "Kontakt-CPR": key,
        "CPR nummer": cpr,
        "Plan": text["plan"],
        "Livsområde": text["area"],
        "Mål": text.get("goal", ""),
        "Handling": text.get("action", ""),
        "Ansvarlig": text.get("owner", "") if rng.random() < 0.94 else "",
        "Start": begin,
        "Frist": due if rng.random() < 0.93 else pd.NaT,
        "Status": text.get("status", status),
        "Lovhjemmel": text.get("section", ""),
        "Timer pr. uge": text.get("hours", float("nan")),
        "Må ses af": text.get("seen_by", "børn og familie, beskæftigelse, skole og dagtilbud"),
    }
