"""The beginning of a page about a form that the guide hands out: purpose, who and when, where to get it, how."""

from collections.abc import Mapping
from typing import Protocol

from helhed.texts import text


class Form(Protocol):
    """A declared form: its words by name and language, its file and the keys of its sources."""

    file: str
    sources: tuple[str, ...]
    words: Mapping[str, Mapping[str, str]]


def heading_parts(form: Form, lang: str, sources: Mapping[str, dict]) -> list[str]:
    """Return the parts of a page before what is the form's own; ``sources``: key to ``label``."""
    words = {name: texts[lang] for name, texts in form.words.items()}
    cited = ", ".join(f"[{sources[key]['label']}](#ref-{key})" for key in form.sources)
    rows = [f"* - {text(f'self_assessment.{key}', lang)}\n  - {words[key]}" for key in ("who", "time")]
    return [
        f"# {words['title']}",
        f"{words['purpose']} {text('implementation.cited', lang, sources=cited)}",
        "\n".join([":::{list-table}", ":stub-columns: 1", ":class: helhed-facts", *rows, ":::"]),
        text("implementation.files", lang, anchor=f"#template-{form.file.replace('_', '-')}"),
        f"## {text('self_assessment.how', lang)}",
        "\n".join(f"{at}. {line}" for at, line in enumerate(how_lines(form.words, lang), start=1)),
    ]


def how_lines(words: Mapping[str, Mapping[str, str]], lang: str) -> list[str]:
    """Return how the form is used, one line each."""
    return words["how"][lang].strip().splitlines()
