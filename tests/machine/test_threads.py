"""How many threads products take."""

from __future__ import annotations

import threadpoolctl

from chainrule.machine.threads import blas_threads, limited


def test_threads_are_those_of_blas():
    with limited(1):
        assert blas_threads() == 1


def test_where_no_library_is_known_there_is_one_thread(monkeypatch):
    monkeypatch.setattr(threadpoolctl, "threadpool_info", list)
    assert blas_threads() == 1
