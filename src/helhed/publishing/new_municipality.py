"""Makes the folder of a new municipality: profile and workbooks to fill in, letters to send, a folder for exports."""

import json
import re
from pathlib import Path

from helhed import intake
from helhed.economy import blank_workbook
from helhed.errors import Problem, WrongCall
from helhed.municipalities import Municipality, municipalities
from helhed.profile.entries import Entry, declared_entries, presets
from helhed.profile.own_workbooks import own_workbooks
from helhed.profile.scenarios import FILE_NAME as SCENARIOS
from helhed.publishing.forms import DECISIONS, data_workbook, data_workbook_name, decisions_workbook
from helhed.publishing.request_letters import request_letters
from helhed.publishing.run_folder import replace_file
from helhed.selection.rule_form import rule_help, rule_in_yaml
from helhed.staffing.scenario_form import scenarios_workbook
from helhed.texts import text

#: Stands in the profile until somebody writes the municipality's own code; no municipality has it.
UNKNOWN_CODE = "0000"
#: Workbooks to fill in where the municipality wants to; empty they change nothing.
OWN = ("economy", "interviews")
_LETTERS = {"æ": "ae", "ø": "oe", "å": "aa"}


def make_municipality(folder: Path, model: str, lang: str) -> list[str]:
    """Make a municipality's folder and return the names of what was made.

    Raises
    ------
    WrongCall
        If the folder already holds something, or no model has that name.
    """
    if model not in presets():
        raise WrongCall(Problem("profile.unknown_model", value=model, details={"known": ", ".join(presets())}), lang)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WrongCall(Problem("cli.folder_not_empty", file=str(folder)), lang)
    made = {
        "profile.yml": blank_profile(folder.name, model, lang).encode(),
        DECISIONS: decisions_workbook(lang),
        SCENARIOS: scenarios_workbook(lang),
        **{own_workbooks()[name].file: blank_workbook(name, lang) for name in OWN},
        data_workbook_name(lang): data_workbook(lang),
        f"exports/{text('cli.read_me_name', lang)}": read_me(lang).encode(),
    }
    known, letters = municipality_named(folder.name), text("exports.letter_folder", lang)
    requests = request_letters(f"{known.name} Kommune" if known else folder.name.capitalize(), lang)
    for name, content in (made | {f"{letters}/{name}": letter for name, letter in requests.items()}).items():
        replace_file(folder / name, content)
    return [*made, f"{letters}/"]


def municipality_named(folder_name: str) -> Municipality | None:
    """Return the municipality that a folder is named after, with Danish letters or without; None when there is none.

    Examples
    --------
    >>> municipality_named("furesoe").code, municipality_named("Furesø").code, municipality_named("ny-by")
    ('0190', '0190', None)
    """
    wanted = _plain_letters(folder_name)
    return next((one for one in municipalities().values() if _plain_letters(one.name) == wanted), None)


def _plain_letters(name: str) -> str:
    for danish, plain in _LETTERS.items():
        name = name.casefold().replace(danish, plain)
    return re.sub(r"[-_\s]+", " ", name.removesuffix("kommune")).strip()


def blank_profile(name: str, model: str, lang: str) -> str:
    """Return a ``profile.yml`` with every declared entry as a comment: label, unit, limits and the value in force."""
    head = text("cli.profile_head", lang).splitlines()
    known = municipality_named(name)
    title, code = (known.name, known.code) if known else (name.capitalize(), UNKNOWN_CODE)
    lines = [*(f"# {line}".rstrip() for line in head), f"name: {_quoted(title)}"]
    lines += [] if known else [f"# {text('cli.fill_in_code', lang)}"]
    lines += [f'municipality_code: "{code}"', f"model: {model}", "is_synthetic: false", "", "settings:"]
    of_model = presets()[model]["settings"]
    for key, entry in declared_entries().items():
        value = of_model.get(key, {}).get("value", entry.default)
        more = rule_help(lang) if entry.kind == "rule" else []
        lines += ["", *(f"  # {line}" for line in (_hint(entry, lang), *more)), f"  # {key}: {_yaml(value)}"]
    # An entry that everyone must choose is active from the start, so that the file is valid YAML as it stands.
    lines += ["", f"  data.key_file: {declared_entries()['data.key_file'].default}", ""]
    return "\n".join(lines)


def read_me(lang: str) -> str:
    """Return what to put into the exports folder: each file with its columns, required or not."""
    by_hand = text("cli.read_me_by_hand", lang, file=Path(data_workbook_name(lang)).name)
    lines = [text("cli.read_me", lang), by_hand, ""]
    for preset in intake.presets().values():
        if preset.file:
            kind = text("cli.optional" if preset.optional else "cli.required", lang)
            name = f"{preset.file}_{text('cli.year', lang)}" if preset.per_year else preset.file
            wanted = "; ".join(column.heading for column in preset.columns if column.to)
            lines += [f"{name} (.csv / .xlsx), {kind}", f"    {wanted}", ""]
    return "\n".join(lines)


def _hint(entry: Entry, lang: str) -> str:
    known = "; ".join(fact for fact in (entry.unit_label(lang), entry.limits()) if fact)
    return f"{entry.label(lang)} ({known})" if known else entry.label(lang)


def _quoted(title: str) -> str:
    """Return a name as YAML reads it back: in quotation marks where a sign in it would mean something."""
    return title if re.fullmatch(r"[\w .-]+", title) else json.dumps(title, ensure_ascii=False)


def _yaml(value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        # Six decimals are enough for everything, and a longer row of digits looks like a CPR number.
        return str(round(value, 6))
    return rule_in_yaml(value)
