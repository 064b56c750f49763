"""The guide's Danish texts: keeps ``book/locale/da`` in step with the English pages and notebooks.

``python -m helhed.publishing.translations update`` takes the texts out of the pages and the notebooks' markdown, keeps
every translation that still fits, marks those whose English has changed as fuzzy and drops the rest.
``… status`` lists what is missing or fuzzy and exits with 1 when there is any.

The files hold no dates, no line numbers and no wrapped lines: a change in them is a change of words.
"""

import io
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po

from helhed.errors import StepFailed
from helhed.kit_files import folder as kit_folder
from helhed.publishing.book import problem_of, start_jupyter_book
from helhed.publishing.book_source import Source, stage
from helhed.publishing.editions import Edition

HEADER = """msgid ""
msgstr ""
"Language: da\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
#: Pages that are written directly in each language, and the theme's own words, which no page holds.
_NOT_EXTRACTED = ("exports", "reference", "sphinx")


@dataclass(frozen=True)
class Gap:
    """A text of the guide without a good Danish one."""

    page: str
    english: str
    reason: str


def locale_folder() -> Path:
    """Return where the Danish texts lie."""
    return kit_folder("book") / "locale" / "da" / "LC_MESSAGES"


def extract() -> dict[str, Catalog]:
    """Return the English texts of each page and notebook, keyed by the page's path without its ending."""
    with tempfile.TemporaryDirectory() as folder:
        source = stage(Source(Path(folder), "en", is_extracting=True), Edition())
        build = start_jupyter_book(source, "--builder", "custom", "--custom-builder", "gettext")
        if problem := problem_of(source, build):
            raise StepFailed(problem, "en")
        texts = source.folder / "_build" / "gettext"
        return {
            page: _read(file)
            for file in sorted(texts.rglob("*.pot"))
            if (page := file.relative_to(texts).with_suffix("").as_posix()).split("/")[0] not in _NOT_EXTRACTED
        }


def merged(texts: Catalog, old: Catalog) -> Catalog:
    """Return the texts with the translations of an older catalogue: kept when the English is the same, else fuzzy.

    A text without a letter (a number, a dash) is the same in both languages and is filled in.
    """
    new = Catalog(locale="da", fuzzy=False)
    for message in old:
        if message.id:
            new.add(message.id, message.string, flags=message.flags & {"fuzzy"})
    new.update(texts, no_fuzzy_matching=False)
    new.obsolete.clear()
    for message in new:
        message.flags &= {"fuzzy"}
        if message.id and not message.string and not any(letter.isalpha() for letter in message.id):
            message.string = message.id
    return new


def update() -> None:
    """Bring the Danish files into step with the pages; files of pages that are gone are removed."""
    folder, texts = locale_folder(), extract()
    for page, catalogue in texts.items():
        file = folder / f"{page}.po"
        old = _read(file) if file.is_file() else Catalog()
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(written(merged(catalogue, old)), encoding="utf-8")
    for file in folder.rglob("*.po"):
        page = file.relative_to(folder).with_suffix("").as_posix()
        if page not in texts and page not in _NOT_EXTRACTED:
            file.unlink()


def gaps() -> list[Gap]:
    """Return every text of the guide that has no Danish one, or one that may not fit any more."""
    found = []
    for page, catalogue in extract().items():
        file = locale_folder() / f"{page}.po"
        translated = _read(file) if file.is_file() else Catalog()
        found += [gap for message in catalogue if message.id and (gap := _gap(page, message.id, translated))]
    return found


def written(catalogue: Catalog) -> str:
    """Return a catalogue as the text of its file: in the order of the page, without dates and line numbers."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=0, no_location=True, omit_header=True, ignore_obsolete=True)
    return HEADER + buffer.getvalue().decode("utf-8").strip() + "\n"


def _gap(page: str, english: str, translated: Catalog) -> Gap | None:
    message = translated.get(english)
    if message is None or not message.string:
        return Gap(page, english, "missing")
    return Gap(page, english, "fuzzy") if message.fuzzy else None


def _read(file: Path) -> Catalog:
    with file.open("rb") as stream:
        return read_po(stream, ignore_obsolete=True)


def main(command: str) -> int:
    """Run ``update`` or ``status``; return the exit code."""
    if command == "update":
        update()
    found = gaps()
    for gap in found:
        print(f"{gap.page}: {gap.reason}: {gap.english}")
    print(f"{len(found)} missing or fuzzy")
    return 1 if found and command == "status" else 0


if __name__ == "__main__":
    if sys.argv[1:] not in (["update"], ["status"]):
        sys.exit("usage: python -m helhed.publishing.translations update|status")
    sys.exit(main(sys.argv[1]))
