"""Functions that give a loss and its gradients, of whatever arrays they take, and costs beside functions that give
theirs."""

from __future__ import annotations

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.function_names import is_cost, names_apart
from chainrule.gradcheck.program.names import is_gradient, may_be_gradient
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.recognition.layers.losses import is_gradient_named, is_loss_gradient
from chainrule.gradcheck.recognition.layers.pairs import LayerPair, layers_of, passes_of
from chainrule.gradcheck.recognition.layers.pass_names import named_after
from chainrule.gradcheck.recognition.pairing import named


def losses_with_gradients(file: Definitions) -> list[LayerPair]:
    """The other functions that give a loss and its gradients, of whatever arrays they take: ``loss, dW, db``, ``loss,
    grads``."""
    known = passes_of(layers_of(file))
    functions = (f for f in file.functions if (f.owner, f.name) not in known)
    own = (f for f in functions if not f.imported and f.owner not in file.derived_from)
    return [LayerPair(f, f, f.owner) for f in own if _gives_gradients_with_loss(f)]


def _gives_gradients_with_loss(function: Function) -> bool:
    """Whether a function's first value is called a loss, or nothing, and one of the others, or of what makes them, a
    gradient."""
    taken = [a.name for a in function.arguments]
    loss, *others = function.returns or ("none",)
    made_of = [name for name in function.reads if not is_gradient(name)] if loss and "" in others else []
    given = [*others, *function.returns_inside, *made_of]
    beside = is_cost(loss or function.name)
    made_of = [name for name in made_of if name not in taken]
    named = any(
        is_gradient(name)
        or (beside and may_be_gradient(name))
        or any(is_gradient_named(a, name) for a in taken)
        for name in given
    )
    # The keys of a dictionary may be those of the parameters: ``{"W": dW}``.
    keyed = any(is_gradient_named(key, name) for key in function.returns_inside for name in function.reads)
    return (not loss or is_cost(loss)) and (named or keyed) and bool(taken)


def costs_with_gradients(file: Definitions) -> list[LayerPair]:
    """The costs beside functions that give their gradients when they are called with the same arguments."""
    known = passes_of(layers_of(file))
    gradients = [*named(file, "gradient"), *(f for f in file.functions if is_loss_gradient(f))]
    gradients = list({f.shown: f for f in gradients}.values())
    pairs = []
    for gradient in (g for g in gradients if not g.imported and (g.owner, g.name) not in known):
        taken = {a.name for a in gradient.arguments if a.required}
        beside = [
            cost
            # What takes one array is a function with its derivative.
            for cost in [
                *named(file, "cost"),
                *(named_after(gradient, file.functions) if len(taken) > 1 else ()),
            ]
            if cost.gives and cost != gradient and cost.owner == gradient.owner
            if taken and {a.name for a in cost.arguments if a.required} <= taken
            if taken <= {a.name for a in cost.arguments}
        ]
        nearest = min(beside, key=lambda cost: names_apart(cost.name, gradient.name), default=None)
        alike = [f for f in file.functions if _may_be_cost(f, gradient)] if nearest is None else []
        cost = alike[0] if len(alike) == 1 else nearest
        if cost is not None and gradient.owner not in file.derived_from:
            pairs.append(
                LayerPair(cost, gradient, gradient.owner, takes_the_same=True, is_guessed=nearest is None)
            )
    return pairs


def _may_be_cost(function: Function, gradient: Function) -> bool:
    """Whether a function of any name takes what a gradient takes, and gives one value."""
    taken, same = ([a.name for a in f.arguments if a.required] for f in (function, gradient))
    gives_one = function.gives and not function.returns
    return (
        gives_one
        and function.owner == gradient.owner
        and function != gradient
        and len(taken) > 1
        and taken == same
    )
