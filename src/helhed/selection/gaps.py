"""What the rule cannot see: criteria whose source is not in the exports, or may not be read, and for how many."""

import pandas as pd

from helhed.outputs import KeyNumber
from helhed.profile import Profile
from helhed.selection.criteria import CANNOT_TELL, criteria
from helhed.selection.query import Query
from helhed.selection.register import Register
from helhed.selection.rule_tree import criteria_in
from helhed.selection.rules import line_of
from helhed.selection.signs import is_dark
from helhed.tables import code_label
from helhed.tables import tables as contracts
from helhed.texts import month, text


def missing_sources(
    tables: dict[str, pd.DataFrame],
    profile: Profile,
    as_of,
    family_criterion: pd.DataFrame,
    given: dict[str, pd.DataFrame] | None = None,
) -> pd.DataFrame:
    """Return the criteria of the rule for which a source holds no row at all, or none that may be read.

    Parameters
    ----------
    tables, profile, as_of, family_criterion
        As for `helhed.selection.evaluate_criteria`, and what it returns.
    given
        The tables before those without a legal basis were left out (see `helhed.selection.lawful_tables`).

    Returns
    -------
    One row per criterion and missing source, in the order of the rule: criterion, source (a canonical table, or
    ``measure.<department>``), n_cannot_tell (families for which the criterion cannot be told), row (the line of the
    profile on which the criterion stands; missing where the rule is not written there), is_barred (the exports hold
    rows, but the law gives no basis for reading them).
    """
    register, before = Register(tables, profile, as_of), Register(given or tables, profile, as_of)
    unknown = family_criterion.loc[family_criterion["status"] == CANNOT_TELL, "criterion"].value_counts()
    rows = [
        (name, source, int(unknown.get(name, 0)), line_of(profile, part=name), before.has(source))
        for name in criteria_in(profile["selection.rule"])
        for source in criteria()[name].sources
        if not register.has(source)
    ]
    columns = ["criterion", "source", "n_cannot_tell", "row", "is_barred"]
    return pd.DataFrame(rows, columns=columns).astype({"row": "Int64", "is_barred": bool})


def barred_departments(
    tables: dict[str, pd.DataFrame], given: dict[str, pd.DataFrame], profile: Profile, as_of
) -> list[str]:
    """Return the departments of which the exports hold something, but nothing that may be read."""
    read, before = (Query(Register(each, profile, as_of)) for each in (tables, given))
    return [name for name in profile["selection.departments"] if is_dark(read, name) and not is_dark(before, name)]


def say_gaps(
    missing: pd.DataFrame, profile: Profile, lang: str, tables: dict[str, pd.DataFrame] | None = None
) -> list[str]:
    """Return a sentence per criterion that lacks a source: which, where it stands, for how many it cannot be told.

    With the tables, benefits without a row and months that the exports leave dark are told as well.
    """
    said = [_said(row, profile, lang) for row in missing.itertuples()]
    if tables is None:
        return said
    silent = say_silent_benefits(tables, profile, lang)
    return [*said, *silent, *say_dark_months(tables, profile, profile["data.to_date"], lang)]


def say_dark_months(tables: dict[str, pd.DataFrame], profile: Profile, as_of, lang: str) -> list[str]:
    """Return a sentence per table that leaves months dark in the windows of the rule's criteria: which months.

    Cases, measures and other circumstances are told by `say_stops`.
    """
    register, asked = (
        Register(tables, profile, as_of),
        [criteria()[one] for one in criteria_in(profile["selection.rule"])],
    )
    dark: dict[str, set] = {}
    for table, key in {(table, key) for one in asked for table in one.sources for key in one.windows}:
        first, last = register.window(profile[key])
        in_window = {one for one in register.known_months.dark.get(table, ()) if first.replace(day=1) <= one <= last}
        dark[table] = dark.get(table, set()) | in_window
    dark = {table: months for table, months in dark.items() if not _tells_of_starts(table)}
    return [
        text(
            "why.gap_dark",
            lang,
            source=contracts()[table].label(lang),
            months=", ".join(month(one, lang) for one in sorted(months)),
        )
        for table, months in sorted(dark.items())
        if months
    ]


def say_stops(
    tables: dict[str, pd.DataFrame], profile: Profile, as_of, family_criterion: pd.DataFrame, lang: str
) -> list[str]:
    """Return a sentence per source of cases or measures that the rule looks at and that stops before the day.

    Each says since when, which criteria rest on the source, and how many families cannot be told on one of them.
    """
    register = Register(tables, profile, as_of)
    asked = [criteria()[name] for name in criteria_in(profile["selection.rule"])]
    unknown = family_criterion[family_criterion["status"] == CANNOT_TELL]
    said = []
    for source, months in sorted(register.known_months.dark.items()):
        resting = [one for one in asked if one.rests_on(source, profile)]
        if _tells_of_starts(source) and register.lacks(source) and resting:
            families = unknown.loc[unknown["criterion"].isin([one.id for one in resting]), "family_id"]
            n = KeyNumber(families.nunique(), "count").written(lang, profile["disclosure.threshold"])
            about = {"source": _source(source, lang), "since": month(min(months), lang)}
            labels = ", ".join(one.label(lang) for one in resting)
            said.append(text("why.gap_stopped", lang, criteria=labels, n=n, **about))
    return said


def _tells_of_starts(source: str) -> bool:
    return source.partition(".")[0] in ("child_case", "measure", "health", "housing")


def say_silent_benefits(tables: dict[str, pd.DataFrame], profile: Profile, lang: str) -> list[str]:
    """Return a note of the benefits that the rule counts and no row has; none when the rule looks at no benefit.

    A table without any row at all is told by `say_gaps`.
    """
    spells = tables.get("benefit_spell", contracts()["benefit_spell"].empty())
    is_used = any("benefit_spell" in criteria()[name].sources for name in criteria_in(profile["selection.rule"]))
    paid = set(spells["benefit"].unique())
    silent = [code for code in profile["selection.benefits"] if code not in paid]
    if not is_used or spells.empty or not silent:
        return []
    labels = ", ".join(code_label("benefit", code, lang) for code in silent)
    return [text("why.gap_silent", lang, source=contracts()["benefit_spell"].label(lang), codes=labels)]


def _said(row, profile: Profile, lang: str) -> str:
    n = KeyNumber(int(row.n_cannot_tell), "count").written(lang, profile["disclosure.threshold"])
    where = "" if pd.isna(row.row) else text("why.gap_line", lang, row=row.row)
    said = {"criterion": criteria()[row.criterion].label(lang), "source": _source(row.source, lang), "where": where}
    if row.is_barred:
        return text("why.gap_barred", lang, n=n, entry=f"law.basis_{row.source.partition('.')[0]}", **said)
    return text("why.gap", lang, n=n, **said)


def _source(source: str, lang: str) -> str:
    table, _, department = source.partition(".")
    label = contracts()[table].label(lang)
    return (
        text("why.gap_of", lang, source=label, department=code_label("department", department, lang))
        if department
        else label
    )
