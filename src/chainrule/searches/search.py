"""A search: settings, a space, a strategy; from a document, with every problem said at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from chainrule.data import splits
from chainrule.data.datasets import Dataset
from chainrule.data.sources import DatasetSource
from chainrule.errors import SettingsError
from chainrule.records.plans import SearchPlan
from chainrule.searches.space import Space, Values, applied, read_space
from chainrule.searches.strategies import AnyStrategy
from chainrule.searches.strategies.base import Strategy
from chainrule.settings.settings import Settings
from chainrule.settings.strict import Strict, explain
from chainrule.settings.toml import overridden, read_toml
from chainrule.work.nets import NamedNet, named


class Search(Strict):
    """What is searched and how.

    Attributes:
        title: what it is, in a line.
        dataset: the data set it is meant for, by name or as a table's file.
        settings: what all trials have in common, keys as in :class:`chainrule.settings.settings.Settings`.
        space: see :func:`chainrule.searches.space.read_space`.
        strategy: see :mod:`chainrule.searches.strategies`.
    """

    title: str = ""
    dataset: DatasetSource = "cifar10"
    settings: dict[str, Any]
    space: dict[str, Any]
    strategy: AnyStrategy

    @cached_property
    def dimensions(self) -> Space:
        """The space, read."""
        return read_space(self.space)[0]

    @property
    def epochs(self) -> int:
        """Of a whole training, where they are not searched."""
        return int(self.settings.get("epochs", 1))

    def settings_of(self, values: Values) -> Settings:
        """The whole settings of a trial's nets."""
        return Settings.model_validate({**applied(self.settings, values), "evaluate": "validation"})

    def probes(self) -> list[Settings]:
        """Of trials at the ends of the space."""
        return [self.settings_of(values) for values in self.dimensions.probes()]

    def seeds(self, seed: int) -> range:
        """The seeds of every trial's inits, for each ``seed`` of the search other ones."""
        return range(seed * self.strategy.inits, (seed + 1) * self.strategy.inits)

    def nets(self, values: Values, dataset: Dataset, seed: int) -> list[NamedNet]:
        """A trial's nets, one an init."""
        settings = self.settings_of(values)
        return [named(dataset, settings, init_seed) for init_seed in self.seeds(seed)]

    def winners(self, values: Values, dataset: Dataset, seed: int) -> list[NamedNet]:
        """The nets of a trial that won, with curves and a test."""
        settings = self.settings_of(values).model_copy(update={"evaluate": "curves"})
        return [named(dataset, settings, init_seed) for init_seed in self.seeds(seed)]

    def images(self, dataset: Dataset) -> int:
        """Images of the validation split, the same for all trials."""
        return splits.count("val", self.settings_of(self.dimensions.probes()[0]), dataset)

    def plan(self, dataset: Dataset, seed: int) -> SearchPlan:
        """What a folder of it holds."""
        document = self.model_dump(mode="json", exclude={"dataset", "title"})
        identity = {"name": dataset.name, "checksum": dataset.checksum}
        return SearchPlan(dataset=identity, search=document, seed=seed)


def read_file(path: Path, overrides: Sequence[str] = ()) -> Search:
    """Read a search from a TOML file.

    Args:
        path: the file.
        overrides: ``key=value`` pairs that replace common settings.

    Raises:
        SettingsError: with every problem found, one line each.
    """
    return read_search(read_toml(path), overrides, f"{path}: ")


def read_search(document: Mapping[str, Any], overrides: Sequence[str] = (), place: str = "") -> Search:
    """A search from a document.

    Args:
        document: keys as in :class:`Search`.
        overrides: ``key=value`` pairs that replace common settings.
        place: stands in front of every problem.

    Raises:
        SettingsError: with every problem found, one line each.

    >>> settings = {"train": 1000, "val": 200, "test": "test_batch", "preprocess": "center", "init": "he"}
    >>> settings |= {"batch_size": 10, "epochs": 5, "shuffle": True, "learning_rate": 0.1}
    >>> search = read_search({"settings": settings, "space": {"l2": [0.0, 0.1]}, "strategy": {"kind": "grid"}})
    >>> search.settings_of({"l2": 0.1}).l2, search.seeds(0), search.seeds(1)
    (0.1, range(0, 3), range(3, 6))
    """
    searched = document.get("space")
    space, problems = read_space(searched) if isinstance(searched, Mapping) else (None, [])
    common = document.get("settings")
    settings, refused = overridden(
        common if isinstance(common, Mapping) else {},
        overrides,
        lambda key: (
            ["the space"] if space and key in {path.partition(".")[0] for path in space.dimensions} else []
        ),
    )
    document = {**document, "settings": settings} if overrides else document
    try:
        search = Search.model_validate(document)
    except ValidationError as error:
        problems = explain(error, Search) + problems
    if space is not None and isinstance(common, Mapping):
        problems += _impossible(settings, space)
    if space is not None and (strategy := _strategy(document.get("strategy"))):
        problems += strategy_problems(strategy, space, settings)
    if problems or refused:
        raise SettingsError(*refused, *(f"{place}{line}" for line in dict.fromkeys(problems)))
    return search


def strategy_problems(strategy: Strategy, space: Space, settings: Mapping[str, Any]) -> list[str]:
    """Why a space cannot be searched so, one line each."""
    epochs = settings.get("epochs")
    return strategy.problems(space, epochs if type(epochs) is int else 1_000_000)


def check(search: Search, dataset: Dataset) -> None:
    """Refuse a search that cannot be run on a data set, before anything is written.

    Raises:
        SettingsError: with every problem, one line each.
    """
    problems = dict.fromkeys(line for probe in search.probes() for line in splits.problems(probe, dataset))
    if problems:
        raise SettingsError(*problems)


def _strategy(document: Any) -> Strategy | None:
    """The strategy where it is right by itself."""
    try:
        return TypeAdapter[Strategy](AnyStrategy).validate_python(document)
    except ValidationError:
        return None


def _impossible(common: Mapping[str, Any], space: Space) -> list[str]:
    """What is wrong with the settings of some trial, each line once."""
    lines: dict[str, None] = {}
    if "evaluate" in common:
        lines["settings.evaluate: a search evaluates the validation split alone; drop it"] = None
    layers = common.get("hidden") or "hidden" in space.dimensions
    if not layers and len({"hidden.width", "hidden.depth"} & space.dimensions.keys()) == 1:
        lines["space.hidden: there is no hidden layer to change; add hidden = [50] to the settings"] = None
    for values in space.probes():
        try:
            Settings.model_validate(applied(common, values))
        except ValidationError as error:
            lines |= dict.fromkeys(explain(error, Settings))
    return list(lines)
