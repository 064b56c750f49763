"""The types of a plan's fields: texts that every document can hold, and codes of the contracts."""

import unicodedata
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from helhed.tables import codes


def writable(value):
    r"""Return a text as every document can hold it: line ends as ``\n``, and no signs that Word and Excel refuse.

    Examples
    --------
    >>> writable("ro\r\nhjemme\x00"), writable(None)
    ('ro\nhjemme', None)
    """
    if not isinstance(value, str):
        return value
    lines = value.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs", "Cn"))


def _code(name: str):
    """Return the type of a text that must stand in a code list of the contracts."""

    def known(value: str) -> str:
        if value not in codes()[name]:
            # The value itself may be anything, also a name: it is not repeated.
            raise ValueError(f"must be one of {', '.join(codes()[name])}")
        return value

    return Annotated[str, AfterValidator(known), WithJsonSchema({"type": "string", "enum": list(codes()[name])})]


Text = Annotated[str, BeforeValidator(writable)]
SourcePlan, LifeArea, LineStatus = _code("source_plan"), _code("life_area"), _code("line_status")
Department, Role, MeetingKind = _code("department"), _code("family_role"), _code("meeting_kind")
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
