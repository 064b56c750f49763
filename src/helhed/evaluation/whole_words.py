"""The whole municipality over time and among others, told in both languages."""

import pandas as pd

from helhed import texts
from helhed.evaluation.interrupted_series import RateRatio
from helhed.evaluation.whole_municipality import AmongOthers, MonthlySeries
from helhed.outputs import PublicTable
from helhed.tables import codes
from helhed.texts import text


def series_sentence(series: MonthlySeries, lang: str) -> str:
    """Return whether notifications per child shifted at the start, or why that cannot be told."""
    if series.found is None:
        return " ".join(problem.message(lang) for problem in series.problems)
    level = series.found.level
    kind = "zero" if level.low <= 1 <= level.high else "more" if level.value > 1 else "fewer"
    said = text(f"evaluation.series_{kind}", lang, **ratio_words(level, lang))
    clustered = abs(series.found.autocorrelation) > 2 / len(series.months) ** 0.5
    return f"{said} {text('evaluation.series_neighbours', lang)}" if clustered else said


def ratio_words(ratio: RateRatio, lang: str) -> dict[str, str]:
    """Return a rate ratio with its interval as written."""
    return {name: texts.number(getattr(ratio, name), lang, 2) for name in ("value", "low", "high")}


def others_table(among: AmongOthers, lang: str) -> PublicTable:
    """Return the municipalities by how far each left its own mix of others after the start."""
    weights = among.control.weights.to_dict()
    rows = [
        {
            "unit": row.unit,
            "weight": texts.percent(weights[row.unit], lang) if row.unit in weights else "–",
            "effect": texts.number(row.effect, lang, 1),
            "misfit": texts.number(row.misfit_before, lang, 1),
            "ratio": texts.number(row.ratio, lang, 1),
        }
        for row in among.ranks.itertuples()
    ]
    columns = {name: (text(f"evaluation.others_column_{name}", lang), "text") for name in rows[0]}
    title = text("evaluation.others_title", lang, series=_benefit(among, lang))
    return PublicTable("among_others", title, pd.DataFrame(rows), columns)


def others_sentence(among: AmongOthers | None, significance: float, lang: str) -> str:
    """Return how the municipality went beside its mix of others, and how often chance alone would go as far."""
    if among is None:
        return text("evaluation.others_none", lang)
    could_show = 1 / len(among.ranks) <= significance
    kind = ("beyond" if among.p <= significance else "within") if could_show else "few"
    words = {
        "name": among.own_name,
        "series": _at_the_start(_benefit(among, lang)),
        "effect": texts.number(among.control.effect, lang, 1),
        "rank": texts.number(int(among.ranks.loc[among.ranks["unit"] == among.own_name, "rank"].iloc[0]), lang),
        "n": texts.number(len(among.ranks), lang),
    }
    return f"{text('evaluation.others_gap', lang, **words)} {text(f'evaluation.others_{kind}', lang)}"


def _benefit(among: AmongOthers, lang: str) -> str:
    return codes()["benefit"][among.series][lang]


def _at_the_start(name: str) -> str:
    return name[0].upper() + name[1:]
