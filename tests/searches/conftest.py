"""Searches on digits, ready to run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chainrule.data import datasets
from chainrule.data.datasets import Dataset
from chainrule.searches.run import SearchJob
from chainrule.searches.search import read_search
from support.searching import document


@pytest.fixture(scope="session")
def digits() -> Dataset:
    return datasets.load("digits")


@pytest.fixture
def job(digits: Dataset, tmp_path: Path) -> Callable[..., SearchJob]:
    def make(searched: dict[str, Any] | None = None, out: str = "out", seed: int = 0) -> SearchJob:
        search = read_search(searched or document())
        return SearchJob(search, digits, tmp_path / "data", seed, tmp_path / out, "chainrule test")

    return make
