"""What the public may ask of a selection: on what legal basis, how fairly, and where people overruled the rule."""

from dataclasses import replace

import pandas as pd

from helhed.outputs import FORMATS, PublicTable
from helhed.profile import Profile
from helhed.profile.entries import choice_label
from helhed.selection.criteria import criteria
from helhed.selection.fairness import CHARACTERISTICS, UNKNOWN
from helhed.selection.law import resting_on
from helhed.selection.public_tables import labelled
from helhed.tables import code_label
from helhed.tables import tables as contracts
from helhed.texts import number, text

#: How often an interval of 95 % misses by chance alone.
_CHANCE = 0.05

# ── law ──


def law_table(report: pd.DataFrame, lang: str) -> PublicTable:
    """Return each source with its legal basis, purpose, members and the rows that were read."""
    words = {
        "label": [contracts()[name].label(lang) for name in report["source"]],
        "basis": report["basis"].where(report["basis"] != "", text("selection.law_missing", lang)),
        "purpose": [_listed(codes, lang) for codes in report["purposes"]],
        "covers": [_listed(codes, lang) for codes in report["members"]],
        "read": [text(f"selection.law_{state}", lang) for state in report["state"]],
    }
    columns = {
        "label": ("source", "text"),
        "basis": ("law_basis", "text"),
        "purpose": ("law_purpose", "text"),
        "covers": ("law_members", "text"),
        "n_rows": ("law_rows", "count"),
        "n_read": ("law_rows_read", "count"),
        "read": ("law_state", "text"),
    }
    return labelled("law", report.assign(**words), columns, lang)


def _listed(codes: list[str], lang: str) -> str:
    return ", ".join(choice_label(code, lang) for code in codes) or "–"


def say_law(report: pd.DataFrame, profile: Profile, lang: str) -> list[str]:
    """Return which sources were not read for want of a legal basis, and what that leaves open in the rule."""
    unread = report[report["state"] == "unread"]
    if unread.empty:
        return [text("selection.say_law_all", lang, n=number(len(report), lang))]
    named = ", ".join(contracts()[name].label(lang) for name in unread["source"])
    open_ones = dict.fromkeys(name for source in unread["source"] for name in resting_on(source, profile))
    said = [text("selection.say_law_unread", lang, sources=named)]
    if open_ones:
        listed = "; ".join(criteria()[name].label(lang) for name in open_ones)
        said.append(text("selection.say_law_open", lang, criteria=listed))
    return said


# ── fairness ──


def fairness_table(rates: pd.DataFrame, question: str, lang: str) -> PublicTable:
    """Return how often each group is chosen, with intervals; ``question`` is ``place`` or ``rule``."""
    words = {
        "what": [text(f"selection.fair_{name}", lang) for name in rates["characteristic"]],
        "label": [group_label(row.characteristic, row.group, lang) for row in rates.itertuples()],
        "interval": [_limits(row.low, row.high, "share", lang) for row in rates.itertuples()],
        "ratio_interval": [_limits(row.ratio_low, row.ratio_high, "number2", lang) for row in rates.itertuples()],
        "answer": [text(f"selection.fair_{verdict}", lang) for verdict in rates["verdict"]],
    }
    columns = {
        "what": ("fair_characteristic", "text"),
        "label": ("fair_group", "text"),
        "n_base": ("fair_base", "count"),
        "n_chosen": ("fair_chosen", "count"),
        "share": ("fair_share", "share"),
        "interval": ("fair_interval", "text"),
        "ratio": ("fair_ratio", "number2"),
        "ratio_interval": ("fair_ratio_interval", "text"),
        "answer": ("fair_answer", "text"),
    }
    table = labelled(f"fairness_{question}", rates.assign(**words), columns, lang)
    return replace(table, row_parts=("n_chosen", "n_not_chosen"), rows_within="characteristic")


def shown_fairness(safe: PublicTable, lang: str) -> PublicTable:
    """Return the protected table with the intervals and answers of hidden rows taken out too."""
    rows = sorted({position for position, _ in safe.hidden})
    frame = safe.frame.copy()
    for column in ("interval", "ratio_interval"):
        frame.loc[frame.index[rows], column] = "–"
    frame.loc[frame.index[rows], "answer"] = text("selection.fair_cannot_say", lang)
    frame.loc[frame.index[rows], "verdict"] = "cannot_say"
    for column in ("low", "high", "ratio_low", "ratio_high"):
        frame.loc[frame.index[rows], column] = float("nan")
    return replace(safe, frame=frame)


def _limits(low: float, high: float, form: str, lang: str) -> str:
    if pd.isna(low):
        return "–"
    top = "∞" if high == float("inf") else FORMATS[form](high, lang)
    return f"{FORMATS[form](low, lang)} – {top}"


def group_label(characteristic: str, group: str, lang: str) -> str:
    """Return what a group is called: districts and codes of the registers by their own names."""
    if group == UNKNOWN or characteristic in ("sex", "age", "family_type") or group == "mixed":
        return text(f"selection.group_{group}", lang)
    return code_label("origin_group", group, lang) if characteristic == "origin" else group


def say_fairness(safe: PublicTable, question: str, profile: Profile, lang: str) -> list[str]:
    """Return what the comparison shows, and what a difference can and cannot mean; from the protected table."""
    told = safe.frame[safe.frame["verdict"] != "cannot_say"]
    fewest = number(profile["law.fewest_compared"], lang)
    if told.empty:
        return [text(f"selection.say_fair_none_{question}", lang, fewest=fewest)]
    differ = told[told["verdict"].isin(["higher", "lower"])]
    one = "_one" if len(told) == 1 else ""
    said = [text(f"selection.say_fair_asked_{question}{one}", lang, n=number(len(told), lang))]
    for row in differ.itertuples():
        named = {"group": f"{row.what}: {row.label}", "ratio": FORMATS["number2"](row.ratio, lang)}
        said.append(text(f"selection.say_fair_{row.verdict}", lang, limits=row.ratio_interval, **named))
    if differ.empty:
        said.append(text("selection.say_fair_equal", lang))
    n_chance = FORMATS["number1"](len(told) * _CHANCE, lang)
    n_open = len(safe.frame) - len(told)
    few = [text("selection.say_fair_few", lang, n=number(n_open, lang), fewest=fewest)] if n_open else []
    return [*said, *few, text("selection.say_fair_chance", lang, n=n_chance), text("selection.say_fair_meaning", lang)]


def fairness_numbers(safe: PublicTable, question: str) -> dict[str, tuple]:
    """Return how many groups could be compared, and how many differed: name to (value, format)."""
    verdicts = safe.frame["verdict"]
    return {
        f"fair_{question}_compared": (int((verdicts != "cannot_say").sum()), "number"),
        f"fair_{question}_differ": (int(verdicts.isin(["higher", "lower"]).sum()), "number"),
    }


def compared_characteristics(lang: str) -> str:
    """Return the characteristics that groups are made from, in words."""
    return ", ".join(text(f"selection.fair_{name}", lang) for name in CHARACTERISTICS)


# ── overrides ──


def overrides_table(counts: pd.DataFrame, lang: str) -> PublicTable:
    """Return what the meeting decided against what the rule said."""
    words = [code_label("decision", code, lang) for code in counts["decision"]]
    columns = {"label": ("column_decision", "text")}
    columns |= {f"n_{status}": (f"rule_{status}", "count") for status in ("met", "not_met", "cannot_tell")}
    table = labelled("overrides", counts.assign(label=words), columns, lang)
    return replace(table, row_parts=("n_met", "n_not_met", "n_cannot_tell"))


def say_overrides(safe: PublicTable, decided: pd.DataFrame, profile: Profile, lang: str) -> list[str]:
    """Return how often people decided against the rule, and how many decisions lack a reason or a name."""
    if safe.frame.empty:
        return [text("selection.say_no_decisions", lang)]
    threshold = profile["disclosure.threshold"]
    written = [dict(zip(safe.columns, row, strict=True)) for row in safe.written(lang, threshold)]
    cells = dict(zip(safe.frame["decision"], written, strict=True))
    included = cells.get("include", {}).get("n_not_met", "0")
    excluded = cells.get("exclude", {}).get("n_met", "0")
    said = [text("selection.say_overrides", lang, included=included, excluded=excluded)]
    lacking = {
        name: FORMATS["count"](n, lang) if not 0 < n < threshold else text("outputs.under", lang, threshold=threshold)
        for name, n in ((name, int(decided[name].isna().sum())) for name in ("decision_reason", "decided_by"))
    }
    said.append(text("selection.say_decisions_lacking", lang, **lacking))
    return [*said, text("selection.say_overrides_meaning", lang)]


def override_numbers(safe: PublicTable) -> dict[str, tuple]:
    """Return the two counts of decisions against the rule, missing where they are hidden: name to (value, format)."""
    cells = safe.frame.set_index("decision")
    pairs = {"n_included_against_rule": ("include", "n_not_met"), "n_excluded_against_rule": ("exclude", "n_met")}
    return {name: (_cell(cells, *place), "count") for name, place in pairs.items()}


def _cell(cells: pd.DataFrame, row: str, column: str) -> int | None:
    if row not in cells.index:
        return 0
    value = cells.at[row, column]
    return None if pd.isna(value) else int(value)
