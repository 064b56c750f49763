"""What changed between two runs is told in one sentence each; what did not change is not mentioned."""

import csv
import json
from pathlib import Path

import pytest

from helhed.errors import WrongCall
from helhed.publishing.hand_over_pack import compare_runs
from helhed.publishing.run_comparison import figure_label, sentences
from helhed.texts import LANGUAGES, catalogue

ROOT = Path(__file__).resolve().parents[2]
RECORD = {
    "municipality": "Vejle Kommune",
    "inputs": {"profile.yml": "1", "exports/a.csv": "1"},
    "settings": {"disclosure.threshold": {"value": 5, "origin": "default"}},
    "versions": {"pandas": "3.0"},
    "key": "k",
    "code": "c",
    "year": 2025,
}
FAMILIES = {"value": 426, "format": "count", "text": "426"}
TABLE = {"title": "Departments", "columns": [], "rows": [["School", "30"], ["Housing", "12"]]}


def write_run(folder: Path, record=RECORD, numbers=None, table=TABLE, lang="en") -> Path:
    shown = folder / "public/0_check_data" / lang
    shown.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps(record), encoding="utf-8")
    (shown / "key_numbers.json").write_text(json.dumps({"n_families": FAMILIES} if numbers is None else numbers))
    if table:
        (shown / "departments.json").write_text(json.dumps(table))
    (shown / "fig-a.json").write_text(json.dumps({"name": "fig-a", "caption": "c", "alt": "a"}))
    return folder


@pytest.fixture
def before(tmp_path) -> Path:
    return write_run(tmp_path / "before")


def told(before, after, lang="en") -> list[str]:
    return sentences(compare_runs(before, after, lang), lang)


def test_equal_runs_have_nothing_to_tell(before, tmp_path):
    after = write_run(tmp_path / "after")
    assert told(before, after) == ["From before to after:", "Nothing has changed."]
    assert compare_runs(before, after, "en").has_same_figures


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({"inputs": {**RECORD["inputs"], "exports/b.csv": "1"}}, "The file “exports/b.csv” has been added."),
        ({"inputs": {"profile.yml": "1"}}, "The file “exports/a.csv” is no longer there."),
        ({"inputs": {**RECORD["inputs"], "profile.yml": "2"}}, "The file “profile.yml” has another content."),
        ({"versions": {"pandas": "3.1"}}, "pandas is 3.1 instead of 3.0."),
        ({"code": "d"}, "The kit's code is another."),
        ({"year": 2026}, "The data end in 2026 instead of 2025."),
    ],
)
def test_each_thing_that_a_run_rests_on_has_its_sentence(before, tmp_path, record, said):
    after = write_run(tmp_path / "after", {**RECORD, **record})
    assert told(before, after)[1:] == [said, "No key figure and no table has changed."]


def test_a_setting_is_called_by_its_name_in_both_languages(before, tmp_path):
    settings = {"disclosure.threshold": {"value": 10, "origin": "profile"}}
    after = write_run(tmp_path / "after", {**RECORD, "settings": settings})
    for lang in LANGUAGES:
        sentence = told(before, after, lang)[1]
        assert "5" in sentence and "10" in sentence and "disclosure.threshold" not in sentence
    elsewhere = {"disclosure.threshold": {"value": 5, "origin": "profile"}}
    same_value = write_run(tmp_path / "same", {**RECORD, "settings": elsewhere})
    assert told(before, same_value)[1].endswith("in words it is still 5.")


@pytest.mark.parametrize(
    ("then", "now", "said"),
    [
        (
            (426, "count", "426"),
            (431, "count", "431"),
            "Families in the extracts: 426 before, 431 now. That is 5 more.",
        ),
        (
            (0.25, "share", "25%"),
            (0.2, "share", "20%"),
            "Families in the extracts: 25% before, 20% now. That is 5 percentage points less.",
        ),
        (
            (1000.0, "dkk", "DKK 1,000"),
            (2500.0, "dkk", "DKK 2,500"),
            "Families in the extracts: DKK 1,000 before, DKK 2,500 now. That is DKK 1,500 more.",
        ),
        ((None, "count", "under 5"), (7, "count", "7"), "Families in the extracts: under 5 before, 7 now."),
        (("no", "text", "no"), ("yes", "text", "yes"), "Families in the extracts: no before, yes now."),
    ],
)
def test_a_figure_is_told_with_how_much_it_moved(tmp_path, then, now, said):
    one, other = (dict(zip(("value", "format", "text"), facts, strict=True)) for facts in (then, now))
    before = write_run(tmp_path / "before", numbers={"n_families": one})
    after = write_run(tmp_path / "after", numbers={"n_families": other})
    assert told(before, after)[1:] == [said]
    assert not compare_runs(before, after, "en").has_same_figures


def test_figures_that_come_and_go_are_told(before, tmp_path):
    after = write_run(tmp_path / "after", numbers={"n_persons": {"value": 3, "format": "number", "text": "3"}})
    assert told(before, after)[1:] == [
        "Families in the extracts is no longer shown; it was 426.",
        "Persons in the extracts is new: 3.",
    ]


def test_last_digits_do_not_count_but_changes_do(before, tmp_path):
    close = write_run(tmp_path / "close", numbers={"n_families": {**FAMILIES, "value": 426 * (1 + 1e-8)}})
    off = write_run(tmp_path / "off", numbers={"n_families": {**FAMILIES, "value": 426 * (1 + 1e-5)}})
    assert compare_runs(before, close, "en").has_same_figures
    assert not compare_runs(before, off, "en").has_same_figures


def test_a_changed_table_is_told_with_the_number_of_cells(before, tmp_path):
    after = write_run(tmp_path / "after", table={**TABLE, "rows": [["School", "31"], ["Housing", "12"], ["Job", "9"]]})
    assert told(before, after)[1].startswith("In the table “Departments” the number of changed cells is 1, and")
    gone = write_run(tmp_path / "gone", table=None)
    assert told(before, gone)[1] == "The table “Departments” is no longer shown (step 0_check_data)."


def test_runs_in_another_language_are_compared_in_the_one_they_share(before, tmp_path):
    after = write_run(tmp_path / "after", numbers={"n_families": {**FAMILIES, "value": 430, "text": "430"}})
    assert told(before, after, "da")[1] == "Familier i udtrækkene: 426 før, 430 nu. Det er 4 mere."


def test_a_folder_that_is_no_run_is_named(before, tmp_path):
    with pytest.raises(WrongCall, match="nowhere"):
        compare_runs(before, tmp_path / "nowhere", "en")


def test_two_runs_without_figures_are_not_called_the_same(tmp_path):
    runs = [write_run(tmp_path / name, numbers={}, table=None) for name in "ab"]
    assert not compare_runs(*runs, "en").has_same_figures


@pytest.mark.parametrize(
    "file", sorted((ROOT / "tests/backtest/expected").glob("*[a-z].csv")), ids=lambda file: file.stem
)
def test_every_key_number_has_a_name_in_both_languages(file):
    with file.open(encoding="utf-8", newline="") as lines:
        names = {row["name"] for row in csv.DictReader(lines, delimiter=";")}
    unnamed = sorted(name for name in names if f"key_numbers.{name}" not in catalogue())
    assert names and not unnamed, f"write them in texts/catalogue/key_numbers.toml: {unnamed}"


def test_no_two_key_numbers_are_called_the_same():
    keys = [key.removeprefix("key_numbers.") for key in catalogue() if key.startswith("key_numbers.")]
    for lang in LANGUAGES:
        labels = [figure_label(key, lang) for key in keys]
        assert len(set(labels)) == len(labels)
