"""A release is read as a whole: linked tables, languages, earlier releases; alarms name the cell, no value."""

import json

import pytest

from helhed.disclosure.released import found_out, same_counts
from helhed.publishing.gate.disclosed import disclosure_alarms, released_before
from helhed.texts import text

COLUMNS = [
    {"name": "group", "label": "Gruppe", "format": "text"},
    {"name": "n", "label": "Familier", "format": "count"},
]


def table(rows: list, sums=(), lang="da", name="a", step="1_x", threshold=5) -> dict[str, bytes]:
    record = {"title": f"Tabel {name}", "columns": COLUMNS, "rows": rows, "sums": list(sums), "threshold": threshold}
    return {f"public/{step}/{lang}/{name}.json": json.dumps(record).encode()}


def cells(found) -> list:
    return [(one.file, one.cells, one.earlier) for one in found]


SUM = {"parts": [[0, "n"], [1, "n"]], "total": [2, "n"], "has_unseen": False}


def test_a_small_count_that_the_total_gives_back_is_named_without_its_value():
    files = table([["x", "under 5"], ["y", "1.240"], ["alle", "1.243"]], [SUM])
    assert cells(found_out(files, {})) == [("public/1_x/da/a.json", (("x", "Familier"),), 0)]
    (alarm,) = disclosure_alarms(files, {}, b"key")
    line = alarm.line("da")
    assert alarm.kind == "recovered" and "»Tabel a«" in line and "»x – Familier«" in line
    assert " 3" not in line


def test_nothing_is_said_where_enough_is_hidden():
    assert found_out(table([["x", "under 5"], ["y", "skjult"], ["alle", "1.243"]], [SUM]), {}) == []


def test_what_one_language_shows_is_read_in_that_language():
    files = table([["x", "under 5"], ["y", "hidden"], ["all", "1,243"]], [SUM], "en")
    assert found_out(files, {}) == []
    assert len(found_out(table([["x", "under 5"], ["y", "1,240"], ["all", "1,243"]], [SUM], "en"), {})) == 1


def test_what_was_shown_before_is_no_secret_now():
    before = table([["x", "skjult"], ["y", "1.240"], ["alle", "skjult"]], [SUM])
    now = table([["x", "under 5"], ["y", "skjult"], ["alle", "1.243"]], [SUM])
    assert found_out(now, {}) == []
    # No count is shown in both: nothing says that they are of the same families.
    assert found_out(now, {1: before}) == []
    before = table([["x", "skjult"], ["y", "1.240"], ["alle", "1.243"]], [SUM])
    assert cells(found_out(now, {1: before})) == [("public/1_x/da/a.json", (("x", "Familier"),), 1)]


@pytest.mark.parametrize(("now", "is_told"), [("25", True), ("28", False), ("23", False), ("19", True)])
def test_a_small_difference_from_an_earlier_release_is_told(now, is_told):
    found = found_out(table([["x", now]]), {3: table([["x", "23"]])})
    assert [one.earlier for one in found] == ([3] if is_told else [])
    if is_told:
        (alarm,) = disclosure_alarms(table([["x", now]]), {3: table([["x", "23"]])}, b"key")
        assert alarm.kind == "recovered_with" and "nr. 3" in alarm.line("da") and "no. 3" in alarm.line("en")


def test_counts_declared_to_be_the_same_are_read_together():
    (one, other) = same_counts()[0]
    step, name, _, column = one.split("/")
    twin = other.split("/")
    rule = {"name": column, "label": "Valgte", "format": "count"}
    place = {"name": twin[3], "label": "Familier", "format": "count"}

    def files(rows, sums, title, heading):
        record = {"title": title, "columns": [COLUMNS[0], heading], "rows": rows, "sums": sums, "threshold": 5}
        return {f"public/{step}/da/{title}.json": json.dumps(record).encode()}

    first = files([["x", "under 5"], ["y", "skjult"], ["z", "20"]], [_sum(column, 30)], name, rule)
    second = files([["x", "under 5"], ["y", "8"], ["z", "20"]], [], twin[1], place)
    assert found_out(first, {}) == [] and found_out(second, {}) == []
    assert {one.file for one in found_out(first | second, {})} == {*first, *second}


@pytest.mark.parametrize(("lang", "own", "under"), [("da", "Kommunens egen regel", "under 5"), ("en", None, "under 5")])
def test_a_row_and_a_key_number_declared_to_be_the_same_are_read_together(lang, own, under):
    own = own or text("selection.model_own", lang)
    eligible = {"name": "n_eligible", "label": "n", "format": "count"}
    record = {"title": "m", "columns": [COLUMNS[0], eligible], "rows": [[own, under], ["Morsø", "9"]], "threshold": 5}
    record["sums"] = [{"parts": [[0, "n_eligible"], [1, "n_eligible"]], "total": 12, "has_unseen": False}]
    place = f"public/1_select_target_group/{lang}"
    number = {"n_eligible": {"value": None, "format": "count", "text": under}}
    files = {f"{place}/models.json": json.dumps(record), f"{place}/key_numbers.json": json.dumps(number)}
    found = found_out({name: content.encode() for name, content in files.items()}, {})
    assert {one.file for one in found} == set(files)


def _sum(column: str, total: int) -> dict:
    return {"parts": [[row, column] for row in range(3)], "total": total, "has_unseen": False}


def test_files_that_are_no_tables_are_passed_over():
    odd = {"public/1_x/da/a.json": b"[", "public/1_x/da/b.json": b"[1]", "public/1_x/da/c.json": b'{"caption": "x"}'}
    assert found_out(odd, {}) == []


def test_earlier_releases_are_found_by_their_number(tmp_path):
    for number, run in ((1, "maj"), (2, "2025-juni")):
        file = tmp_path / f"{number}-{run}" / "public/1_x/da/a.json"
        file.parent.mkdir(parents=True)
        file.write_text("{}", encoding="utf-8")
    (tmp_path / "log.jsonl").touch()
    assert released_before(tmp_path) == {n: {"public/1_x/da/a.json": b"{}"} for n in (1, 2)}
