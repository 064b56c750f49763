"""The one-page dashboard of a municipality as a web page in one file, for any browser and for printing."""

from base64 import b64encode

from helhed.monitoring.outputs import Page, Section, card_table, web_page
from helhed.publishing.indicator_report import Report
from helhed.texts import text

_COLUMNS = ("name", "before", "now", "interval", "n", "share_missing", "verdict_text")


def dashboard_page(report: Report) -> bytes:
    """Return the dashboard as an HTML file: the figure, the same numbers as a table, and how they are read.

    It fits one A4 page and is made from the first picture of the report.
    """
    picture, lang = report.pictures[0], report.lang
    table = card_table(report.cards, lang)
    positions = [list(table.columns).index(name) for name in _COLUMNS]
    cells = table.written(lang, report.profile["disclosure.threshold"])
    heads = [label for label, _ in table.columns.values()]
    shown = Section(
        text("monitoring_outputs.slide_dashboard", lang),
        picture=b64encode(picture.png).decode(),
        alt=picture.alt,
    )
    numbers = Section(
        text("monitoring_outputs.memo_numbers", lang),
        heads=[heads[position] for position in positions],
        rows=[[row[position] for position in positions] for row in cells],
        numbers=(4, 5),
    )
    reading = Section(text("monitoring_outputs.memo_reading", lang), lines=report.reading)
    lead = [report.period, report.families]
    return web_page(Page(report.title, lead, (shown, numbers, reading), report.warning, 8.5, 128), lang)
