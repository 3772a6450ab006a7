"""Mistakes in the error on its way from an affine layer to the one below."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from chainrule.gradcheck.diagnosis.mistakes.mistake import Mistake, NotHere, fitting, scaled
from chainrule.gradcheck.diagnosis.net import Layer, Net, Step
from chainrule.gradcheck.leaves import Array


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


def _filled_with(number: float) -> Callable[[Net, Layer], Array]:
    return lambda net, at: np.full_like(at.h_in, number)


def everything() -> Iterator[Mistake]:
    yield Mistake(
        "weights-not-transposed", "propagate", _not_transposed, "it went back through W, not its transpose"
    )
    lost = "lost-upstream"
    ones: Callable[[Net, Layer], Array] = lambda net, at: np.ones_like(at.G)  # noqa: E731
    over_n: Callable[[Net, Layer], Array] = lambda net, at: np.ones_like(at.G) / net.samples  # noqa: E731
    for value in (ones, over_n):
        yield Mistake(
            lost, "propagate", _through(_own, value), "ones stand where the error from above belongs"
        )
    yield Mistake(
        lost, "propagate", _constant(lambda net, at: at.G), "the error did not go through the weights"
    )
    for kind in ("dh", "dout"):
        words = "an error from further up was used as it is"
        yield Mistake(lost, "propagate", _constant(_upstream_value(kind)), words)
    for number in (0.0, 1.0):
        yield Mistake(
            lost, "propagate", _constant(_filled_with(number)),
            "nothing arrives from above",
        )  # fmt: skip
    yield Mistake(
        lost,
        "propagate",
        _constant(lambda net, at: np.full_like(at.h_in, 1 / net.samples)),
        "nothing arrives from above",
    )
    for offset in (-3, -2, -1, 1, 2, 3):
        yield Mistake(
            lost, "propagate", _through(_other_weights(offset), lambda net, at: at.G),
            "the error went back through another layer's weights",
        )  # fmt: skip
    yield Mistake(
        lost,
        "propagate",
        _through(_own, _error_of_the_scores),
        "the error of the scores was used instead of the one above",
    )
    yield Mistake(
        lost, "propagate", _through(_own, _upstream_value("dh")), "an error from further up was used"
    )
    yield Mistake(
        lost, "propagate", _through(_own, _upstream_value("dout")), "an error from further up was used"
    )
    yield Mistake(
        "wrong-sign", "propagate", scaled("propagate", lambda net: -1.0), "the sign turns on the way back"
    )
    for cause, factor, words in (
        ("missing-batch-mean", lambda net: net.samples, "multiplied by the batch size on the way back"),
        ("double-batch-mean", lambda net: 1 / net.samples, "divided by the batch size again on the way back"),
    ):
        yield Mistake(cause, "propagate", scaled("propagate", factor), words)
