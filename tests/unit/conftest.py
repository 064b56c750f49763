"""What tests of the guide share: a small finished run."""

import json
from collections.abc import Callable

import pytest
from matplotlib.figure import Figure

from helhed.drawing import png
from helhed.kit_files import folder as kit_folder
from helhed.publishing.run_folder import RunFolder

#: What the run knows; it has no number of enrolled families that may be shown.
NUMBERS = {"n_families_known": "104", "n_eligible": "32", "n_enrolled": "under 5", "n_places": "25", "n_available": "–"}
WORDS = {"name": "fig-select-funnel", "caption": "32 families meet the rule", "alt": "Bars: 104, 74, 32 families"}


@pytest.fixture
def small_run() -> Callable[..., RunFolder]:
    """Return what makes a small finished run of a municipality that the guide has no page for."""
    return make_small_run


def make_small_run(place, name, slug, is_synthetic=False) -> RunFolder:
    """Return a small finished run of a municipality that the guide has no page for."""
    made = RunFolder(place / "run")
    made.path.joinpath("public").mkdir(parents=True)
    card = {"name": name, "slug": slug, "is_synthetic": is_synthetic, "model": "assens", "code": "630"}
    made.path.joinpath("public", "run.json").write_text(json.dumps(card))
    made.path.joinpath("private", "0_check_data").mkdir(parents=True)
    made.path.joinpath("private", "0_check_data", "names.txt").write_text("SECRET-PERSON")
    table = {
        "title": "Funnel",
        "columns": [{"label": "Step", "format": "text"}, {"label": "Families", "format": "count"}],
        "rows": [["all", "104"], ["rule", "under 5"]],
    }
    for lang in ("da", "en"):
        made.write_public(
            "1_select_target_group",
            lang,
            {
                "key_numbers.json": json.dumps({name: {"text": words} for name, words in NUMBERS.items()}).encode(),
                "funnel.json": json.dumps(table).encode(),
                "fig-select-funnel.json": json.dumps(WORDS).encode(),
                "fig-select-funnel.png": png(Figure(figsize=(1, 1))),
            },
        )
        for bare in kit_folder("notebooks").glob("*.ipynb"):
            executed = made.notebook(bare.stem, lang)
            executed.parent.mkdir(parents=True, exist_ok=True)
            executed.write_text(bare.read_text(encoding="utf-8"), encoding="utf-8")
    return made
