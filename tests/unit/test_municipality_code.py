"""A municipality's code means the same with and without its leading zero, and must be one that exists."""

import pytest

from helhed.errors import ProfileNeedsWork
from helhed.profile import read_profile


def profile_with(tmp_path, code: str, is_synthetic: bool):
    head = f"name: Testby\nmunicipality_code: {code}\nmodel: furesoe\n"
    synthetic = "is_synthetic: true\n" if is_synthetic else ""
    (tmp_path / "profile.yml").write_text(f"{head}{synthetic}settings: {{}}\n", encoding="utf-8")
    return read_profile(tmp_path, "en")


@pytest.mark.parametrize("written", ['"0101"', '"101"', "101", "0101", "'0101'"])
def test_the_code_is_read_with_and_without_its_zero(tmp_path, written):
    assert profile_with(tmp_path, written, is_synthetic=False).municipality_code == "0101"


@pytest.mark.parametrize("written", ['"0999"', "999", '"10"', '"01011"', '"0000"', '"Odense"'])
def test_a_code_that_no_municipality_has_is_refused(tmp_path, written):
    with pytest.raises(ProfileNeedsWork, match="not the code of a Danish municipality"):
        profile_with(tmp_path, written, is_synthetic=False)


@pytest.mark.parametrize("written", ['"0999"', "999"])
def test_a_made_up_municipality_may_have_a_made_up_code(tmp_path, written):
    assert profile_with(tmp_path, written, is_synthetic=True).municipality_code == "0999"


@pytest.mark.parametrize("written", ["true", "1.5", "[101]", "", '""'])
def test_what_is_no_code_at_all_is_missing(tmp_path, written):
    with pytest.raises(ProfileNeedsWork):
        profile_with(tmp_path, written, is_synthetic=False)
