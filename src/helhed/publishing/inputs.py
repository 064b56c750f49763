"""What a run rests on: the municipality's files with their hashes, the profile, the versions."""

import hashlib
import platform
from importlib.metadata import version
from pathlib import Path

import helhed
from helhed.intake.pseudonyms import read_key
from helhed.kit_files import folder
from helhed.profile import Profile

_LIBRARIES = ("pandas", "numpy", "scipy", "statsmodels", "seaborn", "papermill", "jupyter-book")


def input_hashes(municipality: Path) -> dict[str, str]:
    """Return the SHA-256 of every input file of a municipality, keyed by its path inside the folder."""
    files = [municipality / "profile.yml", municipality / "decisions.xlsx"]
    files += [*(municipality / "exports").glob("*"), *(municipality / "templates").glob("*")]
    return {
        str(file.relative_to(municipality)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(files)
        if file.is_file() and not file.name.startswith((".", "~"))
    }


def versions() -> dict[str, str]:
    """Return the versions a run's numbers depend on."""
    return {
        "helhed": helhed.__version__,
        "python": platform.python_version(),
        **{name: version(name) for name in _LIBRARIES},
    }


def key_id(profile: Profile) -> str:
    """Return the fingerprint of the key for pseudonyms; the key is made if there is none yet.

    Another key gives other pseudonyms, which must never be mixed with the old ones.
    """
    key, _ = read_key(profile.folder / profile["data.key_file"])
    return hashlib.sha256(key).hexdigest()[:12]


def code_hash() -> str:
    """Return the fingerprint of the package and its notebooks: other code may give other numbers."""
    package = Path(helhed.__file__).parent
    files = [*package.rglob("*.py"), *package.rglob("*.toml"), *package.rglob("*.yml")]
    files += folder("notebooks").glob("*.ipynb")
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def settings_in_force(profile: Profile) -> dict[str, dict]:
    """Return every setting in force with its value and where the value comes from."""
    return {key: {"value": _plain(s.value), "origin": s.origin} for key, s in sorted(profile.settings.items())}


def _plain(value):
    return value.isoformat() if hasattr(value, "isoformat") else value
