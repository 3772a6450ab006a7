"""A program whose functions are in this process."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from functools import partial
from types import CodeType, MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.errors import CheckError
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
from chainrule.gradcheck.program.leaves import (
    Leaf,
    gradient_attributes,
    leaves,
    lives_in_place,
    returned_leaves,
)
from chainrule.gradcheck.program.limited import MOST_SECONDS, OutOfTimeError
from chainrule.gradcheck.program.matching import in_order, in_shapes
from chainrule.gradcheck.program.nest import Nest
from chainrule.gradcheck.program.numeric_step import step_of
from chainrule.gradcheck.program.patching import Patches
from chainrule.gradcheck.program.scalar import scalar
from chainrule.gradcheck.program.statements import statements_of
from chainrule.gradcheck.program.watching import WithReplacements
from chainrule.gradcheck.result import TextEdit

_UNCHANGED: WithReplacements = nullcontext()

_STEP = 1e-5
"""How far a value on the way is moved to each side: truncation and rounding are both about 1e-10 there."""


class _UserFunction(NamedTuple):
    """One of the user's functions: how it is called, and where a mistake in it is looked for."""

    binding: Binding
    source: Callable[..., Any]


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
        functions: dict[FunctionName, Callable[..., Any]] = {"cost": cost, "gradient": gradient}
        if numeric is not None:
            functions["numeric"] = numeric
        self._functions = {
            name: _UserFunction(
                called.get(name) or bind(function, given, count, called_so(name)), watched.get(name, function)
            )
            for name, function in functions.items()
        }
        if update is not None:
            self._functions["update"] = _UserFunction(Binding(self._updating(update), ()), update)
        self._by_update = by_update
        self._runs_cost: bool | None = None
        self._patches = Patches(given, gradient)
        self._owner = given if lives_in_place(given) else getattr(gradient, "__self__", None)
        if self._nest.in_place:
            self._nest.leave_out_overwritten(lambda nest: self._call("cost", nest, self._data))
            self._leave_out_buffers()

    def describe(self) -> Description:
        numeric = self._functions.get("numeric")
        return Description(
            names=self._nest.names,
            arrays=[leaf.array.copy() for leaf in self._nest.leaves],
            data=list(self._data),
            data_names=list(self._function("cost").binding.data_names),
            has_numeric=numeric is not None,
            has_update="update" in self._functions,
            numeric_step=None if numeric is None else step_of(numeric.source),
        )

    def cost(self, arrays: Arrays, data: Data, changes: Changes = ()) -> complex:
        with self._patches.made(changes) as replacements, self._nest.holding(arrays) as nest:
            return scalar(self._call("cost", nest, data, self._replacing("cost", replacements)))

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
            return self._gradient(arrays, data, self._replacing(function, replacements), function)

    def _gradient(
        self, arrays: Arrays, data: Data, changed: WithReplacements, function: FunctionName
    ) -> Returned:
        if function == "gradient" and not self._runs_cost:
            # A program may keep in the cost what its gradient needs: both must have seen the same point.
            self.cost(arrays, data)
        returned, after = self._called(function, arrays, data, changed)
        if function == "gradient" and self._by_update:
            return self._taken(arrays, self._new(returned, after))
        gradients = [] if returned is None else returned_leaves(returned, len(arrays))
        kind = type(returned).__name__
        if returned is not None and not gradients:
            gradients = gradient_attributes(returned)
        kept = gradient_attributes(self._owner) if len(gradients) < len(arrays) else []
        # What it returns beside a gradient for each parameter may be that of its inputs.
        if any(leaf.array.any() for leaf in kept) and (returned is None or len(kept) == len(arrays)):
            gradients, kind = kept, "attributes"
        return Returned(
            names=[leaf.name for leaf in gradients],
            arrays=[np.array(leaf.array) for leaf in gradients],
            after=after,
            kind=kind,
        )

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
                if key not in known:
                    its = () if key == CHANGES_NOTHING else changes
                    known[key] = projection(partial(self.gradient, arrays, data, its))
            return np.array([known[key] for key in alike])
        values = [[change for change in changes if isinstance(change, Replacement)] for changes in every]
        with watching.exchanging(self._function("gradient").source) as replacing:
            runs = (partial(self._gradient, arrays, data, replacing(each), "gradient") for each in values)
            return np.array([projection(run) for run in runs])

    def _gradient_runs_cost(self, arrays: Arrays, data: Data) -> bool:
        """Whether the gradient itself calls every function that the cost does, as one that gives both. It is called to
        find out, which is not to be its first call: that counts."""
        cost = {code for code in self._reached("cost", arrays, data) if code.co_name != "<lambda>"}
        return bool(cost) and cost <= {*self._reached("gradient", arrays, data)}

    def update(self, arrays: Arrays, gradient: Arrays, rate: float) -> list[Array]:
        return self._new(*self._called("update", arrays, (gradient, rate)))

    def cost_calls(self, arrays: Arrays, data: Data) -> int:
        # What an adapter wraps is meant, not the adapter's own lambda. Who calls the cost calls all that it calls, and
        # as often: objects that are made on the way are made in the gradient too.
        inside = Counter(c for c in self._reached("cost", arrays, data) if c.co_name != "<lambda>")
        called = Counter(self._reached("gradient", arrays, data))
        return min((called[code] // times for code, times in inside.items()), default=0)

    def quotient(self) -> Quotient | None:
        return quotients.of_function(self._function("gradient").source)

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
        with watching.recording(self._function(function).source, replacements, uses=uses) as recorded:
            self._called(function, arrays, data)
        return recorded

    def statements(self) -> list[NamedStatement]:
        return statements_of(self._function("cost").source, self._function("gradient").source)

    def slopes(
        self, arrays: Arrays, data: Data, ways: Sequence[Replacement], held: Sequence[Replacement] = ()
    ) -> Array:
        with watching.moving(self._function("cost").source, held) as move:

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
        self.cost(arrays, data)
        source = self._function(function).source
        return self._patches.listed(
            source, lambda: self._called(function, arrays, data), line, additions=additions
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
        names, source = self._nest.names, self._function("gradient").source
        if self._runs_cost is None:
            self._runs_cost = self._gradient_runs_cost(arrays, data)

        def along() -> Array:
            own = in_shapes(names, arrays, in_order(names, self.gradient(arrays, data), order))
            return np.array([sum(map(np.vdot, way, own)) for way in ways], dtype=float)

        self.cost(arrays, data)
        return self._patches.fitting(
            source, lambda: self._called("gradient", arrays, data), line, along, wanted, held
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

            with watching.watching(self._function("gradient").source, see):
                self._call("gradient", nest, data)
        return lines[0] if lines else None

    def _leave_out_buffers(self) -> None:
        """Count only leaves that the cost depends on, where an object holds more than its gradient gives: momentum and
        running averages are no parameters."""
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

    def _new(self, returned: Any, after: list[Array]) -> list[Array]:
        """The parameters that an update gives: those that it returns, else those it was given as it left them."""
        if returned is None:
            return after
        own = self._nest.own(returned)
        return [np.array(leaf.array) for leaf in (own if len(own) == len(after) else leaves(returned))]

    def _taken(self, before: Arrays, after: list[Array]) -> Returned:
        """What an update took from the parameters.

        Raises:
            CheckError: it left others.
        """
        if [a.shape for a in after] != [a.shape for a in before]:
            raise CheckError("the update: leaves parameters of other shapes than it was given")
        taken = [np.asarray(a - b) for a, b in zip(before, after, strict=True)]
        return Returned(self._nest.names, taken, after=[np.array(a) for a in before], kind="update")

    def _updating(self, update: Callable[..., Any]) -> Callable[[Any, tuple[Any, ...]], Any]:
        """The update called with its gradient laid out as the parameters are."""
        return lambda nest, data: update(nest, self._nest.like(data[0]), data[1])

    def _function(self, name: FunctionName) -> _UserFunction:
        try:
            return self._functions[name]
        except KeyError:
            raise CheckError(f"{called_so(name)}: none was given") from None

    def _reached(self, name: FunctionName, arrays: Arrays, data: Data) -> list[CodeType]:
        """The user's functions that a call runs, in order."""
        return watching.calls_of(lambda: self._called(name, arrays, data))

    def _called(
        self,
        name: FunctionName,
        arrays: Arrays,
        data: Data,
        changed: WithReplacements = _UNCHANGED,
    ) -> tuple[Any, list[Array]]:
        """What the user's function gives for copies of everything, and the parameters after it."""
        steps = name == "update" or (name == "gradient" and self._by_update)
        with self._nest.holding(arrays, changed=steps) as nest:
            returned = self._call(name, nest, data, changed)
            return returned, [np.array(leaf.array) for leaf in self._nest.own(nest)]

    def _call(self, name: FunctionName, nest: Any, data: Data, changed: WithReplacements = _UNCHANGED) -> Any:
        with changed, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", np.exceptions.ComplexWarning)
            return self._function(name).binding.call(nest, _copied(data))

    def _replacing(self, name: FunctionName, replacements: Sequence[Replacement]) -> WithReplacements:
        if not replacements:
            return _UNCHANGED
        return watching.replacing(self._function(name).source, replacements)


def called_so(name: FunctionName) -> str:
    """What a message calls a function."""
    return "the numeric gradient" if name == "numeric" else f"the {name}"


def _differ(now: Sequence[Leaf], before: Arrays) -> bool:
    return any(not np.array_equal(leaf.array, array) for leaf, array in zip(now, before, strict=False))


def _copied(data: Data) -> tuple[Any, ...]:
    """The data with copies of its arrays, which the user's code may change."""
    return tuple(value.copy() if isinstance(value, np.ndarray) else value for value in data)
