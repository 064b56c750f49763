"""Cases of the rules for dates that stand for nothing or lie far ahead."""

import pandas as pd

DAY = pd.Timestamp

CASES = {
    "default_date": [
        ({"folkeregister": {0: {"from_date": DAY("1900-01-01")}}}, [0]),
        ({"dubu_sager": {0: {"end_date": DAY("2099-12-31")}}}, [0]),
        ({"sofus": {0: {"referred_date": DAY("1970-01-01")}}}, [0]),
        ({"own_housing": {0: {"start_date": DAY("1899-12-30")}}}, [0]),
        ({"folkeregister": {0: {"from_date": DAY("1970-01-02")}}}, []),
    ],
    "end_far_ahead": [
        ({"sofus": {0: {"end_date": DAY("2031-01-01")}}}, [0]),
        ({"own_health": {0: {"end_date": DAY("2031-01-01")}}}, [0]),
        ({"sofus": {0: {"end_date": DAY("2030-12-31")}}}, []),
        ({"sofus": {0: {"end_date": DAY("2099-12-31")}}}, []),
    ],
}
