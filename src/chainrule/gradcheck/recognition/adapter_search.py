"""Adapters tried one after the other, until one fits."""

from __future__ import annotations

import itertools
import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

from numpy.random import default_rng

from chainrule.errors import CheckError
from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.limited import OutOfTimeError, limited
from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.program.made_shapes import MadeShapes
from chainrule.gradcheck.program.training_loops import loop_line
from chainrule.gradcheck.recognition import clipping, summed
from chainrule.gradcheck.recognition.adapter import declared
from chainrule.gradcheck.recognition.candidates import Candidate, candidates
from chainrule.gradcheck.recognition.choices import Functions
from chainrule.gradcheck.recognition.conventions import Convention
from chainrule.gradcheck.recognition.doubles import doubt
from chainrule.gradcheck.recognition.draws import draws, draws_alike
from chainrule.gradcheck.recognition.fitness import (
    Fitness,
    fitness,
    is_of_classes,
    is_of_one_output,
    is_plain_step,
)
from chainrule.gradcheck.recognition.options import FLAGS, options_of
from chainrule.gradcheck.recognition.pairing import lacks_l2, takes_labels
from chainrule.gradcheck.recognition.recognised import Variant
from chainrule.gradcheck.recognition.requirements import (
    OtherShapesError,
    require_made_shapes,
    require_stateless,
)
from chainrule.gradcheck.recognition.rivals import FittingAdapter, LayoutRivals
from chainrule.gradcheck.recognition.variants import Variants
from chainrule.gradcheck.recognition.waiting import SlowNets

_MOST_TRIES = 5000
_ENOUGH_LAYERS = 2
"""With which what passes from layer to layer is run."""

_MOST_SECONDS_RUNNING = 2.0
"""How long adapters whose functions run are held against each other where no gradient agrees with its cost."""


class NoPlainStepError(Exception):
    """An update of this name runs, and takes no plain step against a gradient."""


class Found(NamedTuple):
    """What came of the adapters of one gradient.

    Attributes:
        best: the one that fits best; None where none runs.
        rival: one with another cost of the file, of which the gradient is that, where it is not that of the best; or
            one with another layout of the arrays, which may be meant as well.
        errors: what was raised by those that did not run.
    """

    best: FittingAdapter | None
    rival: FittingAdapter | None
    errors: list[Exception]


@dataclass
class AdapterSearch:
    """The search in one file.

    Attributes:
        file: its functions.
        namespace: the module's own, in which adapters are tried.
        values: its arrays and lists, by name.
        seed: of what adapters draw.
        failed: the beginnings of adapters that do not run.
        convention: how arrays lie in what has been found so far.
        rivals: layouts in which gradients disagree.
        shapes: those in which the file makes its arrays.
        unplain: of updates, by what they are called, the adapter with a cost of the file that is no plain step.
        slow: the objects that take long to make.
        unknown: of gradients that cannot be called, by what they are called, the argument that is unknown, in words.
    """

    file: Definitions
    namespace: dict[str, Any]
    values: Mapping[str, Any]
    seed: int
    failed: set[str] = field(default_factory=set)
    convention: Convention | None = None
    rivals: LayoutRivals = field(init=False)
    shapes: MadeShapes = field(init=False)
    unplain: dict[str, FittingAdapter] = field(default_factory=dict)
    slow: SlowNets = field(default_factory=SlowNets)
    unknown: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rivals = LayoutRivals(self.file)
        self.shapes = self.file.shapes

    def best(self, every: Sequence[Functions], seconds: float) -> Found:
        """The adapter of one gradient that fits best, in the shapes in which the file makes its arrays.

        Args:
            every: the gradient with each of its costs.
            seconds: what the tries may take of the processor's time.
        """
        end, failed = time.process_time() + seconds, {*self.failed}
        found = self._best(every, end)
        runs = found.best is not None and found.best.fitness.cost
        if not runs and any(isinstance(error, OtherShapesError) for error in found.errors):
            # With what the file makes under these names nothing runs: it is something else.
            self.failed, self.shapes = failed, {}
            try:
                found = self._best(every, end)
            finally:
                self.shapes = self.file.shapes
        return found

    def _best(self, every: Sequence[Functions], end: float) -> Found:
        """The same in the shapes that are set; ``end``: when the processor's time is up.

        Of several costs the first that can be compared is the one that counts: were it the one that agrees, a right
        pair would hide a wrong one. One that does not change with the l2 that the gradient takes is the loss without
        the penalty, and counts after them.
        """
        best: FittingAdapter | None = None
        deepest: dict[tuple[str, str], int] = {}
        errors: list[Exception] = []
        tries = candidates(
            self.file,
            every,
            self.values,
            self.failed,
            self.convention,
            end,
            lambda f: self._is_idle(f, best),
            self.unknown,
        )
        for candidate in itertools.islice(self.slow.last(tries), _MOST_TRIES):
            if time.process_time() > end:
                break
            is_other = best is not None and _are_others(candidate.functions, best)
            pair, layers = candidate.functions.pair, candidate.plan.parameters.layers
            if 0 < layers < min(deepest.get(pair, 0), _ENOUGH_LAYERS):
                # What runs in a net of several layers is not right because it is in one that has hardly any.
                continue
            layout = candidate.plan.convention
            if best is not None and best.fitness.shapes > 1 and layout.samples == "vector":
                # What takes many samples is not meant for one, of which any loss is a number.
                continue
            fitting = self._fitting(candidate, errors)
            if fitting is None:
                continue
            self.rivals.note(fitting)
            fit = fitting.fitness
            if fit.cost and fit.shapes:
                deepest[pair] = max(deepest.get(pair, 0), layers)
            if is_other and not fit.best:
                continue
            if is_other and best is not None and best.fitness.penalised:
                return Found(best, fitting, errors)
            if best is None or fit > best.fitness:
                best = fitting
                # Another gradient may take several samples: one alone is tried last.
                is_kept = fit.runs and layout.samples != "vector"
                self.convention = layout if is_kept else self.convention
                if fit.best or (fit.agrees and self.are_summed(candidate)):
                    break
            if fit.runs:
                end = min(end, time.process_time() + _MOST_SECONDS_RUNNING)
        if best is None:
            return Found(None, None, errors)
        chosen = best.candidate.functions
        if chosen.is_assumed and chosen.shown in self.unplain:
            # A step of a usual cost that is another number of times that of the file's own: which one is meant?
            return Found(self.unplain[chosen.shown], best, errors)
        best = self._set_otherwise(best)
        program, names = self.program(best.candidate), best.candidate.plan.names
        return Found(best, self.rivals.of(best, lambda: is_of_classes(program, names)), errors)

    def _set_otherwise(self, best: FittingAdapter) -> FittingAdapter:
        """The same with a switch set otherwise, where the gradient is that of the cost then, or has the switch's name:
        a file that chooses between two costs by ``self.svm`` may have a gradient for each."""
        gradient = best.candidate.functions.gradient
        if not best.fitness.runs or best.fitness.agrees or gradient is None:
            return best
        for option in options_of(best.candidate.plan):
            for value in option.others if option.given in FLAGS and not option.is_certain else ():
                candidate = best.candidate.planned(option.plan_with(value))
                fit = self._fit(candidate, []) if candidate is not None else None
                if candidate is None or fit is None:
                    continue
                is_named = value == "True" and option.name.lower() in gradient.name.lower().split("_")
                if fit.best or (fit.runs and is_named):
                    return FittingAdapter(fit, candidate)
        return best

    def program(self, candidate: Candidate) -> LocalProgram:
        """What an adapter declares."""
        return self._program(candidate.adapter.text)

    def doubles_doubt(self, candidate: Candidate) -> str:
        """Why an adapter tells nothing of filters that an object holds in two shapes; empty where it does."""
        text = candidate.doubled()
        parameters = candidate.plan.parameters
        return doubt(parameters, self.program(candidate), self._program(text)) if text else ""

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

    def _fitting(self, candidate: Candidate, errors: list[Exception]) -> FittingAdapter | None:
        """An adapter and how well it fits; or the same with parameters so small that no gradient is clipped, or whose
        draws are alike in cost and gradient, where these draw at random. None where it says nothing."""
        fit = self._fit(candidate, errors)
        if fit is None:
            return None
        if fit.runs and candidate.plan.convention.state:
            times = clipping.times_smaller(lambda times: self.program(candidate.smaller(times)))
            if times > 1:
                smaller = candidate.smaller(times)
                return FittingAdapter(self._fit(smaller, errors) or fit, smaller)
        if fit.runs and not fit.agrees and draws(self._program(candidate.adapter.text)):
            seeded = candidate.seeded()
            again = self._fit(seeded, errors)
            if again is not None and again.runs and draws_alike(self._program(seeded.adapter.text)):
                return FittingAdapter(again, seeded)
        return FittingAdapter(fit, candidate)

    def _fit(self, candidate: Candidate, errors: list[Exception]) -> Fitness | None:
        """How well an adapter fits; None where it says nothing."""
        functions = candidate.functions
        try:
            with limited(), self.slow.noting(candidate):
                fit = self._fitness(candidate.adapter.text, candidate)
        except OutOfTimeError:
            # It trains; or it is the numeric gradient that takes its time, which the next one may be without.
            if functions.numeric is None:
                self.failed.add(candidate.beginning)
            return None
        except Exception as error:
            # What its frames hold, arrays of every adapter that was tried, is not needed any more.
            traceback.clear_frames(error.__traceback__)
            errors.append(error)
            # A usual cost may have no value where another has one: the logarithm of what is negative.
            if not (functions.usual_cost and isinstance(error, CheckError)):
                self.failed.add(candidate.beginning)
            return None
        # A cost that is not the file's own convicts nobody. And where scores of one class let a cost run but no
        # gradient, a sum over classes may have taken the place of one over samples.
        says_nothing = functions.is_assumed and not (
            fit and (fit.best or summed.agrees_but_sums(fit, partial(self.program, candidate)))
        )
        if functions.by_update and fit and not fit.agrees and not says_nothing:
            says_nothing = not self._is_plain_step(candidate)
            if says_nothing and fit.runs:
                errors.append(NoPlainStepError(functions.shown))
                self.unplain.setdefault(functions.shown, FittingAdapter(fit, candidate))
        if fit is None or says_nothing:
            return None
        return (
            None if candidate.plan.convention.single and not self._is_of_one_output(fit, candidate) else fit
        )

    def _is_of_one_output(self, fit: Fitness, candidate: Candidate) -> bool:
        """Whether an adapter for a net with a single output says something."""
        if fit.shapes == 0:
            return False
        try:
            program = self._program(candidate.adapter.text)
            names, values = candidate.plan.names, candidate.plan.convention.label_values
            # What is of 0 and 1 as well may be right with -1 and 1 alone.
            signs = values != (0, 1) and is_of_one_output(program, names)
            return not signs and is_of_one_output(program, names, values)
        except Exception:
            return True

    def _is_plain_step(self, candidate: Candidate) -> bool:
        """Whether a step may be held against its cost: its learning rate is known, and it is a plain one."""
        once, twice = candidate.adapter.text, candidate.adapter.at_twice_the_rate
        if not twice:
            return False
        first, second = (self._program(text) for text in (once, twice))
        update = candidate.functions.gradient
        # What is written as one step from the parameters need not be in proportion to the rate: that is a mistake.
        return is_plain_step(
            first,
            second,
            candidate.plan.names,
            is_one=update is not None and bool(update.stepped) and not update.loops,
        )

    def _fitness(self, text: str, candidate: Candidate) -> Fitness | None:
        gradient = candidate.functions.gradient
        is_given_labels = gradient is None or takes_labels(gradient)
        program = self._program(text)
        names, single = [*candidate.plan.parameters.values], candidate.plan.convention.single
        require_made_shapes(program, self.shapes, names, with_data=single)
        if candidate.plan.convention.state:
            require_stateless(program)
        return fitness(program, candidate.plan.names, self.seed, is_given_labels=is_given_labels)

    def _program(self, text: str) -> LocalProgram:
        return declared(text, self.namespace, default_rng(self.seed))

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
