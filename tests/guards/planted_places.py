"""Files of every kind in which something can be planted, each as name and content made from the planted text."""

import functools
import io
import json
import zipfile
from collections.abc import Callable

import docx
import matplotlib
import matplotlib.pyplot as plt
import nbformat
import openpyxl
import openpyxl.comments
import openpyxl.workbook.defined_name
import openpyxl.worksheet.datavalidation
import pptx
import pptx.util
import pypdf
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pypdf.annotations import FreeText

File = tuple[str, bytes]
#: Name of the place to what makes the file.
PLACES: dict[str, Callable[[str], File]] = {}


def place(make: Callable[[str], File]) -> Callable[[str], File]:
    PLACES[make.__name__] = make
    return make


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def html(body: str, head: str = "") -> File:
    return "page.html", f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode()


def png(**texts: str) -> bytes:
    told, out = PngInfo(), io.BytesIO()
    for key, value in texts.items():
        told.add_itxt(key, value)
    Image.new("RGB", (4, 4)).save(out, "PNG", pnginfo=told)
    return out.getvalue()


def base64_of(content: bytes) -> str:
    return __import__("base64").b64encode(content).decode()


# Pages ---------------------------------------------------------------------------------------------------------------
@place
def page_text(text):
    return html(f"<p>Før {escaped(text)} efter</p>")


@place
def page_split_over_tags(text):
    middle = len(text) // 2
    return html(f"<p>{escaped(text[:middle])}<b>{escaped(text[middle:])}</b></p>")


@place
def page_text_after_comment(text):
    return html(f"<p>a <!-- b -->{escaped(text)}</p>")


@place
def page_table(text):
    return html(f"<table><tr><td>x</td><td>{escaped(text)}</td></tr></table>")


@place
def page_alternative_text(text):
    return html(f'<img src="a.png" alt="{escaped(text)}">')


@place
def page_tooltip(text):
    return html(f'<p title="{escaped(text)}">x</p>')


@place
def page_comment(text):
    return html(f"<p>x</p><!-- {text} -->")


@place
def page_script(text):
    return html(f"<script>const x = {json.dumps(text)};</script>")


@place
def page_json_inside(text):
    inside = json.dumps({"a": [text]}, ensure_ascii=False)
    return html(f'<script type="application/json">{inside}</script>')


@place
def page_entities(text):
    return html("<p>" + "".join(f"&#{ord(sign)};" for sign in text) + "</p>")


@place
def page_description(text):
    return html("<p>x</p>", f'<meta name="description" content="{escaped(text)}"><title>x</title>')


@place
def page_title(text):
    return html("<p>x</p>", f"<title>{escaped(text)}</title>")


@place
def page_picture_inside(text):
    return html(f'<img alt="x" src="data:image/png;base64,{base64_of(png(Comment=text))}">')


@place
def page_hidden(text):
    return html(f'<div style="display:none"><input type="hidden" value="{escaped(text)}">x</div>')


# Data ----------------------------------------------------------------------------------------------------------------
@place
def search_index(text):
    return "searchindex.js", f"Search.setIndex({json.dumps({'titles': {text: [1]}})})".encode()


@place
def script_with_escapes(text):
    return "app.js", ("const a = '" + "".join(f"\\u{ord(sign):04x}" for sign in text) + "';").encode()


@place
def style_comment(text):
    return "a.css", f"/* {text} */ p {{ color: red }}".encode()


@place
def json_value(text):
    return "a.json", json.dumps({"rows": [{"a": text}]}).encode()


@place
def json_name(text):
    return "a.json", json.dumps({text: 1}).encode()


@place
def csv_cell(text):
    return "a.csv", f'a;b\n1;"{text}"\n'.encode()


@place
def csv_heading(text):
    return "a.csv", f'a;"{text}"\n1;2\n'.encode("cp1252", errors="replace")


@place
def plain_text(text):
    return "a.txt", f"Linje\nsom {text} siger\n".encode()


@place
def plain_text_utf16(text):
    return "a.txt", f"som {text} siger\n".encode("utf-16")


@place
def markdown(text):
    return "a.md", f"# Titel\n\n- {text}\n".encode()


@place
def calendar_folded(text):
    line = f"SUMMARY:Møde om {text}"
    return "a.ics", ("BEGIN:VCALENDAR\r\n" + line[:16] + "\r\n " + line[16:] + "\r\nEND:VCALENDAR\r\n").encode()


# Notebooks -----------------------------------------------------------------------------------------------------------
def notebook(**parts) -> File:
    cell = nbformat.v4.new_code_cell(parts.get("source", "1"), metadata=parts.get("cell_metadata", {}))
    cell.outputs = parts.get("outputs", [])
    book = nbformat.v4.new_notebook(cells=[cell], metadata=parts.get("metadata", {}))
    return "a.ipynb", nbformat.writes(book).encode()


@place
def notebook_source(text):
    return notebook(source=f"a = 1\n# {text}\nb = 2")


@place
def notebook_printed(text):
    return notebook(outputs=[nbformat.v4.new_output("stream", text=f"x\n{text}\n")])


@place
def notebook_table(text):
    return notebook(outputs=[nbformat.v4.new_output("display_data", {"text/html": f"<td>{escaped(text)}</td>"})])


@place
def notebook_metadata(text):
    return notebook(metadata={"papermill": {"parameters": {"note": text}}})


@place
def notebook_cell_metadata(text):
    return notebook(cell_metadata={"helhed": {"alt": text}})


@place
def notebook_widget_state(text):
    state = {"application/vnd.jupyter.widget-state+json": {"state": {"a": {"state": {"value": text}}}}}
    return notebook(metadata={"widgets": state})


@place
def notebook_picture(text):
    return notebook(outputs=[nbformat.v4.new_output("display_data", {"image/png": base64_of(png(Title=text))})])


@place
def notebook_error(text):
    error = nbformat.v4.new_output("error", ename="E", evalue=text, traceback=[f"\x1b[0;31m{text}\x1b[0m"])
    return notebook(outputs=[error])


# Pictures ------------------------------------------------------------------------------------------------------------
@place
def png_text(text):
    return "a.png", png(Description=text)


@place
def png_after_its_end(text):
    return "a.png", png() + f" {text} ".encode("latin-1", errors="replace")


@place
def jpeg_camera_data(text):
    out, picture = io.BytesIO(), Image.new("RGB", (4, 4))
    data = picture.getexif()
    data[0x010E] = text.encode()
    picture.save(out, "JPEG", exif=data)
    return "a.jpg", out.getvalue()


@place
def jpeg_comment(text):
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, "JPEG", comment=text.encode("utf-8"))
    return "a.jpg", out.getvalue()


@place
def gif_comment(text):
    out = io.BytesIO()
    Image.new("P", (4, 4)).save(out, "GIF", comment=text.encode("utf-8"))
    return "a.gif", out.getvalue()


SVG = '<svg xmlns="http://www.w3.org/2000/svg">{}</svg>'


@place
def svg_text(text):
    return "a.svg", SVG.format(f"<text>{escaped(text)}</text>").encode()


@place
def svg_split_text(text):
    middle = len(text) // 2
    spans = f"<text><tspan>{escaped(text[:middle])}</tspan><tspan>{escaped(text[middle:])}</tspan></text>"
    return "a.svg", SVG.format(spans).encode()


@place
def svg_description(text):
    return "a.svg", SVG.format(f"<metadata><desc>{escaped(text)}</desc></metadata>").encode()


@place
def svg_comment(text):
    return "a.svg", SVG.format(f"<!-- {text.replace('--', '- ')} -->").encode()


# Word ----------------------------------------------------------------------------------------------------------------
def word(fill) -> File:
    document, out = docx.Document(), io.BytesIO()
    document.core_properties.author = ""
    fill(document)
    document.save(out)
    return "a.docx", out.getvalue()


@place
def word_paragraph(text):
    return word(lambda document: document.add_paragraph(f"Se {text} her"))


@place
def word_split_over_runs(text):
    def fill(document):
        paragraph = document.add_paragraph("x ")
        for sign in text:
            paragraph.add_run(sign).bold = True

    return word(fill)


@place
def word_hidden(text):
    def fill(document):
        document.add_paragraph("x ").add_run(text).font.hidden = True

    return word(fill)


@place
def word_table(text):
    def fill(document):
        document.add_table(1, 2).rows[0].cells[1].text = text

    return word(fill)


@place
def word_header(text):
    def fill(document):
        document.sections[0].header.paragraphs[0].text = text

    return word(fill)


@place
def word_property(text):
    def fill(document):
        document.core_properties.title = text

    return word(fill)


@place
def word_keywords(text):
    def fill(document):
        document.core_properties.keywords = text

    return word(fill)


@place
def word_comment(text):
    def fill(document):
        run = document.add_paragraph().add_run("x")
        document.add_comment(run, text=text, author="", initials="")

    return word(fill)


@place
def word_picture(text):
    return word(lambda document: document.add_picture(io.BytesIO(png(Comment=text))))


@place
def word_alternative_text(text):
    def fill(document):
        document.add_picture(io.BytesIO(png()))
        document.inline_shapes[0]._inline.docPr.set("descr", text)

    return word(fill)


# Excel ---------------------------------------------------------------------------------------------------------------
def excel(fill) -> File:
    book, out = openpyxl.Workbook(), io.BytesIO()
    fill(book)
    book.save(out)
    return "a.xlsx", out.getvalue()


@place
def excel_cell(text):
    return excel(lambda book: book.active.append(["x", text]))


@place
def excel_hidden_sheet(text):
    def fill(book):
        sheet = book.create_sheet("Skjult")
        sheet["C7"] = text
        sheet.sheet_state = "veryHidden"

    return excel(fill)


@place
def excel_hidden_column(text):
    def fill(book):
        book.active["D4"] = text
        book.active.column_dimensions["D"].hidden = True

    return excel(fill)


@place
def excel_comment(text):
    def fill(book):
        book.active["A1"].comment = openpyxl.comments.Comment(text, "")

    return excel(fill)


@place
def excel_property(text):
    def fill(book):
        book.properties.subject = text

    return excel(fill)


@place
def excel_header(text):
    def fill(book):
        book.active.oddHeader.center.text = text

    return excel(fill)


@place
def excel_list(text):
    def fill(book):
        rule = openpyxl.worksheet.datavalidation.DataValidation(type="list", formula1=f'"a,{text}"')
        rule.add("A1")
        book.active.add_data_validation(rule)

    return excel(fill)


@place
def excel_help_text(text):
    def fill(book):
        rule = openpyxl.worksheet.datavalidation.DataValidation(type="whole", prompt=text, showInputMessage=True)
        rule.add("A1")
        book.active.add_data_validation(rule)

    return excel(fill)


@place
def excel_formula(text):
    def fill(book):
        book.active["A1"] = f'="{text}"&B1'

    return excel(fill)


@place
def excel_defined_name(text):
    def fill(book):
        name = openpyxl.workbook.defined_name.DefinedName("NAVN", attr_text=f'"{text}"')
        book.defined_names["NAVN"] = name

    return excel(fill)


# PowerPoint ----------------------------------------------------------------------------------------------------------
def slides(fill) -> File:
    show, out = pptx.Presentation(), io.BytesIO()
    show.core_properties.author = ""
    show.core_properties.last_modified_by = ""
    fill(show.slides.add_slide(show.slide_layouts[5]))
    show.save(out)
    return "a.pptx", out.getvalue()


@place
def slide_title(text):
    def fill(slide):
        slide.shapes.title.text = text

    return slides(fill)


@place
def slide_notes(text):
    def fill(slide):
        slide.notes_slide.notes_text_frame.text = text

    return slides(fill)


@place
def slide_table(text):
    def fill(slide):
        inch = pptx.util.Inches(1)
        slide.shapes.add_table(1, 2, inch, inch, inch, inch).table.cell(0, 1).text = text

    return slides(fill)


# PDF -----------------------------------------------------------------------------------------------------------------
@functools.cache
def page_of_pdf(shown: str) -> bytes:
    out = io.BytesIO()
    with matplotlib.rc_context({"pdf.fonttype": 42, "pdf.use14corefonts": False}):
        figure = plt.figure(figsize=(9, 2))
        figure.text(0.02, 0.5, shown)
        figure.savefig(out, format="pdf", metadata={"Creator": None, "Producer": None})
        plt.close(figure)
    return out.getvalue()


def pdf(fill=lambda writer: None, shown: str = "x") -> File:
    writer = pypdf.PdfWriter(clone_from=pypdf.PdfReader(io.BytesIO(page_of_pdf(shown))))
    fill(writer)
    after = io.BytesIO()
    writer.write(after)
    return "a.pdf", after.getvalue()


@place
def pdf_text(text):
    return pdf(shown=f"Se {text} her")


@place
def pdf_property(text):
    return pdf(lambda writer: writer.add_metadata({"/Subject": text}))


@place
def pdf_attachment(text):
    return pdf(lambda writer: writer.add_attachment("a.txt", text.encode()))


@place
def pdf_note(text):
    return pdf(lambda writer: writer.add_annotation(0, FreeText(text=text, rect=(50, 50, 200, 100))))


@place
def pdf_contents_list(text):
    return pdf(lambda writer: writer.add_outline_item(title=text, page_number=0))


# Archives ------------------------------------------------------------------------------------------------------------
def archive(files: dict[str, bytes], comment: str = "") -> File:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.comment = comment.encode()
        for name, content in files.items():
            packed.writestr(name, content)
    return "a.zip", out.getvalue()


@place
def zip_member(text):
    return archive({"a.txt": text.encode()})


@place
def zip_member_name(text):
    return archive({f"{text.replace('/', '_')}.txt": b"x"})


@place
def zip_comment(text):
    return archive({"a.txt": b"x"}, text)


@place
def zip_in_zip(text):
    return archive({"b.zip": archive({"c.docx": word_paragraph(text)[1]})[1]})


@place
def file_name(text):
    return f"{text.replace('/', '_')}.txt", b"x"
