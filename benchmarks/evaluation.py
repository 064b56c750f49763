"""Does the evaluation tell the truth? Many invented municipalities in which the true effect is known.

For each number of enrolled families and each truth, panels are drawn in which families differ, months are alike,
everyone follows the same calendar and, in one of the truths, families enrol when things are at their worst. The kit's
own calculation is run on each. Bias, how often the interval holds the truth, and how often a sentence claims an effect
that is not there are written to ``src/helhed/evaluation/proof.toml``, from which the guide prints its table.

    python benchmarks/evaluation.py [municipalities, 500 by default]
"""

import sys
import warnings
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd

from helhed.evaluation.estimation import estimate_effects, overall_verdict
from helhed.evaluation.study import set_up
from helhed.evaluation.trust import distrust, placebo_year
from helhed.profile.entries import declared_entries

RESULT = Path(__file__).parents[1] / "src/helhed/evaluation/proof.toml"
FAMILIES = (20, 40, 100)
#: Truth to: effect on absence and work (in shares), and how strongly a bad year makes a family enrol.
TRUTHS = {"none": (0.0, 0.0), "effect": (0.05, 0.0), "enrolled_at_worst": (0.0, 1.0)}
OUTCOMES = {"absence_share": -1, "share_working": 1}
#: Comparison families for each enrolled one.
COMPARISON_PER_ENROLLED = 3
N_MONTHS, FIRST = 60, pd.Timestamp("2020-01-01")
#: How often an interval of 95 % shall hold the truth, and how often at most a sentence may claim what is not there.
COVERAGE_GOAL, FALSE_GOAL = (0.93, 0.97), 0.05


def settings() -> dict:
    """Return the evaluation's settings as a municipality gets them without choosing."""
    chosen = {key: entry.default for key, entry in declared_entries().items() if key.startswith("evaluation.")}
    return chosen | {"evaluation.n_draws": 199}


def municipality(n_enrolled: int, effect: float, worst: float, rng: np.random.Generator) -> tuple:
    """Return an invented panel of families by month, and who enrolled when."""
    n = (1 + COMPARISON_PER_ENROLLED) * n_enrolled
    level = {name: rng.normal(0, 1, n) for name in ("absence_share", "share_working")}
    wave = {name: _waves(n, rng) for name in level}
    starts = rng.integers(24, 36, n)
    trouble = wave["absence_share"][np.arange(n), starts - 3] - wave["share_working"][np.arange(n), starts - 3]
    order = np.argsort(-(worst * trouble + rng.normal(0, 1, n)))
    enrolled = np.zeros(n, dtype=bool)
    enrolled[order[:n_enrolled]] = True
    since = np.arange(N_MONTHS)[None, :] >= starts[:, None]
    treated = (since & enrolled[:, None]).astype(float)
    calendar = 0.01 * np.sin(2 * np.pi * np.arange(N_MONTHS) / 12)[None, :]
    absence = 0.20 + 0.04 * level["absence_share"][:, None] + 0.05 * wave["absence_share"]
    absence = absence + calendar - effect * treated
    working = 0.45 + 0.08 * level["share_working"][:, None] + 0.08 * wave["share_working"] + effect * treated
    months = pd.date_range(FIRST, periods=N_MONTHS, freq="MS").astype("datetime64[us]")
    panel = pd.DataFrame(
        {
            "family_id": np.repeat(np.arange(n), N_MONTHS),
            "month": np.tile(months, n),
            "absence_share": absence.ravel(),
            "share_working": working.ravel(),
            "share_on_benefit": np.clip(1 - working.ravel(), 0.05, 1),
            "n_child_cases": 1.0 + rng.poisson(0.5, n * N_MONTHS),
            "n_notifications": rng.poisson(0.1, n * N_MONTHS).astype(float),
            "n_departments": 2.0 + rng.binomial(3, 0.4, n * N_MONTHS),
            "spending_per_member_dkk": rng.gamma(4, 1500, n * N_MONTHS),
            "n_adults": np.repeat(rng.integers(1, 3, n), N_MONTHS).astype(float),
            "n_children": np.repeat(rng.integers(1, 5, n), N_MONTHS).astype(float),
        }
    )
    enrolment = pd.DataFrame({"family_id": np.flatnonzero(enrolled)})
    return panel, enrolment.assign(start_date=months[starts[enrolled]])


def _waves(n: int, rng: np.random.Generator) -> np.ndarray:
    """Return one slow wave per family: each month keeps 0.9 of the last, with a standard deviation of 1."""
    noise = rng.normal(0, np.sqrt(1 - 0.9**2), (n, N_MONTHS))
    noise[:, 0] = rng.normal(0, 1, n)
    for month in range(1, N_MONTHS):
        noise[:, month] += 0.9 * noise[:, month - 1]
    return noise


def judged(case: tuple[str, int, int]) -> list[dict]:
    """Return what the kit says of one invented municipality: per outcome and method estimate, interval and verdict."""
    truth, n_enrolled, seed = case
    effect, worst = TRUTHS[truth]
    rng = np.random.default_rng([seed, n_enrolled, list(TRUTHS).index(truth)])
    panel, enrolment = municipality(n_enrolled, effect, worst, rng)
    profile = settings() | {"evaluation.seed": seed}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        study = set_up(panel, enrolment, profile)
        placebo = placebo_year(panel, enrolment, profile)
        effects, reasons = estimate_effects(study, profile), distrust(study, profile, placebo)
    rows = []
    for outcome, sign in OUTCOMES.items():
        of_one = effects[effects["outcome"] == outcome]
        said = overall_verdict(of_one, reasons)
        for row in of_one.to_dict("records"):
            true = sign * effect
            # Where nothing is told there is no interval that could hold anything.
            held = float(row["low"] <= true <= row["high"]) if np.isfinite(row["low"]) else np.nan
            of_method = {"error": row["effect"] - true, "is_held": held, "width": row["high"] - row["low"]}
            rows.append({"truth": truth, "families": n_enrolled, "method": row["method"], **of_method})
        rows.append({"truth": truth, "families": n_enrolled, "method": "sentence", "is_claimed": said != "cannot_say"})
    return rows


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """Return per truth, number of families and method: bias, share of intervals that hold the truth, share claimed."""
    grouped = rows.groupby(["truth", "families", "method"], sort=False)
    return grouped.agg(
        bias=("error", "mean"), held=("is_held", "mean"), width=("width", "median"), claimed=("is_claimed", "mean")
    )


def main() -> int:
    """Run the study, write its table and say whether the goals hold."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    cases = [(truth, families, seed) for truth in TRUTHS for families in FAMILIES for seed in range(n)]
    with ProcessPoolExecutor() as pool:
        rows = [row for found in pool.map(judged, cases, chunksize=10) for row in found]
    table = summary(pd.DataFrame(rows))
    print(table.round(4).to_string())
    lines = [
        f"municipalities = {n}\n",
        f"effect = {TRUTHS['effect'][0]}\n",
        f"comparison_per_enrolled = {COMPARISON_PER_ENROLLED}\n",
    ]
    for (truth, families, method), row in table.iterrows():
        known = {name: value for name, value in row.items() if pd.notna(value)}
        lines.append(f'\n[[row]]\ntruth = "{truth}"\nfamilies = {families}\nmethod = "{method}"\n')
        lines.extend(f"{name} = {float(value):.4f}\n" for name, value in known.items())
    RESULT.write_text("# Written by benchmarks/evaluation.py.\n" + "".join(lines), encoding="utf-8")
    said = table.xs("sentence", level="method")["claimed"]
    false = said[[truth != "effect" for truth, _ in said.index]].max()
    held = table.drop(index="enrolled_at_worst", level="truth")["held"].dropna()
    print(f"false claims at most {false:.3f} (goal {FALSE_GOAL})")
    print(f"held {held.min():.3f}-{held.max():.3f} (goal {COVERAGE_GOAL})")
    return int(false > FALSE_GOAL or held.min() < COVERAGE_GOAL[0] or held.max() > COVERAGE_GOAL[1])


if __name__ == "__main__":
    sys.exit(main())
