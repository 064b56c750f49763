"""What the committee needs to know: weak assumptions first, then findings, then options, from finished steps.

Every sentence is made from the key numbers of earlier steps; where one is missing the sentence says that it cannot be
said yet. Nothing is computed here.
"""

import string
from collections.abc import Mapping

import pandas as pd

from helhed.outputs import PublicTable
from helhed.profile import Profile, declared_entries
from helhed.texts import catalogue, text

#: Steps whose key numbers are read.
STEPS = (
    "1_select_target_group",
    "2_staff_coordinators",
    "3_make_family_plans",
    "4_monitor_indicators",
    "5_evaluate_and_account",
)
#: What a decision rests on, in the order in which it is asked: section to its findings, each the key of a text and what
#: it is about.
SECTIONS = {
    "done": (("done", "done"), ("plans", "plans")),
    "for_whom": (("target", "target"), ("who", "who")),
    "moved": (("children", "children"), ("cases", "cases"), ("adults", "adults"), ("order", "order")),
    "sure": (
        ("comparison", "comparison"),
        ("effect_absence", "effect_absence"),
        ("effect_work", "effect_work"),
        ("detectable", "detectable"),
    ),
    "cost": (
        ("staffing", "staffing"),
        ("spending", "spending"),
        ("curve", "curve"),
        ("breakeven", "breakeven"),
        ("worth", "worth"),
        ("payers", "payers"),
    ),
}
#: What is said but not decided: what it is about to the key number that holds the verdict.
VERDICTS = {
    "effect_absence": "effect_verdict_absence_share",
    "effect_work": "effect_verdict_share_working",
    "saved": "extra_spending_verdict",
}
_UNDECIDED = ("cannot_say", "unsure")
#: The section of what cannot be decided yet.
UNKNOWN = "unknown"
OPTIONS = ("continue", "widen", "narrow", "stop")
_MISSING = "–"


def collect(run, lang: str) -> dict[str, str]:
    """Return every key number of the earlier steps as written in the language; what is missing is left out."""
    found = {}
    for step in STEPS:
        numbers = run.key_numbers(step, lang)
        found |= {name: number["text"] for name, number in numbers.items() if number["text"] != _MISSING}
    return found


def fill(key: str, numbers: Mapping[str, str], lang: str) -> str | None:
    """Return a text with its key numbers, or None when one of them is missing."""
    places = {name for _, name, _, _ in string.Formatter().parse(catalogue()[key][lang]) if name}
    if not places <= set(numbers):
        return None
    return text(key, lang, **{name: numbers[name] for name in places})


def sections(numbers: Mapping[str, str], lang: str) -> dict[str, list[str]]:
    """Return what can be said by section, as sentences, and last under `UNKNOWN` what cannot be decided yet.

    A section of which nothing can be said holds that sentence alone.
    """
    found: dict[str, list[str]] = {}
    unknown = []
    for section, entries in SECTIONS.items():
        filled = {thing: fill(f"decide.finding_{key}", numbers, lang) for key, thing in entries}
        unknown += [text(f"decide.thing_{thing}", lang) for thing, sentence in filled.items() if sentence is None]
        said = [sentence for sentence in filled.values() if sentence]
        found[section] = said or [_cannot_say(text(f"decide.section_{section}_thing", lang), lang)]
    undecided = [thing for thing, verdict in VERDICTS.items() if numbers.get(verdict) in _UNDECIDED]
    unknown = dict.fromkeys([*(text(f"decide.thing_{thing}", lang) for thing in undecided), *unknown])
    return found | {UNKNOWN: [*(_cannot_say(thing, lang) for thing in unknown), text("decide.unknown_always", lang)]}


def _cannot_say(thing: str, lang: str) -> str:
    return text("decide.cannot_say", lang, thing=thing)


def headed(found: Mapping[str, list[str]], lang: str) -> list[str]:
    """Return the sentences of all sections as one text, each section with its heading."""
    return [f"**{text(f'decide.section_{name}', lang)}** {' '.join(said)}" for name, said in found.items()]


def options(numbers: Mapping[str, str], lang: str) -> pd.DataFrame:
    """Return what can be decided and what it takes: columns ``option`` and ``needs``."""
    rows = [
        (
            text(f"decide.option_{option}", lang),
            fill(f"decide.needs_{option}", numbers, lang) or text("decide.needs_unknown", lang),
        )
        for option in OPTIONS
    ]
    return pd.DataFrame(rows, columns=["option", "needs"])


def assumptions(profile: Profile, lang: str) -> pd.DataFrame:
    """Return every assumption with whether it is still a default and whether it is weak and important.

    Columns ``group``, ``label``, ``is_default``, ``is_weak`` (quality and impact both red; a rating that the profile
    does not give is the declared one, unless the value is the municipality's own). Rules are left out.
    """
    entries = declared_entries()
    rows = []
    for key, setting in profile.settings.items():
        entry = entries[key]
        if entry.kind == "rule":
            continue
        quality = setting.quality or ("" if setting.origin == "profile" else entry.quality)
        is_weak = quality == "red" and (setting.impact or entry.impact) == "red"
        rows.append((entry.group, entry.label(lang), setting.origin == "default", is_weak))
    return pd.DataFrame(rows, columns=["group", "label", "is_default", "is_weak"])


def assumption_counts(found: pd.DataFrame, lang: str) -> PublicTable:
    """Return the number of assumptions, defaults and weak ones by area of the profile."""
    grouped = found.groupby("group", sort=True)
    rows = grouped.agg(entries=("label", "size"), defaults=("is_default", "sum"), weak=("is_weak", "sum")).reset_index()
    rows["group"] = [_group_name(group, lang) for group in rows["group"]]
    columns = {"group": (text("decide.column_group", lang), "text")} | {
        name: (text(f"decide.column_{name}", lang), "number") for name in ("entries", "defaults", "weak")
    }
    return PublicTable("assumption_counts", text("decide.defaults_title", lang), rows, columns)


def _group_name(group: str, lang: str) -> str:
    return text(f"decide.group_{group}", lang) if f"decide.group_{group}" in catalogue() else group


def assumption_sentence(found: pd.DataFrame, lang: str) -> str:
    """Return how many assumptions stand at their default, and how many are weak and important."""
    return text(
        "decide.defaults_sentence",
        lang,
        entries=len(found),
        defaults=int(found["is_default"].sum()),
        weak=int(found["is_weak"].sum()),
    )


def weak_assumptions(found: pd.DataFrame, lang: str) -> PublicTable:
    """Return the weak and important assumptions by name."""
    rows = found[found["is_weak"]].sort_values(["group", "label"], ignore_index=True)
    shown = pd.DataFrame({"group": [_group_name(g, lang) for g in rows["group"]], "label": rows["label"]})
    columns = {
        "group": (text("decide.column_group", lang), "text"),
        "label": (text("outputs.assumption", lang), "text"),
    }
    return PublicTable("weak_assumptions", text("decide.weak_title", lang), shown, columns)


def options_table(found: pd.DataFrame, lang: str) -> PublicTable:
    """Return the options and what each takes as a table."""
    columns = {name: (text(f"decide.column_{name}", lang), "text") for name in ("option", "needs")}
    return PublicTable("options", text("decide.options_title", lang), found, columns)
