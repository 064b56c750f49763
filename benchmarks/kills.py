"""Is a run that was killed at a random moment, and gone on with, the same as one that nobody disturbed?

A few small invented municipalities are run side by side while one of the run's processes is killed again and again (the
runner, a worker, a notebook, or the warm process that notebooks are forked from), the clock of their files jumps, the
disk fills up or turns read-only (where this user may mount one). After every blow the run is gone on with as a user
would, with ``--resume``. When it has finished, every table, figure, document and notebook is compared with those of an
undisturbed run, and nothing half-written, no lock and no changed input may be left. The count is written to
``kills.toml`` among the promises, from which the guide prints its table.

    python benchmarks/kills.py [kills, 200 by default] [steps, 0-2 by default] [seed, 1 by default]
"""

import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "sample_data"))

from generator.municipality import write_municipality  # noqa: E402
from generator.scenarios import whole_municipality  # noqa: E402
from recorded import PROMISES  # noqa: E402

from helhed.publishing.inputs import code_hash  # noqa: E402

RESULT = PROMISES / "kills.toml"
HELHED = str(Path(sys.executable).with_name("helhed"))
NAMES, RESIDENTS = ("laesoe", "fanoe"), 400
#: Two for each municipality: notebooks of one run side by side too.
WORKERS = 4
PROCESSES = ("runner", "worker", "notebook", "warm")
RUN = "a"
#: So many blows fall on average in the time that an undisturbed run takes.
BLOWS = 10
#: A run of small municipalities that takes longer than this is stuck.
LONGEST_SECONDS = 1200
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def command(steps: str) -> list[str]:
    return [HELHED, "run", *NAMES, "--steps", steps, "--workers", str(WORKERS), "--run-id", RUN]


def contents(place: Path) -> dict[str, str]:
    """Return every file of the municipalities with its SHA-256; of a run's record and of Office files only the name."""
    files = [file for name in NAMES for file in (place / name).rglob("*") if file.is_file()]
    return {str(file.relative_to(place)): "" if has_clock(file) else fingerprint(file) for file in files}


def has_clock(file: Path) -> bool:
    """Return whether a file of a run is not the same bytes each time it is made."""
    return RUN in file.parts and (file.name == "manifest.json" or file.suffix in (".docx", ".xlsx"))


def fingerprint(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def descendants(pid: int) -> dict[int, str]:
    """Return the processes that a run consists of: pid to command line."""
    parents, lines = {}, {}
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parents[int(place.name)] = int((place / "stat").read_text().rpartition(")")[2].split()[1])
            lines[int(place.name)] = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    ours = {pid}
    while more := {one for one, parent in parents.items() if parent in ours} - ours:
        ours |= more
    return {one: lines[one] for one in ours if one in lines}


def victim(pid: int, kind: str) -> int | None:
    """Return the process of a kind in the run that ``pid`` runs, or None when there is none at this moment."""
    ours = descendants(pid)
    warm = [one for one, line in ours.items() if "helhed.engine.zygote" in line]
    found = {
        "runner": [pid],
        "worker": [one for one, line in ours.items() if "spawn_main" in line],
        "warm": warm[:1],
        "notebook": sorted(warm)[1:],
    }[kind]
    return random.choice(found) if found else None


def undisturbed(place: Path, steps: str) -> tuple[dict[str, str], float]:
    started = time.monotonic()
    subprocess.run(command(steps), cwd=place, check=True, capture_output=True)
    return contents(place), time.monotonic() - started


def jump_clock(place: Path) -> None:
    """Give what the run has made times from years ago and years ahead."""
    for file in place.glob(f"*/runs/{RUN}/**/*"):
        when = time.time() + random.choice((-1, 1)) * random.uniform(0, 3e8)
        with suppress(OSError):
            os.utime(file, (when, when))


def strike(run: subprocess.Popen, seconds: float, kind: str) -> bool:
    """Kill a process of the run after a while, or as soon as there is one of the kind; False if the run had ended."""
    pid = None
    while pid is None:
        with suppress(subprocess.TimeoutExpired):
            run.wait(timeout=seconds)
            return False
        pid, seconds = victim(run.pid, kind), 0.05
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
        return True
    return False


def to_the_end(place: Path, steps: str, kills: int, mean_seconds: float, struck: Counter) -> None:
    """Run to the end under blows; ``struck`` counts them."""
    while True:
        before, begun = struck.total(), any(place.glob(f"*/runs/{RUN}/manifest.json"))
        run = subprocess.Popen([*command(steps), *(["--resume"] if begun else [])], cwd=place, **QUIET)
        while run.poll() is None and struck.total() < kills:
            kind = random.choice(PROCESSES)
            if strike(run, random.uniform(0, 2 * mean_seconds), kind):
                struck[kind] += 1
        if run.wait(timeout=LONGEST_SECONDS) == 0:
            return
        if struck.total() == before:
            sys.exit(f"A run that nobody disturbed ended with {run.returncode}.")
        jump_clock(place)


def on_a_bad_disk(place: Path, inputs: Path, expected: dict[str, str], steps: str) -> dict[str, int]:
    """Return how often a run on a full and on a read-only disk ended in plain words, as far as disks may be mounted."""
    ended = {}
    for kind, options in (("disk_full", "size=2m"), ("read_only", "size=200m,ro")):
        subprocess.run(["cp", "-r", str(inputs), str(place)], check=True)
        for name in NAMES:
            runs = place / name / "runs"
            runs.mkdir()
            if subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(runs)], **QUIET).returncode:
                return ended
        try:
            done = subprocess.run(command(steps), cwd=place, capture_output=True, text=True)
            ended[kind] = int(done.returncode == 1 and "Traceback" not in done.stdout + done.stderr)
        finally:
            for name in NAMES:
                subprocess.run(["umount", str(place / name / "runs")], check=True)
        subprocess.run(command(steps), cwd=place, check=True, capture_output=True)
        ended[kind] &= contents(place) == expected
        subprocess.run(["rm", "-r", str(place)], check=True)
    return ended


def main() -> int:
    """Return 0 when every killed run came to the same results."""
    given = dict(zip(("kills", "steps", "seed"), sys.argv[1:], strict=False))
    kills, steps, seed = int(given.get("kills", 200)), given.get("steps", "0-2"), int(given.get("seed", 1))
    random.seed(seed)
    struck, n_runs, differing = Counter(), 0, []
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        original = Path(folder, "undisturbed")
        for name in NAMES:
            write_municipality(whole_municipality(name, RESIDENTS), original)
        inputs = Path(folder, "inputs")
        subprocess.run(["cp", "-r", str(original), str(inputs)], check=True)
        expected, seconds = undisturbed(original, steps)
        code = code_hash()
        while struck.total() < kills:
            place = Path(folder, f"killed-{n_runs}")
            subprocess.run(["cp", "-r", str(inputs), str(place)], check=True)
            to_the_end(place, steps, kills, seconds / BLOWS, struck)
            if code_hash() != code:
                sys.exit("The kit's code was changed meanwhile: other code may give other results. Start again.")
            found = contents(place)
            differing += sorted(name for name in {*found, *expected} if found.get(name) != expected.get(name))
            n_runs += 1
            subprocess.run(["rm", "-r", str(place)], check=True)
            print(f"{struck.total()} kills, {n_runs} runs, {len(differing)} files differ", flush=True)
            write(struck, n_runs, differing, steps, seed, {})
        write(struck, n_runs, differing, steps, seed, on_a_bad_disk(Path(folder, "bad"), inputs, expected, steps))
    return int(bool(differing))


def write(struck: Counter, n_runs: int, differing: list[str], steps: str, seed: int, disks: dict[str, int]) -> None:
    lines = [f"kills = {struck.total()}", f"runs = {n_runs}", f"files_that_differ = {len(differing)}"]
    lines += [f'steps = "{steps}"', f"municipalities = {len(NAMES)}", f"seed = {seed}", "", "[by_process]"]
    lines += [f"{kind} = {struck[kind]}" for kind in PROCESSES]
    lines += ["", "[told_in_plain_words_and_gone_on_with]", *(f"{kind} = {n}" for kind, n in disks.items())]
    RESULT.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
