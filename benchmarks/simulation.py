"""Our event loop against simpy on the same full staffing model and the same draws, run in turns.

    python benchmarks/simulation.py [replications]

Prints the median ratio of paired runs, the two going first by turns (goal: 15), and the largest difference between
their starting times (goal: 0); simpy's model is the oracle of the tests. In it: weights, four phases, fade-out at fewer
hours, drop-out, families who come back, coordinators who leave and are replaced, first come first served, a caseload on
the first day; ten years ahead.
"""

import gc
import statistics
import sys
import time
from pathlib import Path

from helhed.staffing.course_lengths import Length
from helhed.staffing.simulation import start_times
from helhed.staffing.simulation_draws import Demand, Situation, draw_replications

sys.path.append(str(Path(__file__).parents[1] / "tests" / "known"))
from recorded import record_ratio  # noqa: E402
from simpy_model import simpy_starts  # noqa: E402

GOAL, ROUNDS, YEARS, REPLICATIONS = 15, 15, 10, 100

#: Hundredths of an hour a week: from 80 hours, a coordinator leaves twice and a successor comes.
CAPACITY = [(0.0, 8000), (14.0, 5300), (16.0, 6600), (19.0, 8000), (70.0, 5300), (73.0, 8000)]

LENGTHS = (Length(2), Length(8, "gamma", 0.3), Length(3), Length(1))
DEMAND = Demand(1.6, ((2, 4.3), (8, 3.1), (3, 1.7), (1, 2.1)), (1.0, 1.15, 1.3), LENGTHS, 0.1, 0.05)
PRESENT = tuple(((0.5 + i * 0.4, 3.1), (3.0, 1.7), (1.0, 2.1)) for i in range(18))


def timed(run, draws) -> tuple[float, list]:
    begin = time.process_time()
    found = [run(draw, CAPACITY) for draw in draws]
    return time.process_time() - begin, found


def pair(draws: list, ours_first: bool) -> tuple[float, float]:
    """Return how many times faster ours is, and the largest difference of starting times."""
    runs = (start_times, simpy_starts) if ours_first else (simpy_starts, start_times)
    found = dict(zip(runs, [timed(run, draws) for run in runs], strict=True))
    (ours, our_starts), (theirs, their_starts) = found[start_times], found[simpy_starts]
    pairs = zip(our_starts, their_starts, strict=True)
    return theirs / ours, max(abs(a - b) for own, other in pairs for a, b in zip(own, other, strict=True))


def main() -> int:
    n = int(sys.argv[1]) if len(sys.argv) > 1 else REPLICATIONS
    draws = draw_replications(DEMAND, Situation(PRESENT), 12 * YEARS, n, seed=1)
    for draw in draws:
        _ = draw.holds, draw.at_first  # worked out once: a plan tries many numbers of posts on the same draws
    # What is there already is no longer looked at by the collector of garbage, whichever of the two is running.
    gc.collect()
    gc.freeze()
    ratios, differences = zip(*[pair(draws, turn % 2 == 0) for turn in range(ROUNDS)], strict=True)
    ratio, difference = statistics.median(ratios), max(differences)
    print(f"{n} replications of {YEARS} years, {ROUNDS} pairs: ratios from {min(ratios):.1f} to {max(ratios):.1f}")
    print(f"ratio {ratio:.1f} (goal {GOAL}), largest difference of starting times {difference:g}")
    if n >= REPLICATIONS:
        record_ratio("simulation", ratio, GOAL, is_at_least=True)
    return 0 if ratio >= GOAL and difference == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
