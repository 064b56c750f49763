"""Exports that systems can give and that have no use here, known by their headings (``unneeded.toml``)."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

from helhed.intake.reading.spelling import plain

#: A file is taken for such an export when it has this share of its columns.
_SHARE = 0.8


@dataclass(frozen=True)
class Unneeded:
    """An export that is not needed: its columns, and why in both languages."""

    name: str
    columns: tuple[str, ...]
    da: str
    en: str

    def why(self, lang: str) -> str:
        """Return why the export is not needed."""
        return self.da if lang == "da" else self.en


def unneeded_export(headings: Iterable[str]) -> Unneeded | None:
    """Return the export without use that a file with such headings is; None when it is none."""
    written = {plain(heading) for heading in headings}
    for export in unneeded_exports():
        wanted = {plain(heading) for heading in export.columns}
        if len(wanted & written) >= _SHARE * len(wanted):
            return export
    return None


@cache
def unneeded_exports() -> tuple[Unneeded, ...]:
    """Return every export that is known and not needed."""
    declared = tomllib.loads(resources.files(__package__).joinpath("unneeded.toml").read_text(encoding="utf-8"))
    return tuple(
        Unneeded(name, tuple(export["columns"]), export["da"], export["en"]) for name, export in declared.items()
    )
