"""Arguments of a layer that are given the same where it is used, as keys and values of attention are: the one gradient
that it gives is then that of all of them together."""

from __future__ import annotations

import copy
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import permutations
from typing import Any

import numpy as np

from chainrule.gradcheck.recognition.layers.adapter_names import OUT
from chainrule.gradcheck.recognition.layers.calls import call_of
from chainrule.gradcheck.recognition.layers.places import shape_of
from chainrule.gradcheck.recognition.layers.plans import LayerPlan, evaluated

_KEY, _VALUE = (re.compile(word, re.IGNORECASE) for word in (r"k|keys?", r"v|val|values?_?"))


def tied_plans(
    plan: LayerPlan, wrong: Collection[str], without: Sequence[str], ran: Mapping[str, Any]
) -> Iterator[tuple[str, list[str], LayerPlan]]:
    """The plan with arguments that have no gradient given the same as one whose gradient does not agree, with that
    one: as many of them as there are first. Each with that name and with theirs.

    Args:
        wrong: the arrays whose gradients do not agree.
        without: those that have none.
        ran: the arrays, by name.
    """
    kinds = plan.call.arrays
    for name in (n for n in wrong if kinds.get(n) in ("inputs", "other")):
        alike = [n for n in without if n in kinds and shape_of(ran[n]) == shape_of(ran[name])]
        sets = [alike] if len(alike) == 1 else [alike, *([each] for each in alike)]
        yield from ((name, same, tied(plan, name, same)) for same in sets if same)


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


def are_attended(
    plan: LayerPlan, names: Collection[str], ran: Mapping[str, Any], namespace: dict[str, Any]
) -> bool:
    """Whether two of some arguments are keys and values of the same attention: by their names, or as the keys make no
    difference where all values are the same, which weights that add up to 1 are to say of."""
    if any(map(_KEY.fullmatch, names)) and any(map(_VALUE.fullmatch, names)):
        return True
    return any(_weighs(plan, key, value, ran, namespace) for key, value in permutations(names, 2))


def _weighs(plan: LayerPlan, key: str, value: str, ran: Mapping[str, Any], namespace: dict[str, Any]) -> bool:
    arrays = {name: ran[name] for name in plan.call.arrays}
    if np.ndim(ran[value]) < 2:
        return False

    def given(**changed: Any) -> Any:
        made = {"layer": copy.deepcopy(ran["layer"])} if plan.made.text else {}
        text = f"[{', '.join([*plan.before_pass, f'{OUT} := {plan.call.text}', plan.output])}][-1]"
        return evaluated(text, namespace, {**made, **arrays, **changed})

    alike = {value: np.broadcast_to(ran[value][..., :1, :], np.shape(ran[value])).copy()}
    other = {key: ran[key][..., ::-1] + 0.5}
    moved = not np.allclose(given(), given(**other))
    return moved and np.allclose(given(**alike), given(**alike, **other))
