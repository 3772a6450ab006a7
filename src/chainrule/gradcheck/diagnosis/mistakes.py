"""The catalogue: each known mistake as the step of the derivation that it changes.

A mistake's function stands in for the right step of :mod:`chainrule.gradcheck.diagnosis.net`; it raises
:class:`NotHere` where the mistake cannot be made, such as a wrong orientation that would not fit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from chainrule.gradcheck.diagnosis import net as right
from chainrule.gradcheck.diagnosis.net import Layer, Net, Step
from chainrule.gradcheck.leaves import Array


class NotHere(Exception):  # noqa: N818 - it says that a mistake does not apply; nothing has gone wrong.
    """The mistake cannot be made at this layer."""


@dataclass(frozen=True)
class Mistake:
    """One way to get a step wrong: the cause's name, the step, what stands in for it, and what to say of it."""

    cause: str
    step: str
    function: Step
    words: str


def fitting(value: Array, like: Array) -> Array:
    """``value``, if it has the shape of ``like`` and is not the same."""
    if value.shape != like.shape:
        raise NotHere
    return value


def _scaled(step: str, factor: Callable[[Net], float]) -> Step:
    return lambda net, at: factor(net) * right.RIGHT[step](net, at)


def _scales() -> Iterator[Mistake]:
    for step in ("error", "weight", "bias", "gamma", "beta"):
        part = {"error": "", "weight": " in the weights' gradient", "bias": " in the bias's gradient"}.get(
            step, f" in {step}'s gradient"
        )
        yield Mistake(
            "missing-batch-mean", step, _scaled(step, lambda net: net.samples),
            f"not divided by the batch size of {{samples}}{part}",
        )  # fmt: skip
        cause = "double-batch-mean" if step in ("error", "weight") else "bias-mean-not-sum"
        yield Mistake(
            cause, step, _scaled(step, lambda net: 1 / net.samples),
            f"divided by the batch size of {{samples}} once too often{part}",
        )  # fmt: skip
        yield Mistake("wrong-sign", step, _scaled(step, lambda net: -1.0), f"the sign is turned{part}")
    yield Mistake(
        "wrong-log-base", "error", _scaled("error", lambda net: 1 / np.log(10)), "a factor of 1 / ln 10"
    )


# The error of the scores.


def _labels_missing(net: Net, at: Layer) -> Array:
    if net.loss != "cross_entropy":
        raise NotHere
    return net.factor * right.probabilities(net.found["scores"]) / net.samples


def _label_as_index(place: Callable[[Array, Array], tuple[object, ...]], repeated: bool) -> Step:
    def step(net: Net, at: Layer) -> Array:
        if net.loss != "cross_entropy":
            raise NotHere
        G = right.probabilities(net.found["scores"])
        try:
            if repeated:
                np.subtract.at(G, place(net.y, G), 1.0)
            else:
                G[place(net.y, G)] -= 1.0
        except (IndexError, ValueError):
            raise NotHere from None
        return net.factor * G / net.samples

    return step


def _correct_class(entry: Callable[[Array], Array]) -> Step:
    def step(net: Net, at: Layer) -> Array:
        if net.loss != "hinge":
            raise NotHere
        G = (right.margins(net.found["scores"], net.y) > 0).astype(float)
        G[np.arange(net.samples), net.y] = entry(G.sum(axis=1))
        return net.factor * G / net.samples

    return step


def _from_probabilities(net: Net, at: Layer) -> Array:
    if net.loss != "hinge":
        raise NotHere
    scores = net.found["scores"]
    net.found["scores"] = right.probabilities(scores)
    try:
        return right.error(net, at)
    finally:
        net.found["scores"] = scores


def _errors() -> Iterator[Mistake]:
    yield Mistake("missing-one-hot", "error", _labels_missing, "the labels are not subtracted")
    places: list[Callable[[Array, Array], tuple[object, ...]]] = [
        lambda y, G: (y,),
        lambda y, G: (slice(None), y),
        lambda y, G: (y, y),
        lambda y, G: (y, np.arange(len(y))),
        lambda y, G: (np.arange(len(y)), y[::-1]),
        lambda y, G: (y, slice(None, 1)),
        lambda y, G: (slice(0, 1), y),
        lambda y, G: (np.arange(len(y)), np.zeros_like(y)),
    ]
    for place in places:
        for repeated in (False, True):
            yield Mistake(
                "label-as-index", "error", _label_as_index(place, repeated), "samples are picked by their label"
            )
    for entry, words in (
        (lambda count: 0 * count, "the correct class gets no term"),
        (lambda count: 0 * count - 1, "the correct class gets -1, not minus the number of violated margins"),
        (lambda count: 0 * count + 1, "the correct class counts as one more violated margin"),
        (lambda count: -count - 1, "the correct class's own margin is counted"),
        (lambda count: 1 - count, "the correct class's own margin is counted"),
        (lambda count: count, "the correct class's term has the wrong sign"),
        (lambda count: -(count > 0).astype(float), "the correct class gets -1, not minus the number of margins"),
    ):
        yield Mistake("hinge-correct-class", "error", _correct_class(entry), words)
    yield Mistake("hinge-on-probabilities", "error", _from_probabilities, "the margins are those of probabilities")


# Affine.


def _transposed(net: Net, at: Layer) -> Array:
    return fitting(right.weight(net, at).T, at.W)


def _reshaped(net: Net, at: Layer) -> Array:
    return right.weight(net, at).T.reshape(at.W.shape)


def _reshaped_back(net: Net, at: Layer) -> Array:
    dW = right.weight(net, at)
    return dW.reshape(dW.shape[::-1]).T


def _input_of(kind: str, offset: int) -> Step:
    """The weights' gradient with another layer's value where its own input belongs."""

    def step(net: Net, at: Layer) -> Array:
        place = at.index - 1 + offset
        if not 0 <= place < len(net.layers) or kind not in net.layers[place].found:
            raise NotHere
        return at.G.T @ fitting(net.layers[place].found[kind], at.h_in)

    return step


def _raw_inputs(net: Net, at: Layer) -> Array:
    if at.index == 1:
        raise NotHere
    return at.G.T @ fitting(net.x, at.h_in)


def _upstream(kind: str) -> Step:
    """The weights' gradient with the error at an earlier place on the way back."""

    def step(net: Net, at: Layer) -> Array:
        if kind not in at.found:
            raise NotHere
        return at.found[kind].T @ at.h_in

    return step


def _upstream_bias(kind: str) -> Step:
    def step(net: Net, at: Layer) -> Array:
        if kind not in at.found:
            raise NotHere
        total: Array = at.found[kind].sum(axis=0)
        return total

    return step


def _summed_over_all(step: str) -> Step:
    return lambda net, at: np.full_like(right.RIGHT[step](net, at), right.RIGHT[step](net, at).sum())


def _reciprocal(factor: Callable[[Net], float]) -> Step:
    def step(net: Net, at: Layer) -> Array:
        total = right.bias(net, at)
        if not total.all():
            raise NotHere
        return 1 / (factor(net) * total)

    return step


def _affines() -> Iterator[Mistake]:
    yield Mistake("transposed", "weight", _transposed, "it is the transpose")
    for function in (_reshaped, _reshaped_back):
        yield Mistake("reshaped", "weight", function, "its entries are in another order, as after a reshape")
    for kind, offset, words in (
        ("s", -1, "the layer's input in front of ReLU and batch norm was used"),
        ("out", -1, "the layer's input in front of ReLU was used"),
        ("s_hat", -1, "the layer's input in front of scale and shift was used"),
        ("h", 0, "the layer's output was used instead of its input"),
        ("s", 0, "the layer's output was used instead of its input"),
        *(("h_in", offset, "another layer's input was used") for offset in (-3, -2, -1, 1, 2, 3)),
    ):
        yield Mistake("wrong-layer-input", "weight", _input_of(kind, offset), words)
    yield Mistake("wrong-layer-input", "weight", _raw_inputs, "the net's inputs were used instead of this layer's")
    for step, make in (("weight", _upstream), ("bias", _upstream_bias)):
        yield Mistake("relu-mask-missing", step, make("dh"), "the error is not masked by ReLU's derivative")
    yield Mistake("bias-summed-over-all", "bias", _summed_over_all("bias"), "one sum over samples and units")
    for step in ("gamma", "beta"):
        yield Mistake("bias-summed-over-all", step, _summed_over_all(step), "one sum over samples and units")
    for factor in (lambda net: net.samples, lambda net: net.samples**2, lambda net: 1.0):
        yield Mistake("bias-reciprocal", "bias", _reciprocal(factor), "entry by entry the reciprocal, times a constant")


# From layer to layer.


def _not_transposed(net: Net, at: Layer) -> Array:
    return fitting(at.G @ at.W.T if at.W.shape[0] == at.W.shape[1] else at.G, at.h_in)


def _through(weights: Callable[[Net, Layer], Array], error: Callable[[Net, Layer], Array]) -> Step:
    def step(net: Net, at: Layer) -> Array:
        G, W = error(net, at), weights(net, at)
        if G.shape[1] != W.shape[0]:
            raise NotHere
        return fitting(G @ W, at.h_in)

    return step


def _own(net: Net, at: Layer) -> Array:
    return at.W


def _other_weights(offset: int) -> Callable[[Net, Layer], Array]:
    def weights(net: Net, at: Layer) -> Array:
        place = at.index - 1 + offset
        if not 0 <= place < len(net.layers):
            raise NotHere
        return net.layers[place].W

    return weights


def _constant(value: Callable[[Net, Layer], Array]) -> Step:
    return lambda net, at: fitting(value(net, at), at.h_in)


def _error_of_the_scores(net: Net, at: Layer) -> Array:
    return net.layers[-1].G


def _upstream_value(kind: str) -> Callable[[Net, Layer], Array]:
    def value(net: Net, at: Layer) -> Array:
        if kind not in at.found:
            raise NotHere
        return at.found[kind]

    return value


def _propagations() -> Iterator[Mistake]:
    yield Mistake("weights-not-transposed", "propagate", _not_transposed, "it went back through W, not its transpose")
    lost = "lost-upstream"
    ones: Callable[[Net, Layer], Array] = lambda net, at: np.ones_like(at.G)  # noqa: E731
    over_n: Callable[[Net, Layer], Array] = lambda net, at: np.ones_like(at.G) / net.samples  # noqa: E731
    for value in (ones, over_n):
        yield Mistake(lost, "propagate", _through(_own, value), "ones stand where the error from above belongs")
    yield Mistake(lost, "propagate", _constant(lambda net, at: at.G), "the error did not go through the weights")
    for number in (0.0, 1.0):
        yield Mistake(
            lost, "propagate", _constant(lambda net, at, number=number: np.full_like(at.h_in, number)),
            "nothing arrives from above",
        )  # fmt: skip
    yield Mistake(
        lost, "propagate", _constant(lambda net, at: np.full_like(at.h_in, 1 / net.samples)), "nothing arrives from above"
    )
    for offset in (-3, -2, -1, 1, 2, 3):
        yield Mistake(
            lost, "propagate", _through(_other_weights(offset), lambda net, at: at.G),
            "the error went back through another layer's weights",
        )  # fmt: skip
    yield Mistake(
        lost, "propagate", _through(_own, _error_of_the_scores), "the error of the scores was used instead of the one above"
    )
    yield Mistake(lost, "propagate", _through(_own, _upstream_value("dh")), "an error from further up was used")
    yield Mistake(lost, "propagate", _through(_own, _upstream_value("dout")), "an error from further up was used")
    yield Mistake("wrong-sign", "propagate", _scaled("propagate", lambda net: -1.0), "the sign turns on the way back")
    for cause, factor, words in (
        ("missing-batch-mean", lambda net: net.samples, "multiplied by the batch size on the way back"),
        ("double-batch-mean", lambda net: 1 / net.samples, "divided by the batch size again on the way back"),
    ):
        yield Mistake(cause, "propagate", _scaled("propagate", factor), words)


# ReLU.


def _masked(mask: Callable[[Net, Layer], Array]) -> Step:
    def step(net: Net, at: Layer) -> Array:
        return at.dh * fitting(mask(net, at), at.dh)

    return step


def _sign_of(kind: str, offset: int = 0) -> Callable[[Net, Layer], Array]:
    def mask(net: Net, at: Layer) -> Array:
        place = at.index - 1 + offset
        if not 0 <= place < len(net.layers) or kind not in net.layers[place].found:
            raise NotHere
        return net.layers[place].found[kind] > 0

    return mask


def _rectifications() -> Iterator[Mistake]:
    yield Mistake("relu-mask-missing", "rectify_backward", lambda net, at: at.dh, "the error is not masked")
    yield Mistake(
        "relu-mask-wrong", "rectify_backward", _masked(lambda net, at: at.out <= 0), "the mask is inverted"
    )
    wrong = "relu-mask-wrong"
    for kind, offset, words in (
        ("dh", 0, "the mask is taken from the error, not from ReLU's input"),
        ("s", 0, "the mask is taken from the scores in front of batch norm"),
        ("s_hat", 0, "the mask is taken in front of scale and shift"),
        ("h_in", 0, "the mask is taken from the layer's input"),
        *(("out", offset, "the mask is taken from another layer") for offset in (-3, -2, -1, 1, 2, 3)),
        *(("s", offset, "the mask is taken from another layer") for offset in (-2, -1, 1, 2)),
    ):
        yield Mistake(wrong, "rectify_backward", _masked(_sign_of(kind, offset)), words)
    yield Mistake(wrong, "rectify_backward", _masked(lambda net, at: net.x > 0), "the mask is taken from the inputs")
    yield Mistake(wrong, "rectify_backward", _masked(lambda net, at: at.h), "multiplied by ReLU's output, not by its mask")
    yield Mistake(wrong, "rectify_backward", lambda net, at: np.maximum(at.dh, 0), "ReLU was applied to the error")
    yield Mistake(
        wrong, "rectify_backward", _masked(lambda net, at: (at.out > 1).astype(float)), "the mask starts at 1, not at 0"
    )
    yield Mistake(
        wrong, "rectify_backward", _masked(lambda net, at: np.where(at.out > 0, 1.0, -1.0)), "the mask is -1, not 0"
    )


def _on_parameters(name: str, wanted: str, change: Callable[[Net, Array, Array, float], Array]) -> Step:
    def step(net: Net, at: Layer, called: str, value: Array, gradient: Array) -> Array:
        if not called.startswith(wanted) or called.rstrip("0123456789") != wanted:
            return right.penalty(net, at, called, value, gradient)
        return change(net, value, gradient, net.penalty.get(called, 0.0))

    step.__name__ = name
    return step


def _penalties() -> Iterator[Mistake]:
    """The penalty's gradient is 2 q W for q |W|^2."""
    for cause, factor, words in (
        ("regulariser-missing", lambda net: 0.0, "the penalty's gradient is missing"),
        ("regulariser-half", lambda net: 0.5, "half of the penalty's gradient"),
        ("regulariser-double", lambda net: 2.0, "twice the penalty's gradient"),
        ("regulariser-sign", lambda net: -1.0, "the penalty's gradient is subtracted"),
        ("regulariser-scaled", lambda net: 1 / net.samples, "the penalty's gradient divided by the batch size"),
        ("regulariser-scaled", lambda net: 0.5 / net.samples, "the penalty's gradient divided by twice the batch size"),
        ("regulariser-scaled", lambda net: float(net.samples), "the penalty's gradient times the batch size"),
    ):
        yield Mistake(
            cause, "penalty",
            _on_parameters(cause, "W", lambda net, W, dW, q, factor=factor: dW + factor(net) * 2 * q * W), words,
        )  # fmt: skip
    for factor, words in ((lambda net: 2.0, "2 * l2"), (lambda net: 1.0, "l2")):
        yield Mistake(
            "regulariser-on-gradient", "penalty",
            _on_parameters("g", "W", lambda net, W, dW, q, factor=factor: dW + factor(net) * q * dW),
            f"{words} times the gradient is added, not times the weights",
        )  # fmt: skip
    for kind in ("b", "gamma", "beta"):
        for number, words in ((2.0, "2 * l2"), (1.0, "l2")):
            yield Mistake(
                "bias-regularised", "penalty", _on_parameters("b", kind, _with_penalty(number)),
                f"{words} * {kind} is added, which the cost does not penalise",
            )  # fmt: skip
        yield Mistake(
            "bias-regularised", "penalty", _on_parameters("b", kind, lambda net, v, g, q: _unless(q, g)),
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
        if q or not l2:
            raise NotHere
        return gradient + number * l2 * value

    return change


def _unless(q: float, gradient: Array) -> Array:
    if not q:
        raise NotHere
    return gradient


def everything() -> list[Mistake]:
    """Every known mistake of the backward pass; those of batch norm have a file of their own."""
    from chainrule.gradcheck.diagnosis import batchnorm_mistakes

    return [
        *_scales(), *_errors(), *_affines(), *_propagations(), *_rectifications(), *_penalties(),
        *batchnorm_mistakes.everything(),
    ]  # fmt: skip
