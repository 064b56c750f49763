"""The systems that a municipality takes its exports from: whom to ask, what for and how (``systems.toml``)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from helhed.intake.exports.data_workbook import meaning_of
from helhed.intake.exports.feeds import feeds
from helhed.intake.exports.preset import Heading, Preset, presets


@dataclass(frozen=True)
class System:
    """One system with its exports; every text stands in both languages.

    ``is_public`` says that the figures are published: no persons, nobody to ask. ``source`` is the key of the
    reference that describes the columns, empty where the format is the kit's own.
    """

    name: str
    presets: tuple[Preset, ...]
    words: dict[str, dict]
    is_public: bool = False
    source: str = ""

    def say(self, what: str, lang: str):
        """Return one of the system's texts: title, ask, purpose, scope, take, or the list of numbers to compare."""
        return self.words[what][lang]


@cache
def systems() -> dict[str, System]:
    """Return every system by name, in the order in which its exports are worth asking for."""
    declared = tomllib.loads(resources.files(__package__).joinpath("systems.toml").read_text(encoding="utf-8"))
    return {name: _system(name, spec) for name, spec in declared.items()}


def _system(name: str, spec: dict) -> System:
    words = {what: value for what, value in spec.items() if isinstance(value, dict)}
    of_system = tuple(presets()[preset] for preset in spec["presets"])
    return System(name, of_system, words, spec.get("public", False), spec.get("source", ""))


@dataclass(frozen=True)
class WantedColumn:
    """One column to ask for: heading, how strictly it is wanted, and what it becomes and means."""

    heading: str
    #: ``filled`` in every row, ``there`` (cells may be empty) or ``if_given``: rows are chosen by it.
    wanted: str
    becomes: str
    meaning: str


def wanted_columns(preset: Preset, lang: str) -> list[WantedColumn]:
    """Return the columns of an export that are used, in the export's order."""
    return [_wanted(preset, heading, lang) for heading in preset.columns if heading.to or heading.keep]


def unused_columns(preset: Preset) -> list[str]:
    """Return the headings that the system may give and that are not used: an export is better without them."""
    return [heading.heading for heading in preset.columns if not heading.to and not heading.keep]


def _wanted(preset: Preset, heading: Heading, lang: str) -> WantedColumn:
    if heading.keep:
        return WantedColumn(heading.heading, "if_given", "–", ", ".join(heading.keep))
    column = feeds()[preset.table].columns.get(heading.to)
    becomes = column.label(lang) if column else heading.heading
    meaning = meaning_of(preset.table, heading.to, lang) if column else ""
    return WantedColumn(heading.heading, "filled" if heading.required else "there", becomes, meaning)
