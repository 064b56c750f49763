"""A file that the system refuses is told in plain words by every command: no traceback, and no fault of the kit."""

import errno
import os
import sys

import pytest

from helhed import cli
from helhed.publishing.disk import as_file_problem
from helhed.publishing.fault_report import write_fault_report


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM, errno.EROFS])
def test_a_folder_that_may_not_be_written_in_is_named(number, tmp_path):
    refused = as_file_problem(OSError(number, "no", str(tmp_path / "check" / "errors.xlsx")), "en")
    assert str(refused).count(str(tmp_path / "check")) == 1
    assert "write access" in str(refused)


def test_a_full_disk_is_told_with_the_folder(tmp_path):
    assert "Disken er fuld" in str(as_file_problem(OSError(errno.ENOSPC, "no", str(tmp_path / "a")), "da"))


def test_of_a_file_that_is_renamed_the_users_name_counts(tmp_path):
    error = OSError(errno.EACCES, "no", str(tmp_path / "a" / ".new"), None, str(tmp_path / "b" / "plan.docx"))
    assert str(tmp_path / "b") in str(as_file_problem(error, "en"))


def test_a_file_that_may_not_be_read_is_named(tmp_path, monkeypatch):
    file = tmp_path / "folkeregister.csv"
    file.touch()
    monkeypatch.setattr(os, "access", lambda place, mode: mode == os.F_OK)
    told = str(as_file_problem(OSError(errno.EACCES, "no", str(file)), "da"))
    assert told.startswith(f"{file} må ikke læses")


def test_another_error_of_the_system_is_a_fault_of_ours():
    assert as_file_problem(OSError(errno.EBADF, "no"), "da") is None


def test_the_command_says_it_and_writes_no_report(monkeypatch, capsys, tmp_path):
    def refuse(**options):
        raise OSError(errno.EROFS, "no", str(tmp_path / "runs"))

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli, "app", refuse)
    monkeypatch.setattr(sys, "argv", ["helhed", "check", "vejle", "--lang", "en"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    told = capsys.readouterr().err
    assert ended.value.code == 1
    assert "write access" in told
    assert "Traceback" not in told
    assert list(tmp_path.iterdir()) == []


def test_the_report_goes_to_a_folder_of_its_own_where_the_first_is_refused(tmp_path, monkeypatch):
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    taken = tmp_path / "a file"
    taken.touch()
    report = write_fault_report(ValueError("010203"), taken)
    assert report.is_relative_to(tmp_path / "temporary")
    assert "010203" not in report.read_text(encoding="utf-8")
