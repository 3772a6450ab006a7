"""The training loop: P nets of one seed that see the same minibatches, trained together.

A single net is P = 1 on the same path. No member can influence another: they share inputs, never results.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import DTypeLike, NDArray

from chainrule.blas import Array
from chainrule.config import Settings
from chainrule.data.batches import batches, epoch_order
from chainrule.data.splits import Split
from chainrule.data.transforms import Transform
from chainrule.errors import SettingsError
from chainrule.nn import affine
from chainrule.nn.network import LayerCache, Network, Parameters
from chainrule.train.journal import Journal, Outcome
from chainrule.train.schedules import rates

SHARED = (
    "train", "val", "test", "preprocess", "hidden", "batch_norm", "loss", "batch_size", "epochs", "shuffle", "evaluate",
)  # fmt: skip
"""Settings that all members of a population have in common; the others may differ."""


def train(
    members: Sequence[Settings],
    seed: int,
    splits: Mapping[str, Split],
    transform: Transform,
    classes: int,
    on_epoch: Callable[[int], None] = lambda epoch: None,
    dtype: DTypeLike = np.float32,
) -> Outcome:
    """Train one net for each of ``members`` by minibatch gradient descent, and evaluate after every epoch.

    Args:
        members: their settings, equal in everything that :data:`SHARED` names.
        seed: of initial weights and minibatch order.
        splits: ``train``, ``val`` and ``test``; test is evaluated once, with the last weights.
        transform: fitted on the training split.
        classes: number of classes, K.
        on_epoch: called with the number of epochs done.
        dtype: float32 to train, float64 to prove.

    Raises:
        SettingsError: members that cannot share a population.
    """
    shared = _shared(members)
    data = splits["train"]
    network = Network((data.images.shape[1], *shared.hidden, classes), shared.loss, shared.batch_norm)
    parameters = network.initial(seed, [member.init for member in members], dtype)
    l2 = np.array([member.l2 for member in members])
    steps = -(-len(data) // shared.batch_size)
    rate = np.stack([rates(member.learning_rate, steps, shared.epochs) for member in members], axis=1)
    journal = Journal(network, parameters, splits, transform, l2, dtype, curves=shared.evaluate == "curves")
    # Overflow and NaN are how a diverging member shows; the journal looks for them.
    with np.errstate(over="ignore", invalid="ignore"):
        journal.evaluate(0, 0, rate[0], last=False)
        for epoch in range(shared.epochs):
            order = epoch_order(seed, epoch, len(data)) if shared.shuffle else None
            for step, (x, y) in enumerate(
                batches(data, transform, shared.batch_size, dtype, order), epoch * steps
            ):
                scores, caches = network.forward(parameters, x)
                network.update_running(parameters, caches, first=step == 0)
                losses, cache = network.loss_function.forward(scores, y)
                descend(network, parameters, network.loss_function.backward(cache), caches, rate[step], l2)
                journal.freeze(~np.isfinite(losses.sum(axis=1)), step)
            journal.evaluate(epoch + 1, step + 1, rate[step], last=epoch + 1 == shared.epochs)
            on_epoch(epoch + 1)
        return journal.outcome()


def descend(
    network: Network,
    parameters: Parameters,
    ds: Array,
    caches: Sequence[LayerCache],
    rate: NDArray[np.float64],
    l2: NDArray[np.float64],
) -> None:
    """One step of gradient descent in place: p - rate * dJ/dp for every parameter.

    Backward is linear in dJ/dscores, so -rate goes in there, where arrays are smallest, and every error and gradient
    comes out as the step itself. All are taken before any weight changes: no layer sees another's new weights.

    Args:
        network: of the parameters.
        parameters: P members', changed.
        ds: dJ/dscores (P, N, K), used up.
        caches: of the forward pass.
        rate, l2: (P,), a value a member.
    """
    ds *= -rate.astype(ds.dtype)[:, np.newaxis, np.newaxis]
    keep = (1.0 - 2.0 * rate * l2).astype(ds.dtype)
    for layer, step in enumerate(network.backward(ds, caches), start=1):
        affine.descend(step.ds, step.cache, parameters[f"b{layer}"], keep)
        if step.dgamma is not None and step.dbeta is not None:
            parameters[f"gamma{layer}"] += step.dgamma
            parameters[f"beta{layer}"] += step.dbeta


def _shared(members: Sequence[Settings]) -> Settings:
    first = members[0]
    differing = [name for name in SHARED if any(getattr(m, name) != getattr(first, name) for m in members)]
    if differing:
        raise SettingsError(
            f"{', '.join(differing)}: differ between members of one population; train them apart"
        )
    return first
