"""A municipality's own words for the codes of an export: one line each in ``presets/<name of the export>.yml``.

words:
  Ydelse:
    Revalideringsydelse: left_out
    Kontanthjælp mv.: kontanthjaelp
"""

from collections.abc import Iterator
from dataclasses import replace

from ruamel.yaml.comments import CommentedMap

from helhed.errors import Problem
from helhed.intake.exports.feeds import feeds
from helhed.intake.exports.preset import LEFT_OUT, Heading, Preset
from helhed.intake.exports.preset_check import Written, unknown_name
from helhed.intake.reading.readers import RawSheet
from helhed.intake.reading.spelling import plain
from helhed.tables import codes

FIELD = "words"


def holds_words(document: CommentedMap) -> bool:
    """Return whether a file of the folder ``presets`` only adds words to a known export."""
    return FIELD in document and "table" not in document and "columns" not in document


def with_own_words(preset: Preset, document: CommentedMap) -> Preset:
    """Return the export with the words that a checked document adds (see `word_problems`)."""
    new = {plain(str(heading)): dict(words) for heading, words in document[FIELD].items()}
    columns = tuple(
        replace(heading, words={str(word): _code(heading, preset, said) for word, said in added.items()})
        if (added := new.get(plain(heading.heading)))
        else heading
        for heading in preset.columns
    )
    types = next((heading.words for heading in columns if _tells_group(heading, preset)), {})
    return replace(preset, columns=columns, groups=_grouped(preset.groups, types) if types else preset.groups)


def _grouped(groups: dict[str, tuple[str, ...]], types: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """Return the types of measure by group; what the municipality says of a type goes before what the kit says."""
    said = {plain(word) for word in types}
    kept = {group: tuple(name for name in names if plain(name) not in said) for group, names in groups.items()}
    for word, group in types.items():
        kept[group] = (*kept.get(group, ()), word)
    return kept


def word_problems(written: Written, preset: Preset) -> Iterator[Problem]:
    """Yield everything that is wrong with the words added to an export."""
    document = written.document
    for key in document:
        if key != FIELD:
            yield unknown_name(written, "unknown_field", document, key, key, [FIELD])
    of_heading = document[FIELD]
    if not isinstance(of_heading, dict):
        yield written.problem("wants_mapping", document, FIELD, of_heading)
        return
    coded = {plain(heading.heading): heading for heading in coded_headings(preset)}
    for heading, words in of_heading.items():
        if plain(str(heading)) not in coded:
            names = [one.heading for one in coded.values()]
            yield unknown_name(written, "no_codes", of_heading, heading, heading, names)
        elif not isinstance(words, dict):
            yield written.problem("wants_mapping", of_heading, heading, words)
        else:
            yield from _of_words(written, words, coded[plain(str(heading))], preset)


def _of_words(written: Written, words: CommentedMap, heading: Heading, preset: Preset) -> Iterator[Problem]:
    known = [*codes_of(heading, preset), LEFT_OUT]
    for word, said in words.items():
        if said in (None, ""):
            yield written.problem("word_without_code", words, word, word, known=", ".join(known))
        elif _code(heading, preset, said) not in known:
            yield unknown_name(written, "unknown_code", words, word, said, known, to=heading.heading)


def coded_headings(preset: Preset) -> list[Heading]:
    """Return the headings of an export whose cells are codes, or types of measure that have a group."""
    return [h for h in preset.columns if h.to and (h.kind in ("code", "codes") or _tells_group(h, preset))]


def _tells_group(heading: Heading, preset: Preset) -> bool:
    return heading.to == "measure_type" and bool(preset.groups)


def codes_of(heading: Heading, preset: Preset) -> dict[str, dict[str, str]]:
    """Return the codes that the cells of a heading can stand for, each with its name in every language."""
    if _tells_group(heading, preset):
        return codes()["measure_group"]
    column = feeds()[preset.table].columns.get(heading.to)
    return codes().get(column.codes if column else heading.code_list, {})


def _code(heading: Heading, preset: Preset, said: str) -> str:
    """Return the code that is meant: the code itself, its name, or a word that already has one."""
    names = codes_of(heading, preset)
    if said in (*names, LEFT_OUT):
        return said
    by_name = {plain(name): code for code, of_code in names.items() for name in of_code.values()}
    known = preset.group_of_type() if _tells_group(heading, preset) else heading.code_map()
    return {**by_name, **known}.get(plain(str(said)), str(said))


def without_words(sheet: RawSheet, preset: Preset) -> tuple[RawSheet, list[Problem]]:
    """Return the sheet without the rows that the municipality's own words leave out, and a note of how many."""
    frame, kept = sheet.frame, sheet.frame
    by_plain = {plain(written): written for written in frame.columns}
    for heading in coded_headings(preset):
        left_out, written = heading.words_left_out(), by_plain.get(plain(heading.heading))
        if left_out and written:
            cells = kept[written]
            kept = kept[~cells.isin([cell for cell in cells.unique() if plain(cell) in left_out])]
    if len(kept) == len(frame):
        return sheet, []
    note = Problem("intake.words_left_out", "note", sheet.file, sheet.sheet, details={"n": len(frame) - len(kept)})
    return replace(sheet, frame=kept), [note]
