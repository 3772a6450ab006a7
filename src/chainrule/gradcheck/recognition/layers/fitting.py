"""An adapter of a layer that runs, and which of two counts."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from chainrule.arrays import Array
from chainrule.gradcheck.recognition.layers.fitness import LayerFitness
from chainrule.gradcheck.recognition.layers.kinds import kind_of
from chainrule.gradcheck.recognition.layers.plans import WHOLE_NUMBERS, LayerPlan

_OF_ONE_NUMBER = ("size=())", "size=(1,))", "size=(1, 1))")


class FittingLayer(NamedTuple):
    """An adapter that runs, its plan, what it assumes, how well it fits, and what the layer puts out.

    Attributes:
        arrays: those whose gradients it holds against the forward pass.
        lost: whether the backward pass gives something, and nothing that could be the gradient of the inputs: these may
            be of other shapes.
    """

    text: str
    plan: LayerPlan
    notes: tuple[str, ...]
    fitness: LayerFitness
    output: Array
    unchecked: tuple[str, ...] = ()
    lost: bool = False
    arrays: tuple[str, ...] = ()


def fits_better(now: FittingLayer, before: FittingLayer) -> bool:
    """Whether an adapter fits better than the one before. Where more gradients are found, all of the sizes of their
    arrays, those that are lost with other shapes excuse nothing."""
    if now.lost != before.lost:
        found, lost = (before, now) if now.lost else (now, before)
        if found.fitness.tells and found.fitness.sized and found.fitness.total > lost.fitness.total:
            return found is now
    return now.fitness.order > before.fitness.order


def differs_by_chance(before: FittingLayer, now: FittingLayer) -> bool:
    """Whether a gradient that was wrong agrees only once arrays beside the inputs have less likely shapes, or an index
    is a single one: where it may have been meant otherwise, that excuses it no more than it convicts."""
    found = dict(before.plan.found), dict(now.plan.found)
    if is_of_one_index(before, now):
        return now.fitness.best
    inputs = before.plan.call.inputs
    same = found[0].get(inputs) == found[1].get(inputs, "") and before.plan.found != now.plan.found
    return (
        same
        and before.fitness.sized
        and before.fitness.tells
        and now.fitness.best
        and not before.fitness.best
    )


def is_of_one_index(before: FittingLayer, now: FittingLayer) -> bool:
    """Whether a gradient that was wrong is looked at with a single index, of which none comes twice."""
    several, one = (any(text.endswith("[0]") for _, text in fitting.plan.found) for fitting in (before, now))
    return one and not several and before.fitness.sized and not before.fitness.best


def is_of_vector(fitting: FittingLayer) -> bool:
    """Whether a layer is looked at with a single sample that is a vector, where its own may hold several."""
    plan, layout = fitting.plan, fitting.plan.layout
    is_single = layout.samples == 1 and len(layout.inputs) == 1 and not layout.classes
    return is_single and not (plan.found or plan.call.is_loss)


def of_one_sample(before: FittingLayer, now: FittingLayer) -> str:
    """Why an adapter that agrees says nothing, in words: what does not with several samples may with one alone. Empty
    where it says something."""
    if not now.fitness.best:
        return ""
    if before.fitness.unsummed:
        return "it agrees for one sample alone; with several a gradient is not summed over them"
    several = before.plan.layout.samples > now.plan.layout.samples == 1 and not (
        before.plan.found or now.plan.found
    )
    is_wrong = before.fitness.shaped and before.fitness.sized
    return "it agrees for one sample alone, and not with several" if several and is_wrong else ""


def has_gradients(plan: LayerPlan, before: FittingLayer | None) -> bool:
    """Whether a layer is tried with whole numbers for inputs that are no indices by their name, where it has run with
    others: these have gradients. Shapes of a usual layout count for less: there they have to agree."""
    if before is None or not _is_whole(plan) or _is_whole(before.plan):
        return False
    inputs = plan.call.inputs
    known = inputs not in before.fitness.others and f"the gradient of {inputs}" not in before.unchecked
    return bool(plan.found) or (before.fitness.tells and known and not before.lost)


def _is_whole(plan: LayerPlan) -> bool:
    inputs = plan.call.inputs
    return plan.drawn().get(inputs, "").startswith(WHOLE_NUMBERS) and kind_of(inputs) != "indices"


def has_more_axes(plan: LayerPlan, before: LayerPlan) -> bool:
    """Whether inputs have more axes than those with which a layer runs: sequences may be what it is for, and a sum over
    all samples and steps be spread over a gradient where it gets none. What it says of their shape itself is so."""
    known = plan.call.inputs in plan.call.written
    return not (plan.found or before.found or known) and len(plan.layout.inputs) > len(before.layout.inputs)


def with_more_axes(before: FittingLayer, now: FittingLayer) -> FittingLayer:
    """That of two which fits better, the second with inputs of more axes. One in which fewer gradients are found says
    nothing of the others."""
    if now.fitness.order <= before.fitness.order or now.fitness.total < before.fitness.total:
        return before
    if not now.fitness.best:
        return now
    return now._replace(
        notes=(*now.notes, f"its gradients are not right for {before.notes[0].partition(' with ')[2]}")
    )


def biases_of_one_number(fitting: FittingLayer) -> list[str]:
    """The biases that a layer is given as one number, though a sample has several outputs: whatever is summed over more
    than it should be is right for such. Those that the file itself makes so are meant."""
    plan, drawn = fitting.plan, fitting.plan.drawn()
    inputs = re.search(r"size=\(([\d, ]*)\)", drawn.get(plan.call.inputs, ""))
    shape = tuple(map(int, re.findall(r"\d+", inputs[1]))) if inputs else ()
    if _outputs_of_a_sample(shape, fitting.output.shape) == 1:
        return []
    told = (*plan.call.shapes, *plan.call.written)
    biases = [name for name, kind in plan.call.arrays.items() if kind == "bias" and name not in told]
    return [name for name in biases if drawn[name].endswith(_OF_ONE_NUMBER)]


def _outputs_of_a_sample(inputs: tuple[int, ...], output: tuple[int, ...]) -> int:
    if output == inputs[:-1]:
        return 1
    same = [
        axis for axis in (0, -1) if inputs and len(inputs) == len(output) and inputs[axis] == output[axis]
    ]
    return math.prod(output) // (output[same[0]] if same else 1)


def doubted(fitting: FittingLayer, words: str) -> FittingLayer:
    """The same where it does not agree, or is not to count though it does."""
    return fitting._replace(fitness=fitting.fitness._replace(doubt=words))


def with_said(best: FittingLayer, nearly: FittingLayer | None) -> FittingLayer:
    """The same, with what is said of other shapes, with which the gradient is that of the loss times their number."""
    if nearly is None or not best.fitness.best:
        return best
    shapes = nearly.notes[0].removeprefix("assumed layer ")
    return best._replace(
        notes=(*best.notes, f"with {shapes}: {nearly.fitness.doubt}"),
        unchecked=(*best.unchecked, shapes.partition(" with ")[2]),
    )
