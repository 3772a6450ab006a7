"""From tables and seeds to populations: what can be trained together is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chainrule.config import Settings
from chainrule.data import splits
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


def member_id(dataset: Dataset, settings: Settings, seed: int) -> str:
    """The name of a trained net: equal for equal data, settings and seed, whatever table asks for it."""
    content = [VERSION, dataset.name, dataset.checksum, settings.model_dump(mode="json"), seed]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def plan(dataset: Dataset, nets: Iterable[tuple[Settings, int]]) -> list[Population]:
    """Group the wanted nets, each once, into populations.

    Args:
        dataset: what they are trained on.
        nets: settings and seed of each; different seeds see different minibatches, so they never share.

    Returns:
        Populations, the most work first, so that processes end together.
    """
    groups: dict[tuple[int, str], dict[str, Settings]] = {}
    for settings, seed in nets:
        shared = settings.model_dump_json(include=set(SHARED))
        groups.setdefault((seed, shared), {})[member_id(dataset, settings, seed)] = settings
    populations = [
        Population(seed, part)
        for (seed, _), members in groups.items()
        for part in _cut(members, len(dataset.classes))
    ]
    return sorted(
        populations,
        key=lambda one: sum(work(settings, dataset) for settings in one.members.values()),
        reverse=True,
    )


def work(settings: Settings, dataset: Dataset) -> int:
    """What a net costs, in multiply-adds of its first layer's forward pass for each input: for order and progress."""
    width = (*settings.hidden, len(dataset.classes))[0]
    return settings.epochs * splits.count("train", settings, dataset) * width


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
