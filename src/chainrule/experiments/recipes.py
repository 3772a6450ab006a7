"""The published tables that can be reproduced: one TOML file each, in ``chainrule/recipes``."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from chainrule.data import sources
from chainrule.data.datasets import Dataset
from chainrule.errors import SettingsError, suggestion
from chainrule.experiments.experiment import Experiment
from chainrule.experiments.published_search import TableSearch
from chainrule.experiments.reading import read_experiment

WRITTEN_FOR = "cifar10"
"""The data set of the published values; on others a recipe is scaled and nothing is published."""

_ORDER = ("one_layer", "one_layer_centered", "two_layer", "one_layer_improved", "deep_batch_norm")
"""Of lists and pages: as the assignments of a course follow each other, from one layer to nine."""

_TRAINING_IMAGES, _BATCH_IMAGES = 50_000, 10_000
_BATCH_SHRINKS = 10


def names() -> list[str]:
    """Every recipe's name, as the assignments of a course follow each other: from one layer to nine.

    >>> names()
    ['one_layer', 'one_layer_centered', 'two_layer', 'one_layer_improved', 'deep_batch_norm']
    """
    return list(_ORDER)


def load(name: str) -> Experiment:
    """The recipe of that name.

    Raises:
        SettingsError: there is none; the message suggests a close name.

    >>> recipe = load("one_layer")
    >>> recipe.rows[0].name, recipe.rows[0].published
    ('rate 0.1, l2 0', {'test_accuracy': '0.2673'})
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

    Counts of images shrink with the number of training images, batch sizes to a tenth, half cycles with the
    number of steps in an epoch.

    >>> from chainrule.data.datasets import load as load_data
    >>> scaled = adapted(load("one_layer"), load_data("digits"))
    >>> load("one_layer").settings["batch_size"], scaled.settings["batch_size"], scaled.rows[0].published
    (100, 10, {})
    """
    if dataset.name == sources.name_of(experiment.dataset):
        return experiment
    bare, common = experiment.on(dataset.name), experiment.settings
    rows = tuple(row.model_copy(update={"set": _scaled(row.set, common, dataset)}) for row in bare.rows)
    searches = tuple(_scaled_search(search, common, dataset) for search in bare.searches)
    scaled = {"settings": _scaled(common, {}, dataset), "rows": rows, "searches": searches}
    return bare.model_copy(update=scaled)


def _scaled_search(search: TableSearch, common: dict[str, Any], dataset: Dataset) -> TableSearch:
    whole = common | search.set
    space = {
        key: [_scaled({key: value}, whole, dataset)[key] for value in values]
        if isinstance(values, list)
        else values
        for key, values in search.space.items()
    }
    return search.model_copy(update={"set": _scaled(search.set, common, dataset), "space": space})


def note(dataset: Dataset) -> str:
    """What a reader of results on ``dataset`` must know about the claims; nothing on CIFAR-10."""
    if dataset.name == WRITTEN_FOR:
        return ""
    return f"the claims are the reports', about {WRITTEN_FOR}; on {dataset.name} they need not hold"


def _scaled(settings: dict[str, Any], common: dict[str, Any], dataset: Dataset) -> dict[str, Any]:
    """``settings``, which stand on top of ``common``, scaled to a data set."""
    whole = common | settings
    small = {key: _scaled_number(key, value, dataset) for key, value in whole.items()}
    cycle = whole.get("learning_rate")
    if isinstance(cycle, dict) and "half_cycle" in cycle:
        before, after = _steps(whole, _BATCH_IMAGES), _steps(small, len(dataset.batches["data_batch_1"]))
        small["learning_rate"] = cycle | {"half_cycle": max(1, round(cycle["half_cycle"] * after / before))}
    return {key: small[key] for key in settings}


def _scaled_number(key: str, value: Any, dataset: Dataset) -> Any:
    if not isinstance(value, int):
        return value
    if key in ("train", "val", "test"):
        return max(1, round(value * len(dataset.training_rows) / _TRAINING_IMAGES))
    return max(2, round(value / _BATCH_SHRINKS)) if key == "batch_size" else value


def _steps(settings: dict[str, Any], batch_images: int) -> float:
    """Steps of an epoch, unrounded; ``batch_images`` are the images of an official batch."""
    train = settings["train"]
    images = train if isinstance(train, int) else batch_images * (1 if isinstance(train, str) else len(train))
    return float(images / settings["batch_size"])


def _folder() -> Path:
    # The package is installed as files: hatchling's wheels are never zipped.
    return Path(str(resources.files("chainrule"))) / "recipes"
