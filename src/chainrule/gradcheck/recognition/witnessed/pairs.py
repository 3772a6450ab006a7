"""Which cost belongs to a gradient that the file calls, whose gradients those are, and how both are called."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.function_names import is_cost, rank
from chainrule.gradcheck.program.names import is_gradient, is_parameter, is_rate, l2_name
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.recognition.layers.places import ArrayPlace
from chainrule.gradcheck.recognition.witnessed import expressions
from chainrule.gradcheck.recognition.witnessed.adapters import Adapters, adapters_of, holds, read_in
from chainrule.gradcheck.recognition.witnessed.costs import (
    CostCall,
    costs_of,
    likeliest_first,
    shown_costs,
)
from chainrule.gradcheck.recognition.witnessed.expressions import Expression
from chainrule.gradcheck.recognition.witnessed.made_costs import usual_costs_of
from chainrule.gradcheck.recognition.witnessed.other_steps import knows_other_rates
from chainrule.gradcheck.recognition.witnessed.passes import WitnessedPasses
from chainrule.gradcheck.recognition.witnessed.returned_gradients import (
    ReturnedGradient,
    given_back,
    gradients_of,
    handed_twice,
    held_arrays,
    left_on,
)
from chainrule.gradcheck.recognition.witnessed.running import Running
from chainrule.gradcheck.recognition.witnessed.settling import changed_beside, reads_more, settled
from chainrule.gradcheck.recognition.witnessed.steps import TakenSteps, kept_before, steps_of

_NO_COST = "no function is known to give the cost: it is taken to be the {} of what the forward pass gives"


class Pair(NamedTuple):
    """A gradient with its cost, as the file calls them.

    Attributes:
        gradient: the function.
        cost: the other.
        place: from which the file calls the gradient, in words.
        begun: the training that is begun for it to do so; empty where the file begins it itself.
        adapters: by which both are called.
        is_told: whether names or the file's own step tell whose gradients come back, and that this is the cost.
        is_doubtful: whether the gradient may be one of another cost, or draws other numbers at random.
        beside: what the gradient gives that is the gradient of none of the parameters.
        note: what else is to be said of it; empty for nothing.
        parameters: how many there are.
        of_few: adapters with few of the file's samples; None where it has no more.
        has_other_rates: whether the gradients are seen by a step whose code knows several rates, or a decay.
        forward: the forward pass beside whose outputs there is no other cost; empty where there is one.
    """

    gradient: Function
    cost: Function
    place: str
    begun: str
    adapters: Adapters
    is_told: bool
    is_doubtful: bool
    beside: tuple[str, ...]
    note: str
    parameters: int
    of_few: Adapters | None
    has_other_rates: bool = False
    forward: str = ""


def pairs_of(gradient: Function, running: Running, file: Definitions) -> Iterator[Pair]:
    """A gradient with each of the costs that may be its own, the likeliest first; those as likely as each other come
    together."""
    call = running.call
    expression = expressions.as_called(gradient, call, file, lambda given: "")
    if expression is None:
        return
    returned = _without_states(_returned(gradient, expression, running), call.later)
    twice = handed_twice(call.values, [name for name in call.sources if name != "self"])
    parameters, candidates = _told_apart(returned, running, twice) if returned else ([], [])
    found = False
    for pair in _with_costs(gradient, expression, returned, parameters, candidates, running, file):
        found = True
        yield pair
    steps = TakenSteps([], []) if found else _steps(gradient, expression, running, file)
    yield from _with_costs(
        gradient, expression, returned, steps.parameters, candidates, running, file, steps.others
    )


def _steps(gradient: Function, called: Expression, running: Running, file: Definitions) -> TakenSteps:
    """The steps of a call, with what it is given by earlier ones computed anew where that runs."""
    others = expressions.earlier_calls(running.call, file)

    def given(text: str) -> str:
        return text if text and all(place in others for place in expressions.places_in(text)) else ""

    anew = expressions.as_called(gradient, running.call, file, given)
    if anew is not None:
        with contextlib.suppress(Exception):
            steps = steps_of(expressions.after(anew.text, others), running)
            if steps.parameters:
                return steps
    return steps_of([called.text], running)


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
        *given_back(result, [backward.returns, *backward.returns_before]),
        *(p for p in left if p.is_gradient),
    ]
    stepping = {p.parameter for p in stepped}
    told = gradients_of(returned, [p for p in candidates if p.text not in stepping], {})
    parameters = [*stepped, *told]
    known = {p.parameter for p in parameters}
    if not parameters:
        return
    texts = [*kept_before(parameters), f"out0 := {passes.ahead}", expression.text]
    adapters, _ = adapters_of(passes.cost, texts, parameters, running, passes.numbers)
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


def _told_apart(
    returned: Sequence[ArrayPlace], running: Running, twice: Container[int]
) -> tuple[list[ReturnedGradient], list[ArrayPlace]]:
    """The parameters whose gradients come back, and the arrays that they were told among: what the function is handed;
    else all that is known, as whoever calls it may hold the biases."""
    call = running.call
    others = [name for name in call.values if name not in call.sources]
    parameters, candidates = list[ReturnedGradient](), list[ArrayPlace]()
    for names in ([*call.sources], [*call.sources, *others]):
        candidates = held_arrays(call.values, names)
        parameters = gradients_of(returned, candidates, call.later, twice)
        if len(parameters) >= _as_many_as(returned):
            break
    return parameters, candidates


def _with_costs(
    gradient: Function,
    expression: Expression,
    returned: Sequence[ArrayPlace],
    parameters: Sequence[ReturnedGradient],
    candidates: Sequence[ArrayPlace],
    running: Running,
    file: Definitions,
    others: Sequence[ArrayPlace] = (),
) -> Iterator[Pair]:
    """The pairs of a gradient with its costs; ``others``: what else it changes."""
    if not parameters:
        return
    own = sorted(costs_of(parameters, running, file), key=lambda c: likeliest_first(c, gradient, expression))
    is_told = any(cost.is_named for cost in own)
    shown = [] if is_told else list(shown_costs(gradient, expression, parameters, running))
    usual = [] if is_told else _usual(gradient, parameters, running, file)
    for cost in (*shown, *usual, *own):
        texts = settled(gradient, cost, parameters, running, file)
        # A cost that is made up is that of what it agrees with.
        is_same = cost in usual or _is_of_the_same(cost, expression, texts or [""], parameters, running)
        if texts is None or not is_same:
            continue
        adapters, of_few = adapters_of(cost, texts, parameters, running)
        yield Pair(
            gradient,
            cost.function,
            running.call.place,
            running.call.begun,
            adapters,
            is_told=cost.is_named and all(p.is_told for p in parameters),
            is_doubtful=any(p.is_doubtful for p in parameters)
            or cost.ignores
            or cost in (*shown, *usual)
            or running.draws_apart(cost.texts, texts)
            or reads_more(cost, texts, parameters, candidates, running),
            beside=(
                *_beside(
                    returned,
                    parameters,
                    is_both=cost.function == gradient or bool(kept_before(parameters)),
                ),
                *(_left_by(cost, gradient, expression, file) if cost in usual else ()),
                *(f"the step of {name}" for name in changed_beside(cost.texts, others, running)),
            ),
            note=_NO_COST.format(cost.function.name) if cost in usual else "",
            parameters=len(parameters),
            of_few=of_few,
            has_other_rates=bool(kept_before(parameters))
            and knows_other_rates(file.used([gradient]), file.used([cost.function])),
        )


def _left_by(cost: CostCall, gradient: Function, called: Expression, file: Definitions) -> list[str]:
    """What a cost that is made up leaves unchecked: the penalty, the file's own costs, and those that are computed
    where the gradient is."""
    penalties = [name for name in called.reads if l2_name([name])]
    others = [f.shown for f in file.functions if rank(f.name, "cost") is not None and f.gives]
    is_own = cost.function.name.partition(" ")[0] in others
    return [*penalties, *([] if is_own else others), *sorted(filter(is_cost, gradient.reads))]


def _usual(
    gradient: Function, parameters: Sequence[ReturnedGradient], running: Running, file: Definitions
) -> list[CostCall]:
    """The usual costs whose gradient it is."""
    back = ", ".join(p.gradient for p in parameters)

    def with_gradients(forward: CostCall) -> list[str] | None:
        texts = settled(gradient, forward, parameters, running, file)
        return texts and [*texts[:-1], f"out := {texts[-1]}", f"[{back}]"]

    return list(usual_costs_of(parameters, with_gradients, running, file))


def _as_many_as(returned: Sequence[ArrayPlace]) -> int:
    """How many of the arrays that come back must be gradients: those that are called so."""
    return max(sum(is_gradient(g.key) or g.is_gradient for g in returned), 1)


def _without_states(returned: Sequence[ArrayPlace], later: Mapping[str, Any]) -> list[ArrayPlace]:
    """What comes back, without the states with which the function is called the next time. What the pass of one layer
    is called with next may be what that of another has given back."""
    states = [place.array for place in held_arrays(later, [*later])] if "self" not in later else []
    return [g for g in returned if not any(np.array_equal(g.array, state) for state in states)]


def _beside(
    returned: Sequence[ArrayPlace], parameters: Sequence[ReturnedGradient], *, is_both: bool
) -> tuple[str, ...]:
    """What comes back beside the gradients of the parameters, without the cost."""
    met = {p.gradient for p in parameters}
    others = [g for g in returned if g.text not in met and g.text.startswith("out")]
    names = ((g, g.key or g.text.replace("out", "what it returns", 1)) for g in others)
    return tuple(name for g, name in names if g.array.ndim or not (is_both or is_cost(g.key)))


def _returned(gradient: Function, expression: Expression, running: Running) -> list[ArrayPlace]:
    """The gradients that a function gives or leaves on objects."""
    before, own = running.copy(), running.copy()
    result = running.value(own, [expression.text])
    return given_back(result, [gradient.returns, *gradient.returns_before]) or left_on(
        vars(own), vars(before), [*running.call.sources]
    )


def _is_of_the_same(
    cost: CostCall,
    of_gradient: Expression,
    texts: Sequence[str],
    parameters: Sequence[ReturnedGradient],
    running: Running,
) -> bool:
    """Whether cost and gradient are given the same data, one way or the other."""
    values = running.call.values
    reads = {*of_gradient.reads, *re.findall(r"own\.(\w+)(?![\w.(])", " ".join(texts))}
    taken = {id(values[name]) for name in reads}
    known = {id(values[name]) for name in (*cost.reads, *read_in(cost.texts, running))}
    handed = [
        name for name in re.findall(r"own\.(\w+)(?![\w.(])", texts[-1]) if not holds(values[name], parameters)
    ]
    if any(_is_data(values[n]) and not is_rate(n) and id(values[n]) not in known for n in handed):
        return False
    return all(id(values[n]) in taken for n in cost.reads if _is_data(values[n]))


def _is_data(value: Any) -> bool:
    """Whether it makes a difference of its own: sizes, texts and switches do not."""
    return value is not None and not isinstance(value, int | str)
