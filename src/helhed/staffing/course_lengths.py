"""How much the length of a phase varies from family to family: the named distributions of a course."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Real

import numpy as np
from scipy.stats import CensoredData, ecdf

from helhed.errors import Problem, WrongCall
from helhed.staffing.given_numbers import require_not_negative

#: The distributions a phase's length can have.
KINDS = ("fixed", "exponential", "gamma", "erlang", "lognormal", "empirical")
#: With fewer families that have left, their stays say too little about how much lengths vary.
FEWEST_OBSERVED = 20


@dataclass(frozen=True)
class Length:
    """The distribution of a phase's length; its mean is always the planned length.

    Parameters
    ----------
    months
        Mean length.
    kind
        ``fixed``: always as planned. ``exponential``: as likely to end in any month (variation 1). ``gamma``: with
        the given variation. ``erlang``: the gamma with a whole number of equal exponential stages, the number whose
        variation ``1 / sqrt(stages)`` is nearest. ``lognormal``: few long stays. ``empirical``: as the observed
        stays vary, stretched to the mean.
    variation
        Standard deviation / mean, for ``gamma``, ``erlang`` and ``lognormal``; 0 is always as planned.
    observed, shares
        Stays and their shares (see `observed_shares`), for ``empirical``.

    Raises
    ------
    WrongCall
        If the kind is unknown, the length or the variation is negative or not a number, or there is nothing observed
        to take the variation from.
    """

    months: float
    kind: str = "fixed"
    variation: float = 0.0
    observed: tuple[float, ...] = ()
    shares: tuple[float, ...] = ()

    def __post_init__(self):
        if self.kind not in KINDS:
            raise WrongCall(Problem("staffing.length_kind", value=self.kind, details={"known": ", ".join(KINDS)}))
        require_not_negative(months=self.months, variation=self.variation)
        if self.kind == "empirical" and not sum(np.multiply(self.observed, self.shares or 1)) > 0:
            raise WrongCall(Problem("staffing.nothing_observed", details={"fewest": FEWEST_OBSERVED}))

    @property
    def coefficient_of_variation(self) -> float:
        """Return the standard deviation / mean that drawn lengths have."""
        if self.kind == "empirical":
            mean = np.average(self.observed, weights=self.shares or None)
            spread = np.average((np.asarray(self.observed) - mean) ** 2, weights=self.shares or None)
            return float(np.sqrt(spread) / mean)
        stages = _stages(self.variation) if self.kind == "erlang" else 0
        return {"fixed": 0.0, "exponential": 1.0, "erlang": stages**-0.5 if stages else 0.0}.get(
            self.kind, self.variation
        )

    def draw(self, rng: np.random.Generator, n: int) -> np.ndarray:
        """Return n lengths in months. A length that cannot vary takes no random numbers."""
        if self.months == 0 or self.coefficient_of_variation == 0:
            return np.full(n, float(self.months))
        return self.months * getattr(self, f"_{self.kind}")(rng, n)

    def _exponential(self, rng: np.random.Generator, n: int) -> np.ndarray:
        return rng.exponential(1.0, n)

    def _gamma(self, rng: np.random.Generator, n: int) -> np.ndarray:
        return rng.gamma(1 / self.variation**2, self.variation**2, n)

    def _erlang(self, rng: np.random.Generator, n: int) -> np.ndarray:
        stages = _stages(self.variation)
        return rng.gamma(stages, 1 / stages, n)

    def _lognormal(self, rng: np.random.Generator, n: int) -> np.ndarray:
        spread = np.log1p(self.variation**2)
        return rng.lognormal(-spread / 2, np.sqrt(spread), n)

    def _empirical(self, rng: np.random.Generator, n: int) -> np.ndarray:
        stays, shares = np.asarray(self.observed), self.shares or None
        return rng.choice(stays, n, p=shares) / np.average(stays, weights=shares)


def _stages(variation: float) -> int:
    """Return the whole number of stages whose variation is nearest; 0 when the length does not vary."""
    if variation == 0:
        return 0
    below = max(1, int(variation**-2))
    return min((below, below + 1), key=lambda stages: abs(stages**-0.5 - variation))


def observed_shares(months: Sequence[float], has_left: Sequence[bool]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the stays of those who have left and the share of all stays each stands for (Kaplan and Meier).

    A family that is still there has stayed at least so long: its share goes to the longer stays. What is left over
    after the longest time anybody has been in is put on that time, so very long stays come out too short.

    Parameters
    ----------
    months, has_left
        As returned by `helhed.survival.stays`.

    Raises
    ------
    WrongCall
        If fewer than `FEWEST_OBSERVED` have left, a stay is not known or below 0, whether it has ended is not written
        as yes or no, or there are not as many of both.
    """
    months, has_left = _stays(months, has_left)
    if has_left.sum() < FEWEST_OBSERVED:
        raise WrongCall(Problem("staffing.nothing_observed", details={"fewest": FEWEST_OBSERVED}))
    curve = ecdf(CensoredData(uncensored=months[has_left], right=months[~has_left])).sf
    shares = -np.diff(np.concatenate([[1.0], curve.probabilities]))
    shares[-1] += curve.probabilities[-1]
    counts = shares > 0
    return tuple(curve.quantiles[counts].tolist()), tuple((shares[counts] / shares.sum()).tolist())


def _stays(months: Sequence[float], has_left: Sequence[bool]) -> tuple[np.ndarray, np.ndarray]:
    stays, ended = np.asarray(months, dtype=object), np.asarray(has_left, dtype=object)
    are_alike = stays.ndim == ended.ndim == 1 and stays.size == ended.size
    if not (are_alike and all(map(_is_stay, stays)) and all(map(_is_yes_or_no, ended))):
        raise WrongCall(Problem("staffing.stays_wrong"))
    return stays.astype(float), ended.astype(bool)


def _is_stay(months: object) -> bool:
    return isinstance(months, Real) and 0 <= months < math.inf


def _is_yes_or_no(answer: object) -> bool:
    return isinstance(answer, (Real, np.bool_)) and answer in (0, 1)
