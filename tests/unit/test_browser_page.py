"""The page "In your browser": its forms, its policy, what it loads, and that it runs on the bare standard library."""

import io
import json
import re
import subprocess
import sys
import zipfile
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path

import pytest

from helhed.browser.page import Page
from helhed.publishing import browser_site, pyodide_files
from helhed.publishing.browser_kit import browser_kit
from helhed.publishing.browser_page import ANNOUNCED, PARTS, part_html, script_html, start_html
from helhed.publishing.browser_site import kit_archive, put_python, with_policy
from helhed.texts import LANGUAGES, number, text


class Fields(HTMLParser):
    """The fields of a form, with what they hold first."""

    def __init__(self, html):
        super().__init__()
        self.values, self.labels, self.ids, self._select = {}, set(), set(), None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "label":
            self.labels.add(given["for"])
        if tag == "select":
            self._select = given["name"]
        if tag == "option":
            self.values.setdefault(self._select, given["value"])
        if tag in ("input", "select"):
            self.ids.add(given["id"])
        if tag == "input" and given["type"] != "file":
            self.values[given["name"]] = given["value"]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("part", PARTS)
def test_every_field_has_a_label_and_is_closed_until_python_is_there(part, lang):
    html = part_html(part, lang)
    fields = Fields(html)
    assert fields.labels == fields.ids and "<fieldset disabled>" in html
    assert text(f"browser.part_{part}", lang) in html and "http" not in html


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("part", ["staffing", "break_even", "power"])
def test_the_fields_as_they_stand_first_give_an_answer(part, lang):
    page, values = Page(json.dumps(browser_kit(lang))), Fields(part_html(part, lang)).values
    html = json.loads(page.answer(part, json.dumps(values)))["html"]
    assert html.count("<p>") >= 2 and "<table>" in html and "{" not in html
    assert text("browser.not_a_number_here", lang) not in html


@pytest.mark.parametrize("part", ["staffing", "break_even", "power"])
@pytest.mark.parametrize("wrong", ["", "x", "-1", "nan", "inf", "1e400", "1e12"])
def test_a_field_that_holds_no_sound_number_is_told(part, wrong):
    page, first = Page(json.dumps(browser_kit("da"))), Fields(part_html(part, "da")).values
    for name in (name for name, value in first.items() if re.fullmatch(r"[\d.]+", value)):
        html = json.loads(page.answer(part, json.dumps({**first, name: wrong})))["html"]
        assert html.startswith("<p>") and "nan" not in html.lower().replace("finan", ""), name
        assert wrong == "-1" or wrong == "1e12" or text("browser.not_a_number_here", "da") in html, name


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("part", "name", "wrong", "limits"),
    [
        ("break_even", "enrolled_months", "0", (1, 60)),
        ("break_even", "adults_moved", "-1", (0, 4)),
        ("break_even", "horizon_months", "0", (12, 360)),
        ("staffing", "course_months", "0", (1, 60)),
        ("power", "families", "1", (2, 2000)),
    ],
)
def test_a_number_that_cannot_be_meant_is_refused_with_what_the_field_takes(part, name, wrong, limits, lang):
    page, first = Page(json.dumps(browser_kit(lang))), Fields(part_html(part, lang)).values
    html = json.loads(page.answer(part, json.dumps({**first, name: wrong})))["html"]
    label, *ends, _ = browser_kit(lang)["fields"][part][name]
    low, high = (number(end, lang) for end in ends)
    assert (
        tuple(ends) == limits
        and html == f"<p>{text('browser.outside_field', lang, field=label, low=low, high=high)}</p>"
    )


@pytest.mark.parametrize(("lang", "given"), [("da", "2,5"), ("en", "2.5")])
@pytest.mark.parametrize(("part", "name"), [("power", "families"), ("power", "comparison"), ("target", "places")])
def test_what_is_counted_must_be_whole_and_is_not_cut_off(part, name, lang, given):
    page = Page(json.dumps(browser_kit(lang)))
    values = Fields(part_html(part, lang)).values | {"rule": "furesoe", name: "2.5"}
    html = json.loads(page.answer(part, json.dumps(values), "a.csv", b"Family\n1\n"))["html"]
    label, low, high = text(f"browser.label_{name}", lang), 0 if part == "target" else 2, 5000
    high = number(high if name == "comparison" else 2000, lang)
    assert html == f"<p>{text('browser.not_whole', lang, field=label, given=given, low=low, high=high)}</p>"


def test_months_to_look_ahead_must_be_whole():
    page, first = Page(json.dumps(browser_kit("da"))), Fields(part_html("break_even", "da")).values
    html = json.loads(page.answer("break_even", json.dumps({**first, "horizon_months": "24.5"})))["html"]
    assert "der står 24,5" in html and "<table>" not in html
    assert "<table>" in json.loads(page.answer("break_even", json.dumps({**first, "enrolled_months": "4.5"})))["html"]


def test_more_posts_cost_more_and_more_families_show_more():
    page = Page(json.dumps(browser_kit("en")))

    def answer(part, **more):
        values = Fields(part_html(part, "en")).values | more
        return json.loads(page.answer(part, json.dumps(values)))["html"]

    assert answer("staffing", posts="3") != answer("staffing", posts="6")
    assert "keeps growing" in answer("staffing", posts="1", starts="6")
    assert "does not pay for itself" in answer("break_even", adults_moved="0")
    assert "<circle" in answer("break_even") and "<circle" not in answer("break_even", adults_moved="0")
    few, many = (re.search(r"change of ([\d.]+)", answer("power", families=n))[1] for n in ("10", "200"))
    assert float(few) > float(many)
    nobody = answer("power", families="2", comparison="2")
    assert "cannot show any change" in nobody and "change of" not in nobody
    assert not [one for one in re.findall(r"([\d.]+) percentage points", nobody) if float(one) > 100]


def test_without_a_file_the_reader_is_asked_for_one():
    page = Page(json.dumps(browser_kit("da")))
    for part in ("target", "form"):
        answer = json.loads(page.answer(part, json.dumps({"rule": "furesoe"})))
        assert text("browser.choose_file", "da") in answer["html"] and answer["saved"] is None


@pytest.mark.parametrize(
    ("part", "more", "file", "announced"),
    [
        ("power", {}, ("", b""), "answered"),
        ("power", {"families": "1"}, ("", b""), "refused_field"),
        ("power", {"families": "x"}, ("", b""), "refused_field"),
        ("target", {}, ("list.csv", b"Familie\nF1\n"), "answered"),
        ("target", {}, ("list.xlsx", b"no workbook"), "refused_file"),
        ("target", {}, ("list.csv", b"Familie;x\n010100" + b"3000;2\n"), "refused_file"),
        ("form", {}, ("plan.xlsx", b"no workbook"), "refused_file"),
    ],
)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_refusal_is_not_announced_as_an_answer(part, more, file, announced, lang):
    page, first = Page(json.dumps(browser_kit(lang))), Fields(part_html(part, lang)).values
    found = json.loads(page.answer(part, json.dumps({**first, "rule": "furesoe"} | more), *file))
    told = json.loads(re.search(r'id="helhed-python-said">(.+?)</script>', start_html(lang, is_included=True))[1])
    assert found["said"] == announced and told[announced] == text(f"browser.{announced}", lang)
    assert len({told[name] for name in ANNOUNCED}) == len(ANNOUNCED)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_says_when_python_is_not_included(lang):
    html = start_html(lang, is_included=False)
    assert text("browser.not_included", lang)[:60] in html and "data-python" not in html and "button" not in html
    assert text("browser.from_file", lang)[:40] in start_html(lang, is_included=True)


def test_the_policy_names_every_script_of_the_page_and_no_other_address():
    page = f"<html><head><script>one()</script></head><body>{start_html('da', True)}{script_html()}</body></html>"
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', with_policy(page))[1]
    assert policy.count("'sha256-") == 2 and "http" not in policy and "unsafe-eval'" in policy.replace("wasm-", "")
    assert "'unsafe-eval'" not in policy and "connect-src 'self'" in policy and "default-src 'self'" in policy
    script = policy.split("script-src")[1].split(";")[0]
    assert "unsafe-inline" not in script


def test_what_the_page_loads_is_the_kits_own_and_the_same_every_time():
    assert kit_archive() == kit_archive()
    with zipfile.ZipFile(io.BytesIO(kit_archive())) as packed:
        for name in (name for name in packed.namelist() if name.startswith("helhed/browser/")):
            module = name.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
            assert Path(find_spec(module).origin).read_bytes() == packed.read(name), name
        assert len(packed.namelist()) > 100


def test_the_archive_runs_where_nothing_else_is_installed(tmp_path):
    (tmp_path / "kit.zip").write_bytes(kit_archive())
    (tmp_path / "kit.json").write_text(json.dumps(browser_kit("en")), encoding="utf-8")
    (tmp_path / "list.xlsx").write_bytes(browser_site.examples()["familieliste_eksempel_en.xlsx"])
    program = (
        "import sys, json; sys.path[:0] = [sys.argv[1] + '/kit.zip']\n"
        "from helhed.browser.page import Page\n"
        "page = Page(open(sys.argv[1] + '/kit.json', encoding='utf-8').read())\n"
        "content = open(sys.argv[1] + '/list.xlsx', 'rb').read()\n"
        "print(page.answer('target', json.dumps({'rule': 'furesoe'}), 'list.xlsx', content))\n"
        "assert not {'numpy', 'pandas', 'babel', 'pydantic'} & set(sys.modules)\n"
    )
    command = [sys.executable, "-I", "-S", "-c", program, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    page = Page((tmp_path / "kit.json").read_text(encoding="utf-8"))
    here = page.answer("target", json.dumps({"rule": "furesoe"}), "list.xlsx", (tmp_path / "list.xlsx").read_bytes())
    assert done.stdout.strip() == here


def test_an_archive_that_is_not_the_one_that_was_tested_is_not_used(tmp_path, monkeypatch, capsys):
    other = tmp_path / "pyodide.tgz"
    other.write_bytes(b"something else")
    assert pyodide_files.browser_python(other) == {} and not pyodide_files.is_genuine(b"something else")
    monkeypatch.setattr(pyodide_files, "kept_archive", lambda: other)
    monkeypatch.setattr(pyodide_files.shutil, "which", lambda name: None)
    monkeypatch.setattr(pyodide_files.sys, "executable", str(tmp_path / "no-python"))
    assert pyodide_files.main() == 0
    assert "npm" in capsys.readouterr().err
    assert put_python(tmp_path) is False and not (tmp_path / "python").exists()
