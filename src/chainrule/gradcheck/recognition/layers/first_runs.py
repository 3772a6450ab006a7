"""What only a run of a layer tells of how it is tried: the mode of its object, whether it draws, where its output
stands."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.random import default_rng

from chainrule.gradcheck.program.drawn_files import made
from chainrule.gradcheck.program.function_names import is_cost
from chainrule.gradcheck.program.names import PARAMETER_ROLES, is_rate
from chainrule.gradcheck.program.switch_names import is_training
from chainrule.gradcheck.recognition.adapter import NAME
from chainrule.gradcheck.recognition.layers import places
from chainrule.gradcheck.recognition.layers.adapter_names import OUT
from chainrule.gradcheck.recognition.layers.backward import DOUT, LEFT
from chainrule.gradcheck.recognition.layers.grown import cut_back
from chainrule.gradcheck.recognition.layers.kinds import LISTS
from chainrule.gradcheck.recognition.layers.pairs import LayerPair
from chainrule.gradcheck.recognition.layers.pass_names import is_upstream
from chainrule.gradcheck.recognition.layers.plans import CannotTryLayerError, LayerPlan, quietly
from chainrule.gradcheck.recognition.layers.settings import is_statistic, is_test
from chainrule.gradcheck.recognition.pairing import takes_labels

_OUTPUT = re.compile(
    r"_*(out(put)?s?|a|h|z|s|y|p|act(ivation)?s?|result|values?|pred(iction)?s?)_*", re.IGNORECASE
)

_OTHER_SEED = 1234


def ready(plan: LayerPlan, namespace: dict[str, Any], seed: int) -> tuple[LayerPlan, dict[str, Any]]:
    """The plan with what only a run can tell: the mode of its object, whether it draws, where its output stands; and
    what the names of an adapter stand for after that run.

    Raises:
        Exception: what the layer raises where shapes, settings or the object are not its own.
    """
    if plan.made.text:
        plan = replace(plan, put=_put(plan, _run(plan, namespace, seed, [])["layer"]))
    if not plan.warmed:
        ran = _run(plan, namespace, seed, [*plan.before_pass, f"{OUT} = {plan.call.text}"])
        plan = replace(plan, output=output_of(plan.layer, ran))
        cut = _cut_after_making(plan, ran, namespace, seed)
        plan = replace(plan, warmed=cut is not None, cut=cut or ())
    plan, ran = _deterministic(plan, namespace, seed)
    if not np.size(ran["put_out"]):
        raise CannotTryLayerError("its forward pass gives an empty array")
    if not np.all(np.isfinite(ran["put_out"])):
        raise CannotTryLayerError("its forward pass gives no finite numbers")
    return plan, ran


def _cut_after_making(
    plan: LayerPlan, ran: Mapping[str, Any], namespace: dict[str, Any], seed: int
) -> tuple[str, ...] | None:
    """What takes away again what the first forward pass adds to lists, where it makes parameters: arrays called so that
    the next one leaves as they are; None where it makes none."""
    before = {place.text for place in places.of_object(ran.get("made"), "layer")}
    after = places.of_object(ran.get("layer"), "layer")
    new = [p for p in after if p.text not in before and p.role in PARAMETER_ROLES and not p.is_gradient]
    if not new:
        return None
    forward = [*plan.before_pass, f"{OUT} = {plan.call.text}"]
    put = [*(place.put(f"{place.text} + 1") for place in new), f"put = [{', '.join(p.text for p in new)}]"]
    again = _run(
        plan, namespace, seed, [*forward, *put, *forward, f"kept = [{', '.join(p.text for p in new)}]"]
    )
    if not any(np.array_equal(p, k) for p, k in zip(again["put"], again["kept"], strict=True)):
        return None
    return tuple(cut_back(ran.get("layer"), again["layer"], "made"))


def _deterministic(plan: LayerPlan, namespace: dict[str, Any], seed: int) -> tuple[LayerPlan, dict[str, Any]]:
    """The plan with what makes its forward pass give the same each time: a seed, arrays of its own to change."""
    arrays = tuple(name for name, kind in plan.call.arrays.items() if kind not in LISTS)
    for seeded, copied in ((False, ()), (True, ()), (False, arrays), (True, arrays)):
        tried = replace(plan, seeded=seeded, copied=copied)
        ran = _twice(tried, namespace, seed, arrays)
        # What is cut off below 0 where it stands is the same each time, and another for the backward pass.
        changed = not copied and not all(map(_is_same, map(ran.get, arrays), ran["put_given"]))
        if not changed and _is_same(ran["put_out"], ran["again"]):
            return tried, ran
    raise CannotTryLayerError(
        "its forward pass gives something else each time, whatever numpy.random.seed says"
    )


def _is_same(one: Any, other: Any) -> bool:
    a, b = np.asarray(one), np.asarray(other)
    return np.array_equal(a, b, equal_nan=a.dtype.kind in "fc" and b.dtype.kind in "fc")


def _twice(plan: LayerPlan, namespace: dict[str, Any], seed: int, arrays: Sequence[str]) -> dict[str, Any]:
    """``put_out`` is the output of the second run, ``again`` that of the first; ``put_given`` what some arrays were
    before."""
    forward = [*plan.before_pass, f"{OUT} = {plan.call.text}"]
    first = [
        f"put_given = ({''.join(f'{plan.numpy}.copy({name}), ' for name in arrays)})",
        f"put_before = ({''.join(f'{name}, ' for name in plan.copied)})",
        *forward,
        f"again = {plan.output}",
    ]
    given = [f"({', '.join(plan.copied)},) = put_before"] if plan.copied else []
    lines = [*first, *given, *_object_made(plan), *forward, f"put_out = {plan.output}"]
    return _run(plan, namespace, seed, [*lines, f"{DOUT} = rng.normal(size={plan.numpy}.shape(put_out))"])


def _run(plan: LayerPlan, namespace: dict[str, Any], seed: int, lines: list[str]) -> dict[str, Any]:
    body = [*plan.beginning({}), *_object_made(plan), *lines, f"{LEFT} = {{}}", "return locals()"]
    declaring: dict[str, Any] = {}
    exec(compile("\n    ".join([f"def {NAME}(rng):", *body]), "<layer>", "exec"), namespace, declaring)
    return dict(made(lambda: quietly(declaring[NAME], default_rng(seed)), namespace))


def other_object(plan: LayerPlan, namespace: dict[str, Any]) -> Any:
    """Another object of a layer's, made the same way of other drawn numbers."""
    return _run(plan, namespace, _OTHER_SEED, [])["layer"]


def _object_made(plan: LayerPlan) -> list[str]:
    return ["layer = fresh()"] if plan.made.text else []


def _put(plan: LayerPlan, layer: Any) -> tuple[tuple[str, str], ...]:
    """The training mode where the object is in another, a rate of 1, and labels that the forward pass reads; in tests
    moving averages that are not 0 and 1, with which they could not be seen."""
    held = vars(layer) if hasattr(layer, "__dict__") else {}
    modes = {name: "True" for name, value in held.items() if is_training(name) and value is False}
    rates = {name: "1.0" for name, value in held.items() if is_rate(name) and isinstance(value, float)}
    labels = {name: name for name in plan.call.arrays if name in plan.call.held}
    put = modes | rates | labels | dict(plan.put)
    averages = [
        name for name, value in held.items() if is_statistic(name) and np.asarray(value).dtype.kind == "f"
    ]
    if is_test({**plan.call.set_to, **put}):
        put |= {name: f"layer.{name} * 0.6 + 0.7" for name in averages}
    return tuple(put.items())


def output_of(layer: LayerPair, ran: Mapping[str, Any]) -> str:
    """The expression of the layer's output: what the forward pass gives, or what it leaves on its object. A list of
    arrays of one shape that is filled step by step is one output, and so are numbers beside one another of which the
    backward pass gets dJ/d as one.

    Raises:
        CannotTryLayerError: it does neither.
    """
    returned = ran[OUT]
    one = _is_of_steps(layer, returned) or _is_of_numbers(layer, returned)
    several = isinstance(returned, tuple | list) and len(returned) and not one
    costs = [place for place, name in enumerate(layer.forward.returns) if is_cost(name)] if several else []
    if costs and takes_labels(layer.forward) and np.size(returned[costs[0]]) == 1:
        # A loss may come after the probabilities that it is of.
        return f"{OUT}[{costs[0]}]"
    first = returned[0] if several else returned
    if first is not None and np.asarray(first).dtype.kind not in "fciub":
        raise CannotTryLayerError(f"its forward pass gives no array but {type(first).__name__}")
    if first is not None:
        return f"{OUT}[0]" if several else OUT
    before = {place.text for place in places.of_object(ran.get("made"), "layer")}
    new = [p for p in places.of_object(ran.get("layer"), "layer") if p.text not in before]
    named = [p for p in new if _OUTPUT.fullmatch(p.key)]
    outputs = [p for p in named if p.key.strip("_").lower().startswith("out")] or named
    if not outputs:
        raise CannotTryLayerError("its forward pass gives nothing yet")
    return outputs[0].text


def _is_of_numbers(layer: LayerPair, returned: Any) -> bool:
    """Whether a forward pass that gives no loss gives several numbers, and its backward pass looks up dJ/d of each in
    one argument: ``dout[0]``."""
    if layer.gives_both or takes_labels(layer.forward) or any(map(is_cost, layer.forward.returns)):
        return False
    backward = layer.backward
    looked_up = {*backward.numbered, *backward.taken_apart}
    of_each = any(a.name in looked_up and is_upstream(a.name) for a in backward.arguments)
    of_numbers = isinstance(returned, tuple | list) and len(returned) > 1
    return of_each and of_numbers and all(isinstance(each, float | np.floating) for each in returned)


def _is_of_steps(layer: LayerPair, returned: Any) -> bool:
    """Whether a forward pass gives a list of what it puts out at each step, or of its entries, rather than several
    values."""
    if type(returned) is not list or layer.forward.returns or not returned:
        return False
    try:
        return np.asarray(returned).dtype.kind in "fiu"
    except ValueError:
        # They are not all of one shape.
        return False
