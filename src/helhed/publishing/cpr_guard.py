"""Finds strings that look like CPR numbers in files that are about to be shared; run before every commit."""

import re
import sys
import zipfile
from pathlib import Path

from helhed.cpr import folded

_DAY = r"(?:0[1-9]|[12][0-9]|3[01]|6[1-9]|[78][0-9]|9[01])"
_MONTH = r"(?:0[1-9]|1[0-2])"
_SIGN = r"[-\u2010-\u2015\u2212\u00a0 ]?"
#: Ten digits whose first six are a date (days 61-91 are replacement numbers), with or without a hyphen, dash or space.
CPR_LIKE = re.compile(rf"(?<![0-9A-Za-z.]){_DAY}{_MONTH}[0-9]{{2}}{_SIGN}[0-9]{{4}}(?![0-9A-Za-z.])")

#: Ends of what a reader of a Word or Excel file sees as one piece: paragraph, cell, shared string, break.
_PIECE = re.compile(r"</(?:\w+:)?(?:p|c|v|f|si|is|tc|tr|row|comment)>|<w:(?:tab|br|cr)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")


def cpr_like(content: str) -> list[tuple[int, int]]:
    """Return line and column (from 1) of everything that looks like a CPR number; the number itself is not returned.

    Examples
    --------
    >>> cpr_like("id;navn" + chr(10) + "x;" + "0101" + "70-1234")
    [(2, 3)]
    """
    return [
        (row, places[found.start()] + 1)
        for row, line in enumerate(content.splitlines(), start=1)
        for seen, places in [folded(line)]
        for found in CPR_LIKE.finditer(seen)
    ]


def places_in(file: Path) -> list[str]:
    """Return where in a file something looks like a CPR number: ``row:column``, in Word and Excel files the part.

    Word and Excel files are archives of XML. Each part is read twice: with every tag as a break, and with the tags
    inside a paragraph or cell taken out, because Word may split a number over several runs.
    """
    if not zipfile.is_zipfile(file):
        content = file.read_text(encoding="utf-8", errors="replace")
        return [f"{row}:{column}" for row, column in cpr_like(content)]
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name).decode("utf-8", errors="replace") for name in archive.namelist()}
    return [name for name, xml in parts.items() if any(cpr_like(reading) for reading in _readings(xml))]


def _readings(xml: str) -> tuple[str, str]:
    xml = re.sub(r'<sheet [^>]*?name="([^"]*)"', r"<sheet>\1<sheet", xml)  # the name of a sheet is an attribute
    xml = re.sub(r"<v>([0-9]{9})</v>", r"<v>0\1</v>", xml)  # Excel drops the first zero of a number
    xml = re.sub(r"<w:noBreakHyphen\b[^>]*>", "-", xml)
    return _TAG.sub("\n", xml), _TAG.sub("", _PIECE.sub("\n", xml))


def main(files: list[str]) -> int:
    """Print the place of each find and return 1 if there is any."""
    finds = [f"{file}:{place}: looks like a CPR number" for file in files for place in places_in(Path(file))]
    print("\n".join(finds))
    return int(bool(finds))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
