"""Where the line comes from: each kind of fault has its own way to find it.

Of a diagnosis it is the place where right values mend the outcome (:mod:`.mending`); of a parameter that is changed,
of a cost that is not steady and of what is handed in beside the gradient, the place where the odd value is formed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from types import MappingProxyType

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.catalogue.backpropagation import STALE_WEIGHTS, WRONG_LAYER_INPUT
from chainrule.gradcheck.catalogue.batchnorm import BATCHNORM_GAMMA_MISSING, BATCHNORM_RUNNING_STATISTICS
from chainrule.gradcheck.catalogue.unknown import UNKNOWN
from chainrule.gradcheck.diagnosis import derivation, known_layer, patched, penalty_factor, several
from chainrule.gradcheck.diagnosis.derivation import PlainNet, Steps
from chainrule.gradcheck.diagnosis.derived_values import derived_values
from chainrule.gradcheck.diagnosis.diagnose import Diagnosis
from chainrule.gradcheck.diagnosis.evidence import Evidence, Made, predicted, same
from chainrule.gradcheck.diagnosis.locating import astray
from chainrule.gradcheck.diagnosis.mending import (
    Expected,
    RightValue,
    in_the_cost,
    in_the_gradient,
)
from chainrule.gradcheck.diagnosis.reading import CONSTANT, Reading
from chainrule.gradcheck.diagnosis.true_values import TrueValues
from chainrule.gradcheck.diagnosis.watched import first_mutation, last_with_value, watched_values
from chainrule.gradcheck.numeric.checked_point import CheckedPoint
from chainrule.gradcheck.program.interface import SourceLine
from chainrule.gradcheck.program.point import Point
from chainrule.gradcheck.result import Line


def of_diagnosis(diagnosis: Diagnosis, points: Sequence[CheckedPoint]) -> Line | None:
    """Where what the diagnosis says is wrong is written."""
    wrong = [checked for checked in points if checked.verdict == "wrong"]
    if diagnosis.line is not None or (diagnosis.fault == "gradient" and not wrong):
        return diagnosis.line
    if diagnosis.fault != "gradient":
        return _of_cost_fault(diagnosis, (wrong or points)[0].point)
    line = _of_any(wrong[0], points) if diagnosis.reading is None else None
    line = line or in_the_gradient(wrong[0], _expected_in_the_gradient(diagnosis, wrong[0].point))
    if line is None and diagnosis.causes[0].name != UNKNOWN.name:
        patch = patched.mending(points)
        line = None if patch is None else patched.line_of(patch)
    # What makes it the cost's gradient may spoil it.
    either = penalty_factor.may_be_the_costs(diagnosis.causes, diagnosis.mistake, diagnosis.reading)
    return replace(line, right="") if line is not None and either else line


def _of_any(wrong: CheckedPoint, points: Sequence[CheckedPoint]) -> Line | None:
    """The line of a small change that mends a gradient of any kind, as what it gives may be right but for a factor that
    an earlier line should have; else the first that goes wrong."""
    place = next(iter(astray(wrong, TrueValues(wrong.point))), None)
    patch = (patched.mending(points, place.line) if place else None) or patched.mending(points)
    if patch is not None:
        return patched.line_of(patch)
    return Line.of_source(*place.line) if place else None


class LinesOfCauses:
    """Where each cause of a diagnosis is. Of several mistakes each is looked for with the others made: with what
    belongs in its place the gradient is what these make of it.

    Args:
        diagnosis: with the causes.
        points: at which the gradient was compared.
    """

    def __init__(self, diagnosis: Diagnosis, points: Sequence[CheckedPoint]) -> None:
        self._diagnosis, self._points = diagnosis, points
        self._wrong = [checked for checked in points if checked.verdict == "wrong"]

    def of(self, cause: str) -> Line | None:
        """The line of one, by its name."""
        made, reading = self._diagnosis.mistake, self._diagnosis.reading
        if made is None or reading is None or not self._wrong:
            return self._of_all
        own, others = made.parted(cause)
        if not own.mistakes or not others.mistakes:
            return self._of_all
        evidence = Evidence(self._wrong[0], reading)
        line = self._beside(others.steps(), cause, evidence) or self._by_what_it_spoils(own, evidence)
        # One bug may be several mistakes in a derivation: weights that are stale are so wherever they are used.
        return line or self._of_all

    @cached_property
    def _of_all(self) -> Line | None:
        return of_diagnosis(self._diagnosis, self._points)

    def _beside(self, others: Steps, cause: str, evidence: Evidence) -> Line | None:
        with_others = predicted(evidence, others)
        if with_others is None:
            return None
        expected = _expected_in_the_gradient(self._diagnosis, evidence.checked.point, cause, others)
        return in_the_gradient(replace(evidence.checked, numeric=with_others), expected)

    def _by_what_it_spoils(self, own: Made, evidence: Evidence) -> Line | None:
        """Of the places that mend the gradient together the one at which most of the parameters are spoilt that a
        mistake alone spoils."""
        alone, right = predicted(evidence, own.steps()), predicted(evidence, {})
        if len(self._parts) < 2 or alone is None or right is None:
            return None
        leaves = zip(evidence.checked.point.names, alone, right, strict=True)
        spoilt = {name for name, a, b in leaves if not same(a, b)}
        return max(self._parts, key=lambda part: len(spoilt & {*part[1]}))[0]

    @cached_property
    def _parts(self) -> list[tuple[Line, tuple[str, ...]]]:
        """The lines of several mistakes, and the parameters that each spoils."""
        if parts := several.Pairs(self._points).adding_up():
            return [(Line.of_source(*part.patch.line), part.tensors) for part in parts]
        places = astray(self._wrong[0], TrueValues(self._wrong[0].point))
        return [(Line.of_source(*place.line), place.tensors) for place in places]


def _expected_in_the_gradient(
    diagnosis: Diagnosis, point: Point, cause: str = "", others: Steps = MappingProxyType({})
) -> Expected:
    """Every right intermediate value of both ways, and what the mistake makes of it; of one ``cause`` of several, with
    what the ``others`` make of them."""
    if diagnosis.reading is None:
        layer = known_layer.outputs(point)
        values = known_layer.right_values(point.arrays, *layer) if layer is not None else []
        return Expected(values, values)
    net = diagnosis.reading.net(point)
    steps = diagnosis.reading.form.steps(len(net.layers))
    right = _both_ways(net, steps | dict(others))
    if diagnosis.mistake is None:
        return Expected(right, right)
    wrong = {key: step for key, step in diagnosis.mistake.steps().items() if key not in others}
    mistaken = _both_ways(net, steps | dict(others) | wrong)
    changed = _changed(right, mistaken, _meant(cause or diagnosis.causes[0].name, net))
    factors = [
        value for value in right if value.kind == "slope" and ("activate_backward", value.layer) in wrong
    ]
    return replace(changed, wanted=[*changed.wanted, *factors])


def _meant(cause: str, net: PlainNet) -> list[RightValue]:
    """Right values that the mistake leaves as they are and does not use where it should."""
    if cause == STALE_WEIGHTS.name:
        return [RightValue("W", at.index, at.W) for at in net.layers]
    if cause == WRONG_LAYER_INPUT.name:
        return [RightValue("h_in", at.index, at.h_in) for at in net.layers]
    if cause == BATCHNORM_RUNNING_STATISTICS.name:
        kinds = ("mean", "variance", "sigma", "1/sigma")
        every = derived_values(net).items()
        return [RightValue(kind, layer, value) for (kind, layer), value in every if kind in kinds]
    if cause == BATCHNORM_GAMMA_MISSING.name:
        return [
            RightValue("g_hat", at.index, derivation.scaled_error(at))
            for at in net.layers
            if net.normalised(at)
        ]
    return []


def _both_ways(net: PlainNet, steps: Steps) -> list[RightValue]:
    derivation.forward(net, steps)
    derivation.backward(net, steps)
    return [RightValue(kind, layer, array) for (kind, layer), array in derived_values(net).items()]


def _changed(
    right: Sequence[RightValue], mistaken: Sequence[RightValue], meant: Sequence[RightValue] = ()
) -> Expected:
    """Right values, and those that a mistake makes others of."""
    by_name = {(value.kind, value.layer): value for value in mistaken}
    pairs = [(value, by_name.get((value.kind, value.layer))) for value in right]
    differ = [(a, b) for a, b in pairs if b is not None and not _unchanged(a.array, b.array)]
    return Expected(right, [a for a, _ in differ], [b for _, b in differ], meant)


def _unchanged(a: Array, b: Array) -> bool:
    return a.shape == b.shape and np.allclose(a, b, 1e-9, 1e-14)


def _of_cost_fault(diagnosis: Diagnosis, point: Point) -> Line | None:
    if diagnosis.reading_mended is None or diagnosis.reading is None:
        return None
    right, cost = _values_of_the_cost(diagnosis.reading_mended, point)
    mistaken, _ = _values_of_the_cost(diagnosis.reading, point)
    return in_the_cost(point, _changed(right, mistaken), cost)


def _values_of_the_cost(reading: Reading, point: Point) -> tuple[list[RightValue], float]:
    """Every value on the way forward, and of the penalty; and the cost."""
    net = reading.net(point)
    mean = reading.factor * float(derivation.forward(net, reading.form.steps(len(net.layers))).mean())
    penalties, penalty = _values_of_the_penalty(reading, net)
    cost = mean + penalty + reading.odd.get(CONSTANT, 0.0)
    totals = {
        "sum of losses": reading.factor * float(net.values["losses"].sum()),
        "mean loss": mean,
        "penalties": penalty,
        "cost": cost,
        # What a sum in a loop starts from.
        "nothing": 0.0,
    }
    values = [RightValue(kind, layer, array) for (kind, layer), array in derived_values(net).items()]
    return [
        *values,
        *penalties,
        *(RightValue(kind, 0, np.array(total)) for kind, total in totals.items()),
    ], cost


def _values_of_the_penalty(reading: Reading, net: PlainNet) -> tuple[list[RightValue], float]:
    """Every value of the penalty, and the penalty."""
    values, total = [], 0.0
    for at in net.layers:
        for kind, parameter in at.parameters().items():
            own = 0.0
            for form, q, entries in _penalised(reading, f"{kind}{at.index}", parameter):
                entry_sum = float(entries.sum())
                values.append(RightValue(f"entries of {kind}", at.index, entries))
                values.append(RightValue(f"sum of {kind}", at.index, np.array(entry_sum)))
                own += q * (float(np.sqrt(entry_sum)) if form == "norm" else entry_sum)
            values.append(RightValue(f"penalty of {kind}", at.index, np.array(own)))
            total += own
    return values, total


def _penalised(reading: Reading, name: str, value: Array) -> list[tuple[str, float, Array]]:
    """What the cost makes of a parameter, with its factor: squares, or what stands in their place."""
    made_of = {"sum": value, "absolute": np.abs(value), "norm": np.square(value)}
    odd = [(kind, q, made_of[kind]) for (owner, kind), q in reading.odd.items() if owner == name]
    return odd or [("squared", reading.penalty.get(name, 0.0), np.square(value))]


def of_value(point: Point, value: Array) -> Line | None:
    """The last line of the gradient that gives a value which came back."""
    return last_with_value(watched_values(point, "gradient"), value)


def of_update(point: Point, gradient: Sequence[Array], rate: float, value: Array) -> Line | None:
    """The last line of the update that gives a parameter's wrong new value."""
    return last_with_value(watched_values(point.with_data((list(gradient), rate)), "update"), value)


def of_quotient(point: Point, entry: float) -> Line | None:
    """The last line of the user's numeric gradient that gives one of its entries."""
    return last_with_value(watched_values(point, "numeric"), np.array(entry))


def of_step(point: Point) -> Line | None:
    """Where the user's numeric gradient has its step: a default of an argument, or a small constant."""
    return _shown(point.program.describe().numeric_step)


def of_unsteady_cost(point: Point) -> Line | None:
    """The first line that gives another value when the cost is computed again."""
    for first, second in zip(watched_values(point, "cost"), watched_values(point, "cost"), strict=False):
        if first.site != second.site or not np.array_equal(first.array, second.array):
            return _shown(first.line)
    return None


def of_mutation(point: Point) -> Line | None:
    """The first line after which a parameter is not what it was."""
    return _shown(first_mutation(point))


def _shown(line: SourceLine | None) -> Line | None:
    return None if line is None else Line.of_source(*line)
