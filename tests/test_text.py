"""Text from elsewhere stays on its line and has no meaning where it is shown."""

from __future__ import annotations

import json
import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule import text

ANY = st.text(st.characters(codec="utf-8"), max_size=80)


@given(ANY)
def test_one_line_is_one_line_of_what_prints(given_text):
    shown = text.one_line(given_text)
    assert shown.isprintable()
    assert shown == text.one_line(shown)


@given(ANY, st.integers(0, 20))
def test_what_is_too_long_is_cut_and_says_so(given_text, longest):
    shown = text.one_line(given_text, longest)
    assert len(shown) <= longest + len("...")
    assert shown.endswith("...") or shown == text.one_line(given_text)


@given(st.text() | st.binary())
def test_an_excerpt_is_short_and_plain(given_text):
    shown = text.excerpt(given_text)
    assert shown.isascii()
    assert shown.isprintable()
    assert len(shown) <= text.LONGEST_EXCERPT + 3


@given(ANY)
def test_markdown_has_no_live_marks(given_text):
    escaped = text.escaped_markdown(given_text)
    without = re.sub(r"\\[\\`*_\[\]|#]", "", escaped)
    assert not re.search(r"[\\`*_\[\]|#<>]", without)
    assert not re.search(r"&(?!amp;|lt;|gt;)", without)


@given(ANY)
def test_latex_has_no_live_marks(given_text):
    escaped = text.escaped_latex(given_text)
    without = re.sub(r"\\text\w+\{\}|\\[&%$#_{}]|\$\\(pm|lambda)\$|\$-\$", "", escaped)
    assert not re.search(r"[\\&%$#_{}~^|<>]", without)


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1"])
def test_no_cell_is_a_formula(formula):
    assert text.csv_cell(formula) == f"'{formula}"


@pytest.mark.parametrize("harmless", ["a=b", -1, -1.5, None, ""])
def test_other_cells_stay(harmless):
    assert text.csv_cell(harmless) is harmless


def test_prose_keeps_its_code():
    assert text.escaped_prose("a_b and `c_d`, *e*") == r"a\_b and `c_d`, \*e\*"


def test_json_values_are_json():
    values = {"a": [np.float32(0.5), math.nan, np.int64(3)], "b": (True, None, "x"), "c": math.inf}
    plain = text.json_values(values)
    assert plain == {"a": [0.5, None, 3], "b": [True, None, "x"], "c": None}
    json.dumps(plain, allow_nan=False)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({"start": 0.02, "decay_per_epoch": 0.9}, "start = 0.02, decay_per_epoch = 0.9"),
        ([{"normal": 0.1}, "he"], "[{ normal = 0.1 }, he]"),
        (True, "true"),
        ("two\nlines", "two lines"),
    ],
)
def test_a_setting_is_written_nearly_as_toml(value, shown):
    assert text.as_toml(value) == shown


def test_settings_are_told_nearly_as_toml_writes_them():
    assert text.as_toml({"start": 0.1, "kind": "a", "left": None}) == "start = 0.1, kind = a"
    nested = {"rate": [{"start": 1, "decay": 0.9}, 2], "on": True}
    assert text.as_toml(nested) == "rate = [{ start = 1, decay = 0.9 }, 2], on = true"
