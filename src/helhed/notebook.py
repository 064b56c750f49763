"""What the notebooks need: open a step, read hand-overs, show figures, tables and sentences, hand over.

Everything a step makes is kept in memory until `Step.hand_over`: a notebook that stops half-way leaves nothing.
"""

import json
import os
import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pandas as pd
from IPython.display import HTML, Markdown, display

from helhed.disclosure import protect, shown_rounded
from helhed.errors import WrongCall, speak
from helhed.html_table import html_table
from helhed.outputs import KeyNumber, Picture, PublicTable
from helhed.profile import Profile, declared_entries, read_profile, source_in, value_in_words
from helhed.profile.law import lawful_rows, require_persons, uncovered_members, unread_in_words
from helhed.publishing.inputs import rests_on
from helhed.publishing.run_folder import RunFolder, changes
from helhed.texts import document_name, text
from helhed.texts import number as number_in_words

#: What the tables of citizens are read for in each step that looks no closer at the law itself.
PURPOSES = {
    "2_staff_coordinators": "coordinate",
    "3_make_family_plans": "coordinate",
    "4_monitor_indicators": "follow_up",
    "5_evaluate_and_account": "follow_up",
}
_CHECKED = "0_check_data"
_TAG = re.compile(r"<(?=[A-Za-z/!?])")


class Step:
    """One step of a run, in one language: what it reads, shows and hands over."""

    def __init__(self, name: str, profile: Profile, run: RunFolder, lang: str):
        self.name, self.profile, self.run, self.lang = name, profile, run, lang
        self._rests_on = rests_on(profile, lang)
        self._facts: dict = {}
        self._public: dict[str, bytes] = {}
        self._key_numbers: dict[str, KeyNumber] = {}
        self._documents: dict[str, bytes] = {}
        self._unread: dict[str, str] = {}

    @property
    def threshold(self) -> int:
        """Return the smallest count of persons or families that may be shown."""
        return self.profile["disclosure.threshold"]

    @property
    def rounding_base(self) -> int:
        """Return what counts that are shown are rounded to; 0 for no rounding."""
        return self.profile["disclosure.rounding_base"]

    def require_unchanged_inputs(self) -> None:
        """Stop if an earlier step of the run rests on other files or another key than the present ones."""
        for earlier in self.run.finished_before(self.name):
            self.run.require_unchanged(earlier, self._rests_on, self.lang)

    def read(self, step: str, table: str) -> pd.DataFrame:
        """Return a hand-over table of an earlier step; `WrongCall` if it is not there or rests on other files.

        Of a table of citizens come only the rows with a legal basis for the step's purpose; what was left out is told
        with the assumptions and kept for the run's record. The choice of the target group looks at the law itself,
        criterion by criterion.

        Raises
        ------
        ProfileNeedsWork
            If the register of persons has no legal basis for the purpose: then nothing can be told.
        """
        frame, purpose = self.run.read_table(step, table, self._rests_on, self.lang), PURPOSES.get(self.name)
        if step != _CHECKED or purpose is None:
            return frame
        require_persons(self.profile, purpose, self.lang)
        looks_up = uncovered_members(self.profile, table)
        person = self.run.read_table(step, "person", self._rests_on, self.lang) if looks_up else frame
        lawful = lawful_rows(table, frame, person, self.profile, purpose)
        if len(lawful) < len(frame):
            self._unread[table] = "partly" if len(lawful) else "unread"
            self.record(read_without=dict(sorted(self._unread.items())))
        return lawful

    def of_another(self, run_dir: str) -> "Step":
        """Return the same step of another municipality's run, to read from.

        The run lies in that municipality's folder (``<municipality>/runs/<run>``).

        Raises
        ------
        ProfileNeedsWork
            If there is no profile, or one that cannot be used.
        WrongCall
            If a step of the run rests on other files than the present ones.
        """
        profile = read_profile(Path(run_dir).resolve().parents[1], self.lang)
        step = Step(self.name, profile, RunFolder(run_dir), self.lang)
        step.require_unchanged_inputs()
        return step

    def sent_back(self, folder: str) -> dict[str, bytes]:
        """Return the files that people have put into a folder of the municipality's, by name; a run rests on them.

        Only `helhed.publishing.inputs` knows the folders a run rests on; a file that Office has open is left out.
        """
        files = sorted((self.profile.folder / folder).glob("*"))
        return {file.name: file.read_bytes() for file in files if file.is_file() and file.name[0] not in ".~"}

    def assumptions(self, *groups: str) -> None:
        """Show the profile entries of one or more groups: value, unit, source and where the value comes from.

        First stand the tables that had no legal basis for the step's purpose and so were not read, when there are any.
        """
        if self._unread:
            display(Markdown(unread_in_words(self._unread, PURPOSES[self.name], self.lang)))
        rows = [row for group in groups for row in assumption_rows(self.profile, group, self.lang)]
        labels = {key: text(f"outputs.{key}", self.lang) for key in ("assumption", "value", "unit", "source", "origin")}
        columns = {key: (label, "text") for key, label in labels.items()}
        title = text("outputs.assumptions_title", self.lang)
        shown = PublicTable("assumptions", title, pd.DataFrame(rows, columns=list(labels)), columns)
        display(HTML(html_table(shown, self.lang, self.threshold)))

    def protect(self, table: PublicTable) -> PublicTable:
        """Return the table with small counts hidden; figures are drawn from the result."""
        return protect(table, self.threshold, self.rounding_base)

    def show_table(self, table: PublicTable) -> None:
        """Show a table after disclosure control and keep it for the book."""
        safe = self.protect(table) if table.sums is None else table
        self._public[f"{table.name}.json"] = _to_json(
            {
                "title": table.title,
                "columns": [
                    {"name": name, "label": label, "format": form} for name, (label, form) in table.columns.items()
                ],
                "rows": safe.written(self.lang, self.threshold),
                "sums": [asdict(one) for one in safe.sums],
                "threshold": self.threshold,
                **({"rounded_to": safe.rounded_to} if safe.rounded_to else {}),
            }
        )
        is_empty = not len(table.frame)
        display(Markdown(_none_of(table, self.lang)) if is_empty else HTML(html_table(safe, self.lang, self.threshold)))
        if safe.rounded_to and any(form == "count" for _, form in table.columns.values()):
            display(Markdown(text("outputs.rounded_to", self.lang, base=number_in_words(safe.rounded_to, self.lang))))

    def show_figure(self, picture: Picture) -> None:
        """Show a figure and keep it, with caption and alternative text, for the book."""
        words = {"name": picture.name, "caption": _without_tags(picture.caption), "alt": picture.alt}
        self._public[f"{picture.name}.png"] = picture.png
        self._public[f"{picture.name}.json"] = _to_json(words)
        bundle = {"image/png": b64encode(picture.png).decode(), "text/plain": picture.alt}
        display(bundle, raw=True, metadata={"helhed": words, "image/png": {"width": picture.pixels_on_screen}})

    def say(self, *sentences: str) -> None:
        """Show what the numbers say, in sentences made from the results."""
        display(Markdown(f"**{text('outputs.what_this_shows', self.lang)}** " + _without_tags(" ".join(sentences))))

    def key_number(self, name: str, value, form: str = "number") -> None:
        """Keep a value that pages of the book quote; ``form`` is a key of `helhed.outputs.FORMATS`."""
        self._key_numbers[name] = KeyNumber(value, form)

    def key_numbers(self, numbers: dict[str, tuple]) -> None:
        """Keep several values that pages of the book quote: name to (value, format)."""
        for name, (value, form) in numbers.items():
            self.key_number(name, value, form)

    def document(self, file_name: str, content: bytes) -> None:
        """Keep a file for the case workers; it stays in the run's private folder, under its name in the language.

        ``file_name`` is what the code calls it: see `helhed.texts.document_name`.
        """
        self._documents[document_name(file_name, self.lang)] = content

    def documents(self, files: dict[str, bytes]) -> None:
        """Keep several files for the case workers, as `document` does: file name to content."""
        for file_name, content in files.items():
            self.document(file_name, content)

    def record(self, **facts) -> None:
        """Keep facts for the run's record (manifest): plain values, lists and mappings, never about one person."""
        self._facts |= facts

    def what_if(self, say: Callable[..., str], **controls) -> None:
        """Show a form for a what-if in JupyterLab; leave it out when the notebook runs without a person.

        ``say`` and ``controls`` are those of `helhed.what_if_form.show_what_if`.
        """
        # Jupyter's server sets this for a kernel with a person in front of it; papermill and the runner do not.
        if "JPY_SESSION_NAME" in os.environ:
            from helhed.what_if_form import show_what_if

            show_what_if(say, controls, self.lang)

    def hand_over(self, tables: dict[str, pd.DataFrame] | None = None, *, is_what_if: bool = False) -> None:
        """Write everything the step made: hand-over tables and documents (private), figures and numbers (public).

        A what-if leaves the run as it was: nothing is written, and a sentence says so.

        Raises
        ------
        WrongCall
            If an input was changed while the step ran: nothing is written then.
        """
        if is_what_if:
            display(Markdown(text("outputs.what_if_not_kept", self.lang)))
            return
        changed = changes(self._rests_on, rests_on(self.profile, self.lang), self.name)
        if changed:
            raise WrongCall(changed, self.lang)
        self.run.write_tables(self.name, tables or {}, self._rests_on, self._facts)
        self.run.write_documents(self.name, self.lang, self._documents)
        numbers = {name: self._number_record(number) for name, number in self._key_numbers.items()}
        self.run.write_public(self.name, self.lang, {**self._public, "key_numbers.json": _to_json(numbers)})

    def _number_record(self, number: KeyNumber) -> dict:
        shown = number.written(self.lang, self.threshold)
        is_hidden = shown != number.written(self.lang)
        base = self.rounding_base if number.format == "count" and not is_hidden and number.value else 0
        if base:
            number = KeyNumber(shown_rounded(number.value, base), number.format)
            shown = number.written(self.lang)
        value = None if is_hidden else number.value
        plain = value.isoformat() if hasattr(value, "isoformat") else value
        record = {"value": plain.item() if hasattr(plain, "item") else plain, "format": number.format, "text": shown}
        return record | ({"rounded_to": base} if base else {})


def open_step(name: str, municipality: str, run_dir: str, lang: str) -> Step:
    """Return a step of a run, ready to read from and hand over to.

    Parameters
    ----------
    name
        The notebook's name without its ending, such as ``1_select_target_group``.
    municipality
        The municipality's folder.
    run_dir
        The run's folder; made if it is not there.
    lang
        ``da`` or ``en``.

    Raises
    ------
    ProfileNeedsWork
        If the municipality's profile cannot be used.
    DataNeedsWork
        If the key for pseudonyms is missing or another than before.
    WrongCall
        If an earlier step of the run rests on other files or another key than the present ones.
    """
    speak(lang)
    step = Step(name, read_profile(municipality, lang), RunFolder(run_dir), lang)
    step.require_unchanged_inputs()
    profile = step.profile
    if profile.is_synthetic:
        warning = text("outputs.synthetic_banner", lang, name=profile.name)
        display(HTML(f'<div class="helhed-synthetic" role="note">{warning}</div>'))
    return step


def assumption_rows(profile: Profile, group: str, lang: str) -> list[dict[str, str]]:
    """Return one row per entry of a profile group: assumption, value, unit, source and origin in the language."""
    entries = declared_entries()
    return [
        {
            "assumption": entries[key].label(lang),
            "value": _in_words(setting.value, entries[key].kind, lang),
            "unit": entries[key].unit_label(lang),
            "source": source_in(setting.source, lang) or "–",
            "origin": text(f"outputs.origin_{setting.origin}", lang, year=setting.year),
        }
        for key, setting in profile.in_group(group).items()
        if entries[key].kind != "rule"
    ]


def _in_words(value, kind: str, lang: str) -> str:
    return KeyNumber(value, "share1").written(lang) if kind == "share" else value_in_words(value, lang)


def _none_of(table: PublicTable, lang: str) -> str:
    """Return the line that stands for a table without rows."""
    return text("outputs.no_rows", lang, title=table.title)


def _without_tags(words: str) -> str:
    """Return words in which nothing is read as HTML: names and labels come from the municipality's own files."""
    return _TAG.sub("&lt;", words)


def _to_json(content: dict) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True).encode()
