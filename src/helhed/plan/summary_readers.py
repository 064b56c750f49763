"""What all plans show together of their readers and of the law: counts for the notebook; no row per family."""

from collections import Counter

import pandas as pd

from helhed.outputs import PublicTable
from helhed.plan.consent import has_programme_consent
from helhed.plan.law_in_plan import contents, replacements
from helhed.plan.model import FamilyPlan
from helhed.plan.statute_words import name_and_version
from helhed.plan.statutes import Statute, rules_of
from helhed.plan.views import COORDINATOR, DEPARTMENTS, MEETING, may_see
from helhed.tables import code_label
from helhed.texts import text

_STATES = ("there", "missing", "cannot_tell")


def readers_table(plans: dict[str, FamilyPlan], lang: str) -> PublicTable:
    """Return, for each reader, how many live lines it may see of its own and of others', and how many it may not.

    ``n_sharing`` counts the families of whose plan the reader sees a line of somebody else's, ``n_not_sharing`` the
    others: together they are all families, so that both are hidden where one is small.
    """
    rows = [_reader_row(plans, reader, lang) for reader in (COORDINATOR, MEETING, *DEPARTMENTS)]
    names = ("reader", "n_own", "n_shared", "n_not_seen", "n_sharing", "n_not_sharing")
    forms = ("text", "number", "number", "number", "count", "count")
    columns = {name: (_say(f"column_{name}", lang), form) for name, form in zip(names, forms, strict=True)}
    frame = pd.DataFrame(rows, columns=list(names))
    return PublicTable("plan_readers", _say("table_readers", lang), frame, columns, row_parts=names[-2:])


def _reader_row(plans: dict[str, FamilyPlan], reader: str, lang: str) -> tuple:
    live = [(family, plan, line) for family, plan in plans.items() for line in plan.live_lines]
    seen = [(family, line) for family, plan, line in live if may_see(plan, line, reader)]
    shared = [(family, line) for family, line in seen if line.department != reader]
    label = code_label("department", reader, lang) if reader in DEPARTMENTS else _say(f"reader_{reader}", lang)
    n_sharing = len({family for family, _ in shared})
    n_lines = len(seen) - len(shared), len(shared), len(live) - len(seen)
    return label, *n_lines, n_sharing, len(plans) - n_sharing


def contents_table(plans: dict[str, FamilyPlan], lang: str) -> PublicTable:
    """Return, for each content the law wants in a sector plan, in how many persons' plans the lines hold it."""
    counts = Counter((row.statute, row.content, row.state) for plan in plans.values() for row in contents(plan))
    rows = [
        (
            name_and_version(rule, lang),
            text(f"plan_documents.content_{name}", lang),
            *(counts[rule, name, state] for state in _STATES),
        )
        for rule in _rules(plans)
        for name in rule.content
    ]
    labels = {state: text(f"plan_documents.content_is_{state}", lang) for state in _STATES}
    columns = {
        "rule": (_say("column_rule", lang), "text"),
        "content": (_say("column_content", lang), "text"),
        **{state: (label[:1].upper() + label[1:], "count") for state, label in labels.items()},
    }
    return PublicTable(
        "plan_contents", _say("table_contents", lang), pd.DataFrame(rows, columns=list(columns)), columns
    )


def replacements_table(plans: dict[str, FamilyPlan], lang: str) -> PublicTable:
    """Return, for each kind of sector plan, for how many persons the joint plan may stand in for it, by consent."""
    found = [row for plan in plans.values() for row in replacements(plan, has_programme_consent(plan))]
    counts = Counter((row.statute, row.source_plan, row.state) for row in found)
    rows = [
        (
            text(f"plan_documents.replaces_{source}", lang),
            name_and_version(rule, lang),
            counts[rule, source, "may"],
            counts[rule, source, "ask_consent"],
        )
        for rule in _rules(plans)
        for source in rule.replaces
    ]
    names = ("plan", "rule", "may", "ask_consent")
    forms = ("text", "text", "count", "count")
    columns = {name: (_say(f"column_{name}", lang), form) for name, form in zip(names, forms, strict=True)}
    frame = pd.DataFrame(rows, columns=list(names))
    parts = ("may", "ask_consent")
    return PublicTable("plan_replacements", _say("table_replacements", lang), frame, columns, row_parts=parts)


def written_table(plans: dict[str, FamilyPlan], lang: str) -> PublicTable:
    """Return for how many families people have written down what no export holds: ``what``, families with and without.

    Both counts stand together, so that both are hidden where one is small.
    """
    rows = []
    for name, is_there in _WRITTEN.items():
        n_families = sum(bool(is_there(plan)) for plan in plans.values())
        rows.append((_say(f"written_{name}", lang), n_families, len(plans) - n_families))
    names, forms = ("written", "n_written", "n_not_written"), ("text", "count", "count")
    columns = {name: (_say(f"column_{name}", lang), form) for name, form in zip(names, forms, strict=True)}
    frame = pd.DataFrame(rows, columns=list(names))
    return PublicTable("plan_written", _say("table_written", lang), frame, columns, row_parts=names[1:])


def _shares(plan: FamilyPlan) -> bool:
    return any(one.kind == "sharing" and one.holds(plan.consent_day) for one in plan.consents)


_WRITTEN = {
    "network": lambda plan: plan.network,
    "sharing": _shares,
    "meeting": lambda plan: plan.next_meeting is not None and plan.next_meeting.start_time is not None,
    "fade_out": lambda plan: plan.fade_out.steps,
    "evaluation": lambda plan: plan.evaluations,
}


def _rules(plans: dict[str, FamilyPlan]) -> list[Statute]:
    """Return the versions of the rules in force on the days of the plans, in the order they are declared."""
    days = {plan.as_of for plan in plans.values()}
    return list(dict.fromkeys(rule for day in sorted(days) for rule in rules_of(day)))


def _say(key: str, lang: str) -> str:
    return text(f"plan_documents.{key}", lang)
