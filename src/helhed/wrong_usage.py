"""What is said when a command was typed wrongly: typer knows what is wrong, but says it in English alone."""

import difflib
import re
from collections.abc import Sequence
from typing import Any

from helhed.texts import LANGUAGES, text


def usage_message(error: Any, lang: str) -> str:
    """Return in the language what is wrong with the words on the command line, and where the help is.

    Parameters
    ----------
    error
        What typer raises for a wrong call: its class, its message and the option or argument say what is wrong.
    lang
        Language of the message.
    """
    if type(error).__name__ == "NoArgsIsHelpError":
        return error.message
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "helhed"
    return f"{_what(error, lang)} {text('cli.usage_help', lang, command=command)}"


def language_asked_for(words: Sequence[str], otherwise: str) -> str:
    """Return the language that the words on the command line ask for with ``--lang``, the first of several.

    Examples
    --------
    >>> language_asked_for(["run", "vejle", "--lang", "en,da"], "da"), language_asked_for(["check", "--lang=xx"], "da")
    ('en', 'da')
    """
    found = re.search(r"(?:^|\s)--lang[=\s]+(\w+)", " ".join(words))
    return found[1] if found and found[1] in LANGUAGES else otherwise


def _what(error: Any, lang: str) -> str:
    option, parameter = getattr(error, "option_name", ""), getattr(error, "param", None)
    if hasattr(error, "possibilities"):
        return _nearest("usage_no_option", option, error.possibilities or (), lang)
    if parameter is not None:
        if type(error).__name__ == "MissingParameter":
            return text("cli.usage_missing", lang, name=parameter.help or parameter.name)
        return text("cli.usage_bad_value", lang, name=parameter.opts[0])
    if option:
        takes_none = "does not take" in error.message
        return text("cli.usage_takes_no_value" if takes_none else "cli.usage_needs_value", lang, option=option)
    if unknown := re.match(r"No such command ['\"]?(.+?)['\"]?\.(?:\s|$)", error.message):
        return _nearest("usage_no_command", unknown[1], error.ctx.command.list_commands(error.ctx), lang)
    if spare := re.search(r"unexpected extra arguments? ?(?:\(s\))? \((.+)\)", error.message):
        return text("cli.usage_too_many", lang, words=spare[1])
    return error.message


def _nearest(key: str, written: str, known: Sequence[str], lang: str) -> str:
    """Return that what was written does not exist, with the nearest that does; without one, with all."""
    said = text(f"cli.{key}", lang, written=written)
    if nearest := difflib.get_close_matches(written, known, n=1):
        return f"{said} {text('cli.usage_nearest', lang, name=nearest[0])}"
    return f"{said} {text('cli.usage_known', lang, known=', '.join(known))}" if known else said
