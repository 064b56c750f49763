"""A municipality's own export presets: read from ``presets/*.yml`` beside its exports, every line checked."""

from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from helhed.errors import Problem
from helhed.intake.exports.own_words import holds_words, with_own_words, word_problems
from helhed.intake.exports.preset import Preset, preset_of_spec, presets, with_defaults
from helhed.intake.exports.preset_check import Written, preset_problems, unknown_name
from helhed.intake.reading.spelling import plain

FOLDER = "presets"


def presets_of(municipality: Path) -> tuple[dict[str, Preset], list[Problem]]:
    """Return the kit's presets and the municipality's own by name, and what is wrong with the own ones.

    An own preset goes before the kit's of the same name, and takes the place of a kit's that reads the same file. One
    with a fault is left out: the fault is a problem that must be mended. A file that holds ``words`` alone adds words
    to the preset of its name (see `helhed.intake.exports.own_words`).
    """
    own, added, problems = {}, [], []
    for file in _files(municipality / FOLDER):
        shown = f"{FOLDER}/{file.name}"
        document, problem = _read(file, shown)
        if problem:
            problems.append(problem)
        elif holds_words(document):
            added.append((file.stem, Written(document, shown)))
        else:
            preset, found = _checked(file.stem, document, shown)
            problems += found
            own |= {preset.name: preset} if preset else {}
    problems += _same_file(own)
    taken = {_reads(preset) for preset in own.values()}
    known = {name: preset for name, preset in presets().items() if _reads(preset) not in taken} | own
    return known, problems + _add_words(known, added)


def _add_words(known: dict[str, Preset], added: list[tuple[str, Written]]) -> list[Problem]:
    """Add the municipality's own words to the presets that they are for; return what is wrong with them."""
    problems = []
    for name, written in added:
        if name not in known:
            files = [other for other, preset in known.items() if preset.file]
            problems.append(unknown_name(written, "words_of_nothing", written.document, "words", name, files))
            continue
        found = list(word_problems(written, known[name]))
        problems += found
        if not found:
            known[name] = with_own_words(known[name], written.document)
    return problems


def _read(file: Path, shown: str) -> tuple[CommentedMap, Problem | None]:
    try:
        return _loaded(file.read_text(encoding="utf-8-sig"), shown)
    except UnicodeDecodeError:
        return CommentedMap(), Problem("intake.preset_not_utf8", file=shown)
    except OSError:
        return CommentedMap(), Problem("intake.unreadable", file=shown)


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
    return (None, [problem]) if problem else _checked(name, document, shown)


def _checked(name: str, document: CommentedMap, shown: str) -> tuple[Preset | None, list[Problem]]:
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
