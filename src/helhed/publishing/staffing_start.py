"""Where the pages that move staffing sliders begin: with a municipality's own settings, or with the kit's defaults.

A municipality's edition takes them from what its run has made public: the settings from the run's card, posts, new
families and posts needed from the key numbers of step 2. Only settings and published totals are among them.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from helhed.browser.staffing import course_months, hours_of_post, hours_per_place, long_run
from helhed.profile import Profile, declared_entries, presets
from helhed.texts import number, text

#: The step whose key numbers the pages begin with, and the settings' group, which is their name on the card too.
STEP, GROUP = "2_staff_coordinators", "staffing"
#: What decides the length of a course; a length that is rated red rests on a guess.
_LENGTH = f"{GROUP}.active_months"
#: Decimals of a setting on the card: more would be digits of a fraction that look like anything.
_DECIMALS = 6


def standard_settings() -> dict[str, Any]:
    """Return the staffing settings of a municipality that has changed nothing."""
    return {key: entry.default for key, entry in declared_entries().items() if entry.group == GROUP}


@dataclass(frozen=True)
class StaffingStart:
    """What the pages begin with.

    Parameters
    ----------
    settings
        The ``staffing.…`` settings by key.
    posts, starts
        Full-time posts and new families a month; None where no run says.
    mean_weight
        How much work a family takes beside a standard one.
    name
        The municipality; empty for the kit's defaults.
    model
        The model it follows, whose rule the list of families is held against first.
    waiting_weeks, posts_for_wished_wait
        What notebook 2 of the run found from the families of today: the expected wait, and the posts that the wished
        wait takes. None where no run says.
    """

    settings: Mapping[str, Any] = field(default_factory=standard_settings)
    posts: float | None = None
    starts: float | None = None
    mean_weight: float = 1.0
    name: str = ""
    model: str = ""
    waiting_weeks: float | None = None
    posts_for_wished_wait: float | None = None

    @property
    def course_months(self) -> float:
        """Return the planned length of a course."""
        return course_months(self.settings)


def card_settings(profile: Profile) -> dict[str, Any]:
    """Return the staffing settings of a profile as a run's card holds them."""
    values = {key: setting.value for key, setting in profile.in_group(GROUP).items()}
    return {key: round(value, _DECIMALS) if isinstance(value, float) else value for key, value in values.items()}


def start_of(card: Mapping[str, Any], numbers: Mapping[str, Mapping]) -> StaffingStart:
    """Return what the pages of a municipality's own edition begin with.

    Parameters
    ----------
    card
        What the run's card says; one of an older run says nothing of settings, and the kit's defaults remain.
    numbers
        The key numbers of step 2 by name.
    """
    if GROUP not in card:
        return StaffingStart()
    standard = standard_settings()
    settings = standard | {key: value for key, value in card[GROUP].items() if key in standard}
    posts, starts, needed = (_known(numbers, name) for name in ("posts_now", "starts_per_month", "posts_needed"))
    weight = 1.0 if starts is None or needed is None else mean_weight(settings, starts, needed)
    # As finely as the fields of the page are set.
    return StaffingStart(
        settings,
        None if posts is None else round(posts, 2),
        None if starts is None else round(starts, 2),
        weight,
        card["name"],
        card.get("model", ""),
        _known(numbers, "waiting_weeks"),
        _known(numbers, "posts_for_target_wait"),
    )


def _known(numbers: Mapping[str, Mapping], name: str) -> float | None:
    value = numbers.get(name, {}).get("value")
    return value if isinstance(value, int | float) and math.isfinite(value) else None


def mean_weight(settings: Mapping[str, Any], starts: float, posts_needed: float) -> float:
    """Return how much work a family takes beside a standard one, found back from the posts that step 2 needs.

    Where the limit of families per post decides the posts, the hours say nothing: a family then counts as one.
    """
    families = long_run(0.0, starts, settings).families
    per_post = hours_of_post(settings)
    of_standard = families * hours_per_place(settings) / per_post if per_post > 0 else 0.0
    by_limit = families / settings["staffing.families_per_post_limit"]
    is_by_hours = of_standard > 0 and posts_needed > by_limit * (1 + 1e-9)
    return round(posts_needed / of_standard, _DECIMALS) if is_by_hours else 1.0


def start_in_words(start: StaffingStart, lang: str) -> list[str]:
    """Return where the numbers come from that the sliders begin with, as sentences."""
    limit = start.settings["staffing.families_per_post_limit"]
    said = {"months": _number(start.course_months, lang), "limit": _number(limit, lang)}
    if not start.name:
        lengths = [course_months(standard_settings() | _staffing_of(model)) for model in presets()]
        low, high = (_number(end(lengths), lang) for end in (min, max))
        sourced = sum(preset["settings"][_LENGTH]["quality"] != "red" for preset in presets().values())
        models = {"low": low, "high": high, "sourced": number(sourced, lang)}
        return [text("browser.start_standard", lang, **said), text("browser.start_models", lang, **models)]
    sentences = [text("browser.start_own", lang, name=start.name, **said)]
    if start.starts is not None:
        sentences.append(text("browser.start_numbers", lang))
    if start.mean_weight != 1.0:
        sentences.append(text("browser.start_weight", lang, weight=number(start.mean_weight, lang, 2)))
    return sentences + _of_today(start, lang)


def _of_today(start: StaffingStart, lang: str) -> list[str]:
    # The sliders answer for the long run: without the run's own wait beside it, a long line of today would be unseen.
    if start.waiting_weeks is None:
        return []
    sentences = [text("browser.start_wait", lang, weeks=number(start.waiting_weeks, lang, 1))]
    if start.posts_for_wished_wait is not None:
        sentences.append(text("browser.start_wished", lang, posts=number(start.posts_for_wished_wait, lang, 1)))
    return [" ".join(sentences)]


def _staffing_of(model: str) -> dict[str, Any]:
    settings = presets()[model]["settings"]
    return {key: given["value"] for key, given in settings.items() if key.startswith(f"{GROUP}.")}


def _number(value: float, lang: str) -> str:
    return number(value, lang, 0 if float(value).is_integer() else 1)
