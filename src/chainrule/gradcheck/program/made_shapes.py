"""The shapes in which a file makes its arrays, by what it calls them: ``w = np.zeros((d, 1))`` is a column wherever it
is handed on.

Sizes are seldom known before a file runs; how many axes there are, and which have a single entry, mostly are.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping

from chainrule.gradcheck.program.names import meaning
from chainrule.gradcheck.program.output_units import MAKERS, called, is_one, name_of, sizes_of

MadeShape = tuple[int | None, ...]
"""1 for an axis that has one entry, None for one that may have several."""

MadeShapes = Mapping[str, frozenset[MadeShape]]
"""By name: all shapes that arrays of this name are made in; names of which anything is not known are left out."""

_Source = MadeShape | str | None
"""What a name is given: an array of a shape, what another name holds, or what is not known."""

_COPIES = ("copy", "deepcopy", "array", "asarray", "astype", "float64", "float32", "zeros_like", "ones_like")
_SEVERAL_SIZES = re.compile(r"\w*(shape|dims|sizes)\w*|size|layers?", re.IGNORECASE)
"""Names that may hold several sizes at once."""


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
    given: dict[str, set[_Source]] = {}
    for name, source in _given(every, functions):
        if name and name != source:
            given.setdefault(name, set()).add(source)
    shapes = {name: _shapes(name, given, set()) for name in given if name.isidentifier()}
    return {name: frozenset(known) for name, known in shapes.items() if known}


def contradicts(made: MadeShapes, name: str, shape: tuple[int, ...]) -> bool:
    """Whether a file makes the array of this name in other shapes alone; one entry is one in any number of axes.

    >>> made = {"w": frozenset({(None, 1)})}
    >>> [contradicts(made, name, (6,)) for name in ("w", "net.w", "w[0]", "v")]
    [True, True, True, False]
    """
    words = [word for word in re.findall(r"\w+", name) if not word.isdigit()]
    last = words[-1] if words else ""
    known = made.get(last) or made.get(last.rstrip("0123456789")) or frozenset()
    return bool(known) and not any(_fits(each, shape) for each in known)


def _fits(made: MadeShape, shape: tuple[int, ...]) -> bool:
    if made and shape and {*made} == {1} == {*shape}:
        return True
    return len(made) == len(shape) and all(n is None or n == m for n, m in zip(made, shape, strict=True))


def _shapes(name: str, given: Mapping[str, set[_Source]], seen: set[str]) -> set[MadeShape]:
    """All shapes of what a name holds; none where one of them is not known."""
    found: set[MadeShape] = set()
    for source in given.get(name, {None}):
        if isinstance(source, tuple):
            found.add(source)
        elif source is None:
            return set()
        elif source not in seen:
            others = _shapes(source, given, seen | {name})
            if not others and not _is_begun_in(source, seen | {name}, given):
                return set()
            found |= others
    return found


def _is_begun_in(name: str, seen: set[str], given: Mapping[str, set[_Source]]) -> bool:
    """Whether a name holds nothing but what others hold that have been looked at."""
    return bool(given.get(name)) and {*given.get(name, ())} <= seen


def _given(
    nodes: Iterable[ast.AST], functions: Mapping[str, list[ast.FunctionDef]]
) -> Iterator[tuple[str, _Source]]:
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
) -> Iterator[tuple[str, _Source]]:
    match target, value:
        case ast.Tuple(elts=targets), ast.Tuple(elts=values) if len(targets) == len(values):
            for each, given in zip(targets, values, strict=True):
                yield from _assigned(each, given, functions)
        case ast.Tuple(elts=targets), _:
            name = called(value) if isinstance(value, ast.Call) else ""
            for place, each in enumerate(targets):
                yield name_of(each), f"{name}()[{place}]" if name in functions else None
        case _:
            yield from ((_key(target), source) for source in _sources(value, _key(target), functions))


def _key(target: ast.expr) -> str:
    """What a target is called; that of ``params["W" + str(i)]``, or of ``params[f"W{i}"]``, is ``W``."""
    match target:
        case ast.Subscript(
            slice=ast.BinOp(left=ast.Constant(value=str(name)))
            | ast.JoinedStr(values=[ast.Constant(value=str(name)), *_])
        ):
            return name
    return name_of(target)


def _returned(
    function: ast.FunctionDef, functions: Mapping[str, list[ast.FunctionDef]]
) -> Iterator[tuple[str, _Source]]:
    for node in ast.walk(function):
        match node:
            case ast.Return(value=ast.Tuple(elts=values)):
                for place, value in enumerate(values):
                    name = f"{function.name}()[{place}]"
                    yield from ((name, source) for source in _sources(value, name, functions))
            case ast.Return(value=ast.expr() as value):
                name = f"{function.name}()"
                yield from ((name, source) for source in _sources(value, name, functions))


def _arguments(
    call: ast.Call, function: ast.FunctionDef, functions: Mapping[str, list[ast.FunctionDef]]
) -> Iterator[tuple[str, _Source]]:
    names = _names(function)
    is_method = isinstance(call.func, ast.Attribute) and names[:1] == ["self"]
    positions = names[1:] if is_method else names
    values = {k.arg: k.value for k in call.keywords if k.arg is not None}
    values |= dict(zip(positions, call.args, strict=False))
    for name, value in values.items():
        yield from ((name, source) for source in _sources(value, name, functions))


def _names(function: ast.FunctionDef) -> list[str]:
    return [
        argument.arg
        for argument in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    ]


def _sources(value: ast.expr, name: str, functions: Mapping[str, list[ast.FunctionDef]]) -> Iterator[_Source]:
    """What an expression may hold that is given to a name; nothing where it only keeps a place free, or is the same
    array after a step."""
    match value:
        case ast.Constant(value=int() | float()):
            # Of weights a number keeps the place free; True is a setting.
            yield () if meaning(name).role == "bias" and not isinstance(value.value, bool) else None
        case ast.Constant(value=None) | ast.List(elts=[]) | ast.Dict():
            return
        case ast.IfExp(body=first, orelse=second):
            yield from _sources(first, name, functions)
            yield from _sources(second, name, functions)
        case ast.List(elts=values):
            yield from (source for each in values for source in _sources(each, name, functions))
        case ast.ListComp(elt=element):
            # A list of numbers may become an array.
            yield from (None if source == () else source for source in _sources(element, name, functions))
        case ast.UnaryOp(operand=operand):
            yield from _sources(operand, name, functions)
        case ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div() as sign, left=left, right=right):
            operands = [*_sources(left, name, functions)], [*_sources(right, name, functions)]
            yield _of_two(*operands, is_step=isinstance(sign, ast.Add | ast.Sub))
        case ast.Name() | ast.Attribute() | ast.Subscript() if found := _key(value):
            yield found
        case ast.Call():
            yield _of_call(value, name, functions)
        case _:
            yield None


def _of_two(left: list[_Source], right: list[_Source], *, is_step: bool) -> _Source:
    """What two operands give: an array that is made, times a number or what is no array; or a name after a step."""
    made = [source for source in (*left, *right) if isinstance(source, tuple) and source]
    if len(made) == 1:
        return made[0]
    return left[0] if is_step and len(left) == 1 and isinstance(left[0], str) else None


def _of_call(call: ast.Call, name: str, functions: Mapping[str, list[ast.FunctionDef]]) -> _Source:
    function = called(call)
    if function in functions:
        return f"{function}()"
    if function in MAKERS:
        return _as_made(call)
    if function not in _COPIES:
        return None
    copied = _copied(call)
    if isinstance(copied, ast.List):
        return _written(copied)
    sources = [] if copied is None else [*_sources(copied, name, functions)]
    return sources[0] if len(sources) == 1 else None


def _copied(call: ast.Call) -> ast.expr | None:
    """What a call copies: ``w`` of ``w.copy()``, ``w.astype(float)``, ``np.copy(w)`` and ``np.zeros_like(w)``."""
    match call.func:
        case ast.Attribute(value=array, attr="copy" | "astype") if not _is_module(array):
            return array
    return next(iter(call.args), None)


def _is_module(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in ("np", "numpy", "copy")


def _as_made(call: ast.Call) -> MadeShape | None:
    sizes = sizes_of(call)
    if any(isinstance(size, ast.Starred) for size in sizes):
        return None
    if len(sizes) == 1 and not isinstance(sizes[0], ast.Constant) and _may_be_several(call, sizes[0]):
        return None
    return tuple(1 if is_one(size) else None for size in sizes)


def _may_be_several(call: ast.Call, size: ast.expr) -> bool:
    """Whether what is asked for in one argument may be a whole shape."""
    if any(isinstance(a, ast.Tuple | ast.List) for a in (*call.args, *(k.value for k in call.keywords))):
        return False
    match size:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return _SEVERAL_SIZES.fullmatch(name) is not None
        case ast.Subscript(value=ast.Attribute(attr="shape"), slice=index):
            return isinstance(index, ast.Slice)
    return not isinstance(size, ast.BinOp | ast.Subscript | ast.Call)


def _written(array: ast.List) -> MadeShape | None:
    """The shape of an array whose entries are written down."""
    shape: list[int | None] = []
    node: ast.expr = array
    while isinstance(node, ast.List) and node.elts:
        shape.append(1 if len(node.elts) == 1 else None)
        node = node.elts[0]
    return tuple(shape) if isinstance(node, ast.Constant | ast.UnaryOp) else None
