"""The page of promises tells what was recorded, in both languages, and says where a goal was missed."""

import tomllib
from pathlib import Path

import pytest

from helhed.publishing import inputs, promises_page
from helhed.publishing.promises_page import recorded
from helhed.texts import LANGUAGES, number, text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_recorded_result_stands_on_the_page(lang):
    told = promises_page.promises_page(lang)
    for name, ratio in recorded("speed").items():
        assert f"{text(f'promises.speed_{name}', lang)} | {number(ratio['value'], lang, 2)} |" in told
    for row in recorded("fuzz")["reader"]:
        assert f"| {_reader(row, lang)} | {number(row['cases'], lang)} |" in told
    for kind, n in recorded("kills")["by_process"].items():
        assert f"| {text(f'promises.process_{kind}', lang)} | {number(n, lang)} |" in told
    assert number(recorded("kills")["kills"], lang) in told


def _reader(row: dict, lang: str) -> str:
    name = row["name"]
    return text(f"promises.reader_{name}", lang)


def test_a_missed_goal_is_said(monkeypatch):
    results = {name: recorded(name) for name in ("leaks", "kills", "fuzz")}
    results["speed"] = {
        "csv": {"value": 4.9, "goal": 5.0, "is_at_least": True},
        "town": {"value": 5.9, "goal": 6.0, "is_at_least": False},
    }
    monkeypatch.setattr(promises_page, "recorded", results.get)
    lines = promises_page.promises_page("en").splitlines()
    assert [line.split("|")[-2].strip() for line in lines if "times" in line and line.startswith("|")] == ["no", "yes"]


def test_nothing_that_was_recorded_is_a_broken_promise():
    assert recorded("kills")["files_that_differ"] == 0
    assert all(row["fault"] == 0 for row in recorded("fuzz")["reader"])


def test_benchmarks_write_where_the_page_reads(tmp_path, monkeypatch, root):
    monkeypatch.syspath_prepend(str(root / "benchmarks"))
    import recorded as benches

    assert Path(promises_page.__file__).parent / "promises" == benches.PROMISES
    monkeypatch.setattr(benches, "PROMISES", tmp_path)
    benches.record_ratio("csv", 5.123, 5, is_at_least=True)
    benches.record_ratio("memory", 5.9, 6, is_at_least=False)
    assert tomllib.loads((tmp_path / "speed.toml").read_text()) == {
        "csv": {"value": 5.12, "goal": 5.0, "is_at_least": True},
        "memory": {"value": 5.9, "goal": 6.0, "is_at_least": False},
    }


def test_a_run_does_not_rest_on_what_the_benchmarks_record(tmp_path, monkeypatch):
    package = tmp_path / "helhed"
    (package / "publishing" / "promises").mkdir(parents=True)
    (package / "texts.toml").write_text("a = 1")
    result = package / "publishing" / "promises" / "kills.toml"
    result.write_text("kills = 1")
    monkeypatch.setattr(inputs.helhed, "__file__", str(package / "__init__.py"))
    before = inputs.code_hash()
    result.write_text("kills = 2")
    assert inputs.code_hash() == before
    (package / "texts.toml").write_text("a = 2")
    assert inputs.code_hash() != before
