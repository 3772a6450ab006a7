"""How one adapter is tried: with its own parameters, with smaller ones, with the same draws in cost and gradient."""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from numpy.random import default_rng

from chainrule.errors import CheckError
from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.limited import OutOfTimeError, limited
from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.program.made_shapes import MadeShapes
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.recognition import clipping, summed
from chainrule.gradcheck.recognition.adapter import attributes_made, declared
from chainrule.gradcheck.recognition.candidates import Candidate
from chainrule.gradcheck.recognition.draws import adds_up, draws, draws_alike
from chainrule.gradcheck.recognition.fitness import Fitness, fitness, is_of_one_output, is_plain_step
from chainrule.gradcheck.recognition.pairing import takes_labels
from chainrule.gradcheck.recognition.requirements import (
    OtherShapesError,
    require_made_shapes,
    require_stateless,
)
from chainrule.gradcheck.recognition.rivals import FittingAdapter
from chainrule.gradcheck.recognition.waiting import SlowNets

_MOST_TO_MAKE = 0.5
"""How much of the processor's time an object may take to be made that is to be looked at."""


_ADDS_UP = "it may be added to the last one, and begin at 0 elsewhere"


class NoPlainStepError(Exception):
    """An update of this name runs, and takes no plain step against a gradient."""


@dataclass
class AdapterTrials:
    """The tries of the adapters of one file, each by itself.

    Attributes:
        file: its functions.
        namespace: the module's own, in which adapters are tried.
        values: its arrays and lists, by name.
        seed: of what adapters draw.
        failed: the beginnings of adapters that do not run.
        shapes: those in which the file makes its arrays.
        unplain: of updates, by what they are called, the adapter with a cost of the file that is no plain step.
        slow: the objects that take long to make.
    """

    file: Definitions
    namespace: dict[str, Any]
    values: Mapping[str, Any]
    seed: int
    failed: set[str] = field(default_factory=set)
    shapes: MadeShapes = field(init=False)
    unplain: dict[str, FittingAdapter] = field(default_factory=dict)
    slow: SlowNets = field(default_factory=SlowNets)
    _made: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.shapes = self.file.shapes

    def attributes_made(self, net: str) -> Mapping[str, Any]:
        """What an object holds as an expression makes it; nothing where that fails, or takes its time."""
        if net not in self._made:
            self._made[net] = {}
            with contextlib.suppress(Exception, OutOfTimeError), limited(_MOST_TO_MAKE):
                self._made[net] = attributes_made(net, self.namespace, default_rng(self.seed))
        return self._made[net]

    def program(self, candidate: Candidate) -> LocalProgram:
        """What an adapter declares."""
        return self.program_of(candidate.adapter.text)

    def fitting(self, candidate: Candidate, errors: list[Exception]) -> FittingAdapter | None:
        """An adapter and how well it fits; or the same with parameters so small that no gradient is clipped, or whose
        draws are alike in cost and gradient, where these draw at random. None where it says nothing."""
        fit = self.fit(candidate, errors)
        if fit is None:
            return None
        if fit.runs and candidate.plan.convention.state:
            times = clipping.times_smaller(lambda times: self.program(candidate.smaller(times)))
            if times > 1:
                smaller = candidate.smaller(times)
                return FittingAdapter(self.fit(smaller, errors) or fit, smaller)
        if fit.runs and not fit.agrees and draws(self.program_of(candidate.adapter.text)):
            seeded = candidate.seeded()
            again = self.fit(seeded, errors)
            if again is not None and again.runs and draws_alike(self.program_of(seeded.adapter.text)):
                return FittingAdapter(again, seeded)
        return FittingAdapter(fit, candidate)

    def adds_up(self, fitting: FittingAdapter, errors: list[Exception]) -> bool:
        """Whether a gradient that is not that of its cost is another one the second time, so that it says nothing."""
        fit, candidate = fitting
        program = self.program_of(candidate.adapter.text)
        if not fit.runs or fit.agrees or draws(program) or not adds_up(program):
            return False
        errors.append(
            CheckError(f"{candidate.functions.shown} gives another gradient the second time: {_ADDS_UP}")
        )
        return True

    def fit(self, candidate: Candidate, errors: list[Exception]) -> Fitness | None:
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
            # A usual cost may have no value where another has one: the logarithm of what is negative. That arrays are
            # none of the file's is so with each.
            is_of_cost = isinstance(error, CheckError) and not isinstance(error, OtherShapesError)
            if not (functions.usual_cost and is_of_cost):
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
            program = self.program_of(candidate.adapter.text)
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
        first, second = (self.program_of(text) for text in (once, twice))
        is_one = _is_one_step(candidate.functions.gradient, first.describe().names)
        return is_plain_step(first, second, candidate.plan.names, is_one=is_one)

    def _fitness(self, text: str, candidate: Candidate) -> Fitness | None:
        gradient = candidate.functions.gradient
        is_given_labels = gradient is None or takes_labels(gradient)
        program = self.program_of(text)
        names, single = [*candidate.plan.parameters.values], candidate.plan.convention.single
        require_made_shapes(program, self.shapes, names, with_data=single)
        if candidate.plan.convention.state:
            require_stateless(program)
        return fitness(program, candidate.plan.names, self.seed, is_given_labels=is_given_labels)

    def program_of(self, text: str) -> LocalProgram:
        return declared(text, self.namespace, default_rng(self.seed))


def _is_one_step(update: Function | None, parameters: Iterable[str]) -> bool:
    """Whether an update is written as one step from where the parameters are. It need not be in proportion to the rate:
    that is a mistake."""
    if update is None or update.loops:
        return False
    stepped = {*update.attributes.stepped}
    return bool(update.stepped) or (bool(stepped) and stepped >= {*parameters})
