"""Training by the layers as they are, in NumPy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from chainrule.arrays import Array
from chainrule.data.batches import batches
from chainrule.data.splits import Split
from chainrule.nn import affine
from chainrule.nn.network import LayerCache, Network, Parameters
from chainrule.nn.weighting import relative, weighed
from chainrule.train.engines.engine import Problem
from chainrule.train.evaluate import Evaluation, evaluate


class Layers:
    """See :class:`chainrule.train.engines.engine.Engine`."""

    def __init__(self, problem: Problem) -> None:
        """Start with the problem's initial parameters, which are changed."""
        self.parameters = problem.initial
        self._problem, self._dtype = problem, problem.initial["W1"].dtype
        self._convert = problem.transform.astype(self._dtype)

    def descend(self, order: NDArray[np.intp], step: int, *, single: bool) -> tuple[int, NDArray[np.bool_]]:
        """See :class:`chainrule.train.engines.engine.Engine`."""
        problem, network, parameters = self._problem, self._problem.network, self.parameters
        wanted = order[: problem.size] if single else order
        taken = 0
        for x, y, weights in batches(problem.data, self._convert, problem.size, self._dtype, wanted):
            r, moves = (None, None) if weights is None else relative(weights)
            scores, caches = network.forward(parameters, x, r)
            network.update_running(parameters, caches, first=step + taken == 0, moves=moves)
            losses, cache = network.loss_function.forward(scores, y)
            ds = weighed(network.loss_function.backward(cache), r)
            rate = problem.rates[step + taken] * (1 if moves is None else moves)
            descend(network, parameters, ds, caches, rate, problem.l2)
            taken += 1
            failing = ~np.isfinite(losses.sum(axis=1))
            if failing.any():
                break
        return taken, failing

    def evaluate(self, split: Split) -> Evaluation:
        """See :class:`chainrule.train.engines.engine.Engine`."""
        return evaluate(self._problem.network, self.parameters, split, self._problem.transform)


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
