"""The results as tables that may be shown once small counts are hidden."""

from dataclasses import replace

import pandas as pd

from helhed.outputs import FORMATS, PublicTable, gives_away, is_small
from helhed.profile import Profile, declared_entries
from helhed.profile.entries import choice_label, presets
from helhed.profile.published_rules import published_rules
from helhed.selection.criteria import criteria
from helhed.selection.models import OWN
from helhed.selection.rules import criteria_in, rule_in_short
from helhed.tables import code_label
from helhed.texts import text


def funnel_table(steps: pd.DataFrame, lang: str) -> PublicTable:
    """Return the funnel with its steps in words.

    A reserve list too short to be shown is not given away by the last two steps.
    """
    is_first_rule = (steps["step"] == "rule") & (steps["step"].shift() != "rule")
    words = [
        _step(row.step, row.part, first, lang) for row, first in zip(steps.itertuples(), is_first_rule, strict=True)
    ]
    columns = {
        "label": ("step", "text"),
        "n_families": ("families", "count"),
        "n_cannot_tell": ("n_cannot_tell", "count"),
    }
    n_reserve = (steps["n_families"].shift() - steps["n_families"]).where(steps["step"] == "shortlisted")
    table = labelled("funnel", steps.assign(label=words, n_reserve=n_reserve), columns, lang)
    return replace(table, row_parts=("n_families", "n_reserve"))


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
    """Return how many families meet each criterion, those of the rule first."""
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
    return replace(
        labelled("criteria", ordered.assign(**words), columns, lang), row_parts=("n_met", "n_not_met", "n_cannot_tell")
    )


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
    """Return the combinations of criteria that families meet; the flags stay in the frame for the figure."""
    names = [name for name in overlap if name not in ("n_criteria", "n_families")]
    words = [
        "; ".join(criteria()[name].label(lang) for name in names if row[name]) or text("selection.no_criterion", lang)
        for row in overlap[names].to_dict("records")
    ]
    columns = {"label": ("criteria_met", "text"), "n_families": ("families", "count")}
    return labelled("combinations", overlap.assign(label=words), columns, lang)


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
        for row in _too_near(rows.sort_values("is_present", ascending=False, kind="stable")[name], threshold)
    }
    for name in ("n_eligible", "n_cannot_tell"):
        shown[name] = shown[name].astype("Int64")
    for row, name in hidden:
        shown.loc[row, name] = pd.NA
    return replace(labelled("sensitivity", shown, columns, lang), hidden=hidden)


def _too_near(counts: pd.Series, threshold: int) -> list[int]:
    """Return the rows whose number differs from one already shown by a number of families that may not be shown."""
    kept, near = [], []
    for row, n in counts.items():
        is_near = any(is_small(abs(n - other), threshold) for other in kept)
        (near if is_near else kept).append(row if is_near else n)
    return near


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


def models_table(compared: pd.DataFrame, lang: str) -> PublicTable:
    """Return the models' rules side by side."""
    titles = model_titles(lang)
    columns = {"label": ("model", "text")}
    columns |= {name: (name, "count") for name in ("n_eligible", "n_cannot_tell", "n_only", "n_shared_with_own")}
    n_not_shared = compared["n_eligible"] - compared["n_shared_with_own"]
    rows = compared.assign(label=compared["model"].map(titles), n_not_shared=n_not_shared)
    return replace(labelled("models", rows, columns, lang), row_parts=("n_shared_with_own", "n_not_shared"))


def models_matrix(overlap: pd.DataFrame, threshold: int, lang: str) -> PublicTable:
    """Return how many families each pair of rules has in common; a cell that gives a small number away is hidden.

    ``overlap`` is `helhed.selection.models.model_overlap`. A cell is hidden when it, or what either rule finds beyond
    it, is above 0 and below the threshold.
    """
    titles, sizes = model_titles(lang), {name: int(overlap.at[name, name]) for name in overlap}
    shown = overlap.astype("Int64").reset_index(drop=True)
    hidden = {
        (place, other): "under" if is_small(n, threshold) else "hidden"
        for place, name in enumerate(overlap.index)
        for other, n in overlap.loc[name].items()
        if any(gives_away(n, sizes[one], threshold) for one in (name, other))
    }
    for place, other in hidden:
        shown.loc[place, other] = pd.NA
    labels = {"label": (text("selection.model", lang), "text")} | {name: (titles[name], "count") for name in overlap}
    frame = shown.assign(label=[titles[name] for name in overlap.index], model=list(overlap.index))
    return PublicTable("models_matrix", text("selection.models_matrix_title", lang), frame, labels, hidden=hidden)


def model_titles(lang: str) -> dict[str, str]:
    """Return what each rule of the comparison is called: the municipality's own, the models', the published ones."""
    return {OWN: text("selection.model_own", lang)} | {
        name: choice_label(name, lang) for name in (*presets(), *published_rules())
    }


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
