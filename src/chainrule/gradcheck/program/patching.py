"""A user's function with its source changed a little: which changes there are (:mod:`.patches`), and running one."""

from __future__ import annotations

import ast
import linecache
from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple, TypeVar

from chainrule.arrays import Array
from chainrule.gradcheck.program import watching
from chainrule.gradcheck.program.additions import added
from chainrule.gradcheck.program.change import SmallChange, bodies
from chainrule.gradcheck.program.edits import EditedText
from chainrule.gradcheck.program.exchanged_code import code_looking, code_with, running
from chainrule.gradcheck.program.interface import Changes, Patch, Replacement, SourceLine
from chainrule.gradcheck.program.kept import as_it_was
from chainrule.gradcheck.program.known_changes import known_changes
from chainrule.gradcheck.program.patches import KINDS, changes
from chainrule.gradcheck.program.scope_values import ScopeValues, scope_values
from chainrule.gradcheck.program.source_units import SourceUnit, is_on, is_run, top_level, units_run
from chainrule.gradcheck.result import TextEdit

Given = TypeVar("Given")

MOST_PATCHES, _MOST_EVERYWHERE = 5000, 1000
"""How many there are of a line, at most, and of all lines: the likeliest."""

_LONGEST_SHOWN = 300
_MOST_SECONDS = 0.2
"""What one may take of the processor's time: with another name or number a function may never come to an end."""

_MOST_FOR_A_STATEMENT = 2.0
"""What looking for other formulas of one may take."""


class SourcePatch(NamedTuple):
    """A change, and the piece of source in which it is made."""

    unit: SourceUnit
    change: SmallChange

    def told(self, number: int) -> Patch:
        """As it is told to whoever asks."""
        line = watching.source_line(self.unit.file, self.change.line)
        return Patch(number, self.change.kind, line, self._after(), len(self.change.puts))

    def edits(self) -> list[TextEdit]:
        """How it is written in the user's text; nothing where it cannot be."""
        text = EditedText(self.unit.file, "".join(linecache.getlines(self.unit.file)))
        return text.edits(self.change, self.unit.statement)

    def _after(self) -> str:
        """What stands there with the change."""
        undo = self.change.make()
        try:
            return "; ".join(map(ast.unparse, self.change.shown))[:_LONGEST_SHOWN]
        except Exception:
            # Not every change is code.
            return ""
        finally:
            undo()


class Patches:
    """The small changes of a program's source, and runs with one of them.

    Args:
        owners: what holds all that a run may leave behind.
    """

    def __init__(self, *owners: Any) -> None:
        self._owners, self._every = owners, list[SourcePatch]()
        self._listed: dict[Hashable, list[Patch]] = {}
        # Of what is listed at different times some may be made together.
        self._units: dict[tuple[str, str, int], SourceUnit] = {}

    def listed(
        self,
        function: Callable[..., Any],
        run: Callable[[], object],
        line: SourceLine | None = None,
        *,
        additions: bool = False,
    ) -> list[Patch]:
        """Those of all that ``run``, which calls a function, runs of the user's, or of one line of it, or additions to
        that; the likeliest kinds first. What was listed before is the same again."""
        lines = frozenset(watching.lines_of(function, run))
        units = units_run(self._units, function, lines)
        key = tuple(map(id, units)), line, additions, lines
        if key not in self._listed:
            every = sorted(
                _patches(units, lines, line, additions), key=lambda patch: KINDS.index(patch.change.kind)
            )
            self._listed[key] = self._told(every[: _MOST_EVERYWHERE if line is None else MOST_PATCHES])
        return self._listed[key]

    def _told(self, found: Sequence[SourcePatch]) -> list[Patch]:
        """Some of them, by numbers of their own."""
        first = len(self._every)
        self._every += found
        return [patch.told(number) for number, patch in enumerate(found, start=first)]

    def fitting(
        self,
        function: Callable[..., Any],
        run: Callable[[], object],
        line: SourceLine,
        along: Callable[[], Array],
        wanted: Sequence[Array],
        held: Sequence[Patch] = (),
    ) -> list[Patch]:
        """Other formulas for a line, found by what they give (:mod:`.scope_values`): those with which ``along``, some
        numbers of the gradient (k,), is one of what is wanted, which is not a number where it does not matter. Patches
        that are ``held`` are made in other statements."""
        others = [self._every[patch.number] for patch in held]
        found = [
            SourcePatch(unit, change)
            for unit, statement in _statements_of(self._units, function, run, line)
            for values in scope_values(unit.statement, unit.around, statement, unit.numpy)
            if all(_can_be_held(patch.change, statement) for patch in others)
            for change in self._other_formulas(unit, values, along, wanted, others)
        ]
        return self._told(found)

    def _other_formulas(
        self,
        unit: SourceUnit,
        values: ScopeValues,
        along: Callable[[], Array],
        wanted: Sequence[Array],
        held: Sequence[SourcePatch],
    ) -> list[SmallChange]:
        own = [patch.change for patch in held if patch.unit is unit]
        code = code_looking([*own, values.change()], unit, values.look)
        if code is None:
            return []
        others = {id(patch.unit): patch.unit for patch in held if patch.unit is not unit}
        codes = {
            key: code_with([patch.change for patch in held if patch.unit is other], other)
            for key, other in others.items()
        }

        again = partial(self._again, along)
        found: list[SmallChange] = []
        try:
            # Time may be up while something is put back; so it is put back again once nothing is timed.
            with (
                as_it_was(*self._owners),
                running([unit, *others.values()], {id(unit): code, **codes}, _MOST_FOR_A_STATEMENT),
            ):
                every = (values.written(*each) for each in values.formulas(again, wanted))
                for change in filter(None, every):
                    found.append(change)
        except TimeoutError:
            # What was found by then is found.
            pass
        return found

    def edits(self, patches: Sequence[Patch]) -> list[TextEdit]:
        """How some of them are written in the user's text; nothing where one cannot be."""
        each = [self._every[patch.number].edits() for patch in patches]
        return [edit for edits in each for edit in edits] if all(each) else []

    @contextmanager
    def made(self, changes: Changes, seconds: float = _MOST_SECONDS) -> Iterator[list[Replacement]]:
        """Within it, the user's functions run with the patches that are among some changes, and take so long of the
        processor's time at most; gives the others.

        Raises:
            RuntimeError: with the changes, they end Python.
        """
        try:
            with self._put_in(changes, seconds) as others:
                yield others
        except SystemExit:
            if not changes:
                raise
            raise RuntimeError("with a change, the code ends Python") from None

    @contextmanager
    def _put_in(self, changes: Changes, seconds: float) -> Iterator[list[Replacement]]:
        others = [change for change in changes if isinstance(change, Replacement)]
        patches = [self._every[each.number] for each in changes if isinstance(each, Patch)]
        if not patches:
            yield others
            return
        units = {id(patch.unit): patch.unit for patch in patches}.values()
        codes = {
            id(unit): code_with([patch.change for patch in patches if patch.unit is unit], unit)
            for unit in units
        }
        with as_it_was(*self._owners), running(units, codes, seconds):
            yield others

    def alike(self, every: Sequence[Changes], run: Callable[[], float]) -> list[Hashable]:
        """For each of many changes, what is the same for all that make the same difference
        or what a run gives with it (:mod:`.known_changes`); its place where nothing is known of it.

        Args:
            run: runs the gradient, and gives a number of it.
        """
        own: dict[int, dict[int, SmallChange]] = {}
        units: dict[int, SourceUnit] = {}
        for place, made in enumerate(every):
            match made:
                case [Patch(number=number)]:
                    unit, change = self._every[number]
                    own.setdefault(id(unit), {})[place] = change
                    units[id(unit)] = unit
        keys: list[Hashable] = list(range(len(every)))
        for unit_id, of_unit in own.items():
            # Time may be up while something is put back, as above.
            with as_it_was(*self._owners):
                known = known_changes(units[unit_id], of_unit, partial(self._again, run))
            for place, key in known.items():
                keys[place] = key
        return keys

    def _again(self, run: Callable[[], Given]) -> Given:
        with as_it_was(*self._owners):
            return run()


def _patches(
    units: Sequence[SourceUnit], lines: Collection[tuple[str, int]], line: SourceLine | None, additions: bool
) -> Iterator[SourcePatch]:
    """The changes of all lines that are run, or of one, in some pieces."""

    def is_meant(file: str, statement: ast.stmt) -> bool:
        return is_run(lines, file, statement) if line is None else is_on(line, file, statement)

    for unit in units:
        is_run_there = partial(is_meant, unit.file)
        piece = unit.statement, unit.around, is_run_there, top_level(unit.file)
        found = added(*piece) if additions else changes(*piece, thorough=line is not None)
        yield from (SourcePatch(unit, change) for change in found)


def _statements_of(
    units: dict[tuple[str, str, int], SourceUnit],
    function: Callable[..., Any],
    run: Callable[[], object],
    line: SourceLine,
) -> list[tuple[SourceUnit, ast.stmt]]:
    """The statements of a line that take a value, and the pieces of source that they stand in."""
    lines = watching.lines_of(function, run)
    return [
        (unit, statement)
        for unit in units_run(units, function, lines)
        for body in bodies(unit.statement)
        for statement in body.get()
        if isinstance(statement, ast.Assign | ast.AugAssign | ast.Return)
        and is_on(line, unit.file, statement)
    ]


def _can_be_held(change: SmallChange, statement: ast.stmt) -> bool:
    """Whether a change leaves a statement, and what stands around it, as they are."""
    return change.statement is not statement and all(isinstance(new, ast.expr) for _, new in change.puts)
