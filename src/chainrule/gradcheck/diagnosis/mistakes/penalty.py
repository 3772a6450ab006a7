"""Mistakes in the penalty's gradient, 2 q W for q |W|^2 in the cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from chainrule.gradcheck.diagnosis import net as right
from chainrule.gradcheck.diagnosis.mistakes.mistake import Mistake, NotHere
from chainrule.gradcheck.diagnosis.net import Layer, Net, Step
from chainrule.gradcheck.leaves import Array


def _on_parameters(name: str, wanted: str, change: Callable[[Net, Array, Array, float], Array]) -> Step:
    def step(net: Net, at: Layer, called: str, value: Array, gradient: Array) -> Array:
        if not called.startswith(wanted) or called.rstrip("0123456789") != wanted:
            return right.penalty(net, at, called, value, gradient)
        return change(net, value, gradient, net.penalty.get(called, 0.0))

    step.__name__ = name
    return step


def _penalty_times(factor: Callable[[Net], float]) -> Callable[[Net, Array, Array, float], Array]:
    return lambda net, W, dW, q: dW + factor(net) * 2 * q * W


def _gradient_times(factor: float) -> Callable[[Net, Array, Array, float], Array]:
    return lambda net, W, dW, q: dW + factor * q * dW


def everything() -> Iterator[Mistake]:
    """The penalty's gradient is 2 q W for q |W|^2."""
    for cause, factor, words in (
        ("regulariser-missing", lambda net: 0.0, "the penalty's gradient is missing"),
        ("regulariser-half", lambda net: 0.5, "half of the penalty's gradient"),
        ("regulariser-double", lambda net: 2.0, "twice the penalty's gradient"),
        ("regulariser-sign", lambda net: -1.0, "the penalty's gradient is subtracted"),
        (
            "regulariser-scaled",
            lambda net: 1 / net.samples,
            "the penalty's gradient divided by the batch size",
        ),
        (
            "regulariser-scaled",
            lambda net: 0.5 / net.samples,
            "the penalty's gradient divided by twice the batch size",
        ),
        ("regulariser-scaled", lambda net: float(net.samples), "the penalty's gradient times the batch size"),
    ):
        yield Mistake(
            cause, "penalty",
            _on_parameters(cause, "W", _penalty_times(factor)), words,
        )  # fmt: skip
    for times, words in ((2.0, "2 * l2"), (1.0, "l2")):
        yield Mistake(
            "regulariser-on-gradient", "penalty",
            _on_parameters("g", "W", _gradient_times(times)),
            f"{words} times the gradient is added, not times the weights",
        )  # fmt: skip
    for kind in ("b", "gamma", "beta"):
        for number, words in ((2.0, "2 * l2"), (1.0, "l2")):
            yield Mistake(
                "bias-regularised", "penalty", _on_parameters("b", kind, _with_penalty(number)),
                f"{words} * {kind} is added, which the cost does not penalise",
            )  # fmt: skip
        yield Mistake(
            "bias-regularised", "penalty", _on_parameters("b", kind, lambda net, v, g, q: g),
            f"the cost penalises {kind}, the gradient does not",
        )  # fmt: skip
    for number, words in ((2.0, "2 * l2 * W"), (1.0, "l2 * W")):
        yield Mistake(
            "regulariser-missing", "penalty", _on_parameters("c", "W", _with_penalty(number)),
            f"the gradient adds {words}, but the cost has no penalty",
        )  # fmt: skip


def _with_penalty(number: float) -> Callable[[Net, Array, Array, float], Array]:
    """A penalty that the cost does not have, with l2 as the user gives it, or as on the weights."""

    def change(net: Net, value: Array, gradient: Array, q: float) -> Array:
        largest = max(net.penalty.values(), default=0.0)
        l2 = net.l2 if net.l2 is not None else largest
        if q:
            raise NotHere
        return gradient + number * l2 * value

    return change
