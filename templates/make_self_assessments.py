"""Writes the self-assessments in Word and Excel, and a filled example of each, in Danish and English.

Run it after a change of a file in `src/helhed/publishing/self_assessments/`: `make templates`. The same input gives the
same files.
"""

from pathlib import Path

from helhed.publishing.self_assessment import self_assessments
from helhed.publishing.self_assessment_documents import self_assessment_word
from helhed.publishing.self_assessment_sheet import self_assessment_workbook
from helhed.texts import LANGUAGES


def main() -> None:
    """Write the three files of each self-assessment and language beside this file."""
    here = Path(__file__).parent
    for lang in LANGUAGES:
        for name, one in self_assessments().items():
            here.joinpath(f"{one.file}_{lang}.docx").write_bytes(self_assessment_word(name, lang))
            here.joinpath(f"{one.file}_{lang}.xlsx").write_bytes(self_assessment_workbook(name, lang))
            filled = self_assessment_workbook(name, lang, one.example())
            here.joinpath(f"{one.example_file}_{lang}.xlsx").write_bytes(filled)


if __name__ == "__main__":
    main()
