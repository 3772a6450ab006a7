"""How much memory is free."""

from __future__ import annotations

import sys

from chainrule.machine import memory


def test_it_is_what_the_system_says_or_all_that_there_could_be(tmp_path, monkeypatch):
    monkeypatch.setattr(memory, "_MEMINFO", tmp_path / "meminfo")
    assert memory.free() == sys.maxsize
    (tmp_path / "meminfo").write_text("MemTotal: 9 kB\nMemFree: 1 kB\nMemAvailable:  3 kB\n")
    assert memory.free() == 3072
