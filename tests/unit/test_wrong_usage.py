"""A command typed wrongly is told in the language that was asked for, with the way to the help and exit code 2."""

import sys

import pytest

from helhed import cli
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


def test_a_command_that_does_not_exist_is_told_with_those_that_do(monkeypatch, capsys):
    code, said = typed(monkeypatch, capsys, "chek")
    assert code == 2
    assert "»chek«" in said and " check," in said


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
