"""Writes the Word documents of the guide's chapters, empty and as filled examples, in Danish and English.

Run it after a change of a file in `src/helhed/publishing/chapter_documents/`: `make templates`. The same input gives
the same files.
"""

from pathlib import Path

from helhed.publishing.chapter_document import chapter_documents, chapter_word
from helhed.texts import LANGUAGES


def main() -> None:
    """Write both files of each document and language beside this file."""
    here = Path(__file__).parent
    for lang in LANGUAGES:
        for name, one in chapter_documents().items():
            here.joinpath(f"{one.file}_{lang}.docx").write_bytes(chapter_word(name, lang))
            here.joinpath(f"{one.example_file}_{lang}.docx").write_bytes(chapter_word(name, lang, is_filled=True))


if __name__ == "__main__":
    main()
