"""The guide as PDF: contents that name the right pages, tagged, without a way back into the machine that made it."""

import io
import shutil

import pytest
from lxml import html
from pypdf import PdfReader

from helhed.errors import StepFailed, WrongCall
from helhed.publishing import pdf_guide
from helhed.publishing.pdf_guide import contents, first_pages, pdf_of, print_page, write_pdfs

TITLE = "Vejle: helhedsorienteret familieindsats"
JOINED = """<html><body>
<div class="bd-toc-item navbar-nav"><p class="caption" role="heading">Begynd her</p><p class="caption">Slå op</p></div>
<article><section id="top"><h1>Guiden<a class="headerlink" href="#top">#</a></h1><p>Velkommen</p></section>
<div class="toctree-wrapper"><span id="document-first"></span><section id="first"><h2>Første kapitel
<a class="headerlink" href="#first">#</a></h2><p>{long}</p><details><summary>Mere</summary><p>Foldet væk</p></details>
<p><a href="_downloads/x.docx">Hent skabelonen</a> <a href="https://example.org/a">Kilde</a></p></section></div>
<div class="toctree-wrapper"><span id="document-second"></span><section id="second"><h2>Andet kapitel</h2>
<h3>Et afsnit om hvad andre offentliggjorte undersøgelser viser om en helhedsorienteret familieindsats</h3>
<p>Slut</p></section></div></article></body></html>"""


@pytest.fixture(scope="module")
def joined():
    return html.document_fromstring(JOINED.format(long="Der var en gang en familie. " * 600)).getroottree()


@pytest.fixture(scope="module")
def printed(joined, tmp_path_factory):
    """Return the guide printed as `write_pdfs` prints it: once for the pages, once with them."""
    folder, browser = tmp_path_factory.mktemp("pages"), shutil.which("chromium")
    once = pdf_of(print_page(joined, "da", TITLE), folder, browser, "da")
    page = print_page(joined, "da", TITLE, first_pages(once))
    return pdf_of(page, folder, browser, "da"), pdf_of(page, folder, browser, "da")


def test_contents_follow_the_parts_and_chapters(joined):
    lines = [(entry.title, entry.anchor) for entry in contents(joined)]
    assert lines == [
        ("Begynd her", ""),
        ("Første kapitel", "document-first"),
        ("Slå op", ""),
        ("Andet kapitel", "document-second"),
    ]


def test_pages_below_a_page_belong_to_it_and_make_no_part():
    below = '<div class="toctree-wrapper"><span id="document-below"></span><section><h3>Under</h3></section></div>'
    page = JOINED.format(long="").replace("<p>Slut</p>", f"<p>Slut</p>{below}")
    lines = [entry.title for entry in contents(html.document_fromstring(page).getroottree())]
    assert lines == ["Begynd her", "Første kapitel", "Slå op", "Andet kapitel"]


def test_chapters_become_the_first_level_and_local_links_go(joined):
    page = print_page(joined, "da", TITLE).decode()
    assert "<h1>Andet kapitel</h1>" in page and "<h2>Et afsnit om" in page
    assert "_downloads" not in page and 'href="https://example.org/a"' in page and "Hent skabelonen" in page
    assert '<html lang="da">' in page and f"<title>{TITLE}</title>" in page and f"<h1>{TITLE}</h1>" in page


@pytest.mark.browser
def test_contents_name_the_page_on_which_a_chapter_begins(printed):
    reader = PdfReader(io.BytesIO(printed[0]))
    texts = [page.extract_text() for page in reader.pages]
    start = next(number for number, words in enumerate(texts, start=1) if "Andet kapitel" in words and "Slut" in words)
    assert start > 5
    line = next(line for line in texts[1].splitlines() if line.startswith("Andet kapitel"))
    assert line.split()[-1] == str(start)
    assert f"{start} / {len(reader.pages)}" in texts[start - 1]
    assert any("Foldet væk" in words for words in texts)


@pytest.mark.browser
def test_the_file_is_tagged_in_its_language_and_the_same_every_time(printed):
    first, second = printed
    assert first == second
    catalogue = PdfReader(io.BytesIO(first)).trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"] and catalogue["/Lang"] == "da" and "/Outlines" in catalogue
    assert b"file://" not in first


@pytest.mark.browser
def test_bookmarks_keep_the_space_between_two_lines_of_a_heading(printed):
    def titles(outline) -> list[str]:
        return [title for one in outline for title in (titles(one) if isinstance(one, list) else [one.title])]

    found = titles(PdfReader(io.BytesIO(printed[0])).outline)
    assert "Et afsnit om hvad andre offentliggjorte undersøgelser viser om en helhedsorienteret familieindsats" in found


@pytest.mark.browser
def test_the_guide_as_built_becomes_one_page_with_every_chapter(site, printed, tmp_path, monkeypatch):
    pages = []
    monkeypatch.setattr(pdf_guide, "pdf_of", lambda page, *_: pages.append(page) or printed[0])
    (file,) = write_pdfs(site.with_name("source"), tmp_path, ("da",))
    whole = html.document_fromstring(pages[-1].decode())
    anchors = [link.get("href").removeprefix("#") for link in whole.xpath("//nav[@class='contents']//a")]
    assert file.name == "helhed-da.pdf" and len(anchors) > 50
    assert set(anchors) <= set(whole.xpath("//@id")) and whole.xpath("//h1")[0].text.startswith("Helhed")


@pytest.mark.browser
def test_a_wide_table_does_not_make_every_page_smaller(printed, tmp_path):
    heads = ("Organisering", "Fuldtidsstillinger", "Overleveringer pr. måned", "Højst familier pr. stilling") * 3
    cells = "".join(f"<th><p>{head}</p></th>" for head in heads[:11])
    numbers = '<td class="number"><p>347.721\xa0kr.</p></td>' * 11
    wide = f"<table><thead><tr>{cells}</tr></thead><tbody><tr>{numbers}</tr></tbody></table></section></div></article>"
    whole = JOINED.format(long="Der var en gang en familie. " * 600).replace("</section></div></article>", wide)
    page = print_page(html.document_fromstring(whole).getroottree(), "da", TITLE)
    assert first_pages(pdf_of(page, tmp_path, shutil.which("chromium"), "da")) == first_pages(printed[0])


def test_without_a_guide_or_a_browser_the_reader_is_told_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(pdf_guide.shutil, "which", lambda name: "chromium")
    with pytest.raises(WrongCall, match="make guide"):
        write_pdfs(tmp_path, tmp_path / "pdf", ("en",))
    monkeypatch.setattr(pdf_guide.shutil, "which", lambda name: None)
    with pytest.raises(WrongCall, match="Chromium"):
        write_pdfs(tmp_path, tmp_path / "pdf", ("en",))


def test_a_browser_that_never_ends_is_told_of_in_words(joined, tmp_path, monkeypatch):
    script = tmp_path / "browser"
    script.write_text("#!/bin/sh\nexec sleep 20\n", encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.setattr(pdf_guide, "_SECONDS", 0.5)
    with pytest.raises(StepFailed, match="timed out"):
        pdf_of(print_page(joined, "da", TITLE), tmp_path, str(script), "da")
    assert [file.name for file in tmp_path.iterdir()] == ["browser"]
