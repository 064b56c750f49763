"""Another municipality's register as the comparison: its finished run, opened beside the municipality's own."""

from dataclasses import dataclass

import pandas as pd

from helhed import economy, evaluation
from helhed.profile.own_workbooks import read_workbook
from helhed.publishing.inputs import rests_on

_CHECKED = "0_check_data"


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
    step, run_dir: str, panel: pd.DataFrame, account: pd.DataFrame, enrolment: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, str]:
    """Return the panel and the account that the comparison rests on, and a sentence on whose register it comes from.

    Parameters
    ----------
    step
        The step of the own run (`helhed.notebook.Step`); its record keeps what another register rests on.
    run_dir
        Another municipality's run, inside its folder; empty: the own register.
    panel, account, enrolment
        The own ones.
    """
    if not run_dir:
        return panel, account, evaluation.register_sentence("", step.lang)
    other = another_register(step.of_another(run_dir))
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
    tables = {name: step.read(_CHECKED, name) for name in evaluation.TABLES}
    to_date = profile["data.to_date"]
    months = evaluation.month_range(profile["data.from_date"], to_date)
    own = economy.own_economy(read_workbook(profile.folder, "economy", lang), lang)
    account = economy.family_account(tables, months, profile, to_date, own)
    panel = economy.spending_per_member(account, evaluation.family_months(tables, months))
    return OtherRegister(profile.name, panel, account, tables["enrolment"], rests_on(profile, lang))
