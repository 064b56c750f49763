"""Cases of the rules on the profile and the folder: settings alone, of a town that goes by the model of Furesø."""

from datetime import date
from pathlib import Path

from helhed.profile import Setting

PROFILE = ["profile.yml"]


def settings(*found, **given):
    """Return a case: what the settings alone bring about; in a key, ``__`` stands for the dot."""
    return {}, list(found), {"lines": {}, **{key.replace("__", "."): value for key, value in given.items()}}


def own(value, **more):
    """Return a setting as a municipality writes it."""
    return Setting(value=value, **more)


CASES = {
    "short_period": [
        settings(*PROFILE, data__from_date=date(2024, 1, 1), data__to_date=date(2025, 11, 30)),
        settings(data__from_date=date(2024, 1, 1), data__to_date=date(2025, 12, 31)),
    ],
    "unread_reach": [
        settings(*PROFILE, data__exports_reach="dubu_sager 2025-09-30"),
        settings(*PROFILE, *PROFILE, data__exports_reach="skolefravaer 30-09-2025; dubu_sager"),
        settings(data__exports_reach="dubu_sager 30-09-2025; sensum: 31-12-2025"),
    ],
    "broken_months": [
        settings(*PROFILE, data__from_date=date(2023, 1, 2)),
        settings(*PROFILE, *PROFILE, data__from_date=date(2023, 1, 2), data__to_date=date(2025, 12, 30)),
        settings(data__from_date=date(2023, 2, 1), data__to_date=date(2025, 11, 30)),
    ],
    "period_after_data": [
        ({"ydelsesrefusion": {4: None}}, PROFILE, {"data.to_date": date(2025, 4, 30)}),
        ({"ydelsesrefusion": {0: None}}, [], {"data.to_date": date(2025, 4, 30)}),
    ],
    "project_before_data": [
        settings(*PROFILE, project__start_date=date(2022, 12, 31)),
        settings(project__start_date=date(2023, 1, 1)),
    ],
    "project_after_data": [
        settings(*PROFILE, project__start_date=date(2026, 1, 1)),
        settings(project__start_date=date(2025, 12, 31)),
    ],
    "no_baseline": [
        settings(*PROFILE, project__start_date=date(2023, 8, 31)),
        settings(project__start_date=date(2023, 9, 1)),
        settings(project__start_date=date(2022, 12, 31)),
    ],
    "no_followup": [
        settings(*PROFILE, project__start_date=date(2024, 9, 1)),
        settings(project__start_date=date(2024, 8, 31)),
    ],
    "window_above_period": [
        settings(*PROFILE, selection__benefit_window_months=37),
        settings(selection__benefit_window_months=36),
    ],
    "never_met": [
        settings(*PROFILE, selection__benefit_months=7),
        settings(*PROFILE, selection__absence_min_months=7),
        settings(*PROFILE, selection__n_departments=7),
        settings(selection__benefit_months=6, selection__absence_min_months=6, selection__n_departments=6),
    ],
    "met_by_all": [
        settings(*PROFILE, selection__absence_share=0),
        settings(selection__absence_share=0.001),
    ],
    "criterion_without_data": [
        ({"skolefravaer": {0: None}}, PROFILE, {"selection.rule": {"all": ["school_absence", "open_child_case"]}}),
        ({"beskaeftigelse": {0: None}}, [], {"selection.rule": {"all": ["school_absence"]}}),
    ],
    "no_places": [settings(*PROFILE, selection__places=0), settings(selection__places=1)],
    "places_above_posts": [
        settings(*PROFILE, selection__places=31),
        settings(selection__places=30),
    ],
    "too_few_to_evaluate": [
        settings(*PROFILE, selection__places=14),
        settings(selection__places=15),
        settings(selection__places=0),
    ],
    "low_disclosure": [
        settings(*PROFILE, disclosure__threshold=4),
        settings(disclosure__threshold=5),
    ],
    "indicators_below_disclosure": [
        settings(*PROFILE, monitoring__min_families=4),
        settings(monitoring__min_families=5),
    ],
    "unlike_model": [
        settings(*PROFILE, staffing__organisation=own("taskforce")),
        settings(staffing__organisation=own("own_unit")),
    ],
    "guessed_settings": [
        settings(*PROFILE, plan__review_months=Setting(value=6, quality="red", impact="red", origin="default")),
        settings(plan__review_months=Setting(value=6, quality="amber", impact="red", origin="default")),
        settings(plan__review_months=own(6, quality="red", impact="red")),
    ],
    "setting_without_owner": [
        settings(*PROFILE, selection__places=own(25, impact="red")),
        settings(selection__places=own(25, impact="red", owner="Leder")),
        settings(selection__places=own(25, impact="amber")),
    ],
    "setting_not_in_force": [
        settings(*PROFILE, selection__places=own(25, valid_from=date(2026, 1, 1))),
        settings(selection__places=own(25, valid_from=date(2025, 12, 31))),
    ],
    "unknown_municipality": [
        settings(*PROFILE, is_synthetic=False),
        settings(is_synthetic=False, municipality_code="0190"),
        settings(municipality_code="0998"),
    ],
    "other_municipality_name": [
        settings(*PROFILE, municipality_code="0190"),
        settings(municipality_code="0190", name="Furesø Kommune"),
    ],
    "synced_folder": [
        settings("exports", folder=Path("/home/x/OneDrive - Kommune/helhed")),
        settings(folder=Path("/home/x/Onedrevet/helhed")),
    ],
    "synced_key": [
        settings("pseudonym.key", folder=Path("/home/x/Dropbox/helhed")),
        settings(folder=Path("/home/x/helhed")),
    ],
}
