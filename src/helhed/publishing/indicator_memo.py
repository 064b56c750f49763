"""The two-page memo on the indicators for the political committee, as a Word file."""

from dataclasses import replace

from helhed.monitoring.outputs import card_table
from helhed.outputs import Picture
from helhed.publishing.indicator_report import Report
from helhed.publishing.word_file import add_picture, add_table, empty_document, word_bytes
from helhed.texts import text

#: Widths of the pictures that two pages have room for.
_PICTURE_CM = (14.2, 11.0)
#: Columns of the table that a memo has room for, and their widths.
_COLUMNS = {
    "name": 3.3,
    "before": 2.5,
    "now": 1.9,
    "interval": 2.3,
    "verdict_text": 2.9,
    "n": 1.9,
    "share_missing": 1.8,
}


def indicator_memo(report: Report) -> bytes:
    """Return the memo as a Word file; same input, same bytes.

    The first page says what was found, shows the dashboard and tells how to read it; the second has the numbers, one
    more figure and what the committee may ask.
    """
    lang = report.lang
    document = empty_document(report.title, lang, points=9.5)
    document.add_paragraph(report.period)
    if report.warning:
        document.add_paragraph().add_run(report.warning).bold = True
    _list(document, "memo_short", report.in_short, lang)
    shown = list(zip(report.pictures, _PICTURE_CM, strict=False))
    for picture, width in shown[:1]:
        _picture(document, report, picture, width)
    _list(document, "memo_reading", report.reading, lang)
    _numbers(document, report)
    for picture, width in shown[1:]:
        _picture(document, report, picture, width)
        document.add_paragraph(picture.caption)
    _list(document, "memo_ask", report.questions, lang)
    return word_bytes(document)


def _picture(document, report: Report, picture: Picture, width_cm: float) -> None:
    document.add_heading(report.heading_of(picture), 1)
    add_picture(document, picture.png, picture.alt, width_cm)


def _list(document, heading: str, sentences: list[str], lang: str) -> None:
    document.add_heading(text(f"monitoring_outputs.{heading}", lang), 1)
    for sentence in sentences:
        document.add_paragraph(sentence, style="List Bullet")


def _numbers(document, report: Report) -> None:
    whole = card_table(report.cards, report.lang)
    table = replace(whole, columns={key: whole.columns[key] for key in _COLUMNS})
    heading = document.add_heading(text("monitoring_outputs.memo_numbers", report.lang), 1)
    heading.paragraph_format.page_break_before = True
    heads = [label for label, _ in table.columns.values()]
    rows = table.written(report.lang, report.profile["disclosure.threshold"])
    add_table(document, heads, rows, list(_COLUMNS.values()), points=9)
