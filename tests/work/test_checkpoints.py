"""Checkpoints as files: what goes in comes out."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import save

from chainrule.errors import StoreError
from chainrule.tensors import digest
from chainrule.train.state import State
from chainrule.work import checkpoints
from chainrule.work.checkpoints import Checkpoint
from chainrule.work.worker import Slot, gathered


def written(path, **arrays):
    """The arrays as a file gives them back, and how long it is."""
    checkpoint = Checkpoint(("a", "b"), (3, 5), 8, State(5, arrays))
    path.write_bytes(checkpoint.to_bytes())
    found = checkpoints.read(path)
    assert (found.members, found.seeds, found.until, found.state.epoch) == (("a", "b"), (3, 5), 8, 5)
    return found.state.arrays, path.stat().st_size


def test_arrays_come_back_as_they_were(tmp_path):
    given = {
        "now.W1": np.random.default_rng(0).normal(size=(2, 3, 4)).astype(np.float32),
        "now.b1": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        "frozen": np.array([True, False]),
        "curve.val_loss": np.array([[np.nan, np.inf], [0.5, -0.0]]),
        "epochs": np.zeros((2, 0), np.int64),
    }
    found, _ = written(tmp_path / "file", **given)
    assert found.keys() == given.keys()
    for name, array in given.items():
        assert found[name].dtype == array.dtype
        np.testing.assert_array_equal(found[name], array)


@pytest.mark.parametrize("kind", ["kept", "best"])
def test_equal_arrays_are_written_once(tmp_path, kind):
    now = np.random.default_rng(0).normal(size=(2, 50, 60)).astype(np.float32)
    other = now.copy()
    other[1, 2, 3] += 1
    one, short = written(tmp_path / "same", **{"now.W1": now, f"{kind}.W1": now.copy()})
    two, long = written(tmp_path / "other", **{"now.W1": now, f"{kind}.W1": other})
    np.testing.assert_array_equal(one[f"{kind}.W1"], now)
    np.testing.assert_array_equal(two[f"{kind}.W1"], other)
    assert long - short > 0.9 * now.nbytes


def test_a_negative_zero_is_kept(tmp_path):
    found, _ = written(tmp_path / "file", **{"now.b1": np.zeros((2, 3)), "best.b1": np.full((2, 3), -0.0)})
    assert np.signbit(found["best.b1"]).all()
    assert not np.signbit(found["now.b1"]).any()


def test_arrays_of_other_parameters_stay_apart(tmp_path):
    found, _ = written(
        tmp_path / "file", **{"now.b1": np.zeros((2, 3)), "now.b2": np.zeros((2, 3), np.float32)}
    )
    assert (found["now.b1"].dtype, found["now.b2"].dtype) == (np.float64, np.float32)


def test_nets_are_gathered_from_several_files_in_the_order_asked_for(tmp_path):
    for name, first in (("a", 0), ("b", 10)):
        state = State(5, {"now.b1": np.arange(first, first + 3)[:, np.newaxis]})
        (tmp_path / name).write_bytes(Checkpoint(("x", "y", "z"), (0,), 8, state).to_bytes())
    places = [Slot("a", 2), Slot("b", 0), Slot("b", 2), Slot("a", 1)]
    found = gathered(tmp_path, places)
    assert (found.epoch, found.arrays["now.b1"].ravel().tolist()) == (5, [2, 10, 12, 1])


def damaged(path, **changes: str) -> str:
    """What is said of a checkpoint that says something else of itself, and has a sum that fits."""
    written(path, **{"now.W1": np.ones((2, 3))})
    with safe_open(path, "numpy") as file:
        about = {**file.metadata(), **changes}
        arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no mapping
    about.pop("sha256")
    about["sha256"] = digest(about, arrays)
    path.write_bytes(save({name: np.ascontiguousarray(array) for name, array in arrays.items()}, about))
    with pytest.raises(StoreError) as caught:
        checkpoints.read(path)
    (line,) = caught.value.problems
    return line


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"members": '["a", "b", "c"]'}, "one entry for each of its members"), ({"members": '"a"'}, "names no members"),
        ({"members": "[" * 100_000}, "nested too deeply"), ({"members": "[1, 2]"}, "names no members"),
        ({"epoch": "9" * 5000}, "is damaged"), ({"epoch": "x"}, "is damaged"), ({"same": "[]"}, "is damaged"),
        ({"same": '{"now.W1": "nothing"}'}, "is damaged"), ({"same": '{"now.W1": ["a"]}'}, "is damaged"),
        ({"version": "77", "written_by": "x\n" * 1000}, "is a checkpoint of chainrule x"),
    ],
)  # fmt: skip
def test_checkpoints_that_say_what_they_are_not_are_refused_in_a_line(tmp_path, changes, said):
    line = damaged(tmp_path / "file", **changes)
    assert said in line
    assert "\n" not in line
    assert len(line) < 500


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero"), Path.mkdir])
def test_what_is_no_file_is_no_checkpoint(tmp_path, make):
    make(tmp_path / "file")
    with pytest.raises(StoreError, match=r"is a .*; delete it"):
        checkpoints.read(tmp_path / "file")
