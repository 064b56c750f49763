"""How what people and programs write is compared: without the differences that mean nothing."""

import re
import unicodedata


def plain(written: str) -> str:
    """Return a heading or label without differences that mean nothing: case, spaces, letters written in two pieces.

    Examples
    --------
    >>> plain("  Start  DATO ") == plain("start dato")
    True
    """
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", written)).strip().casefold()


def plain_name(name: str) -> str:
    """Return a file name without differences that mean nothing: case, and letters written in two pieces (macOS).

    Examples
    --------
    >>> plain_name("Ydelser.CSV") == plain_name("ydelser.csv")
    True
    """
    return unicodedata.normalize("NFC", name).casefold()
