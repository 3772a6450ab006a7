"""What may be meant in a function of the user's: its variables, what they have, what it calls and divides by."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import NamedTuple

_MOST_CONSTANTS, _LEAST = 8, 1e-4
"""How many constants are meant of each kind, and from where on: what is smaller keeps a division from 0."""

OBJECTS = ("self", "cls")
"""What methods call the object or class that they belong to."""


class InScope(NamedTuple):
    """What may stand in the place of something else.

    Attributes:
        names: of variables.
        arguments: those of them that it is given.
        own: those of them that the function binds itself.
        counters: those that count the turns of a loop: what is right with one of them as a number may be so for as many
            layers or steps as there are, and no others.
        sizes: those that are how many of something there are: factors, but no terms.
        functions: those that are called.
        attributes: by the text of what has them.
        keys: texts in brackets.
        divisors: what is divided by somewhere, as a number of samples is.
        axes: along which something is summed somewhere.
        constants: numbers that the file names outside its functions, and fractions that are written in it.
    """

    names: tuple[str, ...]
    arguments: tuple[str, ...]
    own: frozenset[str]
    counters: frozenset[str]
    sizes: frozenset[str]
    functions: tuple[str, ...]
    attributes: dict[str, tuple[str, ...]]
    keys: tuple[str, ...]
    divisors: tuple[ast.expr, ...]
    axes: tuple[ast.expr, ...]
    constants: tuple[ast.expr, ...] = ()


def known_in(function: ast.AST, around: ast.AST, module: Sequence[ast.stmt] = ()) -> InScope:
    """What may be meant in a function; ``around``: the class that it belongs to, or itself; ``module``: what the file
    has at its top level."""
    called = {id(node.func) for node in ast.walk(around) if isinstance(node, ast.Call)}
    bases = {id(node.value) for node in ast.walk(function) if isinstance(node, ast.Attribute)}
    names: dict[str, None] = {}
    own: set[str] = set()
    functions: dict[str, None] = {}
    keys: dict[str, None] = {}
    axes: dict[str, ast.expr] = {}
    for node in ast.walk(function):
        match node:
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()):
                own.add(name)
        match node:
            case ast.Name(id=name, ctx=ast.Load()) if id(node) in called:
                functions[name] = None
            case ast.arg(arg=name) | ast.Name(id=name) if name not in OBJECTS and id(node) not in bases:
                names[name] = None
            case ast.Subscript(slice=ast.Constant(value=str(key))):
                keys[key] = None
            case ast.keyword(arg="axis", value=value):
                axes[ast.unparse(value)] = value
    attributes: dict[str, dict[str, None]] = {}
    for node in ast.walk(around):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and id(node) not in called:
            attributes.setdefault(node.value.id, {})[node.attr] = None
    return InScope(
        tuple(names),
        tuple(node.arg for node in ast.walk(function) if isinstance(node, ast.arg)),
        frozenset(own),
        counters(function),
        _sizes_named(function),
        tuple(functions),
        {owner: tuple(own) for owner, own in attributes.items()},
        tuple(keys),
        tuple(divisors_in(function).values()),
        tuple(axes.values()),
        tuple(constants(module)),
    )


def constants(module: Sequence[ast.stmt]) -> list[ast.expr]:
    """The names of numbers at the top level of a file, and the fractions that are written in it, each once.

    >>> [ast.unparse(each) for each in constants(ast.parse("BETA = 1.5\\ndef f(z): return 0.01 * z").body)]
    ['BETA', '0.01']
    """
    named: dict[str, ast.expr] = {}
    for statement in module:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=float() | int() as value)):
                if not isinstance(value, bool):
                    named[name] = ast.Name(name, ast.Load())
    inside = (
        node for each in module if isinstance(each, ast.FunctionDef | ast.ClassDef) for node in ast.walk(each)
    )
    fractions = {
        node.value: ast.Constant(node.value)
        for node in inside
        if isinstance(node, ast.Constant) and isinstance(node.value, float) and _LEAST < node.value < 1
    }
    return [*list(named.values())[:_MOST_CONSTANTS], *list(fractions.values())[:_MOST_CONSTANTS]]


def counters(function: ast.AST) -> frozenset[str]:
    """What counts the turns of a function's loops: over a range, or by its first number."""
    found: set[str] = set()
    for loop in ast.walk(function):
        match loop:
            case ast.For(target=target, iter=over) | ast.comprehension(target=target, iter=over):
                called = {node.func.id for node in ast.walk(over) if isinstance(node, ast.Call)
                          and isinstance(node.func, ast.Name)}  # fmt: skip
                if "enumerate" in called and isinstance(target, ast.Tuple):
                    target = target.elts[0]
                if called & {"range", "enumerate"} and isinstance(target, ast.Name):
                    found.add(target.id)
    return frozenset(found)


def divisors_in(function: ast.AST) -> dict[str, ast.expr]:
    """What is divided by somewhere, by its text."""
    found: dict[str, ast.expr] = {}
    for node in ast.walk(function):
        match node:
            case ast.BinOp(op=ast.Div(), right=right) | ast.AugAssign(op=ast.Div(), value=right):
                found[ast.unparse(right)] = right
    return found


def _sizes_named(function: ast.AST) -> frozenset[str]:
    """What is called the length of something, or one of the numbers of its shape."""
    found: set[str] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and _is_size(node.value):
            targets = (name for target in node.targets for name in ast.walk(target))
            found |= {name.id for name in targets if isinstance(name, ast.Name)}
    return frozenset(found)


def _is_size(value: ast.expr) -> bool:
    match value:
        case ast.Call(func=ast.Name(id="len")) | ast.Attribute(attr="shape" | "size"):
            return True
        case ast.Subscript(value=ast.Attribute(attr="shape")):
            return True
    return False
