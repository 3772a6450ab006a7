"""Activations that a layer is given and the file has none of: a smooth one stands in, which gives its derivative in
whatever way the layer asks for it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.function_names import is_cost
from chainrule.gradcheck.program.languages import in_english
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.recognition.layers.asked_arguments import AskedArgument, GivenValue
from chainrule.gradcheck.recognition.layers.derivatives import with_derivatives
from chainrule.gradcheck.recognition.layers.handed_layers import asked_of

_DERIVATIVE = re.compile(r"(\w+_)?(d|deriv(ative)?|prime|grad(ient)?|diff|backward)(_\w+)?", re.IGNORECASE)
_FUNCTION = re.compile(
    r"f|fn|func(tion)?|forward|apply|activate|compute|evaluate|value|__call__", re.IGNORECASE
)
_CALLED = (
    '"__call__": lambda self, x, *how, **named: x**2 + 1 if any((*how, *named.values())) else x**3 / 3 + x'
)
_RELU = re.compile(r"relu", re.IGNORECASE)
_DERIVED = re.compile(r"(?<![^\W_])d_|prime|deriv|grad|dash", re.IGNORECASE)
_WORDS = re.compile(
    r"(?<![^\W_])d_|(prime|deriv(ative)?|grad(ient)?|dash|func(tion)?|fn)(?![^\W_])", re.IGNORECASE
)
_ASSUMED_OF_OUTPUTS = "an activation exp(x / 4), with its derivative at what it gives, was assumed"
_ASSUMED = "an activation x**3 / 3 + x, with its derivative at what it is given, was assumed"


def activations(argument: str, owner: str, file: Definitions) -> Iterator[tuple[str, str]]:
    """What an activation that a class's constructor asks for may be, and what of it was assumed, in words."""
    functions = [f.name for f in file.functions if _RELU.fullmatch(f.name) and not f.owner]
    functions += [f"{owner}()" for owner in file.constructors if _RELU.fullmatch(owner)]
    if options := file.options.get(argument, ()):
        yield from ((option, "") for option in options)
    elif functions:
        yield functions[0], "the file's ReLU was assumed"
    else:
        if not asks_for_derivative(argument, owner, file):
            yield f"lambda x: {file.numpy_name}.maximum(x, 0)", "ReLU was assumed"
        if smooth := _smooth(argument, owner, file):
            yield smooth, _ASSUMED


def beside_derivative(asked: AskedArgument) -> list[GivenValue] | None:
    """What a constructor's argument may be that asks for a function, or for the derivative of one that another argument
    asks for: ``activation`` and ``activation_prime``, of which the one is called like the other but for that word.
    They are the file's own; else the derivative may be that at the function's inputs, or at what it gives. None where
    the file hands some itself."""
    others = [a.name for a in asked.constructor.arguments if a != asked.argument]
    words = _plain(asked.name)
    of = next((n for n in others if _DERIVED.search(in_english(asked.name)) and _plain(n) == words), "")
    derivative = next((n for n in others if _DERIVED.search(in_english(n)) and _plain(n) == words), "")
    if asked.seen or is_cost(words) or not words or bool(of) == bool(derivative):
        return None
    if own := _with_derivative(asked.file):
        name = own[0 if derivative else 1].name
        return [GivenValue(name, f"the file's {name} was assumed")]
    numpy = asked.file.numpy_name
    at_inputs, at_outputs = "lambda x: x**2 + 1", "lambda y: y / 4"
    if derivative:
        at_inputs, at_outputs = "lambda x: x**3 / 3 + x", f"lambda x: {numpy}.exp(x / 4)"
    return [GivenValue(at_inputs, _ASSUMED), GivenValue(at_outputs, _ASSUMED_OF_OUTPUTS)]


def _with_derivative(file: Definitions) -> tuple[Function, Function] | None:
    """An activation of the file's with its derivative, one that is smooth where there is such; None where there is
    none."""
    pairs = [(f, g) for f, g in with_derivatives(file) if not (f.owner or is_cost(f.name))]
    return min(pairs, key=lambda pair: _RELU.search(pair[0].name) is not None, default=None)


def _plain(name: str) -> str:
    """What a function is called beside the words that say that it is one, or a derivative."""
    return _WORDS.sub("", in_english(name)).strip("_").lower()


def _smooth(argument: str, owner: str, file: Definitions) -> str:
    """The expression of an activation for an argument of a class's constructor: called with a flag, or asked by one of
    the names that the methods of the class use, it gives its derivative. Empty where they ask for anything else."""
    asked = asked_of(argument, owner, file)
    ways = {name: _way(name) for name in sorted(asked)}
    if not all(ways.values()):
        return ""
    named = [f'"{name}": lambda self, x, *rest: {way}' for name, way in ways.items() if name != "__call__"]
    return f'type("Bend", (), {{{", ".join([_CALLED, *named])}}})()'


def asks_for_derivative(argument: str, owner: str, file: Definitions) -> bool:
    """Whether methods of a class ask what its constructor is given for a derivative, and for nothing but itself."""
    asked = asked_of(argument, owner, file)
    return any(map(_DERIVATIVE.fullmatch, asked)) and all(map(_way, asked))


def _way(name: str) -> str:
    """What is given where it is asked by this name; empty where that is not known."""
    if _FUNCTION.fullmatch(name):
        return "x**3 / 3 + x"
    return "x**2 + 1" if _DERIVATIVE.fullmatch(name) else ""
