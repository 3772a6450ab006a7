"""What functions of a file are by their names and what they take, and which of them may belong together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.function_names import (
    FunctionKind,
    is_cost,
    is_gradient_update,
    is_usual,
    rank,
    says_both,
)
from chainrule.gradcheck.program.names import is_gradient, is_rate, l2_name, meaning
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.recognition import objects
from chainrule.gradcheck.recognition.held_settings import settings_read

_MOST_OF_A_KIND = 12


def takes_labels(function: Function) -> bool:
    """Whether a function asks for labels."""
    return any(meaning(a.name).role == "labels" for a in function.arguments if a.required)


def knows_labels(file: Definitions, cost: Function) -> bool:
    """Whether a function may be a cost by what it takes: not ``softmax(scores)``."""
    labels = any(meaning(name).role == "labels" for name in file.asks_for(cost))
    return bool(cost.owner or cost.pairs or labels)


def _called_costs(returned: Sequence[str]) -> list[str]:
    return list(filter(is_cost, returned))


def gives_both(
    function: Function, called: Callable[[Sequence[str]], Sequence[object]] = _called_costs
) -> bool:
    """Whether a function gives a gradient beside what it, or the function itself, says to be the cost.

    Args:
        function: the function.
        called: which of the names of what it gives are called costs.
    """
    names_cost = bool(called(function.returns)) or (says_both(function.name) and "" in function.returns)
    trains = any(is_rate(argument.name) for argument in function.arguments)
    inside = function.returns_inside if "" in function.returns else ()
    return names_cost and any(map(is_gradient, (*function.returns, *inside))) and not trains


def lacks_l2(file: Definitions, cost: Function, gradient: Function) -> bool:
    """Whether the gradient takes l2, and the cost neither takes nor reads any."""
    takes = (
        l2_name([*(argument.name for argument in gradient.arguments), *settings_read(file, gradient)])
        is not None
    )
    return takes and l2_name(names_known(file, cost)) is None


def averaged_in(file: Definitions, gradient: Function) -> list[Function]:
    """The functions that divide all that a gradient gives by a number of samples, and add a penalty."""
    return [f for f in file.functions if gradient.name in f.averaged and f != gradient]


def names_known(file: Definitions, function: Function) -> list[str]:
    """What a function takes, and what it, or what it uses, reads."""
    asked = [argument.name for argument in function.arguments] + objects.attributes_read(file, [function])
    read = (name for used in file.used([function]) for name in used.uses if file.named(name) is None)
    return [*asked, *settings_read(file, function), *read]


def beside(file: Definitions, cost: Function, others: Sequence[Function]) -> list[Function]:
    """Those of the same class, functions of the same file, and methods of an object whose forward pass gives what a
    function takes: ``loss(net.forward(X), y)``."""
    owners = {cost.owner, *(forward.owner for forward in passes_for(file, cost))}
    return [
        f
        for f in others
        if f != cost and (f.owner in owners or (not f.owner and f.imported <= cost.imported))
    ]


def of_nets_without_cost(file: Definitions, cost: Function, gradients: Sequence[Function]) -> list[Function]:
    """Of some gradients the methods that take labels in a class with a forward pass and no cost, beside another
    gradient of a cost of outputs: it may be that of what this pass gives as well, however the file calls it."""
    known = beside(file, cost, gradients)
    if cost.owner or not known:
        return []
    owners = {f.owner for f in named(file, "forward")} - {f.owner for f in by_kind(file, "cost")}
    return [f for f in gradients if f.owner in owners and f not in known and takes_labels(f)]


def without_cost(file: Definitions, known: Collection[str]) -> list[Function]:
    """The methods that take labels and go back through a class which has a forward pass and no cost, those that are not
    ``known`` by how they are shown: of which cost they are the gradients nothing says."""
    owners = {f.owner for f in named(file, "forward")} - {f.owner for f in by_kind(file, "cost")} - {""}
    gradients = (f for f in named(file, "gradient") if f.owner in owners and not f.imported)
    return [f for f in gradients if takes_labels(f) and f.shown not in known]


def passes_for(file: Definitions, cost: Function) -> list[Function]:
    """The forward passes of objects without a cost of their own of which a function is given what they give; of several
    classes those that hold others, as nets do their layers."""
    handed = [h for a in cost.arguments for h in file.handed.get((cost.name, a.name), ()) if not cost.owner]
    given = {h.function for h in handed}
    passes = [f for f in named(file, "forward") if f.owner and f.name in given]
    owners = {f.owner for f in passes}
    whole = {owner for owner in owners if owners & {*file.constructors[owner].uses} or len(owners) == 1}
    whole = {h.owner for h in handed if h.owner} or whole
    whole -= {other.owner for other in by_kind(file, "cost")}
    return [f for f in passes if f.owner in whole]


def named(file: Definitions, kind: FunctionKind) -> list[Function]:
    """The functions of this kind, the most usual names first.

    A gradient that is one of differences is the file's numeric one, whatever it is called, where another of a usual
    name is derived.
    """
    if kind not in ("gradient", "numeric"):
        return by_kind(file, kind)
    gradients = [*by_kind(file, "gradient"), *_brought_up_to_date(file)]
    stepping = [f for f in gradients if _takes_a_step(file, f)]
    derived = [f for f in gradients if f not in stepping]
    if not any(is_usual(f.name, "gradient") for f in derived):
        stepping, derived = [], gradients
    return derived if kind == "gradient" else [*by_kind(file, kind), *stepping]


def _brought_up_to_date(file: Definitions) -> list[Function]:
    """The functions called ``update_gradients``, of which a step may be called so too, that make gradients."""
    called = (f for f in file.functions if is_gradient_update(f.name) and rank(f.name, "numeric") is None)
    return [
        f
        for f in called
        if any(map(is_gradient, (*f.returns, f.returned, *f.attributes.sets, *f.attributes.changes)))
    ]


def _takes_a_step(file: Definitions, gradient: Function) -> bool:
    """Whether a gradient is given the step of differences and calls a cost, or holds two costs of each round of a loop
    against each other."""
    costs = {cost.name for cost in by_kind(file, "cost")}
    given = [*(argument.name for argument in gradient.arguments), *gradient.attributes.reads]
    steps = any(meaning(name).role == "step" for name in given)
    giving = costs | {f.name for f in file.functions if any(map(is_cost, f.returns))}
    calls = not costs.isdisjoint((*gradient.uses, *gradient.attributes.reads))
    return (steps and calls) or not giving.isdisjoint(gradient.subtracted)


def by_kind(file: Definitions, kind: FunctionKind) -> list[Function]:
    """Those whose names say it."""
    ranked = [(rank(f.name, kind), f) for f in file.functions if not f.is_property]
    usable = [(place, function) for place, function in ranked if place is not None]
    return [function for _, function in sorted(usable, key=lambda pair: pair[0])][:_MOST_OF_A_KIND]
