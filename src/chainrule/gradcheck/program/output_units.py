"""Whether a file says that its nets have a single output, and which of its biases have several entries: by the shapes
that it gives its parameters or its labels."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from chainrule.gradcheck.program.names import meaning

MAKERS = frozenset(
    {"zeros", "ones", "empty", "full"}
    | {"rand", "randn", "random", "random_sample", "normal", "standard_normal", "uniform"}
)
_SHAPE = ("shape", "size")


def has_one_output(nodes: Iterable[ast.AST]) -> bool:
    """Whether weights are made as a vector, ``np.zeros(d)``, or with an axis of one unit, ``np.zeros((d, 1))``; a bias
    is a number; or labels are made a row or a column, ``y.reshape(-1, 1)``.

    >>> [has_one_output([ast.parse(text)]) for text in ("self.w = np.zeros(d)", "b = 0.0", "W = np.zeros((d, 10))")]
    [True, True, False]
    """
    return any(_says_so(target, value) for target, value in _all_assigned(nodes))


def makes_matrices(nodes: Iterable[ast.AST]) -> bool:
    """Whether weights are made, and never as a vector: ``np.zeros((d, 10))``, ``np.random.randn(d, 1)``.

    >>> [makes_matrices([ast.parse(text)]) for text in ("self.w = np.zeros(d)", "b = 0.0", "W = np.zeros((d, 10))")]
    [False, False, True]
    """
    weights = (value for target, value in _all_assigned(nodes) if meaning(name_of(target)).role == "weights")
    shapes = [sizes for value in weights for sizes in _made_shapes(value)]
    return bool(shapes) and all(len(sizes) > 1 for sizes in shapes)


def of_several(nodes: Iterable[ast.AST]) -> frozenset[str]:
    """The biases that are made, and always as arrays of several entries: ``np.zeros((d, 1))``, ``np.random.rand(10)``.

    >>> text = "b1 = np.zeros((d, 1)); b2 = np.zeros((1, 1)); b3 = np.zeros(4); b3 = 0.0"
    >>> sorted(of_several([ast.parse(text)]))
    ['b1']
    """
    made: dict[str, list[bool]] = {}
    for target, value in _all_assigned(nodes):
        shapes = _made_shapes(value)
        if meaning(name := name_of(target)).role == "bias" and (shapes or isinstance(value, ast.Constant)):
            made.setdefault(name, []).append(any(not all(map(is_one, sizes)) for sizes in shapes))
    return frozenset(name for name, several in made.items() if all(several))


def _all_assigned(nodes: Iterable[ast.AST]) -> Iterator[tuple[ast.expr, ast.expr]]:
    for node in nodes:
        for inner in ast.walk(node):
            yield from _assigned_values(inner)


def _assigned_values(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    match node:
        case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
            yield from zip(targets, values, strict=False)
        case ast.Assign(targets=[target], value=value):
            yield target, value
        case ast.Dict(keys=keys, values=values):
            yield from ((key, value) for key, value in zip(keys, values, strict=True) if key is not None)
        case ast.Call(func=ast.Name(id="dict"), keywords=given):
            yield from (
                (ast.Name(keyword.arg), keyword.value) for keyword in given if keyword.arg is not None
            )
        case ast.Call(func=ast.Attribute(value=target, attr="append"), args=[value]):
            yield target, value


def _says_so(target: ast.expr, value: ast.expr) -> bool:
    role = meaning(name_of(target)).role
    if role == "bias":
        # True is a number to Python, and a setting to who writes it.
        return isinstance(value, ast.Constant) and type(value.value) in (int, float)
    if role == "labels":
        return any(
            is_one(size) for call in _calls(value) if called(call) == "reshape" for size in sizes_of(call)
        )
    return role == "weights" and any(
        len(sizes) == 1 or any(map(is_one, sizes)) for sizes in _made_shapes(value)
    )


def _made_shapes(value: ast.expr) -> list[list[ast.expr]]:
    """The shapes of arrays that an expression makes."""
    shapes = (sizes_of(call) for call in _calls(value) if called(call) in MAKERS)
    return [sizes for sizes in shapes if sizes]


def _calls(value: ast.expr) -> list[ast.Call]:
    return [node for node in ast.walk(value) if isinstance(node, ast.Call)]


def name_of(target: ast.expr) -> str:
    match target:
        case (
            ast.Name(id=name)
            | ast.Attribute(attr=name)
            | ast.Subscript(slice=ast.Constant(value=str(name)))
            | ast.Constant(value=str(name))
        ):
            return name
    return ""


def called(call: ast.Call) -> str:
    match call.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


def sizes_of(call: ast.Call) -> list[ast.expr]:
    """The shape that is asked for: one argument that is a tuple, or each argument a size."""
    by_name = [keyword.value for keyword in call.keywords if keyword.arg in _SHAPE]
    # Before the shape stand mean and deviation, or the bounds; after it a type, or what full() is full of.
    start, one_by_one = (
        2 * (called(call) in ("normal", "uniform")),
        called(call) in ("rand", "randn", "reshape"),
    )
    given = by_name or call.args[start : None if one_by_one else start + 1]
    match given:
        case [ast.Tuple(elts=sizes) | ast.List(elts=sizes), *_]:
            return sizes
    return given


def is_one(size: ast.expr) -> bool:
    return isinstance(size, ast.Constant) and size.value == 1
