"""The slides on the indicators for the political committee, as a PowerPoint file."""

import io
from collections.abc import Sequence

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_CONNECTOR
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml import parse_xml
from pptx.presentation import Presentation as Slides
from pptx.slide import Slide
from pptx.util import Cm, Emu, Pt

from helhed.outputs import Picture
from helhed.plan.documents import same_bytes
from helhed.publishing.indicator_report import Report
from helhed.texts import language_tag, text

_WIDTH, _HEIGHT, _MARGIN = Cm(33.87), Cm(19.05), Cm(1.6)
_TITLE_SLIDE, _BULLETS, _TITLE_ONLY = 0, 1, 5
_BLUE, _INK, _RED = RGBColor(0x00, 0x4F, 0x7C), RGBColor(0x1F, 0x29, 0x33), RGBColor(0xA3, 0x3B, 0x00)
_TOP, _BODY, _WORDS_WIDTH = Cm(3.4), Cm(14.4), Cm(8.4)
#: Tells a screen reader that a line is only for the eye.
_DECORATIVE = (
    '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    '<a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}">'
    '<adec:decorative xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/>'
    "</a:ext></a:extLst>"
)


def indicator_slides(report: Report) -> bytes:
    """Return the slides as a PowerPoint file (16:9); same input, same bytes.

    Title; in short; one slide per picture with what it shows; what cannot be said yet; how to read; what to ask.
    """
    slides = _empty(report)
    _opening(slides, report)
    _bullets(slides, text("monitoring_outputs.memo_short", report.lang), report.in_short, report)
    for picture in report.pictures:
        _pictured(slides, picture, report)
    silent = report.silent or [text("monitoring_outputs.slide_none_silent", report.lang)]
    _bullets(slides, text("monitoring_outputs.slide_silent", report.lang), silent, report)
    _bullets(slides, text("monitoring_outputs.memo_ask", report.lang), report.questions, report)
    _bullets(slides, text("monitoring_outputs.memo_reading", report.lang), report.reading, report)
    buffer = io.BytesIO()
    slides.save(buffer)
    return same_bytes(buffer.getvalue())


def _empty(report: Report) -> Slides:
    slides = Presentation()
    stretch = _WIDTH / slides.slide_width
    slides.slide_width, slides.slide_height = _WIDTH, _HEIGHT
    for layout in (slides.slide_master, *slides.slide_layouts):
        for shape in layout.placeholders:
            shape.left, shape.width, shape.top, shape.height = (
                Emu(int(size)) for size in (shape.left * stretch, shape.width * stretch, shape.top, shape.height)
            )
    core = slides.core_properties
    core.title, core.author, core.language = report.title, "Helhed", language_tag(report.lang)
    return slides


def _opening(slides: Slides, report: Report) -> None:
    slide = slides.slides.add_slide(slides.slide_layouts[_TITLE_SLIDE])
    _place(slide.shapes.title, Cm(5.2), Cm(3.6))
    _write(slide.shapes.title.text_frame, [report.title], 38, report.lang, _BLUE)
    under = slide.placeholders[1]
    _place(under, Cm(9.2), Cm(5))
    _write(under.text_frame, [report.period, *filter(None, [report.warning])], 20, report.lang)
    if report.warning:
        under.text_frame.paragraphs[-1].runs[0].font.color.rgb = _RED


def _bullets(slides: Slides, title: str, sentences: Sequence[str], report: Report) -> None:
    slide = slides.slides.add_slide(slides.slide_layouts[_BULLETS])
    _head(slide, title, report.lang)
    body = slide.placeholders[1]
    _place(body, _TOP, _BODY)
    _write(body.text_frame, sentences, _points(sentences), report.lang)


def _pictured(slides: Slides, picture: Picture, report: Report) -> None:
    slide = slides.slides.add_slide(slides.slide_layouts[_TITLE_ONLY])
    _head(slide, report.heading_of(picture), report.lang)
    shown = slide.shapes.add_picture(io.BytesIO(picture.png), _MARGIN, _TOP)
    room = _WIDTH - 3 * _MARGIN - _WORDS_WIDTH
    scale = min(room / shown.width, _BODY / shown.height)
    shown.width, shown.height = int(shown.width * scale), int(shown.height * scale)
    shown._element.nvPicPr.cNvPr.set("descr", picture.alt)
    words = slide.shapes.add_textbox(_WIDTH - _MARGIN - _WORDS_WIDTH, _TOP, _WORDS_WIDTH, _BODY)
    words.text_frame.word_wrap = True
    _write(words.text_frame, [picture.caption], 18 if len(picture.caption) < 420 else 15, report.lang)


def _head(slide: Slide, title: str, lang: str) -> None:
    _place(slide.shapes.title, Cm(0.9), Cm(2.2))
    slide.shapes.title.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    rule = slide.shapes.add_connector(MSO_CONNECTOR.STRAIGHT, _MARGIN, Cm(3), _WIDTH - _MARGIN, Cm(3))
    rule.line.color.rgb, rule.line.width = _BLUE, Pt(1.5)
    rule._element.nvCxnSpPr.cNvPr.append(parse_xml(_DECORATIVE))
    _write(slide.shapes.title.text_frame, [title], 30, lang, _BLUE)


def _place(shape, top: int, height: int) -> None:
    shape.left, shape.top, shape.width, shape.height = _MARGIN, top, _WIDTH - 2 * _MARGIN, height


def _points(sentences: Sequence[str]) -> int:
    """Return a size of type in which the sentences keep to one slide."""
    length = sum(max(len(sentence), 90) for sentence in sentences)
    return next((points for points, most in ((22, 650), (18, 1000), (15, 1500)) if length <= most), 12)


def _write(frame, paragraphs: Sequence[str], points: int, lang: str, colour: RGBColor = _INK) -> None:
    frame.word_wrap = True
    for position, words in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if position == 0 else frame.add_paragraph()
        paragraph.alignment = None if points < 30 else 1
        paragraph.space_after = Pt(8)
        run = paragraph.add_run()
        run.text, run.font.size, run.font.color.rgb = words, Pt(points), colour
        run._r.get_or_add_rPr().set("lang", language_tag(lang))
