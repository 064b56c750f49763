"""Installs what the tests need beside Python, where it may (root on Debian): browser, LibreOffice, poppler, Java."""

import os
import shutil
import subprocess
import sys

NEEDED = {
    "chromium": "chromium",
    "soffice": "libreoffice-writer-nogui libreoffice-calc-nogui",
    "pdftoppm": "poppler-utils",
    "java": "openjdk-17-jre-headless",
}


def main() -> int:
    """Install the missing programs, or say which tests will be skipped."""
    missing = [packages for program, packages in NEEDED.items() if not shutil.which(program)]
    if not missing:
        return 0
    packages = " ".join([*missing, "fonts-dejavu-core"]).split()
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        print(f"Missing: {' '.join(packages)}. Tests that need them are skipped.", file=sys.stderr)
        return 0
    subprocess.run(["apt-get", "update", "-qq"], check=True)
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    return subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode


if __name__ == "__main__":
    sys.exit(main())
