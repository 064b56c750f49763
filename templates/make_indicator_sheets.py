"""Writes the indicators' sheets, one printed page each, in Danish and English, from the catalogue of indicators.

Run it after a change of the catalogue: `make templates`. The same input gives the same files.
"""

from pathlib import Path

from helhed.publishing.indicator_sheets import indicator_sheets
from helhed.publishing.reference_pages import references
from helhed.texts import LANGUAGES


def main() -> None:
    """Write the sheets of each language beside this file."""
    for lang in LANGUAGES:
        file = Path(__file__).parent / f"indikatorark_{lang}.docx"
        file.write_bytes(indicator_sheets(lang, references()))


if __name__ == "__main__":
    main()
