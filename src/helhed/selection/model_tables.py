"""The rules side by side as tables that may be shown: where two find nearly the same, few families part them."""

from dataclasses import replace

import pandas as pd

from helhed.outputs import PublicTable, is_small
from helhed.profile.entries import choice_label, presets
from helhed.profile.published_rules import published_rules
from helhed.selection.criteria import MET
from helhed.selection.models import OWN, model_overlap
from helhed.selection.public_tables import labelled, with_hidden
from helhed.selection.shown_sizes import gives_groups_away, too_near
from helhed.texts import text


def models_matrix(statuses: pd.DataFrame, threshold: int, lang: str) -> PublicTable:
    """Return how many families each pair of rules has in common; a cell that gives a small number away is hidden.

    Parameters
    ----------
    statuses
        As `helhed.selection.models.model_statuses` returns it.
    threshold
        Smallest number of families that may be shown.
    lang
        ``da`` or ``en``.

    Notes
    -----
    Of two rules whose sizes differ by a few families only one size is shown, the own rule's first. A number in common
    is hidden when it, or what it leaves of a group whose size is shown, is small; also when it leaves few or none of a
    rule whose size is hidden, because that size may be known from elsewhere. Two sizes and the number in common give
    the number of both together, which is held against the rules that hold both.
    """
    met, titles = statuses == MET, model_titles(lang)
    names = list(met)
    groups = {(one, other): (met[one] & met[other]).to_numpy() for one, other in _pairs(names)}
    overlap = model_overlap(statuses)
    sizes = {pair: int(overlap.at[pair]) for pair in groups}
    near = {(name, name) for name in too_near([(name, sizes[name, name]) for name in names], threshold, [len(met)])}
    few = {pair for pair in groups if any(is_small(sizes[one, one] - sizes[pair], threshold) for one in pair)}
    few |= {pair for pair in groups for name in pair if (name, name) in near and sizes[pair] == sizes[name, name]}
    left = {pair: group for pair, group in groups.items() if pair not in near | few}
    away = near | few | set(gives_groups_away(left, threshold))
    away |= {pair for pair in groups if not away & {*_sizes_of(pair), pair} and _joined(pair, met, away, threshold)}
    hidden = {
        (names.index(row), column): "under" if is_small(sizes[one, other], threshold) else "hidden"
        for one, other in away
        for row, column in ((one, other), (other, one))
    }
    frame = overlap.astype("Int64").reset_index(drop=True).assign(label=[titles[name] for name in names], model=names)
    labels = {"label": (text("selection.model", lang), "text")} | {name: (titles[name], "count") for name in names}
    return with_hidden(PublicTable("models_matrix", text("selection.models_matrix_title", lang), frame, labels), hidden)


def _sizes_of(pair: tuple[str, str]) -> set[tuple[str, str]]:
    return {(name, name) for name in pair}


def _joined(pair: tuple[str, str], met: pd.DataFrame, away: set, threshold: int) -> bool:
    """Return whether two rules together leave few of a rule that holds all of both: their sum would tell how few."""
    either = (met[pair[0]] | met[pair[1]]).to_numpy()
    wider = [met[name].to_numpy() for name in met if (name, name) not in away and not (either & ~met[name]).any()]
    return any(is_small(int(group.sum() - either.sum()), threshold) for group in wider)


def _pairs(names: list[str]) -> list[tuple[str, str]]:
    """Return every rule with itself, the own rule with each other one, then the rest: in the order they are shown."""
    pairs = [(one, other) for place, one in enumerate(names) for other in names[place + 1 :]]
    return [*((name, name) for name in names), *pairs]


def models_table(compared: pd.DataFrame, matrix: PublicTable, lang: str) -> PublicTable:
    """Return the models' rules side by side; what the matrix hides is hidden here too.

    Parameters
    ----------
    compared
        As `helhed.selection.models.compare_models` returns it.
    matrix
        From `models_matrix`.
    lang
        ``da`` or ``en``.
    """
    titles = model_titles(lang)
    columns = {"label": ("model", "text")}
    columns |= {name: (name, "count") for name in ("n_eligible", "n_cannot_tell", "n_only", "n_shared_with_own")}
    rows = compared.assign(
        label=compared["model"].map(titles), n_also_by_another=compared["n_eligible"] - compared["n_only"]
    ).reset_index(drop=True)
    hidden = {
        (row, column): matrix.hidden[row, other]
        for row, name in enumerate(rows["model"])
        for column, other in (("n_eligible", name), ("n_shared_with_own", OWN))
        if (row, other) in matrix.hidden
    }
    table = labelled("models", rows, columns, lang)
    return replace(with_hidden(table, hidden), row_parts=("n_only", "n_also_by_another"))


def model_titles(lang: str) -> dict[str, str]:
    """Return what each rule of the comparison is called: the municipality's own, the models', the published ones."""
    return {OWN: text("selection.model_own", lang)} | {
        name: choice_label(name, lang) for name in (*presets(), *published_rules())
    }
