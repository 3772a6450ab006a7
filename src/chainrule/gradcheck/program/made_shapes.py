"""The shapes in which a file makes its arrays, by what it calls them: ``w = np.zeros((d, 1))`` is a column wherever it
is handed on.

Sizes are seldom known before a file runs; how many axes there are mostly is.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping

from chainrule.gradcheck.program.array_shapes import MadeShape, Origin, counted, key_of, sources_of
from chainrule.gradcheck.program.output_units import called, name_of

MadeShapes = Mapping[str, frozenset[MadeShape]]
"""By name: all shapes that arrays of this name are made in; names of which anything is not known are left out."""


def made_shapes(nodes: Iterable[ast.AST]) -> dict[str, frozenset[MadeShape]]:
    """The shapes of the arrays that some statements make.

    >>> text = "w = np.zeros((d, 1)); b = 0.0; train(X, start=w); v = load('v.npy')"
    >>> made_shapes([ast.parse(f"def train(X, start): ..."), ast.parse(text)])
    {'w': frozenset({(None, 1)}), 'b': frozenset({()}), 'start': frozenset({(None, 1)})}
    """
    every = [inner for node in nodes for inner in ast.walk(node)]
    functions: dict[str, list[ast.FunctionDef]] = {}
    for node in every:
        if isinstance(node, ast.FunctionDef):
            functions.setdefault(node.name, []).append(node)
        elif isinstance(node, ast.ClassDef):
            made = (n for n in node.body if isinstance(n, ast.FunctionDef) and n.name == "__init__")
            functions.setdefault(node.name, []).extend(made)
    given: dict[str, set[Origin]] = {}
    for name, source in _given(every, functions):
        if name and name != source:
            given.setdefault(name, set()).add(source)
    held = {name: _held(name, given) for name in given}
    shapes = {name: frozenset(s for s in every if isinstance(s, tuple)) for name, every in held.items()}
    return {
        name: shapes[name]
        for name, every in held.items()
        if "(" not in name and None not in every
        if all(shapes[other] for other in (name, *every) if isinstance(other, str))
    }


def contradicts(made: MadeShapes, name: str, shape: tuple[int, ...]) -> bool:
    """Whether a file makes the array of this name in other numbers of axes alone; one entry is one in any. Sizes may be
    those of a small example.

    >>> made = {"w": frozenset({(None, 1)})}
    >>> [contradicts(made, name, (6,)) for name in ("w", "net.w", "w[0]", "v")]
    [True, True, True, False]
    """
    words = [word for word in re.findall(r"\w+", name) if not word.isdigit()]
    last = words[-1] if words else ""
    of_all = last.rstrip("0123456789")
    known = made.get(last) or (made.get(counted(of_all)) if of_all != last else None) or frozenset()
    return bool(known) and not any(_fits(each, shape) for each in known)


def _fits(made: MadeShape, shape: tuple[int, ...]) -> bool:
    return len(made) == len(shape) or (bool(made and shape) and {*made} == {1} == {*shape})


def _held(name: str, given: Mapping[str, set[Origin]]) -> set[Origin]:
    """All that a name may hold, and the names by which it does; None where anything is not known."""
    found, todo = set[Origin](), [name]
    while todo:
        more = given.get(todo.pop(), {None}) - found
        found |= more
        todo += [source for source in more if isinstance(source, str)]
    return found


def _given(
    nodes: Iterable[ast.AST], functions: Mapping[str, list[ast.FunctionDef]]
) -> Iterator[tuple[str, Origin]]:
    """What names, arguments, and what functions return are given: ``name``, ``f()`` and ``f()[0]``."""
    calls = set()
    for node in nodes:
        match node:
            case ast.Assign(targets=targets, value=value):
                yield from (pair for target in targets for pair in _assigned(target, value, functions))
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                yield from _assigned(target, value, functions)
            case ast.Dict(keys=keys, values=values):
                for key, value in zip(keys, values, strict=True):
                    if isinstance(key, ast.Constant):
                        yield from _assigned(key, value, functions)
            case ast.FunctionDef():
                yield from _returned(node, functions)
            case ast.For(target=target) | ast.comprehension(target=target):
                yield from ((n.id, None) for n in ast.walk(target) if isinstance(n, ast.Name))
            case ast.Call(func=ast.Attribute(attr="append", value=target), args=[value]):
                yield from _assigned(target, value, functions)
            case ast.Call():
                calls.add(node.func)
                for function in functions.get(called(node), []):
                    yield from _arguments(node, function, functions)
    for node in nodes:
        # What a function is called with by others, as by an optimiser, is not known.
        if (
            isinstance(node, ast.Name | ast.Attribute)
            and isinstance(node.ctx, ast.Load)
            and node not in calls
        ):
            name = node.id if isinstance(node, ast.Name) else node.attr
            yield from ((a, None) for f in functions.get(name, []) for a in _names(f))


def _assigned(
    target: ast.expr, value: ast.expr, functions: Mapping[str, list[ast.FunctionDef]]
) -> Iterator[tuple[str, Origin]]:
    match target, value:
        case ast.Tuple(elts=targets), ast.Tuple(elts=values) if len(targets) == len(values):
            for each, given in zip(targets, values, strict=True):
                yield from _assigned(each, given, functions)
        case ast.Tuple(elts=targets), _:
            name = called(value) if isinstance(value, ast.Call) else ""
            for place, each in enumerate(targets):
                yield name_of(each), f"{name}()[{place}]" if name in functions else None
        case _:
            yield from ((key_of(target), source) for source in sources_of(value, key_of(target), functions))


def _returned(
    function: ast.FunctionDef, functions: Mapping[str, list[ast.FunctionDef]]
) -> Iterator[tuple[str, Origin]]:
    for node in ast.walk(function):
        match node:
            case ast.Return(value=ast.Tuple(elts=values)):
                for place, value in enumerate(values):
                    name = f"{function.name}()[{place}]"
                    yield from ((name, source) for source in sources_of(value, name, functions))
            case ast.Return(value=ast.expr() as value):
                name = f"{function.name}()"
                yield from ((name, source) for source in sources_of(value, name, functions))


def _arguments(
    call: ast.Call, function: ast.FunctionDef, functions: Mapping[str, list[ast.FunctionDef]]
) -> Iterator[tuple[str, Origin]]:
    names = _names(function)
    is_method = names[:1] == ["self"] and (
        isinstance(call.func, ast.Attribute) or called(call) != function.name
    )
    positions = names[1:] if is_method else names
    values = {k.arg: k.value for k in call.keywords if k.arg is not None}
    values |= dict(zip(positions, call.args, strict=False))
    for name, value in values.items():
        yield from ((name, source) for source in sources_of(value, name, functions))


def _names(function: ast.FunctionDef) -> list[str]:
    return [
        argument.arg
        for argument in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    ]
