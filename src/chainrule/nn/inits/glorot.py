"""Glorot: deviation sqrt(2/(inputs + outputs)), biases likewise (Glorot and Bengio, 2010).

1/inputs keeps the variance on the way forward, 1/outputs that of the errors on the way back; 2/(inputs + outputs) lies
between them. Where few columns go into many units the weights are far smaller than by :mod:`chainrule.nn.inits.he`, so
that what a net learns lies in them more than in what it began with, and is smoother. The units' kinks would all
go through the mean of the columns; biases of the same deviation spread them, as scikit-learn does.
"""

from __future__ import annotations

import math

from chainrule.components.kinds import Init


def deviation(settings: None, inputs: int, outputs: int) -> float:
    """Of weights and biases.

    >>> deviation(None, 4, 4)
    0.5
    """
    return math.sqrt(2.0 / (inputs + outputs))


GLOROT = Init(
    name="glorot",
    about="weights and biases of deviation sqrt(2/(inputs + outputs))",
    deviation=deviation,
    bias=deviation,
)
