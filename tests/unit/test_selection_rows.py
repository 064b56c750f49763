"""Rows on arrays answer as the rows of an engine do, whatever is missing, and however few there are."""

import operator
from datetime import datetime
from functools import reduce

import narwhals as nw
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helhed.selection.expressions import FLAG, FRACTION, WHOLE, col, lit, when
from helhed.selection.register import collected
from helhed.selection.rows import EngineRows, held

DAYS = [datetime(2025, month, 1) for month in (1, 6, 12)]
IDS = ["a", "b", "c"]


def of(*choices):
    return st.one_of(st.none(), st.sampled_from(choices))


LINKED = st.fixed_dictionaries({"family_id": st.sampled_from(["F", "G"]), "person_id": st.sampled_from(IDS)})
ROW = st.fixed_dictionaries(
    {
        "person_id": st.sampled_from([*IDS, "stranger"]),
        "kind": of("one", "one, two", "two"),
        "day": of(*DAYS),
        "number": of(0.0, 1.5, 4.0),
        "flag": of(True, False),
    }
)
TYPES = {"kind": "str", "day": "datetime64[us]", "number": "float64", "flag": "boolean"}
SCHEMA = {"person_id": pl.String, "kind": pl.String, "day": pl.Datetime("us"), "number": pl.Float64, "flag": pl.Boolean}
FLAGS = [
    col("flag"),
    col("kind") == "one",
    col("kind") != "one",
    col("kind").starts_with("one,"),
    col("kind").is_in(["two", "three"]),
    col("day") <= DAYS[1],
    col("number") >= 1.5,
    col("number").is_null(),
    lit(True),
]
NUMBERS = [
    col("flag").cast(FLAG) + 1 - col("number"),
    (1 - col("flag").cast(WHOLE)).cast(FRACTION),
    (col("number") * 10).round().cast(WHOLE),
    when(col("number") > 0).then(col("number") / col("number")),
    when(col("kind") == "one").then(lit(2.0)).otherwise(col("number")),
    col("number").fill_null(9.0),
]


def both(linked, rows):
    """Return the same two tables on arrays, and as an engine holds them."""
    members = pd.DataFrame(linked, columns=["family_id", "person_id"], dtype="str")
    facts = pd.DataFrame(rows, columns=list(SCHEMA)).astype({"person_id": "str", **TYPES})
    arrays = held({"family_member": members, "fact": facts})
    frames = {
        "family_member": pl.DataFrame(linked, schema={"family_id": pl.String, "person_id": pl.String}),
        "fact": pl.DataFrame(rows, schema=SCHEMA),
    }
    engine = {name: EngineRows(nw.from_native(frame.lazy()), collected) for name, frame in frames.items()}
    return arrays, engine


def plain(rows):
    """Return the rows as texts of plain values, in order."""
    frame = rows.to_pandas()
    frame = frame[sorted(frame)].astype(object)
    values = frame.where(frame.notna(), None).to_numpy().tolist()
    return sorted(str([float(one) if isinstance(one, (bool, int)) else one for one in row]) for row in values)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(LINKED, max_size=6),
    st.lists(ROW, max_size=8),
    st.lists(st.sampled_from(FLAGS), min_size=1, max_size=3),
    st.sampled_from(NUMBERS),
    st.sampled_from([operator.and_, operator.or_]),
    st.sampled_from(["sum", "max", "min"]),
)
def test_arrays_answer_as_an_engine_does(linked, rows, flags, number, joint, how):
    is_so = ~reduce(joint, flags)
    found = []
    for tables in both(linked, rows):
        per = tables["fact"].filter(is_so).per("person_id", {"value": (number, how), "last": (col("day"), "max")})
        more = tables["fact"].per("person_id", {"n": (lit(1), "sum")})
        persons = per.beside([more], "person_id", ["value", "last", "n"])
        members = tables["family_member"].join(persons, on="person_id", how="left")
        members = members.with_columns(n=col("n").fill_null(0), is_late=(col("last") > DAYS[0]).fill_null(False))
        families = members.per("family_id", {"n": (col("n"), "sum"), "value": (col("value"), how)})
        known = tables["family_member"].join(tables["fact"].filter(is_so), on="person_id", how="semi")
        inner = tables["family_member"].join(tables["fact"].select("person_id", "kind"), on="person_id", how="inner")
        found.append([plain(part) for part in (members, families, known, inner)])
    assert found[0] == found[1]


def test_rows_are_joined_on_two_keys_where_both_are_known():
    linked = [{"family_id": "F", "person_id": "a"}]
    rows = [dict.fromkeys(SCHEMA) | {"person_id": "a", "day": day, "number": n} for n, day in enumerate([*DAYS, None])]
    for tables in both(linked, rows):
        latest = tables["fact"].per("person_id", {"day": (col("day"), "max")})
        found = tables["fact"].join(latest, on=["person_id", "day"], how="inner").to_pandas()
        assert found["number"].tolist() == [2.0]


@pytest.mark.parametrize("flags", [[True, True, None], [False, False, None], [True, False, None], [None] * 3])
def test_a_column_that_may_hold_anything_is_read_as_what_it_holds(flags):
    numbers = [float(10 * flag) if flag is not None else None for flag in flags]
    anything = pd.DataFrame({"family_id": list("abc"), "person_id": list("abc"), "flag": flags, "number": numbers})
    rows = held({"family_member": anything.astype({"flag": "object", "number": "object"})})["family_member"]
    expected = [name for name, flag in zip("abc", flags, strict=True) if flag is not False]
    assert rows.filter(col("flag").fill_null(True)).to_pandas()["person_id"].tolist() == expected
    assert rows.select(n=(col("number") * 2).fill_null(20.0)).filter(col("n") > 19).to_pandas()["n"].size == len(
        expected
    )


def test_an_expression_cannot_be_taken_for_an_answer():
    with pytest.raises(TypeError, match="neither true nor false"):
        bool(col("number") == 1)
