"""Which functions of a file may be its cost and its gradient: by their names, and by what they give."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.function_names import (
    are_of_other_losses,
    costs_among,
    is_cost,
    is_usual,
    names_apart,
    words_shared,
)
from chainrule.gradcheck.program.names import PARAMETER_ROLES, is_gradient, l2_name, meaning, rate_name
from chainrule.gradcheck.program.recurrent import is_vague_state
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.program.training_loops import is_kept_cost, loop_line
from chainrule.gradcheck.recognition import objects
from chainrule.gradcheck.recognition.adapter_functions import Functions
from chainrule.gradcheck.recognition.forward_passes import are_of_other_passes
from chainrule.gradcheck.recognition.pairing import (
    averaged_in,
    beside,
    gives_both,
    knows_labels,
    lacks_l2,
    named,
    names_known,
    of_nets_without_cost,
    passes_for,
    takes_labels,
)
from chainrule.gradcheck.recognition.penalties import (
    NO_PENALTY,
    OF_ONE_SAMPLE,
    OF_THE_SUM,
    PENALTIES,
)
from chainrule.gradcheck.recognition.unnamed_data import data_told, renamed
from chainrule.gradcheck.recognition.usual_costs import usual_costs

_LEAST_OF_COST = 3
"""How many arguments a cost has whose name does not say that it is one: parameters, inputs, labels."""


def by_gradient(file: Definitions) -> list[list[Functions]]:
    """The choices of a file, those of each gradient together.

    A gradient comes before those that it calls, as these are parts of it. An update, or a function that gives cost and
    gradient, comes after those that it calls, as it trains with them. That of a single sample comes last: an update
    that adds up several says more.
    """
    groups: dict[tuple[str, bool, bool], list[Functions]] = {}
    for functions in (functions for functions in choices(file) if _is_of_cost(file, functions)):
        of_one = functions.penalty == OF_ONE_SAMPLE
        groups.setdefault((functions.shown, functions.by_update, of_one), []).append(functions)
    gradients = {functions.shown for functions, *_ in groups.values()}

    def place(group: list[Functions]) -> tuple[bool, bool, int]:
        first = group[0]
        of_one = first.penalty == OF_ONE_SAMPLE
        calls = len(gradients & {f.shown for f in file.used([first.gradient or first.cost])})
        return of_one, first.by_update, calls if first.by_update or not first.gradient else -calls

    return sorted(groups.values(), key=place)


def _is_of_cost(file: Definitions, functions: Functions) -> bool:
    """Whether a gradient may be that of a cost: it knows of parameters or labels, as the derivative of an activation
    does not, and it gives something, as a method that others are to replace does not."""
    gradient = functions.gradient
    if gradient is None or functions.by_update:
        return True
    if gradient.owner and (_hands_over(gradient) or not (gradient.gives or _leaves_something(gradient))):
        return False
    roles = {meaning(name).role for name in file.asks_for(gradient)}
    known = {*PARAMETER_ROLES, "bundle", "labels"}
    return bool(gradient.owner or roles & known)


def _hands_over(method: Function) -> bool:
    """Whether a method makes no gradients: it gives those that its object holds, or keeps those that it is given."""
    own, arguments = method.attributes, {a.name for a in method.arguments}
    gives = method.gives and not arguments and bool(own.reads) and all(map(is_gradient, own.reads))
    made_of_given = not (own.reads or own.changes or method.gives) and {*method.uses} <= arguments
    takes = made_of_given and method.name.startswith("set_") and all(map(is_gradient, own.sets))
    return gives or takes


def _leaves_something(method: Function) -> bool:
    """Whether a method leaves anything on its object, or on one that this holds: more than new parameters."""
    left = {*method.attributes.sets, *method.attributes.changes}
    return any(method.attributes) and not (left and all(meaning(n).role in PARAMETER_ROLES for n in left))


def choices(file: Definitions) -> Iterator[Functions]:
    """The functions that may belong together, the likely first, with names for their data."""
    for functions in _by_name(file):
        called = [f for f in (functions.cost, functions.gradient) if f is not None]
        gradient = functions.gradient
        apart = functions.is_guessed or (
            gradient is not None and are_of_other_passes(functions.cost, gradient, file)
        )
        yield from (_with_names(functions._replace(is_guessed=apart), new) for new in data_told(file, called))


def _with_names(functions: Functions, new: Mapping[str, str]) -> Functions:
    """The same whose arguments have other names."""
    if not new:
        return functions
    gradient, forward, numeric = (f and renamed(f, new) for f in functions[1:4])
    cost = renamed(functions.cost, new)
    return functions._replace(cost=cost, gradient=gradient, forward=forward, numeric=numeric)


def _by_name(file: Definitions) -> Iterator[Functions]:
    """Costs and gradients of usual names, with forward passes, all of one class or of none.

    Where a gradient takes l2, costs that take it come first: a loss beside them lacks the penalty.
    """
    costs, gradients = _costs(file), named(file, "gradient")
    pairs = [
        (cost, gradient)
        for cost in costs
        for gradient in (*beside(file, cost, gradients), *of_nets_without_cost(file, cost, gradients))
        # What gives its own gradient is not the cost of another that does.
        if not (gives_both(cost) and gives_both(gradient))
        and not are_of_other_losses(cost.name, gradient.name)
    ]
    pairs.sort(key=lambda pair: (lacks_l2(file, *pair), *_unlike(pair[0].name, pair[1].name)))
    alone = [(cost, None) for cost in _giving_both(file, costs, gradients)]
    for cost, gradient in sorted([*pairs, *alone], key=lambda pair: (pair[1] or pair[0]).imported):
        numerics = sorted(
            _numerics(file, cost, costs), key=lambda f: names_apart(f.name, (gradient or cost).name)
        )
        for penalty, forward in itertools.product(
            _penalties(file, cost, gradient), _forwards(file, cost, gradient)
        ):
            # That a method is the gradient of a function of which the file says nothing is a guess.
            guessed = gradient is not None and gradient in of_nets_without_cost(file, cost, gradients)
            if numerics and not penalty:
                yield Functions(cost, gradient, forward, numerics[0], is_guessed=guessed)
            yield Functions(cost, gradient, forward, penalty=penalty, is_guessed=guessed)
    for cost in (cost for cost in costs if cost.owner or len(file.asks_for(cost)) > 1):
        for reading in [cost, *passes_for(file, cost)]:
            for update in (f for f in objects.updates(file, reading) if not _of_other_loops(cost, f)):
                for penalty, forward in itertools.product(
                    _penalties_of_step(file, cost, update), _forwards(file, cost, update)
                ):
                    guessed = is_kept_cost(cost.name)
                    yield Functions(
                        cost, update, forward, by_update=True, penalty=penalty, is_guessed=guessed
                    )
    if not costs:
        yield from _told_by_use(file)
    same = [c for c, gradient in [*pairs, *alone] if gradient is None or gradient.owner in (c.owner, "")]
    if not any(is_usual(cost.name, "cost") and knows_labels(file, cost) for cost in same):
        yield from _with_usual_costs(file, gradients)


def _unlike(cost: str, gradient: str) -> tuple[int, int]:
    """How unlike two functions' names are: of two costs with words of their own the one that shares some with a
    gradient is the likelier."""
    apart = names_apart(cost, gradient)
    return apart, -words_shared(cost, gradient) if apart else 0


def _of_other_loops(cost: Function, update: Function) -> bool:
    """Whether a cost, or a forward pass, and a step are those of two training loops."""
    lines = loop_line(cost.name), loop_line(update.name)
    return None not in lines and lines[0] != lines[1]


def _penalties(file: Definitions, cost: Function, gradient: Function | None) -> tuple[str, ...]:
    """What may have to be done about the penalty, so that cost and gradient have the same."""
    if gradient is not None and lacks_l2(file, cost, gradient):
        return (*PENALTIES, NO_PENALTY)
    if gradient is None:
        return ("",)
    if cost.pairs and not gradient.pairs:
        return ("", OF_ONE_SAMPLE)
    # Where it is not that of the sum, that says nothing.
    return (OF_THE_SUM, "") if _is_averaged_elsewhere(file, cost, gradient) else ("",)


def _is_averaged_elsewhere(file: Definitions, cost: Function, gradient: Function) -> bool:
    """Whether a gradient knows neither a penalty nor a number of samples, and what calls it adds both."""
    l2 = l2_name(names_known(file, cost))
    takes = l2_name(argument.name for argument in gradient.arguments) is not None
    if l2 is None or takes or gradient.averages or l2 in names_known(file, gradient):
        return False
    return bool(averaged_in(file, gradient))


def _penalties_of_step(file: Definitions, cost: Function, update: Function) -> tuple[str, ...]:
    """The same for a step: it, or what makes the gradients that it is given, may take an l2 that the cost does not
    know."""
    given = (h.function for a in update.arguments for h in file.handed.get((update.name, a.name), ()))
    makers = (maker for name in given if (maker := file.named(name, update.owner)) is not None)
    taken = [a.name for a in update.arguments]
    # What may be called l2 elsewhere is the rate of a step: ``alpha``.
    own = [update] if l2_name(taken) != rate_name(taken) else []
    lacking = any(lacks_l2(file, cost, taking) for taking in (*own, *makers))
    return (*PENALTIES, NO_PENALTY) if lacking else ("",)


def _costs(file: Definitions) -> list[Function]:
    """The functions that are called costs, and the forward passes that give one: by its name, or as they take labels
    and give one value; where there are none, those that take labels and give ``l`` beside other values."""
    called = [f for f in named(file, "cost") if f.name.strip("_").lower() != "softmax" or _is_loss(file, f)]
    passes = named(file, "forward")
    told = [
        f for f in passes if any(map(is_cost, f.returns)) or (not f.returns and f.gives and takes_labels(f))
    ]
    # It may be the loss without its penalty.
    return [*called, *told] or [f for f in passes if takes_labels(f) and costs_among(f.returns)]


def _is_loss(file: Definitions, function: Function) -> bool:
    """Whether what is called softmax may be the loss: it takes more than scores, and knows labels."""
    return len(function.arguments) > 1 and knows_labels(file, function)


def _told_by_use(file: Definitions) -> Iterator[Functions]:
    """Functions that take a step from their arguments, beside those that may give the cost that goes down: one value of
    the same parameters, inputs and labels, under the same names.

    That they belong together is a guess, unless the file gives both the same parameters.
    """
    for update in (f for f in file.functions if f.stepped):
        names = {a.name for a in update.arguments}
        for cost in (f for f in file.functions if f.gives and not f.returns and f != update):
            taken = [a.name for a in cost.arguments if a.required]
            if len(taken) >= _LEAST_OF_COST and names >= {*taken} >= {*update.stepped}:
                guessed = not any(_given_the_same(file, cost, update, name) for name in update.stepped)
                yield Functions(cost, update, by_update=True, is_guessed=guessed)


def _given_the_same(file: Definitions, first: Function, second: Function, name: str) -> bool:
    here, there = (file.handed.get((f.name, name), ()) for f in (first, second))
    return not {*here}.isdisjoint(there)


def _forwards(file: Definitions, cost: Function, gradient: Function | None) -> list[Function | None]:
    """None, and the forward passes beside a cost: those first whose names are like the gradient's."""
    owners = {cost.owner, gradient.owner if gradient else "", ""}
    others = [f for f in named(file, "forward") if f not in (cost, gradient) and f.owner in owners]
    return [None, *sorted(others, key=lambda f: names_apart(f.name, (gradient or cost).name))]


def _with_usual_costs(file: Definitions, gradients: Sequence[Function]) -> Iterator[Functions]:
    """Gradients of a file without a cost, beside costs made of its forward pass."""
    pairs = [
        (f, gradient, False) for gradient in gradients for f in beside(file, gradient, named(file, "forward"))
    ]
    pairs += [
        (f, update, True)
        for f in named(file, "forward")
        for update in objects.updates(file, f)
        if not _of_other_loops(f, update)
    ]
    for forward, gradient, by_update in pairs:
        for cost in usual_costs():
            yield Functions(forward, gradient, usual_cost=cost, by_update=by_update)


def _giving_both(
    file: Definitions, costs: Sequence[Function], gradients: Sequence[Function]
) -> list[Function]:
    """Functions that may give cost and gradient at once: by the names of what they give, else by their own."""
    both = [f for f in file.functions if gives_both(f)]
    if not [*both, *costs]:
        # What is called l may be the loss without its penalty.
        both = [f for f in file.functions if gives_both(f, called=costs_among)]
    others = [f for f in costs if len(f.returns) > 1 and f not in both and not beside(file, f, gradients)]
    return [*both, *others]


def _numerics(file: Definitions, cost: Function, costs: Sequence[Function]) -> list[Function]:
    """The numeric gradients of a cost: those that call it, or none of the others."""
    others = {other.name for other in costs} - {cost.name}
    called = [(f, {*f.uses, *f.attributes.reads}) for f in beside(file, cost, named(file, "numeric"))]
    # The state that a numeric gradient makes for itself is not the one that the cost is given.
    states = not any(map(_takes_state, file.functions))
    return [
        f
        for f, names in called
        if (cost.name in names or others.isdisjoint(names)) and (states or _takes_state(f))
        if not objects.begins_state_anew(file, f)
    ]


def _takes_state(function: Function) -> bool:
    names = [a.name for a in function.arguments if a.required]
    return any(meaning(name).role == "state" and not is_vague_state(name) for name in names)
