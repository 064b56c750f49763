"""What the study of invented municipalities (``benchmarks/evaluation.py``) found of the evaluation's truthfulness."""

import tomllib
from functools import cache
from importlib import resources


@cache
def proof() -> dict:
    """Return the study of invented municipalities.

    ``municipalities`` per line, the true ``effect`` (a share), ``comparison_per_enrolled`` families, and ``row``: one
    per truth, number of families and method, with ``truth``, ``families``, ``method`` and, as known, ``bias`` (of a
    share), ``held`` (share of the intervals that hold the truth), ``width`` (median, of a share) and ``claimed``
    (share of sentences that say an effect).
    """
    return tomllib.loads(resources.files(__package__).joinpath("proof.toml").read_text(encoding="utf-8"))
