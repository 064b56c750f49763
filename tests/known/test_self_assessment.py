"""Self-assessments scored by hand, and the workbook's formulas in LibreOffice against the same rule."""

import io
import subprocess

import openpyxl
import pytest

from helhed.publishing.self_assessment import score, self_assessments
from helhed.publishing.self_assessment_sheet import self_assessment_workbook

READINESS = ("need", "fit", "resources", "evidence", "replication", "capacity")


def answers_of(need, fit=(3, 3, 3, 3), others=(3, 3, 3, 3)):
    return {"need": list(need), "fit": list(fit), **{name: list(others) for name in READINESS[2:]}}


@pytest.mark.parametrize(
    ("answers", "points", "least", "band"),
    [
        # 6 parts of 4 statements, 0-3 points: 72 points. Bands: 75 % and 50 % in each part; 50 % and 25 %; the rest.
        (answers_of((3, 3, 3, 3)), 72, 1.0, 0),
        (answers_of((3, 3, 0, 0)), 66, 0.5, 0),  # the weakest part is on the limit of 50 %
        (answers_of((3, 2, 0, 0)), 65, 5 / 12, 1),  # 90 % in all, but one part below 50 %
        (answers_of((2, 0, 0, 0)), 62, 2 / 12, 2),  # 86 % in all, but one part below 25 %
        (answers_of((3, 3, 3, 3), (3, 3, 3, 3), (2, 2, 2, 1)), 52, 7 / 12, 1),  # 72 %: below 75 %
        (answers_of((3, 3, 3, 0), (3, 3, 3, 0), (3, 2, 2, 2)), 54, 9 / 12, 0),  # 75 %: on the limit
        (answers_of((1, 1, 1, 1), (2, 2, 2, 2), (1, 1, 1, 2)), 32, 4 / 12, 2),  # 44 %: below 50 %
    ],
)
def test_a_weak_part_is_not_made_up_for(answers, points, least, band):
    one = self_assessments()["readiness"]
    found = score(one, answers)
    assert found.share == pytest.approx(points / 72)
    assert min(part.share for part in found.parts.values()) == pytest.approx(least)
    assert found.band is one.bands[band]


def test_nothing_is_concluded_before_every_statement_is_answered():
    found = score(self_assessments()["readiness"], answers_of((3, 3, None, 3)))
    assert (found.band, found.n_open, found.parts["need"].n_answered, found.parts["need"].points) == (None, 1, 3, 9)


def fill_in(path, one, answers):
    """Type the answers into the yellow cells as a user would; the numbers the formulas had are gone."""
    book = openpyxl.load_workbook(io.BytesIO(self_assessment_workbook(one.name, "en")))
    sheet = book.worksheets[0]
    given = iter([answer for part in one.parts for answer in answers[part.id]])
    asked = {item.words["en"] for part in one.parts for item in part.items}
    for row in sheet.iter_rows(max_col=2):
        if row[0].value in asked:
            row[1].value = next(given)
    book.save(path)


def counted_sheet(path):
    return openpyxl.load_workbook(io.BytesIO(path.read_bytes()), data_only=True).worksheets[1]


@pytest.mark.documents
# LibreOffice writes the bars of the shares in a way that openpyxl does not read.
@pytest.mark.filterwarnings("ignore:.*extension is not supported")
def test_the_workbook_counts_by_the_same_rule(tmp_path):
    tried = []
    for one in self_assessments().values():
        sets = [one.example(), {p.id: [one.top] * len(p.items) for p in one.parts}]
        sets.append({p.id: [0 if at else one.top] * len(p.items) for at, p in enumerate(one.parts)})
        sets.append({p.id: [None if at else one.top] * len(p.items) for at, p in enumerate(one.parts)})
        tried += [(one, answers, tmp_path / f"{one.name}_{at}.xlsx") for at, answers in enumerate(sets)]
    for one, answers, path in tried:
        fill_in(path, one, answers)
    office = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/office", "--convert-to", "xlsx"]
    files = [str(path) for _, _, path in tried]
    subprocess.run([*office, "--outdir", str(tmp_path / "counted"), *files], check=True, capture_output=True)
    for one, answers, path in tried:
        sheet = counted_sheet(tmp_path / "counted" / path.name)
        cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
        found, n = score(one, answers), len(one.parts)
        rows = [row[:5] for row in sheet.iter_rows(min_row=4, max_row=3 + n, values_only=True)]
        expected = [(s.points, s.most, pytest.approx(s.share), s.n_answered) for s in found.parts.values()]
        assert [row[1:] for row in rows] == expected
        verdict = sheet.cell(row=7 + n, column=1).value
        if found.band is None:
            assert verdict == "Answer every statement first"
            assert found.n_open in cells
        else:
            assert verdict == found.band.title["en"]
            assert sheet.cell(row=8 + n, column=1).value == found.band.meaning["en"]
