"""Tables of experiments as text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from chainrule.errors import SettingsError
from chainrule.experiments.experiment import Experiment
from chainrule.experiments.reading import read_experiment

Read = Callable[..., Experiment]


def reader(folder: Path) -> Read:
    """What reads a table from its text, by a file in the folder, with overrides."""

    def read(text: str, *overrides: str) -> Experiment:
        path = folder / "f.toml"
        path.write_text(text)
        return read_experiment(path, overrides)

    return read


GOOD = """
title = "t"
[settings]
train = "data_batch_1"
val = "data_batch_2"
test = "test_batch"
preprocess = "center"
init = { normal = 0.01 }
batch_size = 100
epochs = 40
shuffle = true
"""


def lines(read: Read, text: str, *overrides: str) -> list[str]:
    """The problems of a table, each without its file."""
    with pytest.raises(SettingsError) as caught:
        read(text, *overrides)
    return [problem.partition("f.toml: ")[2] or problem for problem in caught.value.problems]
