"""Sentences made from the values, in both languages: prose cannot contradict the numbers.

A change or difference is named only when the interval leaves the value it is held up against out; otherwise the
sentence says that nothing can be said yet. No sentence speaks of an effect: that is the next step's question.
"""

import pandas as pd

from helhed.monitoring.catalogue import indicator_catalogue
from helhed.monitoring.control_charts import ControlChart
from helhed.monitoring.run_charts import RunChart
from helhed.monitoring.shown import one, written, written_interval
from helhed.outputs import FORMATS, KeyNumber
from helhed.texts import text

#: Share of missing data from which a sentence says so.
_WORTH_SAYING = 0.1


def change_sentence(values: pd.DataFrame, indicator: str, lang: str) -> str:
    """Return what has happened for the enrolled families from before their start to now."""
    now, before = one(values, indicator, "enrolled", "now"), one(values, indicator, "enrolled", "baseline")
    return _compared(now, before, "change", lang)


def difference_sentence(values: pd.DataFrame, indicator: str, lang: str) -> str:
    """Return how the enrolled families stand now against the others."""
    now, others = one(values, indicator, "enrolled", "now"), one(values, indicator, "others", "now")
    return _compared(now, others, "difference", lang)


def level_sentence(values: pd.DataFrame, indicator: str, lang: str) -> str:
    """Return the value now with its interval, for indicators without a baseline."""
    now = one(values, indicator, "enrolled", "now")
    if now is None or now["reason"]:
        return _unknown(indicator_catalogue()[indicator].label(lang), now, lang)
    return _level(now, lang)


def _level(now: pd.Series, lang: str) -> str:
    name = indicator_catalogue()[now["indicator"]].label(lang)
    said = {"name": name, "now": _with_unit(now, lang), "interval": written_interval(now, lang)}
    return _with_missing(text("monitoring.say_level", lang, **said), now, lang)


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
    """Return what a run chart says about a series, and the control chart where its limits can be used."""
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
    return f"{text('monitoring.say_enrolment', lang, **shown)} {length}"


def due_sentence(due: pd.DataFrame, threshold: int, lang: str) -> str:
    """Return how many persons in how many families are due for a registration."""
    counts = {"persons": due["person_id"].nunique(), "families": due["family_id"].nunique()}
    shown = {key: KeyNumber(value, "count").written(lang, threshold) for key, value in counts.items()}
    return text("monitoring.say_due", lang, **shown)


def not_cause_sentence(lang: str) -> str:
    """Return the reminder that a change is not an effect."""
    return text("monitoring.say_not_cause", lang)


def excludes(row: pd.Series, value: float) -> bool:
    """Return whether a row's interval leaves a value out; false when there is no interval."""
    return bool(row["low"] > value or row["high"] < value)


def _compared(now: pd.Series | None, other: pd.Series | None, kind: str, lang: str) -> str:
    if now is None or other is None:
        return ""
    indicator = indicator_catalogue()[now["indicator"]]
    name = indicator.label(lang)
    if not now["reason"] and other["reason"] == "hidden":
        return f"{_level(now, lang)} {text('monitoring.say_other_hidden', lang)}"
    for row in (now, other):
        if row["reason"]:
            return _unknown(name, row, lang)
    said = {
        "name": name,
        "now": written(now, lang),
        "interval": written_interval(now, lang),
        "other": written(other, lang),
    }
    if not excludes(now, other["value"]):
        return _with_missing(text(f"monitoring.say_{kind}_unsure", lang, **said), now, lang)
    way = "up" if now["value"] > other["value"] else "down"
    sentence = text(f"monitoring.say_{kind}_{way}", lang, **said)
    if kind == "change" and indicator.direction != "none":
        verdict = "wanted" if way == indicator.direction else "unwanted"
        sentence = f"{sentence} {text(f'monitoring.say_{verdict}', lang)}"
    return _with_missing(sentence, now, lang)


def _with_unit(row: pd.Series, lang: str) -> str:
    """Return the value with its unit, where the way it is written does not show it."""
    indicator = indicator_catalogue()[row["indicator"]]
    has_unit = indicator.format.startswith(("share", "dkk"))
    return written(row, lang) if has_unit else f"{written(row, lang)} {indicator.unit[lang]}"


def _unknown(name: str, row: pd.Series | None, lang: str) -> str:
    """Return why nothing is said: too few families, no data, or too few persons to be shown."""
    return text(f"monitoring.say_{'no_data' if row is None else row['reason']}", lang, name=name)


def _with_missing(sentence: str, row: pd.Series, lang: str) -> str:
    if not row["share_missing"] >= _WORTH_SAYING:
        return sentence
    share = FORMATS["share"](row["share_missing"], lang)
    return f"{sentence} {text('monitoring.say_missing', lang, share=share)}"
