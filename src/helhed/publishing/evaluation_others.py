"""Another municipality's register as the comparison: its finished run, opened beside the municipality's own."""

from dataclasses import dataclass

import pandas as pd

from helhed import economy, evaluation
from helhed.profile.own_workbooks import read_workbook
from helhed.publishing.inputs import CHECKED, rests_on
from helhed.publishing.other_run import require_other_run


@dataclass(frozen=True)
class OtherRegister:
    """Another municipality's families by month and their account.

    Parameters
    ----------
    name
        The municipality.
    panel
        One row per family and month, as from `helhed.economy.spending_per_member`.
    account
        As from `helhed.economy.family_account`.
    enrolment
        Who was offered a place there: they cannot serve as comparison.
    rests_on
        Its files and key, for the record of the run.
    """

    name: str
    panel: pd.DataFrame
    account: pd.DataFrame
    enrolment: pd.DataFrame
    rests_on: dict

    def beside(
        self, panel: pd.DataFrame, account: pd.DataFrame, enrolment: pd.DataFrame
    ) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return the panel and the account of the own chosen families and this register's families."""
        compared = evaluation.from_another_register(panel, enrolment, self.panel, self.enrolment)
        marked = self.account.assign(family_id=evaluation.marked_as_other(self.account["family_id"]))
        return compared, pd.concat([account, marked], ignore_index=True)


def comparison_register(
    step, panel: pd.DataFrame, account: pd.DataFrame, enrolment: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, str]:
    """Return the panel and the account that the comparison rests on, and a sentence on whose register it comes from.

    Parameters
    ----------
    step
        The step of the own run (`helhed.notebook.Step`), whose profile may name another municipality's run; its
        record keeps what another register rests on.
    panel, account, enrolment
        The own ones.

    Raises
    ------
    WrongCall
        If the other run cannot be used (see `helhed.publishing.other_run.require_other_run`).
    """
    folder = require_other_run(step.profile, step.lang)
    if folder is None:
        return panel, account, evaluation.register_sentence("", step.lang)
    other = another_register(step.of_another(str(folder)))
    step.record(comparison_register={"name": other.name, "rests_on": other.rests_on})
    return *other.beside(panel, account, enrolment), evaluation.register_sentence(other.name, step.lang)


def another_register(step) -> OtherRegister:
    """Return another municipality's register from its own step, in whose run the data have been checked.

    Only rows that it has a legal basis to follow up on are read, as in its own run.

    Raises
    ------
    WrongCall
        If the run lacks the checked data.
    """
    profile, lang = step.profile, step.lang
    tables = {name: step.read(CHECKED, name) for name in evaluation.TABLES}
    to_date = profile["data.to_date"]
    months = evaluation.month_range(profile["data.from_date"], to_date)
    own = economy.own_economy(read_workbook(profile.folder, "economy", lang), lang)
    account = economy.family_account(tables, months, profile, to_date, own)
    panel = economy.spending_per_member(account, evaluation.family_months(tables, months))
    return OtherRegister(profile.name, panel, account, tables["enrolment"], rests_on(profile, lang))
