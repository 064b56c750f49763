"""What is made again and again in a run, and in a quick way, is what the plain way makes."""

import io
import zipfile

import numpy as np
import openpyxl
import pandas as pd
import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from helhed.drawing import png
from helhed.figures.style import canvas, heading
from helhed.monitoring import cumulative_incidence
from helhed.monitoring.family_months import _Places
from helhed.monitoring.months import spell_months
from helhed.monitoring.shown import Rows, all_rows, one, rows_of
from helhed.monitoring.time_to_event import share_by
from helhed.monitoring.who5 import ITEMS, who5_score, who5_scores
from helhed.office_files import sheet_rows
from helhed.outputs import Picture
from helhed.plan.documents import same_bytes, word_bytes


def drawn(words: str = "Fravær", label: str = "andel"):
    figure, ax = canvas()
    ax.plot([1, 2, 3], [1200, 40, 7])
    ax.set_ylabel(label)
    heading(ax, words)
    return figure


def test_a_picture_is_drawn_once_and_holds_more_pixels_than_a_screen_shows():
    picture = Picture(drawn(), "fig-a-b", "", "")
    assert picture.png is picture.png
    assert Image.open(io.BytesIO(picture.png)).size[0] > 1.3 * picture.pixels_on_screen


@pytest.mark.parametrize("label", ["", "andel"])
def test_a_figure_looks_as_matplotlib_draws_it(label):
    ours, theirs, buffer = drawn(label=label), drawn(label=label), io.BytesIO()
    theirs.dpi = 150
    FigureCanvasAgg(theirs).print_png(buffer)
    ours, theirs = (np.asarray(Image.open(file).convert("RGB")).astype(int) for file in (io.BytesIO(png(ours)), buffer))
    differs_by = np.abs(ours - theirs).max(axis=2)
    assert differs_by.max() <= 40 and differs_by.mean() < 1
    assert (ours[(theirs == 255).all(axis=2)] == 255).all()


def test_a_heading_stands_where_matplotlib_would_put_it():
    ours, theirs = drawn(), drawn("")
    theirs.axes[0].set_title("Fravær", loc="left")
    assert np.array_equal(
        *(np.asarray(Image.open(io.BytesIO(png(figure))).convert("RGB")) for figure in (ours, theirs))
    )


def test_a_word_file_packed_once_holds_what_the_library_writes():
    document, buffer = Document(), io.BytesIO()
    document.add_heading("Planen", 1)
    document.add_paragraph("Et mål")
    document.save(buffer)
    assert word_bytes(document) == same_bytes(buffer.getvalue())
    assert zipfile.ZipFile(io.BytesIO(word_bytes(document))).testzip() is None


def test_only_the_sheets_wanted_are_read():
    book, buffer = openpyxl.Workbook(), io.BytesIO()
    book.active.title = "Familie"
    book.active.append(["a", 1])
    book.create_sheet("Andet").append(["b"])
    book.save(buffer)
    assert sheet_rows(buffer.getvalue(), {"familie"}) == {"Familie": [["a", 1]]}
    assert list(sheet_rows(buffer.getvalue())) == ["Familie", "Andet"]


_WAITED = st.lists(st.tuples(st.integers(0, 30), st.sampled_from(["", "done", "moved", "other"])), min_size=1)


@settings(max_examples=60, deadline=None)
@given(_WAITED, st.integers(0, 30))
def test_a_share_by_a_month_is_the_curve_read_there(waited, month):
    months, causes = (np.array(column) for column in zip(*waited, strict=True))
    curve = cumulative_incidence(months.astype(float), causes.astype(object))
    reached = curve[(curve["months"] <= month) & curve["cause"].isin(["done", "moved"])]
    expected = reached.groupby("cause")["share"].last().sum() if len(reached) else 0.0
    found = share_by(months.astype(float), causes.astype(object), ["done", "moved", "never"], month)
    assert found == pytest.approx(expected, abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([*ITEMS, "6"]), st.sampled_from([0, 1, 5, 6, 2.5, None])), max_size=7))
def test_the_scores_of_all_forms_are_those_of_each(answers):
    whole = [(item, 3) for item in ITEMS]
    forms = pd.DataFrame(
        [("p1", *answer) for answer in answers] + [("p2", *answer) for answer in whole],
        columns=["person_id", "item", "value"],
    ).astype({"item": "str", "value": "float64"})
    forms = forms.assign(family_id="f", registered_date=pd.Timestamp("2025-01-01"), instrument="who5")
    found = who5_scores(forms).set_index("person_id")["value"]
    assert found["p2"] == 60
    if answers:
        mine = forms[forms["person_id"] == "p1"].sort_values("item")
        expected = who5_score(mine["value"]) if mine["item"].tolist() == list(ITEMS) else float("nan")
        assert found["p1"] == expected or (np.isnan(found["p1"]) and np.isnan(expected))


def test_what_is_told_of_one_indicator_is_told_of_all_at_once():
    places = [("enrolled", "baseline"), ("enrolled", "now"), ("others", "now"), ("enrolled", "month")]
    values = pd.DataFrame(
        [(name, *place, float(at)) for name in ("a", "b") for at, place in enumerate(places)],
        columns=["indicator", "group", "level", "value"],
    )
    told = all_rows(values)
    assert told == {name: rows_of(values, name) for name in ("a", "b")}
    for key, place in zip(("before", "now", "others"), places[:3], strict=True):
        assert getattr(told["b"], key) == one(values, "b", *place).to_dict()
    assert told["a"].change is None and rows_of(values, "c") == Rows()


def test_counts_of_persons_and_months_stand_where_a_join_would_put_them():
    months = pd.to_datetime(["2024-12-01", "2025-01-01"])
    rows = pd.DataFrame({"person_id": ["b", "b", "a", None], "month": months[[0, 1, 0, 0]]})
    counts = pd.DataFrame(
        {"person_id": ["a", "stranger", "b", "b"], "month": [*months[[0, 0, 1]], pd.NaT], "n": [3, 4, 5, 6]}
    )
    assert _Places.of(rows).joined(counts)["n"].tolist() == [0, 5, 3, 0]
    with pytest.raises(ValueError, match="two rows"):
        _Places.of(rows).joined(pd.concat([counts, counts]))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(-200, 500), st.one_of(st.none(), st.integers(-200, 500))), max_size=6))
def test_the_days_of_a_spell_month_by_month_are_its_days_in_the_period(spells):
    first, last = pd.Timestamp("2024-01-01"), pd.Timestamp("2024-12-31")
    rows = pd.DataFrame(
        {
            "person_id": [str(at) for at in range(len(spells))],
            "start_date": pd.Series([first + pd.Timedelta(days=a) for a, _ in spells], dtype="datetime64[us]"),
            "end_date": pd.Series(
                [pd.NaT if b is None else first + pd.Timedelta(days=b) for _, b in spells], dtype="datetime64[us]"
            ),
        }
    )
    found = spell_months(rows, first, last)
    days = pd.date_range(first, last)
    for row in rows.itertuples():
        end = last if pd.isna(row.end_date) else row.end_date
        covered = days[(days >= row.start_date) & (days <= end)]
        mine = found[found["person_id"] == row.person_id].set_index("month")
        expected = pd.Series(1, index=covered).groupby(covered.to_period("M").to_timestamp()).sum()
        assert mine["days"].to_dict() == expected.to_dict()
        assert mine["is_at_end"].tolist() == [month + pd.offsets.MonthEnd(0) <= end for month in mine.index]
        assert (mine["share"] == mine["days"] / mine.index.days_in_month).all()
