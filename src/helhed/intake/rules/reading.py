"""What can be found wrong while reading, before any check rule runs: declared, so that it is documented with them.

The codes stand in ``reading.toml`` by where they are met; their messages in the text catalogue, like a rule's.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from helhed.errors import Severity


@dataclass(frozen=True)
class ReadingRule:
    """One problem that can be met while reading.

    Parameters
    ----------
    code
        Key of the message in the text catalogue, without the room.
    severities
        How severe it can be: an export that may be left out, or a code that the preset lets pass, is less severe.
    area
        Where it is met: folder, format, text, workbook, headings, cells, key, presets or corrections.
    """

    code: str
    severities: tuple[Severity, ...]
    area: str

    @property
    def why(self) -> str:
        """Return why reading is so strict there: key of the text catalogue, without the room and ``why_``."""
        return f"reading_{self.area}"


@cache
def reading_rules() -> tuple[ReadingRule, ...]:
    """Return every problem that reading can meet, area by area in the order in which a file is read."""
    declared = tomllib.loads(resources.files(__package__).joinpath("reading.toml").read_text("utf-8"))
    return tuple(
        ReadingRule(code, tuple(severities), area)
        for area, codes in declared.items()
        for code, severities in codes.items()
    )
