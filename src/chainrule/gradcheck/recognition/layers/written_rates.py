"""The rates of a backward pass that takes steps itself, where they are written in it: ``self.W -= 0.01 * dW``."""

from __future__ import annotations

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.number_names import number
from chainrule.gradcheck.recognition.layers.pairs import LayerPair

_LARGEST = 0.1
"""A larger number may belong to the gradient, as a half does."""


def written_rates(layer: LayerPair, file: Definitions) -> dict[str, str]:
    """The rate of each attribute from which a backward pass takes steps, where all are taken with the same."""
    found: dict[str, set[str]] = {}
    for method in file.reached([layer.backward]):
        for name, rate in method.attributes.rates:
            found.setdefault(name, set()).add(rate)
    alone = {name: rates.pop() for name, rates in found.items() if len(rates) == 1}
    return {name: rate for name, rate in alone.items() if 0 < (number(rate) or 0.0) <= _LARGEST}
