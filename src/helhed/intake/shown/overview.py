"""What the check step shows: tables and sentences about the reading, aggregates only."""

from collections import Counter
from dataclasses import replace

import pandas as pd

from helhed.errors import SEVERITIES, Problem
from helhed.intake.building.stopping import Stop
from helhed.intake.clashes import MOST_NAMED
from helhed.intake.corrections import LOG_NAME, STATES
from helhed.intake.exports.preset import preset_of
from helhed.intake.municipality import Intake
from helhed.intake.rules.in_words import rule_title
from helhed.outputs import PublicTable, is_small, share_in_words
from helhed.tables import tables
from helhed.texts import day, number, text


def source_titles(intake: Intake, lang: str) -> dict[str, str]:
    """Return what each export is called in the language, by preset name."""
    return {name: preset.title[lang] for name, preset in intake.presets.items()}


def reading_table(intake: Intake, lang: str) -> PublicTable:
    """Return how each file was read: encoding, separator, decimal sign, what else was assumed and number of rows."""
    rows = [
        {
            "file": f"{a.file} · {a.sheet}" if a.sheet else a.file,
            "encoding": a.encoding or "Excel",
            "separator": a.separator or "–",
            "decimal": a.decimal,
            "taken": "; ".join(text(f"intake.taken_{key}", lang) for key in a.taken) or "–",
            "n": a.n_rows,
        }
        for a in intake.assumed
    ]
    frame = pd.DataFrame(rows, columns=["file", "encoding", "separator", "decimal", "taken", "n"])
    forms = dict.fromkeys(frame.columns, "text") | {"n": "number"}
    return _table("reading", frame, forms, lang)


def problem_table(intake: Intake, lang: str) -> PublicTable:
    """Return the number of rows by rule and severity, over all files.

    The rows may be about persons: small numbers are hidden, and `problem_sentence` tells the sum of each severity.
    """
    counts = intake.problem_counts.groupby(["severity", "code"], as_index=False, sort=False)["n"].sum()
    frame = pd.DataFrame(
        {
            "rule": [rule_title(code, lang) for code in counts["code"]],
            "severity": [text(f"intake.{severity}", lang) for severity in counts["severity"]],
            "n": counts["n"],
        }
    )
    table = _table("problems", frame, {"rule": "text", "severity": "text", "n": "count"}, lang)
    return replace(table, rows_within="severity")


def key_numbers(intake: Intake) -> dict[str, tuple]:
    """Return what pages may quote of the check: name to (value, format)."""
    people = intake.tables["family_member"].query("is_main_home")
    severities = [problem.severity for problem in intake.problems]
    return {
        "n_families": (len(intake.tables["family"]), "count"),
        "n_persons": (len(intake.tables["person"]), "count"),
        "n_children": (int((people["role"] == "child").sum()), "count"),
        "n_unplaced": (sum(intake.n_unplaced.values()), "count"),
        **{f"n_{severity}": (severities.count(severity), "number") for severity in SEVERITIES},
        "n_missing_months": (int((intake.coverage["state"] == "missing").sum()), "number"),
        "n_not_linked": (int(intake.linkage.eval("n_records - n_family").sum()), "number"),
        "share_linked": (share_linked(intake), "share1"),
    }


def rows_table(intake: Intake, lang: str) -> PublicTable:
    """Return the number of rows of each canonical table."""
    labels = [table.da if lang == "da" else table.en for table in tables().values()]
    grains = [table.grain_da if lang == "da" else table.grain_en for table in tables().values()]
    frame = pd.DataFrame({"table": labels, "grain": grains, "n": [len(intake.tables[name]) for name in tables()]})
    return _table("rows", frame, {"table": "text", "grain": "text", "n": "count"}, lang)


def unplaced_table(intake: Intake, lang: str) -> PublicTable:
    """Return how many persons could not be placed in a family, by reason."""
    rows = [{"reason": text(f"intake.unplaced_{k}", lang), "persons": n} for k, n in intake.n_unplaced.items()]
    frame = pd.DataFrame(rows, columns=["reason", "persons"])
    return _table("unplaced", frame, {"reason": "text", "persons": "count"}, lang)


def problem_sentence(intake: Intake, lang: str) -> str:
    """Return whether the files can be used, and how much must, should or may be mended (numbers of rows)."""
    n = intake.problem_counts.groupby("severity")["n"].sum()
    values = {severity: number(int(n.get(severity, 0)), lang) for severity in SEVERITIES}
    return text("intake.say_unusable" if intake.must_fix else "intake.say_usable", lang, **values)


def linkage_sentence(intake: Intake, threshold: int, lang: str) -> str:
    """Return which source links worst, how far, and what becomes of the rest."""
    if intake.linkage.empty:
        return text("intake.say_no_linkage", lang)
    worst = intake.linkage.sort_values(["share_linked", "source"]).iloc[0]
    if worst["share_linked"] == 1:
        return text("intake.say_all_linked", lang)
    n_loose = worst["n_records"] - worst["n_family"]
    is_few = is_small(n_loose, threshold)
    return text(
        "intake.say_linkage_few" if is_few else "intake.say_linkage",
        lang,
        source=source_titles(intake, lang)[worst["source"]],
        share=share_in_words(worst["n_family"], worst["n_records"], threshold, lang),
        n=text("outputs.under", lang, threshold=threshold) if is_few else number(n_loose, lang),
        total=number(worst["n_records"], lang),
        reason=text(f"intake.reason_{worst['reason'] or 'none'}", lang),
    )


def coverage_sentence(intake: Intake, lang: str) -> str:
    """Return how many months are missing, in which sources, and which exports of cases or measures stop early."""
    titles, stops = source_titles(intake, lang), {name: stop for name, stop in intake.stops.items() if stop}
    missing = intake.coverage[(intake.coverage["state"] == "missing") & ~intake.coverage["source"].isin(stops)]
    names = ", ".join(titles[source] for source in sorted(missing["source"].unique()))
    key = "say_no_gaps" if missing.empty else "say_gaps"
    said = [] if missing.empty and stops else [text(f"intake.{key}", lang, n=number(len(missing), lang), sources=names)]
    return " ".join(said + [_stopped(titles[name], stop, lang) for name, stop in sorted(stops.items())])


def _stopped(title: str, stop: Stop, lang: str) -> str:
    until = day(stop.first_dark - pd.Timedelta(days=1), lang)
    last = day(stop.last_day, lang)
    if stop.n_days is None:
        return text("intake.say_stated", lang, source=title, last=last, until=until)
    return text("intake.say_stopped", lang, source=title, last=last, n=number(stop.n_days, lang), until=until)


def share_linked(intake: Intake) -> float:
    """Return the share (0-1) of all records that were tied to a family; missing when there are none.

    Rounded down to a thousandth: 100 % is only written when nothing is left over.
    """
    total = int(intake.linkage["n_records"].sum())
    return 1000 * int(intake.linkage["n_family"].sum()) // total / 1000 if total else float("nan")


def _table(name: str, frame: pd.DataFrame, forms: dict[str, str], lang: str) -> PublicTable:
    columns = {column: (text(f"intake.col_{column}", lang), form) for column, form in forms.items()}
    return PublicTable(name, text(f"intake.table_{name}", lang), frame, columns)


def unknown_code_lines(intake: Intake, lang: str) -> list[str]:
    """Return one line per place and value that no code is known for: how many rows it leaves out, what to do.

    The most rows come first, the first of them by number. Values are shown as the messages show them: nothing that
    looks like a CPR number. What people write on a sheet is put right there; only an export's words are given codes.
    """
    alike: dict[tuple, list[Problem]] = {}
    for problem in intake.problems:
        if problem.code == "intake.unknown_code":
            alike.setdefault((problem.file, problem.sheet, problem.column, problem.value), []).append(problem)
    ordered = sorted(alike.items(), key=lambda item: (-len(item[1]), item[0]))
    return [_unknown_code_line(found, intake, lang) for _, found in ordered]


def _unknown_code_line(found: list[Problem], intake: Intake, lang: str) -> str:
    first = found[0]
    preset = preset_of(first.file, first.sheet, intake.presets)
    columns = preset.columns if preset else ()
    leaves_out = preset is None or any(one.required for one in columns if one.heading == first.column)
    says = f"intake.unknown_code_{'rows' if leaves_out else 'cells'}"
    of_form = "_in_workbook" if preset and preset.workbook else ""
    told = {"place": _place(found, lang), "value": first.value, "known": first.details["known"][lang]}
    return text(f"{says}{of_form}", lang, **told, n=number(len(found), lang))


def _place(found: list[Problem], lang: str) -> str:
    """Return the place of problems that differ in their rows alone: the first rows, and a sign that there are more."""
    rows = sorted(problem.row for problem in found if problem.row)
    named = ", ".join(map(str, rows[:MOST_NAMED])) + (" …" if len(rows) > MOST_NAMED else "")
    return replace(found[0], row=named or None).place(lang)


def corrections_table(intake: Intake, lang: str) -> PublicTable:
    """Return how many corrected values of the municipality's log were used or not, over all files."""
    counts = Counter(correction.state for correction in intake.corrections)
    frame = pd.DataFrame(
        {
            "state": [text(f"intake.state_{state}", lang) for state in STATES],
            "n": [counts[state] for state in STATES],
        }
    )
    return _table("corrections", frame[frame["n"] > 0], {"state": "text", "n": "count"}, lang)


def corrections_sentence(intake: Intake, lang: str) -> str:
    """Return whether values were corrected before this reading, and where it is written."""
    return text("intake.say_corrected" if intake.corrections else "intake.say_not_corrected", lang, file=LOG_NAME)
