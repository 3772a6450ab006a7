"""The adapters that one way to call a layer may have, each with how well it fits."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import product
from typing import Any

import numpy as np
from numpy.random import default_rng

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.recognition import adapter
from chainrule.gradcheck.recognition.held_copies import doubt_of_copies
from chainrule.gradcheck.recognition.layers.backward import BackwardCall, backward_calls
from chainrule.gradcheck.recognition.layers.calls import is_net
from chainrule.gradcheck.recognition.layers.doubts import (
    MEAN_ALONE,
    OF_AN_ERROR,
    OF_NO_NAME,
    OF_SCORES,
    copies_held,
    doubt_of_net,
    doubt_of_steps,
    is_of_one_label,
    is_of_scores,
    is_scaled,
    says_shapes,
)
from chainrule.gradcheck.recognition.layers.first_runs import ready
from chainrule.gradcheck.recognition.layers.fitness import (
    HANDED_ON,
    OTHER_SHAPES,
    LayerFitness,
    is_drawn_upon,
    layer_fitness,
)
from chainrule.gradcheck.recognition.layers.fitting import FittingLayer
from chainrule.gradcheck.recognition.layers.gradients import LayerGradients, layer_gradients
from chainrule.gradcheck.recognition.layers.left_out import left_out
from chainrule.gradcheck.recognition.layers.objects import MadeLayer, made_layers
from chainrule.gradcheck.recognition.layers.other_arrays import doubt_of_arrays
from chainrule.gradcheck.recognition.layers.pairs import LayerPair
from chainrule.gradcheck.recognition.layers.plans import (
    NO_LOSS,
    CannotTryLayerError,
    LayerPlan,
)
from chainrule.gradcheck.recognition.layers.shapes import LayerShapes
from chainrule.gradcheck.recognition.layers.step_rates import have_another_rate, is_known_rate
from chainrule.gradcheck.recognition.layers.texts import (
    assumptions,
    without_gradient,
)
from chainrule.gradcheck.recognition.layers.tied import are_attended, tied_plans
from chainrule.gradcheck.recognition.layers.tried_adapters import TriedAdapter, tried_adapter
from chainrule.gradcheck.recognition.layers.vectors import agrees_in_part


@dataclass
class LayerTrials:
    """The adapters of one form of a layer, tried.

    Attributes:
        layer: whose adapters they are.
        file: its functions.
        namespace: the module's own, in which adapters are tried.
        seed: of what they draw.
        options: the texts that choose the form, by argument.
        errors: what was raised on the way.
        are_several_left: whether there was no time for all shapes of several samples.
    """

    layer: LayerPair
    file: Definitions
    namespace: dict[str, Any]
    seed: int
    options: Mapping[str, str]
    errors: list[Exception] = field(default_factory=list)
    are_several_left: bool = False

    def made(self, layout: LayerShapes) -> Iterable[MadeLayer]:
        """The objects that the layer may be one of; one that says nothing where it is of no class."""
        return made_layers(self.layer.owner, self.file, layout) if self.layer.owner else [MadeLayer()]

    def fitting(self, plan: LayerPlan, *, is_known: bool = False) -> Iterator[FittingLayer]:
        """The adapters of one plan.

        Args:
            plan: how the layer is tried.
            is_known: whether its arrays are known to have their own shapes, as something agrees with these.

        Raises:
            Exception: what the layer raises where shapes, settings or the object are not its own.
        """
        given = plan
        plan, ran = ready(plan, self.namespace, self.seed)
        if plan.wants_one_number and np.size(ran["put_out"]) > 1:
            raise CannotTryLayerError(NO_LOSS)
        failed: list[Exception] = []
        runs = of_entries = False
        for call in backward_calls(plan.layer, plan.call, ran, plan.output, self.file):
            if of_entries and not call.of_one:
                # What is given dJ/dout of each entry is excused by nothing but a mean of these.
                continue
            _, again = ready(plan, self.namespace, self.seed)
            try:
                variants = list(layer_gradients(plan, call, again, self.namespace))
            except Exception as error:
                failed.append(error)
                continue
            losses = [""] if call.of_entries else _losses(plan, ran)[: 1 if of_entries else None]
            for gradients, loss in product(variants, losses):
                try:
                    tried = self._tried(plan, call, gradients, loss, runs=runs)
                except Exception as error:
                    failed.append(error)
                    continue
                if not (tried.fitness.best or tried.fitness.doubt):
                    without = without_gradient(plan, tried.gradients, ran)
                    if same := self._given_the_same(plan, given, tried.fitness, without, ran):
                        yield same
                        return
                fitness = self._doubted(plan, call, tried, loss, ran, is_known=is_known, runs=runs)
                if of_entries and not fitness.best:
                    continue
                yield self._fitting(plan, given, call, tried._replace(fitness=fitness), loss, ran)
                if fitness.best:
                    return
            runs = True
            of_entries |= call.of_entries
        if failed:
            raise failed[0]

    def _tried(
        self, plan: LayerPlan, call: BackwardCall, gradients: LayerGradients, loss: str, *, runs: bool
    ) -> TriedAdapter:
        """An adapter, without the gradients of what changes no output, and without steps of another rate, where it
        agrees no better with them.

        Args:
            runs: whether the backward pass has run as it was called before.
        """
        of_call = "" if call.certain_alone and not runs else call.guess
        before = f"{plan.call.before} was assumed before it" if plan.call.before else ""
        fit = partial(
            layer_fitness,
            seed=self.seed,
            guess="; ".join(filter(None, (plan.made.guess, of_call, before))),
            samples=plan.samples,
            by_shape=list(gradients.by_shape),
            derivative=call.derivative and plan.layer.is_derivative,
            of_loss=bool(loss),
        )
        tried = tried_adapter(plan, call, gradients, loss, self.program, fit)
        idle = [name for name in tried.fitness.idle if name in gradients.own]
        if tried.fitness.doubt and 0 < len(idle) < len(gradients.expressions):
            gradients = gradients.without(idle)
            tried = tried_adapter(plan, call, gradients, loss, self.program, fit)
        steps = gradients.by_update
        beside = len(steps) < len(gradients.expressions)
        another = beside and have_another_rate(tried.program, tried.fitness, steps)
        if another and not is_known_rate(plan, call, gradients, loss, tried.dout, tried.text, self.program):
            return tried_adapter(plan, call, gradients.of_unknown_rate(steps), loss, self.program, fit)
        return tried

    def _doubted(
        self,
        plan: LayerPlan,
        call: BackwardCall,
        tried: TriedAdapter,
        loss: str,
        ran: Mapping[str, Any],
        *,
        is_known: bool,
        runs: bool,
    ) -> LayerFitness:
        """How well an adapter fits, with all that makes it doubtful."""
        fitness, gradients = tried.fitness, tried.gradients
        if fitness.doubt == HANDED_ON and plan.seeded and is_drawn_upon(tried.program, self.seed):
            fitness = fitness._replace(doubt="")
        if call.of_row and runs and not (fitness.best or fitness.doubt):
            # It runs with the vector too.
            fitness = fitness._replace(doubt=f"not all of its gradients agree, but {call.guess}")
        if plan.found and not fitness.sized:
            # What runs may lie otherwise than it was meant.
            fitness = fitness._replace(doubt=OTHER_SHAPES)
        if plan.layer.is_derivative and not (np.ndim(ran["put_out"]) or fitness.best):
            fitness = fitness._replace(doubt=OF_AN_ERROR)
        if loss and not (fitness.best or fitness.doubt) and is_of_scores(tried.program, self.seed):
            fitness = fitness._replace(doubt=OF_SCORES)
        if not (loss or fitness.best or fitness.doubt):
            of_steps = doubt_of_steps(tried.program, fitness, gradients.by_update)
            held = [] if of_steps else copies_held(plan, gradients.own, ran.get("made"))
            of_held = doubt_of_copies(tried.program, tried.text, held, self.program, self.seed)
            fitness = fitness._replace(doubt=of_steps or of_held)
        if is_net(plan.layer, plan.call) and not fitness.best:
            known = is_known or is_of_one_label(plan) or says_shapes(plan) or is_scaled(plan, fitness)
            known = known or ("vector" in plan.call.arrays.values() and agrees_in_part(tried.program))
            doubt = fitness.doubt or doubt_of_net(tried.program, fitness, is_known=known)
            doubt = doubt or doubt_of_arrays(plan, call, gradients, loss, ran, fitness, self._fit_of_net)
            fitness = fitness._replace(doubt=doubt)
        if plan.layer.is_guessed and not (fitness.best or fitness.doubt):
            fitness = fitness._replace(doubt=OF_NO_NAME)
        if gradients.factor and fitness.best and len(gradients.expressions) == 1:
            fitness = fitness._replace(doubt=MEAN_ALONE)
        return fitness

    def _fitting(
        self,
        plan: LayerPlan,
        given: LayerPlan,
        call: BackwardCall,
        tried: TriedAdapter,
        loss: str,
        ran: Mapping[str, Any],
    ) -> FittingLayer:
        """An adapter with what is said of it."""
        text, gradients = tried.text, tried.gradients
        notes = assumptions(plan, call, gradients, ran, loss)
        notes += tuple(filter(None, [tried.dout.said]))
        lost = (
            plan.layer.backward.gives
            and not plan.layer.is_of_cost
            and plan.call.inputs in without_gradient(plan, gradients, ran)
        )
        unchecked = left_out(plan, call, gradients, ran, self.namespace)
        unchecked += tuple(filter(None, [tried.dout.unchecked]))
        return FittingLayer(
            text,
            given,
            notes,
            tried.fitness,
            np.asarray(ran["put_out"]),
            unchecked,
            lost=lost,
            arrays=tuple(gradients.expressions),
        )

    def _given_the_same(
        self,
        plan: LayerPlan,
        given: LayerPlan,
        fitness: LayerFitness,
        without: list[str],
        ran: Mapping[str, Any],
    ) -> FittingLayer | None:
        """The adapter that gives several arguments the same, where a gradient agrees with that; None where there is
        none: of keys and values alone, as a net may attend to one array; with others that would excuse what is wrong.

        Args:
            plan: with what only a run tells.
            given: without that.
        """
        for name, alike, tied in tied_plans(given, fitness.others, without, ran):
            if not are_attended(plan, [name, *alike], ran, self.namespace):
                continue
            with contextlib.suppress(Exception):
                for fitting in self.fitting(tied):
                    if fitting.fitness.tells and name not in fitting.fitness.others:
                        words = f"{' and '.join([name, *alike])} of different values"
                        return fitting._replace(unchecked=(*fitting.unchecked, words))
        return None

    def _fit_of_net(self, text: str) -> LayerFitness:
        return layer_fitness(self.program(text), self.seed, guess="", samples=0, of_loss=True)

    def program(self, text: str) -> LocalProgram:
        """What an adapter declares."""
        return adapter.declared(text, self.namespace, default_rng(self.seed))


def _losses(plan: LayerPlan, ran: Mapping[str, Any]) -> list[str]:
    """What the cost may be where the layer is a loss: what it gives, or the mean or the sum of that."""
    if np.ndim(ran["put_out"]) == 0:
        return [plan.output]
    is_loss = plan.call.is_loss or plan.layer.is_of_cost
    return [f"{plan.numpy}.{of}({plan.output})" for of in ("mean", "sum")] if is_loss else [""]
