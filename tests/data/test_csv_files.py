"""Columns of CSV files that are read in parts: what they hold is what the whole of them says."""

from __future__ import annotations

import io

import numpy as np
import pytest

from chainrule.data import csv_files
from chainrule.data.csv_files import of_csv

TEXT = """\
whole,number,truth,code,gap,city,late,hole
1,0.5,true,7,,Rome,1,
2,1e3,FALSE,8,,,true,nan
3,nan,NA,9,,Oslo,false,
-4,5,true,x1,2,Rome,,true
"""
"""Parts of one row: ``code`` and ``late`` turn out to hold texts when numbers have been read."""


def read(text, **more):
    names, columns = of_csv(io.BytesIO(text.encode()), **more)
    return dict(zip(names, map(np.asarray, columns), strict=True))


@pytest.mark.parametrize("cells", [1, 16, 10**6])
def test_a_column_is_what_all_of_its_cells_say_however_many_are_read_together(cells, monkeypatch):
    monkeypatch.setattr(csv_files, "_CELLS", cells)
    columns = read(TEXT)
    assert (columns["whole"].dtype, columns["whole"].tolist()) == (np.int64, [1, 2, 3, -4])
    np.testing.assert_array_equal(columns["number"], [0.5, 1000, np.nan, 5])
    assert columns["truth"].tolist() == [True, False, None, True]
    assert columns["code"].tolist() == ["7", "8", "9", "x1"]
    np.testing.assert_array_equal(columns["gap"], [np.nan, np.nan, np.nan, 2])
    assert columns["city"].tolist() == ["Rome", None, "Oslo", "Rome"]
    assert columns["late"].tolist() == ["1", "true", "false", None]
    assert columns["hole"].tolist() == [None, None, None, True]


@pytest.mark.parametrize("cells", [1, 10**6])
def test_decimal_commas_and_texts_with_commas(cells, monkeypatch):
    monkeypatch.setattr(csv_files, "_CELLS", cells)
    columns = read("height;mixed;truth\n1,5;2,5;true\n2;a,b;false\n")
    assert columns["height"].tolist() == [1.5, 2.0]
    assert columns["mixed"].tolist() == ["2,5", "a,b"]
    assert columns["truth"].dtype == bool


def test_whole_numbers_are_so_as_long_as_float64_tells_them_apart():
    columns = read("small,large,plus,spaced\n9007199254740991,9007199254740992,+3, 4 \n1,1,2,5\n")
    assert [columns[name].dtype.kind for name in columns] == ["i", "f", "i", "i"]


def test_texts_that_are_the_same_lie_in_memory_once():
    cities = read("city\n" + "Ro me\n" * 3)["city"]
    assert cities[0] is cities[2]


@pytest.mark.parametrize("cells", [1, 10**6])
def test_utf_16_is_read_as_spreadsheets_write_it(cells, monkeypatch):
    monkeypatch.setattr(csv_files, "_CELLS", cells)
    text = "höjd\tstad\n1\tÅbo\nx\tOslo\n"
    for form in ("utf-16", "utf-16-be"):
        data = text.encode(form) if form == "utf-16" else b"\xfe\xff" + text.encode(form)
        names, columns = of_csv(io.BytesIO(data))
        assert (names, [np.asarray(c).tolist() for c in columns]) == (
            ["höjd", "stad"],
            [["1", "x"], ["Åbo", "Oslo"]],
        )
    with pytest.raises(ValueError, match="neither UTF-8 nor UTF-16"):
        of_csv(io.BytesIO("a\n1\n".encode("utf-16")[:-1]))
    with pytest.raises(ValueError, match="it is no text, as it holds NUL characters"):
        of_csv(io.BytesIO("a,b\n1,2\n".encode("utf-16-le")))


def test_the_mark_that_spreadsheets_are_told_is_taken():
    assert read("sep=;\na,b;c\n1;2\n")["a,b"].tolist() == [1]
    assert read('"SEP=|"\r\na|c\r\n1|2\r\n')["c"].tolist() == [2]
    assert read("\nsep=;\n\n \na;b\n1,5;2\n")["a"].tolist() == [1.5]
    assert read("sep=;\na\n1,5\n", first="\t")["a"].tolist() == [1.5]
    assert read("sep= \na b\n1 2\n")["b"].tolist() == [2]


@pytest.mark.parametrize("front", ["", "sep=;\n", "\n\nsep=;\r\n\n"])
def test_lines_are_counted_from_the_top_of_the_file(front):
    with pytest.raises(ValueError, match=f"line {front.count(chr(10)) + 3} has 3 cells, the line of names 2"):
        read(f"{front}a;b\n1;2\n3;4;5\n")


def test_a_line_that_cannot_be_read_is_named():
    with pytest.raises(ValueError, match=r"line 3: ',' expected after '\"'"):
        read('a,b\n1,2\n"x"y,3\n')
