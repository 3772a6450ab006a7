"""Layers that take long, as those that go through images pixel by pixel: they are checked with smaller images, where
they fit as well with these."""

from __future__ import annotations

import contextlib
from dataclasses import replace

from chainrule.gradcheck.recognition.layers.fitting import FittingLayer
from chainrule.gradcheck.recognition.layers.runs import lines_watched
from chainrule.gradcheck.recognition.layers.shapes import LayerShapes
from chainrule.gradcheck.recognition.layers.trials import LayerTrials

_MANY = 300
"""Lines that a forward pass runs, of which a check needs thousands. They are counted as a clock would decide otherwise
on a busy machine, and with other images there are other mistakes to be seen."""

_SMALLER = {5: 4, 7: 5}
"""Sides of images that windows of 3 still lie in at several places which overlap."""


def with_smaller_images(trials: LayerTrials, best: FittingLayer) -> FittingLayer:
    """The adapter for smaller images where a layer takes long, else the same."""
    layout = _smaller(best.plan.layout)
    if best.plan.found or layout is None or _lines(trials, best) <= _MANY:
        return best
    for made in trials.made(layout):
        with contextlib.suppress(Exception):
            for other in trials.fitting(replace(best.plan, layout=layout, made=made)):
                if other.fitness.others == best.fitness.others and other.fitness.order >= best.fitness.order:
                    return other._replace(notes=(*other.notes, "it takes long: smaller images were taken"))
    return best


def _lines(trials: LayerTrials, best: FittingLayer) -> int:
    """How many lines of the user's a forward pass runs, each as often as it does."""
    program = trials.program(best.text)
    given = program.describe()
    run: list[int] = []
    with lines_watched(lambda _, line: run.append(line)):
        program.cost(given.arrays, given.data)
    return len(run)


def _smaller(layout: LayerShapes) -> LayerShapes | None:
    """The same with smaller images; None where its inputs are none."""
    inputs = tuple(_SMALLER.get(size, size) for size in layout.inputs)
    return layout._replace(inputs=inputs) if {*_SMALLER} <= {*layout.inputs} else None
