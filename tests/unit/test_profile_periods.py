"""Periods of days in a profile: read, or refused with how they are written."""

from datetime import date

import pytest

from helhed.errors import ProfileNeedsWork
from helhed.profile import periods, read_profile
from helhed.texts import LANGUAGES

HEAD = 'name: T\nmunicipality_code: "0190"\nmodel: furesoe\nsettings:\n'


@pytest.mark.parametrize("mark", [" – ", "-", " - ", "/", " til ", " to "])
def test_a_period_is_written_with_its_first_and_last_day(mark):
    assert periods(f"2025-06-28{mark}2025-08-10") == ((date(2025, 6, 28), date(2025, 8, 10)),)


@pytest.mark.parametrize(
    "written", ["uge 42", "2025-13-01 – 2025-13-02", "2025-08-10 – 2025-06-28", "28-06-2025", "2025"]
)
def test_what_is_no_period_is_refused(tmp_path, written):
    assert periods(written) is None
    (tmp_path / "profile.yml").write_text(f'{HEAD}  plan.school_holidays: "{written}"\n', encoding="utf-8")
    for lang in LANGUAGES:
        with pytest.raises(ProfileNeedsWork, match="2025-06-28 – 2025-08-10") as told:
            read_profile(tmp_path, lang)
        assert "plan.school_holidays" in str(told.value) and written in str(told.value)


def test_the_periods_of_a_profile_are_read(tmp_path):
    stated = "2025-10-11 – 2025-10-19; 2025-06-28 – 2025-08-10"
    (tmp_path / "profile.yml").write_text(f"{HEAD}  plan.school_holidays: {stated}\n", encoding="utf-8")
    assert periods(read_profile(tmp_path, "da")["plan.school_holidays"])[0][0] == date(2025, 6, 28)
    assert periods("") == ()
