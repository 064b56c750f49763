"""The profile: every wrong line is found, named with its line number, and nothing wrong gets through."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helhed.errors import ProfileNeedsWork
from helhed.profile import declared_entries, read_profile
from helhed.profile.entries import Entry, choice_label, presets

HEAD = 'name: Testby\nmunicipality_code: "0190"\nmodel: furesoe\n'


def problems_of(tmp_path, text, lang="en"):
    (tmp_path / "profile.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ProfileNeedsWork) as caught:
        read_profile(tmp_path, lang)
    return str(caught.value)


def test_value_comes_from_profile_before_model_before_default(tmp_path):
    (tmp_path / "profile.yml").write_text(HEAD + "settings:\n  disclosure.threshold: 7\n", encoding="utf-8")
    profile = read_profile(tmp_path)
    assert profile["disclosure.threshold"] == 7
    assert profile.settings["disclosure.threshold"].origin == "profile"
    for key, setting in profile.settings.items():
        if setting.origin == "default":
            assert setting.value == declared_entries()[key].default
        elif setting.origin == "preset":
            assert setting.value == presets()["furesoe"]["settings"][key]["value"]


def test_spelled_out_setting_keeps_source_quality_and_owner(tmp_path):
    setting = (
        'disclosure.threshold: {value: 6, source: "DPO 2025", quality: green, owner: "NN", valid_from: 2025-01-01}'
    )
    (tmp_path / "profile.yml").write_text(f"{HEAD}settings:\n  {setting}\n", encoding="utf-8")
    read = read_profile(tmp_path).settings["disclosure.threshold"]
    assert (read.value, read.source, read.quality, read.valid_from) == (6, "DPO 2025", "green", date(2025, 1, 1))


def test_unknown_key_names_line_and_nearest(tmp_path):
    message = problems_of(tmp_path, HEAD + "settings:\n  disclosure.treshold: 7\n")
    assert "line 5" in message and "“disclosure.threshold”" in message


def test_misspelt_header_names_nearest(tmp_path):
    message = problems_of(tmp_path, HEAD.replace("name:", "nam:") + "settings: {}\n")
    assert "“nam” is not known" in message and "“name”" in message


def test_value_outside_limits_names_limits(tmp_path):
    message = problems_of(tmp_path, HEAD + "settings:\n  disclosure.threshold: 2\n")
    assert "line 5" in message and "“2”" in message and "3 – 20" in message


@pytest.mark.parametrize("value", ['"5"', "5.5", "true", "[5]", "2024-01-01"])
def test_value_of_wrong_type_is_refused(tmp_path, value):
    assert "disclosure.threshold" in problems_of(tmp_path, f"{HEAD}settings:\n  disclosure.threshold: {value}\n")


def test_double_key_and_broken_yaml_name_the_line(tmp_path):
    double = problems_of(tmp_path, HEAD + "settings:\n  disclosure.threshold: 5\n  disclosure.threshold: 6\n")
    assert "line 6" in double and "twice" in double
    assert "cannot be read as YAML" in problems_of(tmp_path, HEAD + "settings: [\n")


def test_unknown_model_lists_the_known(tmp_path):
    message = problems_of(tmp_path, HEAD.replace("furesoe", "fureso"))
    assert "fureso" in message and "assens" in message


def test_missing_file_and_wrong_encoding(tmp_path):
    with pytest.raises(ProfileNeedsWork, match="helhed new"):
        read_profile(tmp_path, "en")
    (tmp_path / "profile.yml").write_bytes(HEAD.replace("Testby", "Tårnby").encode("cp1252"))
    with pytest.raises(ProfileNeedsWork, match="UTF-8"):
        read_profile(tmp_path, "en")


def test_all_problems_are_collected_before_stopping(tmp_path):
    text = HEAD.replace("furesoe", "x") + "colour: red\nsettings:\n  a.b: 1\n  disclosure.threshold: 99\n"
    assert len(problems_of(tmp_path, text).splitlines()) == 4


def test_messages_are_danish_too(tmp_path):
    assert "kendes ikke" in problems_of(tmp_path, HEAD + "settings:\n  a.b: 1\n", "da")


def test_every_default_and_preset_value_fits_its_own_declaration():
    entries = declared_entries()
    for key, entry in entries.items():
        assert entry.default is None or entry.kind == "rule" or entry.fits(entry.default), key
        assert entry.source, f"{key} has no source"
    for model, preset in presets().items():
        assert preset["title"] and preset["source"]
        for key, setting in preset["settings"].items():
            assert entries[key].fits(setting["value"]), (model, key)
            assert setting["source"], (model, key)


@given(low=st.integers(0, 50), width=st.integers(0, 50), value=st.integers(-100, 200))
def test_a_number_fits_exactly_when_it_lies_within_the_limits(low, width, value):
    entry = Entry(key="a.b", kind="int", da="x", en="x", min=low, max=low + width)
    assert entry.fits(value) == (low <= value <= low + width)


@pytest.mark.parametrize("lang", ["da", "en"])
def test_every_choice_of_every_setting_has_a_name_in_words(lang):
    choices = {choice for entry in declared_entries().values() for choice in entry.choices}
    assert len(choices) > 80
    assert [choice for choice in sorted(choices) if "_" in choice_label(choice, lang)] == []
