"""A site is only ever built over an earlier site: nothing else that a user has is lost."""

import pytest

from helhed.errors import WrongCall
from helhed.publishing.site_folder import require_replaceable


def put(folder, *places):
    for place in places:
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_text("x", encoding="utf-8")
    return folder


@pytest.fixture
def site(tmp_path):
    own = ("vejle/index.html", "vejle/da/intro.html", "vejle/en/intro.html")
    return put(tmp_path / "site", ".nojekyll", "index.html", "da/intro.html", "en/intro.html", "python/a.js", *own)


def test_an_earlier_site_an_empty_folder_and_none_are_replaced(site, tmp_path):
    (tmp_path / "empty").mkdir()
    for folder in (site, tmp_path / "empty", tmp_path / "none"):
        require_replaceable(folder, [put(tmp_path / "source/da", "book/intro.md", "_config.yml")], "en")


@pytest.mark.parametrize("place", ["profile.yml", "exports/folkeregister.csv", "vejle/notes.txt", ".git/config"])
@pytest.mark.parametrize("lang", ["da", "en"])
def test_whatever_else_stands_in_the_site_is_named_and_kept(site, place, lang):
    put(site, place)
    with pytest.raises(WrongCall, match=place.split("/")[0]):
        require_replaceable(site, [], lang)
    assert (site / place).is_file()


def test_a_homepage_of_the_users_own_is_no_earlier_site(tmp_path):
    with pytest.raises(WrongCall, match="index.html"):
        require_replaceable(put(tmp_path / "web", "index.html"), [], "en")


def test_what_stands_where_the_pages_are_put_together_is_named_and_kept(site, tmp_path):
    source = put(tmp_path / "source/da", "my notes.docx", "book/intro.md")
    with pytest.raises(WrongCall, match="my notes.docx"):
        require_replaceable(site, [source], "en")


def test_a_file_in_the_place_of_the_site_is_named(tmp_path):
    with pytest.raises(WrongCall, match="site"):
        require_replaceable(put(tmp_path, "site") / "site", [], "da")
