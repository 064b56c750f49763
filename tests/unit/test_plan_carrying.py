"""What people wrote lives on: through forms sent again, births, disputes, consents withdrawn and forms read twice."""

import io
import json
from dataclasses import replace
from datetime import date

import openpyxl
import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from helhed.errors import DataNeedsWork
from helhed.plan import template_problems, with_kept_consents
from helhed.plan.assembly import assemble_plans
from helhed.plan.carrying import carried_over
from helhed.plan.changes_words import since_last_time
from helhed.plan.consent import has_programme_consent
from helhed.plan.documents import Template, document
from helhed.plan.example import EXAMPLE_DAY, example_tables
from helhed.plan.family_page import Wording
from helhed.plan.fields import KINDS
from helhed.plan.forms import plan_form, workbook
from helhed.plan.forms.records import numbered
from helhed.plan.model import Consent, Contact, Evaluation, FadeOut, Member
from helhed.plan.sector_lines import lines_table
from helhed.plan.three_way import conflict_table, merge_plans
from helhed.plan.views import may_see
from helhed.profile import declared_entries
from helhed.publishing.plan_editing import Editor, PlanStore
from helhed.publishing.plan_making import Making, findings_lines, make_plans
from helhed.publishing.sector_forms import write_fhir
from helhed.texts import document_name

LATER = date(2025, 9, 1)  # well after the last day of the example's exports
PERSON = Editor("da", "kontaktperson", LATER, {})


class Settings(dict):
    name, is_synthetic, folder = "Eksempel", True, None


@pytest.fixture
def profile(tmp_path):
    found = Settings({key: entry.default for key, entry in declared_entries().items()})
    found.folder = tmp_path
    return found


@pytest.fixture(scope="module")
def example():
    likeness = {"plan.duplicate_likeness": 0.9}
    return numbered(assemble_plans(example_tables(), likeness, EXAMPLE_DAY)["eksempel"])


@pytest.fixture
def store(profile):
    return PlanStore(profile)


def with_line(plan, line_id, **changes):
    return replace(plan, lines=tuple(replace(li, **changes) if li.line_id == line_id else li for li in plan.lines))


def line_of(plan, line_id):
    return next(line for line in plan.lines if line.line_id == line_id)


def withdrawn(plan, day):
    return replace(plan, consents=tuple(replace(one, withdrawn_date=day) for one in plan.consents))


def test_a_consent_withdrawn_after_the_exports_ends_the_sharing_on_that_day(example):
    plan = replace(withdrawn(example, LATER), made_date=date(2025, 8, 31))
    assert has_programme_consent(plan)
    for day in (LATER, date(2025, 9, 2)):
        made = replace(plan, made_date=day)
        assert not has_programme_consent(made) and not may_see(made, line_of(made, "l3"), "children")
    # Read in on the day, the newest version alone is enough, whoever makes documents of it.
    assert not has_programme_consent(replace(plan, made_date=None, changed_date=LATER))


def test_a_consent_given_after_the_exports_counts_from_its_day(example):
    given = (Consent("c1", "programme", from_date=LATER),)
    plan = replace(example, consents=given, consent_date=LATER)
    assert not has_programme_consent(plan)
    assert has_programme_consent(replace(plan, made_date=LATER))


def test_a_withdrawal_reaches_every_document_finding_run_and_file(example, profile, store, tmp_path):
    plans = {"eksempel": example}
    kinds = ("forvaltning", "fagplan")
    list(make_plans(plans, profile, Making("da", "koordinator", EXAMPLE_DAY, kinds)))
    list(make_plans(plans, profile, Making("en", "koordinator", EXAMPLE_DAY, kinds)))
    (written,) = write_fhir(plans, tmp_path, "da")
    extracts = {lang: tmp_path / "plans" / lang / document_name("department", lang) for lang in ("da", "en")}
    assert (extracts["da"] / "eksempel-bolig.docx").is_file() and (extracts["en"] / "eksempel-housing.docx").is_file()
    before = {file: file.read_bytes() for folder in extracts.values() for file in folder.iterdir()}
    store.versions.keep(withdrawn(store.versions.last("eksempel"), LATER), "kontaktperson", LATER)

    list(make_plans(plans, profile, Making("en", "koordinator", LATER, kinds)))
    assert not list(extracts["da"].iterdir())  # made before the newest version, in another language
    assert all(file.read_bytes() != before[file] for file in extracts["en"].iterdir())
    standing = {name: store.as_it_stands(plan, LATER, "da") for name, plan in plans.items()}
    must_fix = [row for row in findings_lines(standing, profile, "en") if "consent" in row[2].casefold()]
    assert must_fix and must_fix[0] not in findings_lines(plans, profile, "en")
    assert list(write_fhir(standing, tmp_path, "da")) == [] and not written.exists()
    assert not has_programme_consent(with_kept_consents(plans, profile)["eksempel"])
    assert with_kept_consents({"anden": replace(example, family_id="anden")}, profile)["anden"].consents


def test_documents_of_the_newest_version_stay_in_the_other_language(example, profile, tmp_path):
    for lang in ("da", "en"):
        list(make_plans({"eksempel": example}, profile, Making(lang, "koordinator", LATER, ("referat",))))
    assert all(
        (tmp_path / "plans" / lang / document_name("minutes/eksempel.docx", lang)).is_file() for lang in ("da", "en")
    )


def test_another_family_whose_number_begins_alike_keeps_its_documents(example, profile, tmp_path):
    plans = {name: replace(example, family_id=name) for name in ("f1", "f1-2")}
    list(make_plans(plans, profile, Making("da", "koordinator", LATER, ("referat",))))
    list(make_plans({"f1": plans["f1"]}, profile, Making("da", "koordinator", LATER, ("referat",))))
    assert (tmp_path / "plans" / "da" / "referat" / "f1-2.docx").is_file()


rows = st.lists(
    st.fixed_dictionaries(
        {
            "person_id": st.sampled_from(("voksen", "barn", None)),
            "action": st.sampled_from(("Tale med læge", "Gå til fodbold", None)),
            "goal": st.sampled_from(("Ro", None)),
            "section": st.just(None),
            "start_date": st.sampled_from((date(2025, 1, 1), date(2025, 2, 1), None)),
            "due_date": st.sampled_from((date(2025, 8, 1), date(2025, 9, 1))),
        }
    ),
    max_size=6,
)
IDENTITY = ("person_id", "action", "goal", "section")


def numbers(found):
    fixed = {"family_id": "f", "source_plan": "housing", "life_area": "housing", "status": "active"}
    placed = [fixed | row | {"read_from": f"excel {at}"} for at, row in enumerate(found)]
    return lines_table(placed)["line_id"].tolist()


@settings(max_examples=40, deadline=None)
@given(rows, rows, st.randoms(use_true_random=False))
def test_rows_put_in_taken_out_or_moved_never_join_two_actions(old, new, random):
    old_ids, moved = numbers(old), [*old[: len(old) // 2], *new]
    random.shuffle(moved)
    new_ids = numbers(moved)
    assert len(set(old_ids)) == len(old) and len(set(new_ids)) == len(moved)
    was = dict(zip(old_ids, old, strict=True))
    for line_id, row in zip(new_ids, moved, strict=True):
        if line_id in was:
            assert all(was[line_id][name] == row[name] for name in IDENTITY)
    shuffled = list(enumerate(old))
    random.shuffle(shuffled)
    for (at, _), line_id in zip(shuffled, numbers([row for _, row in shuffled]), strict=True):
        assert was[line_id] == old[at]  # the same rows in another order: each keeps its number


def test_a_changed_date_leaves_an_action_its_number():
    row = {"person_id": "barn", "action": "Tale med læge", "due_date": date(2025, 8, 1)}
    above = {"person_id": "barn", "action": "Ny sag"}
    assert numbers([row]) == numbers([above, row | {"due_date": date(2025, 10, 1)}])[1:]


def test_an_edit_stays_with_its_line_when_the_departments_take_it_out_and_bring_it_back(example):
    edited = with_line(example, "l6", owner="Mormor")
    gone = replace(example, lines=tuple(li for li in example.lines if li.line_id not in ("l6", "l4")))
    first = carried_over(example, edited, gone)
    assert line_of(first.plan, "l6").owner == "Mormor"
    assert "l4" not in {line.line_id for line in first.plan.lines}  # nobody had written into it
    (note,) = first.notes
    assert "står ikke længere" in note.line("da") and "no longer stands" in note.line("en")
    back = carried_over(gone, first.plan, example)
    assert line_of(back.plan, "l6").owner == "Mormor" and back.conflicts == ()
    assert len(back.plan.lines) == len(example.lines)


def test_a_birth_and_a_removal_stop_no_plan(example):
    grown = replace(example, members=(*example.members, Member("ny", "child", 3, 0)))
    assert carried_over(example, example, grown).plan.members == grown.members
    moved_out = example.members[-1]
    fewer = replace(example, members=example.members[:-1])
    contact = Contact("n9", "Træner", person_id=moved_out.person_id)
    merged = carried_over(example, replace(example, network=(contact,)), fewer)
    assert merged.conflicts == () and merged.plan.members == fewer.members and merged.plan.network == (contact,)
    assert moved_out.label("en") in merged.notes[0].line("en")


def test_members_in_dispute_are_named_in_the_language_of_the_reader(example):
    merged = merge_plans(example, replace(example, members=example.members[:1]), example)
    assert "Child 1" in conflict_table(merged, "en")["before"].iloc[0]


def form_of(store, tmp_path, name="skema.xlsx"):
    last = store.versions.last("eksempel")
    file = tmp_path / name
    file.write_bytes(workbook(plan_form(last, "da", {})))
    return file


def written_into(file, sheet, cells):
    book = openpyxl.load_workbook(io.BytesIO(file.read_bytes()))
    for old, new in cells.items():
        found = [cell for row in book[sheet].iter_rows() for cell in row if cell.value == old]
        assert found, old
        found[0].value = new
    book.save(file)


@pytest.mark.parametrize("changes_mind", [True, False])
def test_peoples_answer_settles_a_dispute_for_as_long_as_the_tables_say_the_same(
    example, profile, store, tmp_path, changes_mind
):
    store.brought_up(example, PERSON)
    store.versions.keep(with_line(store.versions.last("eksempel"), "l3", owner="Mormor"), "kontaktperson", LATER)
    table = with_line(example, "l3", owner="Virksomhed")
    for _ in range(2):
        with pytest.raises(DataNeedsWork, match="Virksomhed"):
            store.brought_up(table, PERSON)
    form = form_of(store, tmp_path)
    if changes_mind:
        written_into(form, "Mål og handlinger", {"Mormor": "Farfar"})
    (taken,) = store.take_in([form], PERSON)
    assert taken.failure == ""
    with pytest.raises(DataNeedsWork, match="Kommune"):
        store.brought_up(with_line(example, "l3", owner="Kommune"), PERSON)  # the tables say something new
    store.take_in([form_of(store, tmp_path)], PERSON)
    list(store.take_in([form_of(store, tmp_path)], PERSON))
    kept, notes = store.brought_up(with_line(example, "l3", owner="Kommune"), PERSON)
    assert line_of(kept, "l3").owner == ("Farfar" if changes_mind else "Mormor")
    assert "svaret fra skemaet gælder" in notes[0].line("da")
    again, notes = store.brought_up(with_line(example, "l3", owner="Kommune"), PERSON)
    assert again.version == kept.version and notes == ()


def test_a_form_without_its_version_is_refused(example, store, tmp_path):
    store.brought_up(example, PERSON)
    form = form_of(store, tmp_path)
    store.versions.keep(with_line(example, "l3", owner="Mormor"), "kontaktperson", LATER)
    book = openpyxl.load_workbook(form)
    for row in book["Om planen"].iter_rows():
        for at, cell in enumerate(row):
            if cell.value == "Udgave":
                row[at + 1].value = None
    book.save(form)
    (taken,) = store.take_in([form], PERSON)
    assert "»Udgave«" in taken.failure and store.versions.numbers("eksempel") == [1, 2]
    assert line_of(store.versions.last("eksempel"), "l3").owner == "Mormor"


def test_a_form_read_twice_adds_its_new_rows_once(example, store, tmp_path):
    store.brought_up(example, PERSON)
    form = form_of(store, tmp_path)
    added = replace(example, network=(Contact("n1", "Mormor"),))
    form.write_bytes(workbook(plan_form(replace(added, version=1), "da", {})))
    for expected in (2, 2):
        (taken,) = store.take_in([form], PERSON)
        assert (taken.failure, taken.version) == ("", expected)
    assert len(store.versions.last("eksempel").network) == 1


def test_the_box_tells_every_part_to_those_who_see_it(example, profile):
    given = replace(example, consents=(*example.consents, Consent("s1", "sharing", departments=("school",))))
    after = replace(
        withdrawn(given, None),
        consents=(example.consents[0], replace(given.consents[-1], withdrawn_date=LATER)),
        network=(Contact("n1", "Farmor"),),
        fade_out=FadeOut(LATER),
        review_dates=(LATER,),
        coordinator_id="k77",
        evaluations=(Evaluation("e1", LATER, "voksen", "Hjælper planen?", "Ja, den giver ro"),),
    )
    for lang, words in (
        ("da", ("samtykker", "Farmor", "udfasning", "01-09-2025", "koordinator", "giver ro")),
        ("en", ("consents", "Farmor", "phase-out", "coordinator", "giver ro")),
    ):
        wording = Wording(profile, lang)
        family = json.dumps(since_last_time(given, after, "family", wording), ensure_ascii=False)
        assert all(word in family for word in words if word != "01-09-2025"), family
        assert "programme" not in family and "sharing" not in family.casefold().replace("sharing about", "")
        meeting = json.dumps(since_last_time(given, after, "meeting", wording), ensure_ascii=False)
        assert "Farmor" not in meeting and "giver ro" not in meeting and words[2] in meeting
        assert since_last_time(given, after, "school", wording)["changes"] == []


def template(*paragraphs):
    word, buffer = Document(), io.BytesIO()
    for words in paragraphs:
        word.add_paragraph(words)
    word.save(buffer)
    return buffer.getvalue()


def test_fields_of_lists_and_of_single_fields_are_found_by_the_check():
    found = template_problems(template("{{ lines.persn }} {{ municipality.nam }}"), "egen_da.docx")
    assert [problem.value for problem in found] == ["lines.persn", "municipality.nam"]
    assert template_problems(template("{% for line in lines %}{{ line.goal }}{% endfor %}"), "egen_da.docx") == []


def test_a_template_that_fails_while_it_is_filled_is_named(example, profile, tmp_path):
    bad = Template(tmp_path / "egen_da.docx", template("{{ municipality.nam }}"))
    with pytest.raises(DataNeedsWork, match="egen_da.docx"):
        document(KINDS["referat"], example, Wording(profile, "da"), bad)
