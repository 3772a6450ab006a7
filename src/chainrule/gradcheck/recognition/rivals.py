"""Adapters that run, and may be meant as well as the one that fits best."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.recognition.calling import AdapterPlan
from chainrule.gradcheck.recognition.candidates import Candidate
from chainrule.gradcheck.recognition.fitness import Fitness

_VECTORS = ("w", "theta")
"""Weights of one output, as they are written beside a matrix X of inputs."""


class FittingAdapter(NamedTuple):
    """An adapter, and how well it fits."""

    fitness: Fitness
    candidate: Candidate


@dataclass
class LayoutRivals:
    """Layouts of arrays in which a gradient is not that of the cost, or has other shapes than the parameters.

    What disagrees with one-hot labels is not right because it agrees with one output, or with numbers in their place;
    and a matrix that is not transposed is not right because a vector need not be.

    Attributes:
        file: what it says of its outputs and its weights.
        fits: the adapters with these layouts.
    """

    file: Definitions
    fits: list[FittingAdapter] = field(default_factory=list)

    def note(self, fitting: FittingAdapter) -> None:
        """Keep an adapter if it is one of these."""
        fit = fitting.fitness
        differs = fit.runs and not fit.agrees
        if differs or (fit.cost and fit.shapes == 1):
            self.fits.append(fitting)

    def of(self, best: FittingAdapter, is_of_classes: Callable[[], bool]) -> FittingAdapter | None:
        """The one that may be meant in the place of an adapter that agrees; None where there is none.

        Args:
            best: the adapter.
            is_of_classes: whether its cost takes its labels for classes, so that no other layout of them is meant.
        """
        if not best.fitness.agrees:
            return None
        pair, meant = best.candidate.functions.pair, best.candidate.plan.convention
        # No one-hot label is -1.
        is_told = self.file.one_output or meant.label_values != (0, 1) or _are_vectors(best.candidate.plan)
        for other in (fit for fit in self.fits if fit.candidate.functions.pair == pair):
            if meant.weights == "in" and self._is_of_matrices(other):
                return other
            layout = other.candidate.plan.convention
            if (meant.single and is_told) or meant.labels == "one-hot" or layout.labels != "one-hot":
                continue
            if _says_enough(other) and layout.samples == meant.samples and not is_of_classes():
                return other
        return None

    def _is_of_matrices(self, other: FittingAdapter) -> bool:
        """Whether a gradient has other shapes where the weights are a matrix, as the file may make them."""
        layout = other.candidate.plan.convention
        is_matrix = layout.single and layout.weights != "in" and other.fitness.shapes == 1
        return is_matrix and (_says_enough(other) or (self.file.makes_matrices and layout.labels == "binary"))


def _says_enough(other: FittingAdapter) -> bool:
    """Whether the gradient can be compared, or as much of it as has the right shape agrees."""
    fit = other.fitness
    return fit.runs or (fit.depends and fit.agrees)


def _are_vectors(plan: AdapterPlan) -> bool:
    """Whether weights and labels are written as vectors, w or theta and y, beside a matrix X of inputs."""
    weights = [name for name in plan.parameters.values if name in _VECTORS]
    return plan.names.inputs[:1].isupper() and len(weights) == 1 and plan.names.labels.islower()
