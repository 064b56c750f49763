"""Published case loads, shown beside the municipality's own result; never used in a calculation."""

import tomllib
from functools import cache
from importlib import resources

import pandas as pd


@cache
def _declared() -> dict:
    return tomllib.loads(resources.files(__package__).joinpath("case_loads.toml").read_text(encoding="utf-8"))


def case_loads(lang: str) -> pd.DataFrame:
    """Return the published case loads: ``id``, ``kind``, ``who``, ``low``, ``high``, ``source``, ``url``.

    ``kind`` is ``coordinator`` (families per coordinator), ``norm`` (cases per full-time social worker with
    authority) or ``actual`` (what such workers have had). Norms and actual figures count citizens with a case and do
    not cover coordinators as such.
    """
    rows = [
        {
            "id": name,
            "kind": load["kind"],
            "who": load[lang],
            "low": load.get("low"),
            "high": load["high"],
            "source": _one_language(load["source"], lang),
            "url": load["url"],
        }
        for name, load in _declared().items()
    ]
    return pd.DataFrame(rows)


def _one_language(source: str, lang: str) -> str:
    danish, _, english = source.partition(" / ")
    return english if lang == "en" and english else danish
