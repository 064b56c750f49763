"""What posts cost, what a budget pays for, and when the effort could pay for itself, in the standard library alone.

`helhed.staffing.budget` takes the costs from here. The curve is that of `helhed.economy.break_even`, which goes through
many draws at once; a test holds the two against each other.
"""

import math
from collections.abc import Mapping

#: What a budget consists of; the first two belong to each post, training too.
ITEMS = ("salary", "overhead", "training", "premises", "evaluation")
#: The inputs of the break-even model; amounts are kroner a month and family.
INPUTS = (
    "coordination_dkk",
    "extra_measures_dkk",
    "enrolled_months",
    "adults_moved",
    "move_month",
    "benefit_saved_dkk",
    "fade_per_year",
    "discount_rate",
)


def monthly_costs(posts: float, settings: Mapping) -> dict[str, float]:
    """Return the cost of each of `ITEMS` in a month, in kroner of the settings' price year."""
    salary = posts * settings["staffing.salary_dkk_per_year"] / 12
    return {
        "salary": salary,
        "overhead": salary * settings["staffing.overhead_share"],
        "training": posts * settings["staffing.training_dkk_per_post"] / 12,
        "premises": settings["staffing.premises_dkk_per_year"] / 12,
        "evaluation": settings["staffing.evaluation_dkk_per_year"] / 12,
    }


def posts_paid(budget_dkk_per_year: float, settings: Mapping) -> float:
    """Return the full-time posts that a year's budget pays, when what does not depend on posts is paid first."""
    fixed = sum(monthly_costs(0.0, settings).values()) * 12
    per_post = sum(monthly_costs(1.0, settings).values()) * 12 - fixed
    return max(0.0, (budget_dkk_per_year - fixed) / per_post) if per_post > 0 else math.inf


def net_curve(inputs: Mapping[str, float], horizon_months: int) -> list[float]:
    """Return the net result of each month 1 … horizon, discounted, per family: savings less costs.

    Parameters
    ----------
    inputs
        The members of `INPUTS`.
    horizon_months
        Months to look ahead.
    """
    curve = []
    for month in range(1, horizon_months + 1):
        part_enrolled = min(max(inputs["enrolled_months"] - (month - 1), 0.0), 1.0)
        cost = (inputs["coordination_dkk"] + inputs["extra_measures_dkk"]) * part_enrolled
        months_after = max(month - inputs["move_month"], 0.0)
        left = max(0.0, 1 - inputs["fade_per_year"])  # more than all of it cannot fade
        kept = left ** (months_after / 12) * min(months_after, 1.0)
        saving = inputs["adults_moved"] * inputs["benefit_saved_dkk"] * kept
        curve.append((saving - cost) / (1 + inputs["discount_rate"]) ** (month / 12))
    return curve


def cumulative(curve: list[float]) -> list[float]:
    """Return the running sum of a curve."""
    sums, total = [], 0.0
    for amount in curve:
        total += amount
        sums.append(total)
    return sums


def break_even_month(curve: list[float]) -> int | None:
    """Return the first month from which the running sum stays at zero or above; None when it never does.

    Examples
    --------
    >>> break_even_month([-100.0, 30, 30, 30, 30, 30])
    5
    """
    sums = cumulative(curve)
    # Cents of rounding must not put the month off by one.
    least = -1e-6 * max(1.0, max((abs(one) for one in sums), default=0.0))
    last_below = max((month for month, one in enumerate(sums, start=1) if one < least), default=0)
    return None if last_below == len(sums) else last_below + 1


def moved_needed(inputs: Mapping[str, float], horizon_months: int) -> float | None:
    """Return the adults a family must move off benefit, on average, to pay the effort back; None when none do."""
    cost = -sum(net_curve({**inputs, "adults_moved": 0.0}, horizon_months))
    saving = sum(net_curve({**inputs, "adults_moved": 1.0}, horizon_months)) + cost
    return cost / saving if saving > 0 else None
