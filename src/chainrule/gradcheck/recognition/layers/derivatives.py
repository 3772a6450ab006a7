"""Functions of one argument with their derivatives: ``relu`` and ``relu_prime``, ``Sigmoid.__call__`` and
``Sigmoid.derivative``."""

from __future__ import annotations

import re

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.names import plain_name
from chainrule.gradcheck.program.signatures import Function

_BEFORE, _AFTER = r"(prime|deriv(ative)?|der|grad(ient)?)", r"((deriv(ative)?|grad(ient)?)(_?of)?|d)"
_NAMED_AFTER = re.compile(rf"(?P<first>\w+?)_?{_BEFORE}|{_AFTER}_?(?P<last>\w+)", re.IGNORECASE)
_OF_A_CLASS = re.compile(r"_*(prime|deriv(ative)?|d_?f|grad(ient)?)_*", re.IGNORECASE)
_CALLED = re.compile(
    r"__call__|_*(forward|activat(e|ion)|f|fn|func(tion)?|value|eval(uate)?|compute|apply|call)_*",
    re.IGNORECASE,
)


def with_derivatives(file: Definitions) -> list[tuple[Function, Function]]:
    """Those of a file, each with its derivative."""
    own = [f for f in file.functions if f.gives and not f.imported]
    return [(f, g) for g in own for f in own if f.owner == g.owner and is_derivative_of(g, f)]


def is_derivative_of(derivative: Function, function: Function) -> bool:
    """Whether one function is the derivative of another by its name, and both take a single argument."""
    if derivative == function or not all(_takes_one(f) for f in (derivative, function)):
        return False
    if derivative.owner and _OF_A_CLASS.fullmatch(derivative.name):
        return _CALLED.fullmatch(function.name) is not None
    named = _NAMED_AFTER.fullmatch(derivative.name)
    return named is not None and plain_name(named["first"] or named["last"]) == plain_name(function.name)


def _takes_one(function: Function) -> bool:
    return sum(argument.required for argument in function.arguments) == 1
