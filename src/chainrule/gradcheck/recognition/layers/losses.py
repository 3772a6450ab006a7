"""Whether functions are a loss and its derivative, or both in one, by their names and what they take."""

from __future__ import annotations

import re

from chainrule.gradcheck.program.function_names import is_check, is_cost, names_apart
from chainrule.gradcheck.program.languages import in_english
from chainrule.gradcheck.program.names import is_gradient, meaning, parameter_names, plain_name
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.recognition.layers.kinds import COUNTING, kind_of
from chainrule.gradcheck.recognition.pairing import takes_labels

_FORWARD = re.compile(r"forw(ard|_|$)|fprop|fwd|(^|_)fw(_|$)|^__call__$", re.IGNORECASE)
_LOSS = re.compile(
    r"_*(calc(ulate)?|comp(ute)?|fn|f|func(tion)?|value|eval(uate)?|call|error|get)_*|__call__", re.IGNORECASE
)
_LOSS_GRADIENT = re.compile(
    r"(\w*_)?(prime|deriv(ative)?|grad(ient)?s?|delta)_*|d_?(loss|cost|f)", re.IGNORECASE
)
_GRADIENT_FIRST = re.compile(r"(d|grad(ient)?|deriv(ative)?)_\w+", re.IGNORECASE)
_DERIVED = re.compile(r"prime|deriv(ative)?|delta|^d_", re.IGNORECASE)

TAKEN_BY_LOSS = 2
"""A loss takes outputs and labels."""


def is_loss_of(loss: Function, gradient: Function) -> bool:
    """Whether two functions are a loss of outputs and labels and its derivative: ``MSE.loss`` and ``MSE.gradient``,
    ``mse`` and ``mse_prime``; or a loss and what gives its gradients once it has run. Indices are no outputs."""
    taken, others = ([a.name for a in f.arguments if a.required] for f in (loss, gradient))
    if loss.owner and loss != gradient and loss.gives and taken and not others:
        return is_cost(loss.name) or (takes_labels(loss) and _LOSS.fullmatch(loss.name) is not None)
    if loss == gradient or not loss.gives or len(taken) != TAKEN_BY_LOSS or sorted(taken) != sorted(others):
        return False
    if "indices" in map(kind_of, taken):
        return False
    named = is_cost(loss.name) or (bool(loss.owner) and says_forward(loss.name))
    of_class = bool(loss.owner) and (named or _LOSS.fullmatch(loss.name) is not None)
    of_name = gradient.name.removeprefix("d_").startswith(loss.name) or _is_named_alike(loss, gradient)
    return takes_labels(loss) and (of_class or of_name)


def is_loss_gradient(function: Function) -> bool:
    """Whether a function is the derivative of a loss by its name; in a class ``gradient_descent`` may be anything."""
    if is_check(function.name):
        return False
    name = in_english(function.name)
    first = None if function.owner else _GRADIENT_FIRST.fullmatch(name)
    return (_LOSS_GRADIENT.fullmatch(name) or first) is not None


def _is_named_alike(loss: Function, gradient: Function) -> bool:
    """Whether both names say of which loss they are, and of the same, ``mse_loss`` and ``mse_grad``; or that they are
    the loss and its derivative: ``loss_function`` and ``loss_derivative``."""
    differentiated = _DERIVED.sub("", gradient.name)
    says_which = has_own_words(loss.name) or is_cost(differentiated.strip("_"))
    return says_which and names_apart(loss.name, differentiated) == 0


def gives_loss_and_gradient(function: Function) -> bool:
    """Whether a function of scores and labels, and of a mask or weights at most, gives the loss and its gradient."""
    required = [a.name for a in function.arguments if a.required]
    masks = [name for name in required if kind_of(name) in COUNTING]
    inputs = next((name for name in required if meaning(name).role != "labels"), "")
    if len(function.returns) != TAKEN_BY_LOSS or len(required) - len(masks) != TAKEN_BY_LOSS:
        return False
    loss, gradient = function.returns
    # What it gives without a name is made of a gradient that it has named before.
    made_of = is_cost(function.name) and any(
        map(is_gradient, function.reads - {a.name for a in function.arguments})
    )
    is_named = is_gradient_named(inputs, gradient) or (
        is_cost(loss) and not gradient and (bool(masks) or made_of)
    )
    return takes_labels(function) and bool(inputs) and (not loss or is_cost(loss)) and is_named


def is_gradient_named(name: str, gradient: str) -> bool:
    """Whether a gradient is called after this array: ``dx`` after ``x``."""
    return plain_name(name) in parameter_names(gradient) - {plain_name(gradient)}


def says_forward(name: str) -> bool:
    return _FORWARD.search(in_english(name)) is not None


def has_own_words(name: str) -> bool:
    return names_apart(name, "") > 0
