"""The guide's pages on getting the data, one per system, written in each language from the presets and systems."""

from datetime import date

from helhed.intake.exports.preset import Preset
from helhed.intake.exports.systems import System, systems, unused_columns, wanted_columns
from helhed.intake.exports.unneeded import unneeded_exports
from helhed.intake.rules.in_words import rules_about
from helhed.profile.entries import declared_entries
from helhed.publishing.markdown_parts import safe, table
from helhed.texts import day, number, text

#: The overview page; the others have the systems' names.
INDEX = "index"
_EXAMPLE = """\
```yaml
table: child_case
file: boernesager
columns:
  Sagsnr.: {to: case_id}
  Barnets CPR-nr.: {to: person_id}
  Type af sag: {to: case_type, map: {Plan: barnets_plan}}
  Fra dato: {to: start_date}
  Til dato: {to: end_date}
  Tilstand: {to: status, map: {I gang: open, Afsluttet: closed}}
  Bemærkning: {}
```"""


def export_pages() -> tuple[str, ...]:
    """Return the names of the pages: the overview, then one per system."""
    return (INDEX, *systems())


def export_page(page: str, lang: str) -> str:
    """Return one page of the part as Markdown."""
    return _overview(lang) if page == INDEX else _system_page(systems()[page], lang)


def file_name(preset: Preset, lang: str) -> str:
    """Return what the file of an export is called, without its ending."""
    return f"{preset.file}_{text('exports.year', lang)}" if preset.per_year else preset.file


def default_period() -> tuple[date, date, int]:
    """Return the first and the last day of the period that the profile proposes, and its number of months."""
    first, last = (declared_entries()[f"data.{name}"].default for name in ("from_date", "to_date"))
    return first, last, 12 * (last.year - first.year) + last.month - first.month + 1


def period_words(lang: str) -> dict[str, str]:
    """Return the proposed period in words: first and last day and number of months."""
    first, last, months = default_period()
    return {"first": day(first, lang), "last": day(last, lang), "months": number(months, lang)}


def _say(key: str, lang: str, **values) -> str:
    return text(f"exports.{key}", lang, **values)


def _overview(lang: str) -> str:
    labels = [_say(f"col_{name}", lang) for name in ("system", "file", "needed", "persons")]
    lines = [
        [
            f"[{safe(system.say('title', lang))}]({name}.md)",
            ", ".join(f"`{file_name(preset, lang)}`" for preset in system.presets),
            _yes(any(not preset.optional for preset in system.presets), lang),
            _yes(not system.is_public, lang),
        ]
        for name, system in systems().items()
    ]
    head = "\n".join("| " + " | ".join(cells) + " |" for cells in [labels, ["---"] * len(labels), *lines])
    unneeded = "\n".join(f"- {safe(export.why(lang))}." for export in unneeded_exports())
    parts = [
        f"# {_say('index_title', lang)}",
        _say("index_intro", lang),
        f"## {_say('index_order', lang)}",
        head,
        f"## {_say('index_own', lang)}",
        _say("index_own_text", lang).strip(),
        _EXAMPLE,
        _say("index_own_notes", lang),
        f"## {_say('index_unneeded', lang)}",
        _say("index_unneeded_intro", lang),
        unneeded,
    ]
    return "\n\n".join(parts) + "\n"


def _yes(is_so: bool, lang: str) -> str:
    return text("outputs.yes" if is_so else "outputs.no", lang)


def _system_page(system: System, lang: str) -> str:
    source = [_say("take_source", lang, anchor=system.source)] if system.source else []
    parts = [
        f"# {safe(system.say('title', lang))}",
        system.say("purpose", lang),
        f"## {_say('who', lang)}",
        f"{system.say('ask', lang)}.",
        f"## {_say('what', lang)}",
        system.say("scope", lang),
        *(part for preset in system.presets for part in _columns(preset, lang)),
        f"## {_say('unused', lang)}",
        *_unused(system, lang),
        f"## {_say('period', lang)}",
        _say("period_text", lang, **period_words(lang)),
        f"## {_say('take', lang)}",
        " ".join([system.say("take", lang), *source]),
        _say("take_format", lang),
        f"## {_say('safe', lang)}",
        _say("safe_public" if system.is_public else "safe_persons", lang).strip(),
        f"## {_say('compare', lang)}",
        "\n".join(f"- {point}" for point in system.say("compare", lang)),
        *_faults(system, lang),
    ]
    return "\n\n".join(parts) + "\n"


def _columns(preset: Preset, lang: str) -> list[str]:
    labels = [_say(f"col_{name}", lang) for name in ("heading", "wanted", "becomes", "meaning")]
    rows = [
        [column.heading, _say(f"wanted_{column.wanted}", lang), column.becomes, column.meaning or column.becomes]
        for column in wanted_columns(preset, lang)
    ]
    line = _say("file_line", lang, title=safe(preset.title[lang]), file=file_name(preset, lang))
    return [line, table(labels, rows)]


def _unused(system: System, lang: str) -> list[str]:
    lines = []
    for preset in system.presets:
        if unused_columns(preset):
            words = _say("unused_text", lang, columns=", ".join(map(safe, unused_columns(preset))))
            lines.append(f"**{safe(preset.title[lang])}**: {words}" if len(system.presets) > 1 else words)
    notes = [] if system.is_public else [_say("not_unused_notes", lang)]
    return [*(lines or [_say("unused_none", lang)]), *notes]


def _faults(system: System, lang: str) -> list[str]:
    labels = [_say(f"col_{name}", lang) for name in ("severity", "rule")]
    parts = []
    for preset in system.presets:
        rules = rules_about(preset, lang)
        if rules:
            rows = [[text(f"intake.{severity}", lang), title] for severity, title in rules]
            title = [f"### {safe(preset.title[lang])}"] if len(system.presets) > 1 else []
            parts += [*title, table(labels, rows)]
    return [f"## {_say('faults', lang)}", _say("faults_intro", lang), *parts] if parts else []
