"""Compiled code that is kept: found again, compiled anew where it is damaged, and little of it."""

from __future__ import annotations

import os

import pytest

pytest.importorskip("numba", reason="numba compiles, and is not installed")

from numba import njit  # needs it

from chainrule.machine.compiler import kept_kind
from chainrule.train.engines import kept
from chainrule.train.engines.kept import KeptCode


@pytest.fixture
def loaded(tmp_path, monkeypatch):
    """What calls a function, compiled or loaded; gives how often it was found."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))

    def load(name="tripled_0123456789ab", number=5):
        """The function as another process finds it."""

        def tripled(x):
            return 3 * x

        tripled.__qualname__ = name
        dispatcher = njit(tripled)
        dispatcher._cache = KeptCode(tripled, lambda signature: signature[0].name)
        assert dispatcher(number) == 15
        return sum(dispatcher.stats.cache_hits.values())

    return load


def files(folder):
    return sorted(file for file in folder.rglob("*") if file.is_file())


def test_what_was_compiled_is_found_again(loaded):
    assert [loaded(), loaded(), loaded()] == [0, 1, 1]


def test_what_is_found_loads_nothing_that_compiles(loaded, monkeypatch):
    loaded()
    monkeypatch.setattr("numba.core.cpu.CPUContext.refresh", None)
    assert loaded() == 1


@pytest.mark.parametrize("damage", ["cut", "one bit", "empty"])
def test_what_is_damaged_is_compiled_again_and_written_anew(loaded, tmp_path, damage):
    loaded()
    (file,) = files(tmp_path)
    content = bytearray(file.read_bytes())
    if damage == "one bit":
        content[len(content) // 2] ^= 1
    file.write_bytes(content[: {"cut": len(content) // 2, "empty": 0}.get(damage)])
    assert [loaded(), loaded()] == [0, 1]


def test_code_for_other_types_is_compiled_again_though_it_lies_in_the_place(loaded, tmp_path):
    loaded()
    (of_int,) = files(tmp_path)
    loaded(number=5.0)
    (of_float,) = {*files(tmp_path)} - {of_int}
    assert [file.name.split(".")[-3] for file in (of_int, of_float)] == ["int64", "float64"]
    of_float.write_bytes(of_int.read_bytes())
    assert [loaded(number=5.0), loaded(number=5.0), loaded()] == [0, 1, 1]


def test_other_sources_are_kept_beside_it(loaded):
    assert [loaded("tripled_0123456789ab"), loaded("tripled_ba9876543210")] == [0, 0]
    assert [loaded("tripled_0123456789ab"), loaded("tripled_ba9876543210")] == [1, 1]


def test_what_was_not_used_for_longest_goes_where_there_are_many(loaded, tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "MOST", 2)
    for name in ("tripled_00", "tripled_11"):
        loaded(name)
    for file in files(tmp_path):
        os.utime(file, (0, 0))
    assert loaded("tripled_00") == 1  # it counts as used now
    loaded("tripled_22")
    assert [file.name.partition("-")[0][-2:] for file in files(tmp_path)] == ["00", "22"]


def test_of_one_sources_kinds_the_oldest_goes(loaded, tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "MOST", 1)
    loaded()
    (first,) = files(tmp_path)
    os.utime(first, (0, 0))
    loaded(number=5.0)
    assert len(files(tmp_path)) == 1
    assert not first.exists()
    assert [loaded(number=5.0), loaded(), loaded()] == [1, 0, 1]


def test_a_full_disk_stops_nobody(loaded, tmp_path, monkeypatch):
    def full(self, target):
        raise OSError("no space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    assert [loaded(), loaded()] == [0, 0]
    assert files(tmp_path) == []


def test_there_is_room_for_all_kinds_of_several_sources():
    reals = ("float32", "float64")
    # Training takes weights of samples in the type of all numbers, evaluation in float64.
    kinds = {kept_kind(real, weights) for real in reals for weights in (None, real, "float64")}
    assert len(kinds) == kept.KINDS
    assert kept.MOST % kept.KINDS == 0
