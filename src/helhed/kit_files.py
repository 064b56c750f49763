"""Where the kit's own files lie: beside the source in a checkout, inside the package when installed."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parents[1]


def folder(name: str) -> Path:
    """Return one of the kit's own folders or files: ``notebooks``, ``book``, ``templates`` or ``_config.yml``.

    Raises
    ------
    FileNotFoundError
        If the installation is incomplete: a fault of ours.
    """
    for place in (_CHECKOUT, _PACKAGE / "_kit"):
        if (place / "notebooks").is_dir() and (place / name).exists():
            return place / name
    raise FileNotFoundError(name)
