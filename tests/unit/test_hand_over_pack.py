"""A pack holds what a named person has let out and nothing else, and tells when anything in it was changed."""

import json
import zipfile
from pathlib import Path

import pytest

from helhed.errors import DataNeedsWork
from helhed.profile import read_profile
from helhed.publishing.hand_over_pack import compare_runs, read_pack, write_pack
from helhed.publishing.inputs import rests_on, settings_in_force, versions
from helhed.publishing.manifest import Manifest
from helhed.publishing.new_municipality import make_municipality
from helhed.publishing.release import check_release, release
from helhed.publishing.run_folder import RunFolder

NUMBER = {"n_families": {"value": 426, "format": "count", "text": "426"}}
SECRET = "a list of families"


@pytest.fixture(scope="module")
def released(tmp_path_factory) -> Path:
    town = tmp_path_factory.mktemp("pack") / "vejle"
    make_municipality(town, "furesoe", "da")
    run_dir, profile = town / "runs/maj", read_profile(town, "da")
    facts = {"municipality": profile.name, "run": "maj", **rests_on(profile), "settings": settings_in_force(profile)}
    facts |= {"seeds": {}, "year": 2025, "settings_year": 2025, "versions": versions(), "code": "c"}
    Manifest(run_dir).start(facts)
    for lang in ("da", "en"):
        RunFolder(run_dir).write_public("0_check_data", lang, {"key_numbers.json": json.dumps(NUMBER).encode()})
    RunFolder(run_dir).write_documents("0_check_data", "da", {"families.txt": SECRET.encode()})
    release(check_release(profile, run_dir, "da"), "Anne Holm", "Til socialudvalget i december", "da")
    return town


def packed(town: Path, folder: Path, name: str = "pack.zip", run: str = "maj") -> Path:
    return write_pack(read_profile(town, "da"), town / "runs" / run, folder / name, "da")


def test_a_pack_holds_what_was_let_out_and_nothing_private(released, tmp_path):
    with zipfile.ZipFile(packed(released, tmp_path)) as opened:
        names = sorted(opened.namelist())
        content = b"".join(opened.read(name) for name in names)
    assert names == [
        "environment.txt",
        *(f"outputs/public/0_check_data/{lang}/key_numbers.json" for lang in ("da", "en")),
        "pack.json",
    ]
    assert SECRET.encode() not in content and str(released).encode() not in content
    assert b"pandas==" in content and b'"disclosure.threshold"' in content


def test_the_same_run_makes_the_same_pack(released, tmp_path):
    assert packed(released, tmp_path, "a.zip").read_bytes() == packed(released, tmp_path, "b.zip").read_bytes()


def test_a_pack_compares_with_its_own_run(released, tmp_path):
    file = packed(released, tmp_path)
    found = read_pack(file, "en").compared_with(released / "runs/maj", "en")
    assert found.has_same_figures and found.changes == ()
    assert read_pack(file, "en").langs == ("da", "en")
    assert compare_runs(file, released / "runs/maj", "en").changes == ()


def test_a_figure_that_differs_in_one_language_alone_is_found(released, tmp_path):
    pack = read_pack(packed(released, tmp_path), "en")
    other = tmp_path / "other"
    Manifest(other).start(
        {key: value for key, value in pack.record.items() if key not in ("files", "release", "format")}
    )
    for lang, value in (("da", 426), ("en", 425)):
        changed = {"n_families": {**NUMBER["n_families"], "value": value}}
        RunFolder(other).write_public("0_check_data", lang, {"key_numbers.json": json.dumps(changed).encode()})
    found = pack.compared_with(other, "en")
    assert [(change.kind, change.name, change.lang) for change in found.changes] == [("figure", "n_families", "en")]
    assert not found.has_same_figures


def test_a_run_that_was_not_let_out_is_not_packed(released, tmp_path):
    with pytest.raises(DataNeedsWork, match="helhed release"):
        packed(released, tmp_path, run="juni")
    assert list(tmp_path.iterdir()) == []


def test_what_was_changed_after_it_was_let_out_is_not_packed(released, tmp_path):
    file = next(released.glob("releases/1-maj/public/*/da/*.json"))
    content = file.read_bytes()
    file.write_bytes(content + b" ")
    try:
        with pytest.raises(DataNeedsWork, match="1-maj/public/0_check_data/da/key_numbers.json"):
            packed(released, tmp_path)
    finally:
        file.write_bytes(content)


def rewritten(file: Path, change) -> Path:
    with zipfile.ZipFile(file) as opened:
        files = {name: opened.read(name) for name in opened.namelist()}
    change(files)
    with zipfile.ZipFile(file, "w") as opened:
        for name, content in files.items():
            opened.writestr(name, content)
    return file


OUTPUT = "outputs/public/0_check_data/da/key_numbers.json"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda files: files.update({OUTPUT: b"{}"}), OUTPUT),
        (lambda files: files.pop(OUTPUT), OUTPUT),
        (lambda files: files.update({"../../x": b"x"}), "../../x"),
        (lambda files: files.pop("pack.json"), "no pack"),
        (lambda files: files.update({"pack.json": b"[]"}), "no pack"),
        (lambda files: files.update({"pack.json": b'{"format": 2, "files": {}}'}), "no pack"),
    ],
)
def test_a_pack_that_was_changed_on_the_way_is_refused(released, tmp_path, change, said):
    file = rewritten(packed(released, tmp_path), change)
    with pytest.raises(DataNeedsWork, match=said.replace(".", r"\.")):
        read_pack(file, "en")


def test_a_file_that_is_no_pack_is_named(tmp_path):
    (tmp_path / "a.zip").write_bytes(b"PK no zip")
    for file in (tmp_path / "a.zip", tmp_path / "missing.zip"):
        with pytest.raises(DataNeedsWork, match=file.name):
            read_pack(file, "en")


def test_a_setting_that_tells_of_a_person_is_not_packed(released, tmp_path):
    manifest = Manifest(released / "runs/maj")
    before = json.loads(json.dumps(manifest.content))
    number = "3004" + "70-0123"
    manifest.content["settings"]["data.note"] = {"value": number, "origin": "profile"}
    manifest.go_on({})
    try:
        with pytest.raises(DataNeedsWork) as caught:
            packed(released, tmp_path)
        assert number not in str(caught.value) and not list(tmp_path.iterdir())
    finally:
        manifest.go_on(before)
