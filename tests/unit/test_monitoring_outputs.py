"""What the monitoring hands to people says what the values say, hides what must be hidden and reads well aloud."""

import io
import math
import shutil
import subprocess
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from pptx import Presentation

from helhed import kit_files
from helhed.errors import WrongCall
from helhed.figures.monitoring_outputs import dashboard_figure, flow_figure, funnel_figure
from helhed.monitoring import indicator_catalogue, outputs
from helhed.monitoring.outputs import Followed, cards, flow, flow_sentence, side_by_side
from helhed.monitoring.sentences import change_sentence, verdict
from helhed.monitoring.values import COLUMNS
from helhed.plan.pdf import office_program, to_pdf
from helhed.profile import declared_entries, read_profile
from helhed.publishing.indicator_documents import report_documents
from helhed.publishing.indicator_report import Report
from helhed.publishing.indicator_sheets import indicator_sheets, indicators_page
from helhed.publishing.reference_pages import references
from helhed.publishing.side_by_side_page import (
    SHOWN,
    own_page,
    shared_files,
    side_by_side_page,
    ten_municipalities,
)
from helhed.side_by_side_command import side_by_side as side_by_side_command
from helhed.tables import tables
from helhed.texts import LANGUAGES, document_name, text

THRESHOLD = 5


def row(name: str, level: str, value: float, half: float, reason: str = "", group: str = "enrolled") -> dict:
    """Return one row of guarded values."""
    shown = {"value": value, "low": value - half, "high": value + half}
    if reason:
        shown = dict.fromkeys(shown, math.nan)
    base = {"indicator": name, "group": group, "level": level, "period": level, "n": 20, "share_missing": 0.1}
    return base | shown | {"numerator": 10.0, "denominator": 40.0, "reason": reason}


def indicator(name: str, before: float, now: float, half: float, reason: str = "") -> list[dict]:
    """Return an indicator before, now and the paired change between them."""
    change = row(name, "change", now - before, half)
    return [row(name, "baseline", before, 0.05), row(name, "now", now, 0.05, reason), change]


def table(rows: list[dict]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS).astype({"n": "Int64"})


SHOWN_VALUES = table(
    [
        *indicator("absence_share", 0.2, 0.1, 0.05),
        *indicator("benefit_share", 0.5, 0.7, 0.1),
        *indicator("work_or_education_share", 0.3, 0.35, 0.2),
        *indicator("placed_children_share", 0.1, 0.1, 0.1, "hidden"),
        row("functional_level_improved_share", "now", 0.4, 0.1),
        row("absence_share", "now", 0.08, 0.01, group="others"),
    ]
)
CHOSEN = ["absence_share", "benefit_share", "work_or_education_share", "placed_children_share",
          "functional_level_improved_share"]  # fmt: skip


def months(started: list[int], left: list[int]) -> pd.DataFrame:
    """Return enrolment month by month."""
    found = pd.DataFrame({"n_started": started, "n_left": left})
    found["month"] = pd.date_range("2023-01-01", periods=len(started), freq="MS").astype("datetime64[us]")
    return found.assign(n_enrolled=(found["n_started"] - found["n_left"]).cumsum())


@pytest.fixture(scope="session")
def report(tmp_path_factory):
    profile = read_profile(kit_files.folder("sample_data") / "furesoe", "da")

    def made(lang: str) -> Report:
        found = cards(SHOWN_VALUES, CHOSEN, lang)
        families = flow(months([6] * 6 + [0] * 6, [0] * 12), THRESHOLD)
        said = flow_sentence(families, lang)
        pictures = (
            dashboard_figure(found, outputs.summary_sentences(found, lang), lang, True),
            flow_figure(families.periods, said, lang, True),
        )
        return Report(profile, found, said, pictures, lang)

    return {lang: made(lang) for lang in LANGUAGES}


@pytest.fixture(scope="session")
def documents(report):
    return {lang: report_documents(one) for lang, one in report.items()}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_cards_say_what_the_sentences_say(lang):
    found = cards(SHOWN_VALUES, CHOSEN, lang).set_index("indicator")
    expected = {"absence_share": "better", "benefit_share": "worse", "work_or_education_share": "unsure",
                "placed_children_share": "hidden", "functional_level_improved_share": "level"}  # fmt: skip
    assert found["verdict"].to_dict() == expected
    assert found.loc["absence_share", "sentence"].startswith(change_sentence(SHOWN_VALUES, "absence_share", lang))
    assert found.loc["placed_children_share", "now"] == text("monitoring.reason_hidden", lang)
    assert math.isnan(found.loc["placed_children_share", "value"])
    assert list(cards(SHOWN_VALUES, ["who5_mean", "absence_share"], lang)["indicator"]) == ["absence_share"]


@settings(max_examples=12, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0.001, 1), st.sampled_from(["", "hidden", "too_few"])),
        min_size=1,
        max_size=6,
    )
)
def test_every_indicator_stands_in_one_group_that_its_change_allows(drawn):
    names = list(CHOSEN)[: len(drawn)]
    values = table([one for name, given_ in zip(names, drawn, strict=False) for one in indicator(name, *given_)])
    found = cards(values, names, "en")
    groups = outputs.summary(found)
    assert sorted(sum(groups.values(), [])) == sorted(found["name"])
    for card in found.itertuples():
        change = values[(values["indicator"] == card.indicator) & (values["level"] == "change")].iloc[0]
        is_sure = bool(change["low"] > 0 or change["high"] < 0)
        assert card.verdict == verdict(values, card.indicator)
        if card.name in groups["wished"] + groups["unwished"]:
            wished = indicator_catalogue()[card.indicator].direction
            assert is_sure and ((change["value"] > 0) == (wished == "up")) == (card.name in groups["wished"])


def test_dashboard_names_every_indicator_for_those_who_do_not_see_it():
    found = cards(SHOWN_VALUES, CHOSEN, "da")
    picture = dashboard_figure(found, outputs.summary_sentences(found, "da"), "da", False)
    assert all(name in picture.alt and name in picture.caption for name in found["name"])
    assert all(now in picture.alt for now in found["now"])


def test_flow_takes_the_shortest_period_without_a_small_number():
    # Two families a month: six a quarter. Nobody leaves.
    found = flow(months([2] * 12, [0] * 12), THRESHOLD)
    assert (found.months, found.is_whole) == (3, True)
    assert found.periods["n_started"].tolist() == [6] * 4 and found.periods["n_enrolled"].tolist() == [6, 12, 18, 24]
    # Two leave in the second year: no period hides that, so neither starts nor exits are told.
    few = flow(months([2] * 12 + [0] * 12, [0] * 12 + [1, 1] + [0] * 10), THRESHOLD)
    assert not few.is_whole and few.periods[["n_started", "n_left"]].isna().all(axis=None)
    assert few.periods["n_enrolled"].tolist()[-1] == 22
    assert "n_started" not in outputs.flow_table(few, "en").columns


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3)), min_size=1, max_size=30))
def test_flow_never_shows_a_small_number(drawn):
    started = [pair[0] for pair in drawn]
    left, inside = [], 0
    for n_started, wanted in drawn:
        gone = min(wanted, inside)
        inside += n_started - gone
        left.append(gone)
    found = flow(months(started, left), THRESHOLD)
    shown = found.periods[["n_started", "n_left", "n_enrolled"]].stack()
    assert not ((shown > 0) & (shown < THRESHOLD)).any()
    if found.is_whole and len(found.periods):
        assert found.periods["n_started"].sum() == sum(started) and found.periods["n_left"].sum() == sum(left)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_flow_says_why_it_is_silent(lang):
    assert flow_sentence(flow(months([0, 0], [0, 0]), THRESHOLD), lang) == text(
        "monitoring_outputs.say_flow_none", lang
    )
    assert flow_sentence(flow(months([3], [0]), THRESHOLD), lang) == text("monitoring_outputs.say_flow_few", lang)
    assert flow(months([3, 1], [0, 0]), 0).periods["n_started"].tolist() == [4]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_workbook_holds_numbers_as_numbers_and_hides_what_is_hidden(lang):
    monthly = row("enrolled_families", "month", 12, 0) | {"period": "2024-01"}
    values = table([*SHOWN_VALUES.to_dict("records"), monthly])
    about = ("Prøveby", pd.Timestamp("2025-12-31"), True)
    made = outputs.indicator_workbook(values, flow(months([6], [0]), THRESHOLD), about, THRESHOLD, lang)
    assert made == outputs.indicator_workbook(values, flow(months([6], [0]), THRESHOLD), about, THRESHOLD, lang)
    book = openpyxl.load_workbook(io.BytesIO(made))
    names = [text(f"monitoring_outputs.sheet_{key}", lang) for key in ("read_me", "overview", "values", "flow")]
    assert book.sheetnames[:4] == names
    overview = {cells[0]: cells for cells in book[names[1]].iter_rows(min_row=2, values_only=True)}
    label = {name: indicator_catalogue()[name].label(lang) for name in CHOSEN}
    assert overview[label["absence_share"]][2:4] == (0.2, 0.1)
    assert overview[label["placed_children_share"]][3] == "–"
    told = [cells[0] for cells in book[names[2]].iter_rows(min_row=2, values_only=True)]
    # A number of families month by month would tell of single starts and exits.
    assert indicator_catalogue()["enrolled_families"].label(lang) not in told
    assert len(told) == len(SHOWN_VALUES)
    defined = {cells[0] for cells in book.worksheets[4].iter_rows(min_row=2, values_only=True)}
    assert defined == {one.label(lang) for one in indicator_catalogue().values()}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_indicator_has_its_printed_sheet_and_its_place_on_the_page(lang):
    document = Document(io.BytesIO(indicator_sheets(lang, references())))
    labels = [one.label(lang) for one in indicator_catalogue().values()]
    assert [part.text for part in document.paragraphs if part.style.name == "Heading 1"] == labels
    assert len(document.tables) == len(labels)
    asked = ("definition", "formula", "numerator", "denominator", "unit", "direction", "target", "baseline",
             "frequency", "registered_by", "tables", "minimum", "evidence")  # fmt: skip
    fields = {text(f"monitoring_outputs.field_{field}", lang) for field in asked}
    page = indicators_page(lang, references())
    for one, sheet in zip(indicator_catalogue().values(), document.tables, strict=True):
        told = {line.cells[0].text: line.cells[1].text for line in sheet.rows}
        assert fields <= set(told) and all(told.values()), one.id
        assert f"## {one.label(lang)}" in page and told[text("monitoring_outputs.field_definition", lang)] in page


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_committed_sheets_are_those_of_the_catalogue(lang):
    kept = kit_files.folder("templates") / f"indikatorark_{lang}.docx"
    assert kept.read_bytes() == indicator_sheets(lang, references()), "make templates"


def test_the_chosen_indicators_may_be_any_of_the_catalogue():
    entry = declared_entries()["monitoring.main_indicators"]
    # A number of families alone has neither interval nor wished way; the flow shows it.
    assert set(entry.choices) == {name for name, one in indicator_catalogue().items() if one.kind != "count"}
    assert set(entry.default) <= set(entry.choices) and len(entry.default) <= outputs.MOST


@pytest.mark.parametrize("lang", LANGUAGES)
def test_slides_say_the_findings_and_every_picture_is_described(documents, report, lang):
    slides = Presentation(io.BytesIO(documents[lang]["indicators_slides.pptx"])).slides
    told = "\n".join(shape.text_frame.text for slide in slides for shape in slide.shapes if shape.has_text_frame)
    assert all(sentence in told for sentence in report[lang].in_short + report[lang].silent + report[lang].questions)
    pictures = [shape for slide in slides for shape in slide.shapes if shape.shape_type == 13]
    alts = [shape._element.nvPicPr.cNvPr.get("descr") for shape in pictures]
    assert alts == [picture.alt for picture in report[lang].pictures]
    assert all(slide.shapes.title.text_frame.text for slide in slides)
    assert report[lang].warning in told


@pytest.mark.parametrize("lang", LANGUAGES)
def test_memo_says_the_findings_and_every_picture_is_described(documents, report, lang):
    document = Document(io.BytesIO(documents[lang]["indicators_memo.docx"]))
    told = [part.text for part in document.paragraphs]
    assert set(report[lang].in_short + report[lang].questions + report[lang].reading) <= set(told)
    alts = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert alts == [picture.alt for picture in report[lang].pictures]
    cells = {line.cells[0].text: line.cells[2].text for line in document.tables[0].rows}
    assert {card.name: card.now for card in report[lang].cards.itertuples()}.items() <= cells.items()
    assert document.core_properties.language == {"da": "da-DK", "en": "en-GB"}[lang]


@pytest.mark.skipif(not (office_program() and shutil.which("pdfinfo")), reason="needs LibreOffice and poppler")
def test_memo_keeps_to_two_pages(documents, tmp_path):
    files = []
    for lang in LANGUAGES:
        files.append(tmp_path / f"memo_{lang}.docx")
        files[-1].write_bytes(documents[lang]["indicators_memo.docx"])
    assert to_pdf(files, office_program()) == []
    for file in files:
        said = subprocess.run(["pdfinfo", file.with_suffix(".pdf")], capture_output=True, text=True, check=True)
        assert "Pages:           2" in said.stdout, file


@pytest.mark.parametrize("lang", LANGUAGES)
def test_dashboard_page_shows_the_same_numbers(documents, report, lang):
    page = documents[lang]["dashboard.html"].decode()
    assert f'<html lang="{lang}">' in page and 'alt=""' not in page
    assert all(card.now in page and card.verdict_text in page for card in report[lang].cards.itertuples())


def counts(family: str, month: str, **numbers) -> dict:
    """Return the counts of one family in one month."""
    known = {"adults_known": 1, "adults_known_work": 1, "school_days": 20}
    names = ("adults_on_benefit", "adults_in_work", "absent_days", "notifications", "children_with_case",
             "children_placed", "network_meetings")  # fmt: skip
    base = {"family_id": family, "month": pd.Timestamp(month), "families_enrolled": 1, **known}
    return base | dict.fromkeys(names, 0) | numbers


@pytest.fixture
def followed():
    months_ = [
        counts("fam-a", "2025-11-01", adults_on_benefit=1, absent_days=2),
        counts("fam-a", "2025-12-01", adults_in_work=1, absent_days=8, notifications=1),
        counts("fam-b", "2025-11-01", adults_known_work=0),
        counts("fam-b", "2025-12-01", adults_in_work=1, absent_days=1),
    ]
    enrolled = pd.DataFrame(
        {
            "family_id": ["fam-a", "fam-b", "fam-c"],
            "start_date": pd.to_datetime(["2025-01-01", "2025-02-01", "2025-12-05"]),
            "is_enrolled": True,
            "coordinator_id": ["K2", "K1", "K1"],
        }
    )
    meeting = pd.DataFrame(
        {
            "family_id": ["fam-a", "fam-b"],
            "kind": "network",
            "meeting_date": pd.to_datetime(["2025-12-10", "2025-06-01"]),
            "agreement": ["Ny plan", "<Ring>"],
            "owner": ["skole", "mor"],
            "due_date": pd.to_datetime(["2026-01-20", "2025-06-30"]),
        }
    )
    due = pd.DataFrame(
        {
            "family_id": ["fam-a", "fam-a", "fam-b"],
            "person_id": ["p1", "p2", "p3"],
            "instrument": ["who5", "who5", "trust"],
            "due_date": pd.to_datetime(["2025-10-01", "2025-10-01", "2026-01-10"]),
        }
    )
    return Followed(pd.DataFrame(months_), enrolled, meeting, due, pd.Timestamp("2025-12-31"), 3)


def test_feedback_tells_what_changed_since_last_month(followed):
    found = outputs.family_changes(followed, "en").set_index("family_id")["changes"]
    assert found["fam-a"] == [
        "new notifications: 1",
        "adults in work or education: 0 before, 1 now",
        "adults on a public benefit: 1 before, 0 now",
        "school absence: 10% before, 40% now",
    ]
    # Work was unknown last month: that is no change. Absence of 1 day in 20 is less than the step.
    assert "fam-b" not in found.index
    assert found["fam-c"][0] == "started on 5 December 2025"
    numbers = outputs.month_table(followed).set_index("measure")
    assert numbers.loc["absence", ["before", "now"]].tolist() == [pytest.approx(2 / 40), pytest.approx(9 / 40)]
    assert numbers.loc["notifications", "now"] == 1


def test_feedback_tells_what_is_due_and_who_registers(followed):
    due = outputs.due_by_coordinator(followed)
    assert due[["coordinator_id", "family_id", "is_late"]].values.tolist() == [
        ["K1", "fam-b", False],
        ["K2", "fam-a", True],
    ]
    assert due["instruments"].tolist() == [{"trust": 1}, {"who5": 2}]
    assert outputs.meetings_due(followed)["family_id"].tolist() == ["fam-b"]
    assert outputs.agreements_due(followed)["agreement"].tolist() == ["Ny plan"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_feedback_page_takes_what_is_written_as_text(followed, lang):
    page = outputs.feedback_page(followed, "Prøveby", "", lang).decode()
    assert text("monitoring_outputs.team_private", lang) in page and "fam-a" in page
    assert "<Ring>" not in page and page == outputs.feedback_page(followed, "Prøveby", "", lang).decode()
    nobody = Followed(followed.counts.iloc[:0], followed.enrolled.iloc[:0], followed.meeting.iloc[:0],
                      followed.due.iloc[:0], followed.to_date, 3)  # fmt: skip
    assert text("monitoring_outputs.team_due_none", lang) in outputs.feedback_page(nobody, "Prøveby", "", lang).decode()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_never_came_is_unknown_on_the_teams_page(followed, lang):
    empty = ("child_case", "measure", "meeting", "employment")
    nothing = replace(followed, meeting=followed.meeting.iloc[:0], empty=empty)
    numbers = outputs.month_table(nothing).set_index("measure")
    unknown = ["notifications", "cases", "placed", "meetings", "work"]
    assert numbers.loc[unknown, ["before", "now"]].isna().all(axis=None)
    assert numbers.loc["families", "now"] == 2 and numbers.loc["absence", "now"] == pytest.approx(9 / 40)
    assert outputs.meetings_due(nothing).empty and outputs.agreements_due(nothing).empty
    page = outputs.feedback_page(nothing, "Prøveby", "", lang).decode()
    assert page.count(f">{text('monitoring.reason_no_data', lang)}<") == 2 * len(unknown)
    assert page.count(text("monitoring_outputs.team_meetings_unknown", lang)) == 2
    assert text("monitoring_outputs.team_agreements_none", lang) not in page
    named = {table: tables()[table].label(lang) for table in empty}
    assert text("monitoring_outputs.team_families_unknown", lang, sources=", ".join(named.values())) in page
    # A month before the data begin is unknown too.
    first = replace(followed, to_date=pd.Timestamp("2025-11-30"))
    assert outputs.month_table(first)["before"].isna().all() and outputs.month_table(first)["now"].notna().any()


def test_a_hidden_municipality_does_not_count_in_the_common_level():
    def municipality(count: float, reason: str = "") -> pd.DataFrame:
        found = table([row("benefit_share", "now", count / 40, 0.15, reason)])
        return found.assign(numerator=math.nan if reason else count, denominator=math.nan if reason else 40.0)

    shown = {"B": municipality(20), "A": municipality(22), "C": municipality(3, "hidden"), "D": municipality(18)}
    found = side_by_side(shown, "benefit_share")
    assert found.centre == pytest.approx(0.5)
    written = outputs.side_by_side_table(found, "en")
    assert written.frame["municipality"].tolist() == ["A", "B", "C", "D"]
    assert written.frame.loc[2, "now"] == text("monitoring.reason_hidden", "en")
    few = side_by_side({name: shown[name] for name in ("A", "C", "B")}, "benefit_share")
    assert math.isnan(few.centre) and "at least 3 municipalities" in outputs.side_by_side_sentence(few, "en")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_page_of_ten_municipalities_finds_the_one_that_is_different(lang):
    assert len(ten_municipalities()) == 10
    places = {name: side_by_side(ten_municipalities(), name) for name in SHOWN}
    assert places["absence_share"].names("far") == ["Kommune H"]
    page = side_by_side_page(lang)
    for name, found in places.items():
        assert found.rows["municipality"].tolist() == sorted(found.rows["municipality"])
        assert outputs.side_by_side_sentence(found, lang) in page and f"fig-side-{name.replace('_', '-')}.png" in page


def test_ten_municipalities_show_no_small_number():
    values = pd.concat(ten_municipalities().values())
    kinds = values["indicator"].map({name: one.kind for name, one in indicator_catalogue().items()})
    counted = values[kinds.isin(["share", "rate", "count"])]
    assert not ((counted["numerator"] > 0) & (counted["numerator"] < THRESHOLD)).any()
    assert (
        values.loc[values["reason"] != "", ["value", "low", "high", "numerator", "denominator"]].isna().all(axis=None)
    )


def test_names_beside_dots_are_short():
    found = pd.DataFrame(
        {"municipality": ["Kommune A", "Kommune B"], "value": [1.0, 2.0], "size": [10.0, 20.0], "place": "inside"}
    )
    limits = pd.DataFrame({"size": [10.0, 20.0]} | {f"{side}_{part}": [1.0, 1.5] for side in ("low", "high")
                                                    for part in ("95", "998")})  # fmt: skip
    about = {"id": "who5_mean", "name": "WHO-5", "format": "number1", "centre": "1.5", "size_axis": "n",
             "sentence": "S.", "source": "K."}  # fmt: skip
    picture = funnel_figure(found, limits, about, "en")
    assert {note.get_text() for note in picture.figure.axes[0].texts} == {"A", "B"}
    towns = funnel_figure(found.assign(municipality=["Ny Kommune", "Aa Kommune"]), limits, about, "en")
    assert {note.get_text() for note in towns.figure.axes[0].texts} == {"Ny", "Aa"}
    assert "S." in picture.caption and "S." in picture.alt


def _shared(name: str, n: int, is_synthetic: bool = False) -> bytes:
    shown = table([row("benefit_share", "now", n / 40, 0.15), row("absence_share", "now", 0.1, 0.05, "hidden")])
    shown = shown.assign(numerator=[float(n), 3.0], denominator=[40.0, 90.0])
    return outputs.shared_values(shown, name, is_synthetic, THRESHOLD)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_own_municipalities_stand_side_by_side(lang):
    files = {f"{n}.csv": _shared(f"By {n} <b> Kommune", n) for n in (18, 20, 22)}
    values, is_synthetic = outputs.read_shared_values(files)
    assert list(values) == [f"By {n} <b> Kommune" for n in (18, 20, 22)] and not is_synthetic
    found = side_by_side(values, "benefit_share")
    assert found.centre == pytest.approx(60 / 120) and found.rows["numerator"].tolist() == [18, 20, 22]
    # What is hidden leaves no number in the file.
    assert values["By 18 <b> Kommune"].iloc[1][["value", "low", "high", "n", "numerator", "denominator"]].isna().all()
    page = own_page(files, lang, ("benefit_share", "absence_share")).decode()
    assert outputs.side_by_side_sentence(found, lang) in page and "data:image/png;base64," in page
    assert "<b>" not in page and text("monitoring_outputs.side_own_invented", lang) not in page
    invented = own_page({**files, "x.csv": _shared("Ny Kommune", 19, True)}, lang).decode()
    assert text("monitoring_outputs.side_own_invented", lang) in invented


def test_a_file_saved_by_a_spreadsheet_is_read():
    kept = _shared("Ny Kommune", 18)
    saved = b"\xef\xbb\xbf" + kept.decode().replace(".", ",").replace("\n", "\r\n").encode()
    pd.testing.assert_frame_equal(
        outputs.read_shared_values({"a.csv": kept})[0]["Ny Kommune"],
        outputs.read_shared_values({"a.csv": saved})[0]["Ny Kommune"],
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04",
        b"\xff\xfe\x00",
        b"a;b\n1;2\n",
        _shared("Ny Kommune", 18).replace(b"benefit_share", b"benefit_shares"),
        _shared("Ny Kommune", 18).replace(b"0.45", b"many"),
        _shared("Ny Kommune", 18).replace(b";0.45;", b";;"),
        _shared("Ny Kommune", 18) + _shared("By Kommune", 18).split(b"\n", 1)[1],
    ],
)
def test_a_file_that_is_not_ours_is_named(content):
    with pytest.raises(WrongCall) as refused:
        outputs.read_shared_values({"vejle.csv": content})
    (problem,) = refused.value.problems
    assert problem.file == "vejle.csv"
    assert all(document_name("indicators_now.csv", lang) in problem.message(lang) for lang in LANGUAGES)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_command_writes_the_page_and_says_so(lang, tmp_path, capsys):
    for n in (18, 20, 22):
        (tmp_path / f"{n}.csv").write_bytes(_shared(f"By {n}", n))
    made = tmp_path / "page.html"
    side_by_side_command(sorted(tmp_path.glob("*.csv")), made, ["benefit_share"], lang)
    assert "By 18" in made.read_text(encoding="utf-8") and "3" in capsys.readouterr().out
    with pytest.raises(WrongCall) as refused:
        side_by_side_command([tmp_path / "nowhere.csv"], made, None, lang)
    assert refused.value.lang == lang


@pytest.mark.parametrize("given", ["town", "town/runs/2026-01"])
@pytest.mark.parametrize(("lang", "name"), [("da", "indikatorer_nu.csv"), ("en", "indicators_now.csv")])
def test_a_municipality_is_named_by_its_folder_or_by_one_run(given, lang, name, tmp_path):
    file = tmp_path / "town/runs/2026-01/private/4_monitor_indicators/documents" / lang / name
    file.parent.mkdir(parents=True)
    file.write_bytes(_shared("By 18", 18))
    assert shared_files([tmp_path / given], lang) == {str(tmp_path / given): file.read_bytes()}


def test_two_files_of_one_municipality_and_a_place_without_a_file_are_named(tmp_path):
    with pytest.raises(WrongCall, match="b.csv"):
        outputs.read_shared_values({"a.csv": _shared("Ny Kommune", 18), "b.csv": _shared("Ny Kommune", 20)})
    with pytest.raises(WrongCall, match="no_such"):
        own_page({}, "en", ("no_such",))
    with pytest.raises(WrongCall, match="nowhere"):
        shared_files([tmp_path / "nowhere"], "en")
    folder = tmp_path / "ny/runs/r1/private/4_monitor_indicators/documents/en"
    folder.mkdir(parents=True)
    (folder / "indicators_now.csv").write_bytes(_shared("Ny Kommune", 18))
    assert shared_files([tmp_path / "ny"], "en") == {str(tmp_path / "ny"): _shared("Ny Kommune", 18)}
