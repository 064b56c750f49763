"""What the page "In your browser" needs beside it in the site: Python, the kit's own modules, examples, a policy.

    <site>/python/           Pyodide's core, ``kit.zip`` and the examples; both languages share them

The page gets a content security policy of its own: it loads nothing but from its own address, and its own scripts are
named by their hash.
"""

import base64
import hashlib
import io
import re
import zipfile
from collections.abc import Iterator
from importlib import resources
from importlib.util import find_spec
from pathlib import Path

from helhed.kit_files import folder as kit_folder
from helhed.plan import example_plan, plan_form, workbook
from helhed.profile import declared_entries
from helhed.publishing.downloads_page import EXAMPLE_LIST
from helhed.publishing.pyodide_files import browser_python
from helhed.texts import LANGUAGES

#: The folder of the site, and the archive of modules in it.
FOLDER, KIT = "python", "kit.zip"
#: Modules of the kit that the page loads beside `helhed.browser`; they too need nothing but the standard library.
MODULES = ("cpr.py", "delimited_text.py", "selection/statuses.py", "selection/rule_tree.py")
_LIBRARIES = ("openpyxl", "et_xmlfile")
_FIXED_DATE = (2025, 1, 1, 0, 0, 0)
_INLINE = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>(.*?)</script>", re.S)
#: Plural forms for the search page, made from a text as the page loads, which the policy forbids.
_PLURALS = re.compile(r'<script src="[^"]*_static/translations\.js[^"]*"></script>')
_IS_PAGE = 'id="helhed-python"'


def put_python(site: Path) -> bool:
    """Write Python and what it loads into the site; return whether it was at hand."""
    core = browser_python()
    if not core:
        return False
    place = site / FOLDER
    place.mkdir()
    for name, content in {**core, KIT: kit_archive(), **examples()}.items():
        (place / name).write_bytes(content)
    return True


def kit_archive() -> bytes:
    """Return the modules that the page runs, as an archive that is the same whenever it is made from the same files.

    The rooms of the kit load more in their own ``__init__`` than a browser has; in the archive these are empty.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name, content in sorted(_modules()):
            entry = zipfile.ZipInfo(name, _FIXED_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, content, compresslevel=9)
    return buffer.getvalue()


def _modules() -> Iterator[tuple[str, bytes]]:
    package = Path(str(resources.files("helhed")))
    for name in ("__init__.py", "selection/__init__.py"):
        yield f"helhed/{name}", b""
    for file in (package / "browser").glob("*.py"):
        yield f"helhed/browser/{file.name}", file.read_bytes()
    for name in MODULES:
        yield f"helhed/{name}", (package / name).read_bytes()
    for library in _LIBRARIES:
        folder = Path(find_spec(library).origin).parent
        for file in folder.rglob("*.py"):
            yield f"{library}/{file.relative_to(folder).as_posix()}", file.read_bytes()


def examples() -> dict[str, bytes]:
    """Return the files that the page offers to try: a filled list of families and a plan form, in each language."""
    settings = {key: entry.default for key, entry in declared_entries().items()}
    found = {}
    for lang in LANGUAGES:
        name = f"{EXAMPLE_LIST}_eksempel_{lang}.xlsx"
        found[name] = (kit_folder("templates") / name).read_bytes()
        found[f"planskema_eksempel_{lang}.xlsx"] = workbook(plan_form(example_plan(settings, lang), lang))
    return found


def put_policy(language_folder: Path) -> None:
    """Give every page that starts Python its policy: nothing from elsewhere, only the scripts that stand in it."""
    for file in sorted(language_folder.rglob("*.html")):
        page = file.read_text(encoding="utf-8")
        if _IS_PAGE in page:
            file.write_text(with_policy(page), encoding="utf-8")


def with_policy(page: str) -> str:
    """Return a page with its content security policy in front of everything that it loads.

    Examples
    --------
    >>> with_policy("<head><script>1</script></head>").count("sha256-")
    1
    """
    page = _PLURALS.sub("", page)
    hashes = sorted({_hash(script) for script in _INLINE.findall(page)})
    rules = [
        "default-src 'self'",
        f"script-src 'self' 'wasm-unsafe-eval' {' '.join(hashes)}",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'none'",
    ]
    policy = f'<meta http-equiv="Content-Security-Policy" content="{"; ".join(rules)}">'
    return page.replace("<head>", f"<head>{policy}", 1)


def _hash(script: str) -> str:
    # The browser reads a carriage return as a line feed before it compares.
    content = script.replace("\r\n", "\n").replace("\r", "\n").encode()
    return f"'sha256-{base64.b64encode(hashlib.sha256(content).digest()).decode()}'"
