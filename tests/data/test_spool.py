"""Numbers put aside: what is put in comes out, on disk too, and a full disk is one line."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.data import spool
from chainrule.data.spool import Spool, SpooledColumn
from chainrule.errors import DataError


@pytest.mark.parametrize("room", [10**6, 10])
def test_parts_of_a_column_come_back_in_memory_or_on_disk(room, monkeypatch):
    monkeypatch.setattr(spool, "IN_MEMORY", room)
    store = Spool()
    first, second = np.arange(5.0), np.arange(3, dtype=np.int8)
    places = [store.add(first), store.add(second), store.add(first[::2])]
    column = SpooledColumn(store, [places[0], places[2]], np.float64)
    assert len(column) == 8
    for _ in range(2):
        np.testing.assert_array_equal(np.asarray(column), [0, 1, 2, 3, 4, 0, 2, 4])
    assert store.numbers([places[1]], np.int8).tolist() == [0, 1, 2]
    assert store._file._rolled == (room == 10)


def test_where_there_is_no_room_the_line_says_what_to_do(monkeypatch):
    def full(data):
        raise OSError(28, "No space left on device")

    store = Spool()
    monkeypatch.setattr(store._file, "write", full)
    with pytest.raises(DataError, match=r"has no room .*: No space left on device; make some, or set TMPDIR"):
        store.add(np.arange(3))
