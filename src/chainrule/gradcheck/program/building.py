"""Objects as the file itself makes them: a constructor's call, and then calls that give it its layers.

    net = Network(784)
    net.add_layer(128, "relu")
    net.add_layer(10)

Such a net has no layers without these calls.
"""

from __future__ import annotations

import ast
import copy
import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from chainrule.gradcheck.program.function_names import FunctionKind, is_update, rank, stands_beside
from chainrule.gradcheck.program.size_names import size_role

_FIRST_NUMBER = 10_001
"""From which on sizes are counted that the file computes: larger than those that it writes down."""


class Building(NamedTuple):
    """How a file makes an object, and fills it with nothing but constants and objects made of constants.

    Attributes:
        owner: its class.
        constructor: the call as it is written; empty where it holds more than constants.
        calls: those of its methods that follow, as they are written: ``add_layer(128, 'relu')``.
    """

    owner: str
    constructor: str
    calls: tuple[str, ...]


def composed(statements: Sequence[ast.stmt], classes: Collection[str]) -> dict[str, frozenset[str]]:
    """The classes whose objects each class is handed where it makes one, by its name.

    >>> statements = ast.parse("net = Chain(Dense(4, 3), [ReLU()])").body
    >>> sorted(composed(statements, {"Chain", "Dense", "ReLU"})["Chain"])
    ['Dense', 'ReLU']
    """
    made: dict[str, frozenset[str]] = {}
    for call in (n for statement in statements for n in ast.walk(statement) if isinstance(n, ast.Call)):
        if isinstance(call.func, ast.Name) and call.func.id in classes:
            inside = {n.id for given in call.args for n in ast.walk(given) if isinstance(n, ast.Name)}
            made[call.func.id] = made.get(call.func.id, frozenset()) | (inside & {*classes})
    return made


def buildings(
    statements: Sequence[ast.stmt], classes: Collection[str], arguments: Mapping[str, tuple[str, ...]]
) -> Iterator[Building]:
    """How objects of the file's classes are filled, in blocks of statements of any depth; nothing of those that are
    complete once they are constructed. Sizes that are no constants stand as numbers of their own.

    Args:
        statements: in which they are made.
        classes: their names.
        arguments: the names of each function's arguments, in order, those of a method without ``self``.

    >>> tree = ast.parse("net = Net(4)\\nnet.add(3, 'relu')\\nnet.add(len(names))\\nnet.fit(X, y)")
    >>> list(buildings(tree.body, {"Net"}, {"add": ("n_units", "kind")}))
    [Building(owner='Net', constructor='Net(4)', calls=("add(3, 'relu')", 'add(10001)'))]
    """
    sizes = _NumbersForSizes(arguments)
    for place, node in enumerate(statements):
        match node:
            case ast.Assign(
                targets=[ast.Name() | ast.Attribute() as target],
                value=ast.Call(func=ast.Name(id=owner)) as made,
            ) if owner in classes:
                constructor = sizes.numbered(made)
                calls = tuple(_filled(statements[place + 1 :], ast.unparse(target), classes, sizes))
                if any(not call.endswith("()") for call in calls):
                    written = ast.unparse(constructor) if _is_plain(constructor, classes) else ""
                    yield Building(owner, written, calls)
        for _, block in ast.iter_fields(node):
            if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
                yield from buildings(block, classes, arguments)


class _NumbersForSizes:
    """Sizes that a file computes, each with a number that stands for it."""

    def __init__(self, arguments: Mapping[str, tuple[str, ...]]) -> None:
        self._arguments = arguments
        self._numbers: dict[str, int] = {}

    def numbered(self, call: ast.Call) -> ast.Call:
        """A call in which a number stands for each size that is no constant."""
        new = copy.deepcopy(call)
        name = new.func.attr if isinstance(new.func, ast.Attribute) else getattr(new.func, "id", "")
        names = self._arguments.get(name, ())
        new.args = [self._number(*pair) for pair in itertools.zip_longest(new.args, names[: len(new.args)])]
        for keyword in new.keywords:
            keyword.value = self._number(keyword.value, keyword.arg)
        return new

    def _number(self, value: ast.expr, argument: str | None) -> ast.expr:
        if not (_is_size(argument or "") and _is_computed(value)):
            return value
        number = self._numbers.setdefault(ast.unparse(value), _FIRST_NUMBER + len(self._numbers))
        return ast.Constant(number)


def _is_computed(value: ast.expr) -> bool:
    match value:
        case ast.Name() | ast.Attribute() | ast.Subscript() | ast.Call(func=ast.Name(id="len" | "int")):
            return True
    return False


def _is_size(argument: str) -> bool:
    return argument == "size" or size_role(argument) in ("input size", "hidden size", "output size", "widths")


def _filled(
    statements: Sequence[ast.stmt], target: str, classes: Collection[str], sizes: _NumbersForSizes
) -> Iterator[str]:
    """The calls of an object's methods with constants, up to what does something else with the object."""
    for node in statements:
        match node:
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=whole, attr=name)) as call) if (
                ast.unparse(whole) == target
            ):
                numbered = sizes.numbered(call)
                if _is_used(name) or not _is_plain(numbered, classes):
                    return
                if not stands_beside(name):
                    yield ast.unparse(numbered).removeprefix(f"{target}.")
            case ast.Expr() | ast.Assign() if target not in ast.unparse(node):
                continue
            case _:
                return


def _is_used(method: str) -> bool:
    """Whether an object is complete once a method of this name is called."""
    kinds: tuple[FunctionKind, ...] = ("cost", "gradient", "forward", "numeric")
    return is_update(method) or any(rank(method, kind) is not None for kind in kinds)


def _is_plain(call: ast.Call, classes: Collection[str]) -> bool:
    """Whether a call is given constants, and objects made of constants, alone."""
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    nodes = [node for value in given for node in ast.walk(value)]
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    return names <= {*classes} and not any(
        isinstance(n, ast.Attribute | ast.Starred | ast.Lambda) for n in nodes
    )
