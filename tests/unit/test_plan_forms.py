"""Forms of the plan: written to Excel and Word, edited, read back without loss; mistakes told with their place."""

import io
from dataclasses import replace
from datetime import date, time

import openpyxl
import pytest
from docx import Document
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from helhed.errors import DataNeedsWork
from helhed.plan.assembly import assemble_plans
from helhed.plan.example import EXAMPLE_DAY, example_tables
from helhed.plan.forms import (
    SECTOR_PLANS,
    plan_form,
    read_plan_form,
    read_sector_forms,
    sector_form,
    word_form,
    workbook,
)
from helhed.plan.forms.records import numbered, plan_of_rows, plan_rows, refreshed
from helhed.plan.merge import merge_lines, n_lines_in
from helhed.plan.model import Consent, Contact, Evaluation, FadeOut, FadeOutStep, Member
from helhed.plan.sector_lines import with_lines

LIKENESS = {"plan.duplicate_likeness": 0.9}
WRITERS = {"xlsx": workbook, "docx": word_form}
#: What people type: also what looks like markup, a field of a template, a formula or an escape of Excel.
WRITTEN = st.one_of(
    st.none(),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60),
    st.sampled_from(
        [
            "{{ 7*7 }}",
            "{% raw %}",
            "<w:p>",
            "=1+1",
            "@SUM(A1)",
            "_x0041_",
            "ro\nhjemme\tigen",
            " a ",
            "&amp;",
            "x" * 33_000,
        ]
    ),
)


@pytest.fixture
def plan():
    return full_plan()


def full_plan():
    """Return the invented family's plan with something in every part of it."""
    plan = numbered(assemble_plans(example_tables(), LIKENESS, EXAMPLE_DAY)["eksempel"])
    timed = [
        replace(line, weekdays=("mon", "thu"), day_start=time(10), day_end=time(11, 30))
        if line.line_id == "l4"
        else line
        for line in plan.lines
    ]
    return replace(
        plan,
        lines=tuple(timed),
        network=(
            Contact("n1", "Mormor", "private", "barn", "henter om torsdagen", True),
            Contact("n2", "Læge", "professional"),
        ),
        consents=(
            *plan.consents,
            Consent(
                "s1", "sharing", "voksen", None, ("children", "employment"), ("health", "education"), date(2025, 1, 8)
            ),
            Consent(
                "s2",
                "own",
                "barn",
                "barn",
                ("school",),
                (),
                date(2025, 2, 1),
                withdrawn_date=date(2025, 5, 1),
                note="ved ik",
            ),
        ),
        fade_out=FadeOut(
            date(2025, 10, 1), date(2026, 1, 1), (FadeOutStep("u1", "Skolen ringer selv", "Klasselærer"),), "Ring"
        ),
        review_dates=(date(2025, 9, 1), date(2026, 3, 1)),
        evaluations=(Evaluation("e1", date(2025, 6, 1), "voksen", "Er planen jeres?", "Ja, næsten", 4),),
    )


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_form_that_nobody_edited_gives_the_same_plan(plan, kind, lang):
    read = read_plan_form(WRITERS[kind](plan_form(plan, lang)), f"form.{kind}", plan, lang)
    assert read.problems == ()
    assert read.plan == plan


def test_rows_and_plan_say_the_same(plan):
    assert plan_of_rows(plan_rows(plan), plan) == plan


@pytest.mark.parametrize("kind", WRITERS)
@settings(max_examples=10, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(goals=st.lists(WRITTEN, min_size=3, max_size=3), answer=WRITTEN, hours=st.one_of(st.none(), st.floats(0, 60)))
def test_whatever_stands_in_a_plan_comes_back_from_its_form(kind, goals, answer, hours):
    plan = full_plan()
    lines = [replace(li, goal=goal, hours_per_week=hours) for li, goal in zip(plan.lines[:3], goals, strict=True)]
    plan = refreshed(
        replace(
            plan,
            lines=(*lines, *plan.lines[3:]),
            evaluations=(replace(plan.evaluations[0], answer=answer),),
        )
    )
    read = read_plan_form(WRITERS[kind](plan_form(plan, "da")), f"form.{kind}", plan, "da")
    assert read.problems == ()
    assert read.plan == plan


@pytest.mark.parametrize("kind", WRITERS)
@settings(max_examples=10, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(goal=WRITTEN.filter(lambda goal: goal and goal.strip()))
def test_an_edited_goal_is_read_as_the_text_it_is(kind, goal):
    plan = full_plan()
    line = next(line for line in plan.lines if line.line_id == "l2")
    edited = replace(plan, lines=tuple(replace(li, goal=goal) if li is line else li for li in plan.lines))
    read = read_plan_form(WRITERS[kind](plan_form(edited, "da")), f"form.{kind}", plan, "da")
    wanted = edited_goal(edited)
    found = edited_goal(read.plan)
    assert [one.strip() for one in (found or "").split("\n")] == [
        one.strip() for one in (wanted or "").strip().split("\n")
    ] or ("[fjernet]" in found)


def edited_goal(plan):
    return next(line.goal for line in plan.lines if line.line_id == "l2")


def excel(content, change):
    """Return the bytes of a workbook after a change of it by hand."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def cell(sheet, key, head):
    """Return the cell of a row and column by what stands in the first column and the first row."""
    column = next(one.column for one in sheet[1] if one.value == head)
    row = next(one.row for one in sheet["A"] if one.value == key)
    return sheet.cell(row, column)


def test_changes_in_excel_are_taken_in_as_people_write_them(plan):
    def change(book):
        lines = book["Mål og handlinger"]
        cell(lines, "l6", "Frist").value = "1. september 2025"
        cell(lines, "l6", "Timer pr. uge").value = "7,5"
        cell(lines, "l6", "Hvem det handler om").value = "barn 2"
        cell(lines, "l6", "Må ses af").value = "sundhed, bolig"
        cell(lines, "l6", "Fra kl.").value = "kl. 8.15"
        lines.append(
            [
                None,
                "Min Plan",
                "Voksen 1",
                "arbejde og økonomi",
                "Et job",
                "Praktik",
                None,
                "01-10-2025",
                None,
                "planlagt",
            ]
        )
        book["Netværk"].delete_rows(3)

    content = excel(workbook(plan_form(plan, "da")), change)
    read = read_plan_form(content, "form.xlsx", plan, "da")
    assert read.problems == ()
    line = next(line for line in read.plan.lines if line.line_id == "l6")
    assert (line.due_date, line.hours_per_week, line.person_id) == (date(2025, 9, 1), 7.5, "lille")
    assert (line.consent_scope, line.day_start) == ("health,housing", time(8, 15))
    new = next(line for line in read.plan.lines if line.line_id == "ny-1")
    assert (new.goal, new.department, new.is_live, new.legal_status) == ("Et job", "employment", True, "statutory_plan")
    assert [contact.who for contact in read.plan.network] == ["Mormor"]


def test_changes_in_word_are_taken_in(plan):
    document = Document(io.BytesIO(word_form(plan_form(plan, "en"))))
    for table in document.tables:
        if table.cell(0, 0).text == "Line" and table.cell(0, 1).text == "l6":
            table.cell(4, 1).text = "To be at school, and like it"
        if table.cell(0, 0).text == "Agreement":
            table.cell(4, 1).text = table.cell(1, 1).text
            table.cell(4, 2).text = "Call the {{ school }}"
    buffer = io.BytesIO()
    document.save(buffer)
    read = read_plan_form(buffer.getvalue(), "form.docx", plan, "en")
    assert read.problems == ()
    assert next(line.goal for line in read.plan.lines if line.line_id == "l6") == "To be at school, and like it"
    assert read.plan.last_meeting.agreements[-1].what == "Call the {{ school }}"


def drop_column(book):
    book["Mål og handlinger"].delete_cols(6)


def drop_sheet(book):
    del book["Samtykker"]


def write_strange_values(book):
    lines = book["Mål og handlinger"]
    cell(lines, "l6", "Frist").value = "snart"
    cell(lines, "l6", "Status").value = "næsten"
    cell(lines, "l6", "Hvem det handler om").value = "Ole"
    cell(lines, "l6", "Timer pr. uge").value = 99
    cell(lines, "l6", "Fra kl.").value = "25:00"
    book["Familiens vurdering"]["F2"].value = 9


def copy_a_number(book):
    lines = book["Mål og handlinger"]
    lines.append([one.value for one in lines[3]])


def other_family(book):
    book["Om planen"]["B1"].value = "en anden"


def other_members(book):
    book["Familien"].append(["Barn 3 (1 år)", "barn under 18"])


def unknown_meeting(book):
    cell(
        book["Aftaler"],
        "aftale-1" if book["Aftaler"]["A2"].value == "aftale-1" else book["Aftaler"]["A2"].value,
        "Fra møde",
    ).value = "x9"


def leave_out_what_is_needed(book):
    book["Mål og handlinger"].append([None, None, None, None, "Et mål uden resten"])


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        (drop_column, ["column_missing"]),
        (drop_sheet, ["sheet_missing"]),
        (
            write_strange_values,
            ["not_a_member", "not_a_date", "not_a_code", "not_a_number", "not_a_time", "not_a_number"],
        ),
        (copy_a_number, ["row_twice"]),
        (other_family, ["other_family", "fixed_changed"]),
        (other_members, ["other_members"]),
        (unknown_meeting, ["meeting_unknown"]),
        (leave_out_what_is_needed, ["required", "required", "required"]),
    ],
)
@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_mistake_is_told_with_its_place_and_the_plan_stays(plan, change, codes, lang):
    content = excel(workbook(plan_form(plan, "da")), change)
    read = read_plan_form(content, "form.xlsx", plan, lang)
    assert [problem.code for problem in read.problems] == [f"plan_forms.{code}" for code in codes]
    assert read.plan == plan
    with pytest.raises(DataNeedsWork) as told:
        read.settled(lang)
    assert "form.xlsx" in str(told.value) and "{" not in str(told.value) and "Ole" not in str(told.value)


def test_a_line_that_is_gone_from_the_form_stays_in_the_plan_and_is_told(plan):
    def change(book):
        sheet = book["Mål og handlinger"]
        sheet.delete_rows(cell(sheet, "l6", "Linje").row)

    read = read_plan_form(excel(workbook(plan_form(plan, "da")), change), "form.xlsx", plan, "da")
    assert [(problem.code, problem.value) for problem in read.problems] == [("plan_forms.row_gone", "l6")]
    assert read.plan == plan


def test_a_line_of_a_case_system_is_not_changed_by_a_form(plan):
    def change(book):
        cell(book["Mål og handlinger"], "eksempel-m1", "Handling").value = "Noget andet"

    read = read_plan_form(excel(workbook(plan_form(plan, "da")), change), "form.xlsx", plan, "da")
    assert [problem.code for problem in read.problems] == ["plan_forms.fixed_changed"]
    assert read.plan == plan


def test_a_cpr_number_in_a_form_goes_no_further(plan):
    number = "010100" + "3000"

    def change(book):
        cell(book["Mål og handlinger"], "l6", "Mål").value = f"Ring til {number} i dag"

    read = read_plan_form(excel(workbook(plan_form(plan, "da")), change), "form.xlsx", plan, "da")
    assert [problem.code for problem in read.problems] == ["plan_forms.cpr_removed"]
    assert number not in repr(read)
    assert next(line.goal for line in read.plan.lines if line.line_id == "l6") == "Ring til [fjernet] i dag"


@pytest.mark.parametrize(("name", "content"), [("form.xlsx", b"hej"), ("form.docx", b"hej"), ("form.docx", b"")])
def test_a_file_that_is_no_form_is_told(plan, name, content):
    read = read_plan_form(content, name, plan, "da")
    assert "plan_forms.unreadable" in {problem.code for problem in read.problems}
    assert read.plan == plan


def test_a_goal_of_fifty_pages_and_twelve_children(plan):
    long = "".join(f"{number}. Vi vil have ro. " for number in range(9_000))
    children = tuple(Member(f"barn{number}", "child", number, 13 - number) for number in range(1, 13))
    lines = tuple(replace(line, goal=long if line.line_id == "l2" else line.goal) for line in plan.lines)
    lines = tuple(replace(line, action=long[at:]) for at, line in enumerate(lines))
    plan = refreshed(replace(plan, members=(plan.members[0], *children), lines=lines))
    for kind, write in WRITERS.items():
        read = read_plan_form(write(plan_form(plan, "da")), f"form.{kind}", plan, "da")
        assert read.problems == () and read.plan == plan


def test_a_plan_without_consent_has_a_form_too(plan):
    plan = replace(plan, consents=(), consent_date=None)
    for kind, write in WRITERS.items():
        read = read_plan_form(write(plan_form(plan, "da")), f"form.{kind}", plan, "da")
        assert read.plan == plan and read.plan.consent_date is None


def test_a_consent_written_in_the_form_is_the_plans_consent(plan):
    plan = replace(plan, consents=(), consent_date=None)

    def change(book):
        sheet = book["Samtykker"]
        sheet.append([None, "at være med i forløbet", "Voksen 1", None, None, None, date(2025, 3, 1)])

    read = read_plan_form(excel(workbook(plan_form(plan, "da")), change), "form.xlsx", plan, "da")
    assert read.plan.consent_date == date(2025, 3, 1)
    assert read.plan.consents[0].given_by == "voksen"


def test_names_stand_in_the_form_alone(plan):
    names = {"voksen": "Anna Eksempel", "barn": "Bo Eksempel"}
    form = plan_form(plan, "da", names)
    content = workbook(form)
    assert "Anna Eksempel – Voksen 1" in [row["label"] for row in form.rows["members"]]

    def change(book):
        cell(book["Mål og handlinger"], "l6", "Hvem det handler om").value = "bo eksempel"

    read = read_plan_form(excel(content, change), "form.xlsx", plan, "da", names)
    assert read.problems == ()
    assert next(line.person_id for line in read.plan.lines if line.line_id == "l6") == "barn"
    assert "Anna" not in repr(read.plan)


LINES = [
    [
        "Voksen 1",
        "sundhed",
        "Færre anfald",
        "Samtaler",
        "Psykolog",
        "1. juni 2025",
        "31-12-25",
        "i gang",
        "Sundhedsloven § 63",
    ],
    ["Barn 1", "sundhed", "=2+2", "{{ action }}", None, None, None, "planlagt", None],
]


def filled_excel(source_plan, plan, rows):
    def change(book):
        for row in rows:
            book["Mål og handlinger"].append([None, *row])

    return excel(workbook(sector_form(source_plan, "da", plan.family_id, plan.members)), change)


def filled_word(source_plan, plan, rows):
    document = Document(io.BytesIO(word_form(sector_form(source_plan, "da", plan.family_id, plan.members))))
    cards = [table for table in document.tables if table.cell(0, 0).text == "Nr."]
    for card, row in zip(cards, rows, strict=False):
        for at, value in enumerate(row, start=1):
            if value is not None:
                for control in card.cell(at, 1)._tc.xpath(".//w:sdt"):
                    control.getparent().remove(control)
                card.cell(at, 1).text = value
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def test_what_offices_write_becomes_lines_of_the_plan_none_lost_and_none_joined(plan):
    tables = example_tables()
    plans = assemble_plans(tables, LIKENESS, EXAMPLE_DAY)
    files = {f"{kind}.xlsx": filled_excel(kind, plan, LINES) for kind in SECTOR_PLANS}
    files |= {f"{kind}.docx": filled_word(kind, plan, LINES) for kind in SECTOR_PLANS}
    read = read_sector_forms(files, plans, "da")
    assert {problem.code for problem in read.problems} == {"plan_forms.unknown_section"}
    assert len(read.lines) == len(files) * len(LINES)

    together = with_lines(tables, read.lines)
    merged = merge_lines(together, EXAMPLE_DAY)
    assert len(merged) == n_lines_in(together, EXAMPLE_DAY) == n_lines_in(tables, EXAMPLE_DAY) + len(read.lines)
    assert (merged["duplicate"] == "no").sum() + (merged["duplicate"] != "no").sum() == len(merged)
    new = assemble_plans(together, LIKENESS, EXAMPLE_DAY)["eksempel"]
    sent = [line for line in new.lines if line.line_id.startswith("eksempel-treatment_plan-")]
    line = next(line for line in sent if line.owner == "Psykolog")
    assert (line.owner, line.start_date, line.section) == ("Psykolog", date(2025, 6, 1), "Sundhedsloven § 63")
    assert (line.source_plan, line.department, line.legal_status) == ("treatment_plan", "health", "statutory_plan")
    assert line.read_from.split()[0] in ("excel", "word")


def test_a_sector_form_with_a_mistake_is_left_out_as_a_whole_and_told(plan):
    plans = {"eksempel": plan}
    rows = [*LINES, ["Barn 9", "sundhed", "x", None, None, None, "hej", "i gang", None]]
    files = {
        "a.xlsx": filled_excel("housing", plan, rows),
        "b.xlsx": filled_excel("housing", replace(plan, family_id="ukendt"), LINES),
        "c.xlsx": filled_excel("housing", replace(plan, members=plan.members[:2]), LINES),
        "d.xlsx": filled_excel("housing", plan, []),
        "e.xlsx": workbook(sector_form("housing", "da")),
    }
    read = read_sector_forms(files, plans, "da")
    found = {name: [p.code for p in read.problems if p.file == name and p.severity == "must_fix"] for name in files}
    assert found["a.xlsx"] == ["plan_forms.not_a_member", "plan_forms.not_a_date"]
    assert found["b.xlsx"] == found["e.xlsx"] == ["plan_forms.unknown_family"]
    assert found["c.xlsx"] == ["plan_forms.other_members"]
    assert [p.code for p in read.problems if p.file == "d.xlsx"] == ["plan_forms.no_lines"]
    assert len(read.lines) == 0
    for problem in read.problems:
        assert "{" not in problem.line("da") + problem.line("en")


def test_an_office_that_names_no_members_says_nothing_about_them(plan):
    content = filled_excel("housing", replace(plan, members=()), LINES)
    assert len(read_sector_forms({"a.xlsx": content}, {"eksempel": plan}, "da").lines) == len(LINES)
