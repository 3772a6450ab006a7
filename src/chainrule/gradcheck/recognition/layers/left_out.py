"""What of a layer is not checked, in words: gradients that it should give and does not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule.gradcheck.program.names import PARAMETER_ROLES, meaning
from chainrule.gradcheck.recognition.layers.adapter_names import OUT
from chainrule.gradcheck.recognition.layers.backward import BackwardCall
from chainrule.gradcheck.recognition.layers.first_runs import other_object
from chainrule.gradcheck.recognition.layers.gradients import LayerGradients
from chainrule.gradcheck.recognition.layers.handed_layers import stand_ins
from chainrule.gradcheck.recognition.layers.places import ArrayPlace, changed, of_object, shape_of
from chainrule.gradcheck.recognition.layers.plans import LayerPlan, evaluated
from chainrule.gradcheck.recognition.layers.settings import is_statistic
from chainrule.gradcheck.recognition.layers.texts import without_gradient


def left_out(
    plan: LayerPlan,
    call: BackwardCall,
    gradients: LayerGradients,
    ran: Mapping[str, Any],
    namespace: dict[str, Any],
) -> tuple[str, ...]:
    """The gradients that a layer should give and does not: of its inputs, its states, its parameters, and of all else
    that it is given or holds and its outputs depend on. What gives a cost need not give that of its inputs, nor a
    recurrent net, as they may be data; a cost that gives none of parameters has none.

    Args:
        ran: what the names of an adapter stand for once the forward pass has run.
        namespace: the module's own.
    """
    without = [*without_gradient(plan, gradients, ran), *gradients.unknown, *gradients.idle]
    if call.derivative and plan.call.inputs not in gradients.expressions:
        # What a derivative by something else is at is data.
        without = [name for name in without if name != plan.call.inputs]
    outputs = _Outputs(plan, call, ran, namespace)
    moving = {*without} - {*outputs.apart(name for name in without if name not in gradients.idle)}
    due = _DueGradients(plan, gradients, ran)
    missing = [
        name
        for name in without
        if due.are_inputs_with_gradient(name)
        or (name in moving and (due.is_parameter_or_state(name) or due.may_be_of_another_layer(name)))
    ]
    if plan.made.text and not (due.is_loss or plan.layer.is_derivative):
        known = {*without, *gradients.expressions}
        missing += [p.name for p in outputs.parameters(gradients) if p.name not in known]
    # Without the adapter's own name for all of it.
    places = (re.sub(r"^\w+", "", text) for text in gradients.unread)
    unread = (f"what {plan.layer.backward.name} gives{f' at {at}' if at else ''}" for at in places)
    return (*(f"the gradient of {name}" for name in dict.fromkeys(missing)), *unread)


@dataclass
class _DueGradients:
    """Of what arrays a layer gives gradients, by what it computes and what they are."""

    plan: LayerPlan
    gradients: LayerGradients
    ran: Mapping[str, Any]

    @property
    def is_loss(self) -> bool:
        """Whether it gives a loss."""
        return self.plan.layer.gives_cost or self.plan.call.is_loss or not np.ndim(self.ran["put_out"])

    @property
    def _takes_data(self) -> bool:
        """Whether its inputs may be data, as those of a cost, of a recurrent net, and of a net of layers whose backward
        pass gives nothing."""
        if not self.plan.layer.backward.gives and stand_ins(self.plan.layer.owner, self.plan.file):
            return True
        is_recurrent = self.plan.layer.gives_state or type(self.ran[OUT]) is list
        return self.plan.layer.gives_cost or is_recurrent or "state" in self.plan.call.arrays.values()

    def are_inputs_with_gradient(self, name: str) -> bool:
        """Whether an array is the inputs, and these are no data."""
        return name == self.plan.call.inputs and not self._takes_data

    def is_parameter_or_state(self, name: str) -> bool:
        """Whether an array is a parameter by its name, or a state of what is no cost; of a cost that gives the gradient
        of no parameter none is."""
        is_cost, kind = self.plan.layer.gives_cost, self.plan.call.arrays.get(name)
        wanted = PARAMETER_ROLES if is_cost else (*PARAMETER_ROLES, "state", "cell")
        if kind == "other" or not {meaning(name).role, kind} & {*wanted}:
            return False
        return not is_cost or any(meaning(n).role in PARAMETER_ROLES for n in self.gradients.expressions)

    def may_be_of_another_layer(self, name: str) -> bool:
        """Whether an array has the same features as the inputs, so that it may be the output of a layer as well; a
        matrix of all samples is data."""
        if self.plan.call.arrays.get(name) not in ("inputs", "other") or self._takes_data or self.is_loss:
            return False
        shapes = (shape_of(self.ran[array]) for array in (name, self.plan.call.inputs))
        return len({shape[-1:] for shape in shapes}) == 1


@dataclass
class _Outputs:
    """What a layer puts out with other arrays than those that it was tried with."""

    plan: LayerPlan
    call: BackwardCall
    ran: Mapping[str, Any]
    namespace: dict[str, Any]

    def apart(self, names: Iterable[str]) -> list[str]:
        """Those of some arrays that change none of the outputs whose upstream gradients the backward pass is given, as
        what a prediction is made with beside the states."""
        held = of_object(self.ran.get("made"), "layer")
        others = {name: self._otherwise(name, held) for name in names}
        return [
            n for n, (arrays, put) in others.items() if (arrays or put) and self._are_the_same(arrays, put)
        ]

    def _otherwise(self, name: str, held: Sequence[ArrayPlace]) -> tuple[dict[str, Any], list[str]]:
        """Another value of an array that the forward pass takes, or of one that the object holds, wherever it does; of
        another none."""
        if name in self.plan.call.arrays:
            return {name: self.ran[name] + 1.0}, []
        arrays = [p.array for p in held if p.name == name]
        same = [p for p in held if any(p.array is array for array in arrays)]
        return {}, [p.put(f"{p.text} * 1.5 + 0.5") for p in same]

    def parameters(self, gradients: LayerGradients) -> list[ArrayPlace]:
        """The arrays of the object that move its outputs and whose gradients nothing gives: drawn or of one number as
        parameters begin, neither a table that is computed, nor what the forward pass itself puts there, as masks and
        running averages."""
        own = [place for same in gradients.own.values() for place in same]
        held = [
            p
            for p in of_object(self.ran["made"], "layer")
            if p.array.dtype.kind == "f" and p.array.size > 1 and not (p.is_gradient or is_statistic(p.name))
            if not (p.is_among(own) or any(p.array is each.array for each in own))
        ]
        if not held:
            return []
        after = self._run({}, [], "layer")
        put = {p.text for p in changed(of_object(self.ran["fresh"](), "layer"), of_object(after, "layer"))}
        again = {p.text: p.array for p in of_object(other_object(self.plan, self.namespace), "layer")}
        return [
            p
            for p in held
            if p.text not in put
            and (np.ptp(p.array) == 0 or not np.array_equal(p.array, again.get(p.text, p.array)))
            and not self._are_the_same({}, [p.put(f"{p.text} * 1.5 + 0.5")])
        ]

    def _are_the_same(self, arrays: Mapping[str, Any], put: Sequence[str]) -> bool:
        outputs = ", ".join([self.call.output or self.plan.output, *self.call.upstream.values()])
        both = (self._run(*each, f"({outputs},)") for each in (({}, []), (arrays, put)))
        return all(map(np.array_equal, *both))

    def _run(self, arrays: Mapping[str, Any], put: Sequence[str], what: str) -> Any:
        plan = self.plan
        made = ["layer := fresh()"] if plan.made.text else []
        text = f"[{', '.join([*made, *put, *plan.before_pass, f'{OUT} := {plan.call.text}', what])}][-1]"
        given = {name: self.ran[name] for name in (*plan.call.arrays, *(["fresh"] if made else []))}
        return evaluated(text, self.namespace, {**given, **arrays})
