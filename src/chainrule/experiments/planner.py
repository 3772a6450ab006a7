"""From tables and seeds to populations: what can be trained together is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from chainrule.config import Settings
from chainrule.data.datasets import Dataset
from chainrule.records import VERSION
from chainrule.train.population import SHARED

ROWS = 400
"""Rows of the first layer, members * width, a population at most: eight nets of 50 units fill a 1 MiB cache."""


@dataclass(frozen=True)
class Population:
    """Members, by id, that are trained together: one seed, equal in everything they must share."""

    seed: int
    members: Mapping[str, Settings]

    @property
    def epochs(self) -> int:
        """Passes over the training images."""
        return next(iter(self.members.values())).epochs


def member_id(dataset: Dataset, settings: Settings, seed: int) -> str:
    """The name of a trained net: equal for equal data, settings and seed, whatever table asks for it."""
    content = [VERSION, dataset.name, dataset.checksum, settings.model_dump(mode="json"), seed]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def plan(dataset: Dataset, settings: Iterable[Settings], seeds: Sequence[int]) -> list[Population]:
    """Group the wanted nets, each once, into populations.

    Args:
        dataset: what they are trained on.
        settings: of all rows of all tables; equal ones are trained once.
        seeds: each of them is a population of its own, as minibatch orders differ.

    Returns:
        Populations, the most work first, so that processes end together.
    """
    groups: dict[str, dict[str, Settings]] = {}
    wanted = list(settings)
    for seed in seeds:
        for one in wanted:
            shared = one.model_dump_json(include=set(SHARED))
            groups.setdefault(f"{seed} {shared}", {})[member_id(dataset, one, seed)] = one
    populations = [
        Population(int(key.partition(" ")[0]), part)
        for key, members in groups.items()
        for part in _cut(members, len(dataset.classes))
    ]
    return sorted(populations, key=lambda population: -population.epochs * len(population.members))


def _cut(members: Mapping[str, Settings], classes: int) -> Iterable[Mapping[str, Settings]]:
    """Parts of nearly equal size that respect :data:`ROWS`."""
    names = list(members)
    first = next(iter(members.values()))
    width = (*first.hidden, classes)[0]
    most = max(1, ROWS // width)
    parts = -(-len(names) // most)
    for part in range(parts):
        chosen = names[part * len(names) // parts : (part + 1) * len(names) // parts]
        yield {name: members[name] for name in chosen}
