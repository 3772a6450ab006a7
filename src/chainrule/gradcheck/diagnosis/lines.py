"""Each kind of fault with its own way to find the line."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.catalogue.backpropagation import STALE_WEIGHTS, WRONG_LAYER_INPUT
from chainrule.gradcheck.catalogue.batchnorm import BATCHNORM_GAMMA_MISSING
from chainrule.gradcheck.diagnosis import derivation, mending
from chainrule.gradcheck.diagnosis.derivation import Net, Steps
from chainrule.gradcheck.diagnosis.diagnose import Diagnosis
from chainrule.gradcheck.diagnosis.mending import Expected, Value, as_line, last_with_value, on_line, traced
from chainrule.gradcheck.diagnosis.reading import CONSTANT, Reading
from chainrule.gradcheck.numeric.point import Point
from chainrule.gradcheck.program.subject import Arrays, Data, Subject
from chainrule.gradcheck.result import Cause, Line


def with_lines(
    subject: Subject, names: Sequence[str], points: Sequence[Point], explained: Diagnosis
) -> list[Cause]:
    """The causes, each with its line where one was found."""
    wrong = [p for p in points if p.verdict == "wrong"]
    if explained.fault == "cost":
        point = wrong[0] if wrong else points[0]
        line = _in_the_cost(subject, point, explained)
    else:
        line = mending.in_the_gradient(subject, names, wrong[0], _of_the_gradient(explained, wrong[0]))
    return [on_line(cause, line) for cause in explained.causes]


def _of_the_gradient(explained: Diagnosis, point: Point) -> Expected:
    """Every right intermediate value of both ways, and what the mistake makes of it."""
    if explained.reading is None:
        return Expected((), ())
    reading = explained.reading
    net = reading.net(point.arrays, point.data)
    steps = reading.form.steps(len(net.layers))
    right = _both_ways(net, steps)
    if explained.made is None:
        return Expected(right, right)
    mistaken = _both_ways(net, steps | explained.made.steps())
    return _changed(right, mistaken, _meant(explained.causes[0].name, net))


def _meant(cause: str, net: Net) -> list[Value]:
    """Right values that the mistake does not change, but uses others in their place."""
    if cause == STALE_WEIGHTS.name:
        return [Value("W", at.index, at.W) for at in net.layers]
    if cause == WRONG_LAYER_INPUT.name:
        return [Value("h_in", at.index, at.h_in) for at in net.layers]
    if cause == BATCHNORM_GAMMA_MISSING.name:
        return [
            Value("g_hat", at.index, derivation.scaled_error(at)) for at in net.layers if net.normalised(at)
        ]
    return []


def _both_ways(net: Net, steps: Steps) -> list[Value]:
    derivation.forward(net, steps)
    derivation.backward(net, steps)
    return [Value(kind, layer, array) for (kind, layer), array in derivation.traced(net).items()]


def _changed(right: Sequence[Value], mistaken: Sequence[Value], meant: Sequence[Value] = ()) -> Expected:
    """Right values, and those that a mistake makes others of."""
    by_name = {(value.kind, value.layer): value for value in mistaken}
    pairs = [(value, by_name.get((value.kind, value.layer))) for value in right]
    differ = [(a, b) for a, b in pairs if b is not None and not _equal(a.array, b.array)]
    return Expected(right, [a for a, _ in differ], [b for _, b in differ], meant)


def _equal(a: Array, b: Array) -> bool:
    return a.shape == b.shape and np.allclose(a, b, 1e-9, 1e-14)


def _in_the_cost(subject: Subject, point: Point, explained: Diagnosis) -> Line | None:
    if explained.mended is None or explained.reading is None:
        return None
    right, cost = _of_the_cost(explained.mended, point)
    mistaken, _ = _of_the_cost(explained.reading, point)
    return mending.in_the_cost(subject, point, _changed(right, mistaken), cost)


def _of_the_cost(reading: Reading, point: Point) -> tuple[list[Value], float]:
    """Every value on the way forward, and of the penalty; and the cost."""
    net = reading.net(point.arrays, point.data)
    mean = reading.factor * float(derivation.forward(net, reading.form.steps(len(net.layers))).mean())
    penalties, penalty = _of_the_penalty(reading, net)
    cost = mean + penalty + reading.odd.get(CONSTANT, 0.0)
    totals = {
        "sum of losses": reading.factor * float(net.found["losses"].sum()),
        "mean loss": mean,
        "penalties": penalty,
        "cost": cost,
        # What a sum in a loop starts from.
        "nothing": 0.0,
    }
    values = [Value(kind, layer, array) for (kind, layer), array in derivation.traced(net).items()]
    return [*values, *penalties, *(Value(kind, 0, np.array(total)) for kind, total in totals.items())], cost


def _of_the_penalty(reading: Reading, net: Net) -> tuple[list[Value], float]:
    """Every value of the penalty, and the penalty."""
    values, total = [], 0.0
    for at in net.layers:
        for kind, parameter in at.parameters().items():
            own = 0.0
            for form, q, entries in _penalised(reading, f"{kind}{at.index}", parameter):
                entry_sum = float(entries.sum())
                values.append(Value(f"entries of {kind}", at.index, entries))
                values.append(Value(f"sum of {kind}", at.index, np.array(entry_sum)))
                own += q * (float(np.sqrt(entry_sum)) if form == "norm" else entry_sum)
            values.append(Value(f"penalty of {kind}", at.index, np.array(own)))
            total += own
    return values, total


def _penalised(reading: Reading, name: str, value: Array) -> list[tuple[str, float, Array]]:
    """What the cost makes of a parameter, with its factor: squares, or what stands in their place."""
    made_of = {"sum": value, "absolute": np.abs(value), "norm": np.square(value)}
    odd = [(kind, q, made_of[kind]) for (owner, kind), q in reading.odd.items() if owner == name]
    return odd or [("squared", reading.penalty.get(name, 0.0), np.square(value))]


def of_update(subject: Subject, arrays: Arrays, gradient: Arrays, rate: float, value: Array) -> Line | None:
    """The last line of the update that gives a parameter's wrong new value."""
    try:
        sites = subject.trace_update(arrays, gradient, rate)
    except Exception:
        # As in mending.traced.
        return None
    return last_with_value(sites, value)


def of_unsteady_cost(subject: Subject, arrays: Arrays, data: Data) -> Line | None:
    """The first line that gives another value when the cost is computed again."""
    first, second = (traced(subject, arrays, data, "cost") for _ in range(2))
    for a, b in zip(first, second, strict=False):
        if a["site"] != b["site"] or not np.array_equal(a["array"], b["array"]):
            return as_line(a)
    return None


def of_mutation(subject: Subject, arrays: Arrays, data: Data) -> Line | None:
    """The first line after which a parameter is not what it was."""
    try:
        site = subject.first_mutation(arrays, data)
    except Exception:
        # As in mending.traced.
        return None
    return None if site is None else as_line(site)


def of_quotient(subject: Subject, arrays: Arrays, data: Data, entry: float) -> Line | None:
    """The last line of the user's numeric gradient that gives one of its entries."""
    return last_with_value(traced(subject, arrays, data, "numeric"), np.array(entry))


def of_step(subject: Subject) -> Line | None:
    """Where the user's numeric gradient has its step: a default of an argument, or a small constant."""
    site = subject.numeric_step()
    return None if site is None else as_line(site)
