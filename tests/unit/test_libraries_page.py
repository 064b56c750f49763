"""The page of libraries names all that is locked, with version and licence."""

import re

import pytest

from helhed.publishing.libraries_page import libraries_page, licence, locked_versions, named_by_the_kit
from helhed.texts import LANGUAGES


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_locked_library_stands_on_the_page_once(lang):
    rows = re.findall(r"^\| ([\w.-]+) \| ([^|]+) \| ([^|]+) \|$", libraries_page(lang), re.M)
    names = [name for name, _, _ in rows if name in locked_versions()]
    assert sorted(names) == sorted(locked_versions())
    assert all(version.strip() == locked_versions()[name] for name, version, _ in rows if name in locked_versions())


def test_what_the_kit_asks_for_is_locked_and_has_a_licence():
    asked = named_by_the_kit() - {"dask", "duckdb", "polars", "pyspark"}
    assert asked >= {"pandas", "papermill", "jupyter-book", "seaborn", "ipywidgets", "jupyterlab"}
    assert asked <= locked_versions().keys()
    assert all(licence(name) for name in asked)
