"""What the page calls: it sends what the reader filled in, and gets back what to show. Nothing leaves the machine."""

import json
from datetime import date

from helhed.browser.kit import Kit, kit_of
from helhed.browser.number_fields import OutsideField, require_within
from helhed.browser.shown_form import form_answer
from helhed.browser.shown_numbers import break_even_answer, power_answer, staffing_answer
from helhed.browser.shown_target import place_in_words, target_answer
from helhed.browser.table_files import UnreadableFile
from helhed.browser.words import Words, paragraphs

_NUMBERS = {"staffing": staffing_answer, "break_even": break_even_answer, "power": power_answer}


class Page:
    """The page while it is open: the kit's declarations, and the answers to what the reader fills in."""

    def __init__(self, told: str):
        self.kit: Kit = kit_of(json.loads(told))

    def answer(self, part: str, filled: str, name: str = "", content=b"") -> str:
        """Return what a part of the page shows, as JSON: ``html``, and ``saved`` with a file's name and content.

        ``said`` is what is announced of it: ``answered``, ``refused_file`` or ``refused_field``.

        Parameters
        ----------
        part
            ``target``, ``staffing``, ``break_even``, ``power`` or ``form``.
        filled
            The fields of the part as JSON.
        name, content
            The reader's file, where the part takes one.
        """
        values, said = json.loads(filled), "answered"
        try:
            html, saved = self._answer(part, values, name, bytes(content))
        except UnreadableFile as unreadable:
            html, saved, said = paragraphs([_unreadable(self.kit.words, unreadable)]), None, "refused_file"
        except OutsideField as outside:
            html, saved, said = paragraphs([outside.in_words(self.kit.words)]), None, "refused_field"
        except (ValueError, OverflowError, ZeroDivisionError):
            html, saved, said = paragraphs([self.kit.words.say("not_a_number_here")]), None, "refused_field"
        return json.dumps({"html": html, "saved": saved, "said": said})

    def _answer(self, part: str, values: dict, name: str, content: bytes) -> tuple[str, tuple[str, str] | None]:
        if part in _NUMBERS:
            require_within(self.kit, part, values)
            return _NUMBERS[part](self.kit, values), None
        if not name:
            return paragraphs([self.kit.words.say("choose_file")]), None
        if part == "form":
            today = self.kit.example_day if values.get("is_example") else date.today()
            return form_answer(self.kit, values, name, content, today), None
        return target_answer(self.kit, values, name, content)


def _unreadable(words: Words, file: UnreadableFile) -> str:
    return words.say(f"unreadable_{file.code}", place=place_in_words(words, file.place) if file.place else "")
