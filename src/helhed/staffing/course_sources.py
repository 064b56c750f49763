"""Where the figures of a course come from: how many have a source, and which; the rest are own assumptions."""

from collections.abc import Mapping

from helhed.profile import Profile, declared_entries, source_in
from helhed.staffing.course import PHASES

#: A figure with this rating is an own assumption, to be replaced.
_OWN = "red"


def is_of_course(key: str) -> bool:
    """Return whether a setting describes a course: its phases, or how many families a post may have."""
    return key.startswith(tuple(f"staffing.{phase}_" for phase in PHASES)) or key == "staffing.families_per_post_limit"


def figures_of_course() -> tuple[str, ...]:
    """Return the keys of the numbers that describe a course."""
    return tuple(key for key in declared_entries() if is_of_course(key) and not key.endswith("_kind"))


def sources_of(given: Mapping[str, Mapping], lang: str) -> tuple[int, tuple[str, ...]]:
    """Return how many of a course's figures have a source, and the sources in the order of the figures.

    Parameters
    ----------
    given
        ``source`` and ``quality`` of the settings that the course has of its own; the others are as declared.
    """
    entries, n_sourced, found = declared_entries(), 0, {}
    for key in figures_of_course():
        figure = given.get(key) or {"source": entries[key].source, "quality": entries[key].quality}
        if figure["source"] and figure["quality"] != _OWN:
            n_sourced += 1
            found[source_in(figure["source"], lang)] = None
    return n_sourced, tuple(found)


def figures_of_profile(profile: Profile) -> dict[str, dict]:
    """Return ``source`` and ``quality`` of the figures of the profile's course that are not as declared."""
    own = {key: profile.settings[key] for key in figures_of_course()}
    return {
        key: {"source": setting.source, "quality": setting.quality}
        for key, setting in own.items()
        if setting.origin != "default"
    }
