"""The adapter that fits a layer best: all that may be its own are tried."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import product
from typing import Any

import numpy as np
from numpy.random import default_rng

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.program.size_names import size_role
from chainrule.gradcheck.recognition import adapter, clipping
from chainrule.gradcheck.recognition.layers.arguments import CannotCallLayerError
from chainrule.gradcheck.recognition.layers.backward import BackwardCall, backward_calls
from chainrule.gradcheck.recognition.layers.calls import ForwardCall, forward_calls, is_net
from chainrule.gradcheck.recognition.layers.doubts import doubt_of_net, is_scaled, says_shapes
from chainrule.gradcheck.recognition.layers.drawn_arrays import shaped
from chainrule.gradcheck.recognition.layers.fitness import OTHER_SHAPES, LayerFitness, layer_fitness
from chainrule.gradcheck.recognition.layers.fitting import (
    FittingLayer,
    biases_of_one_number,
    differs_by_chance,
    doubted,
    fits_better,
    has_gradients,
    has_more_axes,
    is_of_one_index,
    is_of_vector,
    with_more_axes,
    with_said,
)
from chainrule.gradcheck.recognition.layers.found import found_plans
from chainrule.gradcheck.recognition.layers.gradients import LayerGradients, layer_gradients
from chainrule.gradcheck.recognition.layers.left_out import left_out
from chainrule.gradcheck.recognition.layers.objects import MadeLayer, made_layers
from chainrule.gradcheck.recognition.layers.pairs import LayerPair
from chainrule.gradcheck.recognition.layers.plans import (
    NO_LOSS,
    CannotTryLayerError,
    LayerPlan,
    ready,
)
from chainrule.gradcheck.recognition.layers.shapes import (
    LayerShapes,
    layouts,
    loss_layouts,
    net_layouts,
    special_layouts,
    special_loss_layouts,
    stepwise_loss_layouts,
    written_layouts,
)
from chainrule.gradcheck.recognition.layers.texts import (
    SMALL,
    adapter_text,
    assumptions,
    of_samples,
    without_gradient,
)
from chainrule.gradcheck.recognition.layers.tied import are_attended, tied_plans
from chainrule.gradcheck.recognition.layers.vectors import agrees_in_part

_SHARES = 2
"""Of the time that is left, one share is for the next way to try arrays whose shapes are found by trying."""

_OF_AN_ERROR = "what it is given may be an error, with one sign in the loss and the other in its derivative"
_OUT_OF_PROPORTION = (
    "what the backward pass gives is not in proportion to dJ/dout, as where it clips large gradients: tried with "
    f"dJ/dout {SMALL:g} times as large"
)
_MEAN_ALONE = "its only gradient is a mean over the samples, and no other says whether a mean is meant"
_OF_NO_NAME = "not all of its gradients agree, and no name says that it is of this cost"


@dataclass
class LayerSearch:
    """The tries for one form of a layer.

    Attributes:
        layer: whose adapter is looked for.
        file: its functions.
        namespace: the module's own, in which adapters are tried.
        seed: of what they draw.
        options: the texts that choose the form, by argument.
        errors: what was raised on the way.
        _disagreed: whether it ran with a bias for each output, and its gradients did not agree.
    """

    layer: LayerPair
    file: Definitions
    namespace: dict[str, Any]
    seed: int
    options: Mapping[str, str]
    errors: list[Exception] = field(default_factory=list)
    _disagreed: bool = False

    def best(self, seconds: float) -> FittingLayer | None:
        """The adapter that fits best; None where none runs.

        Args:
            seconds: what the tries may take of the processor's time.
        """
        best = self._best(seconds)
        if best is not None and best.fitness.nearly:
            return self._as_sum(best)
        if best is None or not best.fitness.best or not (single := biases_of_one_number(best)):
            return best
        words = f"it agrees with one number for {' and '.join(single)} alone, which all outputs share"
        return doubted(best, words) if self._disagreed else best

    def _best(self, seconds: float) -> FittingLayer | None:
        end = time.process_time() + seconds
        best: FittingLayer | None = None
        nearly: FittingLayer | None = None
        for plans in self._groups(end):
            before = best
            for plan in plans:
                if has_gradients(plan, best):
                    continue
                lost = best is not None and best.lost and bool(plan.found)
                if best is not None and best.fitness.settled and not (lost or has_more_axes(plan, best.plan)):
                    continue
                try:
                    for fitting in self.fitting(plan):
                        if fitting.fitness.doubt == _MEAN_ALONE:
                            return fitting
                        several = "bias" in plan.call.arrays.values() and not biases_of_one_number(fitting)
                        self._disagreed |= several and not fitting.fitness.best
                        if best is not None and best.fitness.tells and is_of_one_index(best, fitting):
                            continue
                        if best is not None and differs_by_chance(best, fitting):
                            return doubted(
                                best, "it agrees with some shapes of its arrays, and not with others"
                            )
                        if (
                            best is not None
                            and best.fitness.settled
                            and best.plan != fitting.plan
                            and not lost
                        ):
                            best = with_more_axes(best, fitting)
                        elif best is None or fits_better(fitting, best):
                            nearly = best if best is not None and best.fitness.nearly else nearly
                            best = fitting
                except Exception as error:
                    self.errors.append(error)
                found = bool(plan.found)
                fits = best is not None and (best.fitness.best or (best.fitness.settled and found))
                if fits and best is not None and not (found and best.lost):
                    break
                if time.process_time() > end:
                    return best and doubted(best, "there was no time left to try other layouts")
            if before is not None and before.fitness.unsummed and best is not None and best.fitness.best:
                words = "it agrees for one sample alone; with several a gradient is not summed over them"
                return doubted(best, words)
            # Of a vector, a weight may have an axis too many: what was meant for several samples is excused by these.
            if best is None or (is_of_vector(best) and best.fitness.total == 1 and not best.fitness.best):
                continue
            if best.fitness.sized and (best.fitness.tells or best.fitness.nearly):
                break
        return best and with_said(best, nearly)

    def _as_sum(self, nearly: FittingLayer) -> FittingLayer:
        """A loss whose gradient lacks nothing but a division, held against the loss without it; what divides later is
        not checked. The same where the number may be another at other points."""
        times = nearly.fitness.factor
        if of_samples(nearly.plan):
            return nearly
        with contextlib.suppress(Exception):
            for fitting in self.fitting(replace(nearly.plan, times=times), is_known=True):
                if fitting.fitness.best:
                    words = f"the division by {times}, which the loss has and its gradient has not"
                    return fitting._replace(unchecked=(*fitting.unchecked, words))
        return nearly

    def _groups(self, end: float) -> Iterator[Iterator[LayerPlan]]:
        """How a layer may be tried, in groups, the likely ones first.

        A group is for layers that take nothing of those before: a stride of 1 after one of 2, a single sample after
        several. Whatever does not agree where it runs is not excused by what does in a later group.
        """
        layer, file = self.layer, self.file
        try:
            calls = list(forward_calls(layer, file, self.options))
        except CannotCallLayerError as error:
            self.errors.append(error)
            return
        written, of_loss = self._sizes_written(), calls[0].is_loss
        kinds = (
            [
                list(loss_layouts()),
                list(stepwise_loss_layouts()),
                list(net_layouts(written)),
                list(special_loss_layouts()),
            ]
            if of_loss
            else [list(layouts()), list(written_layouts(written)), list(special_layouts())]
        )
        axes = len(calls[0].written.get(calls[0].inputs, ()))
        # Those first that have the axes which the layer itself says that its inputs have.
        kinds = [sorted(each, key=lambda layout: axes not in (0, len(layout.inputs))) for each in kinds]
        usual = [call for call in calls if call.is_usual and not is_net(layer, call)]
        for shapes, group in product(kinds, [usual] if of_loss else [[call] for call in usual]):
            plans = (
                LayerPlan(layer, call, layout, made, file)
                for call, layout in product(group, shapes)
                for made in self.made(layout)
            )
            yield iter({str((plan.call.text, plan.drawn(), plan.made)): plan for plan in plans}.values())
        alone = (False, True) if not of_loss or is_net(layer, calls[0]) else (False,)
        for call, single in product(calls[:1] if of_loss else calls, alone):
            yield self._found(call, end, single=single)

    def _found(self, call: ForwardCall, end: float, *, single: bool) -> Iterator[LayerPlan]:
        """How a layer may be tried with arrays of shapes that are found by trying."""
        layout = next(layouts())
        for made in self.made(layout):
            plan = LayerPlan(self.layer, call, layout, made, self.file)
            seconds = (end - time.process_time()) / _SHARES
            try:
                yield from found_plans(plan, self.namespace, self.seed, seconds, single=single)
            except Exception as error:
                self.errors.append(error)

    def made(self, layout: LayerShapes) -> Iterable[MadeLayer]:
        """The objects that the layer may be one of; one that says nothing where it is of no class."""
        return made_layers(self.layer.owner, self.file, layout) if self.layer.owner else [MadeLayer()]

    def _sizes_written(self) -> frozenset[int]:
        """The numbers written in the constructor of a layer that asks for no sizes; none in that of others."""
        constructor = self.file.constructors.get(self.layer.owner)
        asks = constructor is None or any(size_role(a.name) for a in constructor.arguments)
        return frozenset() if constructor is None or asks else constructor.numbers

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
        runs = False
        for call in backward_calls(plan.layer, plan.call, ran, plan.output, self.file):
            _, again = ready(plan, self.namespace, self.seed)
            of_call = "" if call.certain_alone and not runs else call.guess
            before = f"{plan.call.before} was assumed before it" if plan.call.before else ""
            guess = "; ".join(filter(None, (plan.made.guess, of_call, before)))
            try:
                variants = list(layer_gradients(plan, call, again, self.namespace))
            except Exception as error:
                failed.append(error)
                continue
            for found, loss in product(variants, _losses(plan, ran)):
                gradients = found
                fit = partial(
                    layer_fitness,
                    seed=self.seed,
                    guess=guess,
                    samples=plan.samples,
                    by_shape=list(gradients.by_shape),
                    derivative=call.derivative and plan.layer.is_derivative,
                    of_loss=bool(loss),
                )
                try:
                    text, program, fitness = self._tried(plan, call, gradients, loss, fit)
                    idle = [name for name in fitness.idle if name in gradients.own]
                    if fitness.doubt and 0 < len(idle) < len(gradients.expressions):
                        gradients = gradients.without(idle)
                        text, program, fitness = self._tried(plan, call, gradients, loss, fit)
                except Exception as error:
                    failed.append(error)
                    continue
                if not (fitness.best or fitness.doubt):
                    without = without_gradient(plan, gradients, ran)
                    if same := self._given_the_same(plan, given, fitness, without, ran):
                        yield same
                        return
                small = text != adapter_text(plan, call, gradients, loss)
                if call.of_row and runs and not (fitness.best or fitness.doubt):
                    # It runs with the vector too.
                    fitness = fitness._replace(doubt=f"not all of its gradients agree, but {call.guess}")
                if plan.found and not fitness.sized:
                    # What runs may lie otherwise than it was meant.
                    fitness = fitness._replace(doubt=OTHER_SHAPES)
                if plan.layer.is_derivative and not (np.ndim(ran["put_out"]) or fitness.best):
                    fitness = fitness._replace(doubt=_OF_AN_ERROR)
                if is_net(plan.layer, plan.call) and not fitness.best:
                    known = is_known or says_shapes(plan) or is_scaled(plan, fitness)
                    known = known or ("vector" in plan.call.arrays.values() and agrees_in_part(program))
                    doubt = fitness.doubt or doubt_of_net(program, fitness, is_known=known)
                    doubt = doubt or self._doubt_of_arrays(plan, call, gradients, loss, ran, fitness)
                    fitness = fitness._replace(doubt=doubt)
                if plan.layer.is_guessed and not (fitness.best or fitness.doubt):
                    fitness = fitness._replace(doubt=_OF_NO_NAME)
                if gradients.factor and fitness.best and len(gradients.expressions) == 1:
                    fitness = fitness._replace(doubt=_MEAN_ALONE)
                notes = assumptions(plan, call, gradients, ran, loss)
                notes += (_OUT_OF_PROPORTION,) if small else ()
                unchecked = left_out(plan, call, gradients, ran, self.namespace)
                lost = (
                    plan.layer.backward.gives
                    and not plan.layer.is_of_cost
                    and plan.call.inputs in without_gradient(plan, gradients, ran)
                )
                yield FittingLayer(text, given, notes, fitness, np.asarray(ran["put_out"]), unchecked, lost)
                if fitness.best:
                    return
            runs = True
        if failed:
            raise failed[0]

    def _tried(
        self,
        plan: LayerPlan,
        call: BackwardCall,
        gradients: LayerGradients,
        loss: str,
        fit: Callable[[LocalProgram], LayerFitness],
    ) -> tuple[str, LocalProgram, LayerFitness]:
        """The text of an adapter, what it declares, and how well that fits: with a small dJ/dout where the backward
        pass clips large gradients, and that fits as well."""
        text = adapter_text(plan, call, gradients, loss)
        program = self._program(text)
        fitness = fit(program)
        if loss or fitness.best or not clipping.is_clipped(program, SMALL):
            return text, program, fitness
        unclipped = adapter_text(plan, call, gradients, loss, small=True)
        gentle = self._program(unclipped)
        of_small = fit(gentle)
        return (unclipped, gentle, of_small) if of_small.order >= fitness.order else (text, program, fitness)

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

    def _program(self, text: str) -> LocalProgram:
        return adapter.declared(text, self.namespace, default_rng(self.seed))

    def _doubt_of_arrays(
        self,
        plan: LayerPlan,
        call: BackwardCall,
        gradients: LayerGradients,
        loss: str,
        ran: Mapping[str, Any],
        fitness: LayerFitness,
    ) -> str:
        """That gradients which do not agree do so with other arrays, or more of them with one of fewer axes, in
        words."""
        found = dict(plan.found)
        for name, other, words in self._other_arrays(plan, gradients, ran):
            text = adapter_text(
                replace(plan, found=tuple({**found, name: other}.items())), call, gradients, loss
            )
            with contextlib.suppress(Exception):
                program = self._program(text)
                with_other = layer_fitness(program, self.seed, guess="", samples=0, of_loss=True)
                narrower = name in gradients.expressions and with_other.sized
                if with_other.best or (narrower and with_other.agreeing > fitness.agreeing):
                    return words
        return ""

    def _other_arrays(
        self, plan: LayerPlan, gradients: LayerGradients, ran: Mapping[str, Any]
    ) -> Iterator[tuple[str, str, str]]:
        """What arrays of no known kind may be as well: data zeros and ones, as masks are; others with fewer axes, which
        are spread over as many."""
        for name in (n for n, _ in plan.found if plan.call.arrays.get(n) == "other"):
            shape = np.shape(ran[name])
            if name not in gradients.expressions:
                ones = shaped("mask", shape)[-1].format(np=plan.numpy) if shape else "1.0"
                yield name, ones, f"it agrees where {name} holds zeros and ones, and not with other numbers"
                continue
            for narrower in (shape[axes:] for axes in range(1, len(shape))):
                text = shaped("other", narrower)[0]
                yield name, text, f"it agrees where {name} has the shape {narrower}, and not with {shape}"


def _losses(plan: LayerPlan, ran: Mapping[str, Any]) -> list[str]:
    """What the cost may be where the layer is a loss: what it gives, or the mean or the sum of that."""
    if np.ndim(ran["put_out"]) == 0:
        return [plan.output]
    is_loss = plan.call.is_loss or plan.layer.is_of_cost
    return [f"{plan.numpy}.{of}({plan.output})" for of in ("mean", "sum")] if is_loss else [""]
