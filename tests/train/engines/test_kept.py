"""Compiled code that is kept: found again, compiled anew where it is damaged, and little of it."""

from __future__ import annotations

import os

import pytest

pytest.importorskip("numba", reason="numba compiles, and is not installed")

from numba import njit  # needs it

from chainrule.train.engines import kept
from chainrule.train.engines.kept import KeptCode


@pytest.fixture
def loaded(tmp_path, monkeypatch):
    """What calls a function, compiled or loaded; gives how often it was found."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))

    def load(name="tripled_0123456789ab", number=5):
        def tripled(x):
            return 3 * x

        tripled.__qualname__ = name
        dispatcher = njit(tripled)
        dispatcher._cache = KeptCode(tripled)
        assert dispatcher(number) == 15
        return sum(dispatcher.stats.cache_hits.values())

    return load


def files(folder, ending):
    return sorted(folder.rglob(f"*.{ending}"))


def test_what_was_compiled_is_found_again(loaded):
    assert [loaded(), loaded(), loaded()] == [0, 1, 1]


def test_what_is_found_loads_nothing_that_compiles(loaded, monkeypatch):
    loaded()
    monkeypatch.setattr("numba.core.cpu.CPUContext.refresh", None)
    assert loaded() == 1


@pytest.mark.parametrize("ending", ["nbi", "nbc"])
@pytest.mark.parametrize("damage", ["cut", "one bit", "empty"])
def test_what_is_damaged_is_compiled_again_and_written_anew(loaded, tmp_path, ending, damage):
    loaded()
    (file,) = files(tmp_path, ending)
    content = bytearray(file.read_bytes())
    if damage == "one bit":
        content[len(content) // 2] ^= 1
    file.write_bytes(content[: {"cut": len(content) // 2, "empty": 0}.get(damage)])
    assert loaded() in ((0,) if ending == "nbc" or damage != "one bit" else (0, 1))
    assert loaded() == 1


def test_other_sources_are_kept_beside_it(loaded):
    assert [loaded("tripled_0123456789ab"), loaded("tripled_ba9876543210")] == [0, 0]
    assert [loaded("tripled_0123456789ab"), loaded("tripled_ba9876543210")] == [1, 1]


def test_what_was_not_used_for_longest_goes_where_there_are_many(loaded, tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "MOST", 2)
    for name in ("tripled_00", "tripled_11"):
        loaded(name)
    for file in files(tmp_path, "nbc"):
        os.utime(file, (0, 0))
    assert loaded("tripled_00") == 1  # it counts as used now
    loaded("tripled_22")
    for ending in ("nbi", "nbc"):
        assert [file.name.partition("-")[0][-2:] for file in files(tmp_path, ending)] == ["00", "22"]


def test_of_one_sources_kinds_the_oldest_goes_and_the_index_stays(loaded, tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "MOST", 1)
    loaded()
    (first,) = files(tmp_path, "nbc")
    os.utime(first, (0, 0))
    loaded(number=5.0)
    assert len(files(tmp_path, "nbc")) == 1
    assert not first.exists()
    assert [loaded(number=5.0), loaded(), loaded()] == [1, 0, 1]


def test_a_full_disk_stops_nobody(loaded, monkeypatch):
    def full(self, key, data):
        raise OSError("no space left on device")

    monkeypatch.setattr("numba.core.caching.IndexDataCacheFile.save", full)
    assert [loaded(), loaded()] == [0, 0]
