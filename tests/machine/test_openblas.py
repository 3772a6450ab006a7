"""NumPy's own OpenBLAS: which library it is, and its threads."""

from __future__ import annotations

import pytest

from chainrule.machine import openblas
from chainrule.machine.threads import limited

if openblas.library() is None:
    pytest.skip(
        "NumPy has another BLAS than its wheels bring, so nothing is compiled", allow_module_level=True
    )


def test_products_take_one_thread_meanwhile_and_as_many_as_before_afterwards():
    with limited(2):
        with openblas.one_thread() as before, openblas.one_thread() as inside:
            assert (before, inside) == (2, 1)
        with openblas.one_thread() as after:
            assert after == 2


def test_who_has_another_blas_is_told_from_who_has_numpy_s(monkeypatch):
    import threadpoolctl

    openblas.library.cache_clear()
    monkeypatch.setattr(
        threadpoolctl, "threadpool_info", lambda: [{"internal_api": "mkl", "filepath": "nowhere"}]
    )
    try:
        assert openblas.library() is None
    finally:
        monkeypatch.undo()
        openblas.library.cache_clear()
    assert openblas.library() is not None
