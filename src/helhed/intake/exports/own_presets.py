"""A municipality's own export presets: read from ``presets/*.yml`` beside its exports, every line checked."""

from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from helhed.errors import Problem
from helhed.intake.exports.preset import Preset, preset_of_spec, presets, with_defaults
from helhed.intake.exports.preset_check import Written, preset_problems
from helhed.intake.reading.spelling import plain

FOLDER = "presets"


def presets_of(municipality: Path) -> tuple[dict[str, Preset], list[Problem]]:
    """Return the kit's presets and the municipality's own by name, and what is wrong with the own ones.

    An own preset goes before the kit's of the same name, and takes the place of a kit's that reads the same file. One
    with a fault is left out: the fault is a problem that must be mended.
    """
    own, problems = {}, []
    for file in _files(municipality / FOLDER):
        preset, found = read_own_preset(file)
        problems += found
        if preset:
            own[preset.name] = preset
    problems += _same_file(own)
    taken = {_reads(preset) for preset in own.values()}
    of_kit = {name: preset for name, preset in presets().items() if _reads(preset) not in taken}
    return {**of_kit, **own}, problems


def read_own_preset(file: Path) -> tuple[Preset | None, list[Problem]]:
    """Return the preset of one file, and what is wrong with it; None when it cannot be used."""
    shown = f"{FOLDER}/{file.name}"
    try:
        content = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        return None, [Problem("intake.preset_not_utf8", file=shown)]
    except OSError:
        return None, [Problem("intake.unreadable", file=shown)]
    return checked_preset(file.stem, content, shown)


def checked_preset(name: str, content: str, shown: str) -> tuple[Preset | None, list[Problem]]:
    """Return the preset that a YAML text declares, and what is wrong with it.

    Parameters
    ----------
    name
        The preset's name: the file's name without ending.
    content
        The YAML text.
    shown
        The file as it is named in the problems.
    """
    document, problem = _loaded(content, shown)
    if problem:
        return None, [problem]
    problems = preset_problems(Written(document, shown))
    return (None if problems else preset_of_spec(name, with_defaults(name, document))), problems


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(f for f in folder.iterdir() if f.suffix.casefold() in (".yml", ".yaml") and f.name[0] not in ".~")


def _loaded(content: str, shown: str) -> tuple[CommentedMap, Problem | None]:
    try:
        document = YAML(typ="rt").load(content)
    except YAMLError as error:
        mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
        code = "preset_doubled" if type(error).__name__ == "DuplicateKeyError" else "preset_broken_yaml"
        return CommentedMap(), Problem(f"intake.{code}", file=shown, row=mark.line + 1 if mark else None)
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError):
        # Written as YAML, but with references into itself, values that no type holds or thousands of levels.
        return CommentedMap(), Problem("intake.preset_broken_yaml", file=shown)
    if not isinstance(document, CommentedMap):
        return CommentedMap(), Problem("intake.preset_broken_yaml", file=shown, row=1)
    return document, None


def _reads(preset: Preset) -> tuple[str, str]:
    """Return what a preset reads: a file of the exports, or a sheet of a workbook."""
    return (plain(preset.workbook), plain(preset.sheet)) if preset.workbook else (plain(preset.file), "")


def _same_file(own: dict[str, Preset]) -> list[Problem]:
    """Return a problem for each own preset that reads the same file as an earlier own one."""
    first: dict[tuple[str, str], str] = {}
    problems = []
    for name, preset in own.items():
        other = first.setdefault(_reads(preset), name)
        if other != name:
            shown, details = f"{FOLDER}/{name}.yml", {"other": f"{FOLDER}/{other}.yml"}
            problems.append(
                Problem("intake.preset_same_file", file=shown, column="file", value=preset.file, details=details)
            )
    return problems
