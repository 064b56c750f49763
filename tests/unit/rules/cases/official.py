"""Cases of the rules for official figures; the town has one person on kontanthjælp in January 2024."""

import pandas as pd

DAY = pd.Timestamp


def figure(**changes):
    """Return the town's only figure with changes."""
    return {"own_official_figure": {0: changes}}


def figures(value, n, **changes):
    """Return a figure, and so many persons with a week of the benefit in its month."""
    weeks = {5 + i: {"person_id": f"adult{i}", "week": DAY("2024-01-08")} for i in range(n - 1)}
    return {"own_official_figure": {0: {"value": float(value), **changes}}, "ydelsesrefusion": weeks}


CASES = {
    "official_deviates": [
        (figures(20, 16), [0]),
        (figures(20, 17), []),
        (figures(20, 23), []),
        (figures(20, 24), [0]),
        (figures(19, 1), []),
        (figures(20, 16, unit="fulltime"), []),
        (figures(20, 16, period_kind="quarter"), []),
        (figures(20, 16, area_code="0101"), []),
    ],
    "official_not_exported": [
        (figure(series="foertidspension", value=20.0), [0]),
        (figure(series="foertidspension", value=19.0), []),
        (figure(series="sygedagpenge", value=20.0), []),
    ],
    "official_other_area": [
        (figure(area_code="0101"), [0]),
        (figure(area_code="0999"), []),
        ({"own_official_figure": {1: {"area_code": "0101"}}}, []),
        ({"own_official_figure": {1: {"area_code": "0101", "series": "sygedagpenge"}}}, [1]),
    ],
    "official_outside_period": [
        (figure(period_start=DAY("2026-01-01")), [0]),
        (figure(period_start=DAY("2022-12-01")), [0]),
        (figure(period_start=DAY("2023-01-01")), []),
    ],
    "official_no_whole_number": [
        (figure(value=20.5), [0]),
        (figure(value=20.5, unit="fulltime"), []),
    ],
}
