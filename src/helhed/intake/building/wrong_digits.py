"""CPR numbers that nobody in the register has, and that are one digit from somebody's: most likely written wrong.

Each number has 90 neighbours, and some of them are of other people. Modulus 11 tells them apart: it finds every wrong
digit, so an unknown number that passes it is no misspelling of a number that passes too, as nearly all do. Such a
number is let be. One that does not pass is never turned away for that alone (see `helhed.intake.pseudonyms`).

Only records are looked at: who somebody's parents are, the register has from the CPR system itself.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import pandas as pd

from helhed.intake.building.keys import numbered
from helhed.intake.corrections import Correction
from helhed.intake.pseudonyms import Keyring, passes_modulus_11
from helhed.intake.sources import Sources, rows_of

#: The columns by which a record names its person.
RECORD_COLUMNS = ("person_id", "contact_id")
_N_DIGITS = 10


def misspelt_persons(sources: Sources, keyring: Keyring) -> dict[str, list[str]]:
    """Return the persons of the exports who are not in the register, with those of the register who may be meant.

    A number that somebody has typed into the list of errors has been looked at, and is believed.

    Parameters
    ----------
    sources
        Every export as a typed frame.
    keyring
        Made the pseudonyms, and knows the numbers behind them.

    Returns
    -------
    Pseudonym to the pseudonyms whose numbers differ from its own in one digit; those without any are left out.
    """
    register = rows_of("person", sources.frames, sources.presets)["person_id"]
    if register.empty:
        return {}
    known = set(register)
    unknown = {person for column in _persons_of_columns(sources) for person in column if person not in known}
    unknown -= _confirmed(sources.corrections, keyring)
    return neighbours(keyring.numbers_of(unknown), keyring.numbers_of(known)) if unknown else {}


def _persons_of_columns(sources: Sources) -> Iterator[pd.Index]:
    """Yield the different persons of each column that names the person of a record and stands in the export itself."""
    for name, frame in sources.frames.items():
        for column in RECORD_COLUMNS:
            if column in frame and sources.presets[name].has(column):
                yield numbered(frame[column])[1]


def _confirmed(corrections: Iterable[Correction], keyring: Keyring) -> set[str | None]:
    return {keyring.person(c.value) for c in corrections if c.action == "correct" and c.state == "applied"}


def neighbours(unknown: Mapping[str, str], registered: Mapping[str, str]) -> dict[str, list[str]]:
    """Return for each unknown person the registered ones whose numbers differ in one digit; who has none is left out.

    An unknown number that passes modulus 11 has none (see the module).

    Parameters
    ----------
    unknown, registered
        Pseudonyms, each with the person's number as ten digits.

    Examples
    --------
    >>> neighbours({"x": "1423880009", "y": "1423881212"}, {"a": "1423880001", "b": "0224850003"})
    {'x': ['a']}
    """
    suspects = {person: cpr for person, cpr in unknown.items() if not passes_modulus_11(cpr)}
    known = pd.Series(registered, dtype="str").astype("int64").sort_values()
    names, found = list(suspects), defaultdict(list)
    for at, place in _pairs(np.array(list(suspects.values()), dtype="int64"), known.to_numpy()):
        found[names[at]].append(known.index[place])
    return dict(found)


def _pairs(suspects: np.ndarray, known: np.ndarray) -> list[tuple[int, int]]:
    """Return the places of each suspect and of the known numbers, which are sorted, that differ in one digit."""
    pairs = []
    for power in 10 ** np.arange(_N_DIGITS, dtype="int64"):
        others = suspects - suspects // power % 10 * power
        for digit in range(10):
            first, last = (np.searchsorted(known, others + digit * power, side) for side in ("left", "right"))
            pairs += [(at, int(first[at])) for at in np.flatnonzero(last > first).tolist()]
    return sorted(set(pairs))
