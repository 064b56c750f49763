"""Cases of the rules about whole exports; most need many rows, made from the first one."""

import pandas as pd

DAY = pd.Timestamp
HALF = {"data.to_date": DAY("2023-12-31").date()}


def monthly(*counts, of="BOY"):
    """Return school absence with so many rows in each month from January 2023, July left out."""
    months = [m for m in pd.date_range("2023-01-01", periods=len(counts) + 3, freq="MS") if m.month != 7]
    days = [month for month, n in zip(months, counts, strict=False) for _ in range(n)]
    return {"skolefravaer": {i: {"month": day, "person_id": of} for i, day in enumerate(days)}}


def full(last, odd=40):
    """Return a year of absence with 40 rows a month, but others in May and December."""
    return monthly(*[40, 40, 40, 40, odd, 40, 40, 40, 40, 40, last])


def many(source, n, like=0, **changes):
    """Return a source with so many copies of a row, all with the same changes."""
    return {source: {i: {"like": like, **changes} for i in range(n)}}


def starting(source, n, first, days=1):
    """Return so many rows of a source that start on days from the first one, so many days apart."""
    days = pd.date_range(first, periods=n, freq=f"{days}D")
    return {source: {i: {"start_date": day} for i, day in enumerate(days)}}


def paused(last):
    """Return cases that start every day for fifty days up to a day, and again from 12 May to 30 June 2025."""
    days = [*pd.date_range(end=last, periods=50), *pd.date_range("2025-05-12", periods=50)]
    return {"dubu_sager": {i: {"start_date": day} for i, day in enumerate(days)}}


def cut(n):
    """Return an export of which the last row has the number that an export of so many rows gives it."""
    return {"skolefravaer": {0: {"row_": n + 1}}}


def children(n, n_absent, born):
    """Return so many further children of an age in the register, so many of them in the school absence."""
    persons = {5 + i: {"person_id": f"child{i}", "birth_date": DAY(born), "address_id": "x"} for i in range(n)}
    absent = {1 + i: {"person_id": f"child{i}"} for i in range(n_absent)}
    return {"skolefravaer": {0: {}, **absent}, "folkeregister": persons}


def residents(n, n_there):
    """Return so many further adults of the district Vest in the register, so many of them with weekly benefits."""
    persons = {5 + i: {"person_id": f"adult{i}", "address_id": f"x{i}", "district": "Vest"} for i in range(n)}
    others = {5 + n + i: {"person_id": f"other{i}", "address_id": f"y{i}", "district": "Nord"} for i in range(n)}
    weeks = {5 + i: {"person_id": f"adult{i}"} for i in range(n_there)}
    weeks |= {5 + n_there + i: {"person_id": f"other{i}"} for i in range(45)}
    return {"ydelsesrefusion": weeks, "folkeregister": persons | others}


CASES = {
    "missing_month": [
        ({"skolefravaer": {1: {"month": DAY("2024-05-01")}}}, ["skolefravaer.csv"]),
        ({"skolefravaer": {1: {"month": DAY("2024-07-01")}}}, []),
    ],
    "thin_last_month": [
        (full(19), ["skolefravaer.csv"], HALF),
        (full(20), [], HALF),
        (monthly(*[29] * 10, 10), [], HALF),
    ],
    "odd_month": [
        (full(40, 19), ["skolefravaer.csv"], HALF),
        (full(40, 81), ["skolefravaer.csv"], HALF),
        (full(40, 20), [], HALF),
        (full(40, 80), [], HALF),
        (full(19), [], HALF),
    ],
    "silent_at_end": [
        # nothing from 1 July on is 184 days: 33 days with a start in 13 months make 15 in that time, 32 make 14.9
        (starting("dubu_sager", 33, "2025-05-29"), [-1]),
        (starting("dubu_sager", 32, "2025-05-30"), []),
        # 184 days are more than twice a pause of 91 days, and no more than twice one of 92
        (paused("2025-02-10"), [-1]),
        (paused("2025-02-09"), []),
        # the municipality knows better
        (starting("dubu_sager", 33, "2025-05-29"), [], {"data.exports_reach": "dubu_sager 31-12-2025"}),
        (starting("dubu_sager", 33, "2025-05-29"), [], {"data.exports_reach": "dubu_sager 30-06-2025"}),
    ],
    "silent_at_start": [
        (starting("dubu_sager", 50, "2023-07-01"), [-1]),
        (starting("dubu_sager", 50, "2023-06-30"), []),
        (starting("dubu_sager", 49, "2023-07-01"), []),
    ],
    "beyond_period": [
        ({"skolefravaer": {0: {"month": DAY("2026-01-01")}}}, [-1]),
        ({"skolefravaer": {0: {"month": DAY("2025-12-01")}}}, []),
    ],
    "other_year_in_file": [
        ({"ydelsesrefusion": {0: {"week": DAY("2024-01-08")}}}, ["ydelsesrefusion_2023.csv"]),
        ({"ydelsesrefusion": {0: {"week": DAY("2022-12-19")}}}, ["ydelsesrefusion_2023.csv"]),
        ({"ydelsesrefusion": {0: {"week": DAY("2024-01-01")}}}, []),
        ({"ydelsesrefusion": {0: {"week": DAY("2022-12-26")}}}, []),
    ],
    "same_file_twice": [
        (
            {
                "ydelsesrefusion": {
                    2: {"week": DAY("2023-12-18")},
                    3: {"week": DAY("2023-12-25")},
                }
            },
            ["ydelsesrefusion_2024.csv"],
        ),
        ({"ydelsesrefusion": {2: {"week": DAY("2023-12-18")}}}, []),
    ],
    "cut_off": [(cut(65_535), [-1]), (cut(65_534), []), (cut(10_000), [-1]), (cut(9_999), [])],
    "first_of_month_only": [
        (many("dubu_sager", 50, start_date=DAY("2024-02-01")), [-1]),
        (many("dubu_sager", 49, start_date=DAY("2024-02-01")), []),
        ({"dubu_sager": {i: {"start_date": DAY(f"2024-02-0{1 + (i == 9)}")} for i in range(50)}}, []),
    ],
    "empty_column": [
        (many("dubu_sager", 50, section=None, end_date=DAY("2025-01-01")), [-1]),
        (many("dubu_sager", 49, section=None, end_date=DAY("2025-01-01")), []),
        (many("dubu_sager", 50, end_date=DAY("2025-01-01")), []),
    ],
    "single_code": [
        (many("dubu_sager", 50), ["dubu_sager.csv", "dubu_sager.csv"]),
        (many("dubu_sager", 49), []),
        (
            {"dubu_sager": {i: {"case_type": "handicap", "status": "closed"} for i in range(1, 50)}},
            [],
        ),
    ],
    "low_linkage": [
        ({"skolefravaer": {i: {"person_id": "NOBODY" if i < 3 else "BOY"} for i in range(50)}}, [-1]),
        ({"skolefravaer": {i: {"person_id": "NOBODY" if i < 2 else "BOY"} for i in range(50)}}, []),
        ({"skolefravaer": {i: {"person_id": "NOBODY"} for i in range(49)}}, []),
    ],
    "district_missing": [
        (residents(50, 0), ["ydelsesrefusion"]),
        (residents(50, 1), []),
    ],
    "district_spelt_twice": [
        ({"folkeregister": {0: {"district": "Syd"}, 1: {"district": "SYD."}}}, [-1]),
        ({"folkeregister": {0: {"district": "Nordvest"}}}, []),
    ],
    "age_missing": [
        (children(20, 0, "2015-01-15"), [-1]),
        (children(20, 1, "2015-01-15"), []),
        (children(19, 0, "2015-01-15"), []),
        (children(20, 0, "2020-01-15"), []),
    ],
}
