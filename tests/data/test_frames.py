"""Tables in files: what their columns hold, and what is no table."""

from __future__ import annotations

import re

import numpy as np
import pytest

from chainrule.data.encoding import EncodingNotice
from chainrule.data.frames import Frame, column_of, read_frame
from chainrule.errors import DataError, MissingExtraError

CSV = 'age, city ,member,visits,id\n31,Rome,true,3,a_1\n,"Oslo, N",FALSE,4,1_0\nNaN,NA,,5,7\n\n'
"""A gap in every column but two; a quoted mark; an empty line."""


def read(tmp_path, text, name="t.csv"):
    (tmp_path / name).write_text(text, encoding="utf-8")
    return read_frame(tmp_path / name)


def test_columns_of_a_csv_file_are_what_their_cells_are(tmp_path):
    frame = read(tmp_path, CSV)
    assert frame.columns == ("age", "city", "member", "visits", "id")
    np.testing.assert_array_equal(frame["age"], [31, np.nan, np.nan])
    assert frame["city"].tolist() == ["Rome", "Oslo, N", None]
    assert frame["member"].tolist() == [True, False, None]
    assert (frame["visits"].dtype.kind, frame["visits"].tolist()) == ("i", [3, 4, 5])
    assert frame["id"].tolist() == ["a_1", "1_0", "7"]
    assert read(tmp_path, "a\ntrue\nfalse\n")["a"].dtype == bool
    assert read(tmp_path, "a\n1e3\n2\n")["a"].dtype == float
    assert read(tmp_path, "a\n123456789012345678901\n")["a"].dtype == float


@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_other_marks_and_a_byte_order_mark(mark, tmp_path):
    frame = read(tmp_path, f"\ufeffage{mark}city\n3{mark}Rome\n", "t.tsv")
    assert (frame["age"].tolist(), frame["city"].tolist()) == ([3], ["Rome"])


def test_the_same_table_in_every_form(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import feather, parquet

    columns = {"age": [31.5, None], "city": ["Rome", None], "old": [True, False], "visits": [3, 4]}
    table = pyarrow.table(columns)
    kind = pyarrow.array(["a", "b"]).dictionary_encode()
    table = table.append_column("kind", kind)
    parquet.write_table(table, tmp_path / "t.parquet")
    feather.write_feather(table, tmp_path / "t.feather")
    for name in ("t.parquet", "t.feather"):
        frame = read_frame(tmp_path / name)
        assert frame.columns == (*columns, "kind")
        np.testing.assert_array_equal(frame["age"], [31.5, np.nan])
        assert [frame[name].tolist() for name in ("city", "old", "visits", "kind")] == [
            ["Rome", None], [True, False], [3, 4], ["a", "b"],
        ]  # fmt: skip


def test_arrays_become_columns(tmp_path):
    np.savez(tmp_path / "t.npz", X=np.arange(6).reshape(3, 2), y=np.array(["a", "b", "a"]))
    frame = read_frame(tmp_path / "t.npz")
    assert (frame.columns, frame["X1"].tolist(), len(frame)) == (("X0", "X1", "y"), [1, 3, 5], 3)
    rest = frame.without("y").take(np.array([2, 0]))
    assert np.asarray(rest).tolist() == [[4, 5], [0, 1]]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "holds no columns"),
        ("a,b\n", "holds no rows"),
        ("\n\n", "holds no columns"),
        ("a,a\n1,2\n", "two columns are called 'a'"),
        ("a,\n1,2\n", "column 1 (from 0) has no name"),
        ("1,2\n3,4\n", "its first line holds numbers, not names"),
        ("a,b\n1,2\n3\n", "line 3 has 1 cells, the line of names 2"),
        ('a,b\n1,"2\n', "unexpected end of data"),
    ],
)
def test_what_is_no_table_is_one_line(text, words, tmp_path):
    with pytest.raises(DataError, match=re.escape(words)) as refused:
        read(tmp_path, text)
    (line,) = refused.value.problems
    assert str(tmp_path / "t.csv") in line


def test_files_that_cannot_be_read(tmp_path, monkeypatch):
    with pytest.raises(DataError, match=r"t\.xls: is no \.csv, \.tsv, \.parquet, \.feather, \.npz file"):
        read(tmp_path, "a\n1\n", "t.xls")
    with pytest.raises(DataError, match="No such file"):
        read_frame(tmp_path / "none.csv")
    (tmp_path / "latin.csv").write_bytes(b"a\n\xe9\n")
    with pytest.raises(DataError, match="cannot be read as csv: its text is neither UTF-8 nor UTF-16"):
        read_frame(tmp_path / "latin.csv")
    np.savez(tmp_path / "t.npz", X=np.zeros((2, 2, 2)))
    with pytest.raises(DataError, match="which is no column and no table"):
        read_frame(tmp_path / "t.npz")
    np.savez(tmp_path / "t.npz", X=np.zeros((2, 2)), y=np.zeros(3))
    with pytest.raises(DataError, match="its columns have 2 and 3 rows"):
        read_frame(tmp_path / "t.npz")
    (tmp_path / "t.parquet").write_bytes(b"PAR1")
    with pytest.raises(DataError, match="cannot be read as parquet"):
        read_frame(tmp_path / "t.parquet")
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'chainrule\[tables\]'"):
        read_frame(tmp_path / "t.parquet")


def test_a_column_that_is_not_there_is_named_with_one_that_comes_close():
    frame = Frame({"label": np.array([0, 1])})
    assert column_of(frame, "label", "--target").tolist() == [0, 1]
    with pytest.raises(DataError, match="--target 'lable': is no column; did you mean 'label'"):
        column_of(frame, "lable", "--target")


def test_a_table_with_tabs_may_have_commas_in_its_names_and_one_with_semicolons_in_its_numbers(tmp_path):
    assert read(tmp_path, "a,b,c\tq\n1\t2\n", "t.tsv").columns == ("a,b,c", "q")
    frame = read(tmp_path, "height;city\n1,5;Rome\n;Oslo, east\n")
    assert frame["city"].tolist() == ["Rome", "Oslo, east"]
    np.testing.assert_array_equal(frame["height"], [1.5, np.nan])


def test_an_empty_line_is_a_gap_of_a_single_column_and_no_row_of_several(tmp_path):
    np.testing.assert_array_equal(read(tmp_path, "x\n1\n\n3\n")["x"], [1, np.nan, 3])
    assert read(tmp_path, "x,y\n1,2\n\n3,4\n")["x"].tolist() == [1, 3]


def test_some_rows_of_a_frame_are_no_copy():
    column = np.arange(5)
    some = Frame({"a": column, "b": column + 1}).take(np.array([4, 0, 2])).without("b").take(np.array([2, 1]))
    assert (len(some), some["a"].tolist(), np.asarray(some).tolist()) == (2, [2, 0], [[2], [0]])
    column[2] = 7
    assert some["a"].tolist() == [7, 0]


@pytest.mark.parametrize("index", [(0, 1, 2), (7, 3, 12)])
def test_an_index_without_a_name_in_front_is_left_out_with_a_notice(index, tmp_path):
    lines = [
        f"{number},{city},{number + 5}" for number, city in zip(index, ("Rome", "Oslo", "Rome"), strict=True)
    ]
    with pytest.warns(
        EncodingNotice, match=r"t\.csv: column 0 \(from 0\) has no name and numbers the rows; it is left"
    ):
        frame = read(tmp_path, "\n".join([",city,age", *lines]))
    assert (frame.columns, frame["age"].tolist()) == (("city", "age"), [number + 5 for number in index])


@pytest.mark.parametrize("cells", ["1,1", "a,b", "0.5,1.5"])
def test_what_has_no_name_and_is_no_index_is_refused(cells, tmp_path):
    text = ",age\n" + "".join(f"{cell},3\n" for cell in cells.split(","))
    with pytest.raises(DataError, match="has no name; give it one, or write the table without it"):
        read(tmp_path, text)


def test_columns_without_a_name_or_a_cell_are_left_out_with_a_notice(tmp_path):
    with pytest.warns(
        EncodingNotice, match=r"column 2 \(from 0\) has no name and holds nothing; it is left out"
    ):
        frame = read(tmp_path, "a,b,\n1,x,\n2,y,NA\n")
    assert (frame.columns, frame["b"].tolist()) == (("a", "b"), ["x", "y"])


def test_lines_without_a_cell_before_the_names_are_passed_over(tmp_path):
    assert read(tmp_path, "\n \na;b\n1;x\n7;2\n")["b"].tolist() == ["x", "2"]
    with pytest.raises(DataError, match="line 4 has 1 cells, the line of names 2"):
        read(tmp_path, "\n\na,b\n3\n")
