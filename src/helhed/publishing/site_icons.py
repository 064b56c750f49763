"""Takes the icons that no page uses out of the theme's script and style: it has two thousand, and pages load them."""

import re
from pathlib import Path

_SCRIPT = Path("_static") / "scripts" / "fontawesome.js"
#: An icon in the script: name, size, other names, code point, one drawing or two.
_ICON = re.compile(
    r'(?<=[{,])(?P<name>"[a-z0-9-]+"|[a-z0-9]+):\[\d+,\d+,\[(?P<others>[^\]]*)\],"[0-9a-f]+",'
    r'(?:"[^"]*"|\["[^"]*","[^"]*"\])\],?'
)
_STYLE = Path("_static") / "styles" / "pydata-sphinx-theme.css"
#: Rules of the style that say which letter of the icons' font an icon is, for one icon under one or more names.
_LETTER = re.compile(r'(?:\.fa-[a-z0-9-]+:{1,2}before,?)+\{(?:content|--fa):"\\[0-9a-f]+"\}')
_USED = re.compile(r"\bfa-([a-z0-9-]+)")


def keep_used_icons(site: Path, *more: Path) -> None:
    """Write the site's icon script and style anew with the icons that a page or another script names.

    ``more`` are folders of further pages that may use the same script and style.
    """
    names = used_icons(site).union(*(used_icons(folder) for folder in more))
    for place in (site, *more):
        _keep(place, names)


def _keep(site: Path, names: frozenset[str]) -> None:
    for file, only in ((site / _SCRIPT, with_icons), (site / _STYLE, with_letters)):
        if file.is_file():
            file.write_text(only(file.read_text(encoding="utf-8"), names), encoding="utf-8")


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


def with_letters(style: str, names: frozenset[str]) -> str:
    r"""Return the style with the letters of the named icons alone.

    Examples
    --------
    >>> style = r'.fa-bars:before,.fa-navicon:before{content:"\f0c9"}.fa-at:before{--fa:"\40"}'
    >>> with_letters(style, frozenset({"bars"}))
    '.fa-bars:before,.fa-navicon:before{content:"\\f0c9"}'
    """
    return _LETTER.sub(lambda rule: rule[0] if set(_USED.findall(rule[0])) & names else "", style)
