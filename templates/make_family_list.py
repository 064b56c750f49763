"""Writes the list of families that the guide's page "In your browser" reads: blank, and filled in from a sample.

    python templates/make_family_list.py

Run it after a change of a criterion, its text or the sample data. The same input gives the same files. The filled one
holds families of an invented municipality, under numbers of their own.
"""

from pathlib import Path

from helhed import intake
from helhed.profile import read_profile
from helhed.publishing.family_list_file import family_list_workbook, family_rows
from helhed.texts import LANGUAGES

_SAMPLE, _N_FAMILIES = "furesoe", 60


def main() -> None:
    """Write the blank and the filled list beside this file, in both languages."""
    here = Path(__file__).resolve().parent
    profile = read_profile(here.parent / "sample_data" / _SAMPLE)
    tables = intake.read_municipality(profile).tables
    for lang in LANGUAGES:
        rows = family_rows(tables, profile, profile["data.to_date"], lang)[:_N_FAMILIES]
        numbered = [row | {"family": f"F{number:03d}"} for number, row in enumerate(rows, start=1)]
        here.joinpath(f"familieliste_{lang}.xlsx").write_bytes(family_list_workbook(lang))
        filled = family_list_workbook(lang, numbered, is_example=True)
        here.joinpath(f"familieliste_eksempel_{lang}.xlsx").write_bytes(filled)


if __name__ == "__main__":
    main()
