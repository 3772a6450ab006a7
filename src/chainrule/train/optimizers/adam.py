"""Adam (Kingma and Ba, 2015); the mathematics is in :mod:`chainrule.train.optimizers.moments`. The penalty l2 is part
of the gradient, as PyTorch's Adam has it."""

from __future__ import annotations

from chainrule.components.kinds import Optimizer
from chainrule.train.optimizers.moments import STATE, Moments, kernel, numbers, step


class Adam(Moments):
    """The settings of Adam."""


ADAM = Optimizer(
    name="adam",
    about="Adam, `p - rate m / (sqrt(v) + eps)`, of means m of g and v of g^2 that begin with 0 and are corrected for "
    "it; the penalty is part of g",
    settings=Adam,
    example="{ beta1 = 0.9, beta2 = 0.999, eps = 1e-8 }",
    state=STATE,
    step=step,
    kernel=kernel,
    numbers=numbers,
)
