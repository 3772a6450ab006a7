"""What a search may choose: which settings, and for each of them a list of values or a range."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from chainrule.errors import suggestion
from chainrule.rng import stream
from chainrule.searches.dimensions import Choices, Dimension, Range, key
from chainrule.settings.settings import CHOICES, Settings
from chainrule.settings.strict import explain, shown
from chainrule.settings.toml import assign

Values = dict[str, Any]
"""What one trial sets: a value for each path of the space."""

HIDDEN = ("width", "depth")
"""What of the hidden layers may be searched alone."""

FIXED = {
    "val": "trials are compared on one validation split",
    "test": "nothing is selected on the test split",
    "order": "it says which nets train together, and makes none better",
    "evaluate": "trials are evaluated on the validation split alone",
}
"""Settings that no search may choose, and why."""


def parts() -> dict[str, list[str]]:
    """Settings of which a part may be searched alone, and its parts: the keys of the tables that components take.

    >>> parts()["hidden"], "max" in parts()["learning_rate"]
    (['width', 'depth'], True)
    """
    tables = {
        name: [
            key for component in registry.values() if component.table for key in component.table.model_fields
        ]
        for name, registry in CHOICES.items()
    }
    return {name: keys for name, keys in tables.items() if keys} | {"hidden": list(HIDDEN)}


def paths() -> list[str]:
    """What may be searched.

    >>> {"l2", "learning_rate.max", "hidden.width"} <= {*paths()}, "test" in paths()
    (True, False)
    """
    whole = [name for name in Settings.model_fields if name not in FIXED]
    return whole + [f"{name}.{part}" for name, keys in parts().items() for part in keys]


def whole_numbers() -> set[str]:
    """The paths of whole numbers.

    >>> {"epochs", "hidden.depth", "learning_rate.half_cycle"} <= whole_numbers(), "l2" in whole_numbers()
    (True, False)
    """
    tables = {
        f"{name}.{key}": field
        for name, registry in CHOICES.items()
        for component in registry.values()
        if component.table
        for key, field in component.table.model_fields.items()
    }
    fields = {**Settings.model_fields, **tables}
    return {path for path, field in fields.items() if field.annotation is int} | {
        f"hidden.{of}" for of in HIDDEN
    }


@dataclass(frozen=True)
class Space:
    """Every setting that is searched, by path, with what it may be.

    >>> space, problems = read_space({"l2": [0.0, 0.01], "learning_rate.max": {"low": 0.1, "high": 0.3}})
    >>> space.ranges, space.size, space.grid(points=2)[1]
    (['learning_rate.max'], None, {'l2': 0.0, 'learning_rate.max': 0.3})
    >>> space.draws(3, seed=0, purpose="doc")[:2] == space.draws(2, seed=0, purpose="doc")
    True
    """

    dimensions: Mapping[str, Dimension]

    @property
    def ranges(self) -> list[str]:
        """The paths of ranges."""
        return [path for path, dimension in self.dimensions.items() if isinstance(dimension, Range)]

    @property
    def size(self) -> int | None:
        """How many combinations there are; None where they cannot be counted."""
        sizes = [dimension.size for dimension in self.dimensions.values()]
        return None if None in sizes else math.prod(size for size in sizes if size is not None)

    def grid(self, points: int | None = None) -> list[Values]:
        """Every combination, in order; of each range ``points`` evenly spaced values."""
        return self._products({path: dimension.spaced(points) for path, dimension in self.dimensions.items()})

    def probes(self, most: int = 10_000) -> list[Values]:
        """Combinations that show what is impossible: of all ends, or, where these are too many, of one with the first
        of the others."""
        ends = {path: dimension.ends for path, dimension in self.dimensions.items()}
        if math.prod(map(len, ends.values())) <= most:
            return self._products(ends)
        first = {path: values[0] for path, values in ends.items()}
        return [first | {path: value} for path, values in ends.items() for value in values]

    def draws(self, count: int, seed: int, purpose: str, seen: Collection[str] = ()) -> list[Values]:
        """``count`` different combinations at random, fewer where there are no more.

        Args:
            count: how many.
            seed, purpose: key the draws; more of them begin with the same ones.
            seen: keys of combinations that do not count.
        """
        generators = {path: stream(seed, f"{purpose} {path}") for path in self.dimensions}
        drawn: dict[str, Values] = {}
        left = count
        if self.size is not None:
            left = min(count, self.size - sum(self._holds(json.loads(dimension)) for dimension in {*seen}))
        while len(drawn) < left:
            values = {path: dimension.draw(generators[path]) for path, dimension in self.dimensions.items()}
            if key(values) not in seen:
                drawn.setdefault(key(values), values)
        return list(drawn.values())

    def _holds(self, values: Values) -> bool:
        return all(dimension.holds(values[path]) for path, dimension in self.dimensions.items())

    @staticmethod
    def _products(values: Mapping[str, list[Any]]) -> list[Values]:
        return [dict(zip(values, chosen, strict=True)) for chosen in itertools.product(*values.values())]


def applied(common: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The common settings with a combination's values in their places.

    ``hidden.width`` and ``hidden.depth`` stand for that many hidden layers of that width; the one that is not searched
    is that of the common settings' hidden layers.

    >>> applied({"hidden": [20], "l2": 0.0}, {"l2": 0.1, "hidden.depth": 3})
    {'hidden': [20, 20, 20], 'l2': 0.1}
    """
    settings = dict(common)
    for path, value in values.items():
        if not path.startswith("hidden."):
            assign(settings, path, value)
    hidden = settings.get("hidden") or []
    if not isinstance(hidden, list | tuple):
        # It is refused as a setting.
        return settings
    width, depth = values.get("hidden.width"), values.get("hidden.depth", len(hidden))
    if width is not None:
        settings["hidden"] = [width] * depth
    elif "hidden.depth" in values:
        settings["hidden"] = (list(hidden) + [*hidden[-1:]] * depth)[:depth]
    return settings


def read_space(document: Mapping[str, Any]) -> tuple[Space, list[str]]:
    """The space of a document, as far as it is right, and everything that is wrong with it.

    Args:
        document: by setting, a list of values or ``{low, high, log, integer}``; parts of a setting as
            ``"learning_rate.max"`` or as a table of their own.

    >>> space, problems = read_space({"l2": [0.0, 0.1], "test": ["test_batch"]})
    >>> space.size, problems
    (2, ['space.test: cannot be searched: nothing is selected on the test split; drop it'])
    """
    dimensions: dict[str, Dimension] = {}
    problems = [] if document else ["space: is empty; write for example l2 = [0.001, 0.01]"]
    for path, value in _flat(document):
        lines = _misplaced(path)
        if not lines:
            dimension, lines = _dimension(path, value)
            dimensions |= {path: dimension} if dimension else {}
        problems += [f"space.{path}{line}" for line in lines]
    for path in dimensions:
        whole = path.partition(".")[0]
        if whole != path and whole in dimensions:
            problems.append(f"space.{path}: {whole} is searched as a whole; drop one of them")
    return Space(dimensions), problems


def _flat(document: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every path with what stands there; a table that is no range holds parts of a setting."""
    for name, value in document.items():
        path = f"{prefix}{name}"
        if isinstance(value, Mapping) and not value.keys() & Range.model_fields.keys() and path in parts():
            yield from _flat(value, f"{path}.")
        else:
            yield path, value


def _misplaced(path: str) -> list[str]:
    if path in FIXED:
        return [f": cannot be searched: {FIXED[path]}; drop it"]
    known = paths()
    return [] if path in known else [f": is no setting that can be searched; {suggestion(path, known)}"]


def _dimension(path: str, value: Any) -> tuple[Dimension | None, list[str]]:
    """What may be chosen at a path; else what is wrong with it."""
    model: type[Range | Choices] = Range if isinstance(value, Mapping) else Choices
    if not isinstance(value, Mapping | list | tuple):
        return None, [f" = {shown(value)}: write [0.001, 0.01] or {{ low = 1e-5, high = 0.1, log = true }}"]
    if not value:
        return None, [": is empty; write its values"]
    try:
        dimension = model.model_validate(value if model is Range else {"values": tuple(value)})
    except ValidationError as error:
        return None, [f"{'.' if model is Range else ': '}{line}" for line in explain(error, model)]
    if path in whole_numbers() and isinstance(dimension, Range) and not dimension.integer:
        return None, [": takes whole numbers; add integer = true"]
    if path == "hidden.depth" and any(type(end) is not int or end < 0 for end in dimension.ends):
        return None, [": takes whole numbers from 0 on"]
    return dimension, []
