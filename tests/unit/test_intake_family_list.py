"""The way back from pseudonym to person exists, outside every run, and says what it holds."""

import io
from pathlib import Path

from openpyxl import load_workbook

from helhed import intake
from helhed.intake.pseudonyms import Keyring, read_key
from helhed.profile import read_profile

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data" / "roedovre"


def test_every_member_of_every_family_has_the_number_that_its_pseudonym_was_made_from():
    profile = read_profile(SAMPLE)
    read = intake.read_municipality(profile)
    listed = intake.family_list(read, profile)
    key, _ = read_key(SAMPLE / profile["data.key_file"])
    keyring = Keyring(key, is_synthetic=True)
    assert (listed["cpr"].map(keyring.person) == listed["person_id"]).all()
    assert set(listed["family_id"]) == set(read.tables["family_member"]["family_id"])
    assert not listed.duplicated(["family_id", "person_id"]).any()


def test_the_workbook_warns_and_keeps_leading_zeros():
    profile = read_profile(SAMPLE)
    listed = intake.family_list(intake.read_municipality(profile), profile)
    sheet = load_workbook(io.BytesIO(intake.family_workbook(listed, "en"))).active
    assert "Never share" in sheet["A1"].value
    numbers = [row[2].value for row in sheet.iter_rows(min_row=3)]
    assert all(isinstance(number, str) and len(number) == 10 for number in numbers)
    assert len(numbers) == len(listed)
