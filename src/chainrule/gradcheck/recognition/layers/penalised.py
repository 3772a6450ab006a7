"""Layers that add to their gradients what their forward pass leaves out: the gradient of a penalty, which another part
of the program adds to the loss.

What it is of shows in the program: a number that the forward pass leaves on its object, or a parameter times a usual
factor.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.random import default_rng

from chainrule.arrays import Array
from chainrule.gradcheck.recognition import adapter
from chainrule.gradcheck.recognition.layers.first_runs import ready
from chainrule.gradcheck.recognition.layers.fitting import FittingLayer
from chainrule.gradcheck.recognition.layers.plans import LayerPlan
from chainrule.gradcheck.recognition.layers.trials import LayerTrials

_NOTHING = 1e-7


def adds(trials: LayerTrials, fitting: FittingLayer) -> bool:
    """Whether gradients hold something that does not come of dJ/dout."""
    return any(
        np.abs(gradient).max(initial=0.0) > _NOTHING for gradient, _ in _added(trials, fitting).values()
    )


def penalised(
    trials: LayerTrials, fitting: FittingLayer, plan: LayerPlan, weight: float
) -> FittingLayer | None:
    """The adapter whose cost holds the penalty that the gradients hold; None where it is none of a usual form.

    Args:
        trials: of the layer.
        fitting: the adapter without it.
        plan: of that one.
        weight: of the penalty.
    """
    for added in list(_left(trials, plan)) or _squares(trials, fitting, plan, weight):
        # Some of the ways to call a backward pass never run.
        with contextlib.suppress(Exception):
            for other in trials.fitting(replace(plan, added=added), is_known=True):
                if other.fitness.best:
                    return other
    return None


def _left(trials: LayerTrials, plan: LayerPlan) -> Iterator[str]:
    """The numbers that the forward pass leaves on its object, and that the weight of the penalty changes from 0."""
    _, ran = ready(plan, trials.namespace, trials.seed)
    before, after = (getattr(ran.get(name), "__dict__", {}) for name in ("made", "layer"))
    for name, value in after.items():
        is_number = isinstance(value, float | np.floating) or (
            isinstance(value, np.ndarray) and not value.ndim
        )
        if is_number and value and (name not in before or before[name] != value):
            yield f"layer.{name}"


def _squares(trials: LayerTrials, fitting: FittingLayer, plan: LayerPlan, weight: float) -> list[str]:
    """The sum of the squares of the parameters whose gradients are a usual multiple of them where dJ/dout is 0, each
    with its factor; nothing where one is no such multiple."""
    usual = [times * weight / n for times in (1, 2) for n in (1, max(plan.samples, 1))]
    squares = []
    for name, (gradient, array) in _added(trials, fitting).items():
        if np.abs(gradient).max(initial=0.0) <= _NOTHING:
            continue
        same = gradient.shape == array.shape
        factor = next((f for f in usual if same and np.allclose(gradient, f * array)), 0.0)
        if not factor:
            return []
        squares.append(f"{factor / 2!r} * {plan.numpy}.sum({name} ** 2)")
    return [" + ".join(squares)] if squares else []


def _added(trials: LayerTrials, fitting: FittingLayer) -> dict[str, tuple[Array, Array]]:
    """What the gradients are where dJ/dout is 0, each beside its array."""
    program = adapter.declared(fitting.text, trials.namespace, default_rng(trials.seed))
    given = program.describe()
    if not given.data:
        # What a loss adds, it adds to its own value.
        return {}
    returned = program.gradient(given.arrays, [0 * np.asarray(each) for each in given.data])
    gradients = dict(zip(returned.names, returned.arrays, strict=True))
    pairs = zip(given.names, given.arrays, strict=True)
    return {name: (np.ravel(gradients[name]), np.ravel(array)) for name, array in pairs if name in gradients}


def with_own_penalty(trials: LayerTrials, fitting: FittingLayer) -> FittingLayer | None:
    """The adapter whose cost holds the squares of the parameters of which the gradients hold a multiple, whatever
    dJ/dout is; None where they do not agree so: it may be something else that they hold."""
    squares = {
        name: f"{float(gradient @ array / (array @ array)) / 2:.12g} * {fitting.plan.numpy}.sum({name} ** 2)"
        for name, (gradient, array) in _added(trials, fitting).items()
        if np.abs(gradient).max(initial=0.0) > _NOTHING
    }
    added = " + ".join(squares.values())
    words = f"whether the cost holds {added}: the gradients do, and the forward pass does not"
    with contextlib.suppress(Exception):
        for other in trials.fitting(replace(fitting.plan, added=added), is_known=True):
            if other.fitness.best:
                return other._replace(unchecked=(*other.unchecked, words))
    return None
