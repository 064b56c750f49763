"""What the numbers say about the target group, in sentences made from the results."""

from collections.abc import Callable

import pandas as pd

from helhed.outputs import KeyNumber, PublicTable, gives_away, is_small
from helhed.profile import Profile, declared_entries, source_in
from helhed.profile.entries import choice_label
from helhed.profile.published_rules import OF_MODEL, PICK
from helhed.profile.reading import FILE_NAME
from helhed.selection.concentration import Concentration
from helhed.selection.criteria import criteria
from helhed.selection.funnel import known_in
from helhed.selection.inflow import Expected
from helhed.selection.linkage_sensitivity import LEVEL, Thinned, hurting_tables
from helhed.selection.referral_sheet import order_in_words
from helhed.selection.rule_check import read_rule
from helhed.selection.rule_tree import criteria_in
from helhed.selection.rules import KEY, line_of, rule_in_words
from helhed.selection.shortlist import open_offers, outside, select_families
from helhed.selection.shown_sizes import shown_standings, standings
from helhed.selection.variants import with_places
from helhed.tables import code_label
from helhed.texts import day, month, number, percent, text

#: Probability below which months are called more uneven than chance explains.
_UNEVEN = 0.05


def count(value: int, profile: Profile, lang: str) -> str:
    """Return a number of families as it may be shown."""
    return KeyNumber(int(value), "count").written(lang, profile["disclosure.threshold"])


def written(value: int | None, profile: Profile, lang: str) -> str:
    """Return a number of families as it may be shown, or that it is hidden."""
    return text("selection.count_hidden", lang) if value is None else count(value, profile, lang)


def say_funnel(steps: pd.DataFrame, shortlist: pd.DataFrame, profile: Profile, lang: str) -> list[str]:
    """Return how many families are known, meet the rule and have a place, and for how many it cannot be told."""
    n, known = shown_standings(shortlist, known_in(steps), profile), known_in(steps)
    n_eligible = standings(shortlist)["eligible"]
    shown = {"known": known, "eligible": n["eligible"], "enrolled": n["enrolled"]}
    said = {name: written(value, profile, lang) for name, value in shown.items()}
    sentences = [text("selection.say_funnel", lang, day=day(profile["data.to_date"], lang), **said)]
    n_unknown = int(shortlist["cannot_tell"].sum())
    if n_eligible == 0:
        key = "selection.say_nobody_certain" if n_unknown else "selection.say_nobody_eligible"
        sentences.append(text(key, lang, place=place_in_profile(profile, KEY, lang)))
    if n_eligible == known:
        sentences.append(text("selection.say_everyone_eligible", lang, place=place_in_profile(profile, KEY, lang)))
    key = "selection.say_cannot_tell" if n_unknown else "selection.say_all_can_tell"
    return [*sentences, text(key, lang, n=count(n_unknown, profile, lang))]


def say_rule(profile: Profile, lang: str) -> list[str]:
    """Return the rule in words, and where it comes from; `ProfileNeedsWork` when it is not sound."""
    setting = profile.settings[KEY]
    source = source_in(setting.source, lang) or text("selection.no_source", lang)
    origin = text(f"outputs.origin_{setting.origin}", lang, year=setting.year)
    said = {"source": source, "origin": origin, "name": choice_label(profile[PICK], lang)}
    key = "rule_picked" if profile[PICK] != OF_MODEL else "rule_from"
    return [
        text("selection.say_rule", lang, rule=rule_in_words(read_rule(profile, lang), lang)),
        text(f"why.{key}", lang, **said),
    ]


def place_in_profile(profile: Profile, key: str, lang: str) -> str:
    """Return where an entry stands in the profile; that it is not written there, when it is not."""
    row = line_of(profile, key)
    return text("why.place" if row else "why.not_written", lang, file=FILE_NAME, row=row, entry=key)


def say_order(profile: Profile, lang: str) -> list[str]:
    """Return the order of the list in words."""
    return [text("selection.say_order", lang, order=order_in_words(profile, lang))]


def say_places(shortlist: pd.DataFrame, known: int, profile: Profile, lang: str) -> list[str]:
    """Return how the free places, the open offers and the families that meet the rule fit together.

    ``known`` is the number of families known to a department.
    """
    n, places = standings(shortlist), profile["selection.places"]
    shown = shown_standings(shortlist, known, profile)
    said = {name: written(shown[name], profile, lang) for name in ("enrolled", "shortlisted", "available")}
    n_free = max(0, places - n["enrolled"])
    if not n_free:
        first = text("selection.say_no_places", lang, places=number(places, lang), **said)
    elif not n["available"]:
        first = text("selection.say_nobody_waits", lang)
    elif n["reserve"] == 0:
        place = place_in_profile(profile, "selection.places", lang)
        first = text("selection.say_more_places", lang, place=place, **said)
    elif shown["reserve"] is None or is_small(n["reserve"], profile["disclosure.threshold"]):
        first = text("selection.say_shortlist_few", lang)
    else:
        first = text("selection.say_shortlist", lang, free=number(n_free, lang), waiting=said["available"])
    offers = [text("selection.say_offers_exceed", lang)] if open_offers(shortlist).sum() > n_free else []
    tie = "say_tied" if shortlist["is_tied_at_cut"].any() else "say_not_tied"
    return [first, *offers, text(f"selection.{tie}", lang)]


def say_cut(changes: pd.DataFrame, lang: str) -> list[str]:
    """Return what one place more and one fewer would change; from `helhed.selection.places.with_one_place`."""
    moved = changes.set_index("change")["family_id"].notna()
    keys = [f"say_one_{name}{'' if moved[change] else '_nothing'}" for change, name in ((1, "more"), (-1, "fewer"))]
    return [text(f"selection.{key}", lang) for key in keys]


def say_place_source(profile: Profile, staffed: int | None, lang: str, own: int | None = None) -> list[str]:
    """Return which number of places the list was cut by, where it comes from, and what the staffing offers.

    ``staffed`` is the number of places by the staffing step of the last run; nothing when there is none. ``own`` is
    the number in the municipality's own profile, where this run may try another one.
    """
    setting = profile.settings["selection.places"]
    places = number(profile["selection.places"], lang)
    source = source_in(setting.source, lang) or text("selection.no_source", lang)
    said = [text(f"selection.say_places_{setting.origin}", lang, places=places, source=source)]
    if own is not None and own != profile["selection.places"]:
        said = [text("selection.say_places_what_if", lang, places=places, own=number(own, lang))]
    if staffed is None:
        return [*said, text("selection.say_staffing_unknown", lang)]
    key = "say_staffing_same" if staffed == profile["selection.places"] else "say_staffing_differs"
    return [*said, text(f"selection.{key}", lang, staffed=number(staffed, lang), places=places)]


def say_missing(summary: pd.DataFrame, profile: Profile, lang: str) -> list[str]:
    """Return which criterion of the rule lacks most data."""
    used = summary[summary["criterion"].isin(criteria_in(profile["selection.rule"]))]
    worst = used.sort_values("n_cannot_tell", ascending=False).iloc[0]
    if worst["n_cannot_tell"] < profile["disclosure.threshold"]:
        return [text("selection.say_nothing_missing", lang)]
    label = criteria()[worst["criterion"]].label(lang)
    return [
        text("selection.say_cannot_tell_share", lang, criterion=label, share=percent(worst["share_cannot_tell"], lang))
    ]


def say_departments(
    overlap: pd.DataFrame, departments: pd.DataFrame, barred: list[str], profile: Profile, lang: str
) -> list[str]:
    """Return how many families have many departments around them, and of which departments nothing is known.

    ``barred`` are the departments of which nothing may be read, from `helhed.selection.barred_departments`.
    """
    many = profile["selection.n_departments"]
    n_many = int(overlap.loc[overlap["n_departments"] >= many, "n_families"].sum())
    n_all = int(overlap["n_families"].sum())
    share = n_many / n_all if n_all and not gives_away(n_many, n_all, profile["disclosure.threshold"]) else None
    sentences = [text("selection.say_departments", lang, share=percent(share, lang), n=number(many, lang))]
    dark = departments.loc[(departments["n_families"] == 0) & (departments["n_unknown"] > 0), "department"]
    for key, names in (("dark", [name for name in dark if name not in barred]), ("barred", barred)):
        if names:
            listed = ", ".join(code_label("department", name, lang) for name in names)
            sentences.append(text(f"selection.say_department_{key}", lang, departments=listed))
    return sentences


def most_moving(safe: PublicTable) -> dict | None:
    """Return the threshold that moves the number of families most: key, low, high; nothing when none may be shown."""
    told = safe.frame.dropna(subset=["n_eligible"])
    if told.empty:
        return None
    span = told.groupby("key", sort=False)["n_eligible"].agg(["min", "max"])
    key = (span["max"] - span["min"]).astype(float).idxmax()
    return {"key": key, "low": int(span.loc[key, "min"]), "high": int(span.loc[key, "max"])}


def say_sensitivity(safe: PublicTable, lang: str) -> list[str]:
    """Return which threshold matters most, from the table after disclosure control."""
    most = most_moving(safe)
    if most is None:
        return [text("selection.sensitivity_none", lang)]
    if most["low"] == most["high"]:
        return [text("selection.say_sensitivity_flat", lang)]
    label = declared_entries()[most["key"]].label(lang)
    return [
        text(
            "selection.say_sensitivity",
            lang,
            most=label,
            low=number(most["low"], lang),
            high=number(most["high"], lang),
        )
    ]


def say_stability(safe: PublicTable, lang: str) -> list[str]:
    """Return the share that still meet the rule after the longest time, from the table after disclosure control."""
    last = safe.frame.iloc[-1]
    if pd.isna(last["share_still"]):
        return [text("selection.say_stability_unknown", lang, months=last["months"])]
    return [text("selection.say_stability", lang, months=last["months"], share=percent(last["share_still"], lang))]


def say_inflow(expected: Expected | None, profile: Profile, lang: str, months: pd.Series | None = None) -> list[str]:
    """Return how many new families to expect in a coming month, and where the months counted end before the data do."""
    if shown_inflow(expected, profile) is None:
        return [text("selection.inflow_none", lang)]
    limits = {name: number(getattr(expected, name), lang) for name in ("low", "high", "n_months")}
    first = text("selection.say_inflow", lang, mean=number(expected.mean, lang, 1), **limits)
    said = [first, text("selection.say_inflow_uneven", lang)] if expected.p_dispersion < _UNEVEN else [first]
    to_date = pd.Timestamp(profile["data.to_date"])
    if months is None or months.max() >= to_date.replace(day=1):
        return said
    return [*said, text("selection.say_inflow_until", lang, last=month(months.max(), lang))]


def shown_inflow(expected: Expected | None, profile: Profile) -> Expected | None:
    """Return what is expected if it rests on enough families to be shown, else nothing."""
    if expected is None:
        return None
    n_families = round(expected.mean * expected.n_months)
    return None if is_small(n_families, profile["disclosure.threshold"]) else expected


def say_models(safe: PublicTable, lang: str) -> list[str]:
    """Return the smallest and the largest number of families a rule finds, among those that may be shown."""
    sizes = safe.frame["n_eligible"].dropna()
    if sizes.empty:
        return []
    return [text("selection.say_models", lang, low=number(sizes.min(), lang), high=number(sizes.max(), lang))]


def say_concentration(carried: Concentration, n_eligible: int, profile: Profile, lang: str) -> list[str]:
    """Return how much of the spending the target group carries."""
    if n_eligible < profile["disclosure.threshold"] or pd.isna(carried.share_of_spending):
        return [text("selection.say_concentration_unknown", lang)]
    shares = {
        "share_families": carried.share_of_families,
        "share_spending": carried.share_of_spending,
        "share_priced": carried.share_priced,
    }
    return [text("selection.say_concentration", lang, **{name: percent(share, lang) for name, share in shares.items()})]


def say_unlinked(safe: PublicTable, again: Thinned, profile: Profile, lang: str) -> list[str]:
    """Return what can and what cannot be said of the records without a family; from the protected table.

    ``safe`` is `helhed.selection.public_tables.unlinked_table` after disclosure control.
    """
    sources, total = safe.frame.iloc[:-1], safe.written(lang, profile["disclosure.threshold"])[-1]
    if (sources["effect"] == text("selection.effect_linked", lang)).all():
        return [text("selection.say_all_linked", lang, n=number(len(sources), lang))]
    said = dict(zip(safe.columns, total, strict=True))
    is_in_rule = bool(safe.frame["is_in_rule"].iloc[-1])
    first = text(
        f"selection.say_unlinked_{'ceiling' if is_in_rule else 'no_effect'}",
        lang,
        n_persons=said["n_persons"],
        n_could_add=said["n_could_add"],
        n_eligible=count(again.n_eligible, profile, lang),
    )
    linked = sources.loc[sources["effect"] == text("selection.effect_linked", lang), "label"]
    named = [text("selection.say_linked_sources", lang, sources="; ".join(linked))] if len(linked) else []
    both_ways = [text("selection.say_unlinked_hurts", lang)] if hurting_tables(profile) else []
    return [first, *say_lost_again(again, profile, lang), *both_ways, *named, text("selection.say_not_random", lang)]


def say_lost_again(again: Thinned, profile: Profile, lang: str) -> list[str]:
    """Return how many families would leave and enter if the same share of persons was lost once more."""
    if not again.n_runs or is_small(again.n_eligible, profile["disclosure.threshold"]):
        return []
    limits = {
        f"{side}_{end}": number(getattr(again, side)[place], lang)
        for side in ("leave", "enter")
        for end, place in (("low", 0), ("high", 2))
    }
    key = "say_lost_again_both" if again.enter[2] else "say_lost_again"
    shown = {"level": percent(LEVEL, lang), "n_runs": number(again.n_runs, lang)}
    unsteady = [] if again.is_stable else [text("selection.say_not_stable", lang)]
    return [text(f"selection.{key}", lang, **limits, **shown), *unsteady]


def places_what_if(tables: dict[str, pd.DataFrame], profile: Profile, lang: str) -> Callable[[int], str]:
    """Return a function that says what another number of places would mean."""

    def say(places: int) -> str:
        tried = with_places(profile, places)
        shortlist = select_families(tables, tried, tried["data.to_date"])
        return " ".join(say_places(shortlist, int((~outside(shortlist)).sum()), tried, lang))

    return say
