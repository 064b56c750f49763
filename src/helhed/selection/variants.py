"""The same profile with other values: for what-ifs and for the rules of other models."""

from dataclasses import replace
from typing import Any

from helhed.profile import Profile, Setting, declared_entries
from helhed.profile.entries import presets
from helhed.profile.published_rules import stated_by


def with_value(profile: Profile, key: str, value: Any) -> Profile:
    """Return the profile with one entry's value changed, everything else as it was."""
    setting = profile.settings[key].model_copy(update={"value": value})
    return replace(profile, settings={**profile.settings, key: setting})


def with_places(profile: Profile, places: int) -> Profile:
    """Return the profile with another number of places; 0 keeps the profile's own."""
    return with_value(profile, "selection.places", places) if places else profile


def with_model(profile: Profile, model: str) -> Profile:
    """Return the profile with the selection entries of a model: its preset's values, else the declared defaults."""
    preset = presets()[model]["settings"]
    entries = {key: entry for key, entry in declared_entries().items() if entry.group == "selection"}
    chosen = {
        key: Setting(**preset[key], origin="preset") if key in preset else _default(entry)
        for key, entry in entries.items()
    }
    return replace(profile, settings={**profile.settings, **chosen})


def with_published_rule(profile: Profile, name: str) -> Profile:
    """Return the profile with a published rule and the entries it states; every other entry stays as it is.

    Parameters
    ----------
    profile
        The municipality's profile.
    name
        A name of `helhed.profile.published_rules.published_rules`.
    """
    for key, given in stated_by(name).items():
        profile = with_value(profile, key, given["value"])
    return profile


def _default(entry) -> Setting:
    return Setting(value=entry.default, source=entry.source, origin="default")
