"""Did anything change? The key numbers of the four sample runs against those recorded; `make golden` records them anew.

The recorded numbers say nothing about being right (that is what `known/` is for), only about being the same.
"""

import csv
import json
import math
import os
from pathlib import Path

import pytest

from helhed.publishing.inputs import versions
from helhed.publishing.runner import STEPS

EXPECTED = Path(__file__).parent / "expected"
SAMPLES = ("furesoe", "broendby", "roedovre", "assens")
#: Numbers that come out of optimisation or simulation may differ in the last digits between processors.
TOLERANCE = 1e-6


def computed(run) -> dict[tuple[str, str], str]:
    return {
        (step, name): json.dumps(number["value"])
        for step in STEPS
        for name, number in sorted(run.key_numbers(step, "en").items())
    }


def read(file: Path) -> dict[tuple[str, str], str]:
    with file.open(encoding="utf-8", newline="") as lines:
        return {(row["step"], row["name"]): row["value"] for row in csv.DictReader(lines, delimiter=";")}


def write(file: Path, numbers: dict[tuple[str, str], str]) -> None:
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, delimiter=";", lineterminator="\n")
        writer.writerow(["step", "name", "value"])
        writer.writerows([step, name, value] for (step, name), value in numbers.items())


def same(one: str, other: str) -> bool:
    left, right = json.loads(one), json.loads(other)
    if isinstance(left, float) and isinstance(right, (int, float)):
        return math.isclose(left, right, rel_tol=TOLERANCE, abs_tol=1e-9)
    return left == right


@pytest.mark.parametrize("name", SAMPLES)
def test_key_numbers_are_those_recorded(guide_runs, name):
    file, numbers = EXPECTED / f"{name}.csv", computed(guide_runs[name])
    if os.environ.get("HELHED_GOLDEN"):
        EXPECTED.mkdir(exist_ok=True)
        write(file, numbers)
        (EXPECTED / "recorded_with.json").write_text(json.dumps(versions(), indent=1, sort_keys=True) + "\n")
    recorded = read(file)
    changed = {
        key: (recorded.get(key), numbers.get(key))
        for key in {**recorded, **numbers}
        if key not in recorded or key not in numbers or not same(numbers[key], recorded[key])
    }
    if changed:
        write(file.with_suffix(".actual.csv"), numbers)
    assert not changed, f"{changed}\nIf the new numbers are right: make golden, and say why in the changelog."
