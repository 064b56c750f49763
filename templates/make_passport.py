"""Writes the implementation passport and the adaptation log in Word and Excel, and a filled example of each.

In Danish and English. Run it after a change of `passport.toml` or `adaptation_log.toml` in `src/helhed/publishing/`:
`make templates`. The same input gives the same files.
"""

from pathlib import Path

from helhed.publishing.adaptation_log import adaptation_log, adaptation_log_word
from helhed.publishing.adaptation_log_sheet import adaptation_log_workbook
from helhed.publishing.passport import passport
from helhed.publishing.passport_documents import passport_word
from helhed.publishing.passport_sheet import passport_workbook
from helhed.texts import LANGUAGES

_FORMS = (
    (passport, passport_word, passport_workbook),
    (adaptation_log, adaptation_log_word, adaptation_log_workbook),
)


def main() -> None:
    """Write the three files of each form and language beside this file."""
    here = Path(__file__).parent
    for form, word, workbook in _FORMS:
        for lang in LANGUAGES:
            here.joinpath(f"{form().file}_{lang}.docx").write_bytes(word(lang))
            here.joinpath(f"{form().file}_{lang}.xlsx").write_bytes(workbook(lang))
            here.joinpath(f"{form().example_file}_{lang}.xlsx").write_bytes(workbook(lang, is_example=True))


if __name__ == "__main__":
    main()
