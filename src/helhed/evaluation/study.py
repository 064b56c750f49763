"""The study of one municipality: both groups before the start, and weights and pairs that make them alike."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helhed.evaluation import comparison as cmp
from helhed.evaluation.matching import coarsened, exact_strata, nearest_neighbours
from helhed.evaluation.panel import mean_between, since_start
from helhed.evaluation.pool import find_comparison

_CONTEXT = ("n_adults", "n_children")
#: What both groups are compared on before the start.
COVARIATES = (*cmp.HIGHER_IS_BETTER, *_CONTEXT)
#: Measures that families of one stratum share: below or above the enrolled families' middle; adults exactly.
_STRATA = ("absence_share", "share_on_benefit", "n_child_cases")
#: Ways to make the groups alike, in the order in which a table shows them.
WAYS = ("none", "strata", "matched", "odds", "balanced")


@dataclass(frozen=True)
class Study:
    """Both groups with what they were like before the start.

    Parameters
    ----------
    groups
        One row per family: ``family_id``, ``start_date``, ``is_enrolled``, ``weight`` and the baseline columns.
    rows
        One row per family and month: the panel with ``months_since`` and ``is_enrolled``.
    pairs
        Matched families: ``treated``, ``comparison`` (positions in ``groups``), ``distance``.
    is_balanced
        Whether weights exist that give the comparison group the enrolled group's means; else they come near.
    n_without_baseline
        Enrolled families left out because the data begin too late before their start.
    covariates
        What the weights balance, one row per row of ``groups``, without gaps.
    scores
        Probability of being enrolled given the covariates, per row of ``groups``; missing when the covariates tell
        the groups apart completely.
    """

    groups: pd.DataFrame
    rows: pd.DataFrame
    pairs: pd.DataFrame
    is_balanced: bool
    n_without_baseline: int
    covariates: pd.DataFrame
    scores: np.ndarray

    def count(self, is_enrolled: bool) -> int:
        """Return the number of families in a group."""
        return int((self.groups["is_enrolled"] == is_enrolled).sum())

    @property
    def effective_comparison(self) -> float:
        """Return how many equally weighted comparison families the weights leave."""
        return cmp.effective_sample_size(self.groups.loc[~self.groups["is_enrolled"], "weight"])

    @property
    def share_with_overlap(self) -> float:
        """Return the share of the enrolled whose score lies within the range of the comparison families' scores.

        Zero when no score can tell the groups apart by degrees and no weights make them alike; missing when a group
        has fewer than two families.
        """
        enrolled = self.groups["is_enrolled"].to_numpy(dtype=bool)
        if min(enrolled.sum(), (~enrolled).sum()) < 2:
            return np.nan
        if not np.isfinite(self.scores).all():
            return 1.0 if self.is_balanced else 0.0
        others = self.scores[~enrolled]
        return float(((self.scores[enrolled] >= others.min()) & (self.scores[enrolled] <= others.max())).mean())


def set_up(panel: pd.DataFrame, enrolment: pd.DataFrame, profile: Mapping) -> Study:
    """Return the study: groups, baselines, weights and matched pairs.

    Parameters
    ----------
    panel
        From `helhed.evaluation.panel.family_months`, with ``spending_per_member_dkk``.
    enrolment
        ``family_id``, ``start_date``.
    profile
        Gives ``evaluation.seed``, ``evaluation.baseline_months`` and what else the group declares.
    """
    rng = np.random.default_rng(profile["evaluation.seed"])
    chosen = enrolment.loc[enrolment["start_date"].notna(), "family_id"]
    started = enrolment[has_started(enrolment, panel) & enrolment["family_id"].isin(panel["family_id"])]
    groups = find_comparison(panel, started, chosen, rng)
    rows = since_start(panel, groups)
    months = profile["evaluation.baseline_months"]
    baseline = mean_between(rows, -months, -1, list(COVARIATES))
    n_known = rows[rows["months_since"].between(-months, -1)].groupby("family_id").size()
    kept = groups.merge(baseline, how="inner", left_on="family_id", right_index=True)
    kept = kept[kept["family_id"].isin(n_known.index[n_known >= months / 2])].reset_index(drop=True)
    left_out = int(groups["is_enrolled"].sum() - kept["is_enrolled"].sum())
    rows = rows[rows["family_id"].isin(kept["family_id"])].reset_index(drop=True)
    return _made_alike(kept, rows, left_out)


def has_started(enrolment: pd.DataFrame, panel: pd.DataFrame) -> pd.Series:
    """Return who started within the data: a start that lies ahead has no effect yet."""
    end = panel["month"].max() + pd.offsets.MonthBegin(1) if len(panel) else pd.Timestamp.max
    return enrolment["start_date"].notna() & (enrolment["start_date"] < end)


def _made_alike(groups: pd.DataFrame, rows: pd.DataFrame, left_out: int) -> Study:
    enrolled = groups["is_enrolled"].to_numpy(dtype=bool)
    weights, unknown = np.ones(len(groups)), np.full(len(groups), np.nan)
    if min(enrolled.sum(), (~enrolled).sum()) < 2:
        nobody = pd.DataFrame(index=groups.index)
        return Study(groups.assign(weight=weights), rows, nearest_neighbours([], []), False, left_out, nobody, unknown)
    design = cmp.fill_missing(groups, COVARIATES)
    found = cmp.entropy_balance(design[~enrolled].to_numpy(), design[enrolled].mean().to_numpy())
    weights[~enrolled] = found.weights * (~enrolled).sum()
    scores = cmp.propensity(design, enrolled)
    pairs = nearest_neighbours(scores, enrolled)
    return Study(groups.assign(weight=weights), rows, pairs, found.is_reached, left_out, design, scores)


def balance(study: Study) -> pd.DataFrame:
    """Return the balance table before and after weighting.

    One row per baseline measure: the columns of `helhed.evaluation.comparison.balance_table`,
    ``mean_weighted`` (the comparison group's mean with weights) and ``difference_weighted``. The denominator is the
    enrolled families' standard deviation, unweighted, before and after.
    """
    groups = study.groups
    plain = cmp.balance_table(groups, groups["is_enrolled"], COVARIATES)
    weighted = cmp.balance_table(groups, groups["is_enrolled"], COVARIATES, groups["weight"])
    return plain.assign(
        mean_weighted=weighted["mean_comparison"], difference_weighted=weighted["standardised_difference"]
    )


def ways_compared(study: Study, limit: float) -> pd.DataFrame:
    """Return how alike the groups become by each way of making them so.

    Parameters
    ----------
    study
        From `set_up`.
    limit
        Largest difference that counts as alike, in standard deviations of the enrolled.

    Returns
    -------
    One row per way (`WAYS`): ``way``, ``n_enrolled`` and ``n_comparison`` families in use, ``effective_comparison``,
    ``largest_difference`` (standardised, over the measures) and ``n_unlike`` measures beyond the limit.
    """
    enrolled = study.groups["is_enrolled"].to_numpy(dtype=bool)
    rows = []
    for way, weights in _weights_by_way(study).items():
        in_use = weights > 0
        gaps = cmp.balance_table(study.groups, enrolled, COVARIATES, weights)["standardised_difference"].abs()
        rows.append(
            {
                "way": way,
                "n_enrolled": int((in_use & enrolled).sum()),
                "n_comparison": int((in_use & ~enrolled).sum()),
                "effective_comparison": cmp.effective_sample_size(weights[~enrolled]),
                "largest_difference": gaps.max(),
                "n_unlike": int((gaps > limit).sum()),
            }
        )
    return pd.DataFrame(rows)


def _weights_by_way(study: Study) -> dict[str, np.ndarray]:
    enrolled = study.groups["is_enrolled"].to_numpy(dtype=bool)
    in_pairs = np.isin(np.arange(len(enrolled)), study.pairs[["treated", "comparison"]].to_numpy().ravel())
    odds = cmp.odds_weights(study.scores, enrolled)
    return {
        "none": np.ones(len(enrolled)),
        "strata": _strata_weights(study.groups, enrolled),
        "matched": in_pairs.astype(float),
        "odds": np.where(np.isfinite(odds), odds, 0.0),
        "balanced": study.groups["weight"].to_numpy(dtype=float),
    }


def _strata_weights(groups: pd.DataFrame, enrolled: np.ndarray) -> np.ndarray:
    """Return the weights of coarsened exact matching; a family without school children is its own kind."""
    known = groups[list(_STRATA)].astype("float64")
    middle = {name: [values] for name, values in known[enrolled].median().dropna().items()}
    bands = coarsened(known, middle).astype("Float64").fillna(-1.0)
    bands["n_adults"] = groups["n_adults"].round()
    return exact_strata(bands, enrolled, list(bands.columns))["weight"].to_numpy(dtype=float)
