"""What the records that met no family could mean for the target group: a ceiling, and the same loss once more."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helhed.profile import Profile
from helhed.selection.criteria import MET, criteria
from helhed.selection.rule_tree import criteria_in
from helhed.selection.rules import rule_bounds
from helhed.selection.stability import rule_status
from helhed.selection.view import TABLES, View

#: Tables that make a family known to a department, and so one of the families in question.
_KNOWN_BY = ("benefit_spell", "child_case", "measure")
#: Tables that the families are made from.
_FAMILIES = ("person", "family_member")
#: Criteria that look at more tables than they need in order to say "not met".
_LOOKS_AT = {name: (*_KNOWN_BY, "absence") for name in ("n_departments", "other_member_case")}
#: Tables of the step before that become another table here.
_BECOMES = {"benefit_week": "benefit_spell"}
_THINNED = (*_KNOWN_BY, "absence")
_BATCH, _FEWEST_RUNS, _MOST_RUNS = 25, 50, 400
#: Rows judged at a time.
_MOST_ROWS = 1_000_000
_MARK = "#"
#: Criteria that are tried in every combination; more are taken for deciding without being tried.
_MOST_TRIED = 16
#: Share of the runs that lies between the limits.
LEVEL = 0.95


@dataclass(frozen=True)
class Thinned:
    """What the target group becomes when each source loses the same share of its persons once more, at random.

    Parameters
    ----------
    n_eligible
        Families that meet the rule now.
    shares
        Share of the persons lost, by table; only tables with a loss.
    leave, enter
        Lower limit, mean and upper limit of the families that would leave and enter the target group.
    size
        Lower limit, mean and upper limit of the target group's size.
    n_runs
        Random draws.
    is_stable
        Whether the limits still moved when the draws ended.
    """

    n_eligible: int
    shares: dict[str, float]
    leave: tuple[int, float, int]
    enter: tuple[int, float, int]
    size: tuple[int, float, int]
    n_runs: int
    is_stable: bool


def helping_tables(profile: Profile) -> set[str]:
    """Return the tables in which further records could bring a family into the target group.

    A table counts when one of the rule's criteria that looks at it can decide the rule; and when a family that only
    has to be known to a department would meet the rule, every table that makes it known.
    """
    found = _deciding(profile["selection.rule"], to_met=True)
    return found | (set(_KNOWN_BY) if _holds_unknown(profile["selection.rule"]) else set())


def hurting_tables(profile: Profile) -> set[str]:
    """Return the tables in which further records could take a family out of the target group, as in a "not"."""
    return _deciding(profile["selection.rule"], to_met=False)


def _tables_of(criterion: str) -> set[str]:
    sources = {source.partition(".")[0] for source in criteria()[criterion].sources}
    return sources | set(_LOOKS_AT.get(criterion, ()))


def _truth(rule) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Return every combination of the rule's criteria, met or not, by criterion, and whether the rule holds in it."""
    names = criteria_in(rule)
    numbers = np.arange(2 ** len(names))
    cases = {name: (numbers >> place) % 2 == 1 for place, name in enumerate(names)}
    return cases, rule_bounds(rule, cases, cases)[0]


def _are_too_many(rule) -> bool:
    """Return whether a rule has more criteria than can be tried in every combination: then each may decide."""
    return len(criteria_in(rule)) > _MOST_TRIED


def _deciding(rule, to_met: bool) -> set[str]:
    if _are_too_many(rule):
        return set().union(*map(_tables_of, criteria_in(rule)))
    cases, holds = _truth(rule)
    found = set()
    for place, name in enumerate(cases):
        # A case and the one that differs from it in this criterion alone.
        having = holds[cases[name]]
        without = holds[np.flatnonzero(cases[name]) - 2**place]
        if np.any(having & ~without if to_met else without & ~having):
            found |= _tables_of(name)
    return found


def _holds_unknown(rule) -> bool:
    """Return whether a family without any record in the tables that make it known could meet the rule."""
    if _are_too_many(rule):
        return True
    cases, holds = _truth(rule)
    is_silent = np.ones(len(holds), dtype=bool)
    for name, is_met in cases.items():
        if _tables_of(name) & set(_KNOWN_BY):
            is_silent &= ~is_met
    return bool(holds[is_silent].any())


def unlinked_by_source(linkage: pd.DataFrame, unlinked: pd.DataFrame, profile: Profile) -> pd.DataFrame:
    """Return how many families each source's records without a family could at most add to the target group.

    Parameters
    ----------
    linkage
        One row per source: ``source``, ``n_records``, ``n_family``.
    unlinked
        Who stands behind the records without a family: ``source``, ``table``, ``person_id`` (missing where a record
        names nobody), ``n_records``.
    profile
        Gives the rule.

    Returns
    -------
    One row per source, those with most persons first, then the total with ``source`` missing: ``n_records``,
    ``n_unlinked`` (records), ``n_persons`` (persons behind them; a record without a person counts as one),
    ``n_could_add`` and ``is_in_rule`` (whether the rule looks at the source). In the total a person is counted once.

    Notes
    -----
    A ceiling, not an estimate: each person belongs to one family, so each can bring at most one family into the
    target group, and only when the rule looks at the source.
    """
    helping = helping_tables(profile)
    people = _people(unlinked)
    rows = [
        {
            "source": row.source,
            "n_records": int(row.n_records),
            "n_unlinked": int(row.n_records - row.n_family),
            **_ceiling(people[people["source"] == row.source], helping),
        }
        for row in linkage.itertuples()
    ]
    columns = ["source", "n_records", "n_unlinked", "n_persons", "n_could_add", "is_in_rule"]
    sources = pd.DataFrame(rows, columns=columns)
    sources = sources.sort_values(["n_persons", "source"], ascending=[False, True], kind="stable")
    sums = {"n_records": int(sources["n_records"].sum()), "n_unlinked": int(sources["n_unlinked"].sum())}
    total = pd.DataFrame([{"source": None, **sums, **_ceiling(people, helping)}], columns=columns)
    return pd.concat([sources, total], ignore_index=True).astype({"source": "str"})


def _people(unlinked: pd.DataFrame) -> pd.DataFrame:
    """Return one row per source and person, the table under its later name; nameless records are persons each."""
    nameless = unlinked[unlinked["person_id"].isna()]
    repeated = nameless.loc[nameless.index.repeat(nameless["n_records"].astype("int64"))]
    repeated = repeated.assign(person_id=[f"record {number}" for number in range(len(repeated))])
    people = pd.concat([unlinked.dropna(subset=["person_id"]), repeated], ignore_index=True)
    people = people.assign(table=people["table"].replace(_BECOMES))
    return people.drop_duplicates(["source", "table", "person_id"])


def _ceiling(people: pd.DataFrame, helping: set[str]) -> dict:
    used = people[people["table"].isin(helping)]
    counts = {"n_persons": int(people["person_id"].nunique()), "n_could_add": int(used["person_id"].nunique())}
    return {**counts, "is_in_rule": not used.empty}


def lost_shares(tables: dict[str, pd.DataFrame], unlinked: pd.DataFrame) -> dict[str, float]:
    """Return the share of the persons in each table who met no family; only tables with a loss."""
    placed = tables["family_member"]["person_id"]
    lost = _people(unlinked).drop_duplicates(["table", "person_id"]).groupby("table").size()
    shares = {}
    for name in _THINNED:
        n_lost = int(lost.get(name, 0))
        n_met = tables[name].loc[tables[name]["person_id"].isin(placed), "person_id"].nunique()
        if n_lost:
            shares[name] = n_lost / (n_lost + n_met)
    return shares


def thin(tables: dict[str, pd.DataFrame], shares: dict[str, float], rng: np.random.Generator) -> dict:
    """Return the tables without a random share of the persons in each named table; everything else as it was.

    All records of a drawn person in the table go: where a link fails, it fails for the person.
    """
    thinned = dict(tables)
    for name, share in shares.items():
        persons = np.sort(tables[name]["person_id"].dropna().unique())
        away = persons[rng.random(len(persons)) < share]
        thinned[name] = tables[name][~tables[name]["person_id"].isin(away)]
    return thinned


def lose_again(tables: dict[str, pd.DataFrame], unlinked: pd.DataFrame, profile: Profile, as_of) -> Thinned:
    """Return what the target group becomes when each source loses as large a share of its persons once more.

    Random draws are repeated until the limits of the size move by less than one family or 2 per cent between batches.
    The seed is the setting ``selection.seed``.
    """
    now = _eligible(tables, profile, as_of)
    shares = lost_shares(tables, unlinked)
    if not shares:
        still = (len(now), float(len(now)), len(now))
        return Thinned(len(now), shares, (0, 0.0, 0), (0, 0.0, 0), still, 0, True)
    rng = np.random.default_rng(profile["selection.seed"])
    inside, outside = _divided(tables, profile, as_of)
    draws: list[tuple[int, int]] = []
    limits, is_stable = None, False
    while len(draws) < _MOST_RUNS and not is_stable:
        for n_copies in _copies(inside):
            copies = _side_by_side([thin(inside, shares, rng) for _ in range(n_copies)], outside)
            draws += _moves(_eligible(copies, profile, as_of), now, n_copies)
        before, limits = limits, _limits([len(now) - left + come for left, come in draws])
        is_stable = len(draws) >= _FEWEST_RUNS and _is_near(before, limits, len(now))
    left, come = zip(*draws, strict=True)
    return Thinned(len(now), shares, _limits(left), _limits(come), limits, len(draws), is_stable)


def _divided(tables: dict[str, pd.DataFrame], profile: Profile, as_of) -> tuple[dict, dict]:
    """Return the tables of the families in question, and those of everybody else.

    Fewer records make no further family known, so the others need not be judged again; their records still tell that
    a source is there. Tables that the rule does not look at are left out.
    """
    known = View(tables, profile, as_of).families
    members = tables["family_member"][tables["family_member"]["family_id"].isin(known)]
    used = {*_FAMILIES, *_KNOWN_BY}.union(*(_tables_of(name) for name in criteria_in(profile["selection.rule"])))
    is_in = {
        name: tables[name]["family_id"].isin(known)
        if "family_id" in tables[name]
        else tables[name]["person_id"].isin(members["person_id"])
        for name in TABLES
        if name in used & set(tables)
    }
    inside = {name: tables[name][is_own] for name, is_own in is_in.items()}
    outside = {name: tables[name][~is_own] for name, is_own in is_in.items() if name not in _FAMILIES}
    # which months the exports cover is told of nobody and holds for every copy
    return inside, outside | {name: tables[name] for name in ("coverage",) if name in tables}


def _copies(inside: dict[str, pd.DataFrame]) -> list[int]:
    """Return how many copies to judge at a time, in one batch, so that few rows are held at once."""
    at_once = max(1, min(_BATCH, _MOST_ROWS // max(1, sum(map(len, inside.values())))))
    whole, rest = divmod(_BATCH, at_once)
    return [at_once] * whole + [rest] * bool(rest)


def _side_by_side(drawn: list[dict], outside: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return copies of the same municipality in one: persons and families carry the number of their copy."""
    return {
        name: pd.concat([*(_marked(one[name], k) for k, one in enumerate(drawn)), *_frames(name, outside)])
        for name in drawn[0]
    } | {name: frame for name, frame in outside.items() if name not in drawn[0]}


def _frames(name: str, outside: dict[str, pd.DataFrame]) -> list[pd.DataFrame]:
    return [outside[name]] if name in outside else []


def _marked(frame: pd.DataFrame, copy: int) -> pd.DataFrame:
    return frame.assign(**{key: frame[key] + f"{_MARK}{copy}" for key in ("family_id", "person_id") if key in frame})


def _moves(then: set[str], now: set[str], n_copies: int) -> list[tuple[int, int]]:
    """Return how many families left and entered in each copy."""
    found: list[set[str]] = [set() for _ in range(n_copies)]
    for marked in then:
        family, _, copy = marked.rpartition(_MARK)
        found[int(copy)].add(family)
    return [(len(now - own), len(own - now)) for own in found]


def _eligible(tables: dict[str, pd.DataFrame], profile: Profile, as_of) -> set:
    status = rule_status(tables, profile, as_of)
    return set(status.index[status == MET])


def _limits(counts) -> tuple[int, float, int]:
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(counts, [tail, 1 - tail], method="inverted_cdf")
    return int(low), float(np.mean(counts)), int(high)


def _is_near(before: tuple | None, now: tuple, n_eligible: int) -> bool:
    within = max(1.0, 0.02 * n_eligible)
    return before is not None and all(abs(before[side] - now[side]) < within for side in (0, 2))
