"""Export presets: for each export, which file it is, which columns it has and what they become.

One YAML file per export lies in ``presets/``, and a municipality's own ones in the folder ``presets/`` beside its
exports. A further system is a new file, without code: ``table`` says which canonical table its rows become.
"""

import re
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources

from ruamel.yaml import YAML

from helhed.intake.exports.data_workbook import sheet_presets
from helhed.intake.exports.feeds import Feed, feeds
from helhed.intake.reading.spelling import plain
from helhed.tables import codes

#: Instead of a code: rows with this word are left out.
LEFT_OUT = "left_out"
#: What one heading can give beside the column it becomes.
DERIVED = ("birth_to", "sex_to", "length_to", "name_to")


@dataclass(frozen=True)
class Heading:
    """One column of an export: its heading, what it becomes and how it is read.

    ``to`` is empty for columns that are not used. ``unknown`` is the severity of a code that the map does not hold,
    or ``left_out``: rows with such a code are left out. ``keep`` are the only cells whose rows are read (totals of a
    statistic), ``blank`` the signs that count as an empty cell. ``empty`` is the code of an empty cell. ``birth_to``
    and ``sex_to`` are the columns for the date of birth and the sex that a CPR number carries, ``length_to`` for the
    length of a period and ``name_to`` for the name of a municipality. ``may_have_points`` says whether a number may
    have a point between thousands, ``may_be_absent`` whether a file without the column is read all the same,
    ``in_percent`` whether its unit is per cent, so that a cell shown as 20 % is the number 20. ``formerly`` are the
    headings of the column in older workbooks of the kit. ``words`` are further ways of writing a code that the
    municipality has added; `LEFT_OUT` instead of a code leaves the row out.
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
    sex_to: str = ""
    length_to: str = ""
    name_to: str = ""
    keep: tuple[str, ...] = ()
    blank: tuple[str, ...] = ()
    unknown: str = "must_fix"
    may_have_points: bool = True
    may_be_absent: bool = False
    in_percent: bool = False
    formerly: tuple[str, ...] = ()
    words: dict[str, str] = field(default_factory=dict)

    def labels(self, lang: str = "da") -> list[str]:
        """Return how the codes of the column are written: as the export itself does, else in a language."""
        own = [word for word, code in self.words.items() if code != LEFT_OUT]
        return [*(list(self.map) or [names[lang] for names in codes()[self.code_list].values()]), *own]

    def words_left_out(self) -> set[str]:
        """Return how the cells are written (see `plain`) whose rows the municipality wants left out."""
        return {plain(word) for word, code in self.words.items() if code == LEFT_OUT}

    def filled(self) -> tuple[str, ...]:
        """Return the columns that the heading fills, the one it becomes first; empty texts for those it does not."""
        return self.to, *(getattr(self, name) for name in DERIVED)

    def code_map(self) -> dict[str, str]:
        """Return how a cell is written (see `plain`) to the code; labels of both languages and the code are known."""
        labels = {
            label: code for code, names in codes().get(self.code_list, {}).items() for label in (code, *names.values())
        }
        return {plain(label): code for label, code in {**labels, **self.map, **self.words}.items()}


@dataclass(frozen=True)
class Unpivot:
    """Columns that stand side by side and become rows: ``of`` is each column and the kind it stands for."""

    value: str
    kind: str
    of: dict[str, str]


@dataclass(frozen=True)
class Preset:
    """One export: where it lies, its columns, its key and how its measures are grouped.

    ``table`` is the canonical table that the rows become, or ``benefit_week``: weekly payments, which become spells.
    For a system of measures ``prefix`` marks its measures' numbers, and the group comes from the type of measure
    (``groups``, else "other"), the department (``group_of_department``), a flag (``group_of_flag``: the column, the
    group of yes and the group of no) or is the same for all (``group``).

    ``file`` may end in ``*``: every file whose name begins so. ``constants`` are columns with one value throughout,
    ``from_file`` columns whose value the file's name tells, ``unpivot`` columns that stand side by side and become
    rows. Nothing is said of an ``extra`` export that is not there.
    """

    name: str
    title: dict[str, str]
    table: str
    columns: tuple[Heading, ...]
    file: str = ""
    workbook: str = ""
    sheet: str = ""
    optional: bool = False
    extra: bool = False
    per_year: bool = False
    month: str = ""
    gap_months: tuple[int, ...] | None = None
    prefix: str = ""
    key: tuple[str, ...] = ()
    same_key: dict[str, str] = field(default_factory=dict)
    department: str = ""
    group: str = ""
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    group_of_department: dict[str, str] = field(default_factory=dict)
    group_of_flag: tuple[str, str, str] | None = None
    constants: dict[str, str] = field(default_factory=dict)
    from_file: dict[str, dict[str, str]] = field(default_factory=dict)
    unpivot: Unpivot | None = None

    def without_points(self) -> "Preset":
        """Return the export as read where a point between thousands is refused."""
        return replace(self, columns=tuple(replace(heading, may_have_points=False) for heading in self.columns))

    def heading_now(self, written: str) -> str:
        """Return the heading that stands today where an older file has another; any other as it is written."""
        found = (h.heading for h in self.columns if plain(written) in {plain(former) for former in h.formerly})
        return next(found, written)

    def has(self, column: str) -> bool:
        """Return whether the export has a canonical column."""
        return any(heading.to == column for heading in self.columns)

    def gives(self) -> set[str]:
        """Return every column that the export's rows have, also those that are derived or the same throughout."""
        derived = {name for h in self.columns for name in h.filled() if name}
        of_measures = {"department", "measure_group", "is_listed_type"} if self.table == "measure" else set()
        of_case = {"person_id"} if self.has("case_id") else set()
        turned = {self.unpivot.value, self.unpivot.kind} if self.unpivot else set()
        return derived | of_measures | of_case | turned | set(self.constants) | set(self.from_file)

    def reads(self, stem: str) -> bool:
        """Return whether a file belongs to the export, by its name without ending.

        Examples
        --------
        >>> weekly = Preset("x", {}, "benefit_week", (), file="ydelser", per_year=True)
        >>> weekly.reads("Ydelser_2024"), weekly.reads("ydelser")
        (True, False)
        """
        wanted = re.escape(plain(self.file)).replace(r"\*", ".*") + ("_[0-9]{4}" if self.per_year else "")
        return bool(self.file) and re.fullmatch(wanted, plain(stem)) is not None

    def holds(self, file: str, sheet: str) -> bool:
        """Return whether the export reads a file, or a sheet of it; ``file`` is its name, with or without folder."""
        name = file.rsplit("/", 1)[-1]
        if self.workbook:
            return (self.workbook.rsplit("/", 1)[-1], self.sheet) == (name, sheet)
        return self.reads(name.rsplit(".", 1)[0])

    def column(self, column: str) -> Heading | None:
        """Return how the export writes a canonical column; None when it has none."""
        return next((heading for heading in self.columns if heading.to == column), None)

    def heading_of(self, column: str) -> str:
        """Return the export's heading of a canonical column; the name itself when the export has none."""
        heading = self.column(column)
        return heading.heading if heading else column

    def heading_of_turned(self, kind: str) -> str:
        """Return the heading of the column that became the rows of one kind (see `Unpivot`)."""
        return next((self.heading_of(column) for column, known in self.unpivot.of.items() if known == kind), kind)

    def group_of_type(self) -> dict[str, str]:
        """Return how a type of measure is written (see `plain`) to its group."""
        return {plain(name): group for group, names in self.groups.items() for name in names}


@cache
def presets() -> dict[str, Preset]:
    """Return every export preset of the kit by name: its YAML files, then the sheets of the generic workbook."""
    of_files = _presets_in(resources.files(__package__).joinpath("presets"))
    return of_files | {name: preset_of_spec(name, declared) for name, declared in sheet_presets().items()}


def preset_of(file: str, sheet: str, known: dict[str, Preset]) -> Preset | None:
    """Return the preset that reads a file, or a sheet of it; None when none does."""
    return next((preset for preset in known.values() if preset.holds(file, sheet)), None)


def of_table(known: dict[str, Preset], table: str) -> dict[str, Preset]:
    """Return the presets whose rows become a table, by name."""
    return {name: preset for name, preset in known.items() if preset.table == table}


def with_defaults(name: str, declared: dict) -> dict:
    """Return what a municipality's own preset declares, with what need not be written.

    The title is the file's name; a code is read by the table's code list; a column without which a row cannot be used
    is required, and an empty cell of one is the table's code for "not stated" where it has one; the kind is the usual
    one of the column.
    """
    feed = feeds()[declared["table"]]
    given = {name for spec in declared["columns"].values() for name in given_by(spec or {})}
    columns = {str(heading): _whole_spec(spec or {}, feed, given) for heading, spec in declared["columns"].items()}
    title = declared.get("title") or name
    titles = {"da": title, "en": title} if isinstance(title, str) else {"da": name, "en": name, **title}
    return {"month": feed.months, **declared, "title": titles, "columns": columns}


def given_by(spec: dict) -> list[str]:
    """Return the columns that one heading gives, as it is declared."""
    return [spec[field] for field in ("to", *DERIVED) if spec.get(field)]


def _whole_spec(spec: dict, feed: Feed, given: set[str]) -> dict:
    column = feed.columns.get(spec.get("to", ""))
    if column is None:
        return dict(spec)
    usual = {"kind": column.kinds[0], "required": feed.is_needed(column.name, given) and not column.if_empty}
    usual |= {"empty": column.if_empty} if column.if_empty else {}
    whole = {**usual, **spec}
    if whole["kind"] in ("code", "codes") and not whole.get("map"):
        whole.setdefault("code_list", column.codes)
    return whole


def preset_of_spec(name: str, declared: dict) -> Preset:
    """Return the preset that a checked YAML file declares.

    Parameters
    ----------
    name
        The file's name without ending; also the prefix of its measures' numbers unless the file gives one.
    declared
        The file's content; see the presets of the kit for what may stand there.
    """
    given = dict(declared)
    columns = tuple(_heading(heading, spec or {}) for heading, spec in given.pop("columns").items())
    as_tuples = {name: tuple(given.pop(name)) for name in _TUPLES if name in given}
    turned = {"unpivot": Unpivot(**given.pop("unpivot"))} if "unpivot" in given else {}
    whole = {"prefix": name, **({"same_key": {"keep": "first"}} if as_tuples.get("key") else {}), **given}
    return Preset(name=name, columns=columns, **as_tuples, **turned, **whole)


def _heading(heading: str, spec: dict) -> Heading:
    as_tuples = {name: tuple(spec[name]) for name in ("keep", "blank", "formerly") if name in spec}
    return Heading(heading, **{**spec, **as_tuples})


def _presets_in(folder) -> dict[str, Preset]:
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".yml")), key=lambda f: f.name)
    return {name: preset_of_spec(name, _yaml(file)) for file in files for name in [file.name.removesuffix(".yml")]}


def _yaml(file) -> dict:
    return YAML(typ="safe").load(file.read_text(encoding="utf-8"))


_TUPLES = ("key", "gap_months", "group_of_flag")
