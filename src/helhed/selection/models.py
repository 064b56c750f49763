"""The rules of all models on the same families: how many each finds, how many they share, who only one finds."""

import pandas as pd

from helhed.profile import Profile
from helhed.profile.entries import presets
from helhed.profile.published_rules import published_rules
from helhed.selection.criteria import CANNOT_TELL, MET
from helhed.selection.register import Register
from helhed.selection.stability import status_in
from helhed.selection.variants import with_model, with_published_rule

OWN = "own"


def model_statuses(tables: dict[str, pd.DataFrame], profile: Profile, as_of) -> pd.DataFrame:
    """Return whether each family meets the profile's rule (``own``), every model's and every other published rule.

    Returns
    -------
    One column per rule, by family_id: ``met``, ``not_met``, ``cannot_tell``.

    Notes
    -----
    Each model is applied with all its own settings of the group selection, not only its rule. The other published
    rules (see `helhed.profile.published_rules`) state fewer settings; the rest are the profile's own, and where
    these leave nobody for such a rule, it finds nobody.
    """
    register = Register(tables, profile, as_of)
    own = {OWN: status_in(register)}
    variants = {name: with_model(profile, name) for name in presets()}
    variants |= {name: with_published_rule(profile, name) for name in published_rules()}
    return pd.DataFrame(own | {name: status_in(register.again(variant)) for name, variant in variants.items()})


def compare_models(statuses: pd.DataFrame) -> pd.DataFrame:
    """Return for each rule: model, n_eligible, n_cannot_tell, n_only (found by no other model), n_shared_with_own.

    The profile's own rule and the other published rules are compared with the models but are none of them: they have
    no ``n_only`` and do not count in the models'.
    """
    met = statuses == MET
    models = [name for name in met if name in presets()]
    is_only = met[models].sum(axis=1) == 1
    rows = [
        {
            "model": name,
            "n_eligible": int(met[name].sum()),
            "n_cannot_tell": int((statuses[name] == CANNOT_TELL).sum()),
            "n_only": int((met[name] & is_only).sum()) if name in models else pd.NA,
            "n_shared_with_own": int((met[name] & met[OWN]).sum()),
        }
        for name in met
    ]
    return pd.DataFrame(rows).astype({"n_only": "Int64"})


def model_overlap(statuses: pd.DataFrame) -> pd.DataFrame:
    """Return how many families meet two rules at a time: rows and columns are the rules, the diagonal their sizes."""
    met = (statuses == MET).astype(int)
    return met.T @ met
