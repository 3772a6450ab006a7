"""A user's function with its source changed a little: which changes there are (:mod:`.patches`), and running one."""

from __future__ import annotations

import ast
import copy
import linecache
import warnings
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property, partial
from types import CodeType, FunctionType
from typing import Any, NamedTuple

from chainrule.arrays import Array
from chainrule.gradcheck.program import watching
from chainrule.gradcheck.program.additions import added
from chainrule.gradcheck.program.change import SmallChange, bodies
from chainrule.gradcheck.program.classic_division import divides_so
from chainrule.gradcheck.program.edits import EditedText
from chainrule.gradcheck.program.formula_values import FormulaValues
from chainrule.gradcheck.program.interface import Changes, Patch, Replacement, SourceLine
from chainrule.gradcheck.program.kept import as_it_was
from chainrule.gradcheck.program.limited import OutOfTimeError, limited
from chainrule.gradcheck.program.made_functions import with_made_functions
from chainrule.gradcheck.program.patches import KINDS, changes
from chainrule.gradcheck.program.reaching import reachable
from chainrule.gradcheck.program.recompiling import Recompiled
from chainrule.gradcheck.program.scope_values import scope_values
from chainrule.gradcheck.program.source import ADAPTER
from chainrule.gradcheck.program.wrapping import matching, side_by_side, with_probe
from chainrule.gradcheck.result import TextEdit

MOST_PATCHES, _MOST_EVERYWHERE = 5000, 1000
"""How many there are of a line, at most, and of all lines: the likeliest."""

_LONGEST_SHOWN = 300
_MOST_SECONDS = 0.2
"""What one may take of the processor's time: with another name or number a function may never come to an end."""

_MOST_FOR_ALL, _FEW = 2.0, 20
"""What a run with all formulas in it may take; how many are not worth one."""

_MOST_FOR_A_STATEMENT = 2.0
"""What looking for other formulas of one may take."""


@dataclass
class _Unit:
    """A piece of source that is compiled by itself: a function of a module, or of a class, in its class.

    Attributes:
        file: as tracebacks name it.
        tree: the piece alone.
        statement: the function.
        around: the class, or the function itself.
        classic: whether it divides whole numbers as Python 2 did.
        functions: those that were made of it.
    """

    file: str
    tree: ast.Module
    statement: ast.stmt
    around: ast.AST
    classic: bool
    functions: list[FunctionType] = field(default_factory=list)

    @cached_property
    def compiler(self) -> Recompiled:
        """What compiles it."""
        return Recompiled(self.tree, self.file, classic=self.classic)

    @cached_property
    def plain(self) -> CodeType:
        """Its code as the user wrote it."""
        return self.compiler.code()


class SourcePatch(NamedTuple):
    """A change, and the piece of source in which it is made."""

    unit: _Unit
    change: SmallChange

    def told(self, number: int) -> Patch:
        """As it is told to whoever asks."""
        line = watching.source_line(self.unit.file, self.change.line)
        return Patch(number, self.change.kind, line, self._after())

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
        # Of what is listed at different times some may be made together.
        self._units: dict[tuple[str, str, int], _Unit] = {}

    def listed(
        self,
        function: Callable[..., Any],
        run: Callable[[], object],
        line: SourceLine | None = None,
        *,
        additions: bool = False,
    ) -> list[Patch]:
        """Those of all that ``run``, which calls a function, runs of the user's, or of one line of it, or additions to
        that; the likeliest kinds first."""
        every = sorted(
            _patches(self._units, function, run, line, additions),
            key=lambda patch: KINDS.index(patch.change.kind),
        )
        likeliest = every[: _MOST_EVERYWHERE if line is None else MOST_PATCHES]
        first = len(self._every)
        self._every += likeliest
        return [patch.told(number) for number, patch in enumerate(likeliest, start=first)]

    def fitting(
        self,
        function: Callable[..., Any],
        run: Callable[[], object],
        line: SourceLine,
        along: Callable[[], Array],
        wanted: Sequence[Array],
    ) -> list[Patch]:
        """Other formulas for a line, found by what they give (:mod:`.scope_values`): those with which ``along``, some
        numbers of the gradient (k,), is one of what is wanted, which is not a number where it does not matter."""
        found = [
            SourcePatch(unit, change)
            for unit, statement in _statements_of(self._units, function, run, line)
            for change in self._found(unit, statement, along, wanted)
        ]
        first = len(self._every)
        self._every += found
        return [patch.told(number) for number, patch in enumerate(found, start=first)]

    def _found(
        self, unit: _Unit, statement: ast.stmt, along: Callable[[], Array], wanted: Sequence[Array]
    ) -> list[SmallChange]:
        values = scope_values(unit.statement, unit.around, statement)
        if values is None:
            return []
        code = _code_looking(values.change(), unit, values.look)
        if code is None:
            return []

        def again() -> Array:
            with as_it_was(*self._owners):
                return along()

        found: list[SmallChange] = []
        try:
            with _running([unit], {id(unit): code}, _MOST_FOR_A_STATEMENT):
                for place, each in values.found(again, wanted):
                    found.append(SmallChange(each.kind, statement, ((place, each.new),), (statement,)))
        except TimeoutError:
            # What was found by then is found.
            pass
        return found

    def edits(self, patches: Sequence[Patch]) -> list[TextEdit]:
        """How some of them are written in the user's text; nothing where one cannot be."""
        each = [self._every[patch.number].edits() for patch in patches]
        return [edit for edits in each for edit in edits] if all(each) else []

    @contextmanager
    def made(self, changes: Changes) -> Iterator[list[Replacement]]:
        """Within it, the user's functions run with the patches that are among some changes; gives the others."""
        others = [change for change in changes if isinstance(change, Replacement)]
        patches = [self._every[each.number] for each in changes if isinstance(each, Patch)]
        if not patches:
            yield others
            return
        units = {id(patch.unit): patch.unit for patch in patches}.values()
        codes = {
            id(unit): _code_with([patch.change for patch in patches if patch.unit is unit], unit)
            for unit in units
        }
        with as_it_was(*self._owners), _running(units, codes):
            yield others

    def alike(self, every: Sequence[Changes], run: Callable[[], float]) -> list[Hashable]:
        """For each of many changes, what is the same for all that make the same difference
        (:mod:`.formula_values`); its place where nothing is known of it.

        Args:
            run: runs the gradient, and gives a number of it.
        """
        own: dict[int, dict[int, SmallChange]] = {}
        units: dict[int, _Unit] = {}
        for place, made in enumerate(every):
            match made:
                case [Patch(number=number)]:
                    unit, change = self._every[number]
                    own.setdefault(id(unit), {})[place] = change
                    units[id(unit)] = unit
        keys: list[Hashable] = list(range(len(every)))
        for unit_id, of_unit in own.items():
            for place, key in self._looked_at(units[unit_id], of_unit, run):
                keys[place] = key
        return keys

    def _looked_at(
        self, unit: _Unit, changes: Mapping[int, SmallChange], run: Callable[[], float]
    ) -> list[tuple[int, Hashable]]:
        """What is known of changes of a piece after a run with all of them in it; nothing where that run is another
        one than without."""
        values = FormulaValues(unit.statement, changes)
        looking = values.change() if len(changes) > _FEW else None
        if looking is None:
            return []
        code = _code_looking(looking, unit, values.look)
        if code is None:
            return []
        with as_it_was(*self._owners):
            plain = run()
        try:
            with as_it_was(*self._owners), _running([unit], {id(unit): code}, _MOST_FOR_ALL):
                return [*values.keys()] if run() == plain else []
        except TimeoutError:
            return []


def _patches(
    units: dict[tuple[str, str, int], _Unit],
    function: Callable[..., Any],
    run: Callable[[], object],
    line: SourceLine | None,
    additions: bool,
) -> Iterator[SourcePatch]:
    """The changes of all that is run; what they are made in is added to those pieces that are known."""
    lines = watching.lines_of(function, run)

    def is_meant(file: str, statement: ast.stmt) -> bool:
        return _is_run(lines, file, statement) if line is None else _is_on(line, file, statement)

    for unit in _units_run(units, function, lines):
        is_run_there = partial(is_meant, unit.file)
        piece = unit.statement, unit.around, is_run_there, _top_level(unit.file)
        found = added(*piece) if additions else changes(*piece, thorough=line is not None)
        yield from (SourcePatch(unit, change) for change in found)


def _statements_of(
    units: dict[tuple[str, str, int], _Unit],
    function: Callable[..., Any],
    run: Callable[[], object],
    line: SourceLine,
) -> list[tuple[_Unit, ast.stmt]]:
    """The statements of a line that take a value, and the pieces of source that they stand in."""
    lines = watching.lines_of(function, run)
    return [
        (unit, statement)
        for unit in _units_run(units, function, lines)
        for body in bodies(unit.statement)
        for statement in body.get()
        if isinstance(statement, ast.Assign | ast.AugAssign | ast.Return)
        and _is_on(line, unit.file, statement)
    ]


def _is_run(lines: Collection[tuple[str, int]], file: str, statement: ast.stmt) -> bool:
    return any((file, row) in lines for row in range(_first(statement), _last(statement) + 1))


def _is_on(line: SourceLine, file: str, statement: ast.stmt) -> bool:
    end = statement.lineno if hasattr(statement, "body") else _last(statement)
    return file == line.file and _first(statement) <= line.number <= end


def _units_run(
    units: dict[tuple[str, str, int], _Unit],
    function: Callable[..., Any],
    lines: Collection[tuple[str, int]],
) -> list[_Unit]:
    """The pieces of source of which lines are run; they are added to those that are known."""
    here: dict[int, _Unit] = {}
    bodies = {file: _top_level(file) for file in {file for file, _ in lines} if file != ADAPTER}
    for at in reachable(function):
        file = at.__code__.co_filename
        path = _path_to(at.__code__, bodies.get(file, []))
        if path and _is_run(lines, file, path[-1]):
            # Of one loop several functions are made.
            key = file, getattr(path[-1], "name", ""), _first(path[-1])
            new = _Unit(file, _alone(path), path[-1], path[-2:][0], divides_so(at.__code__))
            unit = units.setdefault(key, new)
            here[id(unit)] = unit
            if all(at is not known for known in unit.functions):
                unit.functions.append(at)
    return list(here.values())


@contextmanager
def _running(
    units: Collection[_Unit], codes: Mapping[int, CodeType], seconds: float = _MOST_SECONDS
) -> Iterator[None]:
    """Within it, the functions of some pieces run other code, by the identity of the piece."""
    before = [(function, function.__code__) for unit in units for function in unit.functions]
    try:
        for unit in units:
            pairs = list(side_by_side(unit.plain, codes[id(unit)]))
            for function in unit.functions:
                function.__code__ = matching(function.__code__, pairs) or function.__code__
        with limited(seconds):
            yield
    except OutOfTimeError as error:
        raise TimeoutError(str(error)) from None
    finally:
        for function, code in before:
            function.__code__ = code


def _code_with(changes: Sequence[SmallChange], unit: _Unit) -> CodeType:
    """The code of a piece with some changes."""
    # It has to know the text without them.
    compiler = unit.compiler
    with ExitStack() as made:
        for change in changes:
            made.callback(change.make())
        return compiler.code(place.parent for change in changes for place, _ in change.puts)


def _code_looking(change: SmallChange, unit: _Unit, look: Callable[..., Any]) -> CodeType | None:
    """The code of a piece with a change that calls a probe; None where it is none."""
    try:
        with warnings.catch_warnings():
            # As in wrapping.
            warnings.simplefilter("ignore", SyntaxWarning)
            return with_probe(_code_with([change], unit), look)
    except (SyntaxError, ValueError, RecursionError):
        # Not every change is code.
        return None


def _top_level(file: str) -> list[ast.stmt]:
    try:
        return with_made_functions("".join(linecache.getlines(file))).body
    except (SyntaxError, ValueError, RecursionError):
        return []


def _path_to(code: CodeType, body: Sequence[ast.stmt]) -> list[ast.stmt]:
    """The piece of source that a function is made of, and the classes around it, outermost first; nothing where it is
    not there."""
    line = code.co_firstlineno
    named = (node for node in body if isinstance(node, ast.FunctionDef) and node.name == code.co_qualname)
    inside = next((node for node in named if _first(node) == line), None) or _around(body, line)
    path: list[ast.stmt] = []
    while isinstance(inside, ast.ClassDef):
        path.append(inside)
        inside = _around(inside.body, line)
    return [*path, inside] if inside is not None else []


def _alone(path: Sequence[ast.stmt]) -> ast.Module:
    """The last of it in the others, which hold nothing else then."""
    *classes, piece = path
    for owner in map(copy.copy, reversed(classes)):
        owner.body, piece = [piece], owner  # type: ignore[attr-defined]
    return ast.Module([piece], [])


def _around(statements: Sequence[ast.stmt], line: int) -> ast.stmt | None:
    return next((each for each in statements if _first(each) <= line <= _last(each)), None)


def _first(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def _last(statement: ast.stmt) -> int:
    return statement.end_lineno or statement.lineno
