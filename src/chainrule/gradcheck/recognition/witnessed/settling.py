"""How a gradient is called such that nothing of what was computed with other parameters is left in it."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from chainrule.arrays import Array
from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.function_names import is_update
from chainrule.gradcheck.program.names import is_parameter
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.recognition.layers.places import ArrayPlace
from chainrule.gradcheck.recognition.witnessed import expressions
from chainrule.gradcheck.recognition.witnessed.costs import CostCall, before
from chainrule.gradcheck.recognition.witnessed.returned_gradients import ReturnedGradient, held_arrays
from chainrule.gradcheck.recognition.witnessed.running import Running, moved, same
from chainrule.gradcheck.recognition.witnessed.sample_matrices import matrices_of_samples
from chainrule.gradcheck.recognition.witnessed.steps import kept_before, takes_steps, without_step
from chainrule.gradcheck.recognition.witnessed.witnessed_call import WitnessedCall


def settled(
    gradient: Function,
    cost: CostCall,
    parameters: Sequence[ReturnedGradient],
    running: Running,
    file: Definitions,
) -> list[str] | None:
    """The expressions that give the gradient, such that nothing of what was computed before with other parameters is
    left in it: the call alone; else behind those that the file makes before it; else behind the cost; else the same
    with learning rates of 0."""
    call = running.call
    others = before(running, file, [p.array for p in parameters])
    shown = {place: call.earlier[place].function for place in others}
    names = {place: name.rpartition(".")[2] for place, name in shown.items()}
    calls = [
        place
        for place, name in names.items()
        if name != "__init__" and not is_update(name) and not call.earlier[place].behind
    ]

    def given(text: str) -> str:
        chain = expressions.after(text, others)
        arrays = [p.array for p in parameters]
        is_known = text and all(place in others for place in expressions.places_in(text))
        return text if is_known and not same(running.at(chain), running.at(chain, moved(arrays, 0))) else ""

    expression = expressions.as_called(gradient, call, file, given)
    if expression is None:
        return None
    alone = expressions.after(expression.text, others)
    objects = [
        p
        for p in calls
        if gradient.owner and others[p].text.startswith("own.") and shown[p] != cost.function.shown
    ]
    behind = [f"out{p} := {others[p].text}" for p in objects]
    kept = [text for text in alone[:-1] if text not in behind]
    kept_first = kept_before(parameters)
    ways = [[*kept_first, *way] for way in (alone, [*kept, *behind, alone[-1]], [*cost.texts, *alone])]
    known = held_arrays(call.values, [*call.sources])
    clean = next((texts for texts in ways if _leaves_nothing(texts, cost, parameters, running)), None)
    if clean is None and not kept_first:
        clean = _at_rest(ways, cost, parameters, running)
    # The state of a recurrent net goes on from call to call: nothing else of what was computed before may count.
    stateful = (texts for texts in ways if _counts_states_alone(texts, cost, parameters, known, running))
    return clean or next(stateful, None)


def _at_rest(
    ways: Sequence[Sequence[str]],
    cost: CostCall,
    parameters: Sequence[ReturnedGradient],
    running: Running,
) -> list[str] | None:
    """The first of some ways that takes a step by itself, at a learning rate of 0, where the gradients are the same as
    at the file's own: it makes them before the step, whatever step that is."""
    still = without_step(running)
    for way in ways if still else ():
        texts = [*still, *way]
        if not _leaves_nothing(texts, cost, parameters, running):
            continue
        at = moved([p.array for p in parameters], 1)
        with contextlib.suppress(Exception):
            moving, resting = (_picked(t, parameters, running, running.copy(at)) for t in (way, texts))
            if same(moving, resting):
                return texts
    return None


def _leaves_nothing(
    texts: Sequence[str], cost: CostCall, parameters: Sequence[ReturnedGradient], running: Running
) -> bool:
    """Whether a gradient is the same where cost and gradient have been computed with other parameters before, and
    changes none of them."""
    arrays = [p.array for p in parameters]
    at = moved(arrays, 1)
    try:
        clean = running.copy(at)
        first = _picked(texts, parameters, running, clean)
        if _changes(parameters, at, clean, running):
            return False
        used = running.copy(moved(arrays, 2))
        # A second step may hold something of the first, as with momentum.
        for earlier in (cost.texts, texts[:-1] if takes_steps(parameters) else texts):
            running.value(used, earlier)
        held = [running.value(used, [p.parameter]) for p in parameters]
        # An object that the file makes for each call begins anew: sums of gradients are 0.
        fresh = vars(running.copy())
        values = {**vars(used), **{name: fresh[name] for name in _made_for(running.call, parameters)}}
        again = Running(running.call._replace(values=values), running.namespace)
        second = _picked(
            texts, parameters, again, again.copy(list(zip(held, (new for _, new in at), strict=True)))
        )
    except Exception:
        return False
    return same(first, second)


def _changes(
    parameters: Sequence[ReturnedGradient],
    at: Sequence[tuple[Array, Array]],
    own: SimpleNamespace,
    running: Running,
) -> bool:
    """Whether what has run makes parameters anew, or takes a step that nobody has asked for: it gives no gradient of
    them."""
    return not kept_before(parameters) and not all(
        same(running.value(own, [p.parameter]), new) for p, (_, new) in zip(parameters, at, strict=True)
    )


def _made_for(call: WitnessedCall, parameters: Sequence[ReturnedGradient]) -> list[str]:
    """The names of the objects without parameters that the code which makes a call has made for it."""
    ahead = (each for each in call.earlier if not each.behind)
    made = [each.sources.get("self") for each in ahead if each.function.endswith(".__init__")]
    names = [source.name for source in made if source is not None and source.name in call.values]
    mine = {id(p.array) for p in parameters}
    return [n for n in names if mine.isdisjoint(id(place.array) for place in held_arrays(call.values, [n]))]


def _counts_states_alone(
    texts: Sequence[str],
    cost: CostCall,
    parameters: Sequence[ReturnedGradient],
    known: Sequence[ArrayPlace],
    running: Running,
) -> bool:
    """Whether a cost is another one the second time, or objects are as they were before, and what a gradient depends on
    beside the parameters the cost depends on as well."""
    try:
        at = moved([p.array for p in parameters], 1)
        own = running.copy(at)
        running.value(own, texts)
        if _changes(parameters, at, own, running):
            return False
        own = running.copy(at)
        goes_on = running.value(own, cost.texts) != running.value(own, cost.texts)
        return (goes_on or bool(running.call.since)) and not reads_more(
            cost, texts, parameters, known, running
        )
    except Exception:
        return False


def reads_more(
    cost: CostCall,
    texts: Sequence[str],
    parameters: Sequence[ReturnedGradient],
    held: Sequence[ArrayPlace],
    running: Running,
) -> bool:
    """Whether a gradient depends on an array of which the cost knows nothing: something that was computed of the
    parameters before, elsewhere."""
    own = {id(p.array) for p in parameters}
    sums = [p.gradient.partition(" / ")[0] for p in parameters] + [
        f"own.{name}." for name in _made_for(running.call, parameters)
    ]
    made = matrices_of_samples(running.call.values, cost.reads, [p.array for p in parameters])
    sums += [f"own.{name}[" for name in made]
    at = moved([p.array for p in parameters], 1)
    number, gradients = running.at(cost.texts, at), _picked(texts, parameters, running, running.copy(at))
    others = (p for p in held if not p.text.startswith(tuple(sums)))
    for other in (place.array for place in others if id(place.array) not in own):
        there = [*at, *moved([other], 2)]
        # Where the cost cannot be computed with others, as with other sizes, it depends on them.
        with contextlib.suppress(Exception):
            if running.at(cost.texts, there) == number and not same(
                _picked(texts, parameters, running, running.copy(there)), gradients
            ):
                return True
    return False


def _picked(texts: Sequence[str], parameters: Sequence[ReturnedGradient], running: Running, own: Any) -> Any:
    """The gradients of the parameters."""
    back = ", ".join(p.gradient for p in parameters)
    return running.value(own, [*texts[:-1], f"out := {texts[-1]}", f"[{back}]"])


def changed_beside(texts: Sequence[str], others: Sequence[ArrayPlace], running: Running) -> list[str]:
    """Those of some arrays with which a cost changes, as they are called on their object."""
    number = running.at(texts)
    names = []
    for place in others:
        try:
            is_of_none = running.at(texts, moved([place.array], 1)) == number
        except Exception:
            # With other numbers in it the cost fails: it does depend on it.
            is_of_none = False
        if not is_of_none:
            names.append(place.text.removeprefix("own.").removeprefix("self."))
    return names


def without_gradient(cost: CostCall, candidates: Sequence[ArrayPlace], running: Running) -> list[str]:
    """What else is held by the objects that hold the parameters, under the names of such, and changes a cost."""
    mine = {p.parameter for p in cost.parameters}
    holders = {text.rpartition(".")[0] for text in mine if text.count(".") > 1}

    def is_beside(place: ArrayPlace) -> bool:
        holder, _, name = place.text.rpartition(".")
        return holder in holders and is_parameter(name) and place.text not in mine and not place.is_gradient

    return changed_beside(cost.texts, [place for place in candidates if is_beside(place)], running)
