"""What a user's cost computes: held against costs of known form at drawn points, until one agrees to the last digits.

A cost is a J_data + sum of penalties. For each form of J_data (loss, batch norm and its epsilon, known mistakes) the
factor a and those of the penalties are solved for from more points than there are factors: a residual of rounding
size means that the form is the right one, and the factors say the rest (1 / ln 10 for a logarithm to base 10, 1 for
the constant when a hinge loss counts the correct class).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.diagnosis import derivation, forms
from chainrule.gradcheck.diagnosis.activations import RELU
from chainrule.gradcheck.diagnosis.derivation import EPSILONS, PlainLayer, PlainNet
from chainrule.gradcheck.diagnosis.forms import Form
from chainrule.gradcheck.diagnosis.layout import ParameterLayout, candidates
from chainrule.gradcheck.diagnosis.losses import LOSSES
from chainrule.gradcheck.diagnosis.mistakes import IMPOSSIBLE
from chainrule.gradcheck.diagnosis.sieve import SMALLEST_FACTOR, Sieve
from chainrule.gradcheck.program.point import Point
from chainrule.gradcheck.program.roles import DataRoles

CONSTANT = ("", "constant")
"""The key of a constant in the cost, among what no penalty should be."""

_RESIDUAL = 1e-9
_SPREAD = 0.5
_CLEARLY = 0.1


@dataclass(frozen=True)
class Reading:
    """A cost that was recognised.

    Attributes:
        roles: what the further arguments are.
        layout: which array is which parameter.
        form: of the data part.
        factor: a, of the mean loss; N for a sum, 1 / ln 10 for a logarithm to base 10.
        penalty: q of q |.|^2 by name, those that are not 0.
        odd: factors of what no penalty should be: ``("W2", "sum")`` for the sum of unsquared weights,
            :data:`CONSTANT` for a constant.
        usual: in a guessed reading, the penalty's factor as a multiple of l2.
    """

    roles: DataRoles
    layout: ParameterLayout
    form: Form
    factor: float
    penalty: dict[str, float]
    odd: dict[tuple[str, str], float]
    usual: float | None = None

    def at(self, point: Point) -> Reading:
        """A guessed reading at another point: its penalty is ``usual`` times the l2 there."""
        if self.usual is None or point.l2 is None:
            return self
        return replace(self, penalty=dict.fromkeys(self.penalty, self.usual * point.l2))

    def net(self, point: Point) -> PlainNet:
        """The net at one point."""
        x, y = self.roles.x(point.data), self.roles.y(point.data)
        layers, form = self.layout.layers(point.arrays), self.form
        return PlainNet(
            layers,
            x,
            _from_zero(y, layers),
            form.loss,
            form.eps,
            dict(self.penalty),
            point.l2,
            self.factor,
            form.activation,
        )


def _from_zero(y: Array, layers: Sequence[PlainLayer]) -> Array:
    """Labels from 0, also where the user counts classes from 1; of a single output they are no classes."""
    outputs = layers[-1].W.shape[0]
    return y - 1 if outputs > 1 and y.max() == outputs else y


def read(point: Point, rng: np.random.Generator) -> Reading | None:
    """Recognise the cost around a point; None where it is of no known form. Right forms are tried first."""
    if point.roles is None:
        return None
    try:
        drawn = _Drawn.around(point, rng)
    except Exception:
        # Around the given point the cost may have no value.
        return None
    fits = [_Fit(drawn, layout, point.roles) for layout in _layouts(point, point.roles)]
    sieves = [Sieve(fit.empty.layout, fit.empty.net, point) for fit in fits]
    for of_kind in (forms.right, forms.other, forms.guarded, forms.mistaken):
        for fit, sieve in zip(fits, sieves, strict=True):
            for form in filter(sieve.passes, of_kind(fit.empty.layout.layers(point.arrays))):
                reading = fit.solved(form)
                if reading is not None:
                    return fit.solved(fit.with_nearest_eps(form))
    return None


def again(reading: Reading, point: Point, rng: np.random.Generator) -> Reading | None:
    """The same reading with the factors at another point; None where the form does not hold there."""
    return _Fit(_Drawn.around(point, rng), reading.layout, reading.roles).solved(reading.form)


def _layouts(point: Point, roles: DataRoles) -> Iterator[ParameterLayout]:
    """Every way in which the parameters can be a net for these inputs and labels."""
    for layout in candidates(point.leaves, roles.x(point.data).shape[1], roles.classes(point.data)):
        if roles.y(point.data).max() <= len(layout.layers(point.arrays)[-1].W):
            yield layout


@dataclass(frozen=True)
class _Drawn:
    """Points drawn around the given one, and the user's cost at each."""

    points: list[Point]
    costs: Array

    @classmethod
    def around(cls, given: Point, rng: np.random.Generator) -> _Drawn:
        """More points than a cost of known form can have factors."""
        arrays = given.arrays
        scale = [
            _SPREAD * max(float(a.std()), 0.05 * max(1.0, float(np.abs(a).max(initial=0.0)))) for a in arrays
        ]
        count = 2 * len(arrays) + 3 * sum(a.ndim > 1 and min(a.shape) > 1 for a in arrays) + 8
        points = [
            given.with_arrays(
                [a + s * rng.standard_normal(a.shape) for a, s in zip(arrays, scale, strict=True)]
            )
            for _ in range(count)
        ]
        return cls(points, np.array([point.cost() for point in points]))


class _Fitted(NamedTuple):
    """The factors of a form's features, what they leave of the costs, and how large the features are."""

    solution: Array
    residual: float
    size: Array


class _Fit:
    """The drawn points read in one layout: nets, and what penalties can be made of."""

    def __init__(self, drawn: _Drawn, layout: ParameterLayout, roles: DataRoles) -> None:
        self._costs = drawn.costs
        self.empty = Reading(roles, layout, Form("cross_entropy", None), 1.0, {}, {})
        self._nets = [self.empty.net(point) for point in drawn.points]
        features = [_features(net) for net in self._nets]
        self._names = list(features[0])
        self._features = np.array([list(of_net.values()) for of_net in features])

    def solved(self, form: Form) -> Reading | None:
        """Solve for the factors; None where the residual is more than rounding."""
        fitted = self._fitted(form)
        largest = max(1.0, float(np.abs(self._costs).max()))
        if fitted is None or not fitted.residual <= _RESIDUAL * largest:
            return None
        if not abs(fitted.solution[0]) > SMALLEST_FACTOR:
            return None
        return self._as_reading(form, fitted.solution, np.abs(fitted.solution) * fitted.size)

    def with_nearest_eps(self, form: Form) -> Form:
        """The form with the eps that fits best: small ones all fit, but the gradient's last digits tell them apart."""
        if form.eps is None:
            return form
        forms = [form, *(replace(form, eps=eps) for eps in EPSILONS if eps != form.eps)]
        residuals = [fitted.residual if (fitted := self._fitted(other)) else np.inf for other in forms]
        nearest = int(np.argmin(residuals))
        return forms[nearest] if residuals[nearest] < _CLEARLY * residuals[0] else form

    def _fitted(self, form: Form) -> _Fitted | None:
        with np.errstate(all="ignore"):
            try:
                means = [self._mean_loss(net, form) for net in self._nets]
            except IMPOSSIBLE:
                return None
            matrix = np.column_stack([means, self._features])
            if not np.isfinite(matrix).all():
                return None
            size = np.abs(matrix).max(axis=0)
            kept = size > 0
            solution = np.zeros(len(size))
            scaled = matrix[:, kept] / size[kept]
            solution[kept] = np.linalg.lstsq(scaled, self._costs, rcond=1e-13)[0] / size[kept]
            return _Fitted(solution, float(np.abs(matrix @ solution - self._costs).max()), size)

    def _mean_loss(self, net: PlainNet, form: Form) -> float:
        form.put_into(net)
        return float(derivation.forward(net, form.steps(len(net.layers))).mean())

    def _as_reading(self, form: Form, solution: Array, contribution: Array) -> Reading:
        heard = {
            key: _rounded(value)
            for key, value, part in zip(self._names, solution[1:], contribution[1:], strict=True)
            if part > 1e-7
        }
        penalty = {name: value for (name, kind), value in heard.items() if kind == "squared"}
        odd = {key: value for key, value in heard.items() if key[1] != "squared"}
        return replace(self.empty, form=form, factor=_rounded(float(solution[0])), penalty=penalty, odd=odd)


def _rounded(value: float) -> float:
    """A factor without the solution's rounding error."""
    return float(f"{value:.9g}")


def _features(net: PlainNet) -> dict[tuple[str, str], float]:
    """What penalties are made of: squares of every parameter; sums, absolute sums and norms of weights; a constant."""
    features = {CONSTANT: 1.0}
    for at in net.layers:
        for kind, value in at.parameters().items():
            features[f"{kind}{at.index}", "squared"] = float(np.square(value).sum())
        name = f"W{at.index}"
        features[name, "sum"] = float(at.W.sum())
        features[name, "absolute"] = float(np.abs(at.W).sum())
        features[name, "norm"] = float(np.linalg.norm(at.W))
    return features


def described(reading: Reading, point: Point) -> str:
    """The net in words."""
    layers = reading.layout.layers(point.arrays)
    widths = [layers[0].W.shape[1], *(at.W.shape[0] for at in layers)]
    form = reading.form
    loss = LOSSES[form.loss].words
    norm = "" if form.eps is None else f" with batch norm (eps {form.eps:g})"
    between = "" if form.activation is RELU or len(layers) == 1 else f" with {form.activation.words}"
    return f"{'-'.join(map(str, widths))}{norm}{between}, {loss}"


def guessed(point: Point) -> Iterator[Reading]:
    """Readings of right form with the usual penalties, whatever the cost computes."""
    roles = point.roles
    if roles is None:
        return
    for layout in _layouts(point, roles):
        layers = layout.layers(point.arrays)
        for form in itertools.chain(forms.right(layers), forms.other(layers)):
            for times in (1.0, 0.5) if roles.l2 is not None else (0.0,):
                penalty = {f"W{layer}": times for layer in range(1, len(layout.weights) + 1)}
                yield Reading(roles, layout, form, 1.0, penalty, {}, times).at(point)
