"""A program whose functions are in this process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from types import MappingProxyType
from typing import Any

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.program import quotients, watching
from chainrule.gradcheck.program.binding import Binding, bind
from chainrule.gradcheck.program.formula_values import CHANGES_NOTHING, FAILS
from chainrule.gradcheck.program.interface import (
    Arrays,
    Changes,
    Data,
    Description,
    FunctionName,
    NamedStatement,
    Patch,
    Quotient,
    Replacement,
    Returned,
    SourceLine,
    WatchedValue,
)
from chainrule.gradcheck.program.known_changes import GivenWith
from chainrule.gradcheck.program.leaves import (
    Leaf,
    holds_objects,
    lives_in_place,
)
from chainrule.gradcheck.program.limited import MOST_SECONDS, OutOfTimeError
from chainrule.gradcheck.program.matching import in_order, in_shapes
from chainrule.gradcheck.program.nest import Nest
from chainrule.gradcheck.program.numeric_step import step_of
from chainrule.gradcheck.program.patching import Patches
from chainrule.gradcheck.program.returned import parameters_after, returned_gradients, taken
from chainrule.gradcheck.program.scalar import scalar
from chainrule.gradcheck.program.statements import statements_of
from chainrule.gradcheck.program.user_functions import UserFunction, UserFunctions, called_so
from chainrule.gradcheck.program.watching import WithReplacements
from chainrule.gradcheck.result import TextEdit

_STEP = 1e-5
"""How far a value on the way is moved to each side: truncation and rounding are both about 1e-10 there."""


class LocalProgram:
    """Functions of this process as a :class:`chainrule.gradcheck.program.interface.Program`.

    Args:
        cost, gradient: called as :func:`chainrule.gradcheck.program.binding.bind` finds.
        parameters: a nest of floating-point arrays.
        data: what follows the parameters.
        update: ``update(parameters, gradient, rate)``; gives new parameters, or changes those it was given.
        numeric: the user's own numeric gradient, called like ``gradient``.
        watched: the functions in whose source values are watched and a mistake is looked for, where ``cost`` and
            ``gradient`` are not the user's own.
        called: how functions are called that are to be called otherwise.
        by_update: ``gradient`` is an update with a learning rate of 1: it gives new parameters, or changes those it
            was given. The gradient is what it takes from them.

    Raises:
        CheckError: no arrays, integers for parameters, or a function of other arguments.
    """

    def __init__(
        self,
        cost: Callable[..., Any],
        gradient: Callable[..., Any],
        parameters: Any,
        data: Data = (),
        *,
        update: Callable[..., Any] | None = None,
        numeric: Callable[..., Any] | None = None,
        watched: Mapping[FunctionName, Callable[..., Any]] = MappingProxyType({}),
        called: Mapping[FunctionName, Binding] = MappingProxyType({}),
        by_update: bool = False,
    ) -> None:
        self._nest, self._data = Nest(parameters), tuple(data)
        given, count = self._nest.given, len(self._data)
        given_functions: dict[FunctionName, Callable[..., Any]] = {"cost": cost, "gradient": gradient}
        if numeric is not None:
            given_functions["numeric"] = numeric
        functions = {
            name: UserFunction(
                called.get(name) or bind(function, given, count, called_so(name)), watched.get(name, function)
            )
            for name, function in given_functions.items()
        }
        if update is not None:
            functions["update"] = UserFunction(Binding(self._updating(update), ()), update)
        self._functions = UserFunctions(self._nest, functions, by_update=by_update)
        self._by_update = by_update
        self._runs_cost: bool | None = None
        self._patches = Patches(given, gradient)
        of_method = getattr(gradient, "__self__", None)
        self._owner = (
            given if lives_in_place(given) or (holds_objects(given) and not of_method) else of_method
        )
        if self._nest.in_place:
            self._nest.leave_out_overwritten(lambda nest: self._functions.call("cost", nest, self._data))
            self._leave_out_buffers()

    def describe(self) -> Description:
        numeric = self._functions.of("numeric") if "numeric" in self._functions else None
        return Description(
            names=self._nest.names,
            arrays=[leaf.array.copy() for leaf in self._nest.leaves],
            data=list(self._data),
            data_names=list(self._functions.of("cost").binding.data_names),
            has_numeric=numeric is not None,
            has_update="update" in self._functions,
            numeric_step=None if numeric is None else step_of(numeric.source),
        )

    def cost(self, arrays: Arrays, data: Data, changes: Changes = ()) -> complex:
        with self._patches.made(changes) as replacements, self._nest.holding(arrays) as nest:
            return scalar(
                self._functions.call("cost", nest, data, self._functions.replacing("cost", replacements))
            )

    def costs(self, arrays: Arrays, data: Data, leaf: int, entries: Array, steps: Array) -> Array:
        moved = [np.array(array) for array in arrays]
        moved[leaf] = moved[leaf].astype(np.result_type(moved[leaf], steps))
        flat, results = moved[leaf].reshape(-1), []
        for entry, step in zip(entries, steps, strict=True):
            value = flat[entry]
            flat[entry] = value + step
            results.append(self.cost(moved, data))
            flat[entry] = value
        return np.array(results)

    def costs_along(self, arrays: Arrays, data: Data, leaf: int, ways: Array, steps: Array) -> Array:
        moved, results = list(arrays), []
        for way, step in zip(ways, steps, strict=True):
            moved[leaf] = arrays[leaf] + step * way
            results.append(self.cost(moved, data))
        return np.array(results)

    def along(self, arrays: Arrays, data: Data, direction: Arrays, steps: Array) -> Array:
        points = ([a + t * v for a, v in zip(arrays, direction, strict=True)] for t in steps)
        return np.array([self.cost(point, data) for point in points])

    def gradient(
        self,
        arrays: Arrays,
        data: Data,
        changes: Changes = (),
        function: FunctionName = "gradient",
    ) -> Returned:
        with self._patches.made(changes) as replacements:
            return self._gradient(arrays, data, self._functions.replacing(function, replacements), function)

    def _gradient(
        self, arrays: Arrays, data: Data, changed: WithReplacements, function: FunctionName
    ) -> Returned:
        if function == "gradient":
            self._nest.begin_anew()
        if function == "gradient" and not self._runs_cost:
            # A program may keep in the cost what its gradient needs: both must have seen the same point.
            self.cost(arrays, data)
        returned, after = self._functions.called(function, arrays, data, changed)
        if function == "update" or (function == "gradient" and self._by_update):
            return taken(self._nest.names, arrays, parameters_after(self._nest, returned, after))
        return returned_gradients(returned, after, len(arrays), self._owner)

    def projections(
        self,
        arrays: Arrays,
        data: Data,
        weights: Arrays,
        every: Sequence[Changes],
        order: Sequence[int] | None = None,
    ) -> Array:
        names = self._nest.names
        if self._runs_cost is None:
            self._runs_cost = self._gradient_runs_cost(arrays, data)

        def projection(run: Callable[[], Returned]) -> float:
            try:
                pairs = zip(weights, in_shapes(names, arrays, in_order(names, run(), order)), strict=True)
                return sum(float(np.vdot(w, g)) for w, g in pairs)
            except (Exception, OutOfTimeError, SystemExit):
                # Another value, or other code, need not suit the rest.
                return float("nan")

        if any(isinstance(change, Patch) for changes in every for change in changes):
            alike = self._patches.alike(every, lambda: projection(partial(self.gradient, arrays, data)))
            known: dict[Hashable, float] = {FAILS: float("nan")}
            for key, changes in zip(alike, every, strict=True):
                if isinstance(key, GivenWith):
                    known[key] = key.number
                if key not in known:
                    its = () if key == CHANGES_NOTHING else changes
                    known[key] = projection(partial(self.gradient, arrays, data, its))
            return np.array([known[key] for key in alike])
        values = [[change for change in changes if isinstance(change, Replacement)] for changes in every]
        with watching.exchanging(self._functions.of("gradient").source) as replacing:
            runs = (partial(self._gradient, arrays, data, replacing(each), "gradient") for each in values)
            return np.array([projection(run) for run in runs])

    def _gradient_runs_cost(self, arrays: Arrays, data: Data) -> bool:
        """Whether the gradient itself calls every function that the cost does, as one that gives both. It is called to
        find out, which is not to be its first call: that counts."""
        cost = {code for code in self._functions.reached("cost", arrays, data) if code.co_name != "<lambda>"}
        return bool(cost) and cost <= {*self._functions.reached("gradient", arrays, data)}

    def update(self, arrays: Arrays, gradient: Arrays, rate: float) -> list[Array]:
        return parameters_after(self._nest, *self._functions.called("update", arrays, (gradient, rate)))

    def cost_calls(self, arrays: Arrays, data: Data) -> int:
        # What an adapter wraps is meant, not the adapter's own lambda. Who calls the cost calls all that it calls, and
        # as often: objects that are made on the way are made in the gradient too.
        inside = Counter(c for c in self._functions.reached("cost", arrays, data) if c.co_name != "<lambda>")
        called = Counter(self._functions.reached("gradient", arrays, data))
        return min((called[code] // times for code, times in inside.items()), default=0)

    def quotient(self) -> Quotient | None:
        return quotients.of_function(self._functions.of("gradient").source)

    def trace(
        self,
        arrays: Arrays,
        data: Data,
        function: FunctionName = "gradient",
        uses: bool = False,
        replacements: Sequence[Replacement] = (),
    ) -> list[WatchedValue]:
        if function != "update":
            self.cost(arrays, data)
        with watching.recording(self._functions.of(function).source, replacements, uses=uses) as recorded:
            self._functions.called(function, arrays, data)
        return recorded

    def statements(self) -> list[NamedStatement]:
        return statements_of(self._functions.of("cost").source, self._functions.of("gradient").source)

    def slopes(
        self, arrays: Arrays, data: Data, ways: Sequence[Replacement], held: Sequence[Replacement] = ()
    ) -> Array:
        with watching.moving(self._functions.of("cost").source, held) as move:

            def cost(way: Replacement, step: float) -> float:
                move(way._replace(array=step * way.array))
                moved = arrays
                if not way.site:
                    moved = [a + step * way.array if i == way.occurrence else a for i, a in enumerate(arrays)]
                return float(np.real(self.cost(moved, data)))

            def slope(way: Replacement) -> float:
                try:
                    return (cost(way, _STEP) - cost(way, -_STEP)) / (2 * _STEP)
                except (Exception, SystemExit):
                    # Not every value can be another one: a size, an index.
                    return float("nan")

            return np.array([slope(way) for way in ways])

    def patches(
        self,
        arrays: Arrays,
        data: Data,
        line: SourceLine | None = None,
        additions: bool = False,
        function: FunctionName = "gradient",
    ) -> list[Patch]:
        if function != "update":
            self.cost(arrays, data)
        source = self._functions.of(function).source
        return self._patches.listed(
            source, lambda: self._functions.called(function, arrays, data), line, additions=additions
        )

    def fitting(
        self,
        arrays: Arrays,
        data: Data,
        line: SourceLine,
        ways: Sequence[Arrays],
        wanted: Sequence[Array],
        order: Sequence[int] | None = None,
        held: Sequence[Patch] = (),
    ) -> list[Patch]:
        names, source = self._nest.names, self._functions.of("gradient").source
        if self._runs_cost is None:
            self._runs_cost = self._gradient_runs_cost(arrays, data)

        def along() -> Array:
            own = in_shapes(names, arrays, in_order(names, self.gradient(arrays, data), order))
            return np.array([sum(map(np.vdot, way, own)) for way in ways], dtype=float)

        self.cost(arrays, data)
        return self._patches.fitting(
            source, lambda: self._functions.called("gradient", arrays, data), line, along, wanted, held
        )

    def edits(self, patches: Sequence[Patch]) -> list[TextEdit]:
        return self._patches.edits(patches)

    @contextmanager
    def changed(self, patches: Sequence[Patch]) -> Iterator[None]:
        """Within it, the user's functions run with some patches, for whoever calls them; they are stopped after some
        seconds.

        Raises:
            TimeoutError: they take longer.
        """
        with self._patches.made(patches, MOST_SECONDS):
            yield

    def first_mutation(self, arrays: Arrays, data: Data) -> SourceLine | None:
        lines: list[SourceLine] = []
        with self._nest.holding(arrays) as nest:

            def see(value: WatchedValue) -> None:
                if not lines and _differ(self._nest.own(nest), arrays):
                    lines.append(value.line)

            with watching.watching(self._functions.of("gradient").source, see):
                self._functions.call("gradient", nest, data)
        return lines[0] if lines else None

    def _leave_out_buffers(self) -> None:
        """Count only leaves that the cost depends on, where an object holds more than its gradient gives: momentum and
        running averages are no parameters."""
        given = [Leaf(name, array.copy()) for name, array in self._nest.leaves]
        arrays = [leaf.array for leaf in self._nest.leaves]
        try:
            returned = self.gradient(arrays, self._data).arrays
            self.cost(arrays, self._data)
        except Exception:
            # What is wrong with them is said where they are asked for.
            return
        if len(returned) < len(arrays) or self._by_update:
            # An update may change copies of parameters too, for which the cost has no use.
            shapes = [] if self._by_update else [array.shape for array in returned]
            self._nest.leave_out_idle(lambda others: self.cost(others, self._data), shapes)
            self._nest.keep_others(given)

    def _updating(self, update: Callable[..., Any]) -> Callable[[Any, tuple[Any, ...]], Any]:
        """The update called with its gradient laid out as the parameters are."""
        return lambda nest, data: update(nest, self._nest.like(data[0]), data[1])


def _differ(now: Sequence[Leaf], before: Arrays) -> bool:
    return any(not np.array_equal(leaf.array, array) for leaf, array in zip(now, before, strict=False))
