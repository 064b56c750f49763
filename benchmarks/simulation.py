"""Our event loop against simpy on the same full staffing model and the same draws, run in turns.

    python benchmarks/simulation.py [replications]

Prints the median ratio of paired runs (goal: 15) and the largest difference between the starting times of the two
(goal: 0). The model: families with weights, four phases, fade-out at fewer hours, drop-out, first come first served,
starting from a caseload; ten years ahead.
"""

import statistics
import sys
import time

import simpy

from helhed.staffing.simulation import Demand, Draw, Situation, draw_replications, releases, start_times

GOAL, ROUNDS, CAPACITY, YEARS = 15, 5, 8000, 10

DEMAND = Demand(1.6, ((2, 4.3), (8, 3.1), (3, 1.7), (1, 2.1)), (1.0, 1.15, 1.3), 0.3, 0.1)
PRESENT = tuple(((0.5 + i * 0.4, 3.1), (3.0, 1.7), (1.0, 2.1)) for i in range(18))


def simpy_starts(draw: Draw, capacity: int) -> list[float]:
    env = simpy.Environment()
    hours = simpy.Container(env, init=capacity - sum(need for need, _ in map(releases, draw.present)))
    starts = [0.0] * len(draw.arrivals)

    def leave(steps):
        for months, units in steps:
            yield env.timeout(months)
            yield hours.put(units)

    def family(i, arrival, need, steps):
        yield env.timeout(arrival)
        yield hours.get(need)
        starts[i] = env.now
        for months, units in steps:
            yield env.timeout(months)
            yield hours.put(units)

    for course in draw.present:
        env.process(leave(releases(course)[1]))
    for i, (arrival, (need, steps)) in enumerate(zip(draw.arrivals, draw.holds, strict=True)):
        env.process(family(i, arrival, need, steps))
    env.run()
    return starts


def timed(run, draws) -> tuple[float, list]:
    begin = time.process_time()
    found = [run(draw, CAPACITY) for draw in draws]
    return time.process_time() - begin, found


def main() -> int:
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    draws = draw_replications(DEMAND, Situation(PRESENT), 12 * YEARS, n, seed=1)
    for draw in draws:
        _ = draw.holds  # what a family holds is worked out once, for both
    ratios, difference = [], 0.0
    for _ in range(ROUNDS):
        ours, our_starts = timed(start_times, draws)
        theirs, their_starts = timed(simpy_starts, draws)
        ratios.append(theirs / ours)
        pairs = zip(our_starts, their_starts, strict=True)
        difference = max(difference, *(abs(a - b) for own, other in pairs for a, b in zip(own, other, strict=True)))
    ratio = statistics.median(ratios)
    print(f"{n} replications of {YEARS} years: {ours:.2f} s against {theirs:.2f} s")
    print(f"ratio {ratio:.1f} (goal {GOAL}), largest difference of starting times {difference:g}")
    return 0 if ratio >= GOAL and difference == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
