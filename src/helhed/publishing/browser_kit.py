"""What the page "In your browser" is told of the kit: its rules, criteria, columns, settings, forms and texts.

All of it comes from the declarations that the notebooks use, so that the page has no values of its own.
"""

from typing import Any

from helhed.browser.family_list import DECISION, FAMILY, HAS_PLACE, SAID_NO
from helhed.browser.plan_cells import folded
from helhed.plan import EXAMPLE_DAY
from helhed.plan.forms.layout import (
    FAMILY_SHEETS,
    PLAN_SHEETS,
    SECTOR_SHEETS,
    Sheet,
    code_labels,
    codes_by_label,
    prompt_of,
)
from helhed.plan.forms.layout import Field as PlanField
from helhed.plan.forms.reading import REQUIRED
from helhed.plan.forms.values import LIMITS
from helhed.profile.entries import choice_label, declared_entries, presets, value_in_words
from helhed.profile.published_rules import RULE, published_rules, stated_by
from helhed.publishing.browser_fields import number_fields
from helhed.publishing.staffing_start import StaffingStart
from helhed.selection import criteria, rule_in_words
from helhed.selection.rule_tree import criteria_in
from helhed.tables import codes
from helhed.texts import LANGUAGES, catalogue, text

#: Texts of other rooms that the page says too: room, and how their names begin.
_ALSO = (("selection", ("standing_",)), ("staffing", ("panel_", "item_")), ("plan_forms", ("limits_", "field_")))
#: Messages on forms that the page gives in the kit's own words.
_OF_FORMS = (
    "sheet_missing",
    "column_missing",
    "column_unknown",
    "not_a_date",
    "not_a_time",
    "not_a_number",
    "not_a_code",
    "not_a_member",
    "required",
    "row_twice",
    "meeting_unknown",
    "cpr_removed",
    "no_lines",
)
#: How many months back benefits are counted: a family cannot have more of them.
_WINDOW = "selection.benefit_window_months"
#: Criteria that are either so or not.
_FLAGS = ("no_adult_in_work", "one_adult", "family_has_consent")


def browser_kit(lang: str, start: StaffingStart | None = None) -> dict[str, Any]:
    """Return all that the page is told, ready for JSON; see `helhed.browser.kit.Kit`.

    ``start``: what the staffing begins with; the kit's defaults where nothing else is given.
    """
    start = start or StaffingStart()
    return {
        "lang": lang,
        "texts": _texts(lang),
        "columns": list_columns(lang),
        "criteria": {
            name: {"label": one.label(lang), "form": _form(name, one.form), "limit": one.threshold_key}
            for name, one in criteria().items()
        },
        "rules": rules(lang),
        "limit_forms": {key: declared_entries()[key].kind for key in limits()},
        "staffing": dict(start.settings),
        "mean_weight": start.mean_weight,
        "fields": {part: _limits(part, lang, start) for part in ("staffing", "break_even", "power")},
        "example_day": EXAMPLE_DAY.isoformat(),
        "forms": [[_part(sheet, lang) for sheet in sheets] for sheets in (PLAN_SHEETS, SECTOR_SHEETS, FAMILY_SHEETS)],
    }


def _limits(part: str, lang: str, start: StaffingStart) -> dict[str, list]:
    return {
        name: [one.label, one.low, one.high, one.is_whole] for name, one in number_fields(part, lang, start).items()
    }


def limits() -> list[str]:
    """Return the profile entries that are the threshold of a criterion, in the order of the criteria."""
    return list(dict.fromkeys(one.threshold_key for one in criteria().values() if one.threshold_key))


def rules(lang: str) -> dict[str, dict[str, Any]]:
    """Return every published rule by name: title, words, rule, order_by, limits, places, note and settings in words."""
    names = [*presets(), *published_rules()]
    return {name: _rule(name, lang) for name in names}


def settings_of(name: str) -> dict[str, Any]:
    """Return the selection settings of a published rule: what it states, else the declared defaults."""
    own = {key: given["value"] for key, given in stated_by(name).items()}
    if name in presets():
        own |= {key: given["value"] for key, given in presets()[name]["settings"].items() if "selection." in key}
    return {key: one.default for key, one in declared_entries().items() if one.group == "selection"} | own


def _rule(name: str, lang: str) -> dict[str, Any]:
    chosen = settings_of(name)
    asked = criteria_in(chosen[RULE])
    used = dict.fromkeys(key for one in asked for key in criteria()[one].settings)
    told = [_in_words(key, chosen[key], lang) for key in used if not isinstance(chosen[key], list)]
    return {
        "title": choice_label(name, lang),
        "words": rule_in_words(chosen[RULE], lang),
        "rule": chosen[RULE],
        "order_by": list(chosen["selection.order_by"]),
        "limits": {key: chosen[key] for key in limits() if key in {criteria()[one].threshold_key for one in asked}},
        "windows": {one: chosen[_WINDOW] for one in asked if _WINDOW in criteria()[one].windows},
        "places": chosen["selection.places"],
        "note": published_rules()[name].note(lang) if name in published_rules() else "",
        "settings": text("browser.says_settings", lang, settings="; ".join(told)) if told else "",
    }


def _in_words(key: str, value: object, lang: str) -> str:
    entry = declared_entries()[key]
    unit = entry.unit_label(lang)
    # The unit before the number: no language has to count it.
    return f"{entry.label(lang)}{f' ({unit})' if unit else ''}: {value_in_words(value, lang)}"


def answers() -> dict[str, dict[str, str]]:
    """Return what a list may say was decided: the meeting's decisions, and the family's no; code to both languages."""
    return codes()["decision"] | {SAID_NO: codes()["exit_reason"][SAID_NO]}


def list_columns(lang: str) -> list[dict[str, Any]]:
    """Return the columns of a list of families: name, headings in both languages (this one first), form and codes."""
    decisions = {folded(label): code for code, labels in answers().items() for label in labels.values()}
    own = {FAMILY: "text", HAS_PLACE: "flag", DECISION: "code", "months_on_benefit": "count", "waiting_since": "count"}
    first, last = list(own)[:3], list(own)[3:]
    declared = {name: (_heads(name, lang), form, decisions if form == "code" else {}) for name, form in own.items()}
    declared |= {
        name: (_in_both(f"selection.criterion_{name}", lang), _form(name, one.form), {})
        for name, one in criteria().items()
    }
    most = {name: declared_entries()[_WINDOW].max for name, one in criteria().items() if _WINDOW in one.windows}
    most["months_on_benefit"] = 12
    order = [*first, *criteria(), *last]
    parts = ("heads", "form", "codes")
    return [{"name": name, **dict(zip(parts, declared[name], strict=True)), "most": most.get(name)} for name in order]


def _heads(name: str, lang: str) -> list[str]:
    return _in_both(f"browser.column_{name}", lang)


def _in_both(key: str, lang: str) -> list[str]:
    return [text(key, one) for one in (lang, *(other for other in LANGUAGES if other != lang))]


def _form(name: str, form: str) -> str:
    return "share" if form.startswith("share") else "flag" if name in _FLAGS else "count"


def _texts(lang: str) -> dict[str, str]:
    said = {key.partition(".")[2]: one[lang] for key, one in catalogue().items() if key.startswith("browser.")}
    for room, beginnings in _ALSO:
        names = [key.partition(".")[2] for key in catalogue() if key.startswith(f"{room}.")]
        said |= {name: catalogue()[f"{room}.{name}"][lang] for name in names if name.startswith(beginnings)}
    return said | {f"form_{name}": catalogue()[f"plan_forms.{name}"][lang] for name in _OF_FORMS}


def _part(sheet: Sheet, lang: str) -> dict[str, Any]:
    return {
        "name": sheet.name,
        "titles": {one: sheet.title(one) for one in LANGUAGES},
        "fields": [_field(field, lang) for field in sheet.fields],
        "key": sheet.key,
        "required": list(REQUIRED.get(sheet.name, ())),
        "is_record": sheet.is_card and not sheet.n_spare,
    }


def _field(field: PlanField, lang: str) -> dict[str, Any]:
    return {
        "name": field.name,
        "kind": field.kind,
        "labels": {one: field.label(one) for one in LANGUAGES},
        "codes": _codes(field, lang),
        "limits": LIMITS.get(field.name),
        "prompts": sorted({prompt_of(field, one) for one in LANGUAGES} - {""}),
    }


def _codes(field: PlanField, lang: str) -> dict[str, str]:
    """Return the codes by every way they may be written, this language's names first; of a person the whole family."""
    if field.kind == "person":
        return {folded(text("plan_forms.whole_family", one)): "" for one in LANGUAGES}
    name = field.codes or ("flag" if field.kind == "flag" else "")
    if not name:
        return {}
    own = {folded(label): code for code, label in code_labels(name, lang).items()}
    return own | {folded(written): code for written, code in codes_by_label(name).items()}
