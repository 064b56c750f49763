"""Published rules of other target groups on the same families."""

import pandas as pd

from helhed.profile import Profile
from helhed.profile.published_rules import published_rules
from helhed.selection.rules import read_rule
from helhed.selection.stability import rule_status
from helhed.selection.variants import with_published_rule


def published_statuses(tables: dict[str, pd.DataFrame], profile: Profile, as_of) -> pd.DataFrame:
    """Return whether each family meets each published rule; one column per rule, by family_id.

    The thresholds a rule does not state are the profile's own.
    """
    variants = {name: with_published_rule(profile, name) for name in published_rules()}
    for variant in variants.values():
        read_rule(variant)
    return pd.DataFrame({name: rule_status(tables, variant, as_of) for name, variant in variants.items()})
