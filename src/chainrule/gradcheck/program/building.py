"""Objects as the file itself makes them: a constructor's call, and then calls that give it its layers.

net = Network(784)
net.add_layer(128, "relu")
net.add_layer(10)
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from chainrule.gradcheck.program.function_names import is_update, rank


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


def buildings(statements: Sequence[ast.stmt], classes: Collection[str]) -> Iterator[Building]:
    """How objects of the file's classes are filled, in blocks of statements of any depth; nothing of those that are
    complete once they are constructed.

    >>> tree = ast.parse("net = Net(4)\\nnet.add(3, 'relu')\\nnet.add(2)\\nnet.fit(X, y)")
    >>> list(buildings(tree.body, {"Net"}))
    [Building(owner='Net', constructor='Net(4)', calls=("add(3, 'relu')", 'add(2)'))]
    """
    for place, node in enumerate(statements):
        match node:
            case ast.Assign(
                targets=[ast.Name() | ast.Attribute() as target],
                value=ast.Call(func=ast.Name(id=owner)) as made,
            ) if owner in classes:
                calls = tuple(_filled(statements[place + 1 :], ast.unparse(target), classes))
                if calls:
                    yield Building(owner, ast.unparse(made) if _is_plain(made, classes) else "", calls)
        for _, block in ast.iter_fields(node):
            if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
                yield from buildings(block, classes)


def _filled(statements: Sequence[ast.stmt], target: str, classes: Collection[str]) -> Iterator[str]:
    """The calls of an object's methods with constants, up to what does something else with the object."""
    for node in statements:
        match node:
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=whole, attr=name)) as call) if (
                ast.unparse(whole) == target
            ):
                if is_update(name) or rank(name, "gradient") is not None or not _is_plain(call, classes):
                    return
                if call.args or call.keywords:
                    yield ast.unparse(call).removeprefix(f"{target}.")
            case ast.Expr() | ast.Assign() if target not in ast.unparse(node):
                continue
            case _:
                return


def _is_plain(call: ast.Call, classes: Collection[str]) -> bool:
    """Whether a call is given constants, and objects made of constants, alone."""
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    nodes = [node for value in given for node in ast.walk(value)]
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    return names <= {*classes} and not any(
        isinstance(n, ast.Attribute | ast.Starred | ast.Lambda) for n in nodes
    )
