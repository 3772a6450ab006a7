"""Layers that add to their gradients what their forward pass leaves out: the gradient of a penalty, which another part
of the program adds to the loss.

What it is of shows in the program: a function that computes it of the layer, a number that the forward pass leaves on
its object, or a parameter times a usual factor.
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
from chainrule.gradcheck.recognition.layers.settings import is_of_penalty
from chainrule.gradcheck.recognition.layers.trials import LayerTrials

_NOTHING = 1e-7
_SQUARES, _SIZES = "{factor!r} * {np}.sum({name} ** 2)", "{factor!r} * {np}.sum({np}.abs({name}))"


def adds(trials: LayerTrials, fitting: FittingLayer) -> bool:
    """Whether gradients hold something that does not come of dJ/dout."""
    return any(
        np.abs(gradient).max(initial=0.0) > _NOTHING for gradient, _ in _added(trials, fitting).values()
    )


def penalised(
    trials: LayerTrials, fitting: FittingLayer, plan: LayerPlan, name: str, weight: float
) -> FittingLayer | None:
    """The adapter whose cost holds the penalty that the gradients hold; None where it is none of a usual form, or not
    the file's own.

    Args:
        trials: of the layer.
        fitting: the adapter without it.
        plan: of that one.
        name: of the setting that is the penalty's weight.
        weight: its value.
    """
    for added in list(_own(plan)) or list(_left(trials, plan)) or _usual(trials, fitting, plan, name, weight):
        # Some of the ways to call a backward pass never run.
        with contextlib.suppress(Exception):
            for other in trials.fitting(replace(plan, added=added), is_known=True):
                if other.fitness.best:
                    return other
    return None


def _own(plan: LayerPlan) -> Iterator[str]:
    """The expressions of what other functions of the file make of a layer's weights of penalties: of one that they are
    given, or of those that their object holds."""
    constructor = plan.file.constructors.get(plan.layer.owner)
    kept = constructor.attributes.kept if constructor is not None else ()
    weights = {attribute for attribute, of in kept if is_of_penalty(of)}
    for f in plan.file.functions:
        maker = plan.file.constructors.get(f.owner)
        asks = maker is not None and any(argument.required for argument in maker.arguments)
        if f.owner == plan.layer.owner or not f.gives or asks:
            continue
        required = [argument.name for argument in f.arguments if argument.required]
        held = [name[1:-2] for name, read in f.fields.items() if name.endswith("[]") and weights & {*read}]
        if len(required) == 1 and weights & {*f.fields.get(required[0], ())}:
            yield f"{f'{f.owner}().' * bool(f.owner)}{f.name}(layer)"
        elif held and f.owner and not required:
            yield f"[net := {f.owner}(), vars(net).update({held[0]}=[layer]), net.{f.name}()][-1]"


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


def _usual(
    trials: LayerTrials, fitting: FittingLayer, plan: LayerPlan, name: str, weight: float
) -> list[str]:
    """The sum of the squares of the parameters whose gradients are a usual multiple of them where dJ/dout is 0, and of
    the sizes of those whose gradients are one of their signs where the name of the weight says that it is such a
    penalty's, each with its factor; nothing where one is no such multiple."""
    usual = [times * weight / n for times in (1, 2) for n in (1, max(plan.samples, 1))]
    of_sizes = "l1" in name.lower()
    parts = []
    for array_name, (gradient, array) in _added(trials, fitting).items():
        if np.abs(gradient).max(initial=0.0) <= _NOTHING:
            continue
        slope, part, text = (np.sign(array), 1.0, _SIZES) if of_sizes else (array, 0.5, _SQUARES)
        same = gradient.shape == array.shape
        factor = next((f for f in usual if same and np.allclose(gradient, f * slope)), 0.0)
        if not factor:
            return []
        parts.append(text.format(np=plan.numpy, name=array_name, factor=factor * part))
    return [" + ".join(parts)] if parts else []


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
