"""How a file calls its own functions: what its training loop hands to them, and where that comes from."""

from __future__ import annotations

import ast
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from chainrule.gradcheck.program.filled_by_parts import filled_by_parts

_COMPUTED = (ast.BinOp, ast.Subscript, ast.Lambda, ast.ListComp, ast.GeneratorExp, ast.DictComp, ast.Starred)


class HandedOn(NamedTuple):
    """What an argument is at a call: what a function of the file gives, a constant, or what is computed there.

    Attributes:
        function: the one that gives it; empty for all else.
        part: which of the several values that the function gives; None for all of it.
        constant: as it is written: ``"relu"``, ``True``, ``[Dense(6, 5), ReLU()]``, the name of a function or a class.
        expression: as it is written: ``W @ X + b``.
        names: those of the expression that are made in the same scope, and how.
        owner: the class of the object whose method the function is, where that is made in the same scope.
    """

    function: str = ""
    part: int | None = None
    constant: str = ""
    expression: str = ""
    names: tuple[tuple[str, HandedOn], ...] = ()
    owner: str = ""

    @property
    def free(self) -> list[str]:
        """The names of the expression, and of those that it is made of, that come from elsewhere."""
        made = dict(self.names)
        here = [n.id for n in ast.walk(ast.parse(self.expression)) if isinstance(n, ast.Name)]
        return [name for name in here if name not in made] + [n for m in made.values() for n in m.free]


_MOST_WAYS = 3
"""Of several functions that give the same name its value, how many are known."""

Handed = Mapping[tuple[str, str], tuple[HandedOn, ...]]
"""By function and argument: what the argument is at the calls, in order."""

HandedWhere = Mapping[tuple[str, str, str, str], tuple[HandedOn, ...]]
"""By function, argument, a switch of the function and its value: what the argument is at such calls, in order."""

CallKey = TypeVar("CallKey")


def call_sites(
    statements: Iterable[ast.stmt],
    arguments: Mapping[str, tuple[str, ...]],
    classes: frozenset[str] = frozenset(),
) -> Handed:
    """What the functions of a file are called with.

    Args:
        statements: the file's top level.
        arguments: the names of each function's arguments, in order, those of a method without ``self``.
        classes: which of them make objects.

    >>> tree = ast.parse("P, H = forward(X)\\ngrads = backward(X, P, 'relu')")
    >>> seen = call_sites(tree.body, {"forward": ("X",), "backward": ("X", "P", "kind")})
    >>> seen["backward", "P"] == (HandedOn("forward", 0),), seen["backward", "kind"][0].constant
    (True, "'relu'")
    """
    return _by_key(
        ((name, argument), what)
        for scope in _scopes(statements)
        for made in _ways_made(scope, arguments, classes)
        for call in (node for node in scope if isinstance(node, ast.Call))
        for name, argument, what in _handed(call, made, arguments, classes)
    )


def switched_sites(
    statements: Iterable[ast.stmt],
    arguments: Mapping[str, tuple[str, ...]],
    classes: frozenset[str] = frozenset(),
) -> HandedWhere:
    """What the functions of a file are called with where a switch of theirs is set: of what gives a name its value,
    what sets the switch so too. The arguments are those of :func:`call_sites`.

    >>> tree = ast.parse("P = forward(X)\\nP, mu = forward(X, norm=True)\\nbackward(X, P, norm=True)")
    >>> seen = switched_sites(tree.body, {"forward": ("X", "norm"), "backward": ("X", "P", "norm")})
    >>> seen["backward", "P", "norm", "True"] == (HandedOn("forward", 0),)
    True
    """
    return _by_key(
        ((name, argument, switch, value), what)
        for scope in _scopes(statements)
        for call in (node for node in scope if isinstance(node, ast.Call))
        if (switches := _switches(call, arguments))
        for name, argument, what in _handed(
            call, _made(scope, arguments, classes, 0, switches), arguments, classes
        )
        for switch, value in switches.items()
    )


def _by_key(pairs: Iterable[tuple[CallKey, HandedOn]]) -> dict[CallKey, tuple[HandedOn, ...]]:
    every: dict[CallKey, dict[HandedOn, None]] = {}
    for key, what in pairs:
        every.setdefault(key, {})[what] = None
    return {key: tuple(kinds) for key, kinds in every.items()}


def _handed(
    call: ast.Call,
    made: Mapping[str, HandedOn],
    arguments: Mapping[str, tuple[str, ...]],
    classes: frozenset[str],
) -> Iterator[tuple[str, str, HandedOn]]:
    """The function that is called, and what its arguments are there."""
    for name, argument, value in _given(call, arguments):
        what = _what(value, made, arguments, classes)
        if what is not None and what.function != name:
            yield name, argument, what


def _switches(call: ast.Call, arguments: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """The switches that a call sets, each with its value."""
    given = ((name, v.value) for _, name, v in _given(call, arguments) if isinstance(v, ast.Constant))
    return {name: str(value) for name, value in given if isinstance(value, bool)}


def joined(
    first: Mapping[CallKey, tuple[HandedOn, ...]], second: Mapping[CallKey, tuple[HandedOn, ...]]
) -> Mapping[CallKey, tuple[HandedOn, ...]]:
    """What two files hand to the same functions, that of the first before that of the second."""
    keys = dict.fromkeys([*first, *second])
    return {key: tuple(dict.fromkeys([*first.get(key, ()), *second.get(key, ())])) for key in keys}


def _scopes(statements: Iterable[ast.stmt]) -> Iterator[list[ast.AST]]:
    """The nodes of the top level, and those of every function."""
    top = [node for statement in statements for node in _outside_functions(statement)]
    yield top
    for node in top:
        if isinstance(node, ast.FunctionDef):
            yield from _scopes(node.body)


def _outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    if not isinstance(node, ast.FunctionDef):
        for inner in ast.iter_child_nodes(node):
            yield from _outside_functions(inner)


def _ways_made(
    scope: Sequence[ast.AST], functions: Mapping[str, tuple[str, ...]], classes: frozenset[str]
) -> list[dict[str, HandedOn]]:
    """The names of a scope and what they hold: what gives each of them first, and what does later, as where there is a
    forward pass with dropout and one without."""
    ways = (_made(scope, functions, classes, way) for way in range(_MOST_WAYS))
    return [made for made, _ in itertools.groupby(ways)]


def _made(
    scope: Sequence[ast.AST],
    functions: Mapping[str, tuple[str, ...]],
    classes: frozenset[str],
    way: int,
    switches: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, HandedOn]:
    """The names of a scope that hold what a function of the file gives, objects that are written down, or what is
    computed once; of several functions that give a name its value the one at a place, but none that sets a switch
    otherwise than it is given, and first one that sets it so."""
    made: dict[str, HandedOn] = {}
    told: set[str] = set()
    given: Counter[str] = Counter()
    changed = Counter(map(_changed, scope))
    for node in (node for node in scope if isinstance(node, ast.Assign)):
        if written := _written_down(node.value, functions, classes):
            made |= {ast.unparse(t): written for t in node.targets if isinstance(t, ast.Name | ast.Attribute)}
        elif isinstance(node.value, ast.Call) and _called(node.value) in functions:
            name = _called(node.value)
            own = _switches(node.value, functions) if switches else {}
            if any(own.get(switch, value) != value for switch, value in switches.items()):
                continue
            for target in node.targets:
                parts = target.elts if isinstance(target, ast.Tuple | ast.List) else [target]
                alone = parts[0] is target
                for part, element in enumerate(parts):
                    key = ast.unparse(element)
                    is_told = key not in told and any(switch in own for switch in switches)
                    if key not in made or is_told or 0 < given[key] <= way:
                        owner = _owner(node.value, made, classes)
                        made[key] = HandedOn(name, None if alone else part, owner=owner)
                    told |= {key} if is_told else set()
                    given[key] += 1
        elif isinstance(node.targets[0], ast.Name) and changed[node.targets[0].id] == 1:
            what = _what(node.value, made, functions, classes)
            if what is not None and not what.constant:
                made.setdefault(node.targets[0].id, what)
    for filled, stacked in filled_by_parts(scope, changed).items():
        if (what := _what(stacked, made, functions, classes)) is not None:
            made.setdefault(filled, what)
    return made


def _changed(node: ast.AST) -> str:
    """The name whose value a node sets or changes; empty where it is none."""
    if isinstance(node, ast.Subscript | ast.Attribute) and not isinstance(node.ctx, ast.Load):
        return _root(node)
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="append" | "extend" | "insert")):
            return name
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            return name
    return ""


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _called(call: ast.Call) -> str:
    """The name of the function or method that is called."""
    function = call.func
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _owner(call: ast.Call, made: Mapping[str, HandedOn], classes: frozenset[str]) -> str:
    """The class of the object whose method is called; empty where it is made elsewhere."""
    holder = made.get(ast.unparse(call.func.value)) if isinstance(call.func, ast.Attribute) else None
    name = (holder.function or holder.constant.partition("(")[0]) if holder is not None else ""
    return name if name in classes else ""


def _given(call: ast.Call, arguments: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str, ast.expr]]:
    """The function that is called, and the arguments that it gets, by name."""
    function = _called(call)
    names = arguments.get(function, ())
    if not any(isinstance(value, ast.Starred) for value in call.args):
        yield from ((function, name, value) for name, value in zip(names, call.args, strict=False))
    yield from ((function, k.arg, k.value) for k in call.keywords if k.arg is not None and k.arg in names)


def _written_down(
    value: ast.expr, functions: Mapping[str, object], classes: frozenset[str]
) -> HandedOn | None:
    """An object of the file's classes, or several, made of nothing but constants; a function or a class by its name."""
    names = {n.id for n in ast.walk(value) if isinstance(n, ast.Name)}
    called = {_called(n) for n in ast.walk(value) if isinstance(n, ast.Call)}
    plain = not any(isinstance(n, _COMPUTED) for n in ast.walk(value))
    if names and names <= functions.keys() and called <= classes and plain:
        return HandedOn(constant=ast.unparse(value))
    return None


def _is_literal(value: ast.expr) -> bool:
    """Whether a value is written down: a constant, or a list of some."""
    listed = value.elts if isinstance(value, ast.List | ast.Tuple) else [value]
    return bool(listed) and all(isinstance(each, ast.Constant) for each in listed)


def _what(
    value: ast.expr,
    made: Mapping[str, HandedOn],
    functions: Mapping[str, object],
    classes: frozenset[str],
) -> HandedOn | None:
    if _is_literal(value):
        return HandedOn(constant=ast.unparse(value))
    if written := _written_down(value, functions, classes):
        return written
    if isinstance(value, ast.Call) and _called(value) in functions:
        return HandedOn(_called(value), owner=_owner(value, made, classes))
    if (
        isinstance(value, ast.Subscript)
        and isinstance(value.slice, ast.Constant)
        and isinstance(value.slice.value, int)
    ):
        inner = _what(value.value, made, functions, classes)
        return None if inner is None or inner.part is not None else inner._replace(part=value.slice.value)
    if isinstance(value, ast.Name | ast.Attribute | ast.Subscript):
        known = made.get(ast.unparse(value))
        if known is not None or isinstance(value, ast.Name):
            return known
    if isinstance(value, ast.Starred | ast.Lambda):
        return None
    names = {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}
    return HandedOn(
        expression=ast.unparse(value), names=tuple((n, made[n]) for n in sorted(names) if n in made)
    )
