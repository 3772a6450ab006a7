"""What a user's cost computes: held against costs of known form at drawn points, until one agrees to the last digits.

A cost is a J_data + sum of penalties. For each form of J_data (loss, batch norm and its epsilon, known mistakes) the
factor a and those of the penalties are solved for from more points than there are factors: a residual of rounding
size means that the form is the right one, and the factors say the rest (1 / ln 10 for a logarithm to base 10, 1 for
the constant when a hinge loss counts the correct class).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from chainrule.gradcheck.diagnosis import net as nets
from chainrule.gradcheck.diagnosis.layout import Layout, candidates
from chainrule.gradcheck.diagnosis.mistakes import Mistake, NotHere, batchnorm
from chainrule.gradcheck.diagnosis.net import Layer, Net, Step
from chainrule.gradcheck.leaves import Array, Leaf
from chainrule.gradcheck.roles import Roles
from chainrule.gradcheck.subject import Data, Subject

_EPSILONS = (
    1e-5,
    0.0,
    1e-8,
    1e-6,
    1e-7,
    1e-4,
    1e-3,
    1e-9,
    1e-10,
    1e-12,
    1e-15,
    1e-16,
    2.220446049250313e-16,
    1e-2,
)
_RESIDUAL = 1e-9
_SPREAD = 0.5


@dataclass(frozen=True)
class Form:
    """A form of J_data: the loss, batch norm's eps (None without), and a known mistake on the way (None if right), and
    what is added to the probabilities before their logarithm is taken."""

    loss: str
    eps: float | None
    mistake: Mistake | None = None
    log_eps: float = 0.0

    def steps(self, depth: int) -> dict[tuple[str, int], Step]:
        """The steps that the mistake changes, in every layer."""
        if self.log_eps:
            return {("loss", depth): partial(_log_of_more, eps=self.log_eps)}
        if self.mistake is None:
            return {}
        return {(self.mistake.step, layer): self.mistake.function for layer in range(1, depth + 1)}


@dataclass(frozen=True)
class Reading:
    """A cost that was recognised.

    Attributes:
        roles: what the further arguments are.
        layout: which array is which parameter.
        form: of the data part.
        factor: a, of the mean loss; N for a sum, 1 / ln 10 for a logarithm to base 10.
        penalty: q of q |.|^2 by name, those that are not 0.
        usual: in a guessed reading, the penalty's factor as a multiple of l2.
        odd: factors of what no penalty should be: ``("W2", "sum")`` for the sum of unsquared weights,
            ``("", "constant")`` for a constant.
    """

    roles: Roles
    layout: Layout
    form: Form
    factor: float
    penalty: dict[str, float]
    odd: dict[tuple[str, str], float]

    usual: float | None = None

    def at(self, data: Data) -> Reading:
        """A guessed reading at other data: its penalty is ``usual`` times the l2 there."""
        if self.usual is None or self.roles.l2 is None:
            return self
        q = self.usual * float(data[self.roles.l2])
        return replace(self, penalty=dict.fromkeys(self.penalty, q))

    def net(self, arrays: Sequence[Array], data: Data) -> Net:
        """The net at one point."""
        l2 = None if self.roles.l2 is None else float(data[self.roles.l2])
        x, y = self.roles.x(data), self.roles.y(data)
        layers = self.layout.layers(arrays)
        return Net(
            layers,
            x,
            _from_zero(y, layers),
            self.form.loss,
            self.form.eps,
            dict(self.penalty),
            l2,
            self.factor,
        )


def read(
    subject: Subject,
    leaves: Sequence[Leaf],
    arrays: Sequence[Array],
    data: Data,
    roles: Roles,
    rng: np.random.Generator,
) -> Reading | None:
    """Recognise the cost around a point; None where it is of no known form. Right forms are tried first."""
    try:
        drawn = Drawn.around(subject, arrays, data, rng)
    except Exception:
        # Around the given point the cost may have no value.
        return None
    trials = [Trial(drawn, layout, data, roles) for layout in _layouts(leaves, arrays, data, roles)]
    for forms in (_right_forms, _guarded_forms, _mistaken_forms):
        for trial in trials:
            for form in forms(trial.layout):
                found = trial.fitted(form)
                if found is not None:
                    return found
    return None


def again(
    subject: Subject, reading: Reading, arrays: Sequence[Array], data: Data, rng: np.random.Generator
) -> Reading | None:
    """The same reading with the factors at other data; None where the form does not hold there."""
    drawn = Drawn.around(subject, arrays, data, rng)
    return Trial(drawn, reading.layout, data, reading.roles).fitted(reading.form)


def _layouts(leaves: Sequence[Leaf], arrays: Sequence[Array], data: Data, roles: Roles) -> Iterator[Layout]:
    """Every way in which the parameters can be a net for these inputs and labels."""
    for layout in candidates(leaves, roles.x(data).shape[1], roles.classes(data)):
        if roles.y(data).max() <= len(layout.layers(arrays)[-1].W):
            yield layout


@dataclass(frozen=True)
class Drawn:
    """Points drawn around the given one, and the user's cost at each."""

    points: list[list[Array]]
    costs: Array

    @classmethod
    def around(cls, subject: Subject, arrays: Sequence[Array], data: Data, rng: np.random.Generator) -> Drawn:
        """More points than a cost of known form can have factors."""
        scale = [
            _SPREAD * max(float(a.std()), 0.05 * max(1.0, float(np.abs(a).max(initial=0.0)))) for a in arrays
        ]
        count = 2 * len(arrays) + 3 * sum(a.ndim > 1 and min(a.shape) > 1 for a in arrays) + 8
        points = [
            [a + s * rng.standard_normal(a.shape) for a, s in zip(arrays, scale, strict=True)]
            for _ in range(count)
        ]
        return cls(points, np.array([float(np.real(subject.cost(point, data))) for point in points]))


class Trial:
    """The drawn points read in one layout: nets, and what penalties can be made of."""

    def __init__(self, drawn: Drawn, layout: Layout, data: Data, roles: Roles) -> None:
        self.layout, self._costs = layout, drawn.costs
        self._empty = Reading(roles, layout, Form("cross_entropy", None), 1.0, {}, {})
        self._nets = [self._empty.net(point, data) for point in drawn.points]
        self._names = _features(self._nets[0])[0]
        self._features = np.array([_features(net)[1] for net in self._nets])

    def fitted(self, form: Form) -> Reading | None:
        """Solve for the factors; None where the residual is more than rounding."""
        with np.errstate(all="ignore"):
            try:
                means = [self._mean_loss(net, form) for net in self._nets]
            except NotHere:
                return None
            matrix = np.column_stack([means, self._features])
            if not np.isfinite(matrix).all():
                return None
            size = np.abs(matrix).max(axis=0)
            kept = size > 0
            solution = np.zeros(len(size))
            scaled = matrix[:, kept] / size[kept]
            solution[kept] = np.linalg.lstsq(scaled, self._costs, rcond=1e-13)[0] / size[kept]
            residual = np.abs(matrix @ solution - self._costs).max()
        largest = max(1.0, float(np.abs(self._costs).max()))
        if not residual <= _RESIDUAL * largest or not abs(solution[0]) > 1e-6:
            return None
        return self._as_reading(form, solution, np.abs(solution) * size)

    def _mean_loss(self, net: Net, form: Form) -> float:
        net.loss, net.eps = form.loss, form.eps
        return float(nets.forward(net, form.steps(len(net.layers))).mean())

    def _as_reading(self, form: Form, solution: Array, contribution: Array) -> Reading:
        heard = {
            key: _rounded(value)
            for key, value, part in zip(self._names, solution[1:], contribution[1:], strict=True)
            if part > 1e-7
        }
        penalty = {name: value for (name, kind), value in heard.items() if kind == "squared"}
        odd = {key: value for key, value in heard.items() if key[1] != "squared"}
        return replace(self._empty, form=form, factor=_rounded(float(solution[0])), penalty=penalty, odd=odd)


def _right_forms(layout: Layout) -> Iterator[Form]:
    for loss in nets.LOSSES:
        for eps in _epsilons(layout):
            yield Form(loss, eps)


def _guarded_forms(layout: Layout) -> Iterator[Form]:
    """Against the logarithm of 0 a small number is often added, which gradients leave out."""
    for log_eps in (1e-8, 1e-10, 1e-12, 1e-15, 1e-7, 1e-9, 1e-6, 1e-16):
        for eps in _epsilons(layout):
            yield Form("cross_entropy", eps, None, log_eps)


def _log_of_more(net: Net, at: Layer, eps: float) -> Array:
    """-log(p_y + eps) of every sample."""
    P = nets.probabilities(net.found["scores"])
    losses: Array = -np.log(P[np.arange(len(net.y)), net.y] + eps)
    return losses


def _mistaken_forms(layout: Layout) -> Iterator[Form]:
    for loss in nets.LOSSES:
        for mistake in [*batchnorm.in_front(), *in_the_cost()]:
            in_batch_norm = mistake.step in ("statistics", "scale_and_shift")
            for eps in _epsilons(layout):
                if eps is not None or not in_batch_norm:
                    yield Form(loss, eps, mistake)


def _epsilons(layout: Layout) -> list[float | None]:
    """The eps that batch norm may have, None for no batch norm; the likeliest first."""
    if len(layout.weights) == 1:
        return [None]
    has_scale = any(leaf is not None for leaf in layout.gamma)
    return [*_EPSILONS] if has_scale else [None, *_EPSILONS]


def in_the_cost() -> list[Mistake]:
    """Mistakes of the scores and of the loss that a cost can hold."""
    return [
        Mistake(
            "scores-clipped", "scores", lambda net, at: np.maximum(at.out, 0.0), "the scores are clipped at 0"
        ),
        Mistake(
            "hinge-on-probabilities", "scores", _softmax, "the margins are those of softmax probabilities"
        ),
        *(
            Mistake("label-as-index", "loss", function, "the cost picks samples by their label")
            for function in (_by_label, _by_label_twice, _first_labels)
        ),
    ]


def _softmax(net: Net, at: Layer) -> Array:
    if net.loss != "hinge":
        raise NotHere
    return nets.probabilities(at.out)


def _by_label(net: Net, at: Layer) -> Array:
    """-log P[y[n], n] with rows for samples."""
    P, y = nets.probabilities(net.found["scores"]), net.y
    if len(y) > P.shape[1] or y.max() >= len(y):
        return np.full(len(y), np.nan)
    return -np.log(P[y, np.arange(len(y))])


def _by_label_twice(net: Net, at: Layer) -> Array:
    P, y = nets.probabilities(net.found["scores"]), net.y
    return -np.log(P[y, y]) if y.max() < len(P) else np.full(len(y), np.nan)


def _first_labels(net: Net, at: Layer) -> Array:
    """-log P[y], whole rows, averaged over N."""
    P, y = nets.probabilities(net.found["scores"]), net.y
    return -np.log(P[y]).sum(axis=1) if y.max() < len(P) else np.full(len(y), np.nan)


def _rounded(value: float) -> float:
    """A factor without the solution's rounding error."""
    return float(f"{value:.9g}")


def _features(net: Net) -> tuple[list[tuple[str, str]], list[float]]:
    """What penalties are made of: squares of every parameter; sums, absolute sums and norms of weights; a constant."""
    names: list[tuple[str, str]] = [("", "constant")]
    values = [1.0]
    for at in net.layers:
        for kind, value in (("W", at.W), ("b", at.b), ("gamma", at.gamma), ("beta", at.beta)):
            if value is not None:
                names.append((f"{kind}{at.index}", "squared"))
                values.append(float(np.square(value).sum()))
        for kind, number in (
            ("sum", at.W.sum()),
            ("absolute", np.abs(at.W).sum()),
            ("norm", np.linalg.norm(at.W)),
        ):
            names.append((f"W{at.index}", kind))
            values.append(float(number))
    return names, values


def _from_zero(y: Array, layers: Sequence[Layer]) -> Array:
    """Labels from 0, also where the user counts classes from 1."""
    return y - 1 if y.max() == layers[-1].W.shape[0] else y


def described(reading: Reading, arrays: Sequence[Array]) -> str:
    """The net in words."""
    layers = reading.layout.layers(arrays)
    widths = [layers[0].W.shape[1], *(at.W.shape[0] for at in layers)]
    loss = reading.form.loss.replace("_", "-")
    norm = "" if reading.form.eps is None else f" with batch norm (eps {reading.form.eps:g})"
    return f"{'-'.join(map(str, widths))}{norm}, {loss}"


def guessed(leaves: Sequence[Leaf], arrays: Sequence[Array], data: Data, roles: Roles) -> Iterator[Reading]:
    """Readings of right form with the usual penalties, for a cost that could not be recognised."""
    for layout in _layouts(leaves, arrays, data, roles):
        for form in _right_forms(layout):
            for times in (1.0, 0.5) if roles.l2 is not None else (0.0,):
                penalty = {f"W{layer}": times for layer in range(1, len(layout.weights) + 1)}
                yield Reading(roles, layout, form, 1.0, penalty, {}, times).at(data)
