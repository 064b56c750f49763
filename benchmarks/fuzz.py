"""Does a damaged file ever end in a traceback? Real files and forms are spoilt in random ways and read.

Hypothesis chooses what is spoilt and how: bytes, signs, rows, tags, members of the archive that a Word or Excel file
is. What is read must come back as a result, as problems that can be told in both languages, or as an error of the
kit's own. Anything else is a fault of ours and is counted by where it happened. Cases, faults and the slowest case of
each reader are written to ``fuzz.toml`` among the promises, from which the guide prints its table.

    python benchmarks/fuzz.py [cases, 100000 by default] [reader ...]
    python benchmarks/fuzz.py --atheris READER [cases]      the same readers under a coverage-guided fuzzer
"""

import io
import json
import sys
import tempfile
import time
import traceback
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import openpyxl
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from recorded import PROMISES

from helhed.errors import HelhedError, Problem
from helhed.intake import read_typed
from helhed.intake.exports.own_presets import checked_preset
from helhed.intake.reading.readers import read_export
from helhed.plan import (
    EXAMPLE_DAY,
    assemble_plans,
    plan_form,
    plan_from_json,
    plan_to_fhir,
    plan_to_json,
    read_fhir,
    read_name_list,
    read_plan_form,
    read_sector_forms,
    template_problems,
    word_form,
    workbook,
)
from helhed.plan.example import example_tables
from helhed.profile import read_profile
from helhed.profile.own_workbooks import own_workbooks, read_workbook
from helhed.publishing.gate.pieces import Unreadable
from helhed.publishing.gate.reading import pieces_of

ROOT = Path(__file__).parents[1]
RESULT = PROMISES / "fuzz.toml"
TOWN, TEMPLATES = ROOT / "sample_data/furesoe", ROOT / "templates"
LANGS = ("da", "en")
#: A reader that needs longer than this for a small file has hung as far as a user can tell.
MOST_SECONDS = 20
#: What people and attackers put where it does not belong.
NASTY = (
    b"",
    b"\x00",
    b'"',
    b";",
    b"\r",
    b"\n\n",
    b"\t",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"\xc3",
    b"'",
    "\u202e".encode(),
    "\U0001f3f4".encode(),
    "\u00e5\u0308".encode(),
    b"=1+1",
    b"=cmd|' /C calc'!A0",
    b"{{ 7*7 }}",
    b"{% for x in y %}",
    b"{{ ''.__class__.__mro__ }}",
    b"{#",
    b"!!python/object/apply:os.system [echo]",
    b"&a [*a, *a]",
    b"<<: *a",
    b"<script>alert(1)</script>",
    b'<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]>',
    b"&c;",
    b"../../etc/passwd",
    b"[" * 3000,
    b"{" * 3000,
    b'{"a":' * 3000,
    b"9" * 5000,
    b"-1e999",
    b"NaN",
    b"Infinity",
    b"1/0",
    b"31-02-2024",
    b"9999-12-31",
    b"0001-01-01",
    b"null",
    b"[]",
    b"{}",
    b"true",
    b"x" * 40_000,
)


@dataclass(frozen=True)
class Reader:
    """One way into the kit: the files that are spoilt, by name, and what reads a file of that name."""

    seeds: Callable[[], dict[str, bytes]]
    read: Callable[[str, bytes, Path], object]


@dataclass
class Tally:
    """What became of the cases of one reader: how many, how each ended, faults by place, the slowest."""

    reader: str
    cases: int = 0
    ends: Counter = field(default_factory=Counter)
    faults: Counter = field(default_factory=Counter)
    slowest_seconds: float = 0.0


def told(problems) -> None:
    """Write out problems as a user would see them."""
    for problem in problems:
        if isinstance(problem, Problem):
            for lang in LANGS:
                problem.line(lang)


@cache
def plan():
    """Return the invented family's plan."""
    return assemble_plans(example_tables(), {"plan.duplicate_likeness": 0.9}, EXAMPLE_DAY)["eksempel"]


def _csv_seeds() -> dict[str, bytes]:
    return {file.name: b"".join(file.read_bytes().splitlines(keepends=True)[:12]) for file in _exports(".csv")}


def _exports(ending: str) -> list[Path]:
    return sorted(file for file in (TOWN / "exports").iterdir() if file.suffix == ending)


def _workbook_seeds() -> dict[str, bytes]:
    names = ("dataark_da.xlsx", "decisions_da.xlsx", "data_workbook_en.xlsx")
    return {name: (TEMPLATES / name).read_bytes() for name in names}


def _form_seeds() -> dict[str, bytes]:
    content = plan_form(plan(), "da")
    return {"plan.xlsx": workbook(content), "plan.docx": word_form(content)}


def _template_seeds() -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(TEMPLATES.glob("*_da.docx"))[:8]}


def _name_seeds() -> dict[str, bytes]:
    rows = [["Person (pseudonym)", "Navn", "CPR-nummer"], ["m1", "Anna Lund", ""], ["c1", "Bo Lund", ""]]
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return {"navne.csv": "\n".join(map(";".join, rows)).encode(), "navne.xlsx": buffer.getvalue()}


def _gate_seeds() -> dict[str, bytes]:
    more = {"a.html": b"<p title='x'>a<!-- b --><script>let a = 1</script></p>", "a.svg": b"<svg><text>a</text></svg>"}
    more["a.json"] = b'{"cells": [{"source": ["a"], "outputs": [{"data": {"text/html": "<b>x</b>"}}]}]}'
    more["a.ics"] = b"BEGIN:VCALENDAR\nSUMMARY:x\nEND:VCALENDAR\n"
    pictures = {"b.png": (ROOT / "book/static/front_page.png").read_bytes()[:4000]}
    return more | pictures | _form_seeds() | dict(list(_csv_seeds().items())[:1])


def _of_file(read: Callable[[Path], object]) -> Callable:
    def read_from(name: str, content: bytes, folder: Path) -> object:
        (folder / name).write_bytes(content)
        return read(folder / name)

    return read_from


def _read_export(file: Path) -> None:
    for encoding in ("utf-8-sig", "cp1252"):
        _sheet, problems = read_export(file, encoding)
        told(problems)


def _read_profile(name: str, content: bytes, folder: Path) -> None:
    (folder / name).write_bytes(content)
    read_profile(folder)


def _read_own_workbook(name: str, content: bytes, folder: Path) -> None:
    book = next(book for book, declared in own_workbooks().items() if Path(name).stem.startswith(book))
    (folder / own_workbooks()[book].file).write_bytes(content)
    read_workbook(folder, book)


def _read_preset(name: str, content: bytes, _folder: Path) -> None:
    told(checked_preset(Path(name).stem, content.decode(errors="replace"), name)[1])


def _read_form(name: str, content: bytes, _folder: Path) -> None:
    told(read_plan_form(content, name, plan(), "da").problems)
    told(read_sector_forms({name: content}, {"eksempel": plan()}, "da").problems)


def _read_plan_json(name: str, content: bytes, _folder: Path) -> None:
    if name.startswith("fhir"):
        told(read_fhir({name: content}, {"eksempel": plan()}).problems)
    else:
        plan_from_json(content, name)


def _plan_json_seeds() -> dict[str, bytes]:
    written = plan_to_json(plan())
    return {"plan.json": written.encode(), "fhir.json": json.dumps(plan_to_fhir(plan(), "da")).encode()}


def _read_names(name: str, content: bytes, _folder: Path) -> None:
    told(read_name_list(content, name, "da", may_be_empty=True).problems)


def _read_gate(name: str, content: bytes, _folder: Path) -> None:
    list(pieces_of(name, content))


READERS: dict[str, Reader] = {
    "csv": Reader(_csv_seeds, _of_file(_read_export)),
    "workbook": Reader(_workbook_seeds, _of_file(_read_export)),
    "profile": Reader(lambda: {"profile.yml": (TOWN / "profile.yml").read_bytes()}, _read_profile),
    "own_workbook": Reader(
        lambda: {name: (TEMPLATES / name).read_bytes() for name in ("economy_da.xlsx", "interviews_en.xlsx")},
        _read_own_workbook,
    ),
    "preset": Reader(
        lambda: {
            file.name: file.read_bytes()
            for file in sorted((ROOT / "src/helhed/intake/exports/presets").glob("*.yml"))[:6]
        },
        _read_preset,
    ),
    "corrections": Reader(
        lambda: {"dataark_da.xlsx": (TEMPLATES / "dataark_da.xlsx").read_bytes()},
        _of_file(lambda file: told(read_typed(file)[1])),
    ),
    "plan_form": Reader(_form_seeds, _read_form),
    "plan_json": Reader(_plan_json_seeds, _read_plan_json),
    "names": Reader(_name_seeds, _read_names),
    "template": Reader(_template_seeds, lambda name, content, _folder: told(template_problems(content, name))),
    "gate": Reader(_gate_seeds, _read_gate),
}
#: Share of a campaign's cases that each reader gets; Word and Excel files take longest to read.
SHARES = {
    "csv": 0.25,
    "profile": 0.14,
    "preset": 0.14,
    "plan_json": 0.16,
    "names": 0.10,
    "gate": 0.09,
    "plan_form": 0.03,
    "template": 0.03,
    "workbook": 0.02,
    "own_workbook": 0.02,
    "corrections": 0.02,
}


def _utf8(written: str) -> bytes:
    return written.encode(errors="replace")


#: One change: what is done, where (as a part of the whole), how far it reaches, and what is put in.
CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["put", "over", "cut", "twice", "end", "sign"]),
        st.floats(0, 1),
        st.integers(1, 80),
        st.one_of(
            st.sampled_from(NASTY),
            st.binary(max_size=12),
            st.text(max_size=8).map(_utf8),
        ),
    ),
    min_size=1,
    max_size=5,
)


def spoilt(content: bytes, changes: list[tuple]) -> bytes:
    """Return the bytes with the changes made one after the other."""
    for what, where, length, new in changes:
        at = int(where * len(content))
        if what == "put":
            content = content[:at] + new + content[at:]
        elif what == "over":
            content = content[:at] + new + content[at + len(new) :]
        elif what == "cut":
            content = content[:at] + content[at + length :]
        elif what == "twice":
            content = content[: at + length] + content[at:]
        elif what == "end":
            content = content[:at]
        elif content:
            at = min(at, len(content) - 1)
            content = content[:at] + bytes([(content[at] + length) % 256]) + content[at + 1 :]
    return content


def spoilt_archive(content: bytes, member: int, changes: list[tuple]) -> bytes:
    """Return a Word or Excel file one part of which is spoilt; the archive around it is whole."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    chosen = sorted(parts, key=lambda name: (-len(parts[name]), name))[member % len(parts)]
    parts[chosen] = spoilt(parts[chosen], changes)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return buffer.getvalue()


def end_of(reader: Reader, name: str, content: bytes, folder: Path) -> tuple[str, str]:
    """Return how a case ended: ``read``, ``told`` or ``fault``, and for a fault where and what it was."""
    lost: list[str] = []
    before, sys.unraisablehook = sys.unraisablehook, lambda error: lost.append(repr(error.object))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            reader.read(name, content, folder)
    except (HelhedError, Unreadable):
        return "told", ""
    except Exception as error:
        ours = [step for step in traceback.extract_tb(error.__traceback__) if "helhed" in step.filename]
        place = ours[-1] if ours else traceback.extract_tb(error.__traceback__)[-1]
        return "fault", f"{type(error).__name__} in {Path(place.filename).name}, {place.name}"
    finally:
        sys.unraisablehook = before
    # A library may print a traceback of its own and go on.
    return ("fault", f"printed by {lost[0].split(' at ')[0]}") if lost else ("read", "")


def campaign(name: str, cases: int, number: int = 0, keep: Path | None = None) -> Tally:
    """Return what became of so many spoilt files of one reader.

    Parameters
    ----------
    name
        A key of `READERS`.
    cases
        Number of files.
    number
        Of the campaign: another one makes other files.
    keep
        Folder in which the first file of each fault is kept.
    """
    reader, tally = READERS[name], Tally(name)
    seeds = reader.seeds()

    with tempfile.TemporaryDirectory() as folder:

        @seed(number)
        @settings(
            max_examples=cases,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(st.sampled_from(sorted(seeds)), CHANGES, st.integers(-8, 8))
        def one_case(file: str, changes: list[tuple], member: int) -> None:
            is_archive = file.endswith(("x", "m")) and member >= 0
            content = spoilt_archive(seeds[file], member, changes) if is_archive else spoilt(seeds[file], changes)
            start = time.perf_counter()
            end, fault = end_of(reader, file, content, Path(folder))
            tally.cases += 1
            tally.ends[end] += 1
            tally.slowest_seconds = max(tally.slowest_seconds, time.perf_counter() - start)
            if fault:
                if keep is not None and fault not in tally.faults:
                    keep.mkdir(parents=True, exist_ok=True)
                    (keep / f"{name}-{len(tally.faults)}-{file}").write_bytes(content)
                tally.faults[fault] += 1

        one_case()
    return tally


#: Hypothesis keeps what it has tried: campaigns are cut in pieces so that it stays quick.
_PIECE = 1000


def _piece(given_: tuple[str, int, int, Path | None]) -> Tally:
    return campaign(*given_)


def whole_campaign(cases: int, names: list[str], keep: Path | None = None, workers: int = 2) -> list[Tally]:
    """Return the tallies of a campaign over the readers named, in their usual shares."""
    total = sum(SHARES[name] for name in names)
    pieces = []
    for name in names:
        left, number = -(-int(cases * SHARES[name] / total + 0.5) // 1), 0
        while left > 0:
            pieces.append((name, min(left, _PIECE), number, keep))
            left, number = left - _PIECE, number + 1
    sums = {name: Tally(name) for name in names}
    with ProcessPoolExecutor(workers) as pool:
        for found in pool.map(_piece, pieces):
            whole = sums[found.reader]
            whole.cases += found.cases
            whole.ends += found.ends
            whole.faults += found.faults
            whole.slowest_seconds = max(whole.slowest_seconds, found.slowest_seconds)
    return list(sums.values())


def write_result(tallies: list[Tally], file: Path = RESULT) -> None:
    """Write the tallies as the guide reads them."""
    parts = [f"cases = {sum(tally.cases for tally in tallies)}"]
    for tally in tallies:
        counts = [f"{end} = {tally.ends[end]}" for end in ("read", "told", "fault")]
        slowest = f"slowest_seconds = {tally.slowest_seconds:.2f}"
        parts.append("\n".join(["[[reader]]", f'name = "{tally.reader}"', f"cases = {tally.cases}", *counts, slowest]))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Run a campaign and return 1 when a fault was found."""
    if arguments[:1] == ["--atheris"]:
        return under_atheris(arguments[1], int(arguments[2]) if len(arguments) > 2 else 100_000)
    numbers = [int(one) for one in arguments if one.isdigit()]
    names = [one for one in arguments if one in READERS] or list(READERS)
    start = time.perf_counter()
    tallies = whole_campaign(numbers[0] if numbers else 100_000, names, ROOT / "_build/faults")
    for tally in tallies:
        print(f"{tally.reader:14}{tally.cases:>8} cases {dict(tally.ends)} slowest {tally.slowest_seconds:.2f} s")
        for fault, n in tally.faults.most_common():
            print(f"    {n:>6} × {fault}")
    print(f"{sum(tally.cases for tally in tallies)} cases in {time.perf_counter() - start:.0f} s")
    if len(names) == len(READERS):
        write_result(tallies)
    return int(any(tally.faults or tally.slowest_seconds > MOST_SECONDS for tally in tallies))


def under_atheris(name: str, cases: int) -> int:
    """Run one reader under the coverage-guided fuzzer, where it is installed; it stops at the first fault."""
    import atheris

    reader, folder = READERS[name], Path(tempfile.mkdtemp())
    seeds = reader.seeds()

    def one_input(data: bytes) -> None:
        file = sorted(seeds)[data[0] % len(seeds)] if data else sorted(seeds)[0]
        end, fault = end_of(reader, file, data[1:], folder)
        if end == "fault":
            raise AssertionError(fault)

    for number, content in enumerate(seeds[file] for file in sorted(seeds)):
        (folder / "seeds").mkdir(exist_ok=True)
        (folder / f"seeds/{number}").write_bytes(bytes([number]) + content)
    atheris.instrument_all()
    atheris.Setup([sys.argv[0], f"-runs={cases}", str(folder / "seeds")], one_input)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
