"""The forms that coordinators have filled in with some of the families enrolled now: network, consents, meetings.

They are written with the kit's own form, as a municipality gets it from ``helhed plan sector-forms``.
"""

import base64
import hashlib
import tomllib
from datetime import time
from pathlib import Path

import numpy as np
import pandas as pd

from generator.periods import LAST_DAY
from generator.population import Population
from helhed.intake.pseudonyms import Keyring
from helhed.plan.forms import family_form, workbook
from helhed.plan.model import Member
from helhed.plan.views import DEPARTMENTS

TEXTS = Path(__file__).resolve().parent / "family_texts.toml"
#: Every third family has a form; of those, every sixth has taken a consent back and every fifth meets in school hours.
_EVERY, _TAKEN_BACK, _IN_SCHOOL = 3, 6, 5
_FIRST_MEETING = pd.Timestamp("2026-01-08")
_OF_AGE, _ASKED_THEMSELVES = 18, 15


def family_forms(
    population: Population, courses: pd.DataFrame, key: bytes, rng: np.random.Generator
) -> dict[str, bytes]:
    """Return the filled-in forms by file name, for every third family, if it has no grown children."""
    texts = tomllib.loads(TEXTS.read_text(encoding="utf-8"))
    keyring = Keyring(key, is_synthetic=True)
    live = courses[courses["start"].notna() & courses["exit"].isna()]
    forms = {}
    for place, (family, start) in enumerate(zip(live["family"], live["start"], strict=True)):
        people = population.person[population.person["family"] == family]
        people = people[people["role"].isin(("adult", "child"))]
        if place % _EVERY or (_ages(people[people["role"] == "child"]) >= _OF_AGE).any():
            continue
        members = _members(people, keyring)
        written = _written(texts, members, start, place // _EVERY, rng)
        content = family_form("da", _family_id(members), members, written=written)
        forms[f"familie_{len(forms) + 1:02d}.xlsx"] = workbook(content)
    return forms


def _ages(people: pd.DataFrame) -> pd.Series:
    had_birthday = people["birth"].dt.month <= LAST_DAY.month
    return LAST_DAY.year - people["birth"].dt.year - (~had_birthday).astype(int)


def _members(people: pd.DataFrame, keyring: Keyring) -> tuple[Member, ...]:
    """Return the members as the kit numbers them: the oldest first, by month of birth."""
    people = people.assign(
        person_id=[keyring.person(cpr) for cpr in people["cpr"]],
        month=people["birth"].dt.to_period("M"),
        age=_ages(people),
    ).sort_values(["role", "month", "person_id"])
    number = people.groupby("role").cumcount() + 1
    rows = zip(people["person_id"], people["role"], number, people["age"], strict=True)
    return tuple(Member(person, role, int(at), int(age)) for person, role, at, age in rows)


def _family_id(members: tuple[Member, ...]) -> str:
    """Return the number that the kit gives a family: made of the pseudonyms of its adults."""
    adults = "|".join(sorted(member.person_id for member in members if member.role == "adult"))
    return base64.b32encode(hashlib.sha256(f"family:{adults}".encode()).digest()[:10]).decode().lower()


def _written(
    texts: dict, members: tuple[Member, ...], start: pd.Timestamp, place: int, rng: np.random.Generator
) -> dict:
    adults = [member for member in members if member.role == "adult"]
    children = [member for member in members if member.role == "child"]
    stays_on = (LAST_DAY - start).days < 270
    fade_from = None if stays_on else _day(pd.Timestamp("2026-02-02"), 0, 60, rng)
    return {
        "family": [
            _row("family", written_by="koordinator", written_date=_day(LAST_DAY, -60, -5, rng))
            | {"fade_from_date": fade_from, "contact_after": None if stays_on else texts["contact_after"]}
        ],
        "meetings": [_meeting(texts, place, rng)],
        "network": _network(texts, children, rng),
        "consents": _consents(adults, children, start, place, rng),
        "fade_out": [] if stays_on else _steps(texts, rng),
        "reviews": [{"review_date": _day(pd.Timestamp("2026-03-02"), 0, 90, rng)}],
        "evaluations": _evaluations(texts, adults, rng) if place % 2 else [],
    }


def _row(sheet: str, **values) -> dict:
    """Return a row of a sheet; what is not given is empty."""
    fields = next(one.fields for one in family_form("da").sheets if one.name == sheet)
    return dict.fromkeys(field.name for field in fields) | values


def _day(base: pd.Timestamp, low: int, high: int, rng: np.random.Generator):
    """Return a day from Monday to Friday some days from another one."""
    day = base + pd.Timedelta(days=int(rng.integers(low, high)))
    return (day + pd.Timedelta(days={5: 2, 6: 1}.get(day.day_of_week, 0))).date()


def _chosen(rows: list, n: int, rng: np.random.Generator) -> list:
    return [rows[at] for at in rng.permutation(len(rows))[:n]]


def _meeting(texts: dict, place: int, rng: np.random.Generator) -> dict:
    in_school = place % _IN_SCHOOL == 1
    return _row(
        "meetings",
        meeting_id="næste",
        held_date=_day(_FIRST_MEETING, 0, 21, rng),
        meeting_kind="network",
        participants="familien, koordinator, skole, jobcenter",
        start_time=time(10, 0) if in_school else time(15, 30),
        end_time=time(11, 0) if in_school else time(16, 30),
        place=str(rng.choice(texts["place"])),
    )


def _network(texts: dict, children: list[Member], rng: np.random.Generator) -> list[dict]:
    rows = []
    for kind in ("private", "professional"):
        for contact in _chosen(texts[kind], int(rng.integers(1, 4)), rng):
            whose = children[int(rng.integers(len(children)))].person_id if rng.random() < 0.4 else None
            takes_part = bool(rng.random() < 0.6)
            rows.append(_row("network", contact_kind=kind, network_of=whose, takes_part=takes_part, **contact))
    return rows


def _consents(
    adults: list[Member], children: list[Member], start: pd.Timestamp, place: int, rng: np.random.Generator
) -> list[dict]:
    """Return the consents to share: each adult for themselves, for the children the first adult, the older ones too."""
    given = start.date()
    rows = [_sharing(adult, adult, given, rng) for adult in adults]
    rows += [_sharing(adults[0], child, given, rng) for child in children]
    rows += [
        _sharing(child, child, given, rng) | {"consent_kind": "own"}
        for child in children
        if child.age >= _ASKED_THEMSELVES and place % 2
    ]
    if place % _TAKEN_BACK == 2:
        rows[0] |= {"withdrawn_date": _day(LAST_DAY, -90, -20, rng), "note": "Vil selv fortælle det"}
    return rows


def _sharing(giver: Member, about: Member, given, rng: np.random.Generator) -> dict:
    departments = sorted(_chosen(list(DEPARTMENTS), int(rng.integers(3, 6)), rng), key=DEPARTMENTS.index)
    return _row(
        "consents",
        consent_kind="sharing",
        given_by=giver.person_id,
        about=about.person_id,
        departments=tuple(departments),
        from_date=given,
    )


def _steps(texts: dict, rng: np.random.Generator) -> list[dict]:
    days = sorted(_day(pd.Timestamp("2026-03-02"), 0, 60, rng) for _ in range(2))
    steps = _chosen(texts["step"], len(days), rng)
    return [_row("fade_out", due_date=day, **step) for day, step in zip(days, steps, strict=True)]


def _evaluations(texts: dict, adults: list[Member], rng: np.random.Generator) -> list[dict]:
    said = _chosen(texts["evaluation"], 1, rng)
    return [
        _row("evaluations", evaluated_date=_day(LAST_DAY, -60, -10, rng), person_id=adults[0].person_id, **one)
        for one in said
    ]
