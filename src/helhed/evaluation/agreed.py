"""The evaluation as agreed before the numbers are seen, made from the profile alone.

Who measures many things and tells the best of them will always find something. So the plan says in advance which
measure counts first, how the others are judged, what is compared with what, and when nothing may be said.
"""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import PurePath

import pandas as pd

from helhed import texts
from helhed.evaluation.comparison import HIGHER_IS_BETTER
from helhed.evaluation.estimation import MEANINGFUL
from helhed.evaluation.trust import EFFECT_OUTCOMES
from helhed.evaluation.words import change, name_of
from helhed.outputs import PublicTable
from helhed.texts import text

#: The lines of the plan, in order.
LINES = (
    "question",
    "who",
    "compared_with",
    "time",
    "first_outcome",
    "other_outcomes",
    "methods",
    "trust",
    "claim",
    "several",
    "otherwise",
    "chance",
)
#: Settings that the plan rests on: when one is changed, it is another plan.
SETTINGS = (
    "baseline_months",
    "followup_months",
    "primary_outcome",
    "minimum_families",
    "balance_limit",
    "better_off_limit",
    "overlap_limit",
    "confidence",
    "power",
    "n_draws",
    "seed",
    "meaningful_absence_change",
    "meaningful_work_change",
    "progress_kind",
    "progress_hours_per_month",
    "progress_quiet_months",
    "event_window_months",
)


def plan_number(profile: Mapping) -> str:
    """Return eight signs that change when a setting of the plan does: on the signed page, and told by every run."""
    stated = "\n".join(f"{name}={profile[f'evaluation.{name}']}" for name in SETTINGS)
    if register := _other_register(profile):
        stated += f"\nregister={register}"
    return sha256(stated.encode()).hexdigest()[:8]


def plan_lines(profile: Mapping, lang: str) -> list[tuple[str, str]]:
    """Return what is agreed in advance, as pairs of heading and text.

    Parameters
    ----------
    profile
        The settings of `SETTINGS` and ``other_run``, each as ``evaluation.<name>``.
    lang
        ``da`` or ``en``.
    """
    words = _words(profile, lang)
    return [
        (text(f"evaluation.plan_head_{line}", lang), text(f"evaluation.plan_{line}", lang, **words.get(line, {})))
        for line in LINES
    ]


def _words(profile: Mapping, lang: str) -> dict[str, dict[str, str]]:
    value = {name: profile[f"evaluation.{name}"] for name in SETTINGS}
    first = value["primary_outcome"]
    others = [outcome for outcome in EFFECT_OUTCOMES if outcome != first]
    share = {name: texts.percent(value[name], lang) for name in ("better_off_limit", "overlap_limit", "confidence")}
    risk, power = texts.percent(1 - value["confidence"], lang), texts.percent(value["power"], lang)
    count = {name: texts.number(value[name], lang) for name in ("baseline_months", "followup_months", "n_draws")}
    fewest = texts.number(value["minimum_families"], lang)
    limits = {"balance": texts.number(value["balance_limit"], lang, 2), "better_off": share["better_off_limit"]}
    return {
        "compared_with": {"whose": _whose(profile, lang)},
        "time": {"before": count["baseline_months"], "after": count["followup_months"]},
        "first_outcome": {"outcome": _outcome(first, profile, lang)},
        "other_outcomes": {"outcomes": "; ".join(_outcome(outcome, profile, lang) for outcome in others)},
        "trust": {**limits, "overlap": share["overlap_limit"], "fewest": fewest},
        "claim": {"confidence": share["confidence"], "fewest": fewest},
        "several": {"risk": risk},
        "chance": {"draws": count["n_draws"], "seed": str(value["seed"]), "power": power},
    }


def _other_register(profile: Mapping) -> str:
    """Return the folder of the municipality whose run is compared with; nothing for the own registers.

    Which of its runs it is does not change what was agreed.
    """
    parts = PurePath(str(profile["evaluation.other_run"]).strip().replace("\\", "/")).parts
    return parts[-3] if len(parts) > 2 else "/".join(parts)


def _whose(profile: Mapping, lang: str) -> str:
    folder = _other_register(profile)
    return text(f"evaluation.plan_families_{'other' if folder else 'own'}", lang, folder=folder)


def _outcome(outcome: str, profile: Mapping, lang: str) -> str:
    """Return an outcome's name, which way is better, and the change that matters where one is stated."""
    better = text(f"evaluation.plan_{'higher' if HIGHER_IS_BETTER[outcome] else 'lower'}", lang)
    said = f"{name_of(outcome, lang)} ({better}"
    if outcome not in MEANINGFUL:
        return f"{said})"
    wanted = change(outcome, profile[MEANINGFUL[outcome]], lang, signed=False)
    return f"{said}; {text('evaluation.plan_matters', lang, change=wanted)})"


def plan_table(profile: Mapping, lang: str) -> PublicTable:
    """Return what is agreed in advance as a table."""
    names = ("line", "agreed")
    columns = {name: (text(f"evaluation.plan_column_{name}", lang), "text") for name in names}
    frame = pd.DataFrame(plan_lines(profile, lang), columns=list(names))
    return PublicTable("evaluation_plan", text("evaluation.plan_title", lang), frame, columns)


def plan_sentence(profile: Mapping, lang: str) -> str:
    """Return the number of the plan, and what to do with it."""
    return text("evaluation.plan_sentence", lang, number=plan_number(profile))
