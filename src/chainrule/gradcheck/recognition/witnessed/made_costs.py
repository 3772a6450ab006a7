"""Costs of a file of which no function gives one that is known how to call: its own losses, and the usual ones, of what
its forward pass gives and of labels. They may make a gradient right, never wrong."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.function_names import is_update, rank
from chainrule.gradcheck.program.names import meaning
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.recognition.witnessed import expressions
from chainrule.gradcheck.recognition.witnessed.costs import CostCall
from chainrule.gradcheck.recognition.witnessed.returned_gradients import ReturnedGradient
from chainrule.gradcheck.recognition.witnessed.running import Running, moved

NUMPY = "numpy"
"""What NumPy is called in expressions."""

_COSTS = {
    "squared error": "{np}.sum(({P} - {Y}) ** 2)",
    "cross-entropy": "-{np}.sum({Y} * {np}.log({P}))",
    "binary cross-entropy": "-{np}.sum({Y} * {np}.log({P}) + (1 - {Y}) * {np}.log(1 - {P}))",
}
_STEP, _CLOSE = 1e-6, 1e-5


def usual_costs_of(
    parameters: Sequence[ReturnedGradient],
    settled: Callable[[CostCall], Sequence[str] | None],
    running: Running,
    file: Definitions,
) -> Iterator[CostCall]:
    """The usual costs whose derivative, along one direction, is that of a gradient.

    Args:
        parameters: the parameters.
        settled: expressions, the last of which gives the list of their gradients behind that of a forward pass; None
            where there are none.
        running: what is known.
        file: what it defines.
    """
    costs = {**_own_losses(file), **_COSTS}
    rng = np.random.default_rng(0)
    at = moved([p.array for p in parameters], 1)
    way = [rng.normal(size=p.array.shape) for p in parameters]
    for forward, output in _outputs(parameters, running, file):
        *before, last = forward.texts
        gradients = settled(forward)
        slope = _along(gradients, at, way, running) if gradients is not None else 0.0
        for label in _labels(running.call.values, output, parameters) if slope else ():
            for words, cost in costs.items():
                text = _written(cost, last, f"own.{label}")
                factor = _factor(slope, _slope((*before, text), at, way, running), output)
                if factor:
                    times = cost if factor == "1" else f"{factor} * {cost}"
                    whole = (*before, _written(times, last, f"own.{label}"))
                    yield CostCall(
                        Function(words, ()), whole, (*forward.reads, label), False, parameters=parameters
                    )


def _own_losses(file: Definitions) -> dict[str, str]:
    """The losses of outputs that a file has functions for, with the outputs first or second."""
    named = [f for f in file.functions if not f.owner and rank(f.name, "cost") is not None]
    alike = [f.name for f in named if sum(a.required for a in f.arguments) == 2]
    first = {name: f"{{np}}.sum({name}({{P}}, {{Y}}))" for name in alike}
    return first | {f"{name} with labels first": f"{{np}}.sum({name}({{Y}}, {{P}}))" for name in alike}


def _along(gradients: Sequence[str], at: Any, way: Sequence[Array], running: Running) -> float:
    """A gradient along a direction; 0 where it is no number."""
    try:
        slope = sum(
            float(np.sum(np.asarray(g) * w)) for g, w in zip(running.at(gradients, at), way, strict=True)
        )
    except Exception:
        # Whatever it raises with other parameters.
        return 0.0
    return slope if np.isfinite(slope) else 0.0


def _outputs(
    parameters: Sequence[ReturnedGradient], running: Running, file: Definitions
) -> Iterator[tuple[CostCall, Array]]:
    """What gives arrays that change with each parameter, and these: forward passes first."""
    others = expressions.earlier_calls(running.call, file)
    for function in sorted(file.functions, key=lambda f: rank(f.name, "forward") is None):
        if function.shown == running.call.function or function.name.startswith("__"):
            continue
        if is_update(function.name) or any(
            rank(function.name, kind) is not None for kind in ("numeric", "gradient")
        ):
            continue
        earlier = [e for place, e in others.items() if running.call.earlier[place].function == function.shown]
        by_name = expressions.by_names(function, running.call, file)
        for expression in filter(None, [*earlier, by_name]):
            texts = expressions.after(expression.text, others)
            with contextlib.suppress(Exception):
                for whole, output in _arrays_in(texts, parameters, running):
                    yield CostCall(function, tuple(whole), expression.reads, False), output


def _arrays_in(
    texts: Sequence[str], parameters: Sequence[ReturnedGradient], running: Running
) -> Iterator[tuple[list[str], Array]]:
    value = running.at(texts)
    parts = [""]
    if isinstance(value, tuple):
        parts = [f"[{i}]" for i in range(len(value))]
    elif isinstance(value, list):
        parts = ["", *(["[-1]"] if value else [])]
    arrays = [p.array for p in parameters]
    here, there = moved(arrays, 1), moved(arrays, 2)
    for part in parts:
        whole = [*texts[:-1], f"{NUMPY}.asarray({texts[-1]}{part})"]
        with contextlib.suppress(Exception):
            output = running.at(whole, here)
            varies = (
                not np.array_equal(running.at(whole, [*here[:i], there[i], *here[i + 1 :]]), output)
                for i in range(len(arrays))
            )
            if output.dtype.kind == "f" and output.ndim and output.size and all(varies):
                yield whole, output


def _labels(
    values: Mapping[str, Any], output: Array, parameters: Sequence[ReturnedGradient]
) -> Iterator[str]:
    """The values that may be what outputs are compared with: those first that are called labels."""
    mine = {id(p.array) for p in parameters}

    def fits(value: Any) -> bool:
        with contextlib.suppress(Exception):
            array = np.asarray(value)
            return array.dtype.kind in "fiub" and array.shape == output.shape and id(value) not in mine
        return False

    fitting = [name for name, value in values.items() if fits(value)]
    yield from sorted(fitting, key=lambda name: meaning(name).role != "labels")[:4]


def _written(cost: str, output: str, label: str) -> str:
    """A usual cost of what an expression gives and of labels."""
    text = cost.format(np=NUMPY, P="P", Y="Y")
    return f"(P := {output}, Y := {NUMPY}.asarray({label}), {text})[-1]"


def _factor(slope: float, of_cost: float, output: Array) -> str:
    """The number times which a cost has a slope: that of a sum or a mean, or of half or twice one; else one that
    somebody writes down, or is divided by; empty for none. Which number it is means nothing, as the cost is made up."""
    if not np.isfinite(of_cost) or of_cost == 0:
        return ""
    times = slope / of_cost
    sizes = {"1": 1, "Y.shape[0]": output.shape[0], "Y.shape[-1]": output.shape[-1], "Y.size": output.size}
    for (text, size), number in itertools.product(sizes.items(), (1, 2, 0.5)):
        if abs(times * size - number) <= _CLOSE * number:
            return f"{number:g}" if text == "1" else f"{number:g} / {text}"
    for number, text in ((times, "{:.3g}"), (1 / times, "1 / {:.3g}")):
        said = float(f"{number:.3g}")
        if said > 0 and abs(said - number) <= _CLOSE * number:
            return text.format(said)
    return ""


def _slope(texts: Sequence[str], at: Any, way: Sequence[Array], running: Running) -> float:
    """The derivative of a cost along a direction."""
    try:
        with np.errstate(all="ignore"):
            ahead, behind = (
                float(running.at(texts, [(old, new + h * w) for (old, new), w in zip(at, way, strict=True)]))
                for h in (_STEP, -_STEP)
            )
    except Exception:
        return float("nan")
    return (ahead - behind) / (2 * _STEP)
