"""A forward and a backward pass of one object, as the file calls them: the backward pass gets numbers of ours for the
gradient of what the forward pass gives, so that the cost is the sum of that times those.

A net that hands gradients from layer to layer has no cost of its own, and nobody may know how to make it but the file.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.random import default_rng

from chainrule.arrays import Array
from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.function_names import rank
from chainrule.gradcheck.program.names import is_parameter, is_rate
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.recognition.witnessed import expressions
from chainrule.gradcheck.recognition.witnessed.adapters import adapters_of
from chainrule.gradcheck.recognition.witnessed.costs import CostCall
from chainrule.gradcheck.recognition.witnessed.pairs import Pair
from chainrule.gradcheck.recognition.witnessed.returned_gradients import (
    given_back,
    gradients_of,
    held_arrays,
    left_on,
)
from chainrule.gradcheck.recognition.witnessed.running import Running, moved
from chainrule.gradcheck.recognition.witnessed.steps import kept_before, steps_of
from chainrule.gradcheck.recognition.witnessed.witnessed_call import (
    ArgumentSource,
    EarlierCall,
    WitnessedCall,
)

_CLOSE = 1e-9


class WitnessedPasses(NamedTuple):
    """The passes of an object.

    Attributes:
        forward: the method that is the forward pass.
        running: what is known where the backward pass stands behind it, with the numbers that that gets.
        cost: the sum of what the forward pass gives times these.
        numbers: the expression that draws them, by the name of the argument that they are.
        ahead: the call of the forward pass.
    """

    forward: Function
    running: Running
    cost: CostCall
    numbers: Mapping[str, str]
    ahead: str

    def depends_on(self, array: Array) -> bool:
        """Whether the cost changes with an array."""
        there = moved([array], 2)
        with contextlib.suppress(Exception):
            return bool(self.running.at(self.cost.texts, there) != self.running.at(self.cost.texts))
        return False


def pairs_of_passes(backward: Function, passes: WitnessedPasses, file: Definitions) -> Iterator[Pair]:
    """A backward pass with the sum of what its forward pass gives; it may be right, never wrong: it may divide by the
    number of samples, or clip."""
    running = passes.running
    values = running.call.values
    expression = expressions.as_called(backward, running.call, file, lambda given: "")
    if expression is None:
        return
    candidates = [p for p in held_arrays(values, [*running.call.sources]) if p.name not in passes.numbers]
    candidates = [p for p in candidates if passes.depends_on(p.array)]
    stepped = steps_of([expression.text], running).parameters
    before, own = running.copy(), running.copy()
    result = running.value(own, [expression.text])
    left = left_on(vars(own), vars(before), ["self"])
    returned = [
        *given_back(result, backward),
        *(p for p in left if p.is_gradient),
    ]
    stepping = {p.parameter for p in stepped}
    told = gradients_of(returned, [p for p in candidates if p.text not in stepping], {})
    parameters = [*stepped, *told]
    known = {p.parameter for p in parameters}
    if not parameters:
        return
    texts = [*kept_before(parameters), f"out0 := {passes.ahead}", expression.text]
    adapters, _, _ = adapters_of(passes.cost, texts, parameters, [], running, passes.numbers)
    yield Pair(
        backward,
        passes.cost.function,
        running.call.place,
        running.call.begun,
        adapters,
        is_told=False,
        is_doubtful=True,
        beside=tuple(
            f"the gradient of {p.name}" for p in candidates if p.text not in known and is_parameter(p.name)
        ),
        note="",
        parameters=len(parameters),
        of_few=None,
        forward=passes.forward.shown,
    )


def passes_of(
    backward: Function, calls: Mapping[str, WitnessedCall], namespace: dict[str, Any], file: Definitions
) -> WitnessedPasses | None:
    """How a backward pass is called with numbers of ours; None where the file calls no forward pass of its object that
    gives an array of numbers, or where it asks for something else: of twice a gradient all gradients are twice as
    large."""
    asked = [argument.name for argument in backward.arguments if argument.required]
    given = [name for name in asked if not is_rate(name)]
    if rank(backward.name, "gradient") is None or not backward.owner or len(given) != 1:
        return None
    for forward in _forwards(backward, file):
        call = calls.get(forward.shown)
        if call is None or given[0] in call.sources:
            continue
        with contextlib.suppress(Exception):
            passes = _passes(forward, call, given[0], asked, namespace, file)
            if passes is not None and _is_in_proportion(backward, given[0], passes, file):
                return passes
    return None


def _forwards(backward: Function, file: Definitions) -> list[Function]:
    """The methods that may be the forward pass, those of usual names first."""
    own = [f for f in file.functions if f.owner == backward.owner and f is not backward and f.gives]
    usual = [f for f in own if rank(f.name, "forward") is not None]
    return [*usual, *(f for f in own if f.name == "__call__")]


def _passes(
    forward: Function,
    call: WitnessedCall,
    given: str,
    asked: list[str],
    namespace: dict[str, Any],
    file: Definitions,
) -> WitnessedPasses | None:
    expression = expressions.as_called(forward, call, file, lambda given: "")
    if expression is None:
        return None
    running = Running(call, namespace)
    after = running.copy()
    out = running.value(after, [expression.text])
    if not isinstance(out, np.ndarray) or out.dtype.kind != "f" or not out.size:
        return None
    rates = {name: 1.0 for name in asked if name != given}
    values = {**vars(after), **rates, given: default_rng(0).normal(size=out.shape)}
    sources = {**call.sources, **{name: ArgumentSource(name, "") for name in (*rates, given)}}
    behind = call._replace(
        values=values, sources=sources, earlier=[EarlierCall(call.function, call.sources)], later={}
    )
    cost = CostCall(
        Function("", ()),
        (f"numpy.vdot(own.{given}, {expression.text})",),
        (*expression.reads, given),
        True,
        False,
    )
    return WitnessedPasses(
        forward, Running(behind, namespace), cost, {given: f"rng.normal(size={out.shape})"}, expression.text
    )


def _is_in_proportion(backward: Function, given: str, passes: WitnessedPasses, file: Definitions) -> bool:
    """Whether what a backward pass gives, or takes from parameters, is twice as large for twice the numbers."""
    running = passes.running
    expression = expressions.as_called(backward, running.call, file, lambda given: "")
    if expression is None:
        return False
    held = {p.text: p.array for p in held_arrays(running.call.values, ["self"])}
    parameters = {text: array for text, array in held.items() if passes.depends_on(array)}

    def results(times: float) -> dict[str, Array]:
        """What comes back, what is new on the object, and the steps from parameters."""
        own = running.copy([(running.call.values[given], times * running.call.values[given])])
        out = running.value(own, [expression.text])
        after = {p.text: p.array for p in held_arrays(vars(own), ["self"])}
        new = {t: a for t, a in after.items() if t not in held or not np.array_equal(a, held[t])}
        new = {text: array - parameters[text] if text in parameters else array for text, array in new.items()}
        return {**new, "out": out} if isinstance(out, np.ndarray) else new

    once, twice = results(1.0), results(2.0)
    return any(one.any() for one in once.values()) and all(
        np.allclose(twice[text], 2 * one, rtol=_CLOSE, atol=_CLOSE * float(np.abs(one).max(initial=0.0)))
        for text, one in once.items()
    )
