"""What is known where a statement of the user's stands, and how what follows answers to other values of its parts: one
run tells what its operands and expressions give, in every turn of a loop, further runs have some of them moved."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.program.additions import operands
from chainrule.gradcheck.program.change import NodePlace, SmallChange, bodies
from chainrule.gradcheck.program.earlier_versions import copied
from chainrule.gradcheck.program.formula_search import FoundFormula, WantedValue, formulas_giving
from chainrule.gradcheck.program.left_out_lines import left_out_lines
from chainrule.gradcheck.program.places import expressions, in_indices
from chainrule.gradcheck.program.products import calling_numpy, lines_of_operands, nearest_first
from chainrule.gradcheck.program.slips import LIBRARIES
from chainrule.gradcheck.program.value_forms import WrittenForms
from chainrule.gradcheck.program.wrapping import PROBE

_MOST_TURNS, _MOST_RUNS, _MOST_OPERANDS = 16, 500, 40
_AFFINE, _MOVED = 1e-5, 1e-9
_WITH_A_SINGLE = 2
_VALUES = (ast.BinOp, ast.Call, ast.UnaryOp, ast.Compare, ast.Name, ast.Attribute, ast.Subscript)

_OPERATORS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-"}

GradientRun = Callable[[], Array]
"""Runs the gradient, and gives some numbers of it (k,); raises whatever the code does."""


class ScopeValues:
    """The values at a statement.

    Args:
        body, at: where it stands, or would.
        statement: it.
        places: the expressions in it that may be others.
        operands: what may be written there.
        numpy: what numpy is called there.
    """

    def __init__(
        self,
        body: NodePlace,
        at: int,
        statement: ast.stmt,
        places: Sequence[NodePlace],
        operands: Sequence[ast.expr],
        numpy: str = "np",
    ) -> None:
        self._body, self._at, self._statement, self.places = body, at, statement, places
        self._operands, self._numpy = operands[:_MOST_OPERANDS], numpy
        self._seen: dict[int, list[Any]] = {}
        self._moved: dict[int, Sequence[Array]] = {}

    def change(self) -> SmallChange:
        """The statement with everything in it looked at, by the constant ``PROBE``."""
        statement, (before, after) = self._statement, self._around()
        looks = [_looked_at(number, operand, statement) for number, operand in enumerate(self._operands)]
        numbers = {id(place.get()): -1 - number for number, place in enumerate(self.places)}
        new = copied(statement)
        pairs = zip(ast.walk(statement), ast.walk(new), strict=True)
        by_copy = {id(mine): numbers[id(own)] for own, mine in pairs if id(own) in numbers}
        longer = [*before, *looks, _Probed(by_copy).visit(new), *after]
        return SmallChange("statement", statement, ((self._body, longer),), ())

    @property
    def _stands_there(self) -> bool:
        return any(each is self._statement for each in self._body.get())

    def _around(self) -> tuple[list[ast.stmt], list[ast.stmt]]:
        """What stands in front of the statement, and behind it."""
        statements: list[ast.stmt] = self._body.get()
        return statements[: self._at], statements[self._at + self._stands_there :]

    def written(self, place: NodePlace, found: FoundFormula) -> SmallChange | None:
        """The statement with a formula in a place of it; None where it would be a new one that forgets what it is made
        from."""
        (before, after), statement = self._around(), self._statement
        if self._stands_there:
            return SmallChange(found.kind, statement, ((place, found.new),), (statement,))
        match statement, found.kind, found.new:
            case ast.AugAssign(target=total), "call", ast.UnaryOp(op=ast.USub(), operand=term):
                new = f"{ast.unparse(total)} -= {ast.unparse(term)}"
            case ast.AugAssign(target=total), "call", term:
                new = f"{ast.unparse(total)} += {ast.unparse(term)}"
            case ast.Assign(), "another term", ast.BinOp(op=operator, right=term):
                new = f"{ast.unparse(place.get())} {_OPERATORS[type(operator)]}= {ast.unparse(term)}"
            case ast.Assign(), "scale", formula:
                new = f"{ast.unparse(place.get())} = {ast.unparse(formula)}"
            case _:
                return None
        (missing,) = ast.parse(new).body
        ast.copy_location(missing, statement)
        longer = [*before, missing, *after]
        return SmallChange("missing statement", before[-1], ((self._body, longer),), (missing,))

    def look(self, number: int, *value: Any) -> Any:
        """What is called with each value, and gives what takes its place; without one where there is none."""
        seen = self._seen.setdefault(number, [])
        turn = len(seen)
        seen.append(_kept(value[0]) if value else None)
        moved = self._moved.get(number)
        if moved is None:
            return value[0] if value else None
        if turn >= len(moved):
            raise IndexError("another turn than before")
        return moved[turn]

    def formulas(self, run: GradientRun, wanted: Sequence[Array]) -> Iterator[tuple[NodePlace, FoundFormula]]:
        """What may be written in which place, so that what a run gives is one of what is wanted (k,), which is not a
        number where it does not matter: of all parameters first, then of each that is wrong alone."""
        before, plain = self._run(run, {})
        if not np.isfinite(before).all():
            return
        turns = max((len(plain.get(number, ())) for number in range(len(self._operands))), default=0)
        left, forms = _MOST_RUNS, dict[tuple[int, ...], WrittenForms]()
        for number in (-1 - each for each in range(len(self.places))):
            values = _arrays(plain.get(number, []))
            size = sum(value.size for value in values)
            if not size or size > left or not len(values) == turns <= _MOST_TURNS:
                continue
            linear, moved, after = self._linear(run, number, values, before)
            # To what is right nothing is added.
            if not self._stands_there and not any(moved[np.isfinite(its)].any() for its in wanted[1:]):
                continue
            # Of a single wrong parameter the numbers of all tell as much.
            asked = wanted if len(wanted) > _WITH_A_SINGLE else wanted[:1]
            kept = [(its, target) for target in asked if linear[its := np.isfinite(target)].all()]
            if not kept:
                continue
            left -= size
            along = np.array([self._run(run, each)[0] - before for each in _units(number, values)]).T
            flat = np.concatenate([value.reshape(-1) for value in values])
            targets = [WantedValue(along[i], (target - before)[i] + along[i] @ flat) for i, target in kept]
            # What is put there hangs on nothing that it changes.
            same = tuple(
                i
                for i in range(len(self._operands))
                if len(plain.get(i, ())) == turns and _are_same(plain[i], after.get(i, []))
            )
            if same not in forms:
                forms[same] = WrittenForms([(self._operands[i], tuple(plain[i])) for i in same])
            place = self.places[-1 - number]
            for each in formulas_giving(place.get(), values, forms[same], targets):
                yield place, each._replace(new=calling_numpy(each.new, self._numpy))

    def _linear(
        self, run: GradientRun, number: int, values: Sequence[Array], before: Array
    ) -> tuple[Array, Array, dict[int, list[Any]]]:
        """Which numbers that a run gives are linear functions of a value (k,), none where it changes none of them: of
        what is no derivative the gradient is another function; which it changes; and what is seen with the value
        moved."""
        steps = [np.random.default_rng(7).standard_normal(value.shape) for value in values]
        once, after = self._run(run, {number: [v + s for v, s in zip(values, steps, strict=True)]})
        twice, _ = self._run(run, {number: [v + 2 * s for v, s in zip(values, steps, strict=True)]})
        most = np.abs(once - before).max()
        linear: Array = np.abs(twice - 2 * once + before) <= _AFFINE * most
        return linear & bool(most), once != before, after

    def _run(self, run: GradientRun, moved: dict[int, Sequence[Array]]) -> tuple[Array, dict[int, list[Any]]]:
        """What a run gives, and what was seen; no numbers where the code does not bear what is put there."""
        self._seen, self._moved = {}, moved
        try:
            given = run()
        except (Exception, SystemExit):
            given = np.full(1, np.nan)
        return given, self._seen


class _Probed(ast.NodeTransformer):
    """Calls the probe with each of some expressions."""

    def __init__(self, numbers: dict[int, int]) -> None:
        self._numbers = numbers

    def visit(self, node: ast.AST) -> Any:
        number = self._numbers.get(id(node))
        self.generic_visit(node)
        if number is None or not isinstance(node, ast.expr):
            return node
        return ast.copy_location(ast.Call(ast.Constant(PROBE), [ast.Constant(number), node], []), node)


def scope_values(
    unit: ast.stmt, around: ast.AST, statement: ast.stmt, numpy: str = "np"
) -> Iterator[ScopeValues]:
    """Those at a statement of a function, ``around`` which its class may be, where something of it can be another
    value; those behind it, of each of several that it is taken apart into; and those where a line may be missing.
    ``numpy``: what the file calls it.
    """
    every = ((body, at) for body in bodies(unit) for at, each in enumerate(body.get()) if each is statement)
    body, at = next(every, (None, 0))
    if body is None:
        return
    several = _taken_apart(statement)
    alike = [each for target in several or _targets(statement) for each in _alike(target, unit)]
    known, indices = [*alike, *operands(unit, around)], in_indices(statement)
    places = [
        place for place in expressions(statement) if _can_be_another(place) and id(place.get()) not in indices
    ]
    if places:
        own = {ast.unparse(place.get()) for place in places}
        own_first = sorted(known, key=lambda operand: ast.unparse(operand) not in own)
        yield ScopeValues(body, at, statement, places, own_first, numpy)
    for target in several:
        name = ast.unparse(target)
        yield _behind(body, at + 1, f"{name} = {name}", known, numpy)
    for row, end, total in left_out_lines(unit, statement):
        near = nearest_first(known, row.get()[end - 1], lines_of_operands(unit))
        # What is added in one turn of a loop stays in the next.
        yield _behind(row, end, f"{total} += {total} * 0", near, numpy)


def _behind(body: NodePlace, at: int, line: str, known: Sequence[ast.expr], numpy: str) -> ScopeValues:
    """Those behind a statement, of a line that would change something."""
    (new,) = ast.parse(line).body
    ast.copy_location(new, body.get()[at - 1])
    return ScopeValues(body, at, new, [NodePlace(new, "value")], known, numpy)


def _targets(statement: ast.stmt) -> Sequence[ast.expr]:
    return statement.targets if isinstance(statement, ast.Assign) else ()


def _taken_apart(statement: ast.stmt) -> Sequence[ast.expr]:
    """What each of several values is called from then on."""
    match statement:
        case ast.Assign(targets=[ast.Tuple(elts=targets)]):
            return targets
    return ()


def _alike(target: ast.expr, unit: ast.stmt) -> list[ast.expr]:
    """What a function is given by the key by which something is put: the parameter of a gradient."""
    if not isinstance(target, ast.Subscript):
        return []
    given = [node.arg for node in ast.walk(unit) if isinstance(node, ast.arg)]
    return [ast.Subscript(ast.Name(name, ast.Load()), target.slice, ast.Load()) for name in given]


def _can_be_another(place: NodePlace) -> bool:
    """Whether another value may be put where an expression stands."""
    node = place.get()
    if not isinstance(node, _VALUES) or place.field in ("func", "slice"):
        return False
    if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        return False
    if isinstance(place.parent, ast.keyword | ast.comprehension | ast.Slice):
        return False
    return not (isinstance(node, ast.Name) and node.id in LIBRARIES)


def _looked_at(number: int, operand: ast.expr, at: ast.stmt) -> ast.stmt:
    told = ast.Constant(number)
    failed = ast.ExceptHandler(ast.Name("Exception", ast.Load()), None, [_called(told)])
    look: ast.stmt = ast.Try([_called(told, copied(operand))], [failed], [], [])
    return ast.copy_location(look, at)


def _called(*told: ast.expr) -> ast.stmt:
    return ast.Expr(ast.Call(ast.Constant(PROBE), list(told), []))


def _kept(value: Any) -> Any:
    return value.copy() if isinstance(value, np.ndarray) else value


def _arrays(values: Sequence[Any]) -> list[Array]:
    """Values as arrays of numbers; none where one is not."""
    if not all(isinstance(value, np.ndarray | np.generic | int | float) for value in values):
        return []
    arrays = [np.asarray(value) for value in values]
    if any(a.dtype.kind not in "biuf" or not np.isfinite(a).all() for a in arrays):
        return []
    return [array.astype(float) for array in arrays]


def _units(number: int, values: Sequence[Array]) -> Iterator[dict[int, Sequence[Array]]]:
    for turn, value in enumerate(values):
        for entry in range(value.size):
            moved = value.copy()
            moved.reshape(-1)[entry] += 1
            yield {number: [*values[:turn], moved, *values[turn + 1 :]]}


def _are_same(before: Sequence[Any], after: Sequence[Any]) -> bool:
    if len(before) != len(after):
        return False
    try:
        return all(np.allclose(a, b, rtol=_MOVED, atol=0) for a, b in zip(before, after, strict=True))
    except (TypeError, ValueError):
        return False
