"""Shows what is to be mended in the reader's plan form, and what is to be thought over."""

from collections.abc import Mapping
from datetime import date

from helhed.browser.family_list import Fault
from helhed.browser.kit import Kit
from helhed.browser.plan_form import Remark, check_form
from helhed.browser.shown_target import fault_place
from helhed.browser.table_files import UnreadableFile, sheets_of
from helhed.browser.words import Words, paragraphs, table


def form_answer(kit: Kit, values: Mapping[str, str], name: str, content: bytes, today: date) -> str:
    """Return the answer for the page: faults that stop the form from being read, then what is to be thought over."""
    sheets = sheets_of(name, content)
    if set(sheets) == {""}:
        raise UnreadableFile("no_form")
    checked = check_form(sheets, kit.forms, kit.words.lang, today)
    if not checked.is_form:
        raise UnreadableFile("no_form")
    words = kit.words
    faults = [remark for remark in checked.remarks if remark.is_fault]
    thoughts = [remark for remark in checked.remarks if not remark.is_fault]
    counts = {**checked.n_rows, "lines": checked.n_lines, "faults": len(faults), "thoughts": len(thoughts)}
    shown = {name: words.number(count) for name, count in counts.items()}
    said = words.say("says_family_form" if checked.is_family_form else "says_form", **shown)
    found = [words.say("says_form_clean")] if not checked.remarks else []
    tables = [
        _remarks(words, group, caption) for group, caption in ((faults, "form_faults"), (thoughts, "form_thoughts"))
    ]
    example = [words.say("says_example_day", day=words.day(today))] if values.get("is_example") else []
    return paragraphs([said, *example, *found]) + "".join(tables)


def _remarks(words: Words, remarks: list[Remark], caption: str) -> str:
    if not remarks:
        return ""
    rows = [[fault_place(words, _fault(remark)), remark_in_words(words, remark)] for remark in remarks]
    return table([words.say("head_where"), words.say("head_what")], rows, words.say(caption))


def _fault(remark: Remark) -> Fault:
    return Fault(remark.code, remark.sheet, remark.row, remark.column, remark.value)


def remark_in_words(words: Words, remark: Remark) -> str:
    """Return what a remark says, with its cure."""
    details = dict(remark.details)
    if "missing" in details:
        names = [words.say(f"field_{name}").lower() for name in details["missing"].split(",")]
        details["missing"] = words.listed(names)
    if "day" in details:
        details["day"] = words.day(details["day"])
    if details.get("limits"):
        details["limits"] = words.say(f"limits_{details['limits']}")
    return words.say(f"form_{remark.code}", value=words.given(remark.value), column=remark.column, **details)
