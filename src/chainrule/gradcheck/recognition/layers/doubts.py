"""Gradients that do not agree, and may be right all the same: those of losses may be clipped, of other shapes, or of
what comes before the outputs; those of layers may be steps of an optimizer."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np

from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.recognition import clipping
from chainrule.gradcheck.recognition.held_copies import HeldCopy, copies
from chainrule.gradcheck.recognition.layers.drawn_arrays import shaped
from chainrule.gradcheck.recognition.layers.fitness import LayerFitness
from chainrule.gradcheck.recognition.layers.places import ArrayPlace, of_object
from chainrule.gradcheck.recognition.layers.plans import LayerPlan

OF_SCORES = (
    "its gradient is what the labels lack of the outputs: that of a cross-entropy in what a softmax or a sigmoid makes "
    "these of, up to a factor that may be undone elsewhere"
)
"""A doubt."""

OF_AN_ERROR = "what it is given may be an error, with one sign in the loss and the other in its derivative"
"""Another."""

OF_NO_NAME = "not all of its gradients agree, and no name says that it is of this cost"
"""Another."""

MEAN_ALONE = "its only gradient is a mean over the samples, and no other says whether a mean is meant"
"""Another, that no other layout ends."""

_STEP, _CLOSE = 1e-6, 1e-4
_DIRECTIONS = 3

_NONE_AGREES = "none of its gradients agrees, but what shapes its arrays have was found by trying"


def doubt_of_net(program: LocalProgram, fitness: LayerFitness, *, is_known: bool) -> str:
    """Why the gradients of a loss with them may be right though not all agree."""
    clipped = clipping.bound(program)
    if clipped is not None:
        return f"its gradient is {clipped.words}"
    return "" if fitness.agreeing or is_known else _NONE_AGREES


def is_of_scores(program: LocalProgram, seed: int) -> bool:
    """Whether the only gradient of a loss is a multiple of its outputs less labels that are whole numbers, which its
    derivative is not: that of a squared error is."""
    given = program.describe()
    gradients = program.gradient(given.arrays, given.data).arrays
    if len(given.arrays) != 1 or len(gradients) != 1 or gradients[0].shape != given.arrays[0].shape:
        return False
    outputs, gradient = given.arrays[0], gradients[0]
    # Some of the labels are 0.
    factors = [factor for factor in np.unique(gradient / outputs) if factor]
    labels = [outputs - gradient / factor for factor in factors]
    if not any(each.any() and np.allclose(each, np.round(each)) for each in labels):
        return False
    rng = np.random.default_rng((seed, 1))
    ways = [rng.normal(size=outputs.shape) for _ in range(_DIRECTIONS)]
    steps = np.array([-_STEP, _STEP])
    slopes = [float(np.diff(np.real(program.along([outputs], given.data, [way], steps)))[0]) for way in ways]
    said = [float(np.vdot(way, gradient)) for way in ways]
    return not np.allclose(np.multiply(said[0], slopes), np.multiply(slopes[0], said), rtol=_CLOSE)


def doubt_of_steps(program: LocalProgram, fitness: LayerFitness, by_update: Collection[str]) -> str:
    """Why steps that do not agree with gradients may be right: they are those of an optimizer, which are in no
    proportion to dJ/dout; empty where they are in proportion, or a gradient does not agree that is no step.

    Args:
        by_update: the names of the arrays that the backward pass takes steps from.
    """
    names = fitness.others
    if not names or not {*names} <= {*by_update}:
        return ""
    given = program.describe()
    douts = [tuple(times * np.asarray(each) for each in given.data) for times in (1, 2)]
    once, twice = (program.gradient(given.arrays, each) for each in douts)
    steps = {name: (g, h) for name, g, h in zip(once.names, once.arrays, twice.arrays, strict=True)}
    if all(np.allclose(2 * steps[name][0], steps[name][1], rtol=_CLOSE) for name in names):
        return ""
    of = " and ".join(names)
    return f"what it takes from {of} is in no proportion to dJ/dout, as the steps of an optimizer"


def copies_held(plan: LayerPlan, own: Mapping[str, Sequence[ArrayPlace]], made: Any) -> list[HeldCopy]:
    """The copies of parameters that an object holds and the passes read.

    Args:
        own: the parameters that are given other values.
        made: the object as it was made.
    """
    reached = plan.file.reached([plan.layer.forward, plan.layer.backward])
    read = {name for f in reached for name in f.attributes.reads}
    held = {p.text: p for p in of_object(made, "layer") if p.words[:1] and p.words[0] in read}
    texts = [places[0].text for places in own.values() if places[0].text in held]
    same = {p.text for places in own.values() for p in places}
    others = {_inner(text): p.array for text, p in held.items() if text not in same}
    return copies(others, {_inner(text): held[text].array for text in texts})


def _inner(text: str) -> str:
    return text.removeprefix("layer.")


def says_shapes(plan: LayerPlan) -> bool:
    """Whether the file itself says what shape each array has with which a layer is tried."""
    given, said = plan.drawn(), {**plan.call.written, **plan.call.shapes}
    return all(
        name in said
        and text in [each.format(np=plan.numpy) for each in shaped(plan.call.arrays[name], said[name])]
        for name, text in given.items()
    )


def is_scaled(plan: LayerPlan, fitness: LayerFitness) -> bool:
    """Whether all gradients are the same multiple of what they should be, of parameters that the file itself makes, or
    its object where what that is given picks rows of them.

    Labels that are numbers could have another shape than the outputs, over which they would be spread.
    """
    labels = [name for name, kind in plan.call.arrays.items() if kind == "labels"]
    given = plan.drawn()
    return (
        fitness.scaled
        and (bool(plan.call.shapes) or plan.picks_its_own)
        and all(given[name].startswith("rng.integers") for name in labels)
    )


def is_of_one_label(plan: LayerPlan) -> bool:
    """Whether a loss is that of one label, of rows that are picked of what its object holds: nothing but how many rows
    there are was found by trying."""
    given = plan.drawn()
    labels = [given[name] for name, kind in plan.call.arrays.items() if kind == "labels"]
    return plan.picks_its_own and bool(labels) and not any("size=" in text for text in labels)
