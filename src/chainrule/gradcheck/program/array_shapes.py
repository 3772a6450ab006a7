"""The shape of the array that an expression makes, as far as it can be read."""

from __future__ import annotations

import ast
import re
from collections.abc import Container, Iterator

from chainrule.gradcheck.program.names import meaning
from chainrule.gradcheck.program.output_units import MAKERS, called, is_one, name_of, sizes_of

MadeShape = tuple[int | None, ...]
"""1 for an axis that has one entry, None for one that may have several."""

Origin = MadeShape | str | None
"""What a name is given: an array of a shape, what another name holds, or what is not known."""

_COPIES = ("copy", "deepcopy", "array", "asarray", "astype", "float64", "float32", "zeros_like", "ones_like")

_DRAWN_LABELS = {"randint": 2, "integers": 2, "choice": 1}
"""What draws whole numbers, and where the shape stands among its arguments."""

_SEVERAL_SIZES = re.compile(r"\w*(shape|dims|sizes)\w*|size|layers?", re.IGNORECASE)
"""Names that may hold several sizes at once."""


def counted(name: str) -> str:
    """What the arrays of all layers are called that have this name and a number."""
    return f"{name}#"


def key_of(target: ast.expr) -> str:
    """What a target is called; that of ``params["W" + str(i)]``, or of ``params[f"W{i}"]``, is ``W#``."""
    match target:
        case ast.Subscript(
            slice=ast.BinOp(left=ast.Constant(value=str(name)))
            | ast.JoinedStr(values=[ast.Constant(value=str(name)), *_])
        ):
            return counted(name)
    return name_of(target)


def sources_of(value: ast.expr, name: str, functions: Container[str]) -> Iterator[Origin]:
    """What an expression may hold that is given to a name; nothing where it only keeps a place free, or is the same
    array after a step."""
    match value:
        case ast.Constant(value=int() | float()):
            # Of weights a number keeps the place free; True is a setting.
            yield () if meaning(name).role == "bias" and not isinstance(value.value, bool) else None
        case ast.Constant(value=None) | ast.List(elts=[]) | ast.Dict():
            return
        case ast.IfExp(body=first, orelse=second):
            yield from sources_of(first, name, functions)
            yield from sources_of(second, name, functions)
        case ast.List() | ast.ListComp():
            elements = value.elts if isinstance(value, ast.List) else [value.elt]
            held = (source for each in elements for source in sources_of(each, name, functions))
            # A list of numbers may become an array.
            yield from (None if source == () else source for source in held)
        case ast.UnaryOp(operand=operand):
            yield from sources_of(operand, name, functions)
        case ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div() as sign, left=left, right=right):
            operands = [*sources_of(left, name, functions)], [*sources_of(right, name, functions)]
            yield _of_two(*operands, is_step=isinstance(sign, ast.Add | ast.Sub))
        case ast.Subscript(value=whole, slice=ast.Slice()):
            yield from sources_of(whole, name, functions)
        case ast.Subscript(slice=ast.Tuple(elts=indices)):
            yield _picked(indices)
        case ast.Attribute(value=inner, attr="T"):
            yield from (s[::-1] if isinstance(s, tuple) else None for s in sources_of(inner, name, functions))
        case ast.Attribute(value=inner, attr="values") | ast.Compare(left=inner):
            yield from sources_of(inner, name, functions)
        case ast.Name() | ast.Attribute() | ast.Subscript() if found := key_of(value):
            yield found
        case ast.Call():
            yield _of_call(value, name, functions)
        case _:
            yield None


def _of_two(left: list[Origin], right: list[Origin], *, is_step: bool) -> Origin:
    """What two operands give: an array that is made, times a number or what is no array; or a name after a step."""
    made = [source for source in (*left, *right) if isinstance(source, tuple) and source]
    if len(made) == 1:
        return made[0]
    return left[0] if is_step and len(left) == 1 and isinstance(left[0], str) else None


def _of_call(call: ast.Call, name: str, functions: Container[str]) -> Origin:
    function = called(call)
    if function in functions:
        return f"{function}()"
    if function in MAKERS:
        return _as_made(call, sizes_of(call))
    if function in _DRAWN_LABELS:
        given = [k.value for k in call.keywords if k.arg == "size"] or call.args[
            (at := _DRAWN_LABELS[function]) : at + 1
        ]
        return _as_made(call, _entries(given)) if given else ()
    if function in ("ravel", "flatten"):
        return (None,)
    if function == "reshape":
        return _as_made(call, _entries(call.args[1:] if _is_module(_owner(call)) else call.args))
    if function not in _COPIES:
        return None
    copied = _copied(call)
    if isinstance(copied, ast.List):
        return _written(copied)
    sources = [] if copied is None else [*sources_of(copied, name, functions)]
    return sources[0] if len(sources) == 1 else None


def _copied(call: ast.Call) -> ast.expr | None:
    """What a call copies: ``w`` of ``w.copy()``, ``w.astype(float)``, ``np.copy(w)`` and ``np.zeros_like(w)``."""
    match call.func:
        case ast.Attribute(value=array, attr="copy" | "astype") if not _is_module(array):
            return array
    return next(iter(call.args), None)


def _is_module(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in ("np", "numpy", "copy")


def _owner(call: ast.Call) -> ast.expr:
    return call.func.value if isinstance(call.func, ast.Attribute) else call.func


def _entries(sizes: list[ast.expr]) -> list[ast.expr]:
    """Sizes that are given one by one, or in a tuple."""
    match sizes:
        case [ast.Tuple(elts=entries) | ast.List(elts=entries)]:
            return entries
    return sizes


def _picked(indices: list[ast.expr]) -> MadeShape | None:
    """The shape of a part of an array that has no other axes than those that are looked up: ``data[:, -1]``."""
    shape: list[int | None] = []
    for index in indices:
        match index:
            case ast.Slice(lower=ast.UnaryOp(operand=ast.Constant(value=1)), upper=None) | ast.List(elts=[_]):
                shape.append(1)
            case ast.Slice():
                shape.append(None)
            case ast.Constant(value=None) | ast.Attribute(attr="newaxis"):
                shape.append(1)
            case ast.Constant(value=int()) | ast.UnaryOp(operand=ast.Constant(value=int())):
                continue
            case _:
                return None
    return tuple(shape)


def _as_made(call: ast.Call, sizes: list[ast.expr]) -> MadeShape | None:
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
