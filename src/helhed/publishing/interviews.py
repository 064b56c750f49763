"""What families and professionals say in interviews: counted by theme, quoted with consent, small numbers protected.

Comes from the workbook ``interviews.xlsx`` (see `helhed.profile.own_workbooks`). A count says how many of those
interviewed speak of a theme, not how many families feel so: interviews are not a sample.
"""

import re

import pandas as pd

from helhed import texts
from helhed.errors import Problem, ProfileNeedsWork
from helhed.outputs import PublicTable, is_small
from helhed.profile.own_workbooks import own_workbooks
from helhed.texts import text

#: How a person speaks of a theme; ``mixed`` where the person's statements point different ways equally often.
DIRECTIONS = ("better", "unchanged", "worse", "mixed")
#: Quotes shown of a theme, each of another person, and letters of a quote.
QUOTES_PER_THEME, LONGEST_QUOTE = 2, 400
#: What an interview may be called: a few letters at most, and a number.
_NUMBER = r"[^\W\d_]{0,3}[ -]?\d{1,4}"
#: A phone number or an address for e-mail: it shows who speaks.
_CONTACT = re.compile(r"\b\d{2}[ .]?\d{2}[ .]?\d{2}[ .]?\d{2}\b|[\w.+-]+@[\w-]+\.\w+")


def checked_statements(statements: pd.DataFrame, lang: str = "da") -> pd.DataFrame:
    """Return the statements as they are, if none shows who speaks.

    Parameters
    ----------
    statements
        ``row``, ``interviewee``, ``role``, ``theme``, ``direction``, ``may_quote``, ``quote``.
    lang
        Language of the messages.

    Raises
    ------
    ProfileNeedsWork
        If a number of an interview looks like a name, a quote holds a phone number or an e-mail address, or one
        interview has two roles.
    """
    place = {"file": own_workbooks()["interviews"].file, "sheet": own_workbooks()["interviews"].sheets["statements"].da}
    fields = own_workbooks()["interviews"].sheets["statements"].columns
    named = ~statements["interviewee"].fillna("").str.strip().str.fullmatch(_NUMBER)
    contact = statements["quote"].fillna("").map(lambda quote: bool(_CONTACT.search(quote)))
    roles = statements.groupby("interviewee")["role"].transform("nunique") > 1
    problems = [
        Problem(f"workbooks.{code}", **place, row=int(row), column=fields[column].da)
        for code, wrong, column in (
            ("interviewee_named", named, "interviewee"),
            ("shows_contact", contact, "quote"),
            ("two_roles", roles & ~statements.duplicated("interviewee"), "role"),
        )
        for row in statements.loc[wrong, "row"]
    ]
    if problems:
        raise ProfileNeedsWork(problems, lang)
    return statements


def theme_counts(statements: pd.DataFrame) -> pd.DataFrame:
    """Return how many persons speak of each theme and which way, most first: each person counted once per theme.

    Columns ``theme``, ``n_persons`` and one for each of `DIRECTIONS`.
    """
    each = statements.groupby(["theme", "interviewee"])["direction"].agg(_way).reset_index()
    wide = each.groupby(["theme", "direction"]).size().unstack(fill_value=0)
    wide = wide.reindex(columns=list(DIRECTIONS), fill_value=0)
    found = wide.assign(n_persons=wide.sum(axis=1)).reset_index().rename_axis(None, axis=1)
    ordered = found.sort_values(["n_persons", "theme"], ascending=[False, True], ignore_index=True)
    return ordered[["theme", "n_persons", *DIRECTIONS]]


def _way(directions: pd.Series) -> str:
    counts = directions.value_counts()
    return counts.index[0] if len(counts) == 1 or counts.iloc[0] > counts.iloc[1] else "mixed"


def quotes(statements: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """Return what may be quoted: ``theme`` and ``quote``, with consent, of themes that enough persons speak of.

    At most `QUOTES_PER_THEME` of a theme, each of another person, in the order of the sheet; nothing says who speaks.
    """
    n_persons = statements.groupby("theme")["interviewee"].transform("nunique")
    is_open = (
        statements["may_quote"].fillna(False).astype(bool) & statements["quote"].notna() & (n_persons >= threshold)
    )
    first = statements[is_open].drop_duplicates(["theme", "interviewee"]).groupby("theme").head(QUOTES_PER_THEME)
    shown = first.assign(quote=[_shortened(quote) for quote in first["quote"]])
    return shown.sort_values(["theme", "row"], ignore_index=True)[["theme", "quote"]]


def _shortened(quote: str) -> str:
    words = " ".join(quote.split())
    return words if len(words) <= LONGEST_QUOTE else f"{words[:LONGEST_QUOTE].rsplit(' ', 1)[0]} …"


def themes_table(statements: pd.DataFrame, lang: str) -> PublicTable:
    """Return the count of persons by theme and direction; small counts are hidden when it is shown."""
    found = theme_counts(statements)
    rows = found.assign(theme=[text(f"workbooks.choice_{theme}", lang) for theme in found["theme"]])
    columns = {"theme": (text("decide.theme", lang), "text")} | {
        name: (text(f"decide.{name}", lang), "count") for name in ("n_persons", *DIRECTIONS)
    }
    title = text("decide.themes_title", lang)
    return PublicTable("interview_themes", title, rows, columns, row_parts=DIRECTIONS)


def quotes_table(statements: pd.DataFrame, threshold: int, lang: str) -> PublicTable:
    """Return the quotes by theme."""
    found = quotes(statements, threshold)
    mark = {"da": "»{}«", "en": "“{}”"}[lang]
    rows = found.assign(
        theme=[text(f"workbooks.choice_{theme}", lang) for theme in found["theme"]],
        quote=[mark.format(quote) for quote in found["quote"]],
    )
    columns = {name: (text(f"decide.{name}", lang), "text") for name in ("theme", "quote")}
    return PublicTable("interview_quotes", text("decide.quotes_title", lang), rows, columns)


def interview_sentences(statements: pd.DataFrame, threshold: int, lang: str) -> list[str]:
    """Return how many were interviewed and what most of them speak of, or that nobody was."""
    n_persons = statements["interviewee"].nunique()
    if n_persons == 0:
        return [text("decide.no_interviews", lang)]
    if is_small(n_persons, threshold):
        return [text("decide.few_interviews", lang, threshold=threshold)]
    counts = theme_counts(statements)
    known = counts[counts["n_persons"] >= threshold]
    sentences = [text("decide.interviews_counted", lang, n=texts.number(n_persons, lang))]
    if len(known):
        names = ", ".join(text(f"workbooks.choice_{theme}", lang) for theme in known["theme"].head(3))
        sentences.append(text("decide.interviews_themes", lang, themes=names))
    better = known[(known["better"] >= threshold) & (known["better"] > known["n_persons"] / 2)]
    better = better[~is_small(better["n_persons"] - better["better"], threshold)]
    if len(better):
        names = ", ".join(text(f"workbooks.choice_{theme}", lang) for theme in better["theme"])
        sentences.append(text("decide.interviews_better", lang, themes=names))
    return [*sentences, text("decide.interviews_note", lang)]
