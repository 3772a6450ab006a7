"""What of a product is formed at once; test_tiles.py has the products."""

from __future__ import annotations

import pytest

pytest.importorskip("numba", reason="numba compiles, and is not installed")

from chainrule.train.engines import innermost  # needs it


@pytest.mark.parametrize("features", [{"avx512f": True}, {"avx2": True, "fma": True}, {"neon": True}, {}])
def test_every_processor_has_tiles_whose_rows_divide_a_vector(monkeypatch, features):
    monkeypatch.setattr(innermost.binding, "get_host_cpu_features", lambda: features)
    for shape in innermost._shapes():
        assert shape.narrowest % shape.rows == 0
        assert shape.narrowest in (shape.vector, shape.vector // 2)
        assert 1 <= shape.widest <= 4
