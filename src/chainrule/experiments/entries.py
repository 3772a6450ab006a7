"""All entries of W1 and of dJ/dW1 of trained nets, as claims and histograms look at them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.data.batches import batches
from chainrule.data.datasets import Dataset
from chainrule.data.prepared import prepare
from chainrule.experiments.claims.base import EntriesByRow, EntriesOf
from chainrule.nn.network import Network, Parameters
from chainrule.records.runs import Member
from chainrule.settings.settings import Settings
from chainrule.train.weights import Weights
from chainrule.work.store import Store

_BLOCK = 1000


def entries_by_row(
    store: Store, dataset: Dataset, settings: Mapping[str, Settings], rows: Mapping[str, Sequence[Member]]
) -> EntriesByRow:
    """What reads the nets of a row, one a seed, when it is called: a table without claims on them reads none."""

    def read(of: EntriesOf, row: str) -> list[NDArray[Any]]:
        kept = [store.weights(member) for member in rows[row]]
        if of == "weights":
            return [weights["last.W1"].ravel() for weights in kept]
        return [weight_gradient(settings[row], dataset, weights) for weights in kept]

    return read


def weight_gradient(settings: Settings, dataset: Dataset, weights: Weights) -> NDArray[Any]:
    """All entries of dJ/dW1 of a net of one layer over the training split, in float64."""
    seen = prepare(settings, dataset)
    train = seen.splits["train"]
    last: Parameters = {name: weights[f"last.{name}"].astype(np.float64)[np.newaxis] for name in ("W1", "b1")}
    network = Network.of(settings, train.images.shape[1], dataset.outputs)
    total: NDArray[np.float64] = np.zeros_like(last["W1"])
    for x, y, _ in batches(train, seen.transform.astype(np.float64), _BLOCK, np.float64):
        _, gradient = network.gradient(last, x, y, np.array([settings.l2]))
        total += gradient["W1"] * (len(y) / len(train))
    return total.ravel()
