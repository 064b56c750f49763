"""Settings by year: what the law or an agency changes from one year to the next.

One TOML file per year lies in ``years/``. A year states only what changed since the year before; the first file states
everything. A municipality's own value and its model's value go before the year's.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from pydantic import BaseModel, ConfigDict


class YearValue(BaseModel):
    """The value of an entry from a year on, and its source."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: Any
    source: str


@dataclass(frozen=True)
class Years:
    """What each known year changed: year to entry to value."""

    changes: dict[int, dict[str, YearValue]]

    @property
    def first(self) -> int:
        """Return the first year that is known."""
        return min(self.changes)

    @property
    def newest(self) -> int:
        """Return the last year that is known."""
        return max(self.changes)

    def nearest(self, year: int) -> int:
        """Return the known year whose values stand in for a year: the year itself, else the first or the newest."""
        return max([self.first, *(known for known in self.changes if known <= year)])

    def in_force(self, year: int) -> dict[str, tuple[int, YearValue]]:
        """Return every entry's value in a year, with the year that stated it; outside the known years, the nearest."""
        found: dict[str, tuple[int, YearValue]] = {}
        for known in sorted(self.changes):
            if known <= self.nearest(year):
                found |= {key: (known, value) for key, value in self.changes[known].items()}
        return found


def read_years(folder) -> Years:
    """Return the years of a folder of TOML files named by year, such as ``2024.toml``."""
    files = [file for file in folder.iterdir() if file.name.endswith(".toml")]
    return Years(
        {
            int(file.name.removesuffix(".toml")): {
                key: YearValue(**spec) for key, spec in tomllib.loads(file.read_text(encoding="utf-8")).items()
            }
            for file in sorted(files, key=lambda file: file.name)
        }
    )


@cache
def known_years() -> Years:
    """Return the years that come with the kit."""
    return read_years(resources.files("helhed.profile").joinpath("years"))
