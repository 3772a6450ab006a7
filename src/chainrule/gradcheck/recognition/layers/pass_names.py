"""Which functions are passes of a layer, by their names and by what they take."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.function_names import is_cost, is_update, names_apart, rank
from chainrule.gradcheck.program.languages import in_english
from chainrule.gradcheck.program.names import (
    is_gradient,
    is_rate,
    l2_name,
    may_be_gradient,
    meaning,
    parameter_names,
    plain_name,
    rate_name,
)
from chainrule.gradcheck.program.signatures import Argument, Function
from chainrule.gradcheck.recognition.layers.losses import TAKEN_BY_LOSS, has_own_words, says_forward
from chainrule.gradcheck.recognition.pairing import takes_labels

_BACKWARD = re.compile(r"back_?(ward|prop|pass|forward)|bprop|bwd|(^|_)bw(_|$)", re.IGNORECASE)
_GRADIENT_OF = re.compile(
    r"(?P<before>\w+)_(grad(ient)?s?|vjp|pullback|adjoint|back|deriv(ative)?|prime)|(d|grad|back)_(?P<after>\w+)"
)
_VARIANT = re.compile(r"_?(alt|alternative|naive|fast|vectori[sz]ed|loops?|simple)$", re.IGNORECASE)
_GRADIENTS = re.compile("grad", re.IGNORECASE)
_TRAINING = re.compile(r"_?train(ing)?$", re.IGNORECASE)
_OF_GRADIENT = re.compile("d|g$|grad|up")
_DERIVED = re.compile(r"d_?[a-z]\w?|d_\w+|g|grad\w*|up\w*")
_UPSTREAM = re.compile(
    r"d[a-z]?(out|a|z|y|h|s|l|values?)\w*|(?-i:D)_\w+|\w*(grad|delta|error|upstream|diff)\w*|g|d",
    re.IGNORECASE,
)


def backward_passes(own: list[Function]) -> list[Function]:
    """The functions of a class, or of none, that are backward passes by their names, or as they belong to one of the
    others; where a class has none such, the gradient that takes an upstream one and nothing else, or makes something of
    one array and of what the forward pass has left."""
    named = [f for f in own if says_backward(f.name) or _is_gradient_of_one(f, own)]
    others = [f for f in own if f.owner and f.gives and rank(f.name, "gradient") is not None]
    of_one = [(f, a) for f in others for a in [a for a in f.arguments if a.required][:1] if _takes_one(f)]
    if named and all(map(only_steps, named)):
        # What is called backward takes the step: no other is left for what the gradient is given.
        return [f for f, _ in of_one] or named
    named = named or [f for f, argument in of_one if is_upstream(argument.name)]
    return named or [f for f in own if _GRADIENTS.search(f.name) and _goes_back(f, own)]


def _goes_back(function: Function, own: list[Function]) -> bool:
    """Whether a method makes something of one array that is no data, and of what the forward pass of its class leaves
    on the object."""
    left = {name for f in own if says_forward(f.name) for name in f.attributes.sets}
    data = any(meaning(a.name).role in ("inputs", "labels") for a in function.arguments if a.required)
    uses = not left.isdisjoint(function.attributes.reads)
    return bool(function.owner) and function.gives and _takes_one(function) and uses and not data


def only_steps(function: Function) -> bool:
    """Whether a method of a class takes a rate, and nothing but what belongs to a step beside it."""
    given = [a.name for a in function.arguments]
    steps = [is_rate_of(function, a) or meaning(a.name).role == "l2" for a in function.arguments]
    return bool(function.owner) and rate_name(given) is not None and all(steps)


def _takes_one(function: Function) -> bool:
    return len([a for a in function.arguments if a.required]) == 1


def says_backward(name: str) -> bool:
    return _BACKWARD.search(in_english(name)) is not None


def is_backward(function: Function) -> bool:
    """Whether a function is a backward pass that can only be a layer's."""
    names = [a.name for a in function.arguments if a.required]
    rates = [a for a in function.arguments if a.required and is_rate_of(function, a)]
    of_a_net = takes_labels(function) or bool(rates) or l2_name(names) is not None
    return says_backward(function.name) and not of_a_net


def is_upstream(name: str) -> bool:
    """Whether an argument of this name is dJ/dout: ``dout``, ``dA``, ``output_gradient``, ``delta``."""
    return bool(_UPSTREAM.fullmatch(name)) or is_gradient(name)


def is_rate_of(function: Function, argument: Argument) -> bool:
    """Whether an argument is a learning rate by its name, and no array: nothing of it is looked at, as ``eta.shape``
    is. What is called ``rate`` or ``alpha`` is one where the function takes steps."""
    # The one array that a gradient is made of may be called eta.
    is_array = _takes_one(function) and argument.required and rank(function.name, "gradient") is not None
    named = is_rate(argument.name)
    if function.attributes.stepped and not named:
        named = rate_name([a.name for a in function.arguments]) == argument.name
    return named and not (is_array or function.fields.get(argument.name))


def is_of_layer(forward: Function, backward: Function) -> bool:
    """Whether two passes are those of a layer: a backward pass that takes labels, l2 or a rate beside other things than
    dJ/dout is a net's."""
    required = [a.name for a in backward.arguments if a.required]
    rates = [a for a in backward.arguments if a.required and is_rate_of(backward, a)]
    if takes_labels(backward) and not takes_labels(forward):
        # The cache of tanh may be called t.
        return len(required) == TAKEN_BY_LOSS and is_upstream(required[0]) and not backward.owner
    if rates or l2_name(required) is not None:
        others = [name for name in required if name not in [a.name for a in rates]]
        alone = len(others) == 1 and _DERIVED.fullmatch(others[0]) is not None
        return (alone or any(map(is_upstream, required))) and bool(backward.owner)
    return True


def forwards_of(backward: Function, functions: list[Function]) -> list[Function]:
    """The forward passes of the same name but for words that say its direction; in a class the nearest, and that for
    training."""
    others = [
        f
        for f in functions
        if (f.gives or f.attributes.sets)
        and f.arguments
        and not says_backward(f.name)
        and f.name != "__init__"
    ]
    if named := named_after(backward, others):
        return named
    if backward.owner:
        forwards = [f for f in others if says_forward(f.name)]
        wanted = re.sub("back_?(ward|prop)", "forward", backward.name)
        if not forwards and not [a for a in backward.arguments if a.required]:
            return [f for f in others if is_cost(f.name) and f.gives][:1]
        nearest = min(
            forwards, key=lambda f: (f.name != wanted, names_apart(f.name, backward.name)), default=None
        )
        training = [f for f in forwards if _TRAINING.sub("", f.name) == wanted != f.name]
        return [*([nearest] if nearest is not None else []), *training]
    if _GRADIENT_OF.fullmatch(backward.name):
        return []
    for name in (backward.name, _VARIANT.sub("", backward.name)):
        same = [f for f in others if names_apart(f.name, name) == 0]
        forwards = [f for f in same if says_forward(f.name)] or (same if has_own_words(name) else [])
        if forwards:
            return forwards[:1]
    return []


def _is_gradient_of_one(function: Function, functions: list[Function]) -> bool:
    """Whether a function is the backward pass of another by its name, ``gelu_grad`` of ``gelu``, and takes an upstream
    gradient; labels only where the other takes them too, as then it may be called otherwise."""
    arguments = [a.name for a in function.arguments if a.required]
    forward = named_after(function, functions)
    if not (forward and arguments and _OF_GRADIENT.match(arguments[0])):
        return False
    return not takes_labels(function) or {a.name for a in forward[0].arguments} <= {*arguments}


def takes_apart(backward: Function, forward: Function) -> bool:
    """Whether a function takes what another one puts together beside what it computes, and a gradient besides, so that
    it can only be its backward pass, whatever the two are called; nothing besides where that is a cost."""
    parts = {name for name, held in backward.taken_apart.items() if len(held) > 1}
    kept = any(backward.taken_apart[name] in forward.put_together for name in parts)
    others = [a.name for a in backward.arguments if a.required and a.name not in parts]
    of_cost = not others and any(map(is_cost, (*forward.returns[:1], forward.name)))
    return kept and backward != forward and backward.gives and (of_cost or any(map(may_be_gradient, others)))


def is_part_of_another(function: Function, file: Definitions) -> bool:
    """Whether another function calls it that does not train: what that one gives is looked at, or nothing."""
    callers = [f for f in file.functions if function.name in (*f.uses, *f.attributes.reads)]
    return any(f.name != function.name and not is_update(f.name) for f in callers)


def named_after(gradient: Function, functions: Sequence[Function]) -> list[Function]:
    """The function whose gradient one is by its name; none where there is none such."""
    named = _GRADIENT_OF.fullmatch(gradient.name)
    forward = named and (named["before"] or named["after"])
    return [f for f in functions if f.name == forward and f.gives and f != gradient][:1]


def leaving_outputs(forward: Function, backward: Function) -> Function:
    """A forward pass that gives nothing, with what it leaves on its object as what it gives, where the backward pass is
    handed the upstream gradients of several values there by their names: ``dh_next`` and ``dc_next``."""
    if forward.gives:
        return forward
    left = {plain_name(name): name for name in forward.attributes.sets}
    asked = [a.name for a in backward.arguments if a.required and plain_name(a.name) not in left]
    names = [left[plain] for name in asked for plain in sorted(parameter_names(name)) if plain in left]
    return forward._replace(returns=tuple(names)) if len(names) == len({*names}) > 1 else forward
