"""Takes out of the theme's icon script the icons that no page uses: it holds two thousand, and every page loads it."""

import re
from pathlib import Path

_SCRIPT = Path("_static") / "scripts" / "fontawesome.js"
#: An icon in the script: name, size, other names, code point, one drawing or two.
_ICON = re.compile(
    r'(?<=[{,])(?P<name>"[a-z0-9-]+"|[a-z0-9]+):\[\d+,\d+,\[(?P<others>[^\]]*)\],"[0-9a-f]+",'
    r'(?:"[^"]*"|\["[^"]*","[^"]*"\])\],?'
)
_USED = re.compile(r"\bfa-([a-z0-9-]+)")


def keep_used_icons(site: Path) -> None:
    """Write the site's icon script anew with the icons that a page or another script names; nothing without one."""
    script = site / _SCRIPT
    if script.is_file():
        script.write_text(with_icons(script.read_text(encoding="utf-8"), used_icons(site)), encoding="utf-8")


def used_icons(site: Path) -> frozenset[str]:
    """Return the names of the icons that the site's pages and scripts use."""
    files = [file for ending in ("*.html", "*.js") for file in site.rglob(ending) if file.name != _SCRIPT.name]
    return frozenset(name for file in files for name in _USED.findall(file.read_text(encoding="utf-8")))


def with_icons(script: str, names: frozenset[str]) -> str:
    """Return the script with the named icons alone; an icon may be known by several names.

    Examples
    --------
    >>> with_icons('x={bars:[4,5,["navicon"],"f0c9","M0"],"at-sign":[4,5,[],"f1fa","M1"]}', frozenset({"navicon"}))
    'x={bars:[4,5,["navicon"],"f0c9","M0"],}'
    """

    def kept(icon: re.Match) -> str:
        known_by = {icon["name"].strip('"'), *re.findall(r'"([^"]+)"', icon["others"])}
        return icon[0] if known_by & names else ""

    return _ICON.sub(kept, script)
