"""Functions that are not written yet, as templates leave them: what they give is never anything but None, and they put
nothing anywhere either; or None stands where something has to be written before they can run."""

from __future__ import annotations

import ast
import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from chainrule.gradcheck.program.function_names import rank

_ZEROS = ("zeros", "zeros_like", "empty", "empty_like")
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


def blanks(node: ast.FunctionDef) -> tuple[bool, ...]:
    """Of each of the values that a function gives, whether it is nothing yet: None, or a name that no line gives any
    other value; beside such a first one, as a loss of 0, also what is filled with zeros and never looked at again.

    >>> text = "def f(x, mode):\\n  out, n = None, len(x)\\n  if mode == 'train':\\n    pass\\n  return out, n"
    >>> blanks(ast.parse(text).body[0])
    (True, False)
    """
    if _does_nothing(node.body) or any(map(_is_blank_form, _always(node.body))):
        return (True,)
    own = list(_own(node))
    if any(map(_puts_elsewhere, own)):
        return ()
    returns = [n for n in own if isinstance(n, ast.Return) and n.value is not None]
    given = [_elements(n.value) for n in returns if n.value is not None]
    # One that gives a loss and gradients at its end may give scores alone before.
    given = [values for values in given if len(values) >= len(given[-1])]
    bound = _bound(node)
    unset = {name for name, values in bound.items() if all(_is_unset(value, name) for value in values)}
    if all(_is_blank(values[0], unset) for values in given if values):
        read = _names(own, beside=returns)
        unset |= {name for name, values in bound.items() if name not in read and all(map(_is_empty, values))}
    if not unset & _names(inner for each in returns for inner in ast.walk(each)):
        # What gives None and says so may have done something else.
        return ()
    columns = itertools.zip_longest(*given)
    return tuple(all(_is_blank(each, unset) for each in column if each is not None) for column in columns)


def _does_nothing(body: Sequence[ast.stmt]) -> bool:
    """Whether no statement does anything but choose, or say that it is not written."""
    for statement in body:
        match statement:
            case (
                ast.Pass()
                | ast.Expr(value=ast.Constant())
                | ast.Return(value=None | ast.Constant(value=None))
            ):
                continue
            case ast.Raise(
                exc=ast.Name(id="NotImplementedError") | ast.Call(func=ast.Name(id="NotImplementedError"))
            ):
                continue
            case ast.If(body=first, orelse=second) if _does_nothing([*first, *second]):
                continue
        return False
    return True


def _always(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that are run whatever the function is given, but for how often."""
    for statement in body:
        yield statement
        if isinstance(statement, ast.For | ast.With):
            yield from _always(statement.body)


def _is_blank_form(node: ast.stmt) -> bool:
    """Whether a statement can do nothing until somebody writes what stands for None in it: ``(m, n) = None``, ``dW +=
    None``, ``for i in range(None)``."""
    match node:
        case ast.Assign(targets=[ast.Tuple() | ast.List()], value=value) | ast.AugAssign(value=value):
            return isinstance(value, ast.Constant) and value.value is None
        case ast.For(iter=ast.Call(func=ast.Name(id="range"), args=args)):
            return any(isinstance(a, ast.Constant) and a.value is None for a in args)
    return False


def _puts_elsewhere(node: ast.AST) -> bool:
    """Whether a statement of a function may change more than its own names: an attribute or an entry is given a value,
    or something is called for what it does."""
    match node:
        case ast.Assign(targets=targets, value=value):
            inner = (n for target in targets for n in ast.walk(target))
            return any(map(_is_stored, inner)) and not (_is_unset(value, "") or _is_empty(value))
        case ast.AugAssign(target=target) | ast.AnnAssign(target=target, value=ast.expr()):
            return _is_stored(target)
        case ast.Expr(value=ast.Call(func=called)):
            return not (isinstance(called, ast.Name) and called.id == "print")
        case ast.Call(func=ast.Attribute(attr=name)) if rank(name, "gradient") is not None:
            return True
        case ast.Call(keywords=keywords):
            return any(keyword.arg == "out" for keyword in keywords)
    return isinstance(node, ast.Global | ast.Nonlocal)


def _is_stored(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store)


def _own(node: ast.AST) -> Iterator[ast.AST]:
    """What stands in a function, and in none that it defines."""
    for inner in ast.iter_child_nodes(node):
        yield inner
        if not isinstance(inner, _SCOPES):
            yield from _own(inner)


def _elements(value: ast.expr) -> list[ast.expr]:
    return [*value.elts] if isinstance(value, ast.Tuple | ast.List) else [value]


def _bound(node: ast.FunctionDef) -> dict[str, list[ast.expr | None]]:
    """The names of a function, and what each is given; None for what is not known."""
    bound: defaultdict[str, list[ast.expr | None]] = defaultdict(list)
    known = set[int]()
    for statement in (n for n in ast.walk(node) if isinstance(n, ast.Assign)):
        for target, value in (pair for t in statement.targets for pair in _pairs(t, statement.value)):
            bound[target.id].append(value)
            known.add(id(target))
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and not isinstance(inner.ctx, ast.Load) and id(inner) not in known:
            bound[inner.id].append(None)
        elif isinstance(inner, ast.Subscript | ast.Attribute) and not isinstance(inner.ctx, ast.Load):
            bound[_root(inner)].append(None)
        elif isinstance(inner, ast.arg):
            bound[inner.arg].append(None)
        elif isinstance(inner, ast.Global | ast.Nonlocal):
            bound |= {name: [None] for name in inner.names}
    return bound


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.Name, ast.expr]]:
    """The names among what is assigned, each with what it is given."""
    if isinstance(target, ast.Name):
        yield target, value
    elif (
        isinstance(target, ast.Tuple | ast.List)
        and isinstance(value, ast.Tuple | ast.List)
        and len(target.elts) == len(value.elts)
    ):
        for one, its in zip(target.elts, value.elts, strict=True):
            yield from _pairs(one, its)


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _is_unset(value: ast.expr | None, name: str) -> bool:
    """Whether a value is None, a loss of 0, or made of such a name itself, as ``out = out.astype(float)`` is."""
    match value:
        case ast.Constant(value=None | 0 | 0.0):
            return True
        case ast.Call(func=ast.Attribute(value=ast.Name(id=of))):
            return of == name
    return False


def _is_empty(value: ast.expr | None) -> bool:
    match value:
        case ast.Dict(keys=[]) | ast.List(elts=[]):
            return True
        case ast.Call(func=ast.Attribute(attr=made)):
            return made in _ZEROS
    return False


def _names(nodes: Iterable[ast.AST], beside: Iterable[ast.AST] = ()) -> set[str]:
    """The names that are read in some nodes, but for what stands in others."""
    left = {id(inner) for each in beside for inner in ast.walk(each)}
    loaded = (n for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load))
    return {n.id for n in loaded if id(n) not in left}


def _is_blank(value: ast.expr, unset: set[str]) -> bool:
    match value:
        case ast.Constant(value=None):
            return True
        case ast.Name(id=name):
            return name in unset
        case ast.Tuple(elts=several) | ast.List(elts=several) | ast.Dict(values=several):
            return bool(several) and all(_is_blank(each, unset) for each in several)
    return False
