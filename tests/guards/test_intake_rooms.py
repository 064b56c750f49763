"""The rooms of the intake lead one way: no room uses another that uses it, over however many steps."""

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from helhed.intake.exports.preset import presets
from helhed.profile import declared_entries
from helhed.tables import codes, scales

INTAKE = Path(__file__).resolve().parents[2] / "src/helhed/intake"
PACKAGE = "helhed.intake."


def rooms_used(folder: Path) -> dict[str, set[str]]:
    """Return which rooms (folders, and modules beside them) each room of a package imports from."""
    used: dict[str, set[str]] = {}
    for file in folder.rglob("*.py"):
        room = file.relative_to(folder).parts[0].removesuffix(".py")
        if room != "__init__":
            imported = [
                node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.ImportFrom)
            ]
            names = {node.module for node in imported if (node.module or "").startswith(PACKAGE)}
            used.setdefault(room, set()).update({name.split(".")[2] for name in names} - {room})
    return used


def test_no_room_uses_one_that_uses_it():
    used = rooms_used(INTAKE)
    assert {"reading", "exports", "rules", "shown"} <= set(used)
    order = list(TopologicalSorter(used).static_order())
    assert order.index("reading") < order.index("exports") < order.index("rules") < order.index("shown")


def test_the_public_names_are_not_imported_from_within():
    for file in INTAKE.rglob("*.py"):
        if file != INTAKE / "__init__.py":
            assert "from helhed.intake import" not in file.read_text("utf-8"), file
            assert "from helhed import intake" not in file.read_text("utf-8"), file


def test_a_circle_is_found(tmp_path):
    for room, other in (("one", "two"), ("two", "three"), ("three", "one")):
        (tmp_path / room).mkdir()
        (tmp_path / room / "module.py").write_text(f"from {PACKAGE}{other}.module import name", encoding="utf-8")
    with pytest.raises(CycleError):
        list(TopologicalSorter(rooms_used(tmp_path)).static_order())


def test_a_limit_that_rules_share_is_declared_once():
    """An age or a year that a rule of the intake writes out again would one day be changed in one place only."""
    declared = (INTAKE / "rules/limits.py").read_text("utf-8")
    names = {
        target.id if isinstance(target, ast.Name) else name.id
        for node in ast.walk(ast.parse(declared))
        if isinstance(node, ast.Assign)
        for target in node.targets
        for name in getattr(target, "elts", [target])
    }
    for file in (INTAKE / "rules").glob("*.py"):
        if file.name != "limits.py":
            own = {node.id for node in ast.walk(ast.parse(file.read_text("utf-8"))) if _is_set(node)}
            assert not {name.lstrip("_") for name in own} & (names | {"ADULT_YEARS", "YOUNGEST_PARENT_YEARS"}), file


def _is_set(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


def test_the_benefits_that_a_setting_may_name_are_those_of_the_code_list():
    """The codes stand in the contracts; settings, presets of models and export presets may only repeat them."""
    known = list(codes()["benefit"])
    of_benefits = {key: entry for key, entry in declared_entries().items() if "kontanthjaelp" in (entry.choices or ())}
    assert {"selection.benefits", "monitoring.kontanthjaelp_benefits"} <= set(of_benefits)
    for key, entry in of_benefits.items():
        assert list(entry.choices) == known, key
    for preset in presets().values():
        coded = {code for heading in preset.columns if heading.to == "benefit" for code in heading.map.values()}
        assert coded <= set(known), preset.name


def test_instruments_have_a_scale_each():
    assert set(scales()) == set(codes()["instrument"])
    assert all(low < high for low, high in scales().values())
