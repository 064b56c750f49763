"""The catalogue of indicators: one declared unit per indicator, with everything a reader must know about it.

The indicators are declared in ``catalogue.toml`` beside this module; the reference pages, the printed sheets, the
tables and the calculation are made from the same declarations.
"""

import tomllib
from functools import cache
from importlib import resources
from typing import Literal

from pydantic import BaseModel, ConfigDict, model_validator

from helhed.texts import LANGUAGES, text

#: ``share``: persons or families of a total. ``rate``: events per unit of time. ``ratio``: a sum per a sum, families
#: being the unit of variation. ``mean``: a mean over persons or families. ``count``: a number, without interval.
Kind = Literal["share", "rate", "ratio", "mean", "count"]
#: Where the calculation takes its numbers: family by family and month, from registrations, or from the courses.
Basis = Literal["months", "registrations", "courses"]
_TEXTS = ("name", "definition", "numerator", "denominator", "unit", "baseline", "frequency", "registered_by")


class Indicator(BaseModel):
    """One indicator of the catalogue. Texts are in Danish (``da``) and English (``en``)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    kind: Kind
    basis: Basis
    format: str
    direction: Literal["up", "down", "none"]
    #: Whom it is about: the family as a whole, its adults or its children.
    about: Literal["family", "adult", "child"]
    name: dict[str, str]
    definition: dict[str, str]
    numerator: dict[str, str]
    denominator: dict[str, str]
    unit: dict[str, str]
    baseline: dict[str, str]
    target: dict[str, str]
    frequency: dict[str, str]
    registered_by: dict[str, str]
    evidence: dict[str, str]
    #: Keys of the guide's list of sources; none where the indicator is the project's own choice.
    source: tuple[str, ...]
    tables: tuple[str, ...]
    #: ``all``: held up against all other families; ``eligible``: against those that meet the criteria; ``none``.
    compared_with: Literal["all", "eligible", "none"] = "none"
    #: ``state``: what holds in one month; ``flow``: what is summed over a window of months.
    over_time: Literal["state", "flow"] = "state"
    #: What a numerator per denominator and month is multiplied by, such as 12 for a rate per year.
    per: float = 1.0
    #: Columns of the monthly table (see `helhed.monitoring.family_months`); empty for other bases.
    counts: tuple[str, str] | None = None
    #: Smallest number of families, where the indicator asks for more than the setting ``monitoring.min_families``.
    min_families: int = 0

    @model_validator(mode="after")
    def _is_bilingual(self) -> "Indicator":
        for field in (*_TEXTS, "target", "evidence"):
            if set(getattr(self, field)) != set(LANGUAGES):
                raise ValueError(f"{self.id}: {field}")
        if (self.basis == "months") != (self.counts is not None):
            raise ValueError(f"{self.id}: counts")
        return self

    @property
    def formula(self) -> dict[str, str]:
        """Return the formula in words, in each language, made from the numerator and the denominator."""
        kind = "percent" if self.format.startswith("share") else self.kind if self.kind == "count" else "quotient"
        return {
            lang: text(
                f"monitoring.formula_{kind}",
                lang,
                numerator=self.numerator[lang],
                denominator=self.denominator[lang],
                unit=self.unit[lang],
            )
            for lang in LANGUAGES
        }

    def label(self, lang: str) -> str:
        """Return the indicator's name in the language."""
        return self.name[lang]

    def minimum(self, setting: int) -> int:
        """Return the smallest number of families that a value may rest on."""
        return max(self.min_families, setting)


@cache
def indicator_catalogue() -> dict[str, Indicator]:
    """Return every indicator by id, in the order in which pages and tables show them."""
    declared = tomllib.loads(resources.files(__package__).joinpath("catalogue.toml").read_text(encoding="utf-8"))
    shared = declared.pop("shared")
    return {name: Indicator(id=name, **_with_shared(spec, shared)) for name, spec in declared.items()}


def _with_shared(spec: dict, shared: dict) -> dict:
    """Return the declaration with texts named in ``[shared]`` put in: each is written once.

    The sources go with the evidence, unless the declaration names its own.
    """
    named = {"source": spec["evidence"], **spec}
    return {
        field: shared[field][value] if field in shared and isinstance(value, str) else value
        for field, value in named.items()
    }
