"""From the rule to the list for the referral meeting: who has a place, who is proposed, who waits, and why."""

import numpy as np
import pandas as pd

from helhed.errors import DataNeedsWork, Problem
from helhed.profile import Profile
from helhed.selection.criteria import CANNOT_TELL, MET, STATUSES, Judged, judge, wanted
from helhed.selection.rule_check import read_rule
from helhed.selection.rule_tree import criteria_in
from helhed.selection.rules import rule_places
from helhed.selection.values import family_values
from helhed.selection.view import View
from helhed.tables import came_to_nothing, said_no, takes_part


def select_families(tables: dict[str, pd.DataFrame], profile: Profile, as_of) -> pd.DataFrame:
    """Return the standing of every family on a day.

    Parameters
    ----------
    tables
        Canonical tables by name.
    profile
        The municipality's profile: rule, order and places.
    as_of
        The reference day.

    Returns
    -------
    One row per family, sorted by family_id: family_id, is_eligible (meets the rule), cannot_tell, standing, rank
    (1 is first; shortlisted and reserve only), n_departments, reasons (codes with commas between: ``criterion_<id>``
    for a criterion of the rule that is met, ``unknown_<id>`` for one that cannot be told, ``note_…`` for notes; how
    they read is the business of `helhed.selection.referral_sheet`), is_tied_at_cut. Families: those with a child
    under 18 at home and known to a department, and every family that has a place.

    Raises
    ------
    ProfileNeedsWork
        If the rule is not sound.

    Notes
    -----
    A family has a place from its start until the day before its exit. A decision counts from its date on, always when
    it has none, and on the last day of the data even when the meeting came later (see `counts_on`). Those the referral
    meeting decided not to offer a place stay off the list, and so do those that said no: the offer is voluntary, and
    whether to ask again is for the meeting and the family. An offer that stands open holds its place, also against the
    rule: it ranks first. The others rank by the profile's order, entry by entry; a tie is broken by family_id, which
    says nothing about the family, and is marked where it decides who gets a place.
    """
    view = View(tables, profile, as_of)
    rule, order_by = read_rule(profile), view.setting("order_by")
    asked = wanted(criteria_in(rule))
    values = family_values(view.register, asked, order_by, with_departments=True)
    judged, values = judge(values, asked, view.register), values.set_index(values["family_id"].astype("str"))
    families = _families(view, values.index)
    status = pd.Series(rule_places(rule, judged), index=values.index).reindex(families.index)
    families["is_eligible"] = (status == STATUSES.index(MET)).to_numpy()
    families["cannot_tell"] = (status == STATUSES.index(CANNOT_TELL)).to_numpy()
    families["n_departments"] = values["n_departments"].reindex(families.index).astype("Int64")
    families["standing"] = _standing_by_rule(families)
    families = _ranked(families, values[[f"order_{name}" for name in order_by]], profile)
    families["reasons"] = _reasons(families, judged, criteria_in(rule))
    columns = ["is_eligible", "cannot_tell", "standing", "rank", "n_departments", "reasons", "is_tied_at_cut"]
    return families[columns].rename_axis("family_id").reset_index()


def require_families(tables: dict[str, pd.DataFrame], profile: Profile, as_of, lang: str) -> None:
    """Stop when there is nobody to choose among.

    Raises
    ------
    DataNeedsWork
        If no family with a child under 18 at home is known to a department on the day.
    """
    if View(tables, profile, as_of).families.empty:
        details = {"day": f"{pd.Timestamp(as_of):%d-%m-%Y}"}
        raise DataNeedsWork(Problem("selection.no_families", details=details), lang)


def counts_on(decided: pd.Series, as_of, profile: Profile) -> pd.Series:
    """Return which decisions of the meeting, or answers of families, count on a day.

    The referral meeting comes after the data end, and the families' answers after the meeting. On the last day of the
    data, which is when the list is made, all that has been written down counts; on an earlier day only what was said
    by then.
    """
    day, last = pd.Timestamp(as_of), pd.Timestamp(profile["data.to_date"])
    return ~(decided > day) | (day >= last)


def open_offers(shortlist: pd.DataFrame) -> pd.Series:
    """Return which families wait for their place with an offer that stands open, from `select_families`."""
    return is_noted(shortlist, "note_offer_open")


def outside(shortlist: pd.DataFrame) -> pd.Series:
    """Return which families are listed for their place or offer alone: no child under 18, or known to no department."""
    return is_noted(shortlist, "note_no_child")


def is_noted(shortlist: pd.DataFrame, note: str) -> pd.Series:
    """Return which families have a note among their reasons, from `select_families`."""
    return shortlist["reasons"].str.split(",").map(lambda codes: note in codes).astype(bool)


def _families(view: View, in_question: pd.Index) -> pd.DataFrame:
    asked = view.table("enrolment").set_index("family_id")
    placed = asked.index[takes_part(asked, view.as_of).to_numpy()]
    beside = placed[in_question.get_indexer(placed) < 0]
    index = in_question.append(beside).sort_values()
    asked = asked.reindex(index)
    decision = asked["decision"].where(counts_on(asked["offered_date"], view.as_of, view.profile))
    is_answered = counts_on(asked["exit_date"], view.as_of, view.profile)
    is_waiting = ~(asked["start_date"] <= view.as_of) & ~(came_to_nothing(asked) & is_answered)
    return pd.DataFrame(
        {
            "has_place": _among(index, placed),
            "is_outside": _among(index, beside),
            "is_offer_open": (decision.eq("include").fillna(False) & is_waiting).to_numpy(dtype=bool),
            "had_place": (asked["exit_date"].where(asked["start_date"].notna()) <= view.as_of).to_numpy(),
            "said_no": (said_no(asked) & is_answered).to_numpy(),
            "decision": decision.to_numpy(),
        },
        index=index,
    )


def _among(index: pd.Index, some: pd.Index) -> np.ndarray:
    """Return which entries of an index are among some of them: pandas' `isin` goes through texts one by one."""
    is_among = np.zeros(len(index), dtype=bool)
    is_among[index.get_indexer(some)] = True
    return is_among


def _standing_by_rule(families: pd.DataFrame) -> pd.Series:
    is_barred = families["decision"].eq("exclude").fillna(False).astype(bool) | families["said_no"]
    # An offer holds its place whatever the rule says: people decided it.
    is_queued = families["is_eligible"] | families["is_offer_open"]
    conditions = [families["has_place"], is_barred, is_queued, families["cannot_tell"]]
    standing = np.select(conditions, ["enrolled", "not_eligible", "reserve", "cannot_tell"], "not_eligible")
    return pd.Series(standing, index=families.index, dtype="str")


def _ranked(families: pd.DataFrame, values: pd.DataFrame, profile: Profile) -> pd.DataFrame:
    """Return the families with rank, standing of those within the free places, and the mark of a deciding tie."""
    queue = families[families["standing"] == "reserve"][["is_offer_open"]].join(values)
    keys = ["is_offer_open", *values]
    queue = in_order(queue.sort_index(), keys)
    n_free = max(0, profile["selection.places"] - int(families["has_place"].sum()))
    families = families.assign(rank=pd.Series(range(1, len(queue) + 1), index=queue.index).astype("Int64"))
    families.loc[queue.index[:n_free], "standing"] = "shortlisted"
    return families.assign(is_tied_at_cut=families.index.isin(_tied_at(queue[keys], n_free)))


def in_order(families: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return families that stand by family_id in the order of their values, high first; equal ones stay as they are."""
    return families.sort_values(keys, ascending=False, kind="stable", na_position="last") if keys else families


def _tied_at(queue: pd.DataFrame, n_free: int) -> pd.Index:
    """Return the families that are equal to the last one within and the first one outside the free places."""
    if not 0 < n_free < len(queue):
        return queue.index[:0]
    comparable = queue.astype(float).fillna(-1.0)
    inside, outside = comparable.iloc[n_free - 1], comparable.iloc[n_free]
    is_equal = (comparable == inside).all(axis=1)
    return queue.index[is_equal] if inside.equals(outside.rename(inside.name)) else queue.index[:0]


def _reasons(families: pd.DataFrame, judged: Judged, names: list[str]) -> pd.Series:
    place = pd.Index(judged.families).get_indexer(families.index)
    told = {
        code: np.where(place >= 0, is_so[place], False)
        for name in names
        for code, is_so in status_codes(judged, name).items()
    }
    told |= {
        "note_offer_open": families["is_offer_open"] & ~families["has_place"],
        "note_said_no": families["said_no"],
        "note_had_place": families["had_place"].fillna(False).astype(bool),
        "note_no_child": families["is_outside"],
        "note_tied": families["is_tied_at_cut"],
    }
    told |= {f"note_decided_{code}": families["decision"].eq(code).fillna(False) for code in _NOTED_DECISIONS}
    return pd.Series(in_one(told), index=families.index)


def status_codes(judged: Judged, name: str) -> dict[str, np.ndarray]:
    """Return which families have which reason by a criterion: ``criterion_<id>`` is met, ``unknown_<id>`` not told."""
    status = judged.status_of(name)
    return {
        f"criterion_{name}": status == STATUSES.index(MET),
        f"unknown_{name}": status == STATUSES.index(CANNOT_TELL),
    }


def in_one(codes: dict[str, np.ndarray | pd.Series]) -> np.ndarray:
    """Return for each family the codes that are true of it in one text, with commas between; nothing is left out."""
    flags = np.column_stack([np.asarray(is_so, dtype=bool) for is_so in codes.values()])
    packed = np.packbits(flags, axis=1)
    words = np.zeros((len(flags), -(-packed.shape[1] // 8) * 8), dtype=np.uint8)
    words[:, : packed.shape[1]] = packed
    kind = np.zeros(len(flags), dtype=np.int64)
    for word in words.view(np.uint64).T:
        place, found = pd.factorize(np.ascontiguousarray(word))
        kind = kind * len(found) + place
    place, _ = pd.factorize(kind)
    _, first = np.unique(place, return_index=True)
    joined = [",".join(code for code, is_so in zip(codes, row, strict=True) if is_so) for row in flags[first]]
    return pd.Series(joined, dtype="str").take(place).to_numpy()


_NOTED_DECISIONS = ("reserve", "postpone", "exclude")
