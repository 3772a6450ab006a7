"""Which cost belongs to a gradient that the file calls, whose gradients those are, and how both are called."""

from __future__ import annotations

import contextlib
from collections.abc import Container, Iterator, Sequence
from typing import NamedTuple

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.function_names import is_cost, rank
from chainrule.gradcheck.program.leaves import is_own_object
from chainrule.gradcheck.program.names import is_gradient, l2_name, may_be_gradient
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.recognition.layers.places import ArrayPlace
from chainrule.gradcheck.recognition.witnessed import expressions
from chainrule.gradcheck.recognition.witnessed.adapters import Adapters, adapters_of
from chainrule.gradcheck.recognition.witnessed.costs import (
    CostCall,
    costs_of,
    depended_on,
    likeliest_first,
    passes_before,
    shown_costs,
    states_of,
)
from chainrule.gradcheck.recognition.witnessed.expressions import Expression
from chainrule.gradcheck.recognition.witnessed.kept_steps import kept_steps
from chainrule.gradcheck.recognition.witnessed.made_costs import usual_costs_of
from chainrule.gradcheck.recognition.witnessed.other_steps import knows_other_rates
from chainrule.gradcheck.recognition.witnessed.returned_gradients import (
    ReturnedGradient,
    given_back,
    gradients_of,
    handed_twice,
    held_arrays,
    left_on,
    without_states,
)
from chainrule.gradcheck.recognition.witnessed.running import Running
from chainrule.gradcheck.recognition.witnessed.same_data import is_of_the_same
from chainrule.gradcheck.recognition.witnessed.settling import (
    changed_beside,
    reads_more,
    settled,
    without_gradient,
)
from chainrule.gradcheck.recognition.witnessed.steps import (
    TakenSteps,
    kept_before,
    steps_of,
    takes_steps,
)

_NO_COST = "no function is known to give the cost: it is taken to be the {} of what the forward pass gives"

_CUT = "what fails before that call was left out"


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
        may_know_size: whether cost or gradient reads a number that is how many samples the file has.
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
    may_know_size: bool = False
    has_other_rates: bool = False
    forward: str = ""


def pairs_of(gradient: Function, running: Running, file: Definitions) -> Iterator[Pair]:
    """A gradient with each of the costs that may be its own, the likeliest first; those as likely as each other come
    together."""
    call = running.call
    expression = expressions.as_called(gradient, call, file, lambda given: "")
    if expression is None:
        return
    returned = _returned(gradient, expression, running, file)
    twice = handed_twice(call.values, [name for name in call.sources if name != "self"])
    parameters, candidates = _told_apart(returned, running, file, twice) if returned else ([], [])
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


def _told_apart(
    returned: Sequence[ArrayPlace], running: Running, file: Definitions, twice: Container[int]
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
            return parameters, candidates
    # Sums of squared gradients and outputs of units may have the shapes and the names of parameters.
    alike = [c for c in candidates if any(c.array.shape == g.array.shape for g in returned)]
    of_cost = gradients_of(returned, depended_on(alike, running, file), call.later, twice)
    return (of_cost if len(of_cost) > len(parameters) else parameters), candidates


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
        mine = cost.parameters
        texts = settled(gradient, cost, mine, running, file)
        # A cost that is made up is that of what it agrees with.
        is_same = cost in usual or is_of_the_same(cost, expression, texts or [""], mine, running)
        if texts is None or not is_same:
            continue
        states = states_of(cost, candidates, running)
        # Whether the file begins with anything but 0 is not known where it is seen to do so but once.
        begun_once = bool(states) and not running.call.later
        doubtful = (
            any(p.is_doubtful for p in mine)
            or cost.ignores
            or cost in (*shown, *usual)
            or running.call.is_cut
            or running.draws_apart(cost.texts, texts)
            or reads_more(cost, texts, mine, candidates, running)
        )
        is_both = cost.function == gradient or bool(kept_before(mine))
        beside = (
            *_beside(returned, parameters, is_both=is_both),
            *(_left_by(cost, gradient, expression, file) if cost in usual else ()),
            *(f"the step of {name}" for name in changed_beside(cost.texts, others, running)),
            *(f"the gradient of {name}" for name in without_gradient(cost, candidates, running)),
        )
        note = _CUT if running.call.is_cut else ""
        note = _NO_COST.format(cost.function.name) if cost in usual else note
        known = file.used([gradient, cost.function])
        of_cost = file.used([cost.function])
        has_other_rates = takes_steps(mine) and knows_other_rates(file.used([gradient]), of_cost)
        for drawn in (states, []) if begun_once else (states,):
            adapters, of_few, size = adapters_of(cost, texts, mine, drawn, running)
            yield Pair(
                gradient,
                cost.function,
                running.call.place,
                running.call.begun,
                adapters,
                is_told=cost.is_named and all(p.is_told for p in mine),
                is_doubtful=doubtful or (begun_once and bool(drawn)),
                beside=(*beside, *(f"{name} that is not 0" for name in states if not drawn)),
                note=note,
                parameters=len(mine),
                of_few=of_few,
                may_know_size=_knows(size, known, running),
                has_other_rates=has_other_rates,
            )


def _knows(size: int, functions: Sequence[Function], running: Running) -> bool:
    """Whether some functions read a number, wherever it stands: in their code, in the module or on an object."""
    names = {name for f in functions for own in f.fields.values() for name in own}
    names |= {name for f in functions for name in (*f.reads, *f.attributes.reads)}
    held = [value for value in running.call.values.values() if is_own_object(value)]
    known = [*map(vars, held), running.call.values, dict(running.namespace)]
    written = any(size in f.numbers for f in functions)
    return written or any(type(each.get(n)) is int and each[n] == size for each in known for n in names)


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


def _beside(
    returned: Sequence[ArrayPlace], parameters: Sequence[ReturnedGradient], *, is_both: bool
) -> tuple[str, ...]:
    """What comes back beside the gradients of the parameters, without the cost."""
    met = {p.gradient for p in parameters}
    others = [g for g in returned if g.text not in met and g.text.startswith("out")]
    if any(is_gradient(g.key) for g in returned):
        # Beside gradients that are called so, what has another name is none: the state after the last step.
        others = [g for g in others if not g.key or may_be_gradient(g.key) or not g.array.ndim]
    names = ((g, g.key or g.text.replace("out", "what it returns", 1)) for g in others)
    return tuple(name for g, name in names if g.array.ndim or not (is_both or is_cost(g.key)))


def _returned(
    gradient: Function, expression: Expression, running: Running, file: Definitions
) -> list[ArrayPlace]:
    """The gradients that a function gives or leaves on objects."""
    before, own = running.copy(), running.copy()
    names = [*running.call.sources]
    held = held_arrays(vars(own), names)
    others = expressions.earlier_calls(running.call, file)
    passes = passes_before(gradient, others, running) if running.call.since else []
    result = running.value(own, [*passes, expression.text])
    given = without_states(
        given_back(result, gradient), before=vars(before), held=held, later=running.call.later
    )
    left = left_on(vars(own), vars(before), names)
    left = kept_steps(left, held_arrays(vars(before), names), [*passes, expression.text], running)
    # What comes back beside gradients that stay on the object are the cost and the state after the last step.
    stays = any(g.is_gradient for g in left) and not any(may_be_gradient(g.key) for g in given)
    return left if stays or not given else given
