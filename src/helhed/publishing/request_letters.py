"""Letters in Word that ask each department for its export: what for, which columns, which period, how to deliver."""

import io

from docxtpl import DocxTemplate

from helhed import kit_files
from helhed.intake.exports.preset import Preset
from helhed.intake.exports.systems import System, systems, unused_columns, wanted_columns
from helhed.plan.documents import same_bytes
from helhed.publishing.export_pages import file_name, period_words
from helhed.texts import text

_TEMPLATE = "databestilling"


def request_letters(municipality: str, lang: str) -> dict[str, bytes]:
    """Return a letter for each system that holds persons, by file name; the same words give the same bytes.

    What only the municipality knows (legal basis, date, names) stands in square brackets, to be filled in.

    Parameters
    ----------
    municipality
        The municipality's name, as it stands at the top of the letter.
    lang
        Language of the letters.
    """
    template = (kit_files.folder("templates") / f"{_TEMPLATE}_{lang}.docx").read_bytes()
    return {
        f"{text('exports.letter_file', lang)}_{name}.docx": _letter(system, municipality, template, lang)
        for name, system in systems().items()
        if not system.is_public
    }


def _letter(system: System, municipality: str, template: bytes, lang: str) -> bytes:
    document = DocxTemplate(io.BytesIO(template))
    document.render(letter_words(system, municipality, lang), autoescape=True)
    buffer = io.BytesIO()
    document.save(buffer)
    return same_bytes(buffer.getvalue())


def letter_words(system: System, municipality: str, lang: str) -> dict:
    """Return what the fields of the letter's template stand for."""
    say = {what: system.say(what, lang) for what in ("title", "ask", "purpose", "scope")}
    delivery = text("exports.letter_delivery", lang).strip().splitlines()
    return {
        **say,
        "title": text("exports.letter_title", lang, system=say["title"]),
        "municipality": municipality,
        "made_on": text("exports.letter_date", lang),
        "period": text("exports.letter_period", lang, **period_words(lang)),
        "files": [_file(preset, lang) for preset in system.presets],
        "unused": [{"text": line} for line in _unused(system, lang)],
        "delivery": [{"text": line} for line in delivery],
    }


def _file(preset: Preset, lang: str) -> dict:
    rows = [
        {
            "heading": column.heading,
            "wanted": text(f"exports.wanted_{column.wanted}", lang),
            "meaning": column.meaning or column.becomes,
        }
        for column in wanted_columns(preset, lang)
    ]
    line = text("exports.letter_line", lang, title=preset.title[lang], file=file_name(preset, lang))
    return {"line": line, "columns": rows}


def _unused(system: System, lang: str) -> list[str]:
    named = []
    for preset in system.presets:
        if columns := ", ".join(unused_columns(preset)):
            named.append(text("exports.letter_unused", lang, title=preset.title[lang], columns=columns))
    return [*named, text("exports.not_unused_notes", lang)]
