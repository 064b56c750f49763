"""A release: nothing leaves while an alarm is open; who let what out is written down in a log that only grows."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from helhed.errors import DataNeedsWork, WrongCall
from helhed.profile import read_profile
from helhed.publishing.new_municipality import make_municipality
from helhed.publishing.release import allow, check_release, release

HELHED = str(Path(sys.executable).with_name("helhed"))
WHO, WHY = "Anne Holm", "Til socialudvalget i december"
NUMBER = "3004" + "70-0123"
OWN = "1212" + "12-1234"


@pytest.fixture
def town(tmp_path) -> Path:
    make_municipality(tmp_path / "vejle", "furesoe", "da")
    (tmp_path / "vejle/exports/folkeregister.csv").write_text(
        f"CPR nummer;Fornavn;Efternavn;Adresse;Telefon\n{OWN};Bo;Åkær;Skovvej 12, 2. tv;23456789\n", encoding="cp1252"
    )
    return tmp_path / "vejle"


@pytest.fixture
def run(town) -> Path:
    run = town / "runs" / "maj"
    for name, content in (("public/1/da/a.json", "{}"), ("notebooks/da/1.ipynb", "{}"), ("private/1/a.txt", OWN)):
        (run / name).parent.mkdir(parents=True)
        (run / name).write_text(content, encoding="utf-8")
    return run


def checked(town, run, **more):
    return check_release(read_profile(town, "da"), run, "da", **more)


def plant(run, text) -> None:
    (run / "public/1/da/a.json").write_text(json.dumps({"a": text}), encoding="utf-8")


def test_what_was_searched_leaves_and_nothing_private(town, run):
    folder = release(checked(town, run), WHO, WHY, "da")
    assert sorted(str(f.relative_to(folder)) for f in folder.rglob("*") if f.is_file()) == [
        "notebooks/da/1.ipynb",
        "public/1/da/a.json",
    ]
    entry = json.loads((town / "releases/log.jsonl").read_text(encoding="utf-8"))
    assert (entry["number"], entry["approved_by"], entry["reason"], entry["run"]) == (1, WHO, WHY, "maj")
    assert set(entry["files"]) == {"notebooks/da/1.ipynb", "public/1/da/a.json"}


@pytest.mark.parametrize(
    ("leak", "kind"),
    [
        (NUMBER, "cpr"),
        (OWN, "known_cpr"),
        ("Bo Åkær", "name"),
        ("skovvej 12", "address"),
        ("ring 23456789", "phone"),
        ("a.b@vejle.dk", "email"),
    ],
)
def test_an_open_alarm_stops_the_release(town, run, leak, kind):
    plant(run, f"se {leak} her")
    found = checked(town, run)
    assert kind in {alarm.kind for alarm in found.alarms}
    with pytest.raises(DataNeedsWork):
        release(found, WHO, WHY, "da")
    assert not (town / "releases").exists()


def test_a_false_alarm_is_allowed_with_name_and_reason_and_then_counts_no_more(town, run):
    plant(run, f"sag {NUMBER}")
    (alarm,) = checked(town, run).alarms
    allow(checked(town, run), alarm.mark, WHO, "Sagens eget nummer", "da")
    again = checked(town, run)
    assert (again.alarms, [one.mark for one in again.allowed]) == ([], [alarm.mark])
    release(again, WHO, WHY, "da")
    assert json.loads((town / "releases/log.jsonl").read_text())["allowed"] == [alarm.mark]
    plant(run, f"sag {NUMBER[:-1]}4")
    assert len(checked(town, run).alarms) == 1


def test_what_stands_in_the_municipalitys_own_files_is_never_a_false_alarm(town, run):
    plant(run, OWN)
    (alarm,) = checked(town, run).alarms
    with pytest.raises(WrongCall):
        allow(checked(town, run), alarm.mark, WHO, "Det er ikke noget", "da")


@pytest.mark.parametrize(("who", "why"), [("", WHY), ("Anne", WHY), (WHO, ""), (WHO, "ja")])
def test_a_release_needs_a_named_person_and_a_reason(town, run, who, why):
    with pytest.raises(WrongCall):
        release(checked(town, run), who, why, "da")
    assert not (town / "releases").exists()


@pytest.mark.parametrize(
    "change", [lambda lines: lines[1:], lambda lines: [lines[0].replace("Anne", "Arne"), *lines[1:]]]
)
def test_a_log_that_was_changed_stops_everything(town, run, change):
    for _ in range(3):
        release(checked(town, run), WHO, WHY, "da")
    log = town / "releases/log.jsonl"
    log.write_text("\n".join(change(log.read_text().splitlines())) + "\n")
    with pytest.raises(DataNeedsWork, match=r"log\.jsonl"):
        release(checked(town, run), WHO, WHY, "da")


def test_documents_and_site_are_searched_too(town, run, tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site/index.html").write_text(f"<p>{NUMBER}</p>")
    (tmp_path / "notat.txt").write_text("Bo Åkær", encoding="utf-8")
    found = checked(town, run, site=tmp_path / "site", documents=[tmp_path / "notat.txt"])
    assert {(alarm.file, alarm.kind) for alarm in found.alarms} == {
        ("site/index.html", "cpr"),
        ("documents/notat.txt", "name"),
    }


def test_missing_files_are_named_together(town, run, tmp_path):
    with pytest.raises(WrongCall) as stopped:
        checked(town, run, site=tmp_path / "no", documents=[tmp_path / "neither.txt"])
    assert [problem.code for problem in stopped.value.problems] == ["release.no_file", "release.no_site"]


def test_the_command_without_a_finished_run_says_so(town):
    done = subprocess.run([HELHED, "release", str(town)], capture_output=True, text=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)


COLUMNS = (("a", "Gruppe", "text"), ("n", "Familier", "count"))


def counts(value: str, small: str = "under 5", total: str = "48") -> str:
    columns = [{"name": n, "label": label, "format": form} for n, label, form in COLUMNS]
    sums = [{"parts": [[0, "n"], [1, "n"]], "total": [2, "n"], "has_unseen": False}]
    rows = [["x", small], ["y", value], ["alle", total]]
    return json.dumps({"title": "Familier", "columns": columns, "rows": rows, "sums": sums, "threshold": 5})


def test_a_hidden_count_that_can_be_worked_out_stops_the_release(town, run):
    (run / "public/1/da/a.json").write_text(counts("45"), encoding="utf-8")
    found = checked(town, run)
    assert [(alarm.kind, alarm.file) for alarm in found.alarms] == [("recovered", "public/1/da/a.json")]
    with pytest.raises(DataNeedsWork):
        release(found, WHO, WHY, "da")
    (run / "public/1/da/a.json").write_text(counts("skjult"), encoding="utf-8")
    assert checked(town, run).alarms == []


def test_a_release_is_held_against_the_earlier_ones_and_a_person_may_let_a_difference_pass(town, run):
    (run / "public/1/da/a.json").write_text(counts("38", "10"), encoding="utf-8")
    release(checked(town, run), WHO, WHY, "da")
    (run / "public/1/da/a.json").write_text(counts("40", "10", "50"), encoding="utf-8")
    (alarm,) = checked(town, run).alarms
    assert alarm.kind == "recovered_with" and "»y – Familier«" in alarm.line("da") and "»x – " not in alarm.line("da")
    allow(checked(town, run), alarm.mark, WHO, "To familier er flyttet til, det er kendt", "da")
    assert checked(town, run).alarms == []


def test_a_file_of_the_private_part_or_of_the_input_is_no_document(town, run):
    for name in ("runs/maj/private/1/a.txt", "exports/folkeregister.csv"):
        with pytest.raises(WrongCall) as stopped:
            checked(town, run, documents=[town / name])
        assert [problem.code for problem in stopped.value.problems] == ["release.is_private"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda folder: folder.rename(folder.with_name("away")),
        lambda folder: (folder / "public/1/da/a.json").write_text("{ }"),
    ],
)
def test_an_earlier_release_that_is_gone_or_changed_is_an_alarm_a_person_can_allow(town, run, spoil):
    spoil(release(checked(town, run), WHO, WHY, "da"))
    (alarm,) = checked(town, run).alarms
    assert (alarm.kind, alarm.file) == ("earlier_spoilt", "1-maj")
    allow(checked(town, run), alarm.mark, WHO, "Slettet efter aftale", "da")
    assert release(checked(town, run), WHO, WHY, "da").name == "2-maj"


def test_a_log_that_lost_its_last_line_stops_everything(town, run):
    for _ in range(2):
        release(checked(town, run), WHO, WHY, "da")
    log = town / "releases/log.jsonl"
    log.write_text(log.read_text().splitlines()[0] + "\n")
    with pytest.raises(DataNeedsWork, match=r"log\.jsonl"):
        checked(town, run)


def test_what_the_offices_sent_names_people_too(town, run):
    sent = town / "sector_plans/familie.csv"
    sent.parent.mkdir()
    sent.write_text("Navn;Adresse\nIda Sø Bjerg;Lærkevej 4\n", encoding="utf-8")
    plant(run, "Ida Sø Bjerg")
    assert [alarm.kind for alarm in checked(town, run).alarms] == ["name"]
