"""The guide's page on what the kit promises and what was found when that was tried.

The results are the files of ``promises/``: the benchmarks write what they measured (``benchmarks/recorded.py``), and a
test holds ``leaks.toml`` to what it plants.
"""

import tomllib
from importlib import resources

from helhed.publishing.markdown_parts import page, table
from helhed.texts import number, text


def promises_page(lang: str) -> str:
    """Return the page: a section per promise, with what was tried and what was found."""
    sections = {"leaks": _leaks, "kills": _kills, "fuzz": _fuzz, "speed": _speed}
    parts = [f"## {text(f'promises.{name}', lang)}\n\n{told(recorded(name), lang)}" for name, told in sections.items()]
    return page("promises", lang, parts)


def recorded(name: str) -> dict:
    """Return one of the recorded results.

    ``leaks``: ``places`` (kinds of place in a file), ``kinds`` (kinds of leak). ``kills``: ``kills``, ``runs``,
    ``files_that_differ``, ``by_process`` (kills of each kind of process). ``fuzz``: ``cases`` and ``reader``, a row
    per reader: ``name``, ``cases``, ``read``, ``told``, ``fault``. ``speed``: per ratio ``value``, ``goal`` and
    ``is_at_least``.
    """
    file = resources.files("helhed.publishing").joinpath("promises", f"{name}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _leaks(found: dict, lang: str) -> str:
    counts = {"planted": found["places"] * found["kinds"], "places": found["places"], "kinds": found["kinds"]}
    return text("promises.leaks_found", lang, **{name: number(n, lang) for name, n in counts.items()})


def _kills(found: dict, lang: str) -> str:
    counts = {"kills": found["kills"], "runs": found["runs"], "differ": found["files_that_differ"]}
    rows = [[text(f"promises.process_{kind}", lang), number(n, lang)] for kind, n in found["by_process"].items()]
    said = text("promises.kills_found", lang, **{name: number(n, lang) for name, n in counts.items()})
    return f"{said}\n\n{table([text('promises.process', lang), text('promises.n_kills', lang)], rows)}"


def _fuzz(found: dict, lang: str) -> str:
    counts = ("cases", "read", "told", "fault")
    labels = [text("promises.reader", lang), *(text(f"promises.column_{name}", lang) for name in counts)]
    rows = [
        [text(f"promises.reader_{row['name']}", lang), *(number(row[name], lang) for name in counts)]
        for row in found["reader"]
    ]
    said = text("promises.fuzz_found", lang, cases=number(found["cases"], lang))
    return f"{said}\n\n{table(labels, rows)}"


def _speed(found: dict, lang: str) -> str:
    labels = [text(f"promises.column_{name}", lang) for name in ("measured", "ratio", "goal", "is_met")]
    rows = [
        [text(f"promises.speed_{name}", lang), number(ratio["value"], lang, 2), _goal(ratio, lang), _met(ratio, lang)]
        for name, ratio in found.items()
    ]
    return f"{text('promises.speed_found', lang)}\n\n{table(labels, rows)}"


def _goal(ratio: dict, lang: str) -> str:
    key = "promises.at_least" if ratio["is_at_least"] else "promises.at_most"
    return text(key, lang, goal=number(ratio["goal"], lang, 1))


def _met(ratio: dict, lang: str) -> str:
    is_met = ratio["value"] >= ratio["goal"] if ratio["is_at_least"] else ratio["value"] <= ratio["goal"]
    return text("promises.is_met" if is_met else "promises.is_missed", lang)
