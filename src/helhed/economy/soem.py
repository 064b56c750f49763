"""Exchange with SØM: what it asks for is filled into a sheet, and its results are set beside the kit's own.

SØM (Den Socialøkonomiske Investeringsmodel, Social- og Boligstyrelsen) asks for what an effort costs to start and run,
how many citizens take part, its effect, and the consequences of the effect over time with their prices for
municipality, region and state. What the kit does not know is marked to be looked up; no number is made up.
Source: https://www.social.dk/tvaergaaende/soem/om-soem/faq
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from xlsxwriter.workbook import Workbook

from helhed import texts
from helhed.economy.break_even import Range
from helhed.economy.case import benefit_per_adult, measures_change
from helhed.economy.forms import write_read_me, write_sheets
from helhed.economy.own import PAYERS
from helhed.economy.worth import payers_result
from helhed.errors import Problem, ProfileNeedsWork
from helhed.outputs import PublicTable
from helhed.profile.own_workbooks import own_workbooks
from helhed.sheets import new_book, print_setup, protect, row_height, set_widths, styles
from helhed.texts import text

#: Where a value comes from: counted in the run, a setting, or not known to the kit.
STATUSES = ("counted", "setting", "look_up")
_WIDTHS = (26, 58, 18, 22, 26)


@dataclass(frozen=True)
class Case:
    """A municipality's case: what the exchange is filled from.

    Parameters
    ----------
    ranges
        From `helhed.economy.case.case_ranges`.
    account
        From `helhed.economy.account.family_account`.
    own
        The enrolled families' months: ``family_id``, ``month``, ``months_since``, ``n_adults``, ``n_children``,
        ``share_on_benefit``.
    profile
        The profile.
    """

    ranges: Mapping[str, Range]
    account: pd.DataFrame
    own: pd.DataFrame
    profile: Mapping


def soem_inputs(case: Case) -> pd.DataFrame:
    """Return what SØM asks for, as far as it is known.

    Columns ``part`` (``target``, ``cost``, ``effect``, ``consequence``, ``frame``), ``field``, ``payer`` (empty where
    it is no one's), ``value`` (missing where it must be looked up), ``low``, ``high``, ``unit`` and ``status``
    (`STATUSES`).
    """
    rows = [*_target(case), *_cost(case), *_effect(case), *_consequences(case), *_frame(case)]
    columns = ["part", "field", "payer", "value", "low", "high", "unit", "status"]
    found = pd.DataFrame(rows, columns=columns)
    return found.assign(status=found["status"].where(found["value"].notna(), "look_up"))


def _row(part: str, field: str, value: float, unit: str, status: str = "counted", payer: str = "") -> tuple:
    return (part, field, payer, value, np.nan, np.nan, unit, status)


def _ranged(part: str, field: str, found: Range, unit: str, status: str = "counted") -> tuple:
    return (part, field, "", found.value, found.low, found.high, unit, status)


def _target(case: Case) -> list[tuple]:
    families = case.own.drop_duplicates("family_id")
    return [
        _row("target", "soem_target_group", np.nan, "words"),
        _row("target", "families", float(len(families)), "families"),
        _row("target", "adults", float(families["n_adults"].sum()), "persons"),
        _row("target", "children", float(families["n_children"].sum()), "persons"),
    ]


def _cost(case: Case) -> list[tuple]:
    profile, ranges = case.profile, case.ranges
    course = ranges["coordination_dkk"].value * ranges["enrolled_months"].value
    return [
        _row("cost", "start_up", np.nan, "dkk"),
        _ranged("cost", "coordination", ranges["coordination_dkk"], "dkk_month"),
        _ranged("cost", "enrolled_months", ranges["enrolled_months"], "months"),
        _row("cost", "course", course, "dkk"),
        _row("cost", "premises", profile["staffing.premises_dkk_per_year"], "dkk_year", "setting"),
        _row("cost", "evaluation", profile["staffing.evaluation_dkk_per_year"], "dkk_year", "setting"),
        _row("cost", "alternative", np.nan, "dkk"),
    ]


def _effect(case: Case) -> list[tuple]:
    ranges = case.ranges
    return [
        _ranged("effect", "adults_moved", ranges["adults_moved"], "persons_family"),
        _ranged("effect", "move_month", ranges["move_month"], "months"),
        _ranged("effect", "fade", ranges["fade_per_year"], "share", "setting"),
        _row("effect", "children_effect", np.nan, "words"),
    ]


def _consequences(case: Case) -> list[tuple]:
    enrolled = case.account[case.account["family_id"].isin(case.own["family_id"])]
    saved = [
        _row("consequence", "benefit_saved", benefit_per_adult(enrolled, case.own, payer), "dkk_month", payer=payer)
        for payer in PAYERS
    ]
    changed = [
        _row(
            "consequence",
            "measures_changed",
            measures_change(enrolled, case.own, payer).value,
            "dkk_month",
            payer=payer,
        )
        for payer in PAYERS
    ]
    return [*saved, *changed, _row("consequence", "knowledge_base", np.nan, "words")]


def _frame(case: Case) -> list[tuple]:
    profile = case.profile
    return [
        _row("frame", "years", profile["economy.horizon_months"] / 12, "years", "setting"),
        _row("frame", "discount_rate", profile["economy.discount_rate"], "share", "setting"),
        _row("frame", "price_year", float(profile["data.to_date"].year), "year", "setting"),
        _row("frame", "soem_version", np.nan, "words"),
    ]


def soem_workbook(inputs: pd.DataFrame, lang: str) -> bytes:
    """Return the workbook of the exchange: what to type into SØM, and a sheet for its results, as Excel bytes."""
    buffer, declared = io.BytesIO(), own_workbooks()["soem"]
    book = new_book(buffer, declared.titles[lang])
    write_read_me(book, declared, lang)
    _write_inputs(book, inputs, lang)
    write_sheets(book, declared, lang)
    book.close()
    return buffer.getvalue()


def _write_inputs(book: Workbook, inputs: pd.DataFrame, lang: str) -> None:
    sheet = book.add_worksheet(text("economy.soem_sheet", lang))
    look_up = {"bold": True, "font_color": "#A33B00", "valign": "top"}
    formats = styles(book, look_up=look_up, unit={"text_wrap": True, "valign": "top", "indent": 1})
    protect(sheet)
    print_setup(sheet, f"&L{own_workbooks()['soem'].titles[lang]} · &A&R{text('forms.page', lang)}")
    set_widths(sheet, _WIDTHS)
    for column, key in enumerate(("part", "field", "value", "unit", "range")):
        sheet.write_string(0, column, text(f"economy.soem_head_{key}", lang), formats["head"])
    sheet.write_string(0, len(_WIDTHS), text("economy.soem_head_status", lang), formats["head"])
    sheet.set_column(len(_WIDTHS), len(_WIDTHS), 24)
    sheet.freeze_panes(1, 0)
    for row, one in enumerate(inputs.itertuples(), start=1):
        words = _words(one, lang)
        for column, cell in enumerate((words["part"], words["field"], "", words["unit"], words["range"])):
            sheet.write_string(row, column, cell, formats["unit" if column == 3 else "words"])
        if np.isfinite(one.value):
            look = {"share": "0.0%", "year": "0", "persons_family": "0.00"}.get(one.unit, "#,##0")
            sheet.write_number(row, 2, one.value, book.add_format({"valign": "top", "num_format": look}))
        else:
            sheet.write_blank(row, 2, None, formats["input"])
        sheet.write_string(
            row, len(_WIDTHS), words["status"], formats["words" if one.status != "look_up" else "look_up"]
        )
        sheet.set_row(row, row_height([words["part"], words["field"]], _WIDTHS[:2]))


def _words(one, lang: str) -> dict[str, str]:
    payer = f" ({text(f'economy.column_{one.payer}', lang)})" if one.payer else ""
    is_ranged = np.isfinite(one.low) and np.isfinite(one.high)
    ends = [_end(end, one.unit, lang) for end in (one.low, one.high)] if is_ranged else ()
    return {
        "part": text(f"economy.soem_part_{one.part}", lang),
        "field": text(f"economy.soem_{one.field}", lang) + payer,
        "unit": text(f"economy.soem_unit_{one.unit}", lang),
        "range": text("economy.from_to", lang, low=ends[0], high=ends[1]) if is_ranged else "",
        "status": text(f"economy.soem_status_{one.status}", lang),
    }


def _end(value: float, unit: str, lang: str) -> str:
    if unit == "share":
        return texts.percent(value, lang, 1)
    return texts.number(value, lang, 2 if unit == "persons_family" else 0)


def soem_comparison(results: pd.DataFrame, case: Case, lang: str = "da") -> pd.DataFrame:
    """Return SØM's results beside the kit's own for the same years, number of families and price year.

    Parameters
    ----------
    results
        ``payer``, ``net_result_dkk``, ``years``, ``participants``, ``price_year``: typed in by the municipality.
    case
        The municipality's case.
    lang
        Language of the messages.

    Returns
    -------
    One row per payer: ``payer``, ``soem_dkk``, ``own_dkk``, ``difference_dkk``.

    Raises
    ------
    ProfileNeedsWork
        If a payer stands twice, or the parts do not add up to the result for all (more than a krone in a thousand off).
    """
    problems = _result_problems(results)
    if problems:
        raise ProfileNeedsWork(problems, lang)
    growth, year = case.profile["staffing.price_growth"], case.profile["data.to_date"].year
    rows = []
    for one in results.itertuples():
        net = payers_result(case.ranges, case.account, case.own, round(12 * one.years)).set_index("payer")["net_dkk"]
        own = net[one.payer] * one.participants * (1 + growth) ** (int(one.price_year) - year)
        rows.append((one.payer, one.net_result_dkk, own, own - one.net_result_dkk))
    return pd.DataFrame(rows, columns=["payer", "soem_dkk", "own_dkk", "difference_dkk"])


def _result_problems(results: pd.DataFrame) -> list[Problem]:
    declared = own_workbooks()["soem"]
    place = {"file": declared.file, "sheet": declared.sheets["results"].da}
    doubled = results.loc[results["payer"].duplicated(), "row"]
    problems = [Problem("workbooks.double_line", **place, row=int(row)) for row in doubled]
    net = results.drop_duplicates("payer").set_index("payer")["net_result_dkk"]
    if {*PAYERS, "all"} <= set(net.index):
        total = net[list(PAYERS)].sum()
        if abs(total - net["all"]) > 1 + abs(net["all"]) / 1000:
            details = {"parts_dkk": float(total), "all_dkk": float(net["all"])}
            problems.append(Problem("economy.soem_parts_do_not_add_up", **place, details=details))
    return problems


def soem_table(compared: pd.DataFrame, lang: str) -> PublicTable:
    """Return SØM's results beside the kit's own."""
    rows = compared.assign(payer=[text(f"economy.column_{payer}", lang) for payer in compared["payer"]])
    columns = {"payer": (text("economy.payer", lang), "text")} | {
        name: (text(f"economy.soem_{name.removesuffix('_dkk')}", lang), "dkk")
        for name in ("soem_dkk", "own_dkk", "difference_dkk")
    }
    return PublicTable("soem", text("economy.soem_title", lang), rows, columns)


def soem_sentence(compared: pd.DataFrame, lang: str) -> str:
    """Return whether the two calculations point the same way, or that SØM's result is not there yet."""
    known = compared.dropna(subset=["own_dkk"])
    if known.empty:
        return text("economy.soem_none" if compared.empty else "economy.soem_not_comparable", lang)
    first = known[known["payer"] == "municipality"] if (known["payer"] == "municipality").any() else known
    one = first.iloc[0]
    key = "same_way" if (one["soem_dkk"] >= 0) == (one["own_dkk"] >= 0) else "other_way"
    return text(
        f"economy.soem_{key}",
        lang,
        payer=text(f"economy.column_{one['payer']}", lang),
        soem=texts.kroner(one["soem_dkk"], lang),
        own=texts.kroner(one["own_dkk"], lang),
    )
