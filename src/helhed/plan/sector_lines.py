"""Lines of sector plans on their way into the shared plan, from forms and from other systems' files."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from datetime import time

import pandas as pd

from helhed.tables import tables as contracts

#: What lines from forms and files have beside the columns of ``plan_line``.
FURTHER_COLUMNS = ("weekdays", "day_start", "day_end", "read_from")


#: What makes a line the same line when its form is sent again; its dates, owner and state may change.
_IDENTITY = ("person_id", "action", "goal", "section")
#: What the number of a line must not depend on: its place in the form.
_OF_PLACE = ("read_from", "line_id")


def lines_table(rows: Iterable[dict]) -> pd.DataFrame:
    """Return rows as the table ``plan_line`` with `FURTHER_COLUMNS`, each numbered by what it says.

    The number is made of the family, the plan and a mark of `_IDENTITY`, not of the place in the form: rows may be put
    in, taken out or moved, and every other line keeps its number. Lines that agree in all of it are told apart by the
    rest of what they say; where that is in doubt, a line gets a new number and is never taken for another one.
    """
    numbered = []
    rows = list(rows)
    for row, line_id in zip(rows, _line_ids(rows), strict=True):
        weekdays = ",".join(row.get("weekdays") or ()) or None
        times = {name: _clock(row.get(name)) for name in ("day_start", "day_end")}
        numbered.append(row | times | {"line_id": line_id, "weekdays": weekdays})
    contract = contracts()["plan_line"]
    columns = [column.name for column in contract.columns]
    frame = pd.DataFrame(numbered, columns=[*columns, *FURTHER_COLUMNS])
    return pd.concat([contract.conform(frame), frame[list(FURTHER_COLUMNS)].astype("str")], axis=1)


def _line_ids(rows: list[dict]) -> list[str]:
    short = [_number(row, _IDENTITY) for row in rows]
    n_alike = Counter(short)
    whole = [_number(row, sorted(set(row) - set(_OF_PLACE))) for row in rows]
    seen: Counter = Counter()
    found = []
    for name, full in zip(short, whole, strict=True):
        line_id = name if n_alike[name] == 1 else f"{name}-{full.rpartition('-')[2]}"
        seen[line_id] += 1
        # Lines that are the same in everything may change places: nothing tells them apart.
        found.append(line_id if seen[line_id] == 1 else f"{line_id}-{seen[line_id]}")
    return found


def _number(row: dict, names: Iterable[str]) -> str:
    said = [" ".join(str(row.get(name) or "").casefold().split()) for name in names]
    mark = hashlib.sha256("\x1f".join(said).encode()).hexdigest()[:8]
    return f"{row['family_id']}-{row['source_plan']}-{mark}"


def _clock(when: time | None) -> str | None:
    return f"{when:%H:%M}" if when else None


def with_lines(tables: dict[str, pd.DataFrame], *parts: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the tables with further lines of sector plans: as many rows as both together, none joined.

    Raises
    ------
    ValueError
        If two lines have the same number.
    """
    own = tables["plan_line"]
    further = own.reindex(columns=list(dict.fromkeys([*own.columns, *FURTHER_COLUMNS])))
    further = further.astype(dict.fromkeys(FURTHER_COLUMNS, "str"))
    together = pd.concat([further, *parts], ignore_index=True)
    if not together["line_id"].is_unique:
        twice = together.loc[together["line_id"].duplicated(), "line_id"].iloc[0]
        raise ValueError(f"line {twice} stands twice")
    return tables | {"plan_line": together}
