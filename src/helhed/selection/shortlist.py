"""From the rule to the list for the referral meeting: who has a place, who is proposed, who waits, and why."""

import numpy as np
import pandas as pd

from helhed.errors import DataNeedsWork, Problem
from helhed.profile import Profile
from helhed.selection.criteria import CANNOT_TELL, MET, STATUSES, Judged, judge, wanted
from helhed.selection.rules import criteria_in, read_rule, rule_places
from helhed.selection.values import family_values
from helhed.selection.view import View
from helhed.tables import takes_part

STANDINGS = ("enrolled", "shortlisted", "reserve", "not_eligible", "cannot_tell")


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
    meeting decided not to offer a place stay off the list. An offer that stands open holds its place, also against the
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
    """Return which decisions count on a day.

    The referral meeting comes after the data end. On the last day of the data, which is when the list is made, every
    decision that has been written down counts; on an earlier day only those made by then.
    """
    day, last = pd.Timestamp(as_of), pd.Timestamp(profile["data.to_date"])
    return ~(decided > day) | (day >= last)


def _families(view: View, in_question: pd.Index) -> pd.DataFrame:
    asked = view.tables["enrolment"].set_index("family_id")
    placed = asked.index[takes_part(asked, view.as_of).to_numpy()]
    index = pd.Index(np.union1d(in_question, placed), dtype="str")
    asked = asked.reindex(index)
    decision = asked["decision"].where(counts_on(asked["offered_date"], view.as_of, view.profile))
    is_waiting = ~(asked["start_date"] <= view.as_of) & ~(asked["exit_date"] <= view.as_of)
    return pd.DataFrame(
        {
            "has_place": index.isin(placed),
            "is_outside": ~index.isin(in_question),
            "is_offer_open": (decision.eq("include").fillna(False) & is_waiting).to_numpy(dtype=bool),
            "had_place": (asked["exit_date"] <= view.as_of).to_numpy(),
            "decision": decision.to_numpy(),
        },
        index=index,
    )


def _standing_by_rule(families: pd.DataFrame) -> pd.Series:
    is_barred = families["decision"].eq("exclude").fillna(False).astype(bool)
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
    told = pd.DataFrame(status_codes(judged, names), index=pd.Index(judged.families))
    told = told.reindex(families.index, fill_value="")
    notes = {
        "note_offer_open": families["is_offer_open"] & ~families["has_place"],
        "note_had_place": families["had_place"].fillna(False).astype(bool),
        "note_no_child": families["is_outside"],
        "note_tied": families["is_tied_at_cut"],
    }
    notes |= {f"note_decided_{code}": families["decision"].eq(code).fillna(False) for code in _NOTED_DECISIONS}
    noted = pd.DataFrame({note: np.where(is_so, note, "") for note, is_so in notes.items()}, index=families.index)
    return in_one(pd.concat([told, noted], axis=1))


def status_codes(judged: Judged, names: list[str]) -> dict[str, np.ndarray]:
    """Return for each criterion the code of a family's reason: ``criterion_<id>``, ``unknown_<id>`` or nothing."""
    return {name: np.array([f"criterion_{name}", "", f"unknown_{name}"])[judged.status_of(name)] for name in names}


def in_one(codes: pd.DataFrame) -> pd.Series:
    """Return the codes of each row in one text, with commas between; nothing is left out."""
    kinds = codes.drop_duplicates()
    joined = [",".join(code for code in row if code) for row in kinds.itertuples(index=False)]
    found = codes.merge(kinds.assign(_joined=joined), on=list(codes), how="left")["_joined"]
    return pd.Series(found.to_numpy(), index=codes.index, dtype="str")


_NOTED_DECISIONS = ("reserve", "postpone", "exclude")
