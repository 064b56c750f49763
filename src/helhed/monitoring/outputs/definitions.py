"""What a reader must know of an indicator, field by field, from its declaration: for sheets, pages and workbook."""

from helhed.monitoring.catalogue import Indicator
from helhed.monitoring.intervals import HEAVY
from helhed.profile import declared_entries
from helhed.tables import tables
from helhed.texts import catalogue, number, percent, text

#: Fields of a sheet in their order; one that the declaration does not have is left out.
FIELDS = (
    "definition",
    "formula",
    "numerator",
    "denominator",
    "unit",
    "direction",
    "target",
    "baseline",
    "compared_with",
    "frequency",
    "registered_by",
    "tables",
    "interval",
    "minimum",
    "evidence",
)


def definition_rows(indicator: Indicator, lang: str) -> list[tuple[str, str]]:
    """Return (field, text) in the language for everything that is declared of an indicator."""
    rows = [(text(f"monitoring_outputs.field_{field}", lang), _told(indicator, field, lang)) for field in FIELDS]
    return [(label, told[:1].upper() + told[1:]) for label, told in rows if told]


def _told(indicator: Indicator, field: str, lang: str) -> str:
    if field in _OWN:
        return _OWN[field](indicator, lang)
    value = getattr(indicator, field, None)
    return value[lang] if isinstance(value, dict) else str(value or "")


def _minimum(indicator: Indicator, lang: str) -> str:
    entry = declared_entries()["monitoring.min_families"]
    families = number(indicator.minimum(entry.default), lang)
    return text("monitoring_outputs.told_minimum", lang, families=families)


def _choice(field: str):
    """Return a function that tells a coded field; nothing where the code has no words."""

    def told(indicator: Indicator, lang: str) -> str:
        key = f"monitoring_outputs.told_{field}_{getattr(indicator, field)}"
        return text(key, lang) if key in catalogue() else ""

    return told


def _interval(indicator: Indicator, lang: str) -> str:
    heavy = percent(HEAVY, lang)
    return text(f"monitoring_outputs.told_interval_{indicator.kind}", lang, heavy=heavy)


def _tables(indicator: Indicator, lang: str) -> str:
    return ", ".join(tables()[name].label(lang) for name in indicator.tables)


_OWN = {
    "direction": _choice("direction"),
    "compared_with": _choice("compared_with"),
    "interval": _interval,
    "minimum": _minimum,
    "tables": _tables,
}
