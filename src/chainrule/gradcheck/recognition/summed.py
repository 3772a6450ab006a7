"""Gradients that are one number where their parameter has several entries: a sum over samples and units."""

from __future__ import annotations

from collections.abc import Callable, Collection

from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.recognition.fitness import Fitness
from chainrule.gradcheck.recognition.usual_costs import is_of_several


def agrees_but_sums(fit: Fitness, program: Callable[[], LocalProgram]) -> bool:
    """Whether some gradients are those of the cost, and the others are numbers where their parameters are none."""
    partly = fit.cost and fit.depends and fit.shapes == 1 and fit.agrees
    return partly and all(not any(shape) or set(shape) == {1} for shape in _unlike(program())[1])


def are_summed(program: LocalProgram, usual_cost: str, of_several: Collection[str]) -> bool:
    """Whether the file makes several entries of each parameter whose shape no gradient has, in a net of classes: with a
    single output the sum over all may be meant.

    Args:
        program: what the adapter declares.
        usual_cost: the cost of a file that has none.
        of_several: the biases that the file makes with several entries.
    """
    if not is_of_several(usual_cost):
        return False
    return set() < {name.partition("[")[0] for name in _unlike(program)[0]} <= {*of_several}


def _unlike(program: LocalProgram) -> tuple[list[str], list[tuple[int, ...]]]:
    """The parameters whose shape no gradient has, and the shapes of gradients which no parameter has."""
    given = program.describe()
    own = {name: array.shape for name, array in zip(given.names, given.arrays, strict=True)}
    shapes = [g.shape for g in program.gradient(given.arrays, given.data).arrays]
    return [n for n in own if own[n] not in shapes], [s for s in shapes if s not in own.values()]
