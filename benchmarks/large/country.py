"""A register of all of Denmark: 5.9 million persons in 2.8 million households, 5.6 million benefit spells.

Written in seconds as parquet files of the canonical tables. Nobody in it exists.
"""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

PERSONS, HOUSEHOLDS, SPELLS = 5_900_000, 2_800_000, 5_600_000
CASES, MEASURES, PUPILS, SCHOOL_MONTHS = 0.05, 0.04, 0.11, 6
BENEFITS = ["kontanthjaelp", "sygedagpenge", "dagpenge", "foertidspension", "andet"]
DEPARTMENTS = ["children", "employment", "adult_social", "health", "school", "housing"]
CASE_TYPES = ["underretning", "screening", "barnets_plan", "boernefaglig_undersoegelse", "handicap"]
_AS_OF = np.datetime64("2025-12-31")


def write_country(folder: Path, n_persons: int, seed: int) -> None:
    """Write the tables of a register of so many persons; the shares are those of the whole country."""
    rng = np.random.default_rng(seed)
    size = n_persons / PERSONS
    homes = int(HOUSEHOLDS * size)
    home = np.concatenate([np.arange(homes), rng.integers(0, homes, n_persons - homes)])
    is_first = np.arange(n_persons) < homes
    # the first of a home is grown up; of the others a share of those that a third of the homes have are children
    is_child = ~is_first & (rng.random(n_persons) < 0.38)
    months = np.where(is_child, rng.integers(0, 18 * 12, n_persons), rng.integers(18 * 12, 90 * 12, n_persons))
    persons = _texts("p", np.arange(n_persons))
    _write(
        folder / "person.parquet",
        person_id=persons,
        birth_date=_stamps(np.datetime64("2025-12") - months),
        from_date=_stamps(_missing(rng, _AS_OF - rng.integers(0, 4000, n_persons), 0.9)),
        to_date=_stamps(_missing(rng, _AS_OF - rng.integers(-400, 400, n_persons), 0.99)),
    )
    _write(
        folder / "family_member.parquet",
        family_id=_texts("f", home),
        person_id=persons,
        role=_coded(["adult", "child"], is_child.astype("int8")),
        is_main_home=pa.array(rng.random(n_persons) < 0.98),
    )
    _write_spells(folder, rng, persons, np.flatnonzero(~is_child), int(SPELLS * size))
    _write_children(folder, rng, persons, np.flatnonzero(is_child))


def _write_spells(folder: Path, rng: np.random.Generator, persons: pa.Array, adults: np.ndarray, n: int) -> None:
    who = adults[(rng.random(n) ** 2 * len(adults)).astype("int64")]
    start, end = _period(rng, n)
    kinds = rng.integers(0, len(BENEFITS), n)
    _write(
        folder / "benefit_spell.parquet",
        person_id=persons.take(pa.array(who)),
        benefit=_coded(BENEFITS, kinds),
        start_date=start,
        end_date=end,
    )
    n = int(len(adults) * MEASURES)
    start, end = _period(rng, n)
    _write(
        folder / "measure.parquet",
        person_id=persons.take(pa.array(adults[(rng.random(n) ** 2 * len(adults)).astype("int64")])),
        department=_coded(DEPARTMENTS, rng.integers(0, len(DEPARTMENTS), n)),
        measure_group=_coded(["placement", "other"], (rng.random(n) < 0.9).astype("int8")),
        section=pa.nulls(n, pa.string()),
        start_date=start,
        end_date=end,
    )


def _write_children(folder: Path, rng: np.random.Generator, persons: pa.Array, children: np.ndarray) -> None:
    n = int(len(children) * CASES * 4)
    start, end = _period(rng, n)
    _write(
        folder / "child_case.parquet",
        person_id=persons.take(pa.array(rng.choice(children, n))),
        case_type=_coded(CASE_TYPES, rng.integers(0, len(CASE_TYPES), n)),
        section=pa.nulls(n, pa.string()),
        start_date=start,
        end_date=end,
        status=_coded(["open", "closed"], (rng.random(n) < 0.4).astype("int8")),
    )
    pupils = children[rng.random(len(children)) < 0.6]
    who = np.repeat(pupils, SCHOOL_MONTHS)
    month = np.tile(np.datetime64("2025-07") + np.arange(SCHOOL_MONTHS), len(pupils))
    days = {f"days_{kind}": pa.array(rng.integers(0, high, len(who)) / 2) for kind, high in _ABSENT.items()}
    _write(
        folder / "absence.parquet",
        person_id=persons.take(pa.array(who)),
        month=_stamps(month),
        school_days=pa.array(np.full(len(who), 20.0)),
        **days,
    )


_ABSENT = {"sick": 5, "permitted": 3, "unlawful": 2}


def _period(rng: np.random.Generator, n: int) -> tuple[pa.Array, pa.Array]:
    start = np.datetime64("2022-01-01") + rng.integers(0, 1461, n)
    return _stamps(start), _stamps(_missing(rng, start + rng.integers(5, 700, n), 0.15))


def _missing(rng: np.random.Generator, days: np.ndarray, share: float) -> np.ndarray:
    return np.where(rng.random(len(days)) < share, np.datetime64("NaT"), days)


def _stamps(days: np.ndarray) -> pa.Array:
    return pa.array(days.astype("datetime64[us]"))


def _texts(letter: str, numbers: np.ndarray) -> pa.Array:
    """Return names as long as pseudonyms are: sixteen signs."""
    padded = pc.utf8_lpad(pa.array(numbers).cast(pa.string()), 15, "0")
    return pc.binary_join_element_wise(letter, padded, "")


def _coded(names: list[str], places: np.ndarray) -> pa.Array:
    return pa.array(names).take(pa.array(places))


def _write(file: Path, **columns: pa.Array) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), file, compression="zstd", row_group_size=1_000_000)
