"""Each known mistake as the step of the derivation that it changes.

- ``mistake``: what a mistake is.
- ``scale``: factors: N, 1 / N, -1, a logarithm's base.
- ``scores``: the error of the scores: labels, margins, the derivative of the outputs.
- ``affine``: an affine layer's own gradients.
- ``upstream``: the error on its way to the layer below.
- ``activation``: the derivative of what stands between layers.
- ``relu``: the mask.
- ``penalty``: the penalty's gradient.
- ``batchnorm``: batch norm's backward pass.
- ``forward``: the way forward, in biases, batch norm, scores and loss.

A mistake's function stands in for the right step of :mod:`chainrule.gradcheck.diagnosis.derivation`; it raises
:class:`NotHere` where the mistake cannot be made, such as a wrong orientation that would not fit.
"""

from chainrule.gradcheck.diagnosis.mistakes import (
    activation,
    affine,
    batchnorm,
    forward,
    penalty,
    relu,
    scale,
    scores,
    upstream,
)
from chainrule.gradcheck.diagnosis.mistakes.mistake import IMPOSSIBLE, Mistake, NotHere

__all__ = ["IMPOSSIBLE", "Mistake", "NotHere", "everything"]


def everything() -> list[Mistake]:
    """Every known mistake that a gradient can hold."""
    areas = (scale, scores, affine, upstream, relu, activation, penalty, batchnorm, forward)
    return [mistake for area in areas for mistake in area.everything()]
