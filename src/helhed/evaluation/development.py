"""How the families developed before and after the start, told without claiming a cause."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helhed.evaluation.estimates import Estimate, mean_estimate
from helhed.evaluation.panel import mean_between
from helhed.evaluation.study import Study


def half_year_means(study: Study, outcome: str, confidence: float, minimum_families: int) -> pd.DataFrame:
    """Return the mean by group and half-year around the start: ``is_enrolled``, ``half_year`` (-2, -1, 1, 2), interval.

    One value per family and half-year; columns ``mean``, ``low``, ``high``, ``n_families``. Means of fewer families
    than the minimum are missing.
    """
    rows = []
    for half_year, (first, last) in {-2: (-12, -7), -1: (-6, -1), 1: (1, 6), 2: (7, 12)}.items():
        means = mean_between(study.rows, first, last, [outcome], 2).join(
            study.groups.set_index("family_id")["is_enrolled"], how="inner"
        )
        for is_enrolled, values in means.groupby("is_enrolled")[outcome]:
            estimate = mean_estimate(values, confidence)
            rows.append(
                (bool(is_enrolled), half_year, estimate.value, estimate.low, estimate.high, estimate.n_enrolled)
            )
    table = pd.DataFrame(rows, columns=["is_enrolled", "half_year", "mean", "low", "high", "n_families"])
    table.loc[table["n_families"] < minimum_families, ["mean", "low", "high"]] = np.nan
    return table


def first_year_change(study: Study, outcome: str, confidence: float) -> Estimate:
    """Return the enrolled families' mean change: the twelve months after the start minus the twelve before.

    Families with fewer than six known months on a side are left out.
    """
    rows = study.rows[study.rows["is_enrolled"]]
    before, after = (mean_between(rows, first, last, [outcome], 6)[outcome] for first, last in ((-12, -1), (1, 12)))
    return mean_estimate(after - before, confidence)


def benefit_effect(study: Study, effects_table: pd.DataFrame, reasons: list[str], profile: Mapping) -> Estimate:
    """Return the change of the share of adults on benefit that a calculation may rest on.

    Where the comparison can be trusted: the weighted difference in differences. Where it cannot: the enrolled
    families' own change to their second year (the first year where too few have come so far), and zero as the other
    end: some or all of it would have come without the effort, so it is the most that may be hoped for.
    """
    outcome = "share_on_benefit"
    if not reasons:
        row = effects_table.set_index(["outcome", "method"]).loc[(outcome, "balanced")]
        return Estimate(row["effect"], row["low"], row["high"], row["n_enrolled"], row["n_comparison"])
    rows = study.rows[study.rows["is_enrolled"]]
    before = mean_between(rows, -profile["evaluation.baseline_months"], -1, [outcome])[outcome]
    for first, last in ((13, 24), (1, 12)):
        change = (mean_between(rows, first, last, [outcome], 3)[outcome] - before).dropna()
        if len(change) >= profile["evaluation.minimum_families"]:
            break
    own = mean_estimate(change, profile["evaluation.confidence"])
    value = min(own.value, 0.0) if np.isfinite(own.value) else 0.0
    low = own.low if np.isfinite(own.low) else value
    return Estimate(value, min(low, value), 0.0, own.n_enrolled)


def first_moves(study: Study, profile: Mapping) -> tuple[int | None, int | None]:
    """Return after how many months absence and work have moved by what the profile says matters; None: not reached."""
    own, fewest = study.rows[study.rows["is_enrolled"]], profile["evaluation.minimum_families"]
    wanted = {
        "absence_share": -profile["evaluation.meaningful_absence_change"],
        "share_working": profile["evaluation.meaningful_work_change"],
    }
    absence, work = (months_until_moved(own, outcome, size, fewest) for outcome, size in wanted.items())
    return absence, work


def are_followed(study: Study, profile: Mapping) -> bool:
    """Return whether enough enrolled families are seen in any month after their start to say whether they moved."""
    after = study.rows[study.rows["is_enrolled"].astype(bool) & (study.rows["months_since"] >= 1)]
    seen = after.groupby("months_since")["family_id"].nunique()
    return bool(seen.max() >= profile["evaluation.minimum_families"]) if len(seen) else False


def months_until_moved(rows: pd.DataFrame, outcome: str, meaningful: float, minimum_families: int) -> int | None:
    """Return the months from the start until the enrolled families have moved by what matters; None: not reached.

    Each family's month is compared with the same calendar month in the year before its start, so that winter is not
    taken for a setback. The mean of the families' changes over three months (the month and the two after it) must
    reach ``meaningful``: one month alone jumps too much.

    Parameters
    ----------
    rows
        The enrolled families' months: ``family_id``, ``months_since`` and the outcome.
    outcome
        Column to follow.
    meaningful
        Change that matters; negative for a fall.
    minimum_families
        A month with fewer families is not used.
    """
    calendar = rows.assign(calendar=rows["months_since"] % 12)
    own = calendar[calendar["months_since"].between(-12, -1)].set_index(["family_id", "calendar"])[outcome]
    later = calendar[calendar["months_since"] >= 1].join(own.rename("own"), on=["family_id", "calendar"])
    change = (later[outcome] - later["own"]).groupby(later["months_since"])
    known = change.mean().where(change.count() >= minimum_families)
    if known.dropna().empty:
        return None
    known = known.reindex(range(1, int(known.index.max()) + 1))
    three = known[::-1].rolling(3, min_periods=2).mean()[::-1] * np.sign(meaningful)
    reached = three.index[three >= abs(meaningful)]
    return int(reached[0]) if len(reached) else None
