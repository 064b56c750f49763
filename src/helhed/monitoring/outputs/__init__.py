"""What the monitoring hands to people: overview, workbook, indicator sheets, the team's page, municipalities."""

from helhed.monitoring.outputs.cards import MOST, card_table, cards, summary, summary_sentences
from helhed.monitoring.outputs.definitions import definition_rows
from helhed.monitoring.outputs.feedback import (
    Followed,
    agreements_due,
    due_by_coordinator,
    family_changes,
    feedback_page,
    meetings_due,
    month_table,
)
from helhed.monitoring.outputs.flow import Flow, flow, flow_sentence, flow_table
from helhed.monitoring.outputs.funnel import mean_limits, rate_limits, share_limits
from helhed.monitoring.outputs.shared_values import read_shared_values, shared_values
from helhed.monitoring.outputs.side_by_side import (
    SideBySide,
    side_by_side,
    side_by_side_sentence,
    side_by_side_table,
)
from helhed.monitoring.outputs.web_page import Page, Section, web_page
from helhed.monitoring.outputs.workbook import indicator_workbook

__all__ = [
    "MOST",
    "Flow",
    "Followed",
    "Page",
    "Section",
    "SideBySide",
    "mean_limits",
    "rate_limits",
    "share_limits",
    "shared_values",
    "read_shared_values",
    "side_by_side",
    "side_by_side_sentence",
    "side_by_side_table",
    "agreements_due",
    "due_by_coordinator",
    "family_changes",
    "feedback_page",
    "meetings_due",
    "month_table",
    "web_page",
    "card_table",
    "cards",
    "definition_rows",
    "flow",
    "flow_sentence",
    "flow_table",
    "indicator_workbook",
    "summary",
    "summary_sentences",
]
