"""Writes the forms that offices and coordinators fill in for the families' plans, and the JSON Schema of a plan's file.

    python templates/make_plan_forms.py

Run it after a change of a field, a help text or the plan's model. The same input gives the same files. A form made for
one family, with its members, comes from `helhed.plan.sector_form`.
"""

from pathlib import Path

from helhed.plan.files import schema_text
from helhed.plan.forms import SECTOR_PLANS, family_form, sector_form, word_form, workbook
from helhed.texts import LANGUAGES


def main() -> None:
    """Write every form and the schema beside this file."""
    here = Path(__file__).parent
    folder = here / "sector_plans"
    folder.mkdir(exist_ok=True)
    for lang in LANGUAGES:
        contents = {name: sector_form(name, lang) for name in SECTOR_PLANS} | {"family": family_form(lang)}
        for name, content in contents.items():
            folder.joinpath(f"{name}_{lang}.xlsx").write_bytes(workbook(content))
            folder.joinpath(f"{name}_{lang}.docx").write_bytes(word_form(content))
    here.joinpath("plan_schema.json").write_text(schema_text(), encoding="utf-8")


if __name__ == "__main__":
    main()
