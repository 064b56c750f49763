"""Writes the invented sample municipalities, or a whole municipality, or all 98; ``--help`` says how."""

import argparse
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from generator.municipality import write_municipality  # noqa: E402
from generator.scenarios import SAMPLES, municipalities, whole_municipality  # noqa: E402


def main(arguments: list[str] | None = None) -> int:
    """Return 0 when the folders asked for are written, 2 when the arguments cannot be used."""
    options = _parser().parse_args(arguments)
    if (options.municipality or options.all_98) and options.out is None:
        return _refuse("--out DIR is needed: whole municipalities are not written among the samples.")
    if options.all_98:
        return _write_all(options.out, options.scale)
    if options.municipality:
        return _write_one(options.municipality, options.residents, options.out)
    for scenario in SAMPLES.values():
        print(write_municipality(scenario, options.out or HERE))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--municipality", metavar="NAME", help="one whole municipality, every family with children")
    parser.add_argument("--residents", type=int, help="its number of residents (default: the real one)")
    parser.add_argument("--all-98", action="store_true", help="all 98 municipalities at their real sizes")
    parser.add_argument("--scale", type=float, default=1.0, help="factor on the real sizes, such as 0.01")
    parser.add_argument("--out", type=Path, metavar="DIR", help="the folder to write into")
    return parser


def _write_one(name: str, residents: int | None, out: Path) -> int:
    try:
        scenario = whole_municipality(name, residents)
    except KeyError:
        known = ", ".join(row["name"] for row in municipalities())
        return _refuse(f"No municipality is called {name}. Known: {known}")
    print(write_municipality(scenario, out))
    return 0


def _write_all(out: Path, scale: float) -> int:
    for row in municipalities():
        scenario = whole_municipality(row["name"], round(int(row["population"]) * scale))
        print(write_municipality(scenario, out))
    return 0


def _refuse(message: str) -> int:
    print(message, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
