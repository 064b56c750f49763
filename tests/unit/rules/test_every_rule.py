"""Every check rule finds the rows it is for, exactly, and leaves alone what lies just inside its limit."""

import importlib.util
from pathlib import Path

import pytest

from helhed.intake.rules import RULES


def _cases() -> list[tuple]:
    """Return every case of ``cases/``: code, changes, positions found, settings."""
    cases = []
    for file in sorted((Path(__file__).parent / "cases").glob("*.py")):
        spec = importlib.util.spec_from_file_location(f"cases_{file.stem}", file)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        cases += [(code, *case, {})[:4] for code, listed in module.CASES.items() for case in listed]
    return cases


CASES = _cases()


@pytest.mark.parametrize(
    ("code", "changes", "found", "settings"), CASES, ids=[f"{code}-{i}" for i, (code, *_) in enumerate(CASES)]
)
def test_a_rule_finds_what_it_is_for(found_in, expected_in, code, changes, found, settings):
    assert found_in(code, changes, settings) == expected_in(changes, found)


def test_every_rule_has_a_case_that_is_found_and_a_near_miss():
    codes = {rule.code for rule in RULES}
    assert {code for code, _, found, _ in CASES if found} == codes
    assert {code for code, _, found, _ in CASES if not found} == codes
