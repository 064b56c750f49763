"""What a user sees when a file is wrong: place and cure in their language, exit 1, no traceback, nothing published."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from helhed.municipalities import municipalities
from helhed.profile import read_profile
from helhed.publishing.new_municipality import make_municipality

ROOT = Path(__file__).resolve().parents[2]
HELHED = str(Path(sys.executable).with_name("helhed"))


@pytest.fixture
def municipality(tmp_path):
    folder = tmp_path / "furesoe"
    shutil.copytree(ROOT / "sample_data/furesoe", folder, ignore=shutil.ignore_patterns("runs", "check"))
    return folder


def edit(file, old, new, count=1):
    text = file.read_text(encoding="utf-8-sig")
    assert old in text
    file.write_text(text.replace(old, new, count), encoding="utf-8-sig")


def missing_file(folder):
    (folder / "exports/dubu_sager.csv").unlink()


def wrong_separator(folder):
    file = folder / "exports/skolefravaer.csv"
    text = file.read_text(encoding="utf-8-sig").replace(",", ".").replace(";", ",")
    file.write_text(text, encoding="utf-8-sig")


def renamed_column(folder):
    edit(folder / "exports/skolefravaer.csv", "Sygefravær", "Sygdomsfravær")


def unknown_code(folder):
    edit(folder / "exports/dubu_sager.csv", ";Åben;", ";Måske;")


def unknown_profile_key(folder):
    edit(folder / "profile.yml", "data.key_file", "data.keyfile")


def broken_yaml(folder):
    edit(folder / "profile.yml", "settings:", "settings: [")


CASES = {
    missing_file: (["dubu_sager"], ["dubu_sager"]),
    wrong_separator: (["skolefravaer.csv", "semikolon"], ["skolefravaer.csv", "semicolon"]),
    renamed_column: (["skolefravaer.csv", "Sygefravær", "Sygdomsfravær"], ["skolefravaer.csv", "Sygefravær"]),
    unknown_code: (["dubu_sager.csv", "Måske"], ["dubu_sager.csv", "Måske"]),
    unknown_profile_key: (["profile.yml, linje", "data.key_file"], ["profile.yml, line", "data.key_file"]),
    broken_yaml: (["profile.yml, linje", "YAML"], ["profile.yml, line", "YAML"]),
}


@pytest.mark.parametrize("spoil", CASES, ids=lambda spoil: spoil.__name__)
def test_check_names_the_place_and_the_cure(municipality, spoil):
    spoil(municipality)
    for lang, words in zip(("da", "en"), CASES[spoil], strict=True):
        command = [HELHED, "check", str(municipality), "--lang", lang]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        said = done.stdout + done.stderr
        assert done.returncode == 1, said
        assert "Traceback" not in said
        for word in words:
            assert word in said


def test_a_run_on_wrong_files_stops_with_one_message_and_publishes_nothing(municipality):
    renamed_column(municipality)
    command = [HELHED, "run", str(municipality), "--lang", "en", "--run-id", "a"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "furesoe stopped at the step “0_check_data”" in done.stderr and "Sygdomsfravær" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert not (municipality / "runs/a/public").exists()
    assert not (municipality / "runs/a/notebooks").exists() or not list(
        (municipality / "runs/a/notebooks").rglob("*.ipynb")
    )
    book = subprocess.run([HELHED, "book", str(municipality)], capture_output=True, text=True, check=False)
    assert book.returncode == 2
    assert "--resume" in book.stderr


def test_no_folder_and_no_profile(tmp_path):
    done = subprocess.run([HELHED, "run", str(tmp_path / "x")], capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "helhed new" in done.stderr and "Traceback" not in done.stderr


def test_a_new_municipality_gets_a_profile_that_can_be_read(tmp_path):
    folder = tmp_path / "ny-by"
    subprocess.run([HELHED, "new", str(folder), "--model", "assens"], check=True, capture_output=True)
    assert {file.name for file in folder.iterdir()} == {
        "profile.yml", "decisions.xlsx", "scenarios.xlsx", "economy.xlsx", "interviews.xlsx", "exports",
        "databestillinger",
    }  # fmt: skip
    assert {file.name for file in (folder / "exports").iterdir()} == {"dataark.xlsx", "LAES_MIG.txt"}
    again = subprocess.run([HELHED, "new", str(folder)], capture_output=True, text=True, check=False)
    assert again.returncode == 2
    check = subprocess.run([HELHED, "check", str(folder)], capture_output=True, text=True, check=False)
    assert check.returncode == 1 and "profile.yml, linje" in check.stderr and "kommunekode" in check.stderr
    edit(folder / "profile.yml", '"0000"', '"0630"')
    check = subprocess.run([HELHED, "check", str(folder)], capture_output=True, text=True, check=False)
    assert check.returncode == 1 and "folkeregister" in check.stdout + check.stderr
    assert "Traceback" not in check.stderr


@pytest.mark.parametrize(("named", "code"), [("naestved", "0370"), ("Høje-Taastrup kommune", "0169")])
def test_a_folder_named_after_a_municipality_gets_its_name_and_code(tmp_path, named, code):
    make_municipality(tmp_path / named, "furesoe", "en")
    profile = read_profile(tmp_path / named, "en")
    assert (profile.municipality_code, profile.name) == (code, municipalities()[code].name)
    assert (tmp_path / named / "exports/data_workbook.xlsx").is_file()
