"""Which rule of law a section names, as case systems and people write it: "§ 91, stk. 2, i barnets lov", "RSL §11a"."""

import re

from helhed.plan.statutes import statutes

#: How acts are written in case systems; the group's name is the mark of the rule ids that belong to each. Any other act
#: is known as such, so that its sections are not taken for those of an act of ours.
_ACT = re.compile(
    r"(?P<bl>(?:lov\s+om\s+)?\bbarnets?\s*lov(?:en)?s?\b|\bbl\b(?!\.?\s?a\b)|\bact\s+on\s+the\s+child\b)"
    r"|(?P<sel>\bservice\s?lov(?:en)?s?\b|\b(?:lov\s+om\s+)?social\s+service\b|\bsel\b|\bservl\b"
    r"|\bact\s+on\s+social\s+services\b)"
    r"|(?P<lab>\b(?:lov\s+om\s+)?(?:en\s+)?aktiv\s+beskæftigelsesindsats\b|\bbeskæftigelsesindsatslov(?:en)?s?\b|\blab\b"
    r"|\bact\s+on\s+active\s+employment\s+measures\b)"
    r"|(?P<rsl>\bretssikkerhedslov(?:en)?s?\b|\blov\s+om\s+retssikkerhed\s+og\s+administration"
    r"(?:\s+på\s+det\s+sociale\s+område)?|\brsl\b|\bact\s+on\s+legal\s+protection\b)"
    r"|(?P<other>\blov(?:en)?\s+om\b|\b\w+lov(?:en)?s?\b|\bact\s+on\b)",
    re.IGNORECASE,
)
#: A section: "§ 11 a", "§§ 91-92", "paragraf 91", "section 91". In "§ 11 i loven" the letter is a word.
_SECTION = re.compile(
    r"(?:§+|\bparagraf\b|\bpar\b\.?|\bsections?\b)\s*(?P<number>\d+)(?:\s*(?P<letter>(?!i\s)[a-zæøå])(?!\w|\.\w))?",
    re.IGNORECASE,
)
#: What may stand between an act and its number where no sign of a section is written: "BL 91".
_BARE = re.compile(
    r"[\s,.:]*(?P<number>\d{1,3})(?:\s*(?P<letter>(?!i\s)[a-zæøå])(?!\w|\.\w))?(?!\d|/|\.\s*[a-zæøå])", re.IGNORECASE
)
#: What stands between a section and the act it belongs to where the act comes after: "§ 91, stk. 2, i barnets lov".
_OF_ACT = re.compile(
    r"(?:[\s,.:\d–-]|\b(?:stk|nr|pkt|og|litra [a-z])\b)*\b(?:i|efter|af|in|of|under)\s+(?:the\s+|den\s+)?"
)
_NEXT_TO = re.compile(r"(?:[\s,.:(\d–-]|\b(?:stk|nr|pkt)\b)*")


def statute_of(section: str) -> str:
    """Return the id of the rule that a section of law names, empty if it is not one of the declared rules.

    Where several sections are named, the first that is declared. A section belongs to the act that follows with "i"
    or "efter", else to the last one named before it, else to the one next to it.

    Examples
    --------
    >>> statute_of("Barnets lov § 32, stk. 1, nr. 3"), statute_of("RSL §11a"), statute_of("Sundhedsloven § 141")
    ('bl_32', 'rsl_11a', '')
    >>> statute_of("§ 91 i barnets lov"), statute_of("Serviceloven § 52 (nu barnets lov § 32)")
    ('bl_91', 'bl_32')
    """
    acts = list(_ACT.finditer(section))
    named = [(_act_of(found, acts, section), found) for found in _SECTION.finditer(section)]
    if not named:
        bare = [(act.lastgroup or "", _BARE.match(section, act.end())) for act in acts]
        named = [(act, found) for act, found in bare if found]
    names = (f"{act}_{found['number']}{(found['letter'] or '').lower()}" for act, found in named)
    return next((name for name in names if name in statutes()), "")


def acts_named(section: str) -> frozenset[str]:
    """Return the marks of the acts that a text names, ``other`` for one that no declared rule belongs to.

    Examples
    --------
    >>> sorted(acts_named("Serviceloven § 52 (nu barnets lov § 32)")), sorted(acts_named("§ 52"))
    (['bl', 'sel'], [])
    """
    return frozenset(found.lastgroup or "" for found in _ACT.finditer(section))


def _act_of(found: re.Match, acts: list[re.Match], section: str) -> str:
    """Return the mark of the act that a section belongs to; empty where none is named."""
    after = next((act for act in acts if act.start() >= found.end()), None)
    before = next((act for act in reversed(acts) if act.end() <= found.start()), None)
    between = section[found.end() : after.start()].casefold() if after else ""
    is_after = _OF_ACT.fullmatch(between) or (before is None and _NEXT_TO.fullmatch(between))
    act = after if after and is_after else before
    return act.lastgroup or "" if act else ""
