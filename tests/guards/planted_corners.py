"""Corners of files where no reader looks first: coded texts, parts no window shows, what an earlier saving left."""

import base64
import functools
import html
import io
import json
import struct
import unicodedata
import urllib.parse
import zipfile
import zlib
from collections.abc import Callable

from PIL import Image
from pypdf.annotations import FreeText
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject, NumberObject, TextStringObject

File = tuple[str, bytes]


def entities(text: str) -> str:
    return "".join(f"&#{ord(sign)};" for sign in text)


def per_cent(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


def escapes(text: str) -> str:
    return "".join(f"\\u{ord(sign):04x}" for sign in text)


def halves(text: str) -> tuple[str, str]:
    return text[: len(text) // 2], text[len(text) // 2 :]


def at_a_break(text: str) -> tuple[str, str]:
    """Return a text in two where a line may break: after a dash or at a space."""
    sign = "-" if "-" in text[:8] and text[0].isdigit() else " "
    first, found, last = text.partition(sign)
    return first + found.strip(), last


def part_of(name: str, ending: str, content: str) -> File:
    """Return an Office file that holds one part alone."""
    return f"a.{ending}", archive({name: content.encode()})


def archive(files: dict[str, bytes], comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name)
            entry.comment = comment
            packed.writestr(entry, content)
    return out.getvalue()


def two_of_a_name(text: str) -> File:
    first, last = archive({"word/a.xml": f"<a>{html.escape(text)}</a>".encode()}), archive({"word/b.xml": b"<a/>"})
    return "a.docx", archive_of_both(first, last)


def archive_of_both(*archives: bytes) -> bytes:
    """Return an archive in which every file has the same name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for one in archives:
            with zipfile.ZipFile(io.BytesIO(one)) as opened:
                entry = zipfile.ZipInfo("word/document.xml")
                # The library warns of a name that comes again; a hostile file is not made with it.
                packed.NameToInfo.clear()
                packed.writestr(entry, opened.read(opened.namelist()[0]))
    return out.getvalue()


def picture(kind: str, **settings) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, kind, **settings)
    return out.getvalue()


def camera_remark(text: str) -> bytes:
    data = Image.new("RGB", (4, 4)).getexif()
    data.get_ifd(0x8769)[0x9286] = b"UNICODE\0" + text.encode("utf-16-le")
    return picture("JPEG", exif=data)


def png_chunk(kind: bytes, body: bytes) -> bytes:
    whole, chunk = (
        picture("PNG"),
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)),
    )
    return whole[:33] + chunk + whole[33:]


def inventory(text: str) -> bytes:
    head = b"# Sphinx inventory version 2\n# Project: x\n# Version: 1\n# The rest is compressed using zlib.\n"
    return head + zlib.compress(f"a std:label -1 a.html {text}\n".encode())


def drawing(inside: str, before: str = "") -> File:
    return "a.svg", f'{before}<svg xmlns="http://www.w3.org/2000/svg">{inside}</svg>'.encode()


def notebook_with(data: dict) -> File:
    output = {"output_type": "display_data", "metadata": {}, "data": data}
    cell = {"cell_type": "code", "id": "0", "metadata": {}, "source": "1", "outputs": [output], "execution_count": 1}
    return "a.ipynb", json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def words(name: str, text: str) -> DictionaryObject:
    return DictionaryObject({NameObject(name): TextStringObject(text)})


def in_catalogue(name: str, value) -> Callable:
    return lambda writer: writer.root_object.__setitem__(NameObject(name), writer._add_object(value))


def note(writer, name: str, text: str) -> None:
    made = FreeText(text="x", rect=(1, 1, 9, 9))
    made[NameObject(name)] = TextStringObject(text)
    writer.add_annotation(0, made)


def spoken(writer, text: str) -> None:
    """Put a text that is read aloud instead of what a page shows into the page's instructions."""
    stream = DecodedStreamObject()
    stream.set_data(b"/Span <</ActualText <FEFF" + text.encode("utf-16-be").hex().encode() + b">>> BDC EMC")
    page = writer.pages[0]
    page[NameObject("/Contents")] = ArrayObject([page.raw_get("/Contents"), writer._add_object(stream)])


def about_the_file(writer, text: str) -> None:
    stream = DecodedStreamObject()
    stream.set_data(f'<x:xmpmeta xmlns:x="x"><x:D title="{html.escape(text)}"/></x:xmpmeta>'.encode())
    writer.root_object[NameObject("/Metadata")] = writer._add_object(stream)


def corners(places) -> dict[str, Callable[[str], File]]:
    """Return name of the corner to what makes the file; ``places`` is the module with the usual places."""
    page, pdf, esc = places.html, places.pdf, html.escape
    return {
        **_of_pages(page, esc),
        **_of_data(esc),
        **_of_pictures(esc),
        **_of_office(esc),
        **_of_pdf(pdf),
    }


def _of_pages(page, esc) -> dict:
    framed = lambda text: esc("<p>{}<b>{}</b></p>".format(*map(esc, halves(text))))  # noqa: E731
    return {
        "page_noscript": lambda text: page(f"<noscript><p>{esc(text)}</p></noscript>"),
        "page_template": lambda text: page(f"<template><p>{esc(text)}</p></template>"),
        "page_in_a_frame": lambda text: page(f'<iframe srcdoc="{framed(text)}"></iframe>'),
        "page_line_break": lambda text: page("<p>{}<br>{}</p>".format(*at_a_break(text))),
        "page_list": lambda text: page("<ul><li>{}</li><li>{}</li></ul>".format(*at_a_break(text))),
        "page_formula": lambda text: page("<math><mn>{}</mn><mn>{}</mn></math>".format(*halves(text))),
        "page_unknown_tags": lambda text: page("<p><x-y>{}</x-y><samp>{}</samp></p>".format(*halves(text))),
        "page_comment_before": lambda text: ("a.html", f"<!-- {text} --><!doctype html><p>x</p>".encode()),
        "page_comment_behind": lambda text: ("a.html", f"<!doctype html><p>x</p></html><!-- {text} -->".encode()),
        "page_label": lambda text: page(f'<button aria-label="{esc(text)}">x</button>'),
        "page_address": lambda text: page(f'<a href="x.html?q={per_cent(text)}">x</a>'),
        "page_linked_data": lambda text: page(f'<script type="application/ld+json">{json.dumps([text])}</script>'),
        "page_style": lambda text: page(f"<style>p:before {{content: '{text}'}}</style><p>x</p>"),
        "page_joiners": lambda text: page("<p>" + "\u200d".join(text) + "</p>"),
        "page_soft_hyphens": lambda text: page("<p>" + "&shy;".join(text) + "</p>"),
        "page_hard_spaces": lambda text: page(f"<p>{text.replace(' ', '&nbsp;').replace('-', '&#8209;')}</p>"),
        "page_marks_apart": lambda text: page(f"<p>{unicodedata.normalize('NFD', text)}</p>"),
        "page_wide_digits": lambda text: page(
            f"<p>{''.join(chr(ord(sign) + 0xFEE0) if sign.isdigit() else sign for sign in text)}</p>"
        ),
        "page_file_inside": lambda text: page(
            f'<a href="data:text/html;base64,{base64.b64encode(f"<p>{esc(text)}</p>".encode()).decode()}">x</a>'
        ),
        "page_table_inside": lambda text: page(f'<a href="data:text/csv,{urllib.parse.quote(f"a;{text}")}">x</a>'),
        "style_codes": lambda text: (
            "a.css",
            f"p {{content: '{''.join(f'{chr(92)}{ord(s):x} ' for s in text)}'}}".encode(),
        ),
        "script_in_parts": lambda text: ("a.js", 'a = "{}" + "{}";'.format(*halves(text)).encode()),
        "script_in_braces": lambda text: (
            "a.js",
            f"a = '{''.join(f'{chr(92)}u{{{ord(s):x}}}' for s in text)}'".encode(),
        ),
    }


def _of_data(esc) -> dict:
    return {
        "json_entities": lambda text: ("a.json", json.dumps({"a": entities(text)}).encode()),
        "json_per_cent": lambda text: ("a.json", json.dumps({"a": per_cent(text)}).encode()),
        "json_tags": lambda text: ("a.json", json.dumps({"a": "<b>{}</b><i>{}</i>".format(*halves(text))}).encode()),
        "json_name_twice": lambda text: ("a.json", f'{{"a": {json.dumps(text)}, "a": 1}}'.encode()),
        "json_in_json": lambda text: ("a.json", json.dumps({"a": json.dumps([text])}).encode()),
        "search_index_entities": lambda text: (
            "searchindex.js",
            f'Search.setIndex({{"a":["{entities(text)}"]}})'.encode(),
        ),
        "inventory": lambda text: ("objects.inv", inventory(text)),
        "csv_entities": lambda text: ("a.csv", f"a;b\n1;{entities(text)}\n".encode()),
        "csv_per_cent": lambda text: ("a.csv", f"a;b\n1;{per_cent(text)}\n".encode()),
        "text_broken_line": lambda text: ("a.txt", "se {}\n{} her\n".format(*at_a_break(text)).encode()),
        "text_escapes": lambda text: ("a.txt", escapes(text).encode()),
        "text_emphasis": lambda text: ("a.md", "se **{}**{} her\n".format(*halves(text)).encode()),
        "notebook_widget_of_tags": lambda text: notebook_with(
            {"application/x+json": {"value": "<b>{}</b>{}".format(*map(esc, halves(text)))}}
        ),
        "notebook_chart": lambda text: notebook_with({"application/vnd.vegalite.v6+json": {"data": [{"a": text}]}}),
        "notebook_drawing": lambda text: notebook_with(
            {"image/svg+xml": drawing(f"<desc>{esc(text)}</desc>")[1].decode()}
        ),
        "file_name_marks_apart": lambda text: (unicodedata.normalize("NFD", text.replace("/", "_")) + ".txt", b"x"),
        "file_name_of_lines": lambda text: (text.replace(" ", "_").replace("/", "_") + ".txt", b"x"),
        "archive_remark": lambda text: ("a.zip", archive({"a.txt": b"x"}, text.encode())),
        "archive_before": lambda text: ("a.zip", b"#! " + text.encode() + b"\n" + archive({"a.txt": b"x"})),
        "picture_called_text": lambda text: ("a.txt", png_chunk(b"tEXt", b"Comment\0" + text.encode())),
    }


def _of_pictures(esc) -> dict:
    return {
        "png_packed": lambda text: ("a.png", png_chunk(b"iTXt", b"Comment\0\1\0\0\0" + zlib.compress(text.encode()))),
        "png_own_chunk": lambda text: ("a.png", png_chunk(b"teSt", text.encode())),
        "jpeg_remark": lambda text: ("a.jpg", camera_remark(text)),
        "jpeg_behind": lambda text: ("a.jpg", picture("JPEG") + b"  " + text.encode() + b"  "),
        "gif_behind": lambda text: ("a.gif", picture("GIF") + b"  " + text.encode() + b"  "),
        "svg_comment_before": lambda text: drawing("<g/>", f"<!-- {text} -->"),
        "svg_instruction": lambda text: drawing("<g/>", f"<?note {text}?>"),
        "svg_letters": lambda text: drawing(f"<text>{''.join(f'<tspan>{esc(sign)}</tspan>' for sign in text)}</text>"),
        "svg_page_inside": lambda text: drawing(f"<foreignObject><p>{esc(text)}</p></foreignObject>"),
        "svg_script": lambda text: drawing(f'<g onclick="a(&quot;{esc(text)}&quot;)"/>'),
    }


def _of_office(esc) -> dict:
    within = lambda tag: lambda text: part_of("word/document.xml", "docx", tag.format(esc(text)))  # noqa: E731
    sheet = lambda part, tag: lambda text: part_of(part, "xlsx", tag.format(esc(text)))  # noqa: E731
    parted = "<w:p xmlns:w='w'><w:t>{}<!-- x -->{}</w:t></w:p>"
    return {
        "word_own_data": lambda text: part_of("customXml/item1.xml", "docx", f"<a>{esc(text)}</a>"),
        "word_own_property": lambda text: part_of(
            "docProps/custom.xml", "docx", f"<P><lpwstr>{esc(text)}</lpwstr></P>"
        ),
        "word_variable": within('<a val="{}"/>'),
        "word_table_caption": within('<w:tblCaption xmlns:w="w" w:val="{}"/>'),
        "word_deleted": within("<p><delText>{}</delText></p>"),
        "word_xml_comment": within("<p><!-- {} --></p>"),
        "word_parted_by_comment": lambda text: part_of(
            "word/document.xml", "docx", parted.format(*map(esc, halves(text)))
        ),
        "word_part_twice": two_of_a_name,
        "word_chart": lambda text: part_of("word/charts/chart1.xml", "docx", f"<c><v>{esc(text)}</v></c>"),
        "word_object": lambda text: (
            "a.docx",
            archive({"word/embeddings/a.bin": b"\xd0\xcf" + text.encode("utf-16-le")}),
        ),
        "excel_pivot": sheet("xl/pivotCache/a.xml", '<p><s v="{}"/></p>'),
        "excel_filter": sheet("xl/worksheets/a.xml", '<filter val="{}"/>'),
        "excel_format": sheet("xl/styles.xml", '<numFmt formatCode="0 {}"/>'),
        "excel_other_file": sheet("xl/externalLinks/a.xml", "<cell><v>{}</v></cell>"),
        "excel_scenario": sheet("xl/worksheets/a.xml", '<scenario comment="{}"/>'),
        "excel_query": sheet("xl/connections.xml", '<dbPr command="SELECT {}"/>'),
        "excel_entities": lambda text: part_of(
            "xl/sharedStrings.xml", "xlsx", f"<si><t>{esc(entities(text))}</t></si>"
        ),
    }


def _of_pdf(pdf) -> dict:
    made = lambda fill: lambda text: pdf(functools.partial(fill, text=text))  # noqa: E731
    return {
        "pdf_note_subject": lambda text: pdf(lambda writer: note(writer, "/Subj", text)),
        "pdf_note_rich": lambda text: pdf(lambda writer: note(writer, "/RC", text)),
        "pdf_picture_described": lambda text: pdf(in_catalogue("/StructTreeRoot", words("/Alt", text))),
        "pdf_script": lambda text: pdf(in_catalogue("/OpenAction", words("/JS", f"app.alert('{text}')"))),
        "pdf_layer": lambda text: pdf(in_catalogue("/OCProperties", words("/Name", text))),
        "pdf_page_name": lambda text: pdf(
            in_catalogue("/PageLabels", ArrayObject([NumberObject(0), words("/P", text)]))
        ),
        "pdf_place": lambda text: pdf(lambda writer: writer.add_named_destination(text, 0)),
        "pdf_forgotten_part": lambda text: pdf(lambda writer: writer._add_object(words("/Old", text))),
        "pdf_read_aloud": made(spoken),
        "pdf_about": made(about_the_file),
        "pdf_behind": lambda text: ("a.pdf", pdf()[1] + b"\n% " + text.encode() + b"\n"),
        "pdf_before_saving_again": lambda text: (
            "a.pdf",
            pdf()[1].replace(
                b"startxref", b"9 0 obj stream\n" + zlib.compress(f"({text})".encode()) + b"\nendstream\nstartxref"
            ),
        ),
    }
