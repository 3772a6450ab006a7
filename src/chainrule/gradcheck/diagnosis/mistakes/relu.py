"""Mistakes in the mask of ReLU."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from chainrule.gradcheck.diagnosis.mistakes.mistake import Mistake, NotHere, fitting
from chainrule.gradcheck.diagnosis.net import Layer, Net, Step
from chainrule.gradcheck.leaves import Array


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


def everything() -> Iterator[Mistake]:
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
    yield Mistake(
        wrong, "rectify_backward", _masked(lambda net, at: net.x > 0), "the mask is taken from the inputs"
    )
    yield Mistake(
        wrong,
        "rectify_backward",
        _masked(lambda net, at: at.h),
        "multiplied by ReLU's output, not by its mask",
    )
    yield Mistake(
        wrong, "rectify_backward", lambda net, at: np.maximum(at.dh, 0), "ReLU was applied to the error"
    )
    yield Mistake(
        wrong,
        "rectify_backward",
        _masked(lambda net, at: (at.out > 1).astype(float)),
        "the mask starts at 1, not at 0",
    )
    yield Mistake(
        wrong,
        "rectify_backward",
        _masked(lambda net, at: np.where(at.out > 0, 1.0, -1.0)),
        "the mask is -1, not 0",
    )
    yield Mistake(
        wrong,
        "rectify_backward",
        _masked(lambda net, at: at.h_in @ at.W.T > 0),
        "the mask leaves the bias out",
    )
