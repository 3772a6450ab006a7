"""The published tables that can be reproduced: one TOML file each, in ``chainrule/recipes``."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from chainrule.data.datasets import Dataset
from chainrule.errors import SettingsError, suggestion
from chainrule.experiments.experiment import Experiment, read_experiment

WRITTEN_FOR = "cifar10"
"""The data set of the published values; on others a recipe is scaled and nothing is published."""

_TRAINING_IMAGES = 50_000
_SMALLEST_BATCH = 10


def names() -> list[str]:
    """Every recipe's name, in alphabetical order."""
    return sorted(path.stem for path in _folder().iterdir() if path.suffix == ".toml")


def load(name: str) -> Experiment:
    """The recipe of that name.

    Raises:
        SettingsError: there is none; the message suggests a close name.
    """
    return load_all([name])[name]


def load_all(wanted: Sequence[str]) -> dict[str, Experiment]:
    """The recipes of those names, all of them when none is given.

    Raises:
        SettingsError: names every unknown one.
    """
    known = names()
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise SettingsError(*(f"recipe '{name}': is unknown; {suggestion(name, known)}" for name in unknown))
    return {name: read_experiment(_folder() / f"{name}.toml") for name in dict.fromkeys(wanted or known)}


def adapted(experiment: Experiment, dataset: Dataset) -> Experiment:
    """The recipe as it is run on ``dataset``: as written on CIFAR-10, else scaled, with nothing published.

    Counts of images and batch sizes shrink with the number of training images; a batch keeps 10 samples at least.
    """
    if dataset.name == WRITTEN_FOR:
        return experiment
    ratio = len(dataset.training_rows) / _TRAINING_IMAGES
    return experiment.model_copy(
        update={
            "settings": _scaled(experiment.settings, ratio),
            "rows": tuple(
                row.model_copy(update={"set": _scaled(row.set, ratio), "published": {}})
                for row in experiment.rows
            ),
            "published_means": None,
        }
    )


def note(dataset: Dataset) -> str:
    """What a reader of results on ``dataset`` must know about the claims; nothing on CIFAR-10."""
    if dataset.name == WRITTEN_FOR:
        return ""
    return f"the claims are the reports', about {WRITTEN_FOR}; on {dataset.name} they need not hold"


def _scaled(settings: dict[str, Any], ratio: float) -> dict[str, Any]:
    smallest = {"train": 1, "val": 1, "test": 1, "batch_size": _SMALLEST_BATCH}
    return {
        key: max(smallest[key], round(value * ratio)) if key in smallest and isinstance(value, int) else value
        for key, value in settings.items()
    }


def _folder() -> Path:
    # The package is installed as files: hatchling's wheels are never zipped.
    return Path(str(resources.files("chainrule"))) / "recipes"
