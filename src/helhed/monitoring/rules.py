"""The settings of the monitoring, read once from the profile."""

from dataclasses import dataclass

import pandas as pd

from helhed.profile import Profile


@dataclass(frozen=True)
class Rules:
    """The municipality's choices for the indicators; see ``profile/declared/monitoring.toml``."""

    from_date: pd.Timestamp
    to_date: pd.Timestamp
    project_start: pd.Timestamp
    min_families: int
    confidence: float
    baseline_months: int
    start_window_days: int
    kontanthjaelp_benefits: tuple[str, ...]
    work_hours_per_month: float
    lasting_months: int
    active_case_types: tuple[str, ...]
    registration_interval_months: int
    fill_up_months: int
    review_months: int = 6
    seed: int = 2025
    instruments: tuple[str, ...] = ("who5", "functional_level", "trust", "ownership", "leisure", "leisure_job")


def rules_of(profile: Profile, min_families: int = 0) -> Rules:
    """Return the municipality's rules; ``min_families`` above 0 replaces the setting (a what-if).

    A value never rests on fewer families than the disclosure threshold allows to be shown.
    """
    return Rules(
        from_date=pd.Timestamp(profile["data.from_date"]),
        to_date=pd.Timestamp(profile["data.to_date"]),
        project_start=pd.Timestamp(profile["project.start_date"]),
        min_families=max(min_families or profile["monitoring.min_families"], profile["disclosure.threshold"]),
        confidence=profile["monitoring.confidence"],
        baseline_months=profile["monitoring.baseline_months"],
        start_window_days=profile["monitoring.start_window_days"],
        kontanthjaelp_benefits=tuple(profile["monitoring.kontanthjaelp_benefits"]),
        work_hours_per_month=profile["monitoring.work_hours_per_month"],
        lasting_months=profile["monitoring.lasting_months"],
        active_case_types=tuple(profile["monitoring.active_case_types"]),
        registration_interval_months=profile["monitoring.registration_interval_months"],
        fill_up_months=profile["monitoring.fill_up_months"],
        review_months=profile["plan.review_months"],
        seed=profile["monitoring.seed"],
        instruments=tuple(profile["monitoring.instruments"]),
    )
