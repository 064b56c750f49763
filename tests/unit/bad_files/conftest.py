"""A small municipality, written by hand, that reads without anything to fix; each test spoils one thing."""

from pathlib import Path

import pytest
import xlsxwriter

from helhed.intake.exports.preset import presets
from helhed.intake.pseudonyms import Keyring, shows_cpr
from helhed.intake.sources import read_source
from helhed.profile import read_profile

#: Invented numbers: the month is written with 20 added. Mother, father, two children, an uncle without an address.
MOTHER, FATHER, GIRL, BOY, UNCLE = "1423880001", "0224850003", "0525104002", "1130134004", "0921800005"

EXPORTS = {
    "folkeregister": [
        [MOTHER, "14-03-1988", "K", "A1", "Nord", "", "", "", "Dansk", "01-01-2010", "", ""],
        [FATHER, "02-04-1985", "M", "A2", "Syd", "", "", "", "Dansk", "01-01-2010", "", ""],
        [GIRL, "05-05-2010", "K", "A1", "Nord", MOTHER, FATHER, f"{MOTHER},{FATHER}", "Dansk", "05-05-2010", "", "A2"],
        [BOY, "11-10-2013", "M", "A1", "Nord", MOTHER, FATHER, MOTHER, "Dansk", "11-10-2013", "", ""],
    ],
    "dubu_sager": [["S1", GIRL, "Børnefaglig undersøgelse", "BL § 20", "01-02-2024", "", "Åben", "Børn"]],
    "dubu_indsatser": [
        ["01-02-2024", "01-03-2024", "", "1", "", "", "", "6.500,00", "", "", "Bevilget", "", "Fast kontaktperson", "",
         "BL § 32", "", "Huset", "", "", "", "S1", "Åben", "", "", ""]
    ],
    "sofus": [["01-02-2024", "", "15-02-2024", "", "3", "I1", "Familiebehandling", BOY, "Nord", "", "", ""]],
    "sensum": [[MOTHER, "01-01-2024", "", "", "", "Bostøtte", "", "", "", "", "", "", "Voksensocial", "", "", "Huset"]],
    "ydelsesrefusion_2023": [[MOTHER, "202351", "3000,50", "600,00", "", "", "20", "", "Kontanthjælp", ""],
                             [MOTHER, "202352", "3000,50", "600,00", "", "", "20", "", "Kontanthjælp", ""]],
    "ydelsesrefusion_2024": [[MOTHER, "202401", "3000,50", "600,00", "", "", "20", "", "Kontanthjælp", ""],
                             [MOTHER, "202403", "3000,50", "600,00", "", "", "20", "", "Kontanthjælp", ""]],
    "ydelsesrefusion_2025": [[FATHER, "202510", "3000,50", "600,00", "", "", "20", "", "Sygedagpenge", ""]],
    "beskaeftigelse": [[FATHER, "2024-05", "120,5", "N"]],
    "jobcenter_indsatser": [[MOTHER, "J1", "Virksomhedspraktik", "01-04-2024", "30-06-2024", "J", "25"]],
    "skolefravaer": [[GIRL, "2024-03", "20", "2,5", "0", "1", "Skolen"]],
}  # fmt: skip
SHEETS = {
    "Indskrivninger": [
        [MOTHER, "tilbydes plads", "Mange forvaltninger", "visitationsmødet", "01-05-2024", "10-05-2024", "01-06-2024",
         "", "", "K1", "", ""]
    ],
    "Koordinatorer": [["K1", 30, "familiebehandling", "dansk", "Nord", "N", "01-01-2024", "", "", ""]],
    "Registreringer": [[MOTHER, "01-06-2024", "WHO-5", str(i), 3, "personen selv"] for i in range(1, 6)],
    "Møder": [[MOTHER, "15-06-2024", "netværksmøde", "alle", "Ring til skolen", "K1", "01-07-2024"]],
    "Planlinjer": [
        [MOTHER, GIRL, "Min Plan", "arbejde og økonomi", "Job", "Praktik", "Jobcenter", "01-06-2024", "01-09-2024",
         "i gang", "", 25, "beskæftigelse, børn og familie"]
    ],
}  # fmt: skip


class Municipality:
    """A folder that can be spoilt and read again."""

    def __init__(self, path: Path):
        self.path = path
        self.exports = {name: [list(row) for row in rows] for name, rows in EXPORTS.items()}
        self.sheets = {name: [list(row) for row in rows] for name, rows in SHEETS.items()}
        (path / "exports").mkdir(parents=True)
        (path / "pseudonym.key").write_text("ab" * 32)
        self.write_profile()
        self.write()

    def write_profile(self, **settings: str) -> None:
        lines = ["name: Prøveby", 'municipality_code: "0999"', "model: furesoe", "is_synthetic: true", "settings:"]
        given = {"project.start_date": "2024-01-01", **settings}
        (self.path / "profile.yml").write_text(
            "\n".join([*lines, *(f"  {key}: {value}" for key, value in given.items())]), encoding="utf-8"
        )

    def write(self) -> None:
        for stem, rows in self.exports.items():
            self.file(stem).write_text(csv_text(stem, rows), encoding="utf-8-sig")
        self.write_workbook()

    def write_workbook(self) -> None:
        with xlsxwriter.Workbook(self.path / "decisions.xlsx") as book:
            for name, rows in self.sheets.items():
                sheet = book.add_worksheet(name)
                for i, row in enumerate([headings(name), *rows]):
                    sheet.write_row(i, 0, row)

    def file(self, stem: str) -> Path:
        return self.path / "exports" / f"{stem}.csv"

    @property
    def profile(self):
        return read_profile(self.path, "en")


def headings(name: str) -> list[str]:
    """Return the headings of an export file or a sheet of the decisions workbook."""
    preset = next(p for p in presets().values() if name == p.sheet or (p.file and name.startswith(p.file)))
    return [column.heading for column in preset.columns]


def csv_text(stem: str, rows: list[list[str]]) -> str:
    return "\n".join(";".join(row) for row in [headings(stem), *rows]) + "\n"


@pytest.fixture
def town(tmp_path):
    return Municipality(tmp_path / "town")


@pytest.fixture
def told(town):
    """Read a source and return its one problem with a code, after a look at how it is told in both languages."""

    def look(source: str, code: str, severity: str = "must_fix"):
        _, found, *_ = read_source(presets()[source], town.profile, Keyring(bytes(32), is_synthetic=True))
        problem = next((p for p in found if p.code == f"intake.{code}"), None)
        assert problem, [p.line("en") for p in found]
        assert problem.severity == severity
        lines = [problem.line(lang) for lang in ("da", "en")]
        assert lines[0] != lines[1]
        for line in lines:
            assert "{" not in line and not shows_cpr(line) and problem.file in line
        return problem

    return look


@pytest.fixture(scope="module")
def make_town(tmp_path_factory):
    return lambda: Municipality(tmp_path_factory.mktemp("made") / "town")
