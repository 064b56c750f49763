"""What happens to the families when a coordinator leaves: how many move, and how full the others become."""

import pandas as pd

from helhed.staffing.assignment import Rules, best_assignment, loads


def if_one_leaves(families: pd.DataFrame, coordinators: pd.DataFrame, rules: Rules | None = None) -> pd.DataFrame:
    """Return what would happen if each coordinator in turn left tomorrow.

    Parameters
    ----------
    families, coordinators, rules
        As for `helhed.staffing.assignment.best_assignment`; new families, who may wait, are left out.

    Returns
    -------
    One row per coordinator with room for families: ``coordinator_id`` (who leaves), ``n_to_move`` (families that must
    have another coordinator: no fewer is possible), ``n_without`` (of these, those whom nobody may or can take),
    ``peak_load`` (of the most loaded of the others; missing when there are none).
    """
    enrolled = families[~families["is_new"].astype(bool)]
    rows = []
    for leaver in sorted(coordinators.loc[coordinators["capacity"] > 0, "coordinator_id"]):
        others = coordinators[coordinators["coordinator_id"] != leaver]
        found = best_assignment(enrolled, others, rules)
        rows.append(
            {
                "coordinator_id": leaver,
                "n_to_move": int((enrolled["coordinator_id"] == leaver).sum()),
                "n_without": found.n_without,
                "peak_load": loads(found.table, others)["load"].max() if len(others) else float("nan"),
            }
        )
    return pd.DataFrame(rows, columns=["coordinator_id", "n_to_move", "n_without", "peak_load"])
