"""A CPR number with one wrong digit is found, told without showing it, and let be once somebody says it is right."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helhed.cpr import shows_cpr
from helhed.intake import read_municipality
from helhed.intake.building.wrong_digits import neighbours
from helhed.intake.pseudonyms import passes_modulus_11
from tests.unit.bad_files.conftest import BOY, FATHER, GIRL, MOTHER, Municipality, headings
from tests.unit.test_corrections import check, type_in

#: The mother's number with another digit, her register row being the second of the file.
MISSPELT = MOTHER[:5] + "3" + MOTHER[6:]
DIGITS = st.text("0123456789", min_size=10, max_size=10)


def spelt_otherwise(cpr: str) -> list[str]:
    return [cpr[:at] + digit + cpr[at + 1 :] for at in range(10) for digit in "0123456789" if digit != cpr[at]]


@given(st.sets(DIGITS, max_size=8), st.sets(DIGITS, max_size=4), st.integers(0, 89))
@settings(max_examples=60)
def test_neighbours_are_the_registered_numbers_that_differ_in_one_place(known, others, which):
    known = {f"r{i}": cpr for i, cpr in enumerate(sorted(known))}
    close = {spelt_otherwise(cpr)[which] for cpr in known.values()} - set(known.values())
    unknown = {f"u{i}": cpr for i, cpr in enumerate(sorted((others | close) - set(known.values())))}
    expected = {}
    for person, cpr in unknown.items():
        near = {r for r, c in known.items() if sum(a != b for a, b in zip(cpr, c, strict=True)) == 1}
        if near and not passes_modulus_11(cpr):
            expected[person] = near
    assert {person: set(near) for person, near in neighbours(unknown, known).items()} == expected


@given(st.integers(0, 9**10))
@settings(max_examples=60)
def test_no_wrong_digit_in_a_number_that_passes_modulus_11_escapes(seed):
    """Modulus 11 finds every wrong digit: eleven is prime, and no weight and no digit is a multiple of it."""
    first = f"{seed % 10**9:09d}"
    right = next((first + last for last in "0123456789" if passes_modulus_11(first + last)), None)
    if right:
        real = [cpr for cpr in spelt_otherwise(right) if int(cpr[2:4]) <= 20]
        assert len(neighbours({cpr: cpr for cpr in real}, {"right": right})) == len(real)


@pytest.mark.parametrize("wrong", [cpr for cpr in spelt_otherwise(GIRL) if cpr[:4] == GIRL[:4]])
def test_a_wrong_digit_after_the_day_and_month_is_found_anywhere(wrong):
    assert neighbours({"girl": wrong}, {"m": MOTHER, "f": FATHER, "g": GIRL, "b": BOY}) == {"girl": ["g"]}


def problems_of(town: Municipality, code: str) -> list:
    return [p for p in read_municipality(town.profile, "en").problems if p.code == f"intake.{code}"]


@pytest.fixture
def misspelt_town(tmp_path):
    town = Municipality(tmp_path / "town")
    town.exports["sensum"][0][0] = MISSPELT[:6] + "-" + MISSPELT[6:]
    town.sheets["Møder"][0][0] = MISSPELT
    town.write()
    return town


def test_both_rows_are_named_and_no_number_is_shown(misspelt_town):
    found = problems_of(misspelt_town, "wrong_cpr_digit")
    assert {(p.file, p.row, p.severity) for p in found} == {
        ("sensum.csv", 2, "must_fix"),
        ("decisions.xlsx", 2, "must_fix"),
    }
    for line in (p.line(lang) for p in found for lang in ("da", "en")):
        assert "2 (folkeregister.csv)" in line
        assert not shows_cpr(line)
        assert MISSPELT[:6] not in line and MOTHER[-4:] not in line
    # Nobody is told twice of one fault.
    assert not problems_of(misspelt_town, "person_not_in_register")


def test_a_person_who_is_far_from_everybody_is_just_not_in_the_register(tmp_path):
    town = Municipality(tmp_path / "town")
    town.exports["sensum"][0][0] = MISSPELT[:-1] + "7"
    town.write()
    assert not problems_of(town, "wrong_cpr_digit")
    assert [p.file for p in problems_of(town, "person_not_in_register")] == ["sensum.csv"]


def test_without_a_register_no_number_is_called_wrong(misspelt_town):
    misspelt_town.file("folkeregister").unlink()
    assert not problems_of(misspelt_town, "wrong_cpr_digit")


def test_the_corrected_digit_ties_the_row_and_the_same_number_again_is_believed(misspelt_town):
    assert check(misspelt_town).n_must_fix == 2
    place = {(2, headings("sensum")[0]): {"Corrected value": MOTHER}}
    type_in(misspelt_town, place, sheet="sensum.csv")
    place = {(2, headings("Møder")[0]): {"Corrected value": MISSPELT}}
    type_in(misspelt_town, place, sheet="decisions.xlsx")
    assert check(misspelt_town).n_must_fix == 0
    assert [p.file for p in problems_of(misspelt_town, "person_not_in_register")] == ["decisions.xlsx"]
