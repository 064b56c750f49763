"""Every field that a Word template of the plan may use, and which of them a kind of document cannot do without."""

from dataclasses import dataclass

from helhed.plan.views import COORDINATOR, FAMILY, MEETING

#: Every field a template may use: None for a text or a picture, else the fields of each row of a list.
FIELDS: dict[str, tuple[str, ...] | None] = {
    "municipality": None,
    "made_on": None,
    "family": None,
    "notice": None,
    "version": None,
    "department": None,
    "law_note": None,
    "hidden": None,
    "changes_since": None,
    "changes": ("text",),
    "members": ("name", "role"),
    "own_goals": ("text",),
    "agreements": ("what", "who", "when"),
    "now": ("name", "lines"),
    "coordinator": None,
    "meeting": None,
    "questions": ("text",),
    "timeline": None,
    "network_picture": None,
    "areas": ("name", "goals", "actions", "owners"),
    "lines": ("person", "area", "goal", "action", "owner", "dates", "status", "source", "legal", "seen_by", "mark"),
    "network": ("name", "what"),
    "participants": None,
    "findings": ("severity", "text", "question"),
    "meeting_questions": ("severity", "text", "question"),
    "consents": ("who", "what", "state"),
    "dates": ("date", "act_by", "kind", "who", "what", "owner"),
    "phase": None,
    "phase_out_from": None,
    "fade_out_to": None,
    "fade_out_steps": ("what", "who", "when", "state"),
    "continues": ("text",),
    "contact_after": None,
    "review": None,
    "statutes": ("name", "text", "url", "read"),
    "contents": ("person", "rule", "content", "state"),
    "replacements": ("person", "rule", "plan", "state"),
    "law_questions": ("text", "url"),
    "meeting_date": None,
    "meeting_time": None,
    "meeting_place": None,
    "invited": ("name",),
    "held_date": None,
    "held_kind": None,
    "held_participants": None,
    "shares": ("department", "today"),
    "children_asked": ("name",),
    "children_party": None,
    "signers": ("name",),
    "evaluation": ("who", "question", "answer", "score"),
    "lix": None,
    "lix_level": None,
}
#: What no document may leave out: that a family is invented, and that the law must be checked.
_ALWAYS = ("notice", "law_note")


@dataclass(frozen=True)
class Kind:
    """A kind of document: the name of its template, who reads it, and the fields it cannot do without.

    ``reader`` is a reader of `helhed.plan.views`; empty for the extract that each department gets.
    """

    name: str
    folder: str
    reader: str
    required: tuple[str, ...]

    @property
    def needs(self) -> tuple[str, ...]:
        """Return every field the document cannot do without."""
        return (*self.required, *_ALWAYS)


#: Every kind of document by the name of its template.
KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "familiens_plan", "plan", FAMILY, ("own_goals", "agreements", "now", "coordinator", "meeting", "timeline")
        ),
        Kind("fagplan", "professional", COORDINATOR, ("lines", "findings", "consents", "dates", "hidden")),
        Kind("forvaltning", "department", "", ("department", "lines")),
        Kind("indkaldelse", "invitation", MEETING, ("meeting_date", "invited")),
        Kind("dagsorden", "agenda", MEETING, ("own_goals", "agreements", "meeting_questions")),
        Kind("referat", "minutes", MEETING, ("held_date", "held_participants", "agreements")),
        Kind("samtykke", "consent", FAMILY, ("shares", "signers")),
        Kind("udfasning", "phase_out", FAMILY, ("phase_out_from", "continues", "contact_after")),
    )
}
