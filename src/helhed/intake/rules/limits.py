"""Limits that several check rules share: each is declared once, here or where the families are formed.

What a rule alone knows stands with the rule; what a municipality may choose stands in the profile.
"""

import pandas as pd

from helhed.intake.exports.feeds import feeds
from helhed.intake.families.homes import ADULT_YEARS
from helhed.intake.families.kinship import YOUNGEST_PARENT_YEARS

__all__ = [
    "ADULT_YEARS",
    "BARNETS_LOV",
    "BARNETS_LOV_YEARS",
    "EVENTS",
    "EVERY_TABLE",
    "JOB_FROM",
    "MONTHLY",
    "OF_PERSONS",
    "ONE_MONTH_YEARS",
    "PENSION_AGE",
    "PENSION_YEARS",
    "YOUNGEST_PARENT_YEARS",
    "YOUNG_TO",
]

#: Age (years) to which the children's department can follow a young person.
YOUNG_TO = 23
#: Age (years) from which a young person may have a leisure job.
JOB_FROM = 13
#: Age (years) at which the state pension begins, and the years in which it does so.
PENSION_AGE, PENSION_YEARS = 67, (2022, 2029)
#: The month in which a limit of age is reached counts in full.
ONE_MONTH_YEARS = 1 / 12
#: The day from which Barnets lov holds, and its years.
BARNETS_LOV = pd.Timestamp("2024-01-01")
BARNETS_LOV_YEARS = (BARNETS_LOV.year, None)

#: Tables whose rows come from exports.
EVERY_TABLE = tuple(feeds())
#: Of these, the tables with a record every month, or every week, as long as something goes on.
MONTHLY = tuple(name for name, feed in feeds().items() if {"month", "week"} & set(feed.columns))
#: Of these, the tables whose rows name a person; a plan line belongs to its contact.
OF_PERSONS = tuple(name for name, feed in feeds().items() if "person_id" in feed.columns and name != "person")
#: Of these, the tables in which new records come all the time in the systems of the departments.
EVENTS = ("child_case", "measure", "benefit_spell")
