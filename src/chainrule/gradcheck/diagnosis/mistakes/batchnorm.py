"""Mistakes in the backward pass of batch norm, ds = (g - mean(g) - s_hat mean(g s_hat)) / sigma with g = gamma dJ/dout.

Means run over the samples; the terms are the direct one, that through the mean, and that through the variance (Ioffe
and Szegedy 2015).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from chainrule.arrays import Array
from chainrule.gradcheck.catalogue.backpropagation import SWAPPED
from chainrule.gradcheck.catalogue.batchnorm import (
    BATCHNORM_DDOF,
    BATCHNORM_GAMMA_MISSING,
    BATCHNORM_MEAN_CONSTANT,
    BATCHNORM_NOT_AVERAGED,
    BATCHNORM_STATISTICS_CONSTANT,
    BATCHNORM_UNNORMALISED_INPUT,
    BATCHNORM_VARIANCE_CONSTANT,
    BATCHNORM_WRONG_AXIS,
)
from chainrule.gradcheck.catalogue.bug import Bug
from chainrule.gradcheck.catalogue.loss import WRONG_SIGN
from chainrule.gradcheck.diagnosis import derivation
from chainrule.gradcheck.diagnosis.derivation import PlainLayer, PlainNet, Step
from chainrule.gradcheck.diagnosis.mistakes.mistake import Mistake, NotHere

_DERIVATIVE = (
    "with g = gamma * dJ/dout it is ds = (g - mean(g) - s_hat * mean(g * s_hat)) / sigma, term by term"
)


def _terms(g: Array, outer: Array, inner: Array) -> tuple[Array, Array, Array]:
    """The terms of sigma ds: (N, out), (out,) and (N, out); right where ``outer`` and ``inner`` are s_hat."""
    return g, -g.mean(axis=0), -outer * (g * inner).mean(axis=0)


def _weighted(layer: PlainLayer, direct: float, mean: float, variance: float) -> Array:
    """ds (N, out) with a factor to each term."""
    a, b, c = _terms(derivation.scaled_error(layer), layer.s_hat, layer.s_hat)
    ds: Array = layer.inverse_sigma * (direct * a + mean * b + variance * c)
    return ds


def _with_factors(direct: float, mean: float, variance: float) -> Step:
    return lambda net, layer: _weighted(layer, direct, mean, variance)


def _with_ddof(mean: bool, variance: bool) -> Step:
    """A mean over N - 1 in the mean's term, the variance's, or both."""

    def step(net: PlainNet, layer: PlainLayer) -> Array:
        if net.samples == 1:
            raise NotHere
        factor = net.samples / (net.samples - 1)
        return _weighted(layer, 1, factor if mean else 1, factor if variance else 1)

    return step


def _sigma_with_ddof(net: PlainNet, layer: PlainLayer) -> Array:
    """1/sigma with N - 1 on the way back only, in the factor and in the normalised scores."""
    if net.samples == 1:
        raise NotHere
    inverse_sigma = derivation.inverse_sigma(net, layer.s.var(axis=0, ddof=1))
    s_hat = (layer.s - layer.mean) * inverse_sigma
    a, b, c = _terms(derivation.scaled_error(layer), s_hat, s_hat)
    ds: Array = inverse_sigma * (a + b + c)
    return ds


def _not_averaged(direct: bool, mean: bool, variance: bool) -> Step:
    """Those terms times N."""

    def step(net: PlainNet, layer: PlainLayer) -> Array:
        factors = (float(net.samples) if times_n else 1.0 for times_n in (direct, mean, variance))
        return _weighted(layer, *factors)

    return step


def _direct_averaged(net: PlainNet, layer: PlainLayer) -> Array:
    return _weighted(layer, 1 / net.samples, 1, 1)


def _gamma_missing(direct: bool, mean: bool, variance: bool) -> Step:
    """Gamma left out of those terms."""

    def step(net: PlainNet, layer: PlainLayer) -> Array:
        if layer.gamma is None:
            raise NotHere
        terms = _terms(derivation.scaled_error(layer), layer.s_hat, layer.s_hat)
        without = _terms(layer.dout, layer.s_hat, layer.s_hat)
        left_out = (direct, mean, variance)
        a, b, c = (w if out else t for t, w, out in zip(terms, without, left_out, strict=True))
        ds: Array = layer.inverse_sigma * (a + b + c)
        return ds

    return step


def _with_input(value: Callable[[PlainLayer], Array], outer: bool, inner: bool) -> Step:
    """Another value where the normalised scores belong, outside the mean, inside it, or both."""

    def step(net: PlainNet, layer: PlainLayer) -> Array:
        v = value(layer)
        a, b, c = _terms(
            derivation.scaled_error(layer), v if outer else layer.s_hat, v if inner else layer.s_hat
        )
        ds: Array = layer.inverse_sigma * (a + b + c)
        return ds

    return step


def _sigma_missing(net: PlainNet, layer: PlainLayer) -> Array:
    a, b, c = _terms(derivation.scaled_error(layer), layer.s_hat, layer.s_hat)
    return a + b + c


def _wrong_axis(mean: bool, variance: bool, divisor: Callable[[Array], int]) -> Step:
    """Sums over the units where those over the samples belong, divided by N or by the number of units."""

    def step(net: PlainNet, layer: PlainLayer) -> Array:
        g = derivation.scaled_error(layer)
        product = g * layer.s_hat
        a = g.sum(axis=1, keepdims=True) / divisor(g) if mean else g.mean(axis=0)
        b = product.sum(axis=1, keepdims=True) / divisor(g) if variance else product.mean(axis=0)
        ds: Array = layer.inverse_sigma * (g - a - layer.s_hat * b)
        return ds

    return step


def _gamma_with(value: Callable[[PlainLayer], Array]) -> Step:
    def step(net: PlainNet, layer: PlainLayer) -> Array:
        total: Array = (layer.dout * value(layer)).sum(axis=0)
        return total

    return step


def _beta_with_gamma(net: PlainNet, layer: PlainLayer) -> Array:
    total: Array = derivation.scaled_error(layer).sum(axis=0)
    return total


def everything() -> Iterator[Mistake]:
    """Every known mistake on the way back through batch norm."""
    yield from _terms_wrong()
    yield from _gamma_left_out()
    yield from _not_normalised()
    for mean, variance in ((True, False), (False, True), (True, True)):
        for divisor in (lambda g: g.shape[0], lambda g: g.shape[1]):
            function = _wrong_axis(mean, variance, divisor)
            yield _back(BATCHNORM_WRONG_AXIS, function, "a sum runs over the units")
    yield Mistake(SWAPPED, "gamma", derivation.beta, "it is beta's gradient")
    yield Mistake(SWAPPED, "beta", derivation.gamma, "it is gamma's gradient")
    yield Mistake(BATCHNORM_GAMMA_MISSING, "beta", _beta_with_gamma, "gamma does not belong here")


def _back(bug: Bug, function: Step, words: str, repair: str = "") -> Mistake:
    return Mistake(bug, "normalise_backward", function, words, repair)


def _terms_wrong() -> Iterator[Mistake]:
    yield _back(BATCHNORM_MEAN_CONSTANT, _with_factors(1, 0, 1), "the mean is held constant")
    yield _back(BATCHNORM_VARIANCE_CONSTANT, _with_factors(1, 1, 0), "the variance is held constant")
    both = "mean and variance are held constant"
    yield _back(BATCHNORM_STATISTICS_CONSTANT, _with_factors(1, 0, 0), both)
    for signs in ((1, -1, 1), (1, 1, -1), (1, -1, -1), (-1, 1, 1)):
        words = "a term of batch norm's derivative has the wrong sign"
        yield _back(WRONG_SIGN, _with_factors(*signs), words, _DERIVATIVE)
    for which, words in (
        ((False, True, False), "the term of the mean is a sum over the samples"),
        ((False, False, True), "the term of the variance is a sum over the samples"),
        ((False, True, True), "the terms of mean and variance are sums over the samples"),
        ((True, True, True), "not divided by N on the way back through batch norm"),
    ):
        yield _back(BATCHNORM_NOT_AVERAGED, _not_averaged(*which), words, _DERIVATIVE)
    words = "the direct term is divided by N, as only the others should be"
    yield _back(BATCHNORM_NOT_AVERAGED, _direct_averaged, words, _DERIVATIVE)
    for mean, variance in ((False, True), (True, False), (True, True)):
        yield _back(BATCHNORM_DDOF, _with_ddof(mean, variance), "N - 1 stands where N belongs")
    yield _back(BATCHNORM_DDOF, _sigma_with_ddof, "the deviation on the way back is taken with N - 1")


def _gamma_left_out() -> Iterator[Mistake]:
    yield _back(
        BATCHNORM_GAMMA_MISSING, _gamma_missing(True, True, True), "gamma is left out on the way back"
    )
    for which in ((True, False, False), (False, True, False), (False, False, True), (False, True, True)):
        yield _back(BATCHNORM_GAMMA_MISSING, _gamma_missing(*which), "gamma is missing in a term")


def _not_normalised() -> Iterator[Mistake]:
    values: dict[str, Callable[[PlainLayer], Array]] = {
        "the scores": lambda layer: layer.s,
        "the centred scores": lambda layer: layer.s - layer.mean,
        "batch norm's output": lambda layer: layer.out,
    }
    for name, value in values.items():
        words = f"{name} stand where the normalised scores belong"
        yield Mistake(BATCHNORM_UNNORMALISED_INPUT, "gamma", _gamma_with(value), words)
        for outer, inner in ((True, True), (True, False), (False, True)):
            yield _back(BATCHNORM_UNNORMALISED_INPUT, _with_input(value, outer, inner), words, _DERIVATIVE)
    yield _back(
        BATCHNORM_UNNORMALISED_INPUT,
        _sigma_missing,
        "not divided by the deviation on the way back",
        _DERIVATIVE,
    )
