"""Losses whose gradients do not agree, and may be right all the same: they may be clipped, or of other shapes."""

from __future__ import annotations

from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.recognition import clipping
from chainrule.gradcheck.recognition.layers.drawn_arrays import shaped
from chainrule.gradcheck.recognition.layers.fitness import LayerFitness
from chainrule.gradcheck.recognition.layers.plans import LayerPlan

_NONE_AGREES = "none of its gradients agrees, but what shapes its arrays have was found by trying"


def doubt_of_net(program: LocalProgram, fitness: LayerFitness, *, is_known: bool) -> str:
    """Why the gradients of a loss with them may be right though not all agree."""
    clipped = clipping.bound(program)
    if clipped is not None:
        return f"its gradient is {clipped.words}"
    return "" if fitness.agreeing or is_known else _NONE_AGREES


def says_shapes(plan: LayerPlan) -> bool:
    """Whether the file itself says what shape each array has with which a layer is tried."""
    given, said = plan.drawn(), {**plan.call.written, **plan.call.shapes}
    return all(
        name in said
        and text in [each.format(np=plan.numpy) for each in shaped(plan.call.arrays[name], said[name])]
        for name, text in given.items()
    )


def is_scaled(plan: LayerPlan, fitness: LayerFitness) -> bool:
    """Whether all gradients are the same multiple of what they should be, of parameters that the file itself makes.

    Labels that are numbers could have another shape than the outputs, over which they would be spread.
    """
    labels = [name for name, kind in plan.call.arrays.items() if kind == "labels"]
    given = plan.drawn()
    return (
        fitness.scaled
        and bool(plan.call.shapes)
        and all(given[name].startswith("rng.integers") for name in labels)
    )
