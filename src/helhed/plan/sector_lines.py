"""Lines of sector plans on their way into the shared plan, from forms and from other systems' files."""

from collections import Counter
from collections.abc import Iterable
from datetime import time

import pandas as pd

from helhed.tables import tables as contracts

#: What lines from forms and files have beside the columns of ``plan_line``.
FURTHER_COLUMNS = ("weekdays", "day_start", "day_end", "read_from")


def lines_table(rows: Iterable[dict]) -> pd.DataFrame:
    """Return rows as the table ``plan_line`` with `FURTHER_COLUMNS`, each numbered within family and plan.

    The number is made of the family, the plan and a running number in the order given: the same files give the same
    numbers.
    """
    count: Counter = Counter()
    numbered = []
    for row in rows:
        key = (row["family_id"], row["source_plan"])
        count[key] += 1
        weekdays = ",".join(row.get("weekdays") or ()) or None
        times = {name: _clock(row.get(name)) for name in ("day_start", "day_end")}
        line_id = f"{key[0]}-{key[1]}-{count[key]:03d}"
        numbered.append(row | times | {"line_id": line_id, "weekdays": weekdays})
    contract = contracts()["plan_line"]
    columns = [column.name for column in contract.columns]
    frame = pd.DataFrame(numbered, columns=[*columns, *FURTHER_COLUMNS])
    return pd.concat([contract.conform(frame), frame[list(FURTHER_COLUMNS)].astype("str")], axis=1)


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
