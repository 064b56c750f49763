"""Reads a municipality's ``profile.yml`` and checks every line of it before anything runs."""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from helhed.cpr import shows_cpr
from helhed.errors import Problem, ProfileNeedsWork
from helhed.municipalities import municipality_code
from helhed.profile.entries import Entry, Rating, courses, declared_entries, presets
from helhed.profile.published_rules import OF_MODEL, RULE, lines_within, picked, rule_entries, stated_by, two_rules
from helhed.profile.years import Years, known_years
from helhed.texts import LANGUAGES, text

FILE_NAME = "profile.yml"


class Setting(BaseModel):
    """One setting in force: its value, where the value comes from and who answers for it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: Any
    source: str = ""
    quality: Rating | None = None
    impact: Rating | None = None
    owner: str = ""
    valid_from: date | None = None
    #: ``profile``, ``rule`` (picked by name), ``preset``, ``year`` or ``default``: a default still in use is reported.
    origin: str = "profile"
    #: The year that stated the value, where the origin is ``year``.
    year: int | None = None


@dataclass(frozen=True)
class Profile:
    """A municipality's checked profile.

    ``profile["staffing.travel_hours_per_week"]`` gives the value in force: the municipality's own, else the model
    preset's, else the one of the year (see `helhed.profile.years`), else the declared default.
    """

    name: str
    municipality_code: str
    model: str
    folder: Path
    is_synthetic: bool
    settings: dict[str, Setting]
    lines: dict[str, int]
    #: The year asked for with `of_year`; None: the year of the data period's last day.
    asked_year: int | None = None

    def __getitem__(self, key: str) -> Any:
        """Return the value in force of a declared entry."""
        return self.settings[key].value

    @property
    def slug(self) -> str:
        """Return the municipality's name as a file name: the folder's own name."""
        return self.folder.resolve().name

    @property
    def year(self) -> int:
        """Return the year that rules and rates are wanted for."""
        return self.asked_year or self["data.to_date"].year

    @property
    def settings_year(self) -> int:
        """Return the year whose rules and rates are in force: the one wanted or, if it is not known, the nearest."""
        return known_years().nearest(self.year)

    def of_year(self, year: int, years: Years | None = None) -> "Profile":
        """Return the profile with the settings of a year: for what is computed month by month.

        The municipality's own values and the model's stay. ``years`` are the kit's own unless others are given.
        """
        stated = _of_years(years or known_years(), year)
        settings = {
            key: stated.get(key) or _default(declared_entries()[key]) if one.origin in ("year", "default") else one
            for key, one in self.settings.items()
        }
        return replace(self, settings=settings, asked_year=year)

    def year_problems(self) -> list[Problem]:
        """Return a note when the data end in a year that the kit does not know: then the nearest year stands in."""
        if self.settings_year == self.year:
            return []
        details = {"year": self.year, "used": self.settings_year}
        return [Problem("profile.unknown_year", "note", FILE_NAME, row=self.lines.get("data.to_date"), details=details)]

    def in_group(self, group: str) -> dict[str, Setting]:
        """Return the settings of one group, such as ``staffing``."""
        return {key: setting for key, setting in self.settings.items() if key.startswith(f"{group}.")}


def read_profile(folder: Path | str, lang: str = "da") -> Profile:
    """Return the checked profile of a municipality's folder.

    Parameters
    ----------
    folder
        The municipality's folder; holds ``profile.yml``.
    lang
        Language of the messages.

    Raises
    ------
    ProfileNeedsWork
        With one problem per faulty line: the file is missing or broken YAML, a key is unknown (the nearest known
        one is named), doubled or missing, a value has the wrong type or lies outside its limits.
    """
    file = Path(folder) / FILE_NAME
    document = _load(file, lang)
    problems, header = _check_header(document, file)
    written = document.get("settings") or {}
    if not isinstance(written, dict):
        problems.append(Problem("profile.settings_not_mapping", file=file.name, row=_line(document, "settings")))
        written = {}
    settings, setting_problems = _check_settings(written, file)
    problems += setting_problems
    problems += _cpr_problems(file)
    problems += two_rules(settings, file.name, _line(written, RULE))
    if problems:
        raise ProfileNeedsWork(problems, lang)
    lines = {key: _line(written, key) for key in written} | lines_within(written.get(RULE), RULE)
    in_force = _in_force(settings, header["model"])
    if in_force["data.to_date"].value <= in_force["data.from_date"].value:
        days = {name: str(in_force[f"data.{name}"].value) for name in ("from_date", "to_date")}
        place = {"file": file.name, "row": lines.get("data.to_date") or lines.get("data.from_date")}
        raise ProfileNeedsWork(Problem("profile.period_reversed", **place, details=days), lang)
    return Profile(folder=Path(folder), settings=in_force, lines=lines, **header)


def _load(file: Path, lang: str) -> dict:
    if not file.is_file():
        raise ProfileNeedsWork(Problem("profile.missing_file", file=str(file.parent / file.name)), lang)
    try:
        document = YAML(typ="rt").load(file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise ProfileNeedsWork(Problem("profile.not_utf8", file=file.name), lang) from None
    except YAMLError as error:
        mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
        row = mark.line + 1 if mark else None
        code = "profile.double_key" if type(error).__name__ == "DuplicateKeyError" else "profile.broken_yaml"
        raise ProfileNeedsWork(Problem(code, file=file.name, row=row), lang) from None
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError):
        # Written as YAML, but with references into itself, values that no type holds or thousands of levels.
        raise ProfileNeedsWork(Problem("profile.broken_yaml", file=file.name), lang) from None
    if document is None:
        raise ProfileNeedsWork(Problem("profile.empty_file", file=file.name), lang)
    if not isinstance(document, dict):
        raise ProfileNeedsWork(Problem("profile.broken_yaml", file=file.name, row=1), lang)
    return document


#: What a municipality may be called: its name stands in file names, on pages and in documents.
_NAME = re.compile(r"[^\W\d_][\w .,'’()/&-]{0,79}")
_HEADER = {"name": str, "municipality_code": str, "model": str, "is_synthetic": bool}


def _check_header(document: dict, file: Path) -> tuple[list[Problem], dict]:
    header = {key: document.get(key) for key in _HEADER}
    header["is_synthetic"] = header["is_synthetic"] or False
    written = header["municipality_code"]
    if isinstance(written, int) and not isinstance(written, bool):  # YAML reads 0101 without quotation marks as 101
        written = header["municipality_code"] = str(int(written))
    problems = [
        Problem("profile.header_missing", file=file.name, column=key, row=_line(document, key))
        for key, kind in _HEADER.items()
        if not isinstance(header[key], kind) or header[key] == ""
    ]
    if isinstance(header["name"], str) and header["name"] and not _NAME.fullmatch(header["name"]):
        problems.append(Problem("profile.odd_name", file=file.name, row=_line(document, "name")))
    header["municipality_code"] = _code_of(written, header["is_synthetic"] is True)
    if isinstance(written, str) and written and header["municipality_code"] is None:
        row = _line(document, "municipality_code")
        problems.append(Problem("profile.wrong_municipality_code", file=file.name, row=row, value=written))
    allowed = [*_HEADER, "settings"]
    problems += [_unknown_key(key, allowed, file, _line(document, key)) for key in document if key not in allowed]
    if isinstance(header["model"], str) and header["model"] not in presets():
        known, row = ", ".join(presets()), _line(document, "model")
        problems.append(
            Problem("profile.unknown_model", file=file.name, row=row, value=header["model"], details={"known": known})
        )
    return problems, header


def _code_of(written: Any, is_synthetic: bool) -> str | None:
    """Return the four-digit municipality code; only made-up municipalities may have one that no municipality has."""
    known = municipality_code(written) if isinstance(written, str) else None
    is_made_up = known is None and is_synthetic and isinstance(written, str)
    if is_made_up and re.fullmatch(r"[0-9]{3,4}", written.strip()) and int(written):
        return written.strip().zfill(4)
    return known


def _check_settings(written: dict, file: Path) -> tuple[dict[str, Setting], list[Problem]]:
    entries, settings, problems = declared_entries(), {}, []
    for key, given in written.items():
        row = _line(written, key)
        if key not in entries:
            problems.append(_unknown_key(key, entries, file, row))
            continue
        setting, wrong = _read_setting(given)
        if wrong:
            problems.append(Problem("profile.unknown_field", file=file.name, row=row, column=str(key), value=wrong))
        elif not _fits(entries[key], setting.value):
            problems.append(_misfit(entries[key], setting.value, file, row))
        else:
            settings[key] = setting
    return settings, problems


def _read_setting(given: Any) -> tuple[Setting | None, str]:
    is_spelled_out = isinstance(given, dict) and "value" in given
    try:
        return (Setting(**_plain(given)) if is_spelled_out else Setting(value=_plain(given))), ""
    except ValidationError as error:
        return None, ", ".join(str(found["loc"][0]) for found in error.errors())


def _fits(entry: Entry, value: Any) -> bool:
    try:
        return entry.fits(value)
    except TypeError:
        return False


def _misfit(entry: Entry, value: Any, file: Path, row: int | None) -> Problem:
    # One text per kind of value: "a whole number" says more to a reader than "int".
    code, limits = f"profile.misfit_{entry.kind}", entry.limits()
    allowed = {lang: text("profile.misfit_allowed", lang, limits=limits) if limits else "" for lang in LANGUAGES}
    if entry.kind == "choices" and isinstance(value, list):
        # Only the choices that are not allowed are named: a list of many may have one wrong.
        value = ", ".join(str(one) for one in value if one not in entry.choices)
    return Problem(code, file=file.name, row=row, column=entry.key, value=str(value), details={"allowed": allowed})


def _in_force(own: dict[str, Setting], model: str) -> dict[str, Setting]:
    entries = declared_entries()
    chosen = own.get("staffing.course_model")
    of_course = courses()[chosen.value]["settings"] if chosen and chosen.value in courses() else {}
    preset = presets()[model]["settings"] | of_course
    to_date = own["data.to_date"].value if "data.to_date" in own else entries["data.to_date"].default
    of_year = _of_years(known_years(), to_date.year)
    of_model = {key: Setting(**given, origin="preset") for key, given in preset.items()} | _of_rule(own)
    return {
        key: own.get(key) or of_model.get(key) or of_year.get(key) or _default(entry) for key, entry in entries.items()
    }


def _of_rule(own: dict[str, Setting]) -> dict[str, Setting]:
    """Return what the picked rule states; a model's rule comes with that model's thresholds, else the defaults."""
    name, entries = picked(own), declared_entries()
    if name == OF_MODEL:
        return {}
    others = {key: _default(entries[key]) for key in rule_entries()} if name in presets() else {}
    return others | {key: Setting(**given, origin="rule") for key, given in stated_by(name).items()}


def _of_years(years: Years, year: int) -> dict[str, Setting]:
    return {
        key: Setting(value=given.value, source=given.source, origin="year", year=stated)
        for key, (stated, given) in years.in_force(year).items()
    }


def _default(entry: Entry) -> Setting:
    ratings = {"quality": entry.quality, "impact": entry.impact}
    return Setting(value=entry.default, source=entry.source, origin="default", **ratings)


_ADDRESS = re.compile(r"https?://\S+")


def _cpr_problems(file: Path) -> list[Problem]:
    """Return a problem per line that shows a CPR number: names and sources are copied into every result."""
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    shown = [row for row, line in enumerate(lines, start=1) if shows_cpr(_ADDRESS.sub("", line))]
    problems = [Problem("profile.shows_cpr", file=file.name, row=row) for row in shown]
    if shows_cpr(file.parent.resolve().name):
        problems.append(Problem("profile.folder_shows_cpr"))
    return problems


def _unknown_key(key: Any, known: Iterable[str], file: Path, row: int | None) -> Problem:
    nearest = difflib.get_close_matches(str(key), list(known), n=1, cutoff=0.5)
    if not nearest:
        return Problem("profile.unlike_any_key", file=file.name, row=row, value=str(key))
    return Problem("profile.unknown_key", file=file.name, row=row, value=str(key), details={"nearest": nearest[0]})


def _line(node: Any, key: Any) -> int | None:
    try:
        return node.lc.key(key)[0] + 1
    except (AttributeError, KeyError):
        return None


def _plain(node: Any) -> Any:
    """Return ruamel's round-trip nodes as plain Python values."""
    if isinstance(node, dict):
        return {str(key): _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(value) for value in node]
    for kind in (bool, int, float, str):
        if isinstance(node, kind):
            return kind(node) if kind is not bool else bool(node)
    return node
