"""A command typed wrongly is told in the language that was asked for, with the way to the help and exit code 2."""

import re
import sys

import pytest

from helhed import cli
from helhed.command_help import ORDER, in_language
from helhed.texts import LANGUAGES, text


def typed(monkeypatch, capsys, *words: str) -> tuple[int, str]:
    """Return exit code and what is said on the screen for errors."""
    monkeypatch.setattr(sys, "argv", ["helhed", *words])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    return stop.value.code, capsys.readouterr().err


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("words", "key", "values", "command"),
    [
        (["run", "x", "--workers", "0"], "usage_bad_value", {"name": "--workers"}, "helhed run"),
        (["run", "x", "--workers", "many"], "usage_bad_value", {"name": "--workers"}, "helhed run"),
        (["run", "x", "--wokers", "2"], "usage_no_option", {"written": "--wokers"}, "helhed run"),
        (["check", "my", "town"], "usage_too_many", {"words": "town"}, "helhed check"),
        (["run", "x", "--resume=3"], "usage_takes_no_value", {"option": "--resume"}, "helhed"),
    ],
)
def test_a_wrong_call_is_told_in_the_language(monkeypatch, capsys, words, key, values, command, lang):
    code, said = typed(monkeypatch, capsys, *words, "--lang", lang)
    assert code == 2
    assert said.startswith(text(f"cli.{key}", lang, **values))
    assert said.rstrip().endswith(text("cli.usage_help", lang, command=command))


@pytest.mark.parametrize(("words", "nearest"), [(["chek"], "check"), (["plan", "mak"], "make"), (["rnu"], "run")])
def test_a_mistyped_command_is_told_with_the_nearest_alone(monkeypatch, capsys, words, nearest):
    code, said = typed(monkeypatch, capsys, *words)
    assert code == 2
    assert f"»{words[-1]}«" in said and text("cli.usage_nearest", "da", name=nearest) in said and "airflow" not in said


def test_a_command_that_is_near_none_is_told_with_all_in_the_order_they_are_met(monkeypatch, capsys):
    code, said = typed(monkeypatch, capsys, "qqq")
    assert code == 2 and text("cli.usage_known", "da", known=", ".join(ORDER)) in said


def test_what_is_missing_is_told_in_words(monkeypatch, capsys):
    assert text("cli.help_folder", "da") in typed(monkeypatch, capsys, "check")[1]
    assert "--lang" in typed(monkeypatch, capsys, "check", "x", "--lang")[1]


def test_an_unknown_language_of_the_environment_is_told_in_both(monkeypatch, capsys):
    monkeypatch.setattr(cli, "WISHED_LANG", "xx")
    code, said = typed(monkeypatch, capsys, "check", "no such folder")
    assert code == 1
    for lang in LANGUAGES:
        assert text("cli.unknown_env_lang", lang, value="xx", known="da, en") in said


def test_help_and_what_commands_return_stay_as_they_were(monkeypatch, capsys):
    assert typed(monkeypatch, capsys, "check", "--help") == (0, "")
    assert typed(monkeypatch, capsys)[0] == 2


def test_help_is_in_one_language_and_lists_the_commands_in_the_order_they_are_met(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["helhed", "--help"])
    with pytest.raises(SystemExit):
        cli.main()
    said = capsys.readouterr().out
    assert said.startswith("Brug: helhed [VALG]") and not re.search("Usage|Options|Commands|Show this|COMMAND", said)
    assert tuple(re.findall(r"^  ([a-z][\w-]*)  ", said.partition("Kommandoer:")[2], re.MULTILINE)) == ORDER


@pytest.mark.parametrize("words", [["check"], ["run"], ["plan", "make"], ["rerun"]])
def test_every_commands_help_is_in_danish(monkeypatch, capsys, words):
    monkeypatch.setattr(sys, "argv", ["helhed", *words, "--help"])
    with pytest.raises(SystemExit):
        cli.main()
    said = capsys.readouterr().out
    english = "Usage|Options:|Arguments:|Show this|OPTIONS|required|default|<str|<path|<list|<int|x>="
    assert said.startswith("Brug: helhed") and not re.search(english, said)


def test_typers_own_words_stay_as_they_are_in_english():
    written = (
        "Usage: helhed [OPTIONS] COMMAND [ARGS]...\n\nOptions:\n  --help  Show this message and exit.\n\nCommands:"
    )
    assert in_language(written, "en") == written
