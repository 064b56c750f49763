"""Check rules for the profile and the folder: settings that do not fit each other, the data or what they are for."""

from collections.abc import Iterator

import pandas as pd

from helhed.intake.building.stopping import REACH, STARTING, stated_reach
from helhed.intake.rules.material import Material
from helhed.intake.rules.rule import Place, WholeRule
from helhed.municipalities import municipalities, municipality_code
from helhed.profile import Setting, declared_entries
from helhed.profile.entries import presets as models
from helhed.profile.reading import FILE_NAME
from helhed.texts import LANGUAGES, text

#: Own choices: the evaluation wants a year before and a year after; an early end of the data is told from here on.
SHORTEST_MONTHS, LAGGING_MONTHS = 24, 2
#: A synchronised folder sends its files to a server outside the municipality's control.
_SYNCED = ("onedrive", "dropbox", "google drive", "googledrive", "icloud", "box sync", "nextcloud", "sharepoint")
#: Where each criterion's rows come from: what lies behind a rule of selection must have been delivered.
_SOURCE_OF = {
    "adult_on_benefit": ("benefit_week", "benefit_spell"),
    "all_adults_on_benefit": ("benefit_week", "benefit_spell"),
    "open_child_case": ("child_case",),
    "child_disability_case": ("child_case",),
    "notifications": ("child_case",),
    "child_in_childrens_department": ("child_case", "measure"),
    "placed_child": ("measure",),
    "adult_social_measure": ("measure",),
    "adult_health_or_treatment": ("measure", "health"),
    "school_absence": ("absence",),
}
_WINDOWS = (
    "selection.benefit_window_months", "selection.absence_window_months", "selection.notification_window_months",
    "selection.inflow_months",
)  # fmt: skip
#: A setting that asks for more months than its window has can never be met.
_WITHIN = {
    "selection.benefit_months": "selection.benefit_window_months",
    "selection.absence_min_months": "selection.absence_window_months",
}


def _at(m: Material, key: str, value: object = "", **details: object) -> Place:
    """Return the place of a setting: its line when the profile sets it, and its key."""
    return Place(FILE_NAME, str(value), details, row=m.profile.lines.get(key), column=key)


def _in_both(key: str) -> dict[str, str]:
    """Return a text of the catalogue by language: the message chooses."""
    return {lang: text(key, lang) for lang in LANGUAGES}


def _n_months(m: Material) -> int:
    first, last = m.first_day.to_period("M"), m.last_day.to_period("M")
    return (last - first).n + 1


def _day(m: Material, key: str) -> pd.Timestamp:
    return pd.Timestamp(m.profile[key])


def _unread_reach(m: Material) -> list[Place]:
    """Return a place for each part of `REACH` that cannot be read, or names no export of cases or measures."""
    read, unread = stated_reach(m.profile[REACH])
    starting = sorted(name for name, preset in m.presets.items() if preset.table in STARTING)
    wrong = [*unread, *(name for name in read if name not in starting)]
    delivered = ", ".join(name for name in starting if len(m.frames[name]))
    return [_at(m, REACH, part, known=delivered) for part in wrong]


def _short_period(m: Material) -> list[Place]:
    n = _n_months(m)
    return [_at(m, "data.from_date", n)] if n < SHORTEST_MONTHS else []


def _broken_months(m: Material) -> Iterator[Place]:
    if m.first_day.day != 1:
        yield _at(m, "data.from_date", f"{m.first_day:%d-%m-%Y}")
    if not m.last_day.is_month_end:
        yield _at(m, "data.to_date", f"{m.last_day:%d-%m-%Y}")


def _period_after_data(m: Material) -> list[Place]:
    """Return a place if the data period ends well after the newest month of which any monthly export has records."""
    covered = m.coverage[(m.coverage["state"] == "records") & m.coverage["source"].isin(_monthly(m))]
    latest = covered["month"].max()
    is_late = pd.notna(latest) and (m.last_day.to_period("M") - latest.to_period("M")).n >= LAGGING_MONTHS
    return [_at(m, "data.to_date", f"{latest:%m-%Y}")] if is_late else []


def _monthly(m: Material) -> list[str]:
    return [name for name, preset in m.presets.items() if preset.gap_months is not None]


def _project_before_data(m: Material) -> list[Place]:
    start = _day(m, "project.start_date")
    return [_at(m, "project.start_date", f"{start:%d-%m-%Y}")] if start < m.first_day else []


def _project_after_data(m: Material) -> list[Place]:
    start = _day(m, "project.start_date")
    return [_at(m, "project.start_date", f"{start:%d-%m-%Y}")] if start > m.last_day else []


def _no_baseline(m: Material) -> list[Place]:
    n = m.profile["evaluation.baseline_months"]
    first_family = _day(m, "project.start_date") + pd.DateOffset(months=m.profile["project.first_family_months"])
    is_short = m.first_day <= _day(m, "project.start_date") <= m.last_day
    is_short &= first_family - pd.DateOffset(months=n) < m.first_day
    return [_at(m, "evaluation.baseline_months", n)] if is_short else []


def _no_followup(m: Material) -> list[Place]:
    n = m.profile["evaluation.followup_months"]
    months = n + m.profile["project.first_family_months"]
    ends = _day(m, "project.start_date") + pd.DateOffset(months=months)
    return [_at(m, "evaluation.followup_months", n)] if ends > m.last_day >= _day(m, "project.start_date") else []


def _window_above_period(m: Material) -> list[Place]:
    n = _n_months(m)
    return [_at(m, key, m.profile[key], months=n) for key in _WINDOWS if m.profile[key] > n]


def _never_met(m: Material) -> list[Place]:
    places = [
        _at(m, key, m.profile[key], most=m.profile[window], other=window)
        for key, window in _WITHIN.items()
        if m.profile[key] > m.profile[window]
    ]
    n = len(set(m.profile["selection.departments"]))
    if m.profile["selection.n_departments"] > n:
        key = "selection.n_departments"
        places.append(_at(m, key, m.profile[key], most=n, other="selection.departments"))
    return places


def _met_by_all(m: Material) -> list[Place]:
    return [_at(m, "selection.absence_share", 0)] if m.profile["selection.absence_share"] == 0 else []


def _criteria_in(rule: object) -> Iterator[str]:
    """Return the names in a rule of selection, at every level."""
    if isinstance(rule, str):
        # A criterion may carry a threshold of its own: "school_absence >= 0.3".
        yield rule.partition(">")[0].partition("<")[0].strip()
    elif isinstance(rule, list):
        for part in rule:
            yield from _criteria_in(part)
    elif isinstance(rule, dict):
        for part in rule.values():
            yield from _criteria_in(part)


def _criterion_without_data(m: Material) -> list[Place]:
    named = sorted(set(_criteria_in(m.profile["selection.rule"])) & set(_SOURCE_OF))
    delivered = {preset.table for name, preset in m.presets.items() if len(m.frames[name])} | m.partly_read
    lacking = [name for name in named if not delivered & set(_SOURCE_OF[name])]
    return [_at(m, "selection.rule", name, criterion=_in_both(f"selection.criterion_{name}")) for name in lacking]


def _no_places(m: Material) -> list[Place]:
    return [_at(m, "selection.places", 0)] if m.profile["selection.places"] == 0 else []


def _places_above_posts(m: Material) -> list[Place]:
    posts, limit = m.profile["staffing.planned_posts"], m.profile["staffing.families_per_post_limit"]
    places = m.profile["selection.places"]
    return [_at(m, "selection.places", places, most=int(posts * limit))] if places > posts * limit else []


def _too_few_to_evaluate(m: Material) -> list[Place]:
    places, needed = m.profile["selection.places"], m.profile["evaluation.minimum_families"]
    return [_at(m, "selection.places", places, needed=needed)] if 0 < places < needed else []


def _low_disclosure(m: Material) -> list[Place]:
    value, usual = m.profile["disclosure.threshold"], declared_entries()["disclosure.threshold"].default
    return [_at(m, "disclosure.threshold", value, usual=usual)] if value < usual else []


def _indicators_below_disclosure(m: Material) -> list[Place]:
    value, least = m.profile["monitoring.min_families"], m.profile["disclosure.threshold"]
    return [_at(m, "monitoring.min_families", value, least=least)] if value < least else []


def _own_settings(m: Material) -> dict[str, Setting]:
    return {key: setting for key, setting in m.profile.settings.items() if setting.origin == "profile"}


def _unlike_model(m: Material) -> list[Place]:
    """Return a place for each way of organising or choosing that the model is known by and the profile changes."""
    given = models()[m.profile.model]["settings"]
    own = _own_settings(m)
    known_by = ("staffing.organisation", "selection.rule")
    return [_at(m, key) for key in known_by if key in own and key in given and own[key].value != given[key]["value"]]


def _guessed(m: Material) -> list[Place]:
    """Return a place for each group with the number of its settings that are guesses and matter much."""
    entries = declared_entries()
    groups: dict[str, list[str]] = {}
    for key, setting in m.profile.settings.items():
        quality, impact = setting.quality or entries[key].quality, setting.impact or entries[key].impact
        if setting.origin != "profile" and quality == impact == "red":
            groups.setdefault(key.partition(".")[0], []).append(key)
    return [
        Place(FILE_NAME, str(len(keys)), {"group": _in_both(f"book.group_{group}"), "keys": ", ".join(keys[:3])})
        for group, keys in groups.items()
    ]


def _without_owner(m: Material) -> list[Place]:
    entries = declared_entries()
    return [
        _at(m, key)
        for key, setting in _own_settings(m).items()
        if (setting.impact or entries[key].impact) == "red" and not setting.owner and key != "data.key_file"
    ]


def _not_yet_in_force(m: Material) -> list[Place]:
    return [
        _at(m, key, f"{setting.valid_from:%d-%m-%Y}")
        for key, setting in _own_settings(m).items()
        if setting.valid_from and pd.Timestamp(setting.valid_from) > m.last_day
    ]


def _synced_part(path) -> str:
    parts = [part for part in path.parts if any(part.casefold().startswith(name) for name in _SYNCED)]
    return parts[0] if parts else ""


def _synced_folder(m: Material) -> list[Place]:
    part = _synced_part(m.profile.folder.resolve())
    return [Place("exports", part)] if part else []


def _synced_key(m: Material) -> list[Place]:
    file = (m.profile.folder / m.profile["data.key_file"]).resolve()
    part = _synced_part(file)
    return [Place(file.name, part)] if part else []


def _unknown_municipality(m: Material) -> list[Place]:
    """Return a place if no municipality has the code; invented municipalities may have an invented one."""
    code = m.profile.municipality_code
    is_unknown = municipality_code(code) is None and not m.profile.is_synthetic
    return [Place(FILE_NAME, code, column="municipality_code")] if is_unknown else []


def _other_name(m: Material) -> list[Place]:
    known = municipalities().get(municipality_code(m.profile.municipality_code) or "")
    has_other = known is not None and known.name.casefold() not in m.profile.name.casefold()
    details = {"known": known.name} if known else {}
    return [Place(FILE_NAME, m.profile.name, details, column="name")] if has_other else []


PROFILE_RULES: tuple[WholeRule, ...] = (
    WholeRule("short_period", "should_fix", (), _short_period, why="short_period", limits={"months": SHORTEST_MONTHS}),
    WholeRule("unread_reach", "should_fix", (), _unread_reach, why="stopped"),
    WholeRule("broken_months", "should_fix", (), _broken_months, why="whole_months"),
    WholeRule(
        "period_after_data", "should_fix", (), _period_after_data, why="own_choice", limits={"months": LAGGING_MONTHS}
    ),
    WholeRule("project_before_data", "note", (), _project_before_data, why="project_period"),
    WholeRule("project_after_data", "should_fix", (), _project_after_data, why="project_period"),
    WholeRule("no_baseline", "note", (), _no_baseline, why="evaluation_window"),
    WholeRule("no_followup", "note", (), _no_followup, why="evaluation_window"),
    WholeRule("window_above_period", "should_fix", (), _window_above_period, why="window"),
    WholeRule("never_met", "should_fix", (), _never_met, why="criterion_splits"),
    WholeRule("met_by_all", "should_fix", (), _met_by_all, why="criterion_splits"),
    WholeRule("criterion_without_data", "should_fix", (), _criterion_without_data, why="criterion_data"),
    WholeRule("no_places", "note", (), _no_places, why="places"),
    WholeRule("places_above_posts", "note", (), _places_above_posts, why="posts_limit"),
    WholeRule("too_few_to_evaluate", "note", (), _too_few_to_evaluate, why="too_few"),
    WholeRule("low_disclosure", "note", (), _low_disclosure, why="disclosure", source="dst-fortrolighed"),
    WholeRule("indicators_below_disclosure", "note", (), _indicators_below_disclosure, why="disclosure"),
    WholeRule("unlike_model", "note", (), _unlike_model, why="model"),
    WholeRule("guessed_settings", "note", (), _guessed, why="guessed"),
    WholeRule("setting_without_owner", "note", (), _without_owner, why="guessed"),
    WholeRule("setting_not_in_force", "note", (), _not_yet_in_force, why="in_force"),
    WholeRule("unknown_municipality", "should_fix", (), _unknown_municipality, why="municipality"),
    WholeRule("other_municipality_name", "note", (), _other_name, why="municipality"),
    WholeRule("synced_folder", "should_fix", (), _synced_folder, why="synced"),
    WholeRule("synced_key", "should_fix", (), _synced_key, why="synced"),
)
