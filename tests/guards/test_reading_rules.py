"""Every problem that reading can meet is declared, and every declared one is met by a test."""

import ast
from collections.abc import Iterator
from pathlib import Path

from helhed.intake.rules import RULES
from helhed.intake.rules.reading import reading_rules
from helhed.texts import catalogue

ROOT = Path(__file__).resolve().parents[2]
ROOM = "intake."
#: Texts whose name is a word of the code too, and `and_more`, which only closes a list of problems.
NO_PROBLEMS = {"must_fix", "should_fix", "note", "and_more"}
#: Beginnings of texts that say something else than a problem.
NO_PROBLEM_PREFIXES = (
    "reading_",
    "errors_",
    "why_",
    "col_",
    "sheet_",
    "table_",
    "action_",
    "say_",
    "quality_",
    "area_",
    "families_",
)


def _calls(tree: ast.AST, name: str) -> Iterator[ast.expr]:
    """Return the first argument of each call of a function or class."""
    for node in ast.walk(tree):
        called = getattr(node, "func", None)
        if isinstance(node, ast.Call) and getattr(called, "id", getattr(called, "attr", "")) == name and node.args:
            yield node.args[0]


def _words(tree: ast.AST) -> set[str]:
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def _raised() -> set[str]:
    """Return the codes of problems that the source names, whole or as an ending to ``f"intake.…{code}"``."""
    trees = {file: ast.parse(file.read_text(encoding="utf-8")) for file in (ROOT / "src/helhed").rglob("*.py")}
    reading = [tree for file, tree in trees.items() if "intake" in file.parts and "rules" not in file.parts]
    whole, beginnings, said = set(), set(), set()
    for tree in trees.values():
        whole |= {word.removeprefix(ROOM) for word in _words(tree) if word.startswith(ROOM)}
        said |= {
            arg.value.removeprefix(ROOM) for arg in _calls(tree, "text") if isinstance(getattr(arg, "value", 0), str)
        }
        first = [arg.values[0] for arg in _calls(tree, "Problem") if isinstance(arg, ast.JoinedStr)]
        beginnings |= {str(part.value) for part in first if isinstance(part, ast.Constant)}
    starts = {begin.removeprefix(ROOM) for begin in beginnings if begin.startswith(ROOM)}
    endings = {start + word for start in starts for tree in reading for word in _words(tree)}
    known = {key.removeprefix(ROOM) for key in catalogue() if key.startswith(ROOM)}
    found = {code for code in (whole | endings) & known if not code.startswith(NO_PROBLEM_PREFIXES)}
    return found - said - NO_PROBLEMS - {rule.code for rule in RULES}


def _severities_raised() -> tuple[dict[str, set[str]], set[str]]:
    """Return the severities that calls of `Problem` write out, by code, and the codes that a call leaves open."""
    reading = [file for file in (ROOT / "src/helhed/intake").rglob("*.py") if "rules" not in file.parts]
    raised, is_open = {}, set()
    for file in reading:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Problem" and node.args:
                codes, severity = _codes_of(node.args[0]), _severity_of(node)
                if codes <= NO_PROBLEMS:
                    continue
                if severity and len(codes) == 1:
                    raised.setdefault(codes.pop(), set()).add(severity)
                else:
                    is_open |= codes
    return raised, is_open


def _codes_of(written: ast.expr) -> set[str]:
    """Return the declared codes that a call may mean: one, or those with its beginning."""
    declared = {rule.code for rule in reading_rules()}
    if isinstance(written, ast.Constant):
        return {written.value.removeprefix(ROOM)}
    begin = written.values[0].value.removeprefix(ROOM) if isinstance(written, ast.JoinedStr) else ""
    return {code for code in declared if code.startswith(begin)}


def _severity_of(call: ast.Call) -> str | None:
    """Return the severity that a call of `Problem` writes out, or has by not saying; None when it depends."""
    said = [*call.args[1:2], *(keyword.value for keyword in call.keywords if keyword.arg == "severity")]
    if not said:
        return None if any(keyword.arg is None for keyword in call.keywords) else "must_fix"
    return said[0].value if isinstance(said[0], ast.Constant) else None


def test_declared_severities_are_those_that_are_raised():
    raised, is_open = _severities_raised()
    declared = {rule.code: set(rule.severities) for rule in reading_rules()}
    assert len(raised) > 30
    for code, severities in raised.items():
        assert severities <= declared.get(code, set()), code
        assert code in is_open or severities == declared[code], code


def test_every_problem_that_reading_names_is_declared():
    assert _raised() - {rule.code for rule in reading_rules()} == set()


def test_every_declared_problem_has_a_message_and_its_area_a_title_and_a_reason():
    for rule in reading_rules():
        assert f"{ROOM}{rule.code}" in catalogue(), rule.code
        assert f"{ROOM}reading_{rule.area}" in catalogue(), rule.area
        assert f"{ROOM}why_{rule.why}" in catalogue(), rule.area


def test_no_code_is_declared_twice():
    codes = [rule.code for rule in reading_rules()]
    assert len(codes) == len(set(codes))
    assert not set(codes) & {rule.code for rule in RULES}


def test_every_declared_problem_is_met_by_a_test():
    words = set()
    for file in (ROOT / "tests").rglob("*.py"):
        if file != Path(__file__):
            words |= {word.removeprefix(ROOM) for word in _words(ast.parse(file.read_text(encoding="utf-8")))}
    named = {rule.code for rule in reading_rules() if any(rule.code in (word, f"preset_{word}") for word in words)}
    assert {rule.code for rule in reading_rules()} - named == set()
