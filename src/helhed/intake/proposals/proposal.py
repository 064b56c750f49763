"""A proposed preset as a YAML file to look through: what was found, how surely, and what a person must say."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from helhed.errors import Problem
from helhed.intake.exports.folder import unclaimed_files
from helhed.intake.exports.own_presets import FOLDER, checked_preset
from helhed.intake.exports.preset import DERIVED, Heading, Preset, of_table, presets
from helhed.intake.exports.unneeded import unneeded_export
from helhed.intake.proposals.guess import Guess, Match, guess, known_names, map_of, names_staff, same_export
from helhed.intake.pseudonyms import shows_cpr, without_cpr
from helhed.intake.reading.readers import RawSheet, read_export, read_xlsx, sheet_names
from helhed.tables import codes
from helhed.texts import number, percent, text

#: Codes are shown only when they are few and short: free text may be about persons.
_MOST_CODES, _LONGEST_CODE = 20, 60
#: So many sheets of an unknown workbook are looked at.
_MOST_SHEETS = 12
_YEAR = re.compile(r"(?P<base>.+)_(?:19|20)[0-9]{2}")
#: What a kit preset lends to the proposal besides its columns.
_LENT = ("gap_months", "department", "group", "groups", "group_of_department", "group_of_flag", "from_file")


@dataclass(frozen=True)
class Proposal:
    """What can be said of a file that no preset reads.

    ``content`` is the proposed preset, empty where none is needed; ``says`` is what to do with it, in one sentence.
    """

    file: str
    name: str
    content: str
    says: str
    problems: tuple[Problem, ...] = ()


def proposed_presets(folder: Path, encoding: str, known: dict[str, Preset], lang: str) -> list[Proposal]:
    """Return what can be said of each file of the exports that no preset reads; one for all years of an export.

    Parameters
    ----------
    folder
        The folder of exports.
    encoding
        The encoding that the profile names.
    known
        The presets in use, by name.
    lang
        Language of the comments and sentences.
    """
    made: dict[str, Proposal] = {}
    for file in unclaimed_files(folder, known.values()):
        stem, is_yearly = _stem(file)
        if stem not in made:
            made[stem] = _proposal(file, stem, is_yearly, encoding, known, lang)
    return list(made.values())


def _stem(file: Path) -> tuple[str, bool]:
    found = _YEAR.fullmatch(file.stem)
    return (found["base"], True) if found else (file.stem, False)


def _proposal(file: Path, stem: str, is_yearly: bool, encoding: str, known: dict[str, Preset], lang: str) -> Proposal:
    shown, name = without_cpr(file.name), re.sub(r"[^\w-]+", "_", without_cpr(stem)).strip("_") or "x"
    sheet, problems = _likeliest_sheet(file, encoding)
    if sheet is None or sheet.frame.columns.empty:
        return Proposal(shown, name, "", text("cli.proposal_unreadable", lang, file=shown), tuple(problems))
    same = same_export(sheet.frame.columns, known)
    if same:
        wanted = f"{same.file}_{text('cli.year', lang)}" if same.per_year else same.file
        facts = {"file": shown, "title": same.title[lang], "wanted": wanted}
        return Proposal(shown, name, "", text("cli.proposal_rename", lang, **facts))
    unneeded = unneeded_export(sheet.frame.columns)
    if unneeded:
        return Proposal(shown, name, "", text("cli.proposal_unneeded", lang, file=shown, why=unneeded.why(lang)))
    guessed = guess(sheet)
    content = preset_text(guessed, sheet, stem, is_yearly, lang)
    lacking = checked_preset(name, content, f"{FOLDER}/{name}.yml")[1]
    facts = {
        "file": shown,
        "table": guessed.feed.title(lang),
        "share": percent(guessed.share_known, lang),
        "proposal": f"check/proposed_presets/{name}.yml",
        "own": f"{FOLDER}/{name}.yml",
    }
    says = text("cli.proposal_lacks" if lacking else "cli.proposal_made", lang, n=number(len(lacking), lang), **facts)
    return Proposal(shown, name, _with_lacks(content, lacking, lang), says, tuple(lacking))


def _likeliest_sheet(file: Path, encoding: str) -> tuple[RawSheet | None, list[Problem]]:
    """Return a file as text; of a workbook the sheet that looks most like a table of the kit, the first of several."""
    first, problems = read_export(file, encoding, known_names())
    others = any(problem.code == "intake.other_sheets" for problem in problems)
    if not others or first is None:
        return first, problems
    sheets = [sheet for name in sheet_names(file)[0][:_MOST_SHEETS] for sheet in [_of_name(file, name)] if sheet]
    return max([first, *sheets], key=lambda sheet: guess(sheet).score), problems


def _of_name(file: Path, name: str) -> RawSheet | None:
    sheet, _ = read_xlsx(file, name, known_names())
    return sheet if sheet is not None and len(sheet.frame) else None


def _with_lacks(content: str, lacking: list[Problem], lang: str) -> str:
    lines = [text("cli.proposal_lacking", lang), *(f"- {problem.message(lang)}" for problem in lacking)]
    return "".join(f"# {line}\n" for line in lines if lacking) + content


def preset_text(guessed: Guess, sheet: RawSheet, stem: str, is_yearly: bool, lang: str) -> str:
    """Return the proposed preset as YAML; it shows no cell of the file but codes, and no code that may name a person.

    Parameters
    ----------
    guessed
        What the file looks like.
    sheet
        The file as text.
    stem
        The file's name without ending, and without its year when it has one.
    is_yearly
        Whether there is a file for each year.
    lang
        Language of the comments.
    """
    head = text("cli.proposal_head", lang, file=without_cpr(sheet.file))
    lines = [f"# {line}".rstrip() for line in head.strip().splitlines()]
    lines.append(f"title: {{da: {_quoted(without_cpr(stem))}, en: {_quoted(without_cpr(stem))}}}")
    lines.append(f"table: {guessed.feed.table}  # {guessed.feed.title(lang)}")
    lines += [f"file: {_quoted(without_cpr(stem))}", "optional: true"]
    lines += ["per_year: true"] if is_yearly else []
    lines += [*_lent(guessed), *_department(guessed, lang), "columns:"]
    lines += [line for heading in sheet.frame.columns for line in _column(str(heading), guessed, lang)]
    return "\n".join(lines) + "\n"


def _quoted(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)


def _lent(guessed: Guess) -> list[str]:
    """Return what the kit's preset for such an export says of the whole file."""
    base = guessed.base
    if base is None:
        return []
    given = {match.to for match in guessed.matches.values()}
    lines = []
    if base.key and set(base.key) - set(base.constants) - set(base.from_file) <= base.gives() & (
        given | _derived(base)
    ):
        lines.append(f"key: {_flow(list(base.key))}")
        if base.same_key.get("by") in (None, *given):
            lines.append(f"same_key: {_flow(base.same_key)}")
    for name in _LENT:
        value = getattr(base, name)
        if value and (name != "group_of_flag" or value[0] in given):
            lines.append(f"{name}: {_flow(value)}")
    if base.constants:
        lines.append(f"constants: {_flow(base.constants)}")
    if base.unpivot and set(base.unpivot.of) <= given:
        lines.append(f"unpivot: {_flow(vars(base.unpivot))}")
    return lines


def _derived(base: Preset) -> set[str]:
    turned = {base.unpivot.value, base.unpivot.kind} if base.unpivot else set()
    return turned | {name for heading in base.columns for name in heading.filled()[1:] if name}


def _flow(value) -> str:
    """Return a value as YAML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_plain_or_quoted(key)}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, (int, float)) else _plain_or_quoted(str(value))


def _plain_or_quoted(words: str) -> str:
    is_plain = re.fullmatch(r"[a-z_][a-z0-9_]*", words) and words not in (
        "y",
        "n",
        "yes",
        "no",
        "on",
        "off",
        "true",
        "false",
        "null",
    )
    return words if is_plain else _quoted(words)


def _department(guessed: Guess, lang: str) -> list[str]:
    """Return the line on which a person says which department the measures belong to, where nothing tells it."""
    is_told = (guessed.base and guessed.base.department) or any(m.to == "department" for m in guessed.matches.values())
    if guessed.feed.table != "measure" or is_told:
        return []
    known = ", ".join(codes()["department"])
    return [f"# department: children  # {text('cli.proposal_department', lang, known=known)}"]


def _column(heading: str, guessed: Guess, lang: str) -> list[str]:
    """Return the lines of one column: what it becomes, how surely, and what to look at."""
    if shows_cpr(heading):
        return [f"  # {text('cli.proposal_cpr_heading', lang, heading=without_cpr(heading))}"]
    match = guessed.matches.get(heading)
    if names_staff(heading) and (match is None or not match.to):
        return [f"  {_quoted(heading)}: {{}}  # {text('cli.proposal_staff', lang)}"]
    if match is None:
        near = ", ".join(guessed.nearest(heading))
        return [f"  {_quoted(heading)}: {{}}  # {text('cli.proposal_unknown', lang, nearest=near)}"]
    if not match.to:
        spec = {"keep": list(match.known.keep)} if match.known and match.known.keep else {}
        return [f"  {_quoted(heading)}: {_flow(spec)}  # {text('cli.proposal_unused', lang)}"]
    mapped, open_cells = map_of(match, guessed)
    spec, sure = _spec(match, guessed, mapped), percent(match.score, lang)
    label = guessed.feed.columns[match.to].label(lang) if match.to in guessed.feed.columns else match.to
    lines = [f"  {_quoted(heading)}: {_flow(spec)}  # {label}, {text('cli.proposal_sure', lang, share=sure)}"]
    shown = [cell for cell in open_cells if len(cell) <= _LONGEST_CODE and not shows_cpr(cell)][:_MOST_CODES]
    if shown and match.kind in ("code", "codes"):
        column = guessed.feed.columns[match.to]
        facts = {"cells": ", ".join(f"»{cell}«" for cell in shown), "known": ", ".join(codes()[column.codes])}
        lines.append(f"    # {text('cli.proposal_codes', lang, **facts)}")
    return lines


def _spec(match: Match, guessed: Guess, mapped: dict[str, str]) -> dict:
    """Return how a column is to be read: the kit's way where a preset of the kit is followed, else the usual one."""
    like = _in_base(match, guessed.base)
    spec: dict = {"to": match.to, "kind": match.kind}
    column, given = guessed.feed.columns.get(match.to), {found.to for found in guessed.matches.values()}
    is_needed = guessed.feed.is_needed(match.to, given) or _kit_requires(match.to, guessed.feed.table)
    if is_needed and not (column and column.if_empty):
        spec["required"] = True
    for name in ("min", "max", "unknown", *DERIVED, "blank"):
        value = getattr(like, name) if like else None
        if value not in (None, "", (), "must_fix"):
            spec[name] = list(value) if isinstance(value, tuple) else value
    if match.to == "person_id" and guessed.feed.table == "person":
        spec |= {"birth_to": "cpr_birth_date", "sex_to": "cpr_sex"}
    few = {cell: code for cell, code in mapped.items() if not shows_cpr(cell)}
    return {**spec, **({"map": few} if few and len(few) <= _MOST_CODES else {})}


def _kit_requires(column: str, table: str) -> bool:
    """Return whether a column is the first or last day of a row and an export of the kit requires it."""
    if column not in ("start_date", "end_date"):
        return False
    of_kit = (preset for preset in of_table(presets(), table).values() if not preset.workbook)
    return any(heading.required for preset in of_kit for heading in preset.columns if heading.to == column)


def _in_base(match: Match, base: Preset | None) -> Heading | None:
    return next((heading for heading in base.columns if heading.to == match.to), None) if base else None
