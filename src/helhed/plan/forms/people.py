"""How the members of a family are written in a form, and how what was written is read back."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from helhed.plan.model import Member
from helhed.texts import LANGUAGES, text

_SEPARATOR = " – "
_AGE = re.compile(r"\s*\([^()]*\)\s*$")


@dataclass(frozen=True)
class People:
    """The members of one family as a form shows them: by place, and by name where a name list gives one."""

    members: tuple[Member, ...]
    lang: str
    #: Person id to name; from a name list on the municipality's own machine.
    names: Mapping[str, str]

    def label(self, person_id: str | None) -> str:
        """Return what a person is called in the form; empty for the whole family, the id for a stranger."""
        if person_id is None:
            return ""
        return self.labels.get(person_id, person_id)

    @cached_property
    def labels(self) -> dict[str, str]:
        """Return what each member is called, by id, in the order of the plan."""
        return {member.person_id: self._label(member) for member in self.members}

    def _label(self, member: Member) -> str:
        place, name = member.label(self.lang), self.names.get(member.person_id)
        return f"{name}{_SEPARATOR}{place}" if name else place

    def find(self, written: str) -> str | None:
        """Return the id of the member that a text names; None for the whole family.

        Raises
        ------
        LookupError
            If nobody, or more than one, is called that.
        """
        key = folded(written)
        if not key or key in _whole_family():
            return None
        found = self._ids.get(key, set())
        if len(found) != 1:
            raise LookupError
        return next(iter(found))

    def without_names(self, written: str) -> str:
        """Return a text in which members' names have given way to their places in the family, such as "Child 1".

        Whole names count in any case, first names only as written: "Liv" is a name, "liv" is a word.
        """
        for member in self.members:
            name, place = self.names.get(member.person_id, ""), _AGE.sub("", member.label(self.lang))
            if name:
                written = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", place, written, flags=re.IGNORECASE)
                written = re.sub(rf"(?<!\w){re.escape(name.split()[0])}(?!\w)", place, written)
        return written

    @cached_property
    def _ids(self) -> dict[str, set[str]]:
        ids: dict[str, set[str]] = {}
        for member in self.members:
            written = [member.person_id, *(member.label(lang) for lang in LANGUAGES)]
            name = self.names.get(member.person_id)
            for one in written + ([name] if name else []):
                ids.setdefault(folded(one), set()).add(member.person_id)
        return ids


def with_names_of_form(people: People, labels: Iterable[str]) -> People:
    """Return the members with the names that a form itself gives them ("Anna – Child 1"), beside those known already.

    So a name that a form shows is taken out of its texts even where no name list is at hand.
    """
    found = {}
    for label in labels:
        name, _, place = label.rpartition(_SEPARATOR)
        try:
            person = people.find(place) if name.strip() else None
        except LookupError:
            continue
        if person:
            found[person] = name.strip()
    return replace(people, names=found | dict(people.names))


def folded(written: str) -> str:
    """Return a text in which case, blanks, a name before the place and an age after it are left aside.

    Examples
    --------
    >>> folded("Anna – Barn  1 (8 år)"), folded("BARN 1")
    ('barn 1', 'barn 1')
    """
    place = written.rpartition(_SEPARATOR)[2]
    return " ".join(_AGE.sub("", place).casefold().split())


def both_sides(one: Iterable[str], other: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return what only the one holds and what only the other holds, compared as `folded`."""
    here, there = ({folded(label): label for label in labels} for labels in (one, other))
    return [here[key] for key in here if key not in there], [there[key] for key in there if key not in here]


def _whole_family() -> set[str]:
    return {folded(text("plan_forms.whole_family", lang)) for lang in LANGUAGES}
