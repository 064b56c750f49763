"""The results as tables that may be shown once small counts are hidden."""

from dataclasses import replace

import pandas as pd

from helhed.disclosure.table_sums import sums_of
from helhed.outputs import FORMATS, PublicTable, is_small
from helhed.profile import Profile, declared_entries
from helhed.selection.criteria import criteria
from helhed.selection.funnel import known_in
from helhed.selection.rule_tree import criteria_in
from helhed.selection.rules import rule_in_short
from helhed.selection.shown_sizes import are_all_places_proposed, shown_standings, too_near
from helhed.tables import code_label
from helhed.texts import text


def funnel_table(steps: pd.DataFrame, shortlist: pd.DataFrame, profile: Profile, lang: str) -> PublicTable:
    """Return the funnel with its steps in words.

    The steps are nested: the difference of two is a number of families. A step that would give a small one away is
    hidden. Few free places, all proposed, are no families to protect: the last step is left out, since the table has
    numbers of families only.

    Parameters
    ----------
    steps, shortlist
        As `helhed.selection.funnel` and `select_families` return them.
    profile
        The municipality's profile: places and disclosure threshold.
    lang
        ``da`` or ``en``.
    """
    shown, threshold = shown_standings(shortlist, known_in(steps), profile), profile["disclosure.threshold"]
    n_proposed = int(steps["n_families"].iloc[-1])
    if is_small(n_proposed, threshold) and are_all_places_proposed(shortlist):
        steps = steps[steps["step"] != "shortlisted"]
    is_rule = steps["step"] == "rule"
    is_first_rule = is_rule & ~is_rule.shift(fill_value=False)
    words = [
        _step(row.step, row.part, first, lang) for row, first in zip(steps.itertuples(), is_first_rule, strict=True)
    ]
    columns = {
        "label": ("step", "text"),
        "n_families": ("families", "count"),
        "n_cannot_tell": ("n_cannot_tell", "count"),
    }
    names = steps["step"].mask(is_rule & ~is_rule.shift(-1, fill_value=False), "eligible")
    told = {row: name in shown and shown[name] is not None for row, name in names.items()} | {
        row: True for row in names.index[names == "known"]
    }
    sizes = steps["n_families"]
    known = [n for row, n in sizes.items() if told[row] and not is_small(n, threshold)]
    others = [(row, n) for row, n in sizes.items() if names[row] in ("all", "rule")]
    near = {
        *too_near(others, threshold, known),
        *(row for row, name in names.items() if name in shown and not told[row]),
    }
    hidden = {(row, "n_families"): "hidden" for row in near}
    return with_hidden(labelled("funnel", steps.assign(label=words), columns, lang), hidden)


def with_hidden(table: PublicTable, hidden: dict[tuple[int, str], str]) -> PublicTable:
    """Return the table with cells hidden: (position of the row, column) to how."""
    frame = table.frame.astype({name: "Int64" for _, name in hidden}).reset_index(drop=True)
    for row, name in hidden:
        frame.loc[row, name] = pd.NA
    return replace(table, frame=frame, hidden=hidden)


def _step(step: str, part, is_first: bool, lang: str) -> str:
    if step != "rule":
        return text(f"selection.step_{step}", lang)
    words = rule_in_short(part, lang)
    return (
        text("selection.step_rule", lang, part=words[0].upper() + words[1:])
        if is_first
        else text("selection.step_rule_next", lang, part=words)
    )


def criteria_table(summary: pd.DataFrame, profile: Profile, lang: str) -> PublicTable:
    """Return how many families meet each criterion, those of the rule first.

    Where few families cannot be told, "no" is hidden already: how many meet it is shown elsewhere too.
    """
    used = criteria_in(profile["selection.rule"])
    position = {name: place for place, name in enumerate([*used, *(name for name in criteria() if name not in used)])}
    ordered = summary.sort_values("criterion", key=lambda names: names.map(position)).reset_index(drop=True)
    words = {
        "label": [criteria()[name].label(lang) for name in ordered["criterion"]],
        "in_rule": [text(f"outputs.{'yes' if name in used else 'no'}", lang) for name in ordered["criterion"]],
    }
    columns = {
        "label": ("criterion", "text"),
        "in_rule": ("in_rule", "text"),
        "n_met": ("met", "count"),
        "n_not_met": ("not_met", "count"),
        "n_cannot_tell": ("n_cannot_tell", "count"),
        "share_met": ("share_met", "share"),
    }
    table = replace(labelled("criteria", ordered.assign(**words), columns, lang), row_parts=_ANSWERS)
    return _with_met_shown(table, profile["disclosure.threshold"])


_ANSWERS = ("n_met", "n_not_met", "n_cannot_tell")


def _with_met_shown(table: PublicTable, threshold: int) -> PublicTable:
    """Return the table with "no" hidden where few families cannot be told, so that "yes" need not be.

    How many meet a criterion is shown in the funnel, or as a share, as well: were it "no" that is shown here, a reader
    would find those few as the rest.
    """
    met, no, unknown = (table.frame[name] for name in _ANSWERS)
    is_few = is_small(unknown, threshold) & ~is_small(met, threshold) & (no + unknown >= 2 * threshold - 1)
    rows = [row for row, few in enumerate(is_few) if few]
    counts = {(row, name): how for row in rows for name, how in (("n_not_met", "hidden"), ("n_cannot_tell", "under"))}
    blank = with_hidden(table, counts)
    frame = blank.frame.assign(share_met=blank.frame["share_met"].mask(is_few.to_numpy(dtype=bool)))
    shares = {(row, "share_met"): "hidden" for row in rows}
    return replace(blank, frame=frame, hidden=counts | shares, sums=sums_of(table, threshold))


def departments_table(overlap: pd.DataFrame, lang: str) -> PublicTable:
    """Return the combinations of departments; the flags stay in the frame for the figure."""
    names = [name for name in overlap if name not in ("n_departments", "n_families")]
    words = [_combination(names, row, lang) for row in overlap[names].to_dict("records")]
    columns = {"label": ("departments", "text"), "n_families": ("families", "count")}
    return labelled("departments", overlap.assign(label=words), columns, lang)


def _combination(names: list[str], row: dict, lang: str) -> str:
    listed = ", ".join(code_label("department", name, lang) for name in names if row[name])
    return listed or text("selection.no_department", lang)


def combinations_table(overlap: pd.DataFrame, lang: str) -> PublicTable:
    """Return the combinations of criteria that families meet; the frame keeps a flag per criterion, under its label."""
    flags = {name: criteria()[name].label(lang) for name in overlap if name not in ("n_criteria", "n_families")}
    named = overlap.rename(columns=flags)
    words = [
        "; ".join(label for label in flags.values() if row[label]) or text("selection.no_criterion", lang)
        for row in named[list(flags.values())].to_dict("records")
    ]
    columns = {"label": ("criteria_met", "text"), "n_families": ("families", "count")}
    return labelled("combinations", named.assign(label=words), columns, lang)


def sensitivity_table(moved: pd.DataFrame, threshold: int, lang: str) -> PublicTable:
    """Return the number of families for each value of each threshold.

    The values of a threshold are nested: the difference of two numbers is a number of families. A number that lies
    within the disclosure threshold of another one that is shown, the present value's first, is hidden.
    """
    entries = declared_entries()
    words = {
        "label": [entries[key].label(lang) for key in moved["key"]],
        "shown": [_value(entries[row.key], row.value, lang) for row in moved.itertuples()],
        "now": [text("outputs.yes", lang) if is_present else "" for is_present in moved["is_present"]],
    }
    columns = {
        "label": ("threshold", "text"),
        "shown": ("value", "text"),
        "now": ("in_force", "text"),
        "n_eligible": ("n_eligible", "count"),
        "n_cannot_tell": ("n_cannot_tell", "count"),
        "n_changed": ("n_changed", "count"),
    }
    shown = moved.assign(**words).reset_index(drop=True)
    hidden = {
        (row, name): "hidden"
        for name in ("n_eligible", "n_cannot_tell")
        for _, rows in shown.groupby("key", sort=False)
        for row in too_near(rows.sort_values("is_present", ascending=False, kind="stable")[name].items(), threshold)
    }
    return with_hidden(labelled("sensitivity", shown, columns, lang), hidden)


def _value(entry, value: float, lang: str) -> str:
    return FORMATS["share" if entry.kind == "share" else "number"](value, lang)


def stability_table(stable: pd.DataFrame, lang: str) -> PublicTable:
    """Return what became of earlier families."""
    counts = {name: (name, "count") for name in ("n_then", "n_still", "n_no_longer", "n_cannot_tell", "n_gone")}
    columns = {"months": ("months_ago", "text"), **counts, "share_still": ("share_still", "share")}
    shown = stable.assign(months=stable["months"].astype(str))
    return replace(labelled("stability", shown, columns, lang), row_parts=tuple(counts)[1:])


def inflow_table(months: pd.DataFrame, threshold: int, lang: str) -> PublicTable:
    """Return new families per period: the shortest of 1, 3, 6 and 12 months in which most counts may be shown.

    The last row is the total: the mean is shown too, so a single hidden period would be given away by it.
    """
    tables = [_in_periods(months, length) for length in _PERIODS]
    table = next((table for table in tables if _is_mostly_shown(table["n_families"], threshold)), tables[-1])
    columns = {
        "month": ("period", "month"),
        "n_families": ("new_families", "count"),
        "per_month": ("per_month", "number1"),
    }
    total = pd.DataFrame({"n_families": [table["n_families"].sum()]})
    return replace(labelled("inflow", pd.concat([table, total], ignore_index=True), columns, lang), has_total=True)


#: Months of a period in which new families are counted.
_PERIODS = (1, 3, 6, 12)


def _in_periods(months: pd.DataFrame, length: int) -> pd.DataFrame:
    """Return the sums of whole periods, counted back from the last month."""
    place = (pd.Series(range(len(months)), dtype="int64") - len(months)) // length
    periods = months.assign(place=place, n_months=1).groupby("place", sort=True)
    sums = periods.agg(month=("month", "first"), n_families=("n_families", "sum"), n_months=("n_months", "sum"))
    whole = sums[sums["n_months"] == length].reset_index(drop=True)
    return whole.assign(per_month=whole["n_families"].astype(float) / length)


def _is_mostly_shown(counts: pd.Series, threshold: int) -> bool:
    return bool(is_small(counts, threshold).mean() <= 0.25) if len(counts) else False


def unlinked_table(sources: pd.DataFrame, titles: dict[str, str], lang: str) -> PublicTable:
    """Return how many persons each source has without a family, and what that could mean; the total comes last.

    ``titles`` says what each source is called.
    """
    last = len(sources) - 1
    words = {
        "label": [
            *(titles.get(name, name) for name in sources["source"].iloc[:last]),
            text("selection.all_sources", lang),
        ],
        "effect": [text(f"selection.effect_{_effect(row)}", lang) for row in sources.itertuples()],
    }
    columns = {
        "label": ("source", "text"),
        "n_unlinked": ("n_unlinked", "count"),
        "n_persons": ("n_persons", "count"),
        "n_could_add": ("n_could_add", "count"),
        "effect": ("effect", "text"),
    }
    return replace(labelled("unlinked", sources.assign(**words), columns, lang), has_total=True)


def _effect(row) -> str:
    if not row.n_unlinked:
        return "linked"
    return "possible" if row.is_in_rule else "not_in_rule"


def labelled(name: str, frame: pd.DataFrame, columns: dict, lang: str) -> PublicTable:
    """Return a table with title and labels from the text catalogue: column to (key of the label, format)."""
    labels = {column: (text(f"selection.{key}", lang), form) for column, (key, form) in columns.items()}
    return PublicTable(name, text(f"selection.{name}_title", lang), frame, labels)
