"""Layers whose gradients several backward passes give, one those of the inputs and another those of the parameters:
what one leaves out and another gives is checked."""

from __future__ import annotations

from collections.abc import Sequence

from chainrule.gradcheck.recognition.layers.reading import LayerReading


def with_the_others(readings: Sequence[LayerReading]) -> list[LayerReading]:
    """The same layers, each without what it leaves unchecked and another backward pass of its forward pass has
    checked."""
    return [
        reading._replace(unchecked=tuple(words for words in reading.unchecked if words not in given))
        for reading in readings
        for given in [{f"the gradient of {name}" for r in _beside(reading, readings) for name in r.arrays}]
    ]


def _beside(reading: LayerReading, every: Sequence[LayerReading]) -> list[LayerReading]:
    """The other layers of the same forward pass and object that are checked."""
    forward = _forward(reading)
    return [r for r in every if r.text and r is not reading and forward and _forward(r) == forward]


def _forward(reading: LayerReading) -> str:
    """The forward pass as it is told; empty of what has none of its own."""
    forward, slash, _ = reading.label.partition(" / ")
    return forward if slash else ""
