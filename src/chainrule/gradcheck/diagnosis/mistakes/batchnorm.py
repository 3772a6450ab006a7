"""Mistakes in the backward pass of batch norm, and of the statistics that it is given."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from chainrule.gradcheck.diagnosis import net as right
from chainrule.gradcheck.diagnosis.mistakes.mistake import Mistake, NotHere
from chainrule.gradcheck.diagnosis.net import Layer, Net, Step
from chainrule.gradcheck.leaves import Array


def _terms(at: Layer, g: Array) -> tuple[Array, Array, Array]:
    """The three terms of ds / inverse_sigma: direct, through the mean, through the variance."""
    return g, -g.mean(axis=0) + np.zeros_like(g), -at.s_hat * (g * at.s_hat).mean(axis=0)


def _weighted(direct: float, mean: float, variance: float) -> Step:
    def step(net: Net, at: Layer) -> Array:
        a, b, c = _terms(at, right.scaled_error(at))
        ds: Array = at.inverse_sigma * (direct * a + mean * b + variance * c)
        return ds

    return step


def _with_ddof(mean: bool, variance: bool) -> Step:
    def step(net: Net, at: Layer) -> Array:
        n = net.samples
        a, b, c = _terms(at, right.scaled_error(at))
        return at.inverse_sigma * (
            a + b * (n / (n - 1) if mean else 1) + c * (n / (n - 1) if variance else 1)
        )

    return step


def _sigma_with_ddof(net: Net, at: Layer) -> Array:
    """1/sigma with N - 1 on the way back only, in the factor and in the normalised scores."""
    assert net.eps is not None
    inverse = 1 / np.sqrt(at.s.var(axis=0, ddof=1) + net.eps)
    s_hat = (at.s - at.mean) * inverse
    g = right.scaled_error(at)
    ds: Array = inverse * (g - g.mean(axis=0) - s_hat * (g * s_hat).mean(axis=0))
    return ds


def _gamma_missing(net: Net, at: Layer) -> Array:
    if at.gamma is None:
        raise NotHere
    a, b, c = _terms(at, at.dout)
    ds: Array = at.inverse_sigma * (a + b + c)
    return ds


def _gamma_partly_missing(direct: bool, mean: bool, variance: bool) -> Step:
    def step(net: Net, at: Layer) -> Array:
        if at.gamma is None:
            raise NotHere
        with_gamma, without = _terms(at, right.scaled_error(at)), _terms(at, at.dout)
        chosen = [
            o if left_out else w
            for w, o, left_out in zip(with_gamma, without, (direct, mean, variance), strict=True)
        ]
        ds: Array = at.inverse_sigma * sum(chosen)
        return ds

    return step


def _with_input(value: Callable[[Layer], Array], outer: bool, inner: bool) -> Step:
    """Another value where the normalised scores belong, outside the mean, inside it, or both."""

    def step(net: Net, at: Layer) -> Array:
        g, v = right.scaled_error(at), value(at)
        outside, inside = (v if outer else at.s_hat), (v if inner else at.s_hat)
        ds: Array = at.inverse_sigma * (g - g.mean(axis=0) - outside * (g * inside).mean(axis=0))
        return ds

    return step


def _sigma_missing(net: Net, at: Layer) -> Array:
    g = right.scaled_error(at)
    ds: Array = g - g.mean(axis=0) - at.s_hat * (g * at.s_hat).mean(axis=0)
    return ds


def _wrong_axis(mean: bool, variance: bool, divisor: Callable[[Array], int]) -> Step:
    """Sums over the units where those over the samples belong, divided by N or by the number of units."""

    def step(net: Net, at: Layer) -> Array:
        g = right.scaled_error(at)
        product = g * at.s_hat
        a = g.sum(axis=1, keepdims=True) / divisor(g) if mean else g.mean(axis=0)
        b = product.sum(axis=1, keepdims=True) / divisor(g) if variance else product.mean(axis=0)
        ds: Array = at.inverse_sigma * (g - a - at.s_hat * b)
        return ds

    return step


def _gamma_with(value: Callable[[Layer], Array]) -> Step:
    def step(net: Net, at: Layer) -> Array:
        total: Array = (at.dout * value(at)).sum(axis=0)
        return total

    return step


def _statistics(ddof: int, axis: int) -> Step:
    def step(net: Net, at: Layer) -> tuple[Array, Array]:
        assert net.eps is not None
        if axis == 0:
            return at.s.mean(axis=0), 1 / np.sqrt(at.s.var(axis=0, ddof=ddof) + net.eps)
        return at.s.mean(axis=1, keepdims=True), 1 / np.sqrt(at.s.var(axis=1, keepdims=True) + net.eps)

    return step


def _of_first_row(net: Net, at: Layer) -> tuple[Array, Array]:
    assert net.eps is not None
    return at.s.mean(axis=0), 1 / np.sqrt(at.s[:1].var() + net.eps) * np.ones(at.s.shape[1])


def _of_first_unit(net: Net, at: Layer) -> tuple[Array, Array]:
    assert net.eps is not None
    return at.s.mean(axis=0), 1 / np.sqrt(at.s[:, 0].var() + net.eps) * np.ones(at.s.shape[1])


def _overall_mean(net: Net, at: Layer) -> tuple[Array, Array]:
    """One mean over samples and units; the variance around it over the samples."""
    assert net.eps is not None
    mean = np.full(at.s.shape[1], at.s.mean())
    return mean, 1 / np.sqrt(np.square(at.s - mean).mean(axis=0) + net.eps)


def _overall_variance(net: Net, at: Layer) -> tuple[Array, Array]:
    assert net.eps is not None
    return at.s.mean(axis=0), np.full(at.s.shape[1], 1 / np.sqrt(at.s.var() + net.eps))


def _variance_of_first_unit(net: Net, at: Layer) -> tuple[Array, Array]:
    assert net.eps is not None
    return at.s.mean(axis=0), np.full(at.s.shape[1], 1 / np.sqrt(at.s.var(axis=0)[0] + net.eps))


def _mean_over_units(net: Net, at: Layer) -> tuple[Array, Array]:
    assert net.eps is not None
    mean = at.s.mean(axis=1, keepdims=True)
    return mean, 1 / np.sqrt(np.square(at.s - mean).mean(axis=0) + net.eps)


def _variance_over_units(net: Net, at: Layer) -> tuple[Array, Array]:
    assert net.eps is not None
    return at.s.mean(axis=0), 1 / np.sqrt(at.s.var(axis=1, keepdims=True) + net.eps)


def _bias_for_beta(net: Net, at: Layer) -> Array:
    if at.b is None or at.beta is None:
        raise NotHere
    return at.s_hat * (1 if at.gamma is None else at.gamma) + at.b


def in_front() -> list[Mistake]:
    """Mistakes on the way forward: in the cost they change it, in the gradient alone they are the gradient's."""
    return [
        Mistake("batchnorm-ddof", "statistics", _statistics(1, 0), "the variance is taken with N - 1"),
        Mistake(
            "batchnorm-wrong-axis", "statistics", _statistics(0, 1), "mean and variance run over the units"
        ),
        Mistake(
            "batchnorm-wrong-axis", "statistics", _of_first_row, "the deviation is that of the first sample"
        ),
        Mistake(
            "batchnorm-wrong-axis", "statistics", _of_first_unit, "the deviation is that of the first unit"
        ),
        Mistake(
            "batchnorm-bias-for-beta", "scale_and_shift", _bias_for_beta, "b is added where beta belongs"
        ),
    ]


_DERIVATIVE = (
    "with g = gamma * dJ/dout it is ds = (g - mean(g) - s_hat * mean(g * s_hat)) / sigma, term by term"
)


def everything() -> Iterator[Mistake]:
    """Every known mistake around batch norm."""
    back = "normalise_backward"
    yield Mistake("batchnorm-mean-constant", back, _weighted(1, 0, 1), "the mean is held constant")
    yield Mistake("batchnorm-variance-constant", back, _weighted(1, 1, 0), "the variance is held constant")
    yield Mistake(
        "batchnorm-statistics-constant", back, _weighted(1, 0, 0), "mean and variance are held constant"
    )
    for signs in ((1, -1, 1), (1, 1, -1), (1, -1, -1), (-1, 1, 1)):
        words = "a term of batch norm's derivative has the wrong sign"
        yield Mistake("wrong-sign", back, _weighted(*signs), words, _DERIVATIVE)
    for mean, variance in ((False, True), (True, False), (True, True)):
        yield Mistake("batchnorm-ddof", back, _with_ddof(mean, variance), "N - 1 stands where N belongs")
    yield Mistake(
        "batchnorm-ddof", back, _sigma_with_ddof, "the deviation on the way back is taken with N - 1"
    )
    yield Mistake("batchnorm-gamma-missing", back, _gamma_missing, "gamma is left out on the way back")
    for which in ((True, False, False), (False, True, False), (False, False, True), (False, True, True)):
        yield Mistake(
            "batchnorm-gamma-missing", back, _gamma_partly_missing(*which), "gamma is missing in a term"
        )
    values: dict[str, Callable[[Layer], Array]] = {
        "the scores": lambda at: at.s,
        "the centred scores": lambda at: at.s - at.mean,
        "batch norm's output": lambda at: at.out,
    }
    for words, value in values.items():
        said = f"{words} stand where the normalised scores belong"
        yield Mistake("batchnorm-unnormalised-input", "gamma", _gamma_with(value), said)
        for outer, inner in ((True, True), (True, False), (False, True)):
            function = _with_input(value, outer, inner)
            yield Mistake("batchnorm-unnormalised-input", back, function, said, _DERIVATIVE)
    words = "not divided by the deviation on the way back"
    yield Mistake("batchnorm-unnormalised-input", back, _sigma_missing, words, _DERIVATIVE)
    for mean, variance in ((True, False), (False, True), (True, True)):
        for divisor in (lambda g: g.shape[0], lambda g: g.shape[1]):
            function = _wrong_axis(mean, variance, divisor)
            yield Mistake("batchnorm-wrong-axis", back, function, "a sum runs over the units")
    yield Mistake("swapped", "gamma", right.beta, "it is beta's gradient")
    yield Mistake("swapped", "beta", right.gamma, "it is gamma's gradient")
    yield Mistake(
        "batchnorm-gamma-missing",
        "beta",
        lambda net, at: right.scaled_error(at).sum(axis=0),
        "gamma does not belong here",
    )
    yield from in_front()
