"""The municipality profile: every choice with its unit, limits, source, quality and owner."""

from helhed.profile.entries import Entry, declared_entries, source_in, value_in_words
from helhed.profile.reading import Profile, Setting, read_profile

__all__ = ["Entry", "Profile", "Setting", "declared_entries", "read_profile", "source_in", "value_in_words"]
