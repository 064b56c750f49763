"""The evaluation plan in Word: agreed and signed before the numbers are seen."""

from helhed.evaluation.agreed import plan_lines, plan_sentence
from helhed.profile import Profile
from helhed.publishing.word_file import add_table, empty_document, word_bytes
from helhed.texts import text

_SIGNERS = ("project_leader", "steering_group", "data_manager")


def evaluation_plan(profile: Profile, lang: str) -> bytes:
    """Return the plan as a Word file with a place to sign; the same profile gives the same bytes."""
    document = empty_document(text("evaluation.plan_document_title", lang, name=profile.name), lang)
    if profile.is_synthetic:
        banner = text("outputs.synthetic_banner", lang, name=profile.name)
        document.add_paragraph().add_run(banner).bold = True
    document.add_paragraph(text("evaluation.plan_document_intro", lang))
    heads = [text(f"evaluation.plan_column_{name}", lang) for name in ("line", "agreed")]
    add_table(document, heads, plan_lines(profile, lang), (4.0, 12.6), 9.5)
    document.add_paragraph()
    document.add_paragraph(plan_sentence(profile, lang))
    heads = [text(f"evaluation.plan_sign_{name}", lang) for name in ("role", "date", "name")]
    rows = [(text(f"evaluation.plan_sign_{role}", lang), "", "") for role in _SIGNERS]
    add_table(document, heads, rows, (5.0, 3.6, 8.0))
    return word_bytes(document)


def evaluation_plan_files(profile: Profile, lang: str) -> dict[str, bytes]:
    """Return the plan by its file name."""
    return {"evaluation_plan.docx": evaluation_plan(profile, lang)}
