"""The operations of an engine, each tried by itself: what its gradients are is told, or why it cannot be."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from types import CodeType
from typing import Any

import numpy as np
from numpy.random import default_rng

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.limited import MOST_SECONDS, OutOfTimeError, limited
from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.recognition import adapter
from chainrule.gradcheck.recognition.furthest import described
from chainrule.gradcheck.recognition.layers.engines import OwnEngine
from chainrule.gradcheck.recognition.layers.fitness import LayerFitness, layer_fitness
from chainrule.gradcheck.recognition.layers.operation_adapters import OperationPlan
from chainrule.gradcheck.recognition.layers.operation_draws import (
    draws,
    is_limited,
    may_be_limited,
    special_draws,
)
from chainrule.gradcheck.recognition.layers.operations import Operation, operations
from chainrule.gradcheck.recognition.layers.plans import CannotTryLayerError, evaluated
from chainrule.gradcheck.recognition.layers.runs import code_of
from chainrule.gradcheck.recognition.own_failures import failed_on

_WAY_BACK = re.compile(r"\w*(back|grad|vjp)\w*", re.IGNORECASE)

_STEP = 1e-4
"""How far an operand is moved to see whether the output changes with it."""


@dataclass(frozen=True)
class CheckedOperation:
    """An operation with the adapter that fits best.

    Attributes:
        text: the adapter; empty where none can be told to be right or wrong.
        notes: what that assumes.
        unchecked: what of the operation is not checked.
        others: the other ways to call it, where all that run are right.
    """

    operation: Operation
    text: str
    fitness: LayerFitness
    notes: tuple[str, ...] = ()
    unchecked: tuple[str, ...] = ()
    others: tuple[CheckedOperation, ...] = ()


def checked_operations(
    forms: Sequence[OwnEngine],
    file: Definitions,
    namespace: dict[str, Any],
    seed: int,
    seconds: float,
) -> Iterator[CheckedOperation]:
    """The operations of an engine that run, with the gradients of what they are made of; where not all that an
    operation is tried in agrees, the first that does not.

    Args:
        forms: the engine, of arrays and of numbers.
        file: its functions.
        namespace: the module's own, in which adapters are tried.
        seed: of what they draw.
        seconds: what the tries may take of the processor's time.
    """
    trials = _Trials(forms, file, namespace, seed, time.process_time() + seconds)
    every = operations(forms[0], file)
    called = set[str]()
    for name in dict.fromkeys(operation.function.shown for operation in every):
        tried = map(trials.checked, (each for each in every if each.function.shown == name))
        found = _without_spreads_refused([each for each in tried if each is not None])
        # What is wrong comes before what cannot be told.
        found.sort(key=lambda each: (each.fitness.best, not each.fitness.tells))
        if all(each.fitness.best for each in found):
            found = [replace(each, others=tuple(found[1:])) for each in found[:1]]
        yield from found[:1]
        called |= {name} if found else set()
    for function in (f for f in file.functions if f.owner == forms[0].owner and f.shown not in called):
        if _keeps_a_way_back(function, namespace):
            yield _refused(Operation(function, function.name, ()), "it is not known what it is called with")


def _without_spreads_refused(found: list[CheckedOperation]) -> list[CheckedOperation]:
    """What is found of an operation, without operands spread over each other whose backward pass does not run: not
    checked where it runs for others; an engine may leave it to its user not to spread any."""
    refused = [each for each in found if each.operation.spreads and not each.text]
    kept = [each for each in found if each not in refused]
    if not any(each.operation.spreads for each in kept):
        return kept
    words = tuple(each.operation.shown for each in refused)
    return [replace(each, unchecked=(*each.unchecked, *words)) for each in kept]


def _keeps_a_way_back(function: Function, namespace: dict[str, Any]) -> bool:
    """Whether a method defines a function that is the way back through it, by its name."""
    code = code_of(function, namespace)
    inner = (part for part in code.co_consts if isinstance(part, CodeType)) if code is not None else ()
    return any(_WAY_BACK.fullmatch(part.co_name) for part in inner)


@dataclass
class _Trials:
    """The tries of an engine's operations; ``stopped`` are those of which one has taken too long."""

    forms: Sequence[OwnEngine]
    file: Definitions
    namespace: dict[str, Any]
    seed: int
    end: float
    stopped: set[str] = field(default_factory=set)

    def checked(self, operation: Operation) -> CheckedOperation | None:
        """The adapter of the first way in which an operation runs; None where it runs in none, or has no gradient."""
        left = self.end - time.process_time()
        if operation.function.shown in self.stopped:
            return None
        if left <= 0:
            return _refused(operation, "there was no time left to try it")
        try:
            with limited(min(left, MOST_SECONDS)):
                return self._checked(operation)
        except OutOfTimeError as error:
            self.stopped.add(operation.function.shown)
            return _refused(operation, str(error))
        except Exception as error:
            return _refused(operation, failed_on(error))

    def _checked(self, operation: Operation) -> CheckedOperation | None:
        forms = [f for f in self.forms if not (operation.spreads and (f.of_numbers or not f.holds_arrays))]
        alone = [replace(form, joined=joined) for form in forms for joined in ("out.sum()", "out")]
        failed: Exception | None = None
        for form in (*forms, *alone):
            if failed is not None and form.of_numbers:
                # What raises for arrays is not excused by numbers.
                continue
            for drawn in draws(form, operation):
                plan = OperationPlan(form, operation, drawn, self.file.numpy_name)
                try:
                    return self._tried(plan)
                except Exception as error:
                    ours = isinstance(error, CannotTryLayerError) or not (
                        form.of_numbers or form.holds_arrays
                    )
                    failed = failed or (error if not ours and self._forward_runs(plan) else None)
        if failed is None:
            return None
        return _refused(operation, f"its backward pass does not run: {described(failed)}")

    def _forward_runs(self, plan: OperationPlan) -> bool:
        """Whether an operation gives another object of its engine than those that it is given."""
        rng = default_rng(self.seed)
        drawn = [np.asarray(evaluated(draw, self.namespace, {"rng": rng})) for draw in plan.draws]
        objects = ", ".join(f"of_{name}" for name in plan.names)
        given = dict(zip(plan.names, drawn, strict=True))
        with contextlib.suppress(Exception):
            out, operands = evaluated(f"[{plan.forward}, (out, [{objects}])][-1]", self.namespace, given)
            return hasattr(out, plan.engine.data) and not any(out is each for each in operands)
        return False

    def _tried(self, plan: OperationPlan) -> CheckedOperation:
        """What is told of an operation with one adapter.

        Raises:
            Exception: what the operation raises, or that it is none.
        """
        operation = plan.operation
        plan, program = self._ready(plan)
        if program is None:
            return _refused(operation, "it gives something else each time, whatever numpy.random.seed says")
        lost = _without_gradient(program)
        unchecked: tuple[str, ...] = ()
        if lost and not operation.is_operator:
            if not set(plan.names) - lost:
                words = f"its output changes with {' and '.join(sorted(lost))}, and no gradient comes back"
                return _refused(operation, words)
            unchecked = tuple(f"the gradient of {name}, which is 0" for name in sorted(lost - plan.labels))
            plan = replace(plan, constants=frozenset(lost))
        plan, fitness = self._fitting(plan)
        if fitness.tells and not fitness.best:
            plan, fitness = self._with_special(plan, fitness)
        return CheckedOperation(operation, plan.text(), fitness, plan.notes(), unchecked)

    def _ready(self, plan: OperationPlan) -> tuple[OperationPlan, LocalProgram | None]:
        """The plan with what a run tells, and its program; None where that gives something else each time.

        Raises:
            Exception: what the operation raises, or that it gives one of its operands back.
        """
        missing = self._missing(plan)
        for seeded in (False, True):
            plan = replace(plan, missing=frozenset(missing), seeded=seeded)
            program = self._program(plan)
            given = program.describe()
            costs = [program.cost(given.arrays, given.data) for _ in range(2)]
            if not np.all(np.isfinite(costs)):
                raise CannotTryLayerError("it has no value there")
            if costs[0] == costs[1]:
                return plan, program
        return plan, None

    def _missing(self, plan: OperationPlan) -> set[str]:
        """The operands whose gradients are None after a run.

        Raises:
            Exception: what the operation raises, or that it gives an operand back, or changes what one holds.
        """
        rng = default_rng(self.seed)
        arrays = {
            n: np.asarray(evaluated(draw, self.namespace, {"rng": rng}))
            for n, draw in zip(plan.names, plan.draws, strict=True)
        }
        objects = ", ".join(f"of_{name}" for name in plan.names)
        held = ", ".join(f"{plan.numpy}.array(of_{name}.{plan.engine.data})" for name in plan.names)
        # The forward pass by itself, for what it puts out.
        lines = f"[{plan.forward}, (out, [{objects}], [{held}])][-1]"
        out, operands, after = evaluated(lines, self.namespace, {n: a.copy() for n, a in arrays.items()})
        if any(out is each for each in operands):
            raise CannotTryLayerError("it gives an operand back")
        if not all(map(np.allclose, after, arrays.values())):
            raise CannotTryLayerError("it changes what an operand holds")
        shape = np.shape(getattr(out, plan.engine.data))
        arrays |= {w: np.asarray(rng.normal(size=shape)) for w in plan.outputs}
        kept = ", ".join(plan.kept(name) for name in plan.names)
        found = evaluated(f"[{plan.backward}, [{kept}]][-1]", self.namespace, arrays)
        return {name for name, each in zip(plan.names, found, strict=True) if each is None}

    def _with_special(self, plan: OperationPlan, fitness: LayerFitness) -> tuple[OperationPlan, LayerFitness]:
        """The same, or what agrees with operands of a special kind: it is right where the names say that it is meant
        for these, else nothing can be said."""
        function = plan.operation.function
        may_be = may_be_limited(function, self.file, self.namespace)
        is_meant = is_limited(function) or any(plan.operation.labels)
        for drawn, words in special_draws(plan.engine, plan.operation, limited=may_be):
            other = replace(plan, draws=drawn, alike=words)
            with contextlib.suppress(Exception):
                other, special = self._fitting(other)
                if special.best and is_meant:
                    return other, special
                if special.best:
                    return plan, fitness._replace(
                        doubt=f"it agrees where {words}, and not with other numbers"
                    )
        return plan, fitness

    def _program(self, plan: OperationPlan) -> LocalProgram:
        return adapter.declared(plan.text(), self.namespace, default_rng(self.seed))

    def _fitting(self, plan: OperationPlan) -> tuple[OperationPlan, LayerFitness]:
        """How well an adapter fits: labels are constants, as the gradient may be right for such alone, if no gradient
        of them is the only one that is wrong."""
        fitness = self._fitness(plan)
        if plan.labels <= plan.constants:
            return plan, fitness
        fixed = replace(plan, constants=plan.constants | plan.labels)
        of_others = self._fitness(fixed)
        return (plan, fitness) if of_others.best and not fitness.best else (fixed, of_others)

    def _fitness(self, plan: OperationPlan) -> LayerFitness:
        return layer_fitness(self._program(plan), self.seed, guess="", samples=0, of_loss=True)


def _without_gradient(program: LocalProgram) -> set[str]:
    """The operands with which the output changes though their gradients are 0.

    Raises:
        CannotTryLayerError: the output changes with none, nor is there a gradient of any.
    """
    given = program.describe()
    returned = program.gradient(given.arrays, given.data)
    gradients = dict(zip(returned.names, returned.arrays, strict=True))
    silent = [name for name in given.names if not np.any(gradients.get(name, 0))]
    at = program.cost(given.arrays, given.data)
    lost = set()
    for name in silent:
        moved = [
            a + _STEP * (a + 1) if n == name else a for n, a in zip(given.names, given.arrays, strict=True)
        ]
        if abs(program.cost(moved, given.data) - at) > _STEP**2 * max(1.0, abs(at)):
            lost.add(name)
    if len(silent) == len(given.names) and not lost:
        raise CannotTryLayerError("its output does not change with what it is given")
    return lost


def _refused(operation: Operation, why: str) -> CheckedOperation:
    return CheckedOperation(operation, "", LayerFitness(0, 1, doubt=why))
