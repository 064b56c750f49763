"""How a corrected value has to be written, in words."""

from helhed.intake.exports.preset import Heading
from helhed.intake.reading.readers import number_as_text
from helhed.texts import LANGUAGES, catalogue, text


def form_of(heading: Heading) -> dict[str, str]:
    """Return how a value of a column is written, by language."""
    return {lang: _form(heading, lang) for lang in LANGUAGES}


def _form(heading: Heading, lang: str) -> str:
    if heading.kind in ("code", "codes"):
        return text("intake.form_code", lang, known=", ".join(heading.labels(lang)))
    help_of_kind = f"intake.help_{'cpr' if heading.kind == 'cprs' else heading.kind}"
    usual = text(help_of_kind, lang) if help_of_kind in catalogue() else text("intake.form_other", lang)
    limits = {name: getattr(heading, name) for name in ("min", "max")}
    given = {name: number_as_text(float(limit)) for name, limit in limits.items() if limit is not None}
    if not given:
        return usual
    key = "limits" if len(given) > 1 else next(iter(given))
    return f"{usual} {text(f'intake.form_{key}', lang, **given)}"
