"""What all plans show together: counts for the notebook's tables, figures and sentences; no row per family."""

import numpy as np
import pandas as pd

from helhed.outputs import KeyNumber, PublicTable
from helhed.plan.deadlines import KINDS
from helhed.plan.family_page import Wording
from helhed.plan.findings import RULES
from helhed.plan.lix import level
from helhed.plan.merge import n_lines_in
from helhed.plan.model import FamilyPlan
from helhed.plan.wording import reading_score
from helhed.tables import code_label, codes
from helhed.texts import number, text

#: Key numbers that count families, or findings of which a family has one: small ones are hidden.
FAMILY_COUNTS = ("n_plans", "n_findings_must_fix", "n_easy")


def sources_table(lines: pd.DataFrame, threshold: int, lang: str) -> PublicTable:
    """Return lines and families by source plan: ``source``, ``n_lines``, ``n_families``.

    Sources that fewer families than the threshold have are put together as "other plans"; if those are still too few,
    the smallest other source joins them. So no number can be found by taking the bars from the total.
    """
    n_families = lines.groupby("source_plan")["family_id"].nunique()
    ordered = sorted(n_families.index, key=lambda name: (n_families[name], name))
    pooled = [name for name in ordered if n_families[name] < threshold]
    if pooled and lines.loc[lines["source_plan"].isin(pooled), "family_id"].nunique() < threshold:
        pooled = ordered[: len(pooled) + 1]
    labels = {name: code_label("source_plan", name, lang) for name in codes()["source_plan"]}
    source = lines["source_plan"].map(labels).mask(lines["source_plan"].isin(pooled), text("plan.other_plans", lang))
    found = lines.groupby(source).agg(n_lines=("line_id", "size"), n_families=("family_id", "nunique"))
    known = [name for name in [*labels.values(), text("plan.other_plans", lang)] if name in found.index]
    frame = found.loc[known].rename_axis("source").reset_index()
    columns = {
        "source": (text("plan.column_source", lang), "text"),
        "n_lines": (text("plan.column_lines", lang), "number"),
        "n_families": (text("plan.column_families", lang), "count"),
    }
    return PublicTable("plan_sources", text("plan.table_sources", lang), frame, columns)


def findings_table(findings: pd.DataFrame, lang: str) -> PublicTable:
    """Return families and findings by rule, in the order of the rules; the last row is the total."""
    counts = findings.groupby("code").agg(n_families=("family_id", "nunique"), n_findings=("code", "size"))
    frame = pd.DataFrame(
        {
            "rule": [text(f"plan.rule_{rule.code}", lang) for rule in RULES],
            "severity": [text(f"plan.severity_{rule.severity}", lang) for rule in RULES],
            "n_families": [int(counts["n_families"].get(rule.code, 0)) for rule in RULES],
            "n_findings": [int(counts["n_findings"].get(rule.code, 0)) for rule in RULES],
        }
    )
    total = [text("plan.total", lang), "–", findings["family_id"].nunique(), len(findings)]
    frame.loc[len(frame)] = total
    columns = {
        "rule": (text("plan.column_rule", lang), "text"),
        "severity": (text("plan.column_severity", lang), "text"),
        "n_families": (text("plan.column_families", lang), "count"),
        "n_findings": (text("plan.column_n_findings", lang), "number"),
    }
    return PublicTable("plan_findings", text("plan.table_findings", lang), frame, columns, has_total=True)


def deadlines_table(deadlines: pd.DataFrame, profile, lang: str) -> PublicTable:
    """Return overdue and coming dates by kind, with how many families they concern; the last row is the total."""
    parts = [(text(f"plan.kind_{kind}", lang), deadlines[deadlines["kind"] == kind]) for kind in KINDS]
    rows = [
        {
            "kind": label,
            "n_overdue": int(part["is_overdue"].sum()),
            "n_coming": int((~part["is_overdue"]).sum()),
            "n_families": part["family_id"].nunique(),
        }
        for label, part in [*parts, (text("plan.total", lang), deadlines)]
    ]
    columns = {
        "kind": (text("plan.column_kind", lang), "text"),
        "n_overdue": (text("plan.column_overdue", lang), "number"),
        "n_coming": (text("plan.column_next", lang), "number"),
        "n_families": (text("plan.column_families", lang), "count"),
    }
    title = text("plan.table_deadlines", lang, days=number(profile["plan.deadline_window_days"], lang))
    return PublicTable("plan_deadlines", title, pd.DataFrame(rows), columns, has_total=True)


def plans_before(plans: dict[str, FamilyPlan]) -> dict[str, float]:
    """Return median and quartiles (``median``, ``low``, ``high``) of sector plans per family; missing without plans."""
    numbers = [plan.n_sector_plans for plan in plans.values()]
    low, median, high = np.quantile(numbers, [0.25, 0.5, 0.75]) if numbers else (np.nan,) * 3
    return {"median": float(median), "low": float(low), "high": float(high)}


def reading_scores(plans: dict[str, FamilyPlan], profile, lang: str) -> list[float]:
    """Return the LIX of every family's page in the language."""
    wording = Wording(profile, lang)
    scores = [reading_score(plan, wording) for plan in plans.values()]
    return [score for score in scores if score is not None]


def key_numbers(
    tables: dict[str, pd.DataFrame],
    plans: dict[str, FamilyPlan],
    found: dict[str, pd.DataFrame],
    profile,
    lang: str,
) -> dict[str, float]:
    """Return the numbers that sentences and pages quote.

    Parameters
    ----------
    tables
        The step's input, for counting the lines that went in.
    found
        ``plan`` (merged lines), ``finding`` and ``deadline``.
    """
    as_of = profile["data.to_date"]
    scores = reading_scores(plans, profile, lang)
    lines, findings, deadlines = found["plan"], found["finding"], found["deadline"]
    return {
        "n_plans": len(plans),
        "plans_before_median": plans_before(plans)["median"],
        "lines_in": n_lines_in(tables, as_of),
        "lines_out": len(lines),
        "n_duplicates": int((lines["duplicate"] != "no").sum()),
        "n_findings": len(findings),
        "n_findings_must_fix": int((findings["severity"] == "must_fix").sum()),
        "n_overdue": int(lines["is_overdue"].sum()),
        "n_coming": int((~deadlines["is_overdue"]).sum()),
        "lix_median": float(np.median(scores)) if scores else np.nan,
        "n_easy": sum(score <= profile["plan.lix_goal"] for score in scores),
    }


def sentence(name: str, numbers: dict[str, float], profile, lang: str) -> str:
    """Return one sentence made of the numbers: ``sources``, ``findings``, ``deadlines`` or ``lix``."""
    if name == "lix" and np.isnan(numbers["lix_median"]):
        return text("plan.say_lix_none", lang)
    threshold = profile["disclosure.threshold"]
    written = {
        key: KeyNumber(value, "count" if key in FAMILY_COUNTS else "number").written(lang, threshold)
        for key, value in numbers.items()
    }
    days = number(profile["plan.deadline_window_days"], lang)
    goal = number(profile["plan.lix_goal"], lang)
    reading = text(f"plan.lix_{level(numbers['lix_median'])}", lang) if name == "lix" else ""
    return text(f"plan.say_{name}", lang, days=days, goal=goal, level=reading, median=written["lix_median"], **written)
