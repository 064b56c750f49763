"""How a command says what it takes: typer's own words in the reader's language, commands in the order they are met."""

import re
from collections.abc import Callable
from functools import partial

import typer
from typer.core import TyperCommand, TyperGroup

from helhed.command_words import LANG
from helhed.texts import text

#: The commands in the order in which a newcomer meets them.
ORDER = (
    *("new", "check", "families", "run", "decisions", "plan", "book", "guide", "compare", "side-by-side"),
    *("release", "allow", "pack", "rerun", "national", "airflow"),
)
#: The words that typer writes itself, in English alone: where each stands, and the text that stands for it.
_WORDS = {
    r"^Usage:": "help_word_usage",
    r"^Arguments:$": "help_word_arguments",
    r"^Options:$": "help_word_options",
    r"^Commands:$": "help_word_commands",
    r"\[OPTIONS\]": "help_word_options_place",
    r"\bCOMMAND \[ARGS\]\.\.\.": "help_word_command_place",
    r"\[required\]": "help_word_required",
    r"\[default: ": "help_word_default",
    r"\bx>=(?=\d)": "help_word_at_least",
    r"Show this message and exit\.": "help_word_help",
}
#: What typer calls the kinds of values, by the programmer's names for them.
_KINDS = {
    r"list\[Path\]": "help_kind_paths",
    r"list\[str\]": "help_kind_words",
    r"\bint range\b": "help_kind_number",
    r"\bpath\b": "help_kind_path",
    r"\bstr\b": "help_kind_word",
}


def in_language(written: str, lang: str) -> str:
    """Return a help text of typer with its own words in the language.

    Examples
    --------
    >>> in_language("Usage: helhed [OPTIONS]", "da")
    'Brug: helhed [VALG]'
    """
    return _replaced(written, _WORDS, lang)


def _replaced(written: str, keys: dict[str, str], lang: str) -> str:
    for words, key in keys.items():
        written = re.sub(words, text(f"cli.{key}", lang), written, flags=re.MULTILINE)
    return written


class _Command(TyperCommand):
    def __init__(self, *given, **named):
        """Begin with kinds of values that a reader knows; typer sets the columns of the help by them."""
        super().__init__(*given, **named)
        for param in self.params:
            param.display_type = partial(_kind, param.display_type)

    def get_help(self, ctx) -> str:
        """Return the help of a command in the reader's language."""
        return in_language(super().get_help(ctx), LANG)


def _kind(shown: Callable[..., str], *given) -> str:
    """Return the kind of a value as ``shown`` shows it, in the reader's language."""
    return _replaced(shown(*given), _KINDS, LANG)


class _Group(TyperGroup):
    def get_help(self, ctx) -> str:
        """Return the help of several commands in the reader's language."""
        return in_language(super().get_help(ctx), LANG)


class _GroupInOrder(_Group):
    def list_commands(self, ctx) -> list[str]:
        """Return the names of the commands in the order in which they are met."""
        return sorted(super().list_commands(ctx), key=ORDER.index)


class Commands(typer.Typer):
    """Several commands of which each tells in the reader's language what it takes."""

    def __init__(self, help_text: str, has_order: bool = False):
        """Begin without commands; with ``has_order`` they will be listed as in `ORDER`, else as they are added."""
        told = {"add_completion": False, "no_args_is_help": True, "rich_markup_mode": None}
        super().__init__(cls=_GroupInOrder if has_order else _Group, help=help_text, **told)

    def command(self, name: str | None = None, **told):
        """Return what makes a command of a function; see `typer.Typer.command`."""
        return super().command(name, cls=_Command, **told)
