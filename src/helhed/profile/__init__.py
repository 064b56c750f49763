"""The municipality profile: every choice with its unit, limits, source, quality and owner."""

from helhed.profile.entries import Entry, courses, declared_entries, presets, source_in, value_in_words
from helhed.profile.law import law_problems, legal_basis, may_be_read, sources_with_law
from helhed.profile.periods import periods
from helhed.profile.reading import Profile, Setting, read_profile
from helhed.profile.years import Years, known_years, read_years

__all__ = [
    "Entry",
    "Profile",
    "Setting",
    "Years",
    "courses",
    "declared_entries",
    "known_years",
    "law_problems",
    "legal_basis",
    "may_be_read",
    "periods",
    "presets",
    "read_profile",
    "read_years",
    "source_in",
    "sources_with_law",
    "value_in_words",
]
