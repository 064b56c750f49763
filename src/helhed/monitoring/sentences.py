"""Sentences made from the values, in both languages: prose cannot contradict the numbers.

A change or difference is named only when its interval leaves zero out; otherwise the sentence says that nothing can
be said yet. No sentence speaks of an effect: that is the next step's question.
"""

import pandas as pd

from helhed.errors import Problem
from helhed.monitoring.catalogue import indicator_catalogue
from helhed.monitoring.control_charts import ControlChart
from helhed.monitoring.run_charts import FEWEST_USEFUL, RunChart
from helhed.monitoring.shown import Rows, all_rows, rows_of, written, written_interval
from helhed.outputs import FORMATS, KeyNumber
from helhed.texts import text

#: The share of missing data is said from the first half per cent: below it would be written as none.
_WORTH_SAYING = 0.005
#: What a change may be, by the way it goes and the way wished for.
_MOVES = {("up", "none"): "rose", ("down", "none"): "fell"}
_WISHED = {"better": "monitoring.say_wanted", "worse": "monitoring.say_unwanted"}


def indicator_sentence(values: pd.DataFrame, indicator: str, lang: str) -> str:
    """Return what can be said of an indicator: what is seen, how sure it is, what is missing, or "cannot say yet".

    The change from the baseline and the difference from the other families, where the indicator has them; else the
    value now with its interval.

    Parameters
    ----------
    values
        Guarded values (see `helhed.monitoring.shown.guarded`).
    indicator
        Id of the catalogue.
    lang
        ``da`` or ``en``.
    """
    return said_of(rows_of(values, indicator), indicator, lang)


def said_of(rows: Rows, indicator: str, lang: str) -> str:
    """Return `indicator_sentence` from the indicator's rows."""
    if rows.before is None:
        return _level_said(rows, indicator, lang)
    change = _change_said(rows, indicator, lang)
    if rows.now["reason"] or rows.others is None or rows.others["reason"]:
        return change
    return f"{change} {_difference_said(rows, indicator, lang)}"


def indicator_sentences(values: pd.DataFrame, lang: str) -> dict[str, str]:
    """Return the sentence of every indicator that has values, by id, in the order of the catalogue."""
    present, told = set(values["indicator"]), all_rows(values)
    return {name: said_of(told.get(name, Rows()), name, lang) for name in indicator_catalogue() if name in present}


def verdict(values: pd.DataFrame, indicator: str) -> str:
    """Return what may be said of an indicator in one word; every sentence about a change is made from it.

    ``better`` or ``worse``: moved the way wished for or the other; ``rose`` or ``fell``: moved, without a wished way;
    ``unsure``: the interval of the change holds zero; ``level``: a value without a baseline; ``other_hidden``: the
    baseline may not be shown; else why there is no value (`helhed.monitoring.values.REASONS`).
    """
    return verdict_of(rows_of(values, indicator), indicator)


def verdict_of(rows: Rows, indicator: str) -> str:
    """Return `verdict` from the indicator's rows."""
    now, before, _, change, _ = rows
    if now is None:
        return "no_data"
    if now["reason"] or before is None:
        return now["reason"] or "level"
    if before["reason"]:
        return "other_hidden" if before["reason"] == "hidden" else before["reason"]
    if change is None or change["reason"] or not excludes(change, 0.0):
        return "unsure"
    way, wished = "up" if change["value"] > 0 else "down", indicator_catalogue()[indicator].direction
    return _MOVES.get((way, wished), "better" if way == wished else "worse")


def change_sentence(values: pd.DataFrame, indicator: str, lang: str) -> str:
    """Return what has happened for the same families from before their start to now, with the paired interval."""
    return _change_said(rows_of(values, indicator), indicator, lang)


def _change_said(rows: Rows, indicator: str, lang: str) -> str:
    now, before = rows.now, rows.before
    if now is None or before is None:
        return ""
    found = verdict_of(rows, indicator)
    if found == "other_hidden":
        return f"{_level(now, lang)} {text('monitoring.say_other_hidden', lang)}"
    if now["reason"] or before["reason"]:
        return _unknown(indicator_catalogue()[indicator].label(lang), now if now["reason"] else before, lang)
    return _moved(rows, found, lang)


def difference_sentence(values: pd.DataFrame, indicator: str, lang: str) -> str:
    """Return how the enrolled families stand now against the others."""
    return _difference_said(rows_of(values, indicator), indicator, lang)


def _difference_said(rows: Rows, indicator: str, lang: str) -> str:
    now, others, gap = rows.now, rows.others, rows.difference
    if now is None or others is None:
        return ""
    name = indicator_catalogue()[indicator].label(lang)
    if not now["reason"] and others["reason"] == "hidden":
        return f"{_level(now, lang)} {text('monitoring.say_other_hidden', lang)}"
    for row in (now, others):
        if row["reason"]:
            return _unknown(name, row, lang)
    way = "unsure" if gap is None or not excludes(gap, 0.0) else "up" if gap["value"] > 0 else "down"
    said = {"name": name, "now": written(now, lang), "other": written(others, lang)}
    said |= {"change": written(gap, lang), "interval": written_interval(gap, lang)}
    return _with_missing(text(f"monitoring.say_difference_{way}", lang, **said), now, lang)


def level_sentence(values: pd.DataFrame, indicator: str, lang: str) -> str:
    """Return the value now with its interval, for indicators without a baseline."""
    return _level_said(rows_of(values, indicator), indicator, lang)


def _level_said(rows: Rows, indicator: str, lang: str) -> str:
    if rows.now is None or rows.now["reason"]:
        return _unknown(indicator_catalogue()[indicator].label(lang), rows.now, lang)
    return _level(rows.now, lang)


def remark_sentences(found: tuple[Problem, ...], lang: str) -> list[str]:
    """Return what of the records cannot be used, in words; see `helhed.monitoring.usable.remarks`."""
    return [sentence(problem.message(lang)) for problem in found]


def _level(now: dict, lang: str) -> str:
    name = indicator_catalogue()[now["indicator"]].label(lang)
    said = {"name": name, "now": _with_unit(now, lang)}
    key = "level_only"
    if indicator_catalogue()[now["indicator"]].kind != "count":
        has_limits = bool(now["low"] == now["low"])
        key, said["interval"] = "level" if has_limits else "level_unsure", written_interval(now, lang)
    return _with_missing(text(f"monitoring.say_{key}", lang, **said), now, lang)


def _moved(rows: Rows, found: str, lang: str) -> str:
    now, before, _, change, _ = rows
    said = {"name": indicator_catalogue()[now["indicator"]].label(lang), "now": written(now, lang)}
    said["other"] = written(before, lang)
    if change is None or change["reason"] or change["low"] != change["low"]:
        return _with_missing(text("monitoring.say_change_no_interval", lang, **said), now, lang)
    said |= {"change": written(change, lang), "interval": written_interval(change, lang)}
    said["n"] = FORMATS["number"](change["n"], lang)
    way = "unsure" if found == "unsure" else "up" if change["value"] > 0 else "down"
    sentence = text(f"monitoring.say_change_{way}", lang, **said)
    if found in _WISHED:
        sentence = f"{sentence} {text(_WISHED[found], lang)}"
    return _with_missing(sentence, now, lang)


def measurement_sentence(values: pd.DataFrame, indicator: str, lang: str) -> str:
    """Return the values at the first, second and last measurement that enough families have taken part in."""
    is_it = (values["indicator"] == indicator) & (values["level"] == "measurement") & (values["reason"] == "")
    known = values[is_it]
    name = indicator_catalogue()[indicator].label(lang)
    if len(known) < 2:
        return _unknown(name, None, lang)
    path = ", ".join(written(row, lang) for _, row in known.iterrows())
    return text("monitoring.say_measurements", lang, name=name, path=path)


def chart_sentence(run: RunChart, control: ControlChart, name: str, lang: str) -> str:
    """Return what a run chart says about a series, and the control chart where its limits can be used.

    With too few points off the centre the rules tell nothing, and neither does the sentence.
    """
    if run.is_short:
        counts = {"n": run.n_useful, "fewest": FEWEST_USEFUL}
        written_counts = {key: FORMATS["number"](count, lang) for key, count in counts.items()}
        return text(
            f"monitoring.say_run_{'empty' if pd.isna(run.median) else 'short'}", lang, name=name, **written_counts
        )
    said = text(
        f"monitoring.say_run_{'signal' if run.is_signal else 'quiet'}",
        lang,
        name=name,
        longest=FORMATS["number"](run.longest_run, lang),
        longest_limit=FORMATS["number"](run.longest_run_limit, lang),
        crossings=FORMATS["number"](run.crossings, lang),
        crossings_limit=FORMATS["number"](run.crossings_limit, lang),
    )
    if control.is_alike:
        return f"{said} {text('monitoring.say_alike', lang)}"
    points = FORMATS["number"](int(control.signals.sum()), lang)
    said = f"{said} {text('monitoring.say_points', lang, points=points)}"
    return f"{said} {text('monitoring.say_trial', lang)}" if control.is_trial else said


def enrolment_sentence(numbers: dict[str, tuple], threshold: int, lang: str) -> str:
    """Return who is enrolled and for how long; ``numbers`` as `helhed.monitoring.follow.key_numbers` gives them."""
    shown = {
        key: KeyNumber(*numbers[f"enrolled_{key}"]).written(lang, threshold)
        for key in ("families", "adults", "children")
    }
    months = numbers["enrolment_months_median"][0]
    length = (
        text("monitoring.say_median_unknown", lang)
        if months is None
        else text("monitoring.say_median", lang, months=FORMATS["number1"](months, lang))
    )
    return sentence(f"{text('monitoring.say_enrolment', lang, **shown)} {length}")


def due_sentence(due: pd.DataFrame, threshold: int, lang: str) -> str:
    """Return how many persons in how many families are due for a registration."""
    if not len(due):
        return text("monitoring.say_due_none", lang)
    counts = {"persons": due["person_id"].nunique(), "families": due["family_id"].nunique()}
    shown = {key: KeyNumber(value, "count").written(lang, threshold) for key, value in counts.items()}
    return sentence(text("monitoring.say_due", lang, **shown))


def not_cause_sentence(lang: str) -> str:
    """Return the reminder that a change is not an effect, and that families who have left still count."""
    return text("monitoring.say_not_cause", lang)


def sentence(words: str) -> str:
    """Return words with a capital first letter: a number that is not told, such as "under 5", may stand first."""
    return words[:1].upper() + words[1:]


def excludes(row: pd.Series | dict, value: float) -> bool:
    """Return whether a row's interval leaves a value out; false when there is no interval."""
    return bool(row["low"] > value or row["high"] < value)


def _with_unit(row: dict, lang: str) -> str:
    """Return the value with its unit, where the way it is written does not show it."""
    indicator = indicator_catalogue()[row["indicator"]]
    has_unit = indicator.format.startswith(("share", "dkk"))
    return written(row, lang) if has_unit else f"{written(row, lang)} {indicator.unit[lang]}"


def _unknown(name: str, row: dict | None, lang: str) -> str:
    """Return why nothing is said: too few families, no data, or too few persons to be shown."""
    return text(f"monitoring.say_{'no_data' if row is None else row['reason']}", lang, name=name)


def _with_missing(sentence: str, row: dict, lang: str) -> str:
    if not row["share_missing"] >= _WORTH_SAYING:
        return sentence
    share = FORMATS["share"](row["share_missing"], lang)
    return f"{sentence} {text('monitoring.say_missing', lang, share=share)}"
