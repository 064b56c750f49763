"""Finds strings that look like CPR numbers in files that are about to be shared; run before every commit."""

import re
import sys
from pathlib import Path

_DAY = r"(?:0[1-9]|[12][0-9]|3[01]|6[1-9]|[78][0-9]|9[01])"
_MONTH = r"(?:0[1-9]|1[0-2])"
#: Ten digits whose first six are a date (days 61-91 are replacement numbers), with or without a hyphen or space.
CPR_LIKE = re.compile(rf"(?<![0-9A-Za-z.]){_DAY}{_MONTH}[0-9]{{2}}[- ]?[0-9]{{4}}(?![0-9A-Za-z.])")


def cpr_like(content: str) -> list[tuple[int, int]]:
    """Return line and column (from 1) of everything that looks like a CPR number; the number itself is not returned.

    Examples
    --------
    >>> cpr_like("id;navn" + chr(10) + "x;" + "0101" + "70-1234")
    [(2, 3)]
    """
    return [
        (row, found.start() + 1)
        for row, line in enumerate(content.splitlines(), start=1)
        for found in CPR_LIKE.finditer(line)
    ]


def main(files: list[str]) -> int:
    """Print the place of each find and return 1 if there is any."""
    finds = [
        f"{file}:{row}:{column}: looks like a CPR number"
        for file in files
        for row, column in cpr_like(Path(file).read_text(encoding="utf-8", errors="replace"))
    ]
    print("\n".join(finds))
    return int(bool(finds))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
