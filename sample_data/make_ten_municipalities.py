"""Invents ten municipalities of different sizes, follows their families with the kit, and keeps what may be shown.

    python sample_data/make_ten_municipalities.py

Writes ``src/helhed/monitoring/outputs/ten_municipalities.csv``: the indicators' values now, small numbers hidden, from
which the guide makes its page of municipalities side by side. All ten are drawn alike but for one, whose children's
absence does not fall: a funnel plot should find that one and leave the others alone.
"""

import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pandas as pd

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from generator.municipality import write_municipality  # noqa: E402
from generator.scenarios import SAMPLES, Scenario  # noqa: E402

from helhed import intake, monitoring, selection  # noqa: E402
from helhed.profile import read_profile  # noqa: E402

RESULT = HERE.parent / "src/helhed/monitoring/outputs/ten_municipalities.csv"
#: Enrolled families of each municipality, and the one whose absence stays as it was.
FAMILIES = {"A": 31, "B": 18, "C": 45, "D": 24, "E": 62, "F": 15, "G": 38, "H": 54, "I": 21, "J": 28}
UNCHANGED = "H"
_SEED = 2017


def scenario_of(letter: str) -> Scenario:
    """Return the scenario of one of the ten municipalities."""
    base, n = SAMPLES["furesoe"], FAMILIES[letter]
    couples, ones, threes = n // 3, n // 3, n // 5
    before, after = base.absence
    return replace(
        base,
        slug=f"kommune-{letter.lower()}",
        name=f"Kommune {letter}",
        seed=_SEED + ord(letter),
        singles=n - couples,
        couples=couples,
        child_counts=(ones, n - ones - threes, threes),
        absence=(before, before if letter == UNCHANGED else after),
        n_candidates=20,
        n_known=70,
        n_ordinary=60,
        n_newcomers=6,
        is_sample=False,
        has_further=False,
    )


def values_of(letter: str) -> pd.DataFrame:
    """Return the values now of the enrolled families of one municipality, small numbers hidden."""
    with tempfile.TemporaryDirectory() as place:
        profile = read_profile(write_municipality(scenario_of(letter), Path(place)), "en")
        tables = intake.read_municipality(profile, "en").tables
    shortlist = selection.select_families(tables, profile, profile["data.to_date"])
    found = monitoring.follow(tables, shortlist, monitoring.rules_of(profile), profile["disclosure.threshold"])
    is_now = (found.shown["level"] == "now") & (found.shown["group"] == "enrolled")
    now = found.shown[is_now].assign(municipality=f"Kommune {letter}")
    # A hidden value's sums would tell what was hidden.
    now.loc[now["reason"] != "", ["numerator", "denominator"]] = float("nan")
    return now[["municipality", *(name for name in now.columns if name != "municipality")]]


def main() -> None:
    """Write the values of all ten."""
    values = pd.concat([values_of(letter) for letter in FAMILIES], ignore_index=True)
    values.to_csv(RESULT, index=False, float_format="%.6g", lineterminator="\n")
    print(RESULT)


if __name__ == "__main__":
    main()
