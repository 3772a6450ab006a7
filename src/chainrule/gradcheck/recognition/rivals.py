"""Adapters that run, and may be meant as well as the one that fits best."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from chainrule.gradcheck.program.names import meaning
from chainrule.gradcheck.recognition.calling import AdapterPlan
from chainrule.gradcheck.recognition.candidates import Candidate
from chainrule.gradcheck.recognition.fitness import Fitness


class FittingAdapter(NamedTuple):
    """An adapter, and how well it fits."""

    fitness: Fitness
    candidate: Candidate


@dataclass
class LayoutRivals:
    """Layouts of arrays in which a gradient is not that of the cost, or has other shapes than the parameters.

    What disagrees with one-hot labels is not right because it agrees with one output, or with numbers in their place.

    Attributes:
        one_output: the file says that its nets have one output.
        fits: the adapters with these layouts.
    """

    one_output: bool
    fits: list[FittingAdapter] = field(default_factory=list)

    def note(self, fitting: FittingAdapter) -> None:
        """Keep an adapter if it is one of these."""
        fit = fitting.fitness
        differs = fit.runs and not fit.agrees
        is_misshapen = fit.cost and fit.depends and fit.shapes == 1 and fit.agrees
        if differs or is_misshapen:
            self.fits.append(fitting)

    def of(self, best: FittingAdapter, is_of_classes: Callable[[], bool]) -> FittingAdapter | None:
        """The one that may be meant in the place of an adapter that agrees; None where there is none.

        Args:
            best: the adapter.
            is_of_classes: whether its cost takes its labels for classes, so that no other layout of them is meant.
        """
        if not best.fitness.agrees:
            return None
        meant = best.candidate.plan.convention
        for other in self.fits:
            layout = other.candidate.plan.convention
            if other.candidate.functions.pair != best.candidate.functions.pair:
                continue
            if layout.single and meant.weights == "in" != layout.weights and not other.fitness.runs:
                return other
            # No one-hot label is -1.
            is_told = self.one_output or meant.label_values != (0, 1) or _are_vectors(best.candidate.plan)
            if (meant.single and is_told) or meant.labels == "one-hot" or layout.labels != "one-hot":
                continue
            if layout.samples == meant.samples and not is_of_classes():
                return other
        return None


def _are_vectors(plan: AdapterPlan) -> bool:
    """Whether weights and labels are written as vectors, w or theta and y, beside a matrix X of inputs."""
    names = plan.parameters.values
    weights = [name for name in names if meaning(name).role == "weights" or name.lower() == "theta"]
    return (
        plan.names.inputs[:1].isupper() and len(weights) == 1 and f"{weights[0]}{plan.names.labels}".islower()
    )
