"""In what order a layer is tried: the plans that may be its own, in groups, the likely ones first."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import product

from chainrule.gradcheck.program.size_names import size_role
from chainrule.gradcheck.recognition.layers.arguments import CannotCallLayerError
from chainrule.gradcheck.recognition.layers.calls import ForwardCall, forward_calls, is_net
from chainrule.gradcheck.recognition.layers.found import NoTimeLeftError, found_plans
from chainrule.gradcheck.recognition.layers.kinds import COUNTING
from chainrule.gradcheck.recognition.layers.plans import LayerPlan
from chainrule.gradcheck.recognition.layers.shapes import (
    LayerShapes,
    layouts,
    loss_layouts,
    net_layouts,
    special_layouts,
    special_loss_layouts,
    stepwise_loss_layouts,
    with_counting,
    written_layouts,
)
from chainrule.gradcheck.recognition.layers.split_axes import splits_evenly
from chainrule.gradcheck.recognition.layers.trials import LayerTrials

_SHARE = 0.75
"""Of the time that is left, for one way to try arrays whose shapes are found by trying; the rest is for the next."""


def groups(trials: LayerTrials, end: float) -> Iterator[Iterator[LayerPlan]]:
    """How a layer may be tried.

    A group is for layers that take nothing of those before: a stride of 1 after one of 2, a single sample after
    several. Whatever does not agree where it runs is not excused by what does in a later group.

    Args:
        trials: of the layer.
        end: when the tries have to end, by the processor's time.
    """
    layer, file = trials.layer, trials.file
    try:
        calls = list(forward_calls(layer, file, trials.options))
    except CannotCallLayerError as error:
        trials.errors.append(error)
        return
    of_loss = calls[0].is_loss
    usual = [call for call in calls if call.is_usual and not is_net(layer, call)]
    for shapes, group in product(
        _layouts(trials, calls[0]), [usual] if of_loss else [[call] for call in usual]
    ):
        plans = (
            LayerPlan(layer, call, layout, made, file)
            for call, layout in product(group, shapes)
            for made in trials.made(layout)
        )
        even = filter(splits_evenly, plans)
        yield iter({str((plan.call.text, plan.drawn(), plan.made)): plan for plan in even}.values())
    alone = (False, True) if not of_loss or is_net(layer, calls[0]) else (False,)
    for call, single in product(calls[:1] if of_loss else calls, alone):
        yield filter(splits_evenly, _found(trials, call, end, single=single))


def _layouts(trials: LayerTrials, call: ForwardCall) -> list[list[LayerShapes]]:
    """The layouts in groups, those first in each that have the axes which the layer itself says that its inputs
    have."""
    written = _sizes_written(trials)
    kinds = (
        [loss_layouts(), stepwise_loss_layouts(), net_layouts(written), special_loss_layouts()]
        if call.is_loss
        else [layouts(), written_layouts(written), special_layouts()]
    )
    if not {*COUNTING}.isdisjoint(call.arrays.values()):
        kinds = [(wide for layout in each for wide in with_counting(layout)) for each in kinds]
    if not trials.layer.owner and {*call.arrays.values()} == {"inputs"}:
        # The last axis, of two samples, would pass for two features, of which whatever goes in pairs has one.
        kinds = [(layout for layout in each if not layout.are_samples_last) for each in kinds]
    axes = len(call.written.get(call.inputs, ()))
    return [sorted(each, key=lambda layout: axes not in (0, len(layout.inputs))) for each in kinds]


def _sizes_written(trials: LayerTrials) -> frozenset[int]:
    """The numbers written in the constructor of a layer that asks for no sizes; none in that of others."""
    constructor = trials.file.constructors.get(trials.layer.owner)
    asks = constructor is None or any(size_role(a.name) for a in constructor.arguments)
    return frozenset() if constructor is None or asks else constructor.numbers


def _found(trials: LayerTrials, call: ForwardCall, end: float, *, single: bool) -> Iterator[LayerPlan]:
    """How a layer may be tried with arrays of shapes that are found by trying."""
    layout = next(layouts())
    for made in trials.made(layout):
        plan = LayerPlan(trials.layer, call, layout, made, trials.file)
        seconds = (end - time.process_time()) * _SHARE
        try:
            yield from found_plans(plan, trials.namespace, trials.seed, seconds, single=single)
        except NoTimeLeftError as error:
            trials.are_several_left |= not single
            if isinstance(error.__cause__, Exception):
                trials.errors.append(error.__cause__)
        except Exception as error:
            trials.errors.append(error)
