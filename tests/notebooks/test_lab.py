"""The laboratory as `make lab` opens it: on a page that is read, not on its source, with links that lead on."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.error import URLError

import pytest
from playwright.sync_api import sync_playwright

from helhed.publishing.runner import STEPS
from helhed.texts import text

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
#: The address that `make lab` opens.
ADDRESS = re.search(r"--LabApp\.default_url=(\S+)", (ROOT / "Makefile").read_text(encoding="utf-8"))[1]


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory):
    """Return the address of a running JupyterLab on a folder with the notebooks, for a user who never opened it."""
    home = tmp_path_factory.mktemp("laboratory")
    made, notebooks = home / "lab", home / "notebooks"
    installed = Path(sys.prefix) / "share" / "jupyter" / "lab"
    for folder in (made, notebooks):
        folder.mkdir()
    for part in ("static", "schemas", "themes"):
        (made / part).symlink_to(installed / part)
    for step in STEPS:
        (notebooks / f"{step}.ipynb").write_bytes((ROOT / "notebooks" / f"{step}.ipynb").read_bytes())
    environment = {**os.environ, "JUPYTERLAB_DIR": str(made), "HOME": str(home), "JUPYTER_CONFIG_DIR": str(home / "c")}
    command = [sys.executable, "-m", "helhed.publishing.lab_page", str(notebooks)]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, timeout=300)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyterlab", str(notebooks), "--no-browser", "--allow-root", f"--port={port}"]
    log = (home / "log").open("wb")
    server = subprocess.Popen(
        [*command, "--ip=127.0.0.1", "--IdentityProvider.token=", "--ServerApp.port_retries=0"],
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/api", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.kill()  # its kernels see that and end too
        server.wait(60)
        log.close()


def _wait_for(address, server):
    until = time.monotonic() + 120
    while time.monotonic() < until and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.5)
        else:
            return
    raise AssertionError("JupyterLab did not start")


def test_the_laboratory_opens_on_a_page_that_is_read_and_leads_to_every_notebook(laboratory):
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path="/usr/bin/chromium", args=OPTIONS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(120_000)
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(laboratory + ADDRESS)
        page.wait_for_selector(".jp-MarkdownViewer h1, .jp-FileEditor")
        assert page.locator(".jp-FileEditor").count() == 0
        start = page.locator(".jp-MarkdownViewer")
        assert start.locator("h1").count() == 2
        targets = start.locator("h2 a").evaluate_all(
            "all => all.map((a) => new URL(a.href).pathname.split('/').at(-1))"
        )
        assert {f"{step}.ipynb" for step in STEPS} <= set(targets)
        # The English half is one click away, and from there a notebook.
        start.get_by_role("link", name=text("lab.here", "en")).click()
        page.wait_for_function(
            "() => document.querySelectorAll('.jp-MarkdownViewer h1')[1].getBoundingClientRect().y < 400"
        )
        start.get_by_role("link", name="Notebook 1: select the target group").click()
        page.wait_for_selector(".jp-NotebookPanel .jp-Cell")
        page.wait_for_url("**/tree/1_select_target_group.ipynb")
        # Nothing is asked of anybody: neither the reader, about news, nor the network.
        assert page.locator(".Toastify__toast").count() == 0
        ours = (laboratory, laboratory.replace("http", "ws"), "data:", "blob:")
        assert [address for address in asked if not address.startswith(ours)] == []
        browser.close()
