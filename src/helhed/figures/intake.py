"""Figures of the check step: what could be linked, and which months each source covers."""

import pandas as pd

from helhed.figures.style import BLUE, GREY, INK, VERMILION, canvas, sign
from helhed.outputs import Picture, is_small, share_in_words
from helhed.texts import month, number, percent, text

_STATES = {"records": (BLUE, "s", 26), "missing": (VERMILION, "X", 46), "none": (GREY, ".", 10)}


def linkage_picture(
    linkage: pd.DataFrame, titles: dict[str, str], threshold: int, lang: str, is_synthetic: bool
) -> Picture:
    """Return the share of each source's records that were tied to a family, the rest beside it.

    Parameters
    ----------
    linkage
        Columns ``source``, ``n_records``, ``n_family``, ``share_linked``.
    titles
        Name of each source in the language.
    threshold
        A source that lacks fewer records than this is drawn as if it lacked as many.
    """
    rows = linkage.sort_values(["share_linked", "source"], ascending=[True, False]).reset_index(drop=True)
    is_few = is_small(rows["n_records"] - rows["n_family"], threshold)
    rows = rows.assign(share_linked=rows["share_linked"].mask(is_few, 1 - threshold / rows["n_records"]))
    figure, ax = canvas(height_inches=1.6 + 0.32 * len(rows))
    names = [titles[source] for source in rows["source"]]
    ax.barh(names, rows["share_linked"], color=BLUE, label=text("intake.linked", lang))
    ax.barh(
        names,
        1 - rows["share_linked"],
        left=rows["share_linked"],
        color=VERMILION,
        hatch="///",
        edgecolor="white",
        label=text("intake.not_linked", lang),
    )
    for position, row in enumerate(rows.itertuples()):
        note = _of_records(row, threshold, lang)
        colour = INK if row.n_family == row.n_records else VERMILION
        ax.text(1.02, position, note, va="center", fontsize=8, color=colour)
    ax.set_xlim(0, 1)
    ax.grid(visible=False)
    ax.set_xticks([0, 0.5, 1], [percent(share, lang) for share in (0, 0.5, 1)])
    figure.legend(loc="outside upper left", ncols=2, frameon=False, fontsize=9)
    return _picture(figure, "linkage", _linkage_words(rows, titles, threshold, lang), lang, is_synthetic)


def _of_records(row, threshold: int, lang: str) -> str:
    if is_small(row.n_records - row.n_family, threshold):
        return text("intake.few_not_linked", lang, n=text("outputs.under", lang, threshold=threshold))
    return text("intake.of_records", lang, n=number(row.n_family, lang), total=number(row.n_records, lang))


def _linkage_words(rows: pd.DataFrame, titles: dict[str, str], threshold: int, lang: str) -> dict[str, str]:
    if rows.empty:
        return {"worst": "–", "share": "–", "n_full": "0", "n_sources": "0"}
    worst = rows.iloc[0]
    return {
        "worst": titles[worst["source"]],
        "share": share_in_words(worst["n_family"], worst["n_records"], threshold, lang),
        "n_full": number(int((rows["share_linked"] == 1).sum()), lang),
        "n_sources": number(len(rows), lang),
    }


def coverage_picture(coverage: pd.DataFrame, titles: dict[str, str], lang: str, is_synthetic: bool) -> Picture:
    """Return which months each source holds records for, with missing months crossed.

    Parameters
    ----------
    coverage
        Columns ``source``, ``month`` and ``state``: ``records``, ``missing`` (records were expected) or ``none``.
    titles
        Name of each source in the language.
    """
    sources = list(reversed(coverage["source"].unique()))
    figure, ax = canvas(height_inches=1.6 + 0.32 * len(sources))
    heights = coverage["source"].map({source: i for i, source in enumerate(sources)})
    for state, (colour, marker, size) in _STATES.items():
        at = coverage["state"] == state
        label = text(f"intake.state_{state}", lang)
        ax.scatter(coverage.loc[at, "month"], heights[at], c=colour, marker=marker, s=size, label=label, linewidths=0)
    ax.set_yticks(range(len(sources)), [titles[source] for source in sources])
    ax.set_ylim(-0.7, len(sources) - 0.3)
    years = sorted({when for when in coverage["month"] if when.month == 1})
    ax.set_xticks(years, [str(when.year) for when in years], ha="left")
    ax.grid(visible=False)
    figure.legend(loc="outside upper left", ncols=3, frameon=False, fontsize=9)
    thing = "coverage" if (coverage["state"] == "missing").any() else "full_coverage"
    return _picture(figure, thing, _coverage_words(coverage, titles, lang), lang, is_synthetic)


def _coverage_words(coverage: pd.DataFrame, titles: dict[str, str], lang: str) -> dict[str, str]:
    missing = coverage[coverage["state"] == "missing"]
    sources = ", ".join(titles[source] for source in missing["source"].unique())
    return {
        "n_missing": number(len(missing), lang),
        "sources": sources or "–",
        "first": month(coverage["month"].min(), lang) if len(coverage) else "–",
        "last": month(coverage["month"].max(), lang) if len(coverage) else "–",
    }


def _picture(figure, thing: str, words: dict[str, str], lang: str, is_synthetic: bool) -> Picture:
    signed = sign(figure, lang, text("intake.figure_source", lang), is_synthetic)
    return Picture(
        signed,
        f"fig-check-{thing.removeprefix('full_')}",
        text(f"intake.caption_{thing}", lang, **words),
        text(f"intake.alt_{thing}", lang, **words),
    )
