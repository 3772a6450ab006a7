"""The contract of components: what holds for all of them, the built-in ones and those of one's own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chainrule.data.splits import Split
from chainrule.machine import compiler
from support.components import registered
from support.prototypes import prototype_splits


@pytest.fixture(autouse=True)
def _own_components() -> Iterator[None]:
    with registered():
        yield


@pytest.fixture(scope="session")
def splits() -> dict[str, Split]:
    return prototype_splits()


@pytest.fixture
def compiling(compiled_code: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Code is compiled here."""
    monkeypatch.delenv(compiler.SWITCH)
    if not compiler.available():
        pytest.skip("NumPy's OpenBLAS or numba is not here, so nothing is compiled")
