"""Nets by their names: what is trained, once, whatever table or search asks for it."""

from __future__ import annotations

import hashlib
import json
from typing import NamedTuple

from chainrule.data.datasets import Dataset
from chainrule.records.base import VERSION
from chainrule.settings.settings import Settings


class NamedNet(NamedTuple):
    """A net to train: its settings, its seed, and the name that follows from these and the data; see :func:`named`."""

    settings: Settings
    seed: int
    id: str

    def shard(self, until: int | None) -> str:
        """The name of its shard at epoch ``until``, or at the end (None)."""
        return shard_name(self.id, self.settings, until)


def named(dataset: Dataset, settings: Settings, seed: int) -> NamedNet:
    """The net of these settings and this seed: its name is equal for equal data, settings and seed.

    >>> from chainrule.data.datasets import load
    >>> data, own = load("digits"), Settings(
    ...     train=1000, val=200, test="test_batch", preprocess="center", init="he",
    ...     batch_size=10, epochs=5, shuffle=True, learning_rate=0.1,
    ... )
    >>> named(data, own, seed=0).id == named(data, own, 0).id, named(data, own, 0).id == named(data, own, 1).id
    (True, False)
    """
    content = [VERSION, dataset.name, dataset.checksum, settings.model_dump(mode="json"), seed]
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]
    return NamedNet(settings, seed, digest)


def last_epoch(settings: Settings, until: int | None) -> int:
    """Where training stops that is to stop at epoch ``until``, or at the end (None).

    >>> own = Settings.model_construct(epochs=10)
    >>> last_epoch(own, until=3), last_epoch(own, until=20), last_epoch(own, until=None)
    (3, 10, 10)
    """
    return settings.epochs if until is None else min(until, settings.epochs)


def shard_name(net: str, settings: Settings, until: int | None) -> str:
    """The name of a net's shard at an epoch: its own at the end, ``<net>@<until>`` before.

    >>> own = Settings.model_construct(epochs=10)
    >>> shard_name("af31", own, until=None), shard_name("af31", own, until=3), shard_name("af31", own, until=10)
    ('af31', 'af31@3', 'af31')
    """
    return net if last_epoch(settings, until) == settings.epochs else f"{net}@{until}"
