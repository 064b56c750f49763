"""A municipality's own words for the codes of an export, and what is proposed for words and sheets nobody knows."""

import openpyxl
import pytest

from helhed.intake import proposed_presets, proposed_words, read_municipality
from helhed.intake.exports.own_presets import presets_of
from helhed.intake.exports.preset import presets
from helhed.intake.proposals.likeness import likeness
from tests.unit.bad_files.conftest import GIRL, MOTHER

EXPORT = "ydelsesrefusion"
NEW, NEAR = "Revalideringsydelse", "Kontanthjælp mv"


@pytest.fixture
def benefits(town):
    """Return a town with three weeks of benefits under words that no code is known for."""
    rows = town.exports[f"{EXPORT}_2024"]
    rows += [[MOTHER, f"2024{week}", "3000", "600", "", "", "20", "", NEW, ""] for week in (10, 11)]
    rows.append([MOTHER, "202412", "3000", "600", "", "", "20", "", NEAR, ""])
    town.write()
    return town


def add_words(town, content: str, name: str = EXPORT) -> None:
    (town.path / "presets").mkdir(exist_ok=True)
    (town.path / "presets" / f"{name}.yml").write_text(content, encoding="utf-8")


def told(town) -> list:
    return [problem for problem in presets_of(town.path)[1] if problem.severity == "must_fix"]


def test_words_without_a_code_are_proposed_and_filled_in_they_are_read(benefits):
    read = read_municipality(benefits.profile)
    (proposal,) = proposed_words(read, "da")
    assert (proposal.name, "2" in proposal.says) == (EXPORT, True)
    lines = {line.split(":")[0].strip(' "'): line for line in proposal.content.splitlines() if not line.startswith("#")}
    assert "rækker: 2" in lines[NEW]
    assert "måske kontanthjaelp" in lines[NEAR]
    add_words(benefits, proposal.content)
    assert {p.code for p in told(benefits)} == {"intake.preset_word_without_code"}
    content = proposal.content.replace(f'"{NEW}":', f'"{NEW}": left_out').replace(
        f'"{NEAR}":', f'"{NEAR}": Kontanthjælp'
    )
    add_words(benefits, content)
    again = read_municipality(benefits.profile)
    assert [p for p in again.problems if p.code == "intake.unknown_code"] == []
    (left_out,) = [p for p in again.problems if p.code == "intake.words_left_out"]
    assert (left_out.severity, left_out.details["n"]) == ("note", 2)
    spells = again.tables["benefit_spell"]
    assert spells.loc[spells["start_date"] == "2024-03-18", "benefit"].tolist() == ["kontanthjaelp"]
    assert len(spells) == len(read.tables["benefit_spell"]) + 1
    assert proposed_words(again, "en") == []


def test_words_that_have_a_code_stay_in_the_next_proposal(benefits):
    add_words(benefits, f'words:\n  ydelse:\n    "{NEAR}": kontanthjaelp\n')
    (proposal,) = proposed_words(read_municipality(benefits.profile), "en")
    assert f'"{NEAR}": kontanthjaelp' in proposal.content
    assert f'"{NEW}":  # rows: 2' in proposal.content


def test_a_whole_own_preset_gets_no_proposal_of_words(benefits):
    columns = {h.heading: h for h in presets()[EXPORT].columns if h.to and h.to != "refund_rate"}
    lines = [f"  {heading}: {{to: {column.to}, kind: {column.kind}}}" for heading, column in columns.items()]
    lines[-1] = "  Ydelse: {to: benefit, unknown: should_fix, map: {Kontanthjælp: kontanthjaelp}}"
    add_words(benefits, "\n".join(["table: benefit_week", f"file: {EXPORT}", "per_year: true", "columns:", *lines]))
    assert told(benefits) == []
    assert proposed_words(read_municipality(benefits.profile), "da") == []


@pytest.mark.parametrize("said", ["placement", "anbringelse", "Plejefamilie"])
def test_a_type_of_measure_is_given_its_group(town, said):
    row = list(town.exports["dubu_indsatser"][0])
    row[12] = "Støtteperson til søskende"
    town.exports["dubu_indsatser"] = [row]
    town.write()
    (proposal,) = proposed_words(read_municipality(town.profile), "en")
    assert "# The codes are: preventive (preventive measure for a child), placement (placement)" in proposal.content
    add_words(town, proposal.content.replace('søskende":', f'søskende": {said}'), "dubu_indsatser")
    again = read_municipality(town.profile)
    measures = again.tables["measure"].set_index("measure_type")
    assert measures.loc["Støtteperson til søskende", "measure_group"] == "placement"
    assert presets_of(town.path)[0]["dubu_indsatser"].group_of_type()["plejefamilie"] == "placement"
    assert proposed_words(again, "en") == []


def test_a_municipality_may_group_a_known_type_otherwise(town):
    add_words(town, "words: {Ydelsestype: {fast kontaktperson: placement}}", "dubu_indsatser")
    measures = read_municipality(town.profile).tables["measure"].set_index("measure_type")
    assert measures.loc["Fast kontaktperson", "measure_group"] == "placement"


FAULTS = {
    "preset_unknown_code": ("words: {Ydelse: {X: kontanhjaelp}}", 1, "kontanthjaelp"),
    "preset_word_without_code": ("words:\n  Ydelse:\n    X:\n", 3, "left_out"),
    "preset_no_codes": ("words:\n  Ydelsen: {X: sho}\n", 2, "Ydelse"),
    "preset_wants_mapping": ("words: [X]\n", 1, "words"),
    "preset_unknown_field": ("title: Ydelser\nwords: {Ydelse: {X: sho}}\n", 1, "words"),
}


@pytest.mark.parametrize("code", FAULTS)
def test_a_fault_in_own_words_is_told_with_line_and_cure(town, code):
    content, row, named = FAULTS[code]
    add_words(town, content)
    (problem,) = told(town)
    assert (problem.code, problem.row) == (f"intake.{code}", row)
    for lang in ("da", "en"):
        assert named in problem.line(lang)
        assert "{" not in problem.line(lang).replace("{to: person_id, kind: cpr}", "")
    assert presets_of(town.path)[0][EXPORT] == presets()[EXPORT]


def test_words_of_an_export_that_is_none(town):
    add_words(town, "words: {Ydelse: {X: sho}}", "ydelsesrefusioner")
    (problem,) = told(town)
    assert problem.code == "intake.preset_words_of_nothing"
    assert "»ydelsesrefusion«" in problem.line("da")


@pytest.mark.parametrize("name", ["../decisions", "*", "a/b", ".*"])
def test_a_preset_reads_files_of_the_folder_alone(town, name):
    add_words(town, f'table: employment\nfile: "{name}"\ncolumns: {{A: {{to: person_id}}}}\n', "own")
    assert "intake.preset_file_elsewhere" in {problem.code for problem in told(town)}


def test_of_an_unknown_workbook_the_likeliest_sheet_is_looked_at(town):
    book = openpyxl.Workbook()
    book.active.title = "Om udtrækket"
    book.active.append(["Rekvireret af", "Dato"])
    book.active.append(["Skoleforvaltningen", "01-02-2025"])
    sheet = book.create_sheet("Ark2")
    sheet.append(["Elevens personnr", "Periodestart", "Elevdage", "Syg", "Lovligt", "Ulovl."])
    for month in range(1, 7):
        sheet.append([GIRL, f"2024-{month:02}", 20, 1, 0, 2])
    book.save(town.path / "exports/elevfravaer.xlsx")
    known = presets_of(town.path)[0]
    (proposal,) = proposed_presets(town.path / "exports", "utf-8-sig", known, "da")
    assert proposal.problems == ()
    columns = {"person_id", "month", "school_days", "days_sick", "days_permitted", "days_unlawful"}
    assert "table: absence" in proposal.content
    assert all(f"to: {column}," in proposal.content for column in columns)
    assert '"Lovligt": {to: days_permitted' in proposal.content
    add_words(town, proposal.content, proposal.name)
    found = read_municipality(town.profile)
    assert [p.line("da") for p in found.must_fix] == []
    # March stands in the town's own export too.
    assert len(found.tables["absence"]) == 6


def test_a_word_and_its_opposite_are_not_alike():
    assert likeness("Lovligt", "Ulovligt fravær") == 0.0
    assert likeness("Lovligt fravær", "Fravær lovligt") > 0.8
