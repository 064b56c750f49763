"""Words that the municipality's systems write and no code is known for: a file in which a person gives each a code."""

import difflib
import json
from collections import Counter
from dataclasses import replace

from helhed.intake.exports.own_presets import FOLDER
from helhed.intake.exports.own_words import FIELD, coded_headings, codes_of
from helhed.intake.exports.preset import LEFT_OUT, Heading, Preset, preset_of, presets
from helhed.intake.municipality import Intake
from helhed.intake.proposals.proposal import Proposal
from helhed.intake.pseudonyms import REMOVED, shows_cpr
from helhed.intake.reading.spelling import plain
from helhed.texts import number, text

_NEAR = 0.8
#: What is said of a word without a code, and of a type of measure without a group.
_UNKNOWN = ("intake.unknown_code", "intake.unknown_measure_type")


def proposed_words(read: Intake, lang: str) -> list[Proposal]:
    """Return a proposal for each of the kit's exports in which words without a code were met, by name of the export.

    The words that the municipality has given a code already stand in it too: the file takes the place of its own.

    Parameters
    ----------
    read
        What came out of the municipality's exports.
    lang
        Language of the comments and sentences.
    """
    found: dict[str, Counter] = {}
    for problem in read.problems:
        if problem.code in _UNKNOWN and REMOVED not in problem.value:
            preset = preset_of(problem.file, problem.sheet, read.presets)
            if preset is not None and _is_of_kit(preset):
                found.setdefault(preset.name, Counter())[plain(problem.column), problem.value] += 1
    return [_proposal(read.presets[name], words, lang) for name, words in sorted(found.items())]


def _is_of_kit(preset: Preset) -> bool:
    """Return whether an export is a file that the kit's own preset reads, with or without further words."""
    bare = replace(preset, columns=tuple(replace(heading, words={}) for heading in preset.columns))
    of_kit = presets().get(preset.name)
    return bool(preset.file) and of_kit is not None and replace(bare, groups=of_kit.groups) == of_kit


def _proposal(preset: Preset, words: Counter, lang: str) -> Proposal:
    own = f"{FOLDER}/{preset.name}.yml"
    head = text("cli.words_head", lang, title=preset.title[lang], own=own, left_out=LEFT_OUT)
    lines = [f"# {line}".rstrip() for line in head.strip().splitlines()]
    lines.append(f"{FIELD}:")
    for heading in coded_headings(preset):
        new = {word: n for (column, word), n in sorted(words.items()) if column == plain(heading.heading)}
        if new or heading.words:
            known = ", ".join(f"{code} ({names[lang]})" for code, names in codes_of(heading, preset).items())
            lines += [f"  # {text('cli.words_codes', lang, known=known)}"]
            lines += [f"  {_quoted(heading.heading)}:", *_lines(preset, heading, new, lang)]
    proposal = f"check/proposed_presets/{preset.name}.yml"
    facts = {"title": preset.title[lang], "n": number(len(words), lang), "proposal": proposal, "own": own}
    return Proposal("", preset.name, "\n".join(lines) + "\n", text("cli.words_proposed", lang, **facts))


def _lines(preset: Preset, heading: Heading, new: dict[str, int], lang: str) -> list[str]:
    """Return the lines of one heading: words that have a code, and then those that a person must give one."""
    known = preset.group_of_type() if heading.to == "measure_type" else heading.code_map()
    lines = [f"    {_quoted(word)}: {code}" for word, code in heading.words.items() if not shows_cpr(word)]
    for word, n in new.items():
        near = difflib.get_close_matches(plain(word), known, n=1, cutoff=_NEAR)
        like = text("cli.words_near", lang, code=known[near[0]]) if near else ""
        lines.append(f"    {_quoted(word)}:  # {text('cli.words_rows', lang, n=number(n, lang))}{like}")
    return lines


def _quoted(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)
