"""Arguments of a layer that are given the same where it is used, as keys and values of attention are: the one gradient
that it gives is then that of all of them together."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from chainrule.gradcheck.recognition.layers.calls import call_of
from chainrule.gradcheck.recognition.layers.plans import LayerPlan


def tied_plans(
    plan: LayerPlan, wrong: Collection[str], without: Sequence[str], ran: Mapping[str, Any]
) -> Iterator[tuple[str, LayerPlan]]:
    """The plan with arguments that have no gradient given the same as one whose gradient does not agree, with that
    one: as many of them as there are first.

    Args:
        wrong: the arrays whose gradients do not agree.
        without: those that have none.
        ran: the arrays, by name.
    """
    kinds = plan.call.arrays
    for name in (n for n in wrong if kinds.get(n) in ("inputs", "other")):
        alike = [n for n in without if n in kinds and np.shape(ran[n]) == np.shape(ran[name])]
        sets = [alike] if len(alike) == 1 else [alike, *([each] for each in alike)]
        yield from ((name, tied(plan, name, same)) for same in sets if same)


def tied(plan: LayerPlan, name: str, same: Sequence[str]) -> LayerPlan:
    """The plan with some arguments given the same as another."""
    call = plan.call
    given = {argument: name if text in same else text for argument, text in call.given.items()}
    alike = replace(
        call,
        arrays={n: kind for n, kind in call.arrays.items() if n not in same},
        inputs=name if call.inputs in same else call.inputs,
        given=given,
        text=call_of(plan.layer, plan.layer.forward, given),
        settings=", ".join([*filter(None, [call.settings]), f"{' and '.join(same)} the same as {name}"]),
    )
    return replace(plan, call=alike, found=tuple(pair for pair in plan.found if pair[0] not in same))
