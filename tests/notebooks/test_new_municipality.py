"""A municipality before its first family and first coordinator gets through all steps: the kit begins there."""

import shutil
import subprocess
import sys
from pathlib import Path

from helhed.publishing.run_folder import RunFolder
from helhed.publishing.runner import STEPS

ROOT = Path(__file__).resolve().parents[2]
HELHED = str(Path(sys.executable).with_name("helhed"))


def test_exports_and_a_blank_decisions_workbook_are_enough(tmp_path):
    folder = tmp_path / "odense"
    subprocess.run([HELHED, "new", str(folder), "--model", "roedovre"], check=True, capture_output=True)
    for file in (ROOT / "sample_data/roedovre/exports").glob("*.csv"):
        shutil.copy(file, folder / "exports")
    shutil.copy(ROOT / "sample_data/roedovre/sample-pseudonym.key", folder)
    profile = (folder / "profile.yml").read_text(encoding="utf-8")
    changes = {
        "is_synthetic: false": "is_synthetic: true",
        "\n  data.key_file: pseudonym.key": "\n  data.key_file: sample-pseudonym.key",
    }
    for old, new in changes.items():
        assert old in profile
        profile = profile.replace(old, new)
    (folder / "profile.yml").write_text(profile, encoding="utf-8")
    command = [HELHED, "run", str(folder), "--lang", "en", "--run-id", "a"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    run = RunFolder(folder / "runs/a")
    assert all(run.key_numbers(step, "en") for step in STEPS)
    assert run.key_numbers("4_monitor_indicators", "en")["enrolled_families"]["value"] == 0
    assert run.key_numbers("2_staff_coordinators", "en")["posts_now"]["value"] > 0
    assert run.key_numbers("1_select_target_group", "en")["n_shortlisted"]["value"] >= 5
