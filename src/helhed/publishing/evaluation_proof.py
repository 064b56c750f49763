"""The guide's page on how well the evaluation finds a truth that is known, made from the study's own results."""

from helhed.evaluation.proof import proof
from helhed.publishing.markdown_parts import page, table
from helhed.texts import number, percent, text

_COLUMNS = ("families", "method", "bias", "held", "width")


def evaluation_proof_page(lang: str) -> str:
    """Return the page: per truth a table of methods, and how often a sentence claimed an effect."""
    study = proof()
    parts = [
        text(
            "book.evaluation_proof_size",
            lang,
            n=number(study["municipalities"], lang),
            times=number(study["comparison_per_enrolled"], lang),
        )
    ]
    for truth in dict.fromkeys(row["truth"] for row in study["row"]):
        rows = [row for row in study["row"] if row["truth"] == truth]
        parts += [
            f"## {_truth(study, truth, lang)}",
            table([text(f"book.evaluation_proof_{name}", lang) for name in _COLUMNS], _methods(rows, lang)),
            "\n".join(_said(row, lang) for row in rows if "claimed" in row),
        ]
    return page("evaluation_proof", lang, parts)


def _truth(study: dict, truth: str, lang: str) -> str:
    given = {"effect": number(100 * study["effect"], lang)} if truth == "effect" else {}
    return text(f"book.evaluation_proof_{truth}", lang, **given)


def _methods(rows: list[dict], lang: str) -> list[list[str]]:
    return [
        [
            number(row["families"], lang),
            text(f"evaluation.method_{row['method']}", lang),
            number(100 * row["bias"], lang, 1),
            percent(row["held"], lang),
            number(100 * row["width"], lang, 1),
        ]
        for row in rows
        if "held" in row
    ]


def _said(row: dict, lang: str) -> str:
    families, share = number(row["families"], lang), percent(row["claimed"], lang)
    return f"- {text('book.evaluation_proof_said', lang, families=families, share=share)}"
