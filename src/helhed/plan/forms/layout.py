"""What the forms of a plan hold: their sheets and fields, declared once for Excel and Word, Danish and English."""

from dataclasses import dataclass
from functools import cache

from helhed.tables import codes
from helhed.texts import LANGUAGES, catalogue, text


@dataclass(frozen=True)
class Field:
    """One field of a sheet.

    ``kind``: ``text``, ``date``, ``time``, ``number``, ``count``, ``flag``, ``person``, ``code`` or ``codes``; for the
    last two ``codes`` names the list. A ``fixed`` field is shown for orientation and is not read back.
    """

    name: str
    kind: str = "text"
    codes: str = ""
    fixed: bool = False

    def label(self, lang: str) -> str:
        """Return the field's name in the language."""
        return text(f"plan_forms.field_{self.name}", lang)


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook, or one part of a Word form.

    ``key`` is the field that numbers the rows, ``prefix`` begins the number of a new row. With ``keeps_rows`` a row
    that is gone from the form stays in the plan. ``is_card``: in Word each row is a table of its own.
    """

    name: str
    fields: tuple[Field, ...]
    key: str = ""
    prefix: str = ""
    keeps_rows: bool = False
    is_card: bool = False
    n_spare: int = 3

    def title(self, lang: str) -> str:
        """Return the sheet's name in the language."""
        return text(f"plan_forms.sheet_{self.name}", lang)

    def help(self, lang: str) -> str:
        """Return in a sentence or two how the sheet is filled in."""
        return text(f"plan_forms.help_{self.name}", lang)

    def field(self, name: str) -> Field:
        """Return the field of a name; `KeyError` if the sheet has none."""
        return {field.name: field for field in self.fields}[name]


_WHO = Field("person_id", "person")
_LINE_FIELDS = (
    _WHO,
    Field("life_area", "code", "life_area"),
    Field("goal"),
    Field("action"),
    Field("owner"),
    Field("start_date", "date"),
    Field("due_date", "date"),
    Field("status", "code", "line_status"),
    Field("section"),
    Field("hours_per_week", "number"),
    Field("weekdays", "codes", "weekday"),
    Field("day_start", "time"),
    Field("day_end", "time"),
    Field("consent_scope", "codes", "department"),
)

#: The form of a family's shared plan.
PLAN_SHEETS: tuple[Sheet, ...] = (
    Sheet(
        "about",
        (
            Field("family_id", fixed=True),
            Field("as_of", "date", fixed=True),
            Field("version", "count", fixed=True),
            Field("start_date", "date"),
            Field("coordinator_id"),
            Field("fade_from_date", "date"),
            Field("fade_to_date", "date"),
            Field("contact_after"),
            Field("changed_by"),
            Field("changed_date", "date"),
        ),
        is_card=True,
        n_spare=0,
    ),
    Sheet(
        "members", (Field("label", fixed=True), Field("role", "code", "family_role", fixed=True)), "label", n_spare=0
    ),
    Sheet(
        "lines",
        (Field("line_id"), Field("source_plan", "code", "source_plan"), *_LINE_FIELDS),
        "line_id",
        "ny-",
        keeps_rows=True,
        is_card=True,
    ),
    Sheet(
        "meetings",
        (
            Field("meeting_id"),
            Field("held_date", "date"),
            Field("meeting_kind", "code", "meeting_kind"),
            Field("participants"),
            Field("start_time", "time"),
            Field("end_time", "time"),
            Field("place"),
            Field("repeats_weeks", "count"),
        ),
        "meeting_id",
        "møde-",
        keeps_rows=True,
    ),
    Sheet(
        "agreements",
        (
            Field("agreement_id"),
            Field("at_meeting"),
            Field("what"),
            Field("owner"),
            Field("due_date", "date"),
            Field("is_done", "flag"),
        ),
        "agreement_id",
        "aftale-",
        keeps_rows=True,
        n_spare=6,
    ),
    Sheet(
        "network",
        (
            Field("contact_id"),
            Field("who"),
            Field("contact_kind", "code", "contact_kind"),
            Field("network_of", "person"),
            Field("what"),
            Field("takes_part", "flag"),
        ),
        "contact_id",
        "n",
    ),
    Sheet(
        "consents",
        (
            Field("consent_id"),
            Field("consent_kind", "code", "consent_kind"),
            Field("given_by", "person"),
            Field("about", "person"),
            Field("departments", "codes", "department"),
            Field("life_areas", "codes", "life_area"),
            Field("from_date", "date"),
            Field("to_date", "date"),
            Field("withdrawn_date", "date"),
            Field("note"),
        ),
        "consent_id",
        "s",
        keeps_rows=True,
        is_card=True,
    ),
    Sheet(
        "fade_out",
        (
            Field("step_id"),
            Field("what"),
            Field("takes_over"),
            Field("due_date", "date"),
            Field("is_done", "flag"),
        ),
        "step_id",
        "u",
    ),
    Sheet("reviews", (Field("review_date", "date"),), "review_date"),
    Sheet(
        "evaluations",
        (
            Field("evaluation_id"),
            Field("evaluated_date", "date"),
            _WHO,
            Field("question"),
            Field("answer"),
            Field("score", "count"),
        ),
        "evaluation_id",
        "e",
    ),
)

#: The form that one office fills in with its own plan.
SECTOR_SHEETS: tuple[Sheet, ...] = (
    Sheet(
        "sector",
        (
            Field("family_id"),
            Field("source_plan", "code", "source_plan"),
            Field("written_by"),
            Field("written_date", "date"),
        ),
        is_card=True,
        n_spare=0,
    ),
    Sheet("sector_members", (Field("label"),), "label", n_spare=6),
    Sheet("sector_lines", (Field("row_no"), *_LINE_FIELDS), "row_no", is_card=True, n_spare=6),
)

_OF_FAMILY = ("meetings", "agreements", "network", "consents", "fade_out", "reviews", "evaluations")

#: The form that the coordinator fills in with the family: what no case system holds.
FAMILY_SHEETS: tuple[Sheet, ...] = (
    Sheet(
        "family",
        (
            Field("family_id"),
            Field("written_by"),
            Field("written_date", "date"),
            Field("fade_from_date", "date"),
            Field("fade_to_date", "date"),
            Field("contact_after"),
        ),
        is_card=True,
        n_spare=0,
    ),
    SECTOR_SHEETS[1],
    *(sheet for sheet in PLAN_SHEETS if sheet.name in _OF_FAMILY),
)


@cache
def code_labels(name: str, lang: str) -> dict[str, str]:
    """Return the names of a code list's codes: a list of the contracts, or one that only the forms have."""
    if name in codes():
        return {code: labels[lang] for code, labels in codes()[name].items()}
    prefix = f"plan_forms.code_{name}_"
    return {key.removeprefix(prefix): texts[lang] for key, texts in catalogue().items() if key.startswith(prefix)}


@cache
def codes_by_label(name: str) -> dict[str, str]:
    """Return the codes of a list by every way they may be written: in both languages, and as they are."""
    written = {label.casefold(): code for lang in LANGUAGES for code, label in code_labels(name, lang).items()}
    return written | {code: code for code in code_labels(name, "da")}


def prompt_of(field: Field, lang: str) -> str:
    """Return what an empty field invites to: to choose, or how a date, a time or several codes are written."""
    if field.kind == "codes":
        return text("plan_forms.prompt_codes", lang, known="; ".join(code_labels(field.codes, lang).values()))
    chosen = {"person": "choose", "code": "choose", "flag": "choose", "date": "date", "time": "time"}.get(field.kind)
    return text(f"plan_forms.prompt_{chosen}", lang) if chosen else ""
