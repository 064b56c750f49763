"""What has no legal basis for a step's purpose is not read there, and is told: in every step that reads."""

import pytest

from helhed.errors import ProfileNeedsWork
from helhed.notebook import PURPOSES, open_step
from helhed.profile.law import unread_in_words
from helhed.publishing.run_folder import RunFolder
from helhed.tables import tables as contracts
from helhed.texts import LANGUAGES
from tests.known.test_selection import Register

CHECK = "0_check_data"
SOURCES = ("person", "benefit_spell", "child_case", "measure", "enrolment")


def run_of(tmp_path, *lines, without=""):
    """Return the folder of a municipality with a finished check: a family with an adult and a child, a row of each."""
    tables = Register().family("F").benefit("F1", "2025-01-01").case("Fc1", "2025-01-01").case("F1", "2025-01-01")
    tables = tables.measure("F1", "health").measure("Fc1", "children").enrolment("F", start_date="2025-01-01").tables()
    bases = [f"law.basis_{name}: Invented act" for name in SOURCES if name != without]
    head = ["name: T", 'municipality_code: "0190"', "model: furesoe", "settings:"]
    head += [f"  {line}" for line in ["data.encoding: utf-8", "data.key_file: k.key", *bases, *lines]]
    folder = tmp_path / "town"
    folder.mkdir(exist_ok=True)
    (folder / "profile.yml").write_text("\n".join([*head, ""]), encoding="utf-8")
    (folder / "k.key").write_text("0" * 64, encoding="utf-8")
    open_step(CHECK, str(folder), str(folder / "run"), "en").hand_over(tables)
    return folder


def opened(folder, step, lang="en"):
    return open_step(step, str(folder), str(folder / "run"), lang)


@pytest.mark.parametrize("step", PURPOSES)
def test_a_source_without_the_steps_purpose_comes_back_empty(tmp_path, step):
    other = {"coordinate": "follow_up", "follow_up": "coordinate"}[PURPOSES[step]]
    folder = run_of(tmp_path, f"law.purpose_measure: [select, {other}]", "law.purpose_child_case: [select]")
    reading = opened(folder, step)
    assert len(reading.read(CHECK, "measure")) == len(reading.read(CHECK, "child_case")) == 0
    assert len(reading.read(CHECK, "person")) == len(reading.read(CHECK, "family_member")) == 2
    reading.hand_over()
    assert RunFolder(folder / "run").facts(step)["read_without"] == {"child_case": "unread", "measure": "unread"}


@pytest.mark.parametrize("step", PURPOSES)
def test_a_source_without_a_basis_comes_back_empty(tmp_path, step):
    folder = run_of(tmp_path, without="measure")
    assert len(opened(folder, step).read(CHECK, "measure")) == 0
    assert len(opened(folder, step).read(CHECK, "child_case")) == 2


def test_rows_about_members_the_basis_leaves_out_are_not_read(tmp_path):
    folder = run_of(tmp_path, "law.members_measure: [children]", "law.members_child_case: [adults]")
    reading = opened(folder, "4_monitor_indicators")
    assert reading.read(CHECK, "measure")["person_id"].tolist() == ["Fc1"]
    assert reading.read(CHECK, "child_case")["person_id"].tolist() == ["F1"]
    assert reading.read(CHECK, "enrolment")["family_id"].tolist() == ["F"]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("step", PURPOSES)
def test_without_the_register_of_persons_the_step_stops_with_the_line(tmp_path, step, lang):
    folder = run_of(tmp_path, "law.purpose_person: [select]")
    with pytest.raises(ProfileNeedsWork) as stopped:
        opened(folder, step, lang).read(CHECK, "family_member")
    (problem,) = stopped.value.problems
    assert problem.row == 12 and "law.purpose_person" in str(stopped.value)


@pytest.mark.parametrize(("lang", "words"), [("da", "følge op og evaluere"), ("en", "follow up and evaluate")])
def test_what_was_not_read_is_said_with_the_purpose(tmp_path, lang, words):
    folder = run_of(tmp_path, "law.purpose_benefit_spell: [select]", "law.members_measure: [children]")
    reading = opened(folder, "5_evaluate_and_account", lang)
    for table in ("benefit_spell", "measure", "person"):
        reading.read(CHECK, table)
    reading.hand_over()
    unread = RunFolder(folder / "run").facts("5_evaluate_and_account")["read_without"]
    assert unread == {"benefit_spell": "unread", "measure": "partly"}
    said = unread_in_words(unread, PURPOSES["5_evaluate_and_account"], lang)
    assert said.count(words) == 2
    assert all(contracts()[name].label(lang) in said for name in unread)
