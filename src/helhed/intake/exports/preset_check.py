"""What may stand in an export preset, checked line by line: fields, tables, columns, kinds, codes."""

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields

from ruamel.yaml.comments import CommentedMap

from helhed.errors import SEVERITIES, Problem
from helhed.intake.exports.feeds import Feed, FeedColumn, feeds
from helhed.intake.exports.preset import DERIVED, Unpivot, given_by
from helhed.intake.reading.spelling import plain
from helhed.tables import codes

#: What each field of a preset holds.
_FIELDS: dict[str, tuple[type, ...]] = {
    "title": (dict, str), "table": (str,), "columns": (dict,), "file": (str,), "workbook": (str,), "sheet": (str,),
    "optional": (bool,), "extra": (bool,), "per_year": (bool,), "month": (str,), "gap_months": (list,),
    "prefix": (str,), "key": (list,), "same_key": (dict,), "department": (str,), "group": (str,), "groups": (dict,),
    "group_of_department": (dict,), "group_of_flag": (list,), "constants": (dict,), "from_file": (dict,),
    "unpivot": (dict,),
}  # fmt: skip
_OF_HEADING: dict[str, tuple[type, ...]] = {
    "to": (str,), "kind": (str,), "required": (bool,), "min": (int, float), "max": (int, float), "map": (dict,),
    "code_list": (str,), "empty": (str,), **dict.fromkeys(DERIVED, (str,)), "keep": (list,),
    "blank": (list,), "unknown": (str,), "may_have_points": (bool,), "may_be_absent": (bool,),
    "in_percent": (bool,), "formerly": (list,),
}  # fmt: skip
_ON_UNKNOWN = (*SEVERITIES, "left_out")
_GROUPED = ("group", "groups", "group_of_department", "group_of_flag")


@dataclass(frozen=True)
class Written:
    """A preset as written: the YAML document with its line numbers, and the file's name for the problems."""

    document: CommentedMap
    file: str

    def problem(self, code: str, where: CommentedMap | None, key: str, value="", **details) -> Problem:
        """Return a problem of a key, with its line."""
        row = _line(where, key)
        return Problem(
            f"intake.preset_{code}", file=self.file, row=row, column=str(key), value=str(value), details=details
        )


def preset_problems(written: Written) -> list[Problem]:
    """Return everything that is wrong with a preset; each problem names the line, what was found and what is known."""
    document = written.document
    problems = [*_of_fields(written, document, _FIELDS), *_of_places(written)]
    table = document.get("table")
    if not isinstance(table, str) or table not in feeds():
        if table is not None:
            problems.append(unknown_name(written, "unknown_table", document, "table", table, feeds()))
        return problems
    if not isinstance(document.get("columns"), dict):
        return problems
    feed = feeds()[table]
    problems += _of_headings(written, feed)
    # What is not of the right kind cannot be looked at more closely.
    is_broken = any(p.code.startswith(("intake.preset_wants_", "intake.preset_unknown_field")) for p in problems)
    return problems if is_broken else [*problems, *_of_whole(written, feed)]


def _of_fields(written: Written, given: CommentedMap, known: dict[str, tuple[type, ...]]) -> Iterator[Problem]:
    for key, value in given.items():
        if key not in known:
            yield unknown_name(written, "unknown_field", given, key, key, known)
        elif not isinstance(value, known[key]) or (isinstance(value, bool) and bool not in known[key]):
            kind = {dict: "mapping", list: "list", bool: "flag", str: "text"}.get(known[key][0], "number")
            yield written.problem(f"wants_{kind}", given, key, value)


def _of_places(written: Written) -> Iterator[Problem]:
    """Return what is missing of the fields that say what the preset is about."""
    document = written.document
    for key in ("table", "columns"):
        if key not in document:
            yield written.problem("missing_field", None, key)
    if bool(document.get("file")) == bool(document.get("workbook")):
        yield written.problem("no_file", document, "file")
    name = document.get("file")
    if isinstance(name, str) and name.casefold().endswith((".csv", ".xlsx")):
        yield written.problem("file_with_ending", document, "file", name, stem=name.rpartition(".")[0])
    if isinstance(name, str) and (re.search(r"[\\/]", name) or not re.search(r"[^\W_]", name)):
        yield written.problem("file_elsewhere", document, "file", name)


def _of_headings(written: Written, feed: Feed) -> Iterator[Problem]:
    columns, taken, seen = written.document["columns"], {}, {}
    for heading, spec in columns.items():
        other = seen.setdefault(plain(str(heading)), heading)
        if other != heading:
            yield written.problem("doubled_heading", columns, heading, heading, other=other)
        if spec is None:
            continue
        if not isinstance(spec, dict):
            yield written.problem("wants_mapping", columns, heading, spec)
            continue
        faults = list(_of_fields(written, spec, _OF_HEADING))
        if faults:
            yield from faults
            continue
        yield from _of_heading(written, feed, heading, spec)
        to = spec.get("to")
        if to and taken.setdefault(to, heading) != heading:
            yield written.problem("doubled_column", spec, "to", to, other=taken[to])


def _of_heading(written: Written, feed: Feed, heading: str, spec: CommentedMap) -> Iterator[Problem]:
    to, kind = spec.get("to"), spec.get("kind")
    if not to:
        return
    column = feed.columns.get(to) or _turned(written, to)
    if column is None:
        yield unknown_name(written, "unknown_column", spec, "to", to, feed.columns, table=feed.table)
        return
    if kind is not None and kind not in column.kinds:
        yield written.problem("unfit_kind", spec, "kind", kind, to=to, known=", ".join(column.kinds))
        return
    yield from _of_codes(written, column, spec)
    unknown = spec.get("unknown", "must_fix")
    if unknown not in _ON_UNKNOWN:
        yield unknown_name(written, "unknown_value", spec, "unknown", unknown, _ON_UNKNOWN)
    if (
        spec.get("required") is False
        and feed.is_needed(to, set(_given(written.document)))
        and not (spec.get("empty") or column.if_empty)
    ):
        yield written.problem("must_be_filled", spec, "required", "false", to=to)
    for derived in DERIVED:
        if spec.get(derived) and spec[derived] not in feed.columns:
            yield unknown_name(written, "unknown_column", spec, derived, spec[derived], feed.columns, table=feed.table)


def _turned(written: Written, to: str) -> FeedColumn | None:
    """Return a column of numbers that becomes rows (see `Unpivot`), which no table knows."""
    of = (written.document.get("unpivot") or {}).get("of") or {}
    return FeedColumn(to, ("number",), "float64", "", to, to) if to in of else None


def _of_codes(written: Written, column: FeedColumn, spec: CommentedMap) -> Iterator[Problem]:
    code_list = spec.get("code_list")
    if code_list and code_list not in codes():
        yield unknown_name(written, "unknown_code_list", spec, "code_list", code_list, codes())
    known = codes().get(column.codes)
    if known is None:
        return
    for cell, code in (spec.get("map") or {}).items():
        if code not in known:
            yield unknown_name(written, "unknown_code", spec["map"], cell, code, known, to=column.name)
    if spec.get("empty") and spec["empty"] not in known:
        yield unknown_name(written, "unknown_code", spec, "empty", spec["empty"], known, to=column.name)


def _of_whole(written: Written, feed: Feed) -> Iterator[Problem]:
    document, given = written.document, set(_given(written.document))
    for need in feed.missing(given):
        names = [feed.columns[name].name for name in need.split("|") if name in feed.columns]
        yield written.problem("missing_column", document, "columns", " | ".join(names), table=feed.table)
    for key in ("key", "month"):
        for name in _listed(document.get(key)):
            if name not in given:
                yield unknown_name(written, "not_given", document, key, name, given)
    by = (document.get("same_key") or {}).get("by")
    if by and by not in given:
        yield unknown_name(written, "not_given", document, "same_key", by, given)
    if (document.get("same_key") or {}).get("keep", "first") not in ("first", "last"):
        yield unknown_name(
            written, "unknown_value", document, "same_key", document["same_key"]["keep"], ("first", "last")
        )
    yield from _of_constants(written, feed)
    if feed.table == "measure":
        yield from _of_measures(written, given)
    yield from _of_unpivot(written, feed)


def _given(document: CommentedMap) -> Iterator[str]:
    """Return every column that a preset gives, by any of its means."""
    for spec in document["columns"].values():
        if isinstance(spec, dict):
            yield from given_by(spec)
    yield from document.get("constants") or {}
    yield from document.get("from_file") or {}
    unpivot = document.get("unpivot") or {}
    yield from (unpivot[key] for key in ("value", "kind") if unpivot.get(key))
    if document.get("department"):
        yield "department"


def _of_constants(written: Written, feed: Feed) -> Iterator[Problem]:
    document = written.document
    for key in ("constants", "from_file"):
        given = document.get(key) or {}
        for name, value in given.items():
            if name not in feed.columns:
                yield unknown_name(written, "unknown_column", given, name, name, feed.columns, table=feed.table)
                continue
            known = codes().get(feed.columns[name].codes)
            for code in _values(value):
                if known is not None and code not in known:
                    yield unknown_name(written, "unknown_code", given, name, code, known, to=name)


def _of_measures(written: Written, given: set[str]) -> Iterator[Problem]:
    document = written.document
    known = {"department": codes()["department"], "group": codes()["measure_group"]}
    for key, allowed in known.items():
        if document.get(key) and document[key] not in allowed:
            yield unknown_name(written, "unknown_code", document, key, document[key], allowed, to=key)
    groups = [*(document.get("groups") or {}), *(document.get("group_of_department") or {}).values()]
    groups += (document.get("group_of_flag") or [])[1:]
    key = next((key for key in _GROUPED[1:] if document.get(key)), "groups")
    for group in groups:
        if group not in known["group"]:
            yield unknown_name(written, "unknown_code", document, key, group, known["group"], to="measure_group")
    flag = document.get("group_of_flag") or []
    if flag and (len(flag) != 3 or flag[0] not in given):
        yield unknown_name(written, "not_given", document, "group_of_flag", flag[0], given)


def _of_unpivot(written: Written, feed: Feed) -> Iterator[Problem]:
    unpivot = written.document.get("unpivot")
    if unpivot is None:
        return
    yield from _of_fields(written, unpivot, {"value": (str,), "kind": (str,), "of": (dict,)})
    for field in fields(Unpivot):
        if not unpivot.get(field.name):
            yield written.problem("missing_field", None, f"unpivot.{field.name}")
    for key in ("value", "kind"):
        if unpivot.get(key) and unpivot[key] not in feed.columns:
            yield unknown_name(written, "unknown_column", unpivot, key, unpivot[key], feed.columns, table=feed.table)


def unknown_name(
    written: Written, code: str, where: CommentedMap, key: str, value, known: Iterable[str], **details
) -> Problem:
    """Return a problem of a name that is not known, with the nearest known one and all that are."""
    names = sorted(map(str, known))
    nearest = difflib.get_close_matches(str(value), names, n=1, cutoff=0.0) or ["–"]
    return written.problem(code, where, key, value, nearest=nearest[0], known=", ".join(names), **details)


def _line(where: CommentedMap | None, key: str) -> int | None:
    if where is None:
        return None
    try:
        return where.lc.key(key)[0] + 1
    except (KeyError, AttributeError, TypeError):
        return None


def _listed(value) -> list[str]:
    return [value] if isinstance(value, str) and value else [str(item) for item in value or []]


def _values(value) -> list[str]:
    return [str(item) for item in value.values()] if isinstance(value, dict) else [str(value)]


def declared_fields() -> tuple[set[str], set[str]]:
    """Return the fields that may stand in a preset and in a column of one."""
    return set(_FIELDS), set(_OF_HEADING)
