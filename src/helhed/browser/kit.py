"""What the page knows of the kit: rules, criteria, columns, settings and forms, as they came with the page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from helhed.browser.family_list import Column
from helhed.browser.plan_cells import Field
from helhed.browser.plan_form import Part
from helhed.browser.words import Words


@dataclass(frozen=True)
class Kit:
    """The kit's declarations that the page works with, made from the JSON that came with it."""

    words: Words
    told: Mapping[str, Any]

    @property
    def columns(self) -> list[Column]:
        """Return the columns that a list of families may have."""
        return [Column(**{**one, "heads": tuple(one["heads"])}) for one in self.told["columns"]]

    @property
    def rules(self) -> Mapping[str, Any]:
        """Return the published rules by name: title, words, rule, order_by, limits, windows, settings, places, note."""
        return self.told["rules"]

    @property
    def criteria(self) -> Mapping[str, Any]:
        """Return the criteria by id: label, form and the setting that is the threshold."""
        return self.told["criteria"]

    @property
    def staffing(self) -> dict[str, Any]:
        """Return the staffing settings that the page begins with: the edition's municipality's, or the defaults."""
        return dict(self.told["staffing"])

    @property
    def mean_weight(self) -> float:
        """Return how much work a family takes beside a standard one."""
        return self.told["mean_weight"]

    @property
    def example_day(self) -> date:
        """Return the day on which the example of a plan form was written."""
        return date.fromisoformat(self.told["example_day"])

    def fields(self, part: str) -> Mapping[str, tuple[str, float, float, bool]]:
        """Return the number fields of a part by name: name to show, lowest and highest value, whether it is whole."""
        return {name: tuple(one) for name, one in self.told["fields"].get(part, {}).items()}

    @property
    def forms(self) -> list[list[Part]]:
        """Return the sheets of each kind of plan form."""
        return [[_part(one) for one in form] for form in self.told["forms"]]


def kit_of(told: Mapping[str, Any]) -> Kit:
    """Return the kit from what came with the page."""
    return Kit(Words(told["lang"], told["texts"]), told)


def _part(told: Mapping[str, Any]) -> Part:
    fields = tuple(
        Field(**{**one, "prompts": tuple(one["prompts"]), "limits": tuple(one["limits"]) if one["limits"] else None})
        for one in told["fields"]
    )
    return Part(**{**told, "fields": fields, "required": tuple(told["required"])})
