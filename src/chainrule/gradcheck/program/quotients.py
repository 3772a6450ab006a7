"""Whether a gradient's source forms a numeric difference: read, not run, so that no file can disturb it.

What counts is what the gradient reaches by the names it uses: a gradient check that stands beside it does not. A
difference is told by its step: a small number by which something is moved, and by a multiple of which something is
divided. A complex step is told by the imaginary part that is taken.
"""

from __future__ import annotations

import ast
import linecache
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from chainrule.errors import CheckError
from chainrule.gradcheck.program.interface import Quotient, SourceLine
from chainrule.gradcheck.program.names import meaning
from chainrule.gradcheck.program.source import Part, Source, tree_of

_LARGEST_STEP = 0.1
_SMALL_BY_NAME = ("finfo", "spacing", "nextafter")
_OF_LIBRARIES = ("approx_fprime", "approx_derivative")

_SetTo = Mapping[str, Sequence[ast.expr]]
"""What names are set to."""


class Module(NamedTuple):
    """A part of the user's source: what tracebacks call it, its lines, and the tree."""

    name: str
    lines: list[str]
    tree: ast.Module

    @property
    def functions(self) -> list[ast.FunctionDef]:
        """Those at its top level."""
        return [node for node in self.tree.body if isinstance(node, ast.FunctionDef)]


def parsed(source: Source) -> list[Module]:
    """The parts of a file that can be read."""
    trees = ((part, tree_of(part.text)) for part in source.parts)
    return [Module(part.name, part.text.splitlines(), tree) for part, tree in trees if tree is not None]


def imports(modules: Sequence[Module]) -> set[str]:
    """The modules that a file imports, without what stands below them."""
    nodes = [node for module in modules for node in ast.walk(module.tree)]
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    return {name.partition(".")[0] for name in names} - {""}


def declared_gradient(modules: Sequence[Module], adapter: str) -> list[ast.AST]:
    """What an adapter of that name declares as the gradient, with what it is made of; empty where there is none."""
    functions = [node for module in modules for node in module.functions]
    for function in (node for node in reversed(functions) if node.name == adapter):
        local = _assigned(function)
        given = [value for inner in ast.walk(function) for value in _under_gradient(inner)]
        return [*given, *(value for name in _used(given) for value in local.get(name, ()))]
    return []


def _under_gradient(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Call):
        return [keyword.value for keyword in node.keywords if keyword.arg == "gradient"]
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return [value for key, value in pairs if isinstance(key, ast.Constant) and key.value == "gradient"]
    return []


def of_function(function: Callable[..., Any]) -> Quotient | None:
    """The first numeric difference that a function of this process forms."""
    inner = getattr(function, "__func__", getattr(function, "func", function))
    code = getattr(inner, "__code__", None)
    if code is None:
        return None
    text = "".join(linecache.getlines(code.co_filename))
    modules = parsed(Source((Part(code.co_filename, text),)))
    start = [
        node
        for module in modules
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.Lambda) and _first_line(node) == code.co_firstlineno
    ]
    return find(modules, start)


def _first_line(node: ast.FunctionDef | ast.Lambda) -> int:
    decorators = node.decorator_list if isinstance(node, ast.FunctionDef) else []
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def find(modules: Sequence[Module], start: Sequence[ast.AST]) -> Quotient | None:
    """The first numeric difference that is formed by what the ``start`` reaches.

    Raises:
        CheckError: expressions are too deep to be read.
    """
    try:
        return _found(modules, start)
    except RecursionError:
        raise CheckError("the source: has expressions nested too deep to be read; take them apart") from None


def _found(modules: Sequence[Module], start: Sequence[ast.AST]) -> Quotient | None:
    reached = _reached(modules, start)
    constants = {name: values for module in modules for name, values in _assigned(module.tree).items()}
    functions = [_Body.of(node, constants) for node, _ in reached]
    moved = [term for function in functions for term in function.moved()]
    imaginary = any(_is_imaginary(inner) for function in functions for inner in function.nodes)
    for function, (_, module) in zip(functions, reached, strict=True):
        for inner in function.nodes:
            exact = imaginary and _takes_imaginary_part(inner)
            if isinstance(inner, ast.expr | ast.stmt) and (exact or function.forms_difference(inner, moved)):
                text = module.lines[inner.lineno - 1] if 0 < inner.lineno <= len(module.lines) else ""
                return Quotient(SourceLine(module.name, inner.lineno, text), exact)
    return None


def _reached(modules: Sequence[Module], start: Sequence[ast.AST]) -> list[tuple[ast.AST, Module]]:
    """The start and every definition that it reaches by name, each with where it stands."""
    table: dict[str, list[tuple[ast.AST, Module]]] = {}
    for module in modules:
        for name, node in _definitions(module.tree):
            table.setdefault(name, []).append((node, module))
    owner = {id(inner): module for module in modules for inner in ast.walk(module.tree)}
    reached = [(node, owner.get(id(node), modules[0])) for node in start] if modules else []
    seen = {id(node) for node, _ in reached}
    for node, _ in reached:
        for name in _used([node]):
            new = [entry for entry in table.get(name, ()) if id(entry[0]) not in seen]
            seen |= {id(entry[0]) for entry in new}
            reached += new
    return reached


def _definitions(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """Functions and methods at the top of a module, and lambdas that have a name there."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from ((inner.name, inner) for inner in node.body if isinstance(inner, ast.FunctionDef))
        elif isinstance(node, ast.Assign):
            yield from ((target.id, node.value) for target in node.targets if isinstance(target, ast.Name))


def _used(nodes: Sequence[ast.AST]) -> list[str]:
    """The names that are read there and are not its own, and the attributes."""
    inner = [each for node in nodes for each in ast.walk(node)]
    names = [node for node in inner if isinstance(node, ast.Name)]
    own = {node.id for node in names if not isinstance(node.ctx, ast.Load)}
    own |= {node.arg for node in inner if isinstance(node, ast.arg)}
    attributes = [node.attr for node in inner if isinstance(node, ast.Attribute)]
    return [*(node.id for node in names if node.id not in own), *attributes]


def _assigned(node: ast.AST) -> dict[str, list[ast.expr]]:
    """What names are set to, with the defaults of arguments."""
    values: dict[str, list[ast.expr]] = {}
    for inner in ast.walk(node):
        if isinstance(inner, ast.Assign):
            for target in inner.targets:
                if isinstance(target, ast.Name):
                    values.setdefault(target.id, []).append(inner.value)
        elif isinstance(inner, ast.FunctionDef | ast.Lambda):
            for name, default in _defaults(inner.args):
                values.setdefault(name, []).append(default)
    return values


def _defaults(arguments: ast.arguments) -> Iterator[tuple[str, ast.expr]]:
    positional = [*arguments.posonlyargs, *arguments.args]
    with_default = positional[len(positional) - len(arguments.defaults) :]
    yield from (
        (argument.arg, value) for argument, value in zip(with_default, arguments.defaults, strict=True)
    )
    for argument, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if value is not None:
            yield argument.arg, value


class _SmallStep(NamedTuple):
    """A small number by which something is moved or divided: its name, and the values it may have."""

    name: str
    values: tuple[float, ...]

    def is_that_of(self, moved: _SmallStep) -> bool:
        """Whether a divisor is the step by which something was moved, or both of its sides."""
        same_name = bool(self.name) and self.name == moved.name
        pairs = ((mine, theirs) for mine in self.values for theirs in moved.values)
        return same_name or any(0.99 < mine / theirs < 2.01 for mine, theirs in pairs)


class _Body(NamedTuple):
    """A definition: all that is in it, what its names are set to, and its arguments that have no default."""

    nodes: list[ast.AST]
    values: _SetTo
    arguments: set[str]

    @classmethod
    def of(cls, node: ast.AST, constants: _SetTo) -> _Body:
        """With the names of the module."""
        nodes, own = list(ast.walk(node)), _assigned(node)
        arguments = {inner.arg for inner in nodes if isinstance(inner, ast.arg)} - own.keys()
        return cls(nodes, {**constants, **own}, arguments)

    def moved(self) -> list[_SmallStep]:
        """By which steps something is moved."""
        steps = [
            self._step(factor) for node in self.nodes for term in _terms(node) for factor in _factors(term)
        ]
        return [step for step in steps if step is not None]

    def forms_difference(self, node: ast.AST, moved: Sequence[_SmallStep]) -> bool:
        """Whether something is divided by a step by which something was moved, or a library does that."""
        if isinstance(node, ast.Call):
            return _called(node) in _OF_LIBRARIES
        if not isinstance(node, ast.BinOp | ast.AugAssign) or not isinstance(node.op, ast.Div):
            return False
        divisor = node.right if isinstance(node, ast.BinOp) else node.value
        steps = [step for factor in _factors(divisor) if (step := self._step(factor)) is not None]
        return any(step.is_that_of(other) for step in steps for other in moved)

    def _step(self, term: ast.AST) -> _SmallStep | None:
        """A term as a step; None where it is none."""
        if isinstance(term, ast.Constant):
            return _SmallStep("", (number,)) if (number := _small_number(term)) else None
        if not isinstance(term, ast.Name):
            return None
        if term.id in self.arguments:
            return _SmallStep(term.id, ()) if meaning(term.id).role == "step" else None
        values = [value for value in self.values.get(term.id, ()) if _is_small(value)]
        return _SmallStep(term.id, tuple(filter(None, map(_small_number, values)))) if values else None


def _terms(node: ast.AST) -> list[ast.expr]:
    """What is added or taken away."""
    if not isinstance(node, ast.AugAssign | ast.BinOp) or not isinstance(node.op, ast.Add | ast.Sub):
        return []
    return [node.value] if isinstance(node, ast.AugAssign) else [node.left, node.right]


def _factors(term: ast.expr) -> list[ast.expr]:
    """What a product is made of; of ``h + h`` both parts."""
    if isinstance(term, ast.BinOp) and isinstance(term.op, ast.Mult):
        return [*_factors(term.left), *_factors(term.right)]
    if isinstance(term, ast.BinOp) and isinstance(term.op, ast.Add) and _key(term.left) == _key(term.right):
        return [term.left]
    return [term]


def _is_small(value: ast.AST) -> bool:
    """Whether what a step may be set to is small: a number, or made of one, or of the precision of numbers."""
    for inner in ast.walk(value):
        if isinstance(inner, ast.Attribute | ast.Name) and _called(inner) in _SMALL_BY_NAME:
            return True
        if _small_number(inner):
            return True
        if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Pow):
            return isinstance(inner.right, ast.UnaryOp)
    return False


def _small_number(node: ast.AST) -> float:
    """The number that stands there, where it may be a step; else 0."""
    value = node.value if isinstance(node, ast.Constant) else None
    return value if isinstance(value, float) and 0 < value < _LARGEST_STEP else 0.0


def _is_imaginary(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, complex) or node.value == "complex"
    return isinstance(node, ast.Attribute | ast.Name) and _called(node).startswith("complex")


def _takes_imaginary_part(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr == "imag"
    return isinstance(node, ast.Call) and _called(node.func) == "imag"


def _called(node: ast.AST) -> str:
    """The last part of a name, as ``imag`` of ``np.imag``."""
    if isinstance(node, ast.Call):
        return _called(node.func)
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _key(term: ast.AST) -> str:
    return ast.dump(term, annotate_fields=False)
