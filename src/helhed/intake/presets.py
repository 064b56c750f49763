"""Export presets: for each export, which file it is, which columns it has and what they become.

One YAML file per export lies in ``presets/``. A further system of measures is a new file, without code: it says
``table: measure``, how the measures are grouped and, if it gives them no number of their own, they are numbered. An
export of any other kind needs code in `helhed.intake.canonical` too.
"""

import re
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from ruamel.yaml import YAML

from helhed.tables import codes


@dataclass(frozen=True)
class Heading:
    """One column of an export: its heading, what it becomes and how it is read.

    ``to`` is empty for columns that are not used. ``unknown`` is the severity of a code that the map does not hold.
    ``empty`` is the code of an empty cell, ``birth_to`` the column for the date of birth that a CPR number carries.
    """

    heading: str
    to: str = ""
    kind: str = "text"
    required: bool = False
    min: float | None = None
    max: float | None = None
    map: dict[str, str] = field(default_factory=dict)
    code_list: str = ""
    empty: str = ""
    birth_to: str = ""
    unknown: str = "must_fix"

    def labels(self) -> list[str]:
        """Return how the codes of the column are written in Danish."""
        return list(self.map) or [names["da"] for names in codes()[self.code_list].values()]

    def code_map(self) -> dict[str, str]:
        """Return how a cell is written (see `plain`) to the code; labels of both languages and the code are known."""
        labels = {
            label: code for code, names in codes().get(self.code_list, {}).items() for label in (code, *names.values())
        }
        return {plain(label): code for label, code in {**labels, **self.map}.items()}


@dataclass(frozen=True)
class Preset:
    """One export: where it lies, its columns, its key and how its measures are grouped.

    ``table`` is ``measure`` for a system of measures; then ``prefix`` marks its measures' numbers, and the group comes
    from the type of measure (``groups``, else "other"), the department (``group_of_department``), a flag
    (``group_of_flag``: the column, the group of yes and the group of no) or is the same for all (``group``).
    """

    name: str
    title: dict[str, str]
    columns: tuple[Heading, ...]
    file: str = ""
    workbook: str = ""
    sheet: str = ""
    optional: bool = False
    per_year: bool = False
    month: str = ""
    gap_months: tuple[int, ...] | None = None
    table: str = ""
    prefix: str = ""
    key: tuple[str, ...] = ()
    same_key: dict[str, str] = field(default_factory=dict)
    department: str = ""
    group: str = ""
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    group_of_department: dict[str, str] = field(default_factory=dict)
    group_of_flag: tuple[str, str, str] | None = None

    def has(self, column: str) -> bool:
        """Return whether the export has a canonical column."""
        return any(heading.to == column for heading in self.columns)

    def heading_of(self, column: str) -> str:
        """Return the export's heading of a canonical column; the name itself when the export has none."""
        return next((heading.heading for heading in self.columns if heading.to == column), column)

    def group_of_type(self) -> dict[str, str]:
        """Return how a type of measure is written (see `plain`) to its group."""
        return {plain(name): group for group, names in self.groups.items() for name in names}


def plain(written: str) -> str:
    """Return a heading or label without differences that mean nothing: case, doubled and outer spaces."""
    return re.sub(r"\s+", " ", written).strip().casefold()


@cache
def presets() -> dict[str, Preset]:
    """Return every export preset by name."""
    files = sorted(resources.files("helhed.intake").joinpath("presets").iterdir(), key=lambda f: f.name)
    return {f.name.removesuffix(".yml"): _preset(f) for f in files if f.name.endswith(".yml")}


def measure_presets() -> dict[str, Preset]:
    """Return the presets of the systems of measures by name."""
    return {name: preset for name, preset in presets().items() if preset.table == "measure"}


def _preset(file) -> Preset:
    declared = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    columns = tuple(Heading(heading, **spec) for heading, spec in declared.pop("columns").items())
    as_tuples = {name: tuple(declared.pop(name)) for name in _TUPLES if name in declared}
    return Preset(name=file.name.removesuffix(".yml"), columns=columns, **as_tuples, **declared)


_TUPLES = ("key", "gap_months", "group_of_flag")
