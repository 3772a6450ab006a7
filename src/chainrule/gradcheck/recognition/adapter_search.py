"""Adapters tried one after the other, until one fits."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from chainrule.gradcheck.program.training_loops import loop_line
from chainrule.gradcheck.recognition import summed
from chainrule.gradcheck.recognition.adapter_functions import Functions
from chainrule.gradcheck.recognition.adapter_trials import AdapterTrials
from chainrule.gradcheck.recognition.candidates import Candidate, candidates
from chainrule.gradcheck.recognition.conventions import Convention
from chainrule.gradcheck.recognition.doubles import doubt
from chainrule.gradcheck.recognition.fitness import is_of_classes
from chainrule.gradcheck.recognition.options import FLAGS, options_of
from chainrule.gradcheck.recognition.other_plans import without_norm
from chainrule.gradcheck.recognition.pairing import lacks_l2
from chainrule.gradcheck.recognition.recognised import Variant
from chainrule.gradcheck.recognition.requirements import OtherShapesError
from chainrule.gradcheck.recognition.rivals import FittingAdapter, LayoutRivals
from chainrule.gradcheck.recognition.variants import Variants

_MOST_TRIES = 5000
_MOST_TRIES_BESIDE = 2500
"""How many adapters are held against one whose functions run, where no gradient agrees with its cost."""

_ENOUGH_LAYERS = 2
"""With which what passes from layer to layer is run."""


@dataclass
class _Deadline:
    """When tries have to end, by the processor's time.

    Attributes:
        end: that.
        is_over: whether it was reached.
    """

    end: float
    is_over: bool = False

    def is_passed(self) -> bool:
        """Whether nothing more may be tried."""
        self.is_over = self.is_over or time.process_time() > self.end
        return self.is_over


class Found(NamedTuple):
    """What came of the adapters of one gradient.

    Attributes:
        best: the one that fits best; None where none runs.
        rival: one with another cost of the file, of which the gradient is that, where it is not that of the best; or
            one with another layout of the arrays, which may be meant as well.
        errors: what was raised by those that did not run.
        is_cut: whether the time was up before all adapters had been tried that may be meant.
    """

    best: FittingAdapter | None
    rival: FittingAdapter | None
    errors: list[Exception]
    is_cut: bool = False

    @property
    def may_agree(self) -> bool:
        """Whether the gradient that is not that of its cost may be so with an adapter that has not been tried."""
        return self.is_cut and self.best is not None and not self.best.fitness.agrees


@dataclass
class AdapterSearch(AdapterTrials):
    """The search in one file.

    Attributes:
        convention: how arrays lie in what has been found so far.
        rivals: layouts in which gradients disagree.
        unknown: of gradients that cannot be called, by what they are called, the argument that is unknown, in words.
    """

    convention: Convention | None = None
    rivals: LayoutRivals = field(init=False)
    unknown: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.rivals = LayoutRivals(self.file)

    def best(self, every: Sequence[Functions], seconds: float, most: float) -> Found:
        """The adapter of one gradient that fits best, in the shapes in which the file makes its arrays.

        Args:
            every: the gradient with each of its costs.
            seconds: what the tries may take of the processor's time until one runs.
            most: the same for all of them. What runs convicts a gradient once all the others have been tried, so that
                no verdict is that of a slow machine.
        """
        now, failed = time.process_time(), {*self.failed}
        ends = now + seconds, now + most
        found = self._best(every, *ends)
        runs = found.best is not None and found.best.fitness.cost
        if not runs and any(isinstance(error, OtherShapesError) for error in found.errors):
            # With what the file makes under these names nothing runs: it is something else.
            self.failed, self.shapes = failed, {}
            try:
                found = self._best(every, *ends)
            finally:
                self.shapes = self.file.shapes
        return found

    def _best(self, every: Sequence[Functions], end: float, last_end: float) -> Found:
        """The same in the shapes that are set; ``end``: when the processor's time is up where none runs, ``last_end``:
        where one does.

        Of several costs the first that can be compared is the one that counts: were it the one that agrees, a right
        pair would hide a wrong one. One that does not change with the l2 that the gradient takes is the loss without
        the penalty, and counts after them.
        """
        best: FittingAdapter | None = None
        deepest: dict[tuple[str, str], int] = {}
        errors: list[Exception] = []
        deadline, tries_left = _Deadline(end), _MOST_TRIES
        tries = candidates(
            self.file,
            every,
            self.values,
            self.failed,
            self.convention,
            deadline.is_passed,
            lambda f: self._is_idle(f, best),
            self.unknown,
            self.attributes_made,
        )
        for written in self.slow.last(tries):
            if deadline.is_passed() or not tries_left:
                break
            tries_left -= 1
            is_other = best is not None and _are_others(written.functions, best)
            pair, layers = written.functions.pair, written.plan.parameters.layers
            if 0 < layers < min(deepest.get(pair, 0), _ENOUGH_LAYERS):
                # What runs in a net of several layers is not right because it is in one that has hardly any.
                continue
            layout = written.plan.convention
            if best is not None and best.fitness.shapes > 1 and layout.samples == "vector":
                # What takes many samples is not meant for one, of which any loss is a number.
                continue
            fitting = self.fitting(written, errors)
            if fitting is None:
                continue
            fitting = self._without_norm(fitting)
            candidate = fitting.candidate
            self.rivals.note(fitting)
            fit = fitting.fitness
            if fit.cost and fit.shapes:
                deepest[pair] = max(deepest.get(pair, 0), layers)
            if is_other and not fit.best:
                continue
            if is_other and best is not None and best.fitness.penalised:
                return Found(best, fitting, errors)
            if best is None or fit > best.fitness or self._is_likelier(fitting, best):
                best = fitting
                # Another gradient may take several samples: one alone is tried last.
                is_kept = fit.runs and layout.samples != "vector"
                self.convention = layout if is_kept else self.convention
                if fit.best or (fit.agrees and self.are_summed(candidate)):
                    break
            if fit.runs:
                deadline.end, tries_left = last_end, min(tries_left, _MOST_TRIES_BESIDE)
        if best is None or self.adds_up(best, errors):
            return Found(None, None, errors, deadline.is_over)
        chosen = best.candidate.functions
        if chosen.is_assumed and chosen.shown in self.unplain:
            # A step of a usual cost that is another number of times that of the file's own: which one is meant?
            return Found(self.unplain[chosen.shown], best, errors)
        if (single := self._of_one_sample(best)) is not None:
            return Found(single, best, errors)
        best = self._set_otherwise(best)
        program, names = self.program(best.candidate), best.candidate.plan.names
        return Found(
            best, self.rivals.of(best, lambda: is_of_classes(program, names)), errors, deadline.is_over
        )

    def _is_likelier(self, fitting: FittingAdapter, best: FittingAdapter) -> bool:
        """Whether of two layouts that fit as well one is of a single output, as the file makes its nets."""
        if fitting.fitness != best.fitness or not self.file.one_output:
            return False
        single, others = (each.candidate.plan.convention.single for each in (fitting, best))
        return single and not others

    def _of_one_sample(self, best: FittingAdapter) -> FittingAdapter | None:
        """The same with a single column, where the gradient is right with that alone, and nothing in cost and gradient
        says that they take several samples; else None."""
        plan = best.candidate.plan
        if best.fitness.runs or best.candidate.functions.is_assumed or plan.convention.samples != "columns":
            return None
        if any(f.averages or f.along_axes for f in self.file.used(best.candidate.functions.given)):
            return None
        column = replace(plan.convention, samples="column")
        candidate = best.candidate.planned(replace(plan, convention=column))
        fit = self.fit(candidate, []) if candidate is not None else None
        return (
            FittingAdapter(fit, candidate) if candidate is not None and fit is not None and fit.best else None
        )

    def _without_norm(self, fitting: FittingAdapter) -> FittingAdapter:
        """The same without scales and shifts, where cost and gradient know of none: batch norm is switched off."""
        others = fitting.fitness.cost and fitting.fitness.shapes == 1
        plan = without_norm(fitting.candidate.plan) if others else None
        candidate = fitting.candidate.planned(plan) if plan is not None else None
        if candidate is None:
            return fitting
        fit = self.fit(candidate, [])
        # What fails without them says nothing of others that begin so.
        self.failed.discard(candidate.beginning)
        return FittingAdapter(fit, candidate) if fit is not None and fit.runs else fitting

    def _set_otherwise(self, best: FittingAdapter) -> FittingAdapter:
        """The same with a switch set otherwise, where the gradient is that of the cost then, or has the switch's name:
        a file that chooses between two costs by ``self.svm`` may have a gradient for each."""
        gradient = best.candidate.functions.gradient
        if not best.fitness.runs or best.fitness.agrees or gradient is None:
            return best
        for option in options_of(best.candidate.plan):
            for value in option.others if option.given in FLAGS and not option.is_certain else ():
                candidate = best.candidate.planned(option.plan_with(value))
                fit = self.fit(candidate, []) if candidate is not None else None
                if candidate is None or fit is None:
                    continue
                is_named = value == "True" and option.name.lower() in gradient.name.lower().split("_")
                if fit.best or (fit.runs and is_named):
                    return FittingAdapter(fit, candidate)
        return best

    def doubles_doubt(self, candidate: Candidate) -> str:
        """Why an adapter tells nothing of filters that an object holds in two shapes; empty where it does."""
        text = candidate.doubled()
        parameters = candidate.plan.parameters
        return doubt(parameters, self.program(candidate), self.program_of(text)) if text else ""

    def gradient_error(self, candidate: Candidate) -> Exception | None:
        """What the gradient of an adapter whose cost runs raises; None where it runs too."""
        program = self.program(candidate)
        given = program.describe()
        try:
            program.gradient(given.arrays, given.data)
        except Exception as error:
            return error
        return None

    def are_summed(self, candidate: Candidate) -> bool:
        """Whether the file makes several entries of each parameter whose shape no gradient has."""
        assumed = candidate.functions.usual_cost
        return summed.are_summed(self.program(candidate), assumed, self.file.of_several)

    def variants(self, candidate: Candidate) -> list[Variant]:
        """The variants of an adapter."""
        return Variants(candidate, self.namespace, self.seed).every()

    def _is_idle(self, functions: Functions, best: FittingAdapter | None) -> bool:
        """Whether other functions than those that run need not be tried: no cost of theirs may be meant."""
        if best is None or not _are_others(functions, best):
            return False
        return not self._may_be_meant(functions, best.candidate.functions)

    def _may_be_meant(self, functions: Functions, best: Functions) -> bool:
        """Whether another cost may be meant: not where it lacks the penalty whose factor the gradient takes.

        What a training loop computes beside its step may be something to look at, so that a usual cost is meant.
        """
        gradient = best.gradient
        if gradient is not None and functions.usual_cost and loop_line(gradient.name):
            return True
        if gradient is None or functions.is_assumed:
            return False
        return not lacks_l2(self.file, functions.cost, gradient) or lacks_l2(self.file, best.cost, gradient)


def _are_others(functions: Functions, best: FittingAdapter) -> bool:
    """Whether these are another pair than one that runs."""
    return best.fitness.runs and functions.pair != best.candidate.functions.pair
