"""The ways in which a call that the file makes is tried: with objects as they are then, as they were before, and of a
training that takes a step for each sample, with one sample alone."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.function_names import is_gradient_update, is_update
from chainrule.gradcheck.program.names import meaning
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.recognition.witnessed import expressions
from chainrule.gradcheck.recognition.witnessed.returned_gradients import held_arrays
from chainrule.gradcheck.recognition.witnessed.running import Running
from chainrule.gradcheck.recognition.witnessed.steps import one_round
from chainrule.gradcheck.recognition.witnessed.witnessed_call import WitnessedCall

_CLOSE = 1e-9


def is_step(function: Function) -> bool:
    """Whether a function takes a step, and gives no gradients for one."""
    return is_update(function.name) and not is_gradient_update(function.name)


def calls_of(
    function: Function, calls: Mapping[str, WitnessedCall], namespace: dict[str, Any], file: Definitions
) -> Iterator[WitnessedCall]:
    """A call with objects as they are then, and as they were when the code that makes it began to call others; where it
    takes a step for each sample, with one of them alone."""
    call = calls[function.shown]
    if is_step(function) and function.loops and (names := _of_samples(call)):
        with contextlib.suppress(Exception):
            if _goes_one_by_one(function, call, names, namespace, file):
                yield call.with_sample(_fullest(call, names), names)
                return
    yield call
    before = (calls[each.function] for each in call.earlier if each.function in calls and not each.behind)
    first = next((other for other in before if other.caller == call.caller), None)
    if first is not None:
        yield call.with_objects_of(first)


def _of_samples(call: WitnessedCall) -> list[str]:
    """The names of the inputs and labels, which hold an entry for each sample; none where there are no two of them."""
    named = {
        name: call.values.get(name) for name in call.sources if meaning(name).role in ("inputs", "labels")
    }
    lengths = {len(v) for v in named.values() if isinstance(v, list | np.ndarray) and np.ndim(v)}
    roles = {meaning(name).role for name in named}
    return [*named] if len(roles) > 1 and len(lengths) == 1 and min(lengths) > 1 else []


def _fullest(call: WitnessedCall, names: Sequence[str]) -> int:
    """The number of the sample whose inputs have the fewest zeros, behind which parameters take no step."""
    inputs = next(name for name in names if meaning(name).role == "inputs")
    return int(np.argmax([np.count_nonzero(each) for each in call.values[inputs]]))


def _goes_one_by_one(
    step: Function, call: WitnessedCall, names: Sequence[str], namespace: dict[str, Any], file: Definitions
) -> bool:
    """Whether a step with two samples is one with the one and then one with the other."""
    running = Running(call, namespace)
    called = expressions.as_called(step, call, file, lambda given: "")
    if called is None:
        return False
    texts = [*one_round(running), called.text]
    held = [p.text for p in held_arrays(call.values, [n for n in call.sources if n not in names])]

    def left(*parts: slice) -> list[Array]:
        own = running.copy()
        for part in parts:
            vars(own).update({name: call.values[name][part] for name in names})
            running.value(own, texts)
        return [np.array(running.value(own, [text])) for text in held]

    def same(one: Sequence[Array], other: Sequence[Array]) -> bool:
        return all(
            a.shape == b.shape and np.allclose(a, b, rtol=_CLOSE, atol=_CLOSE)
            for a, b in zip(one, other, strict=True)
        )

    first, second = slice(0, 1), slice(1, 2)
    both = left(slice(0, 2))
    in_order = same(both, left(first, second)) or same(both, left(second, first))
    return in_order and not (same(both, left(first)) or same(both, left(second)))
