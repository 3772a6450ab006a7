"""Columns of Parquet and Feather files: read when they are asked for, and no more of the table than a part."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.data import arrow_files
from chainrule.data.frames import read_frame
from chainrule.errors import DataError

pyarrow = pytest.importorskip("pyarrow")
COLUMNS = {"a": np.arange(20_000)} | {f"a.{i}": np.arange(20_000) + i for i in range(30)}


def written(path):
    from pyarrow import feather, parquet

    table = pyarrow.table(COLUMNS)
    if path.suffix == ".parquet":
        parquet.write_table(table, path, use_dictionary=False)
    else:
        feather.write_feather(table, path, version=1 if path.stem == "old" else 2)
    return path


@pytest.mark.parametrize("parts", [100, 7])
@pytest.mark.parametrize("name", ["t.parquet", "t.feather"])
def test_columns_are_read_when_they_are_asked_for(name, parts, tmp_path, monkeypatch):
    monkeypatch.setattr(arrow_files, "_PARTS", parts)
    path, before = written(tmp_path / name), pyarrow.total_allocated_bytes()
    frame = read_frame(path).take(np.array([7, 3]))
    assert len(frame) == 2
    for i in (29, 0, 17):
        assert frame[f"a.{i}"].tolist() == [7 + i, 3 + i]
    assert frame["a"].tolist() == [7, 3]
    assert pyarrow.total_allocated_bytes() - before < len(COLUMNS) * 20_000 * 8 / 4


@pytest.mark.filterwarnings("ignore:Feather V1:DeprecationWarning")
def test_feather_of_the_first_version_is_read_whole(tmp_path):
    frame = read_frame(written(tmp_path / "old.feather"))
    assert frame.columns == tuple(COLUMNS)
    assert frame["a.3"].tolist() == COLUMNS["a.3"].tolist()


@pytest.mark.parametrize("name", ["t.parquet", "t.feather"])
def test_a_damaged_file_is_said_when_it_is_read(name, tmp_path):
    path = written(tmp_path / name)
    content = bytearray(path.read_bytes())
    content[8:40_000] = b"\xff" * 39_992
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"t\.(parquet: column .a.|feather): cannot be read.*; write"):
        read_frame(path)["a"]


def test_an_index_without_a_name_is_no_column_as_pandas_reads_it(tmp_path):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"a": [1, 2, 3], "b": list("xyz")}, index=[7, 3, 5])
    for name, columns in ((None, ("a", "b")), ("id", ("a", "b", "id"))):
        frame.rename_axis(name).to_parquet(tmp_path / "t.parquet")
        read = read_frame(tmp_path / "t.parquet")
        assert (read.columns, read["b"].tolist()) == (columns, ["x", "y", "z"])
