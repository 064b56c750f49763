"""The files that a run hands to the committee: dashboard, memo and slides, all from one report."""

from helhed.publishing.indicator_dashboard import dashboard_page
from helhed.publishing.indicator_memo import indicator_memo
from helhed.publishing.indicator_report import Report
from helhed.publishing.indicator_slides import indicator_slides


def report_documents(report: Report) -> dict[str, bytes]:
    """Return the files by name: ``dashboard.html``, ``indicators_memo.docx`` and ``indicators_slides.pptx``."""
    return {
        "dashboard.html": dashboard_page(report),
        "indicators_memo.docx": indicator_memo(report),
        "indicators_slides.pptx": indicator_slides(report),
    }
