"""The family's plan and the coordinator's edition of it as web pages: one file each, pictures inside."""

import tomllib
from base64 import b64encode
from functools import cache
from importlib import resources

from helhed import kit_files
from helhed.plan.documents import Occasion, document_fields, network_of, timeline_of
from helhed.plan.family_page import Wording
from helhed.plan.fields import Kind
from helhed.plan.model import FamilyPlan
from helhed.plan.template_check import environment
from helhed.plan.views import FAMILY


def _columns(words: str) -> tuple[tuple[str, str], ...]:
    """Return (heading, field) of a table's columns from "word" or "word:field", the field being the word if none."""
    return tuple((word.partition(":")[0], word.rpartition(":")[2]) for word in words.split())


#: What stands on a page: heading (a word of the templates), form, field, and the columns of a table.
_FAMILY = (
    ("own_goals", "list", "own_goals", ()),
    ("changed", "list", "changes", ()),
    ("agreed", "table", "agreements", _columns("what who when")),
    ("meeting", "text", "meeting", ()),
    ("contact", "text", "coordinator", ()),
    ("overview", "pictures", "", ()),
    ("now", "persons", "now", ()),
    ("questions", "list", "questions", ()),
)
_LINE = "person area goal action owner from_to:dates status source legal seen_by mark"
_PROFESSIONAL = (
    ("changed", "list", "changes", ()),
    ("areas", "table", "areas", _columns("area:name goals actions owners")),
    ("findings", "table", "findings", _columns("severity found:text question")),
    ("lines", "table", "lines", _columns(_LINE)),
    ("network", "table", "network", _columns("name works_on:what")),
    ("consents", "table", "consents", _columns("person:who what state")),
    ("dates", "table", "dates", _columns("date act_by kind who what owner")),
    ("evaluation", "table", "evaluation", _columns("person:who question_mark:question answer_given:answer score")),
    ("statutes", "table", "statutes", _columns("rule:name says:text source:url read")),
    ("contents", "table", "contents", _columns("person rule content state")),
    ("replacements", "table", "replacements", _columns("person replaced:plan rule state")),
    ("law_questions", "table", "law_questions", _columns("question_mark:text source:url")),
)
_SECTIONS = {"familiens_plan": ("plan", _FAMILY), "fagplan": ("professional", _PROFESSIONAL)}
#: The kinds of document that are also made as web pages.
WEB_KINDS = tuple(_SECTIONS)


def web_page(kind: Kind, plan: FamilyPlan, wording: Wording, before: FamilyPlan | None = None) -> str:
    """Return one document of a plan as a whole web page, filled from what its reader may see."""
    title, sections = _SECTIONS[kind.name]
    says = template_words(wording.lang)
    fields = document_fields(plan, kind.reader, wording, Occasion(before))
    if kind.reader == FAMILY:
        pictures = [make(plan, kind.reader, wording) for make in (timeline_of, network_of)]
        fields["pictures"] = [
            {"data": b64encode(picture.png).decode(), "alt": picture.alt, "width": picture.pixels_on_screen}
            for picture in pictures
        ]
    template = environment().from_string(resources.files("helhed.plan").joinpath("page.html").read_text("utf-8"))
    return template.render(
        lang=wording.lang,
        title=says[title],
        size=19 if kind.reader == FAMILY else 15,
        f=fields,
        says=says,
        sections=sections,
    )


@cache
def template_words(lang: str) -> dict:
    """Return the fixed words of the templates in the language: Word files and web pages say the same."""
    file = kit_files.folder("templates") / "template_words.toml"
    return {name: texts[lang] for name, texts in tomllib.loads(file.read_text(encoding="utf-8")).items()}
