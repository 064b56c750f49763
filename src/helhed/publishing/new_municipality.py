"""Makes the folder of a new municipality: a profile to fill in, a folder for exports, a workbook for decisions."""

import io
from pathlib import Path

import xlsxwriter

from helhed import intake
from helhed.errors import Problem, WrongCall
from helhed.profile.entries import Entry, declared_entries, presets
from helhed.publishing.run_folder import replace_file
from helhed.texts import text


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
        "decisions.xlsx": blank_decisions(),
        f"exports/{text('cli.read_me_name', lang)}": read_me(lang).encode(),
    }
    for name, content in made.items():
        replace_file(folder / name, content)
    return list(made)


def blank_profile(name: str, model: str, lang: str) -> str:
    """Return a ``profile.yml`` with every declared entry as a comment: label, unit, limits and the value in force."""
    head = text("cli.profile_head", lang).splitlines()
    lines = [*(f"# {line}".rstrip() for line in head), f"name: {name.capitalize()}"]
    lines += ['municipality_code: "0000"', f"model: {model}", "is_synthetic: false", "", "settings:"]
    of_model = presets()[model]["settings"]
    for key, entry in declared_entries().items():
        if entry.kind != "rule":
            value = of_model.get(key, {}).get("value", entry.default)
            lines += ["", f"  # {_hint(entry, lang)}", f"  # {key}: {_yaml(value)}"]
    # An entry that everyone must choose is active from the start, so that the file is valid YAML as it stands.
    lines += ["", f"  data.key_file: {declared_entries()['data.key_file'].default}", ""]
    return "\n".join(lines)


def blank_decisions() -> bytes:
    """Return the decisions workbook with its sheets and column heads, ready to fill in."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as workbook:
        bold = workbook.add_format({"bold": True, "text_wrap": True, "bottom": 1})
        as_text = workbook.add_format({"num_format": "@"})
        for preset in intake.presets().values():
            if preset.workbook:
                sheet = workbook.add_worksheet(preset.sheet)
                sheet.freeze_panes(1, 0)
                # Text cells keep the leading zero of a CPR number.
                sheet.set_column(0, len(preset.columns) - 1, 18, as_text)
                sheet.write_row(0, 0, [column.heading for column in preset.columns], bold)
    return buffer.getvalue()


def read_me(lang: str) -> str:
    """Return what to put into the exports folder: each file with its columns, required or not."""
    lines = [text("cli.read_me", lang), ""]
    for preset in intake.presets().values():
        if preset.file:
            kind = text("cli.optional" if preset.optional else "cli.required", lang)
            name = f"{preset.file}_{text('cli.year', lang)}" if preset.per_year else preset.file
            lines += [f"{name} (.csv / .xlsx), {kind}", f"    {'; '.join(c.heading for c in preset.columns)}", ""]
    return "\n".join(lines)


def _hint(entry: Entry, lang: str) -> str:
    known = "; ".join(fact for fact in (entry.unit_label(lang), entry.limits()) if fact)
    return f"{entry.label(lang)} ({known})" if known else entry.label(lang)


def _yaml(value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"[{', '.join(map(str, value))}]" if isinstance(value, list) else str(value)
