"""What happens around a parent's progress, and whether the child's case follows, told in both languages."""

import numpy as np
import pandas as pd

from helhed import texts
from helhed.evaluation.event_study import EventStudy
from helhed.evaluation.theory_of_change import Link, LinkTests
from helhed.evaluation.words import change, interval, probability
from helhed.outputs import KeyNumber, PublicTable, is_small
from helhed.texts import text


def events_sentence(found: EventStudy, significance: float, threshold: int, lang: str) -> str:
    """Return whether spending rises up to a parent's progress and falls after it."""
    slope = found.slope
    if slope.n_enrolled < threshold:
        n = KeyNumber(slope.n_enrolled, "count").written(lang, threshold)
        return text("evaluation.events_few", lang, n=n)
    is_rising = found.goes_up_before(significance)
    rises = "rise" if is_rising else "sinking" if slope.high < 0 else "no_rise"
    is_lower = found.goes_down_after(significance)
    falls = "fall" if is_lower else "no_fall" if rises == "no_rise" else "no_fall_after_rise"
    link = "; " if rises == "no_rise" and falls == "fall" else ", "
    return text(f"evaluation.events_{rises}", lang) + link + text(f"evaluation.events_{falls}", lang)


def measures_sentence(found: EventStudy, significance: float, threshold: int, lang: str) -> str:
    """Return whether the number of measures changes from the half-year before a progress to the half-year after it."""
    after = found.change
    if after.shown(threshold) is None or not np.isfinite(after.low):
        return ""
    is_beyond = found.p_change <= significance and not after.low <= 0 <= after.high
    kind = ("fewer" if after.value < 0 else "more") if is_beyond else "same"
    size, span = change("n_measures", after.value, lang), interval("n_measures", after.low, after.high, lang)
    return text(f"evaluation.measures_{kind}", lang, change=size, interval=span)


def event_values(found: EventStudy, confidence: float, lang: str) -> dict[str, str]:
    """Return slope and change around a progress, with intervals, as the figure's caption writes them."""
    slope, after = found.slope, found.change
    return {
        "slope": change("spending_dkk", slope.value, lang),
        "slope_interval": interval("spending_dkk", slope.low, slope.high, lang),
        "change": change("spending_dkk", after.value, lang),
        "change_interval": interval("spending_dkk", after.low, after.high, lang),
        "level": texts.percent(confidence, lang),
        "n": texts.number(len(found.events), lang),
        "p_slope": probability(found.p_slope, lang),
        "p_change": probability(found.p_change, lang),
    }


def link_table(found: Link, threshold: int, lang: str) -> PublicTable:
    """Return the child cases by whether they closed and whether a parent moved closer to work.

    When one count is too small, none is shown: how many cases closed, and of how many, is known from the indicators.
    """
    rows = pd.DataFrame(
        {
            "row": [text("evaluation.link_with", lang), text("evaluation.link_without", lang)],
            "closed": [found.closed_with_progress, found.closed_without],
            "open": [found.open_with_progress, found.open_without],
        }
    )
    columns = {
        "row": (text("evaluation.link_row", lang), "text"),
        "closed": (text("evaluation.link_closed", lang), "count"),
        "open": (text("evaluation.link_open", lang), "count"),
    }
    hidden = {}
    if not found.can_be_shown(threshold):
        hidden = {(position, name): "hidden" for position in range(len(rows)) for name in ("closed", "open")}
        rows[["closed", "open"]] = pd.NA
    return PublicTable("closed_cases", text("evaluation.link_title", lang), rows, columns, hidden)


def link_sentence(found: Link, threshold: int, lang: str) -> str:
    """Return in how many closed cases a parent has come closer to work, which came first, and what a test says.

    The share is said when the closed cases with and without progress are not too few to be shown. The order is left
    out when one of its counts is too small, the test when one of the table's is: from its p the count can be found.
    """
    is_shown = found.can_be_shown(threshold)
    parts = [] if is_shown else [text("evaluation.link_hidden", lang)]
    share = found.shown_share(threshold)
    if share is None:
        return " ".join([text("evaluation.link_none", lang), *parts])
    written = {"share": texts.percent(share, lang), "n": texts.number(found.n_closed, lang)}
    said = [text("evaluation.link_sentence", lang, **written)]
    order = {"parent": found.parent_first, "child": found.child_first, "same": found.same_month}
    if any(order.values()) and not any(is_small(count, threshold) for count in order.values()):
        counts = {name: texts.number(count, lang) for name, count in order.items()}
        said.append(text("evaluation.link_order", lang, **counts))
    if is_shown and np.isfinite(found.p):
        said.append(text("evaluation.link_test", lang, p=texts.number(found.p, lang, 3)))
    return " ".join([*said, *parts])


def link_tests_sentence(found: Link, tests: LinkTests, threshold: int, lang: str) -> str:
    """Return how sure the link is; nothing where the counts behind it are too small to be shown."""
    if not found.can_be_shown(threshold) or not np.isfinite(tests.low):
        return ""
    share = {name: change("share", getattr(tests, name), lang) for name in ("difference", "low", "high")}
    span = text("evaluation.interval", lang, low=share["low"], high=share["high"])
    p = probability(tests.p_by_family, lang)
    said = [text("evaluation.link_difference", lang, difference=share["difference"], interval=span, p=p)]
    order = (found.parent_first, found.child_first, found.same_month)
    if found.closed_with_progress and not any(is_small(count, threshold) for count in order):
        words = {name: texts.percent(getattr(tests, f"{name}_parent_first"), lang) for name in ("share", "expected")}
        said.append(text("evaluation.link_placebo", lang, **words, p=probability(tests.p_order, lang)))
    return " ".join(said)


def link_sentences(found: Link, tests: LinkTests, threshold: int, lang: str) -> list[str]:
    """Return what the theory of change comes to, and how sure that is."""
    return [link_sentence(found, threshold, lang), link_tests_sentence(found, tests, threshold, lang)]
