"""Pseudonyms: the published test vectors, the CPR office's century table, and one key for one municipality."""

import base64
import hashlib
import hmac
import os
import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helhed.cpr import REMOVED, shows_cpr, without_cpr
from helhed.errors import DataNeedsWork, Problem
from helhed.intake import read_municipality
from helhed.intake.pseudonyms import (
    KEY_ID_FILE,
    Keyring,
    birth_date_of_cpr,
    is_replacement_number,
    key_id,
    normalise_cpr,
    open_key,
    read_key,
)
from helhed.profile import read_profile

KEY = bytes(range(32))
#: RFC 4231, section 4: key, data, HMAC-SHA-256.
RFC_4231 = [
    ("0b" * 20, b"Hi There".hex(), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
    (b"Jefe".hex(), b"what do ya want for nothing?".hex(),
     "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
    ("aa" * 20, "dd" * 50, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
    ("0102030405060708090a0b0c0d0e0f10111213141516171819", "cd" * 50,
     "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
    ("aa" * 131, b"Test Using Larger Than Block-Size Key - Hash Key First".hex(),
     "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "data", "mark"), RFC_4231)
def test_the_hash_that_is_used_is_the_published_one(key, data, mark):
    assert hmac.new(bytes.fromhex(key), bytes.fromhex(data), hashlib.sha256).hexdigest() == mark


def by_hand(key: bytes, kind: str, value: str) -> str:
    """Work HMAC-SHA-256 out as RFC 2104 writes it, from two plain hashes, and cut it to 80 bits in base 32."""
    padded = key.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded) + f"{kind}:{value}".encode()).digest()
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in padded) + inner).digest()
    return base64.b32encode(outer[:10]).decode().lower()


@pytest.mark.parametrize(
    ("kind", "value"), [("person", "1423880001"), ("address", "nørregade 1"), ("id", "S1"), ("id", "")]
)
def test_a_pseudonym_is_the_hmac_worked_by_hand(kind, value):
    assert Keyring(KEY).pseudonym(kind, value) == by_hand(KEY, kind, value)


def test_kinds_and_keys_keep_pseudonyms_apart():
    keyring, other = Keyring(KEY), Keyring(bytes(32))
    assert len({keyring.pseudonym(kind, "1") for kind in ("person", "address", "id")}) == 3
    assert keyring.pseudonym("id", "1") != other.pseudonym("id", "1")


#: The CPR office, "Personnummeret i CPR": seventh digit, years (first and last of a row) and their century.
CENTURIES = [
    *[(digit, 0, 99, 1900) for digit in (0, 1, 2, 3)],
    *[row for digit in (4, 9) for row in ((digit, 0, 36, 2000), (digit, 37, 99, 1900))],
    *[row for digit in (5, 6, 7, 8) for row in ((digit, 0, 57, 2000), (digit, 58, 99, 1800))],
]


@pytest.mark.parametrize(("seventh", "first", "last", "century"), CENTURIES)
def test_every_row_of_the_century_table(seventh, first, last, century):
    for year in range(first, last + 1):
        assert birth_date_of_cpr(f"1503{year:02}{seventh}000") == date(century + year, 3, 15)


def test_the_century_table_covers_every_number_once():
    covered = [(digit, year) for digit, first, last, _ in CENTURIES for year in range(first, last + 1)]
    assert sorted(covered) == [(digit, year) for digit in range(10) for year in range(100)]


def test_modulus_11_rejects_nobody():
    accepted = [birth_date_of_cpr("150370" + f"{serial:04}") for serial in range(10_000)]
    assert None not in accepted


def test_replacement_numbers_are_recognised_and_counted():
    keyring = Keyring(KEY, is_synthetic=True)
    replaced, ordinary = "7423880001", "1423880001"
    assert birth_date_of_cpr(replaced, is_synthetic=True) == birth_date_of_cpr(ordinary, is_synthetic=True)
    assert is_replacement_number(replaced) and not is_replacement_number(ordinary)
    assert keyring.person(replaced) != keyring.person(ordinary)
    assert [keyring.person(replaced)] * 2 == [keyring.person(replaced[:6] + "-" + replaced[6:])] * 2
    assert len(keyring.replaced) == 1


@given(
    st.dates(date(1858, 1, 1), date(2057, 12, 31)),
    st.integers(0, 9999),
    st.sampled_from(["", "-", " ", "\u00a0", "\u2013", " \u2013 ", "."]),
)
def test_a_cpr_number_is_taken_out_however_it_is_written(born, serial, sign):
    number = f"{born:%d%m%y}{sign}{serial:04}"
    for text in (number, f"ring til {number}, i dag", f"({number})", f"CPR:{number}x"):
        assert shows_cpr(text) and number not in without_cpr(text) and f"{serial:04}" not in without_cpr(text)
    assert without_cpr(f"ring til {number}, i dag") == f"ring til {REMOVED}, i dag"


@given(st.dates(date(1858, 1, 1), date(2057, 12, 31)), st.integers(0, 9999), st.integers(0, 999), st.integers(0, 999))
def test_a_cpr_number_inside_a_longer_number_is_taken_out(born, serial, before, after):
    number = f"{born:%d%m%y}{serial:04}"
    assert number not in without_cpr(f"{before}{number}{after}")


@given(st.dates(date(2000, 1, 1), date(2030, 12, 31)), st.dates(date(2000, 1, 1), date(2030, 12, 31)))
def test_dates_weeks_and_names_of_runs_are_no_cpr_numbers(first, last):
    year, week, _ = first.isocalendar()
    for text in (
        f"{first:%d-%m-%Y} - {last:%d-%m-%Y}",
        f"{first} {last}",
        f"{first} 12:30",
        f"uge {year}{week:02}",
        f"runs/{first}-120000",
        f"{first:%d.%m.%Y}",
    ):
        assert without_cpr(text) == text


def test_a_message_never_repeats_a_cpr_number():
    number = "3004" + "701234"
    spoilt = Problem("intake.missing_sheet", file=number, sheet=number, column=number, value=number,
                     details={"known": f"a, {number}", "n": 1})  # fmt: skip
    assert number not in spoilt.line("da") and REMOVED in spoilt.line("da")
    assert spoilt.details["n"] == 1


@pytest.fixture
def folder(tmp_path):
    """Return a folder with a profile and nothing else."""
    (tmp_path / "exports").mkdir()
    profile = 'name: Prøveby\nmunicipality_code: "0190"\nmodel: furesoe\nsettings:\n  data.key_file: hemmelig.key\n'
    (tmp_path / "profile.yml").write_text(profile, encoding="utf-8")
    return tmp_path


def files(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def code_of(folder) -> str:
    """Return the code of the one problem that stops the municipality; nothing may have been written."""
    before = files(folder)
    with pytest.raises(DataNeedsWork) as caught:
        read_municipality(read_profile(folder, "en"), "en")
    assert files(folder) == before
    assert caught.value.exit_code == 1
    return caught.value.problems[0].code.removeprefix("intake.")


def test_the_first_time_a_key_is_made_and_its_fingerprint_recorded(folder):
    key, problems = open_key(read_profile(folder))
    assert [problem.code for problem in problems] == ["intake.new_key"]
    assert read_key(folder / "hemmelig.key") == (key, [])
    record = (folder / KEY_ID_FILE).read_text(encoding="utf-8")
    assert record.splitlines()[0] == key_id(key)
    assert "fingeraftryk" in record and "fingerprint" in record and key.hex() not in record
    assert open_key(read_profile(folder)) == (key, [])
    if os.name == "posix":
        assert (folder / "hemmelig.key").stat().st_mode & 0o777 == 0o600


def test_two_municipalities_never_get_the_same_key(folder, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    (other / "profile.yml").write_bytes((folder / "profile.yml").read_bytes())
    assert open_key(read_profile(folder))[0] != open_key(read_profile(other))[0]


def test_a_lost_key_is_never_replaced_in_silence(folder):
    open_key(read_profile(folder))
    (folder / "hemmelig.key").unlink()
    assert code_of(folder) == "key_missing"
    assert not (folder / "hemmelig.key").exists()


def test_another_key_is_noticed_before_anything_is_written(folder):
    open_key(read_profile(folder))
    (folder / "hemmelig.key").write_text("00" * 32)
    assert code_of(folder) == "wrong_key"


def test_another_key_file_in_the_profile_is_noticed(folder):
    open_key(read_profile(folder))
    (folder / "anden.key").write_text("00" * 32)
    profile = (folder / "profile.yml").read_text(encoding="utf-8")
    (folder / "profile.yml").write_text(profile.replace("hemmelig.key", "anden.key"), encoding="utf-8")
    assert code_of(folder) == "wrong_key"


def test_the_old_key_put_back_opens_the_municipality_again(folder):
    key, _ = open_key(read_profile(folder))
    (folder / "hemmelig.key").write_text("00" * 32)
    assert code_of(folder) == "wrong_key"
    (folder / "hemmelig.key").write_text(key.hex())
    assert open_key(read_profile(folder))[0] == key


def test_whoever_starts_over_on_purpose_can(folder):
    old, _ = open_key(read_profile(folder))
    (folder / "hemmelig.key").unlink()
    (folder / KEY_ID_FILE).unlink()
    assert open_key(read_profile(folder))[0] != old


@pytest.mark.parametrize("content", ["", "abc", "zz" * 32, "ab" * 31, "æ" * 64])
def test_a_broken_key_is_said_so(folder, content):
    (folder / "hemmelig.key").write_text(content, encoding="utf-8")
    assert code_of(folder) == "broken_key"


@pytest.mark.parametrize("content", [b"", b"not a fingerprint", b"\xff\xfe\x00", b"0123456789abc\n"])
def test_a_broken_fingerprint_is_said_so(folder, content):
    open_key(read_profile(folder))
    (folder / KEY_ID_FILE).write_bytes(content)
    assert code_of(folder) == "broken_key_id"


@pytest.mark.parametrize("place", ["runs/a.key", "exports/a.key", "exports/../runs/b/a.key"])
def test_a_key_among_exports_or_results_is_refused(folder, place):
    profile = (folder / "profile.yml").read_text(encoding="utf-8")
    (folder / "profile.yml").write_text(profile.replace("hemmelig.key", place), encoding="utf-8")
    assert code_of(folder) == "key_among_results"


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has these permissions")
@pytest.mark.parametrize(("mode", "is_open"), [(0o600, False), (0o400, False), (0o640, True), (0o604, True)])
def test_a_key_that_others_can_read_is_pointed_out(folder, mode, is_open):
    open_key(read_profile(folder))
    (folder / "hemmelig.key").chmod(mode)
    _, problems = open_key(read_profile(folder))
    assert [(problem.code, problem.severity) for problem in problems] == [
        ("intake.key_open_to_others", "should_fix")
    ] * is_open


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize("code", ["key_missing", "wrong_key"])
def test_the_message_says_where_the_backup_is_and_how_to_start_over(code, lang):
    facts = {"id": "0" * 12, "recorded": "1" * 12, "record": KEY_ID_FILE}
    said = Problem(f"intake.{code}", file="a.key", details=facts).line(lang)
    assert KEY_ID_FILE in said and "runs" in said and "data.key_file" in said
    assert re.search("sikkert sted" if lang == "da" else "safe place", said)


def test_the_same_key_gives_the_same_pseudonyms_year_after_year(folder):
    first = Keyring(open_key(read_profile(folder))[0])
    later = Keyring(open_key(read_profile(folder))[0])
    numbers = [f"{date(1970, 1, 1) + timedelta(days=37 * n):%d%m%y}{n:04}" for n in range(200)]
    assert [first.person(number) for number in numbers] == [later.person(number) for number in numbers]
    assert len({first.person(number) for number in numbers}) == len(numbers)
    assert first.person(numbers[0]) == first.person(f" {numbers[0][:6]}-{numbers[0][6:]} ")
    assert normalise_cpr(numbers[0]) not in str(first.person(numbers[0]))
