"""Training by the layers as they are, in NumPy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from chainrule.arrays import Array
from chainrule.components import OPTIMIZERS
from chainrule.data.augmentation import Augmented
from chainrule.data.batches import Convert, batches
from chainrule.data.splits import Split
from chainrule.nn import affine, dropout
from chainrule.nn.network import LayerCache, Network, Parameters
from chainrule.nn.weighting import relative, weighed
from chainrule.settings.settings import OptimizerValue
from chainrule.train.averaging import average
from chainrule.train.clipping import clip
from chainrule.train.engines.engine import Problem, alike, is_moved
from chainrule.train.evaluate import Evaluation, evaluate


class Layers:
    """See :class:`chainrule.train.engines.engine.Engine`."""

    def __init__(self, problem: Problem) -> None:
        """Start with the problem's initial parameters, which are changed."""
        self.parameters = self._trained = problem.initial
        self._problem, self._dtype = problem, problem.initial["W1"].dtype
        self._convert: Convert = problem.transform.astype(self._dtype)
        self._optimizer = OPTIMIZERS.of(problem.optimizer)
        self._alike = alike(problem)
        self._moved = [name for name in self.parameters if is_moved(name, self.parameters)]
        self.state = {
            f"{kind}.{name}": np.zeros_like(self.parameters[name])
            for name in self._moved
            for kind in self._optimizer.state
        }
        if problem.ema is not None:
            self._trained = {name: array.copy() for name, array in self.parameters.items()}
            self.state |= {f"trained.{name}": array for name, array in self._trained.items()}

    def descend(self, order: NDArray[np.intp], step: int, *, single: bool) -> tuple[int, NDArray[np.bool_]]:
        """See :class:`chainrule.train.engines.engine.Engine`."""
        problem, network, parameters = self._problem, self._problem.network, self._trained
        wanted = order[: problem.size] if single else order
        taken = 0
        convert = (
            self._convert if problem.augment is None else Augmented(problem.augment, self._convert, step)
        )
        for x, y, weights in batches(problem.data, convert, problem.size, self._dtype, wanted):
            r, moves = (None, None) if weights is None else relative(weights)
            scores, caches = network.forward(parameters, x, r, self._masks(step + taken, len(y)))
            network.update_running(parameters, caches, first=step + taken == 0, moves=moves)
            losses, ds = network.losses(scores, y, problem.smoothed)
            ds = weighed(ds, r)
            rate = problem.rates[step + taken - problem.before] * (1 if moves is None else moves)
            if self._optimizer.name == "sgd" and problem.clip is None:
                descend(network, parameters, ds, caches, rate, problem.l2)
            else:
                self._update(step + taken, ds, caches, rate, moves)
            if problem.ema is not None:
                average(self.parameters, parameters, step + taken, problem.ema, moves)
            taken += 1
            failing = ~np.isfinite(losses.sum(axis=1))
            if failing.any():
                break
        return taken, failing

    def _masks(self, t: int, samples: int) -> list[Array] | None:
        """What dropout makes of the hidden layers in update t; None without it."""
        problem, units = self._problem, self._problem.network.widths[1:-1]
        if problem.dropout is None:
            return None
        return [
            dropout.mask(problem.seeds, layer, t, (samples, width), problem.dropout, self._dtype)
            for layer, width in enumerate(units, start=1)
        ]

    def _update(
        self,
        t: int,
        ds: Array,
        caches: Sequence[LayerCache],
        rate: NDArray[np.float64],
        moves: NDArray[np.bool_] | None,
    ) -> None:
        """Update t in place: all gradients, then a step for each. Of members that a minibatch does not move, by
        ``moves`` (P,) or (1,), the optimizer's state stays, too."""
        problem = self._problem
        still = None if moves is None else ~np.broadcast_to(moves, rate.shape)
        gradients = problem.network.gradients(self._trained, ds, caches, problem.l2)
        gradients = {name: gradients[name] for name in self._moved}
        if problem.clip is not None:
            clip(gradients, problem.clip)
        for name, gradient in gradients.items():
            parameter = self._trained[name]
            state = {kind: self.state[f"{kind}.{name}"] for kind in self._optimizer.state}
            kept = [] if still is None else [(array, array[still]) for array in state.values()]
            own = rate.astype(self._dtype).reshape(-1, *[1] * (parameter.ndim - 1))
            for members, settings in self._alike:
                part = parameter[members], gradient[members], own[members]
                parts = {kind: array[members] for kind, array in state.items()}
                self._step(settings, t, name, *part, parts)
                if len(self._alike) > 1:
                    parameter[members] = part[0]
                    for kind, array in state.items():
                        array[members] = parts[kind]
            for array, before in kept:
                array[still] = before

    def _step(
        self,
        settings: OptimizerValue,
        t: int,
        name: str,
        parameter: Array,
        gradient: Array,
        rate: Array,
        state: dict[str, Array],
    ) -> None:
        """Update t of one parameter and what is kept beside it, in place, of members with the same optimizer."""
        decay = self._optimizer.decay(settings)
        if decay and name.startswith("W"):
            parameter *= 1 - rate * decay
        parameter += self._optimizer.step(settings, t, gradient, state, rate)

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
