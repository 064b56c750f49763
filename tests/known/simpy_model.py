"""The full staffing model written for simpy: one process per family, the oracle of our own event loop."""

import simpy

from helhed.staffing.simulation_draws import Draw, kept_free


class Hours:
    """Hours in a container, first come first served; hours in use above what is there are a debt, paid back first."""

    def __init__(self, env: simpy.Environment, there: int, in_use: int):
        self.free = simpy.Container(env, init=max(0, there - in_use))
        self.debt = max(0, in_use - there)

    def change(self, units: int):
        if units < 0:
            # With a line the free hours are not enough for its head; without one they can be taken at once.
            taken = 0 if self.free.get_queue else min(self.free.level, -units)
            self.debt += -units - taken
            if taken:
                yield self.free.get(taken)
            return
        paid = min(self.debt, units)
        self.debt -= paid
        if units > paid:
            yield self.free.put(units - paid)


class Model:
    """One replication; ``starts`` are the starting times of its courses."""

    def __init__(self, draw: Draw, capacity):
        self.draw, self.env, self.starts = draw, simpy.Environment(), [None] * len(draw.courses)
        steps = [(0.0, capacity)] if isinstance(capacity, int) else list(capacity)
        self.hours = Hours(self.env, steps[0][1], draw.at_first[1])
        for (_, before), (month, units) in zip(steps, steps[1:], strict=False):
            self.env.process(self.give_back((month, units - before, ())))
        for course in draw.present:
            self.env.process(self.give_back(kept_free(course)[1]))
        for family, arrival in enumerate(draw.arrivals):
            self.env.process(self.family(family, arrival))

    def give_back(self, chain):
        while chain:
            months, units, chain = chain
            yield self.env.timeout(months)
            yield from self.hours.change(units)

    def family(self, family: int, joins: float):
        yield self.env.timeout(max(0.0, joins))
        need, chain = self.draw.holds[family]
        yield self.hours.free.get(need)
        self.starts[family] = self.env.now
        if family in self.draw.returns:
            self.env.process(self.family(*self.draw.returns[family]))
        yield from self.give_back(chain)


def simpy_starts(draw: Draw, capacity) -> list[float]:
    """Return the start of every course of a replication; ``capacity`` as in `start_times`."""
    model = Model(draw, capacity)
    model.env.run()
    return model.starts
