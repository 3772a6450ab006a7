"""What tasks get of a data set: a name, the arrays' place, or all of it."""

from __future__ import annotations

import contextlib
from pathlib import Path

import numpy as np
import pytest

from chainrule.data import datasets
from chainrule.data.tables import from_arrays
from chainrule.errors import DataError, StoreError
from chainrule.work import scratch
from chainrule.work.executors import InProcess, results
from chainrule.work.processes import Processes
from chainrule.work.sharing import Located, Mapped, opened, shared


class Away(Processes):
    """Workers of another machine."""

    sees_files = False
    starting = 0.0


@pytest.fixture(scope="module")
def own():
    X = np.arange(24, dtype=np.float32).reshape(12, 2)
    return from_arrays(X, ["a", "b"] * 6)


def test_in_this_process_and_on_another_machine_it_is_the_data_itself(own, tmp_path):
    for executor in (InProcess(), Away(1)):
        with shared(own, tmp_path, executor) as data:
            assert data is own
            assert opened(data) is own


def test_one_with_a_name_is_found_by_it(tmp_path):
    digits = datasets.load("digits")
    with shared(digits, tmp_path, Processes(1)) as data:
        assert data == Located("digits", tmp_path)
        assert opened(data) == digits


def test_one_of_one_s_own_is_mapped_from_a_folder_that_ends_with_it(own, tmp_path):
    with shared(own, tmp_path, Processes(1)) as data:
        assert isinstance(data, Mapped)
        assert data.described.images.size == 0
        again = opened(data)
        assert again == own
        assert isinstance(again.images, np.memmap)
        np.testing.assert_array_equal(again.images, own.images)
        np.testing.assert_array_equal(again.labels, own.labels)
    assert not data.folder.exists()
    with pytest.raises(DataError, match="the rows of table are gone"):
        opened(data)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full disk here")
def test_a_full_disk_is_refused(own, tmp_path, monkeypatch):
    (tmp_path / "images.npy").symlink_to("/dev/full")
    monkeypatch.setattr(scratch, "folder", lambda: contextlib.nullcontext(tmp_path))
    with pytest.raises(StoreError, match="free some space"), shared(own, tmp_path, Processes(1)):
        pass


def classes(data):
    return opened(data).classes


def test_its_weights_go_with_it(tmp_path):
    X = np.arange(24, dtype=np.float32).reshape(12, 2)
    data = from_arrays(X, ["a", "b"] * 6, weights=np.arange(12))
    with shared(data, tmp_path, Processes(1)) as sent:
        np.testing.assert_array_equal(opened(sent).weights, data.weights)


def test_a_worker_process_reads_it(own, tmp_path):
    executor = Processes(1)
    try:
        with shared(own, tmp_path, executor) as data:
            assert list(results(executor, classes, [data], lambda: None)) == [("a", "b")]
    finally:
        executor.close()
