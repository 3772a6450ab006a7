"""The contract of components: what holds for all of them, the built-in ones and those of one's own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chainrule.data.splits import Split
from support.components import registered
from support.prototypes import prototype_splits


@pytest.fixture(autouse=True)
def _own_components() -> Iterator[None]:
    with registered():
        yield


@pytest.fixture(scope="session")
def splits() -> dict[str, Split]:
    return prototype_splits()
