"""Attributes of an object that hold the arrays of others, as ``self.params = {"W": self.W}`` does.

What is given to the one another value has to be given to the others too, as whoever changes the arrays where they are
changes them for all.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence

Sharing = tuple[str, str]
"""An attribute, or an entry of one, ``params['W']``, and what it is made of, ``W``; nothing where it gets another
value, and where a method of this name is called."""

_ANYTHING = "..."
"""Stands for any attribute."""

_LOOKS = frozenset({"keys", "values", "items", "get", "copy"})
"""What changes no dictionary and no list."""


def sharings(node: ast.FunctionDef, itself: str) -> Iterator[Sharing]:
    """What a method does to attributes in order: which it makes of other attributes alone, whatever happens, and which
    get other values. To change an array where it is gives none.

    >>> text = "def __init__(self): self.W = draw(); self.all = [self.W]; self.start(); self.W *= 2"
    >>> [*sharings(ast.parse(text).body[0], "self")]
    [('W', ''), ('all', '[W]'), ('start', '')]
    """
    for statement in node.body:
        inner = [*ast.walk(statement)]
        for call in (n for n in inner if isinstance(n, ast.Call)):
            if _is_given(call, itself):
                yield _ANYTHING, ""
            match call.func:
                case ast.Attribute(value=ast.Name(id=name), attr=method) if name == itself:
                    yield method, ""
                case ast.Attribute(value=whole, attr=method) if method not in _LOOKS:
                    changed = _of_attributes(whole, itself)
                    if isinstance(changed, ast.Name | ast.Subscript):
                        yield f"{ast.unparse(changed)}[:]", ""
        plain = statement.targets if isinstance(statement, ast.Assign) else []
        in_place = [n.target for n in inner if isinstance(n, ast.AugAssign)]
        for target in [
            n for n in inner if isinstance(n, ast.Attribute | ast.Subscript) and n not in in_place
        ]:
            if isinstance(target.ctx, ast.Load) or (given := _target(target, itself)) is None:
                continue
            value = statement.value if isinstance(statement, ast.Assign) and target in plain else None
            yield from _shared(given, value, itself)


def _is_given(call: ast.Call, itself: str) -> bool:
    """Whether a call may put anything on the object: it is given it, or is of another class of it."""
    match call.func:
        case ast.Name(id="super" | "getattr" | "hasattr" | "isinstance" | "len" | "print" | "type" | "id"):
            return False
        case ast.Attribute(value=ast.Call(func=ast.Name(id="super"))):
            return True
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    return any(isinstance(each, ast.Name) and each.id == itself for each in given)


def _target(target: ast.Attribute | ast.Subscript, itself: str) -> ast.expr | None:
    """An attribute, or an entry of one; all of its entries where it is not known which."""
    known = _of_attributes(target, itself)
    if known is None and isinstance(target, ast.Subscript):
        whole = _of_attributes(target.value, itself)
        return ast.Subscript(whole, ast.Slice()) if whole is not None else None
    return known


def _shared(given: ast.expr, value: ast.expr | None, itself: str) -> Iterator[Sharing]:
    of_others = _of_attributes(value, itself) if value is not None else None
    text = ast.unparse(of_others) if of_others is not None else ""
    yield ast.unparse(given), text
    if of_others is None and isinstance(value, ast.Dict) and isinstance(given, ast.Name):
        for key, part in zip(value.keys, value.values, strict=True):
            of_part = _of_attributes(part, itself)
            if isinstance(key, ast.Constant) and of_part is not None:
                yield f"{given.id}[{ast.unparse(key)}]", ast.unparse(of_part)


def shared_attributes(
    first: Sequence[Sharing], of_method: Callable[[str], Sequence[Sharing] | None] = lambda name: None
) -> dict[str, str]:
    """The attributes that hold the arrays of others once a method has run, each as an expression in which these stand
    by their names.

    Args:
        first: what the method does.
        of_method: what another does that it calls; None of what is no method.

    >>> shared_attributes([("all", "[W]"), ("params['W']", "W"), ("start", "")], {"start": [("b", "")]}.get)
    {'all': '[W]', 'params': "{**params, 'W': W}"}
    """
    found: dict[str, ast.expr] = {}
    for name, text in _in_order(first, of_method, ()):
        target = ast.parse(name, mode="eval").body
        _forget(found, target)
        if not text:
            continue
        value = ast.parse(text, mode="eval").body
        match target:
            case ast.Name(id=attribute) if names_in(value) - {attribute}:
                found[attribute] = value
            case ast.Subscript(value=ast.Name(id=attribute), slice=ast.Constant(value=str()) as key):
                known = found.get(attribute)
                if not isinstance(known, ast.Dict):
                    known = ast.Dict([None], [ast.Name(attribute)])
                found[attribute] = ast.Dict([*known.keys, key], [*known.values, value])
    return {name: ast.unparse(value) for name, value in found.items()}


def _in_order(
    events: Sequence[Sharing], of_method: Callable[[str], Sequence[Sharing] | None], within: tuple[str, ...]
) -> Iterator[Sharing]:
    """What happens, with what methods do where they are called."""
    for name, text in events:
        called = of_method(name) if not text else None
        if called is None:
            yield name, text
        elif name not in within:
            yield from _in_order(called, of_method, (*within, name))


def _forget(found: dict[str, ast.expr], target: ast.expr) -> None:
    """Leave out what an attribute, or an entry of one, that gets another value has been made of, and what has been made
    of it."""
    whole, keys = _taken_apart(target)
    if not whole:
        found.clear()
    for name, value in [*found.items()]:
        left: ast.expr | None = value
        if name == whole:
            left = _with_others(name, value, keys) if keys else None
        elif not keys:
            left = _without(name, value, lambda key, part: whole in names_in(part))
        elif any(_may_be(n, whole, keys[0]) for n in ast.walk(value)):
            left = None
        if left is None:
            del found[name]
        else:
            found[name] = left


def _taken_apart(target: ast.expr) -> tuple[str, list[str]]:
    """The attribute of ``params['W'][0]``, and its keys in order; ``:`` is any. Nothing where it may be any."""
    keys: list[str] = []
    while isinstance(target, ast.Subscript):
        keys.insert(0, ast.unparse(target.slice))
        target = target.value
    known = isinstance(target, ast.Name) and target.id != "__dict__"
    return (ast.unparse(target) if known else ""), keys


def _may_be(node: ast.AST, whole: str, key: str) -> bool:
    """Whether something is an entry of an attribute, and of this key as far as it is known."""
    match node:
        case ast.Subscript(value=ast.Name(id=name), slice=at):
            return name == whole and key in (":", ast.unparse(at))
    return False


def _with_others(name: str, value: ast.expr, keys: list[str]) -> ast.expr | None:
    """What an attribute is made of, once what stands at some keys is another."""
    if isinstance(value, ast.Name | ast.Subscript):
        return value
    if not isinstance(value, ast.Dict):
        return None

    def goes(key: ast.expr, part: ast.expr) -> bool:
        itself = len(keys) == 1 or not isinstance(part, ast.Name | ast.Subscript)
        return itself and keys[0] in (":", ast.unparse(key))

    return _without(name, value, goes)


def _without(name: str, value: ast.expr, goes: Callable[[ast.expr, ast.expr], bool]) -> ast.expr | None:
    """An expression without some entries, which are what they are; None where nothing else is left."""
    if not isinstance(value, ast.Dict):
        return None if goes(ast.Constant(None), value) else value
    pairs = [(key, part) for key, part in zip(value.keys, value.values, strict=True) if key is not None]
    left = [(key, part) for key, part in pairs if not goes(key, part)]
    if len(left) == len(pairs):
        return value
    return ast.Dict([None, *(k for k, _ in left)], [ast.Name(name), *(p for _, p in left)]) if left else None


def _of_attributes(value: ast.expr, itself: str) -> ast.expr | None:
    """An expression with attributes of the object by their names; None where it is made of anything else."""
    match value:
        case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name == itself:
            return ast.Name(attribute)
        case ast.Subscript(value=whole, slice=ast.Constant() as key):
            of_whole = _of_attributes(whole, itself)
            return ast.Subscript(of_whole, key) if of_whole is not None else None
        case ast.List(elts=elements) | ast.Tuple(elts=elements) if elements:
            parts = [_of_attributes(element, itself) for element in elements]
            known = [part for part in parts if part is not None]
            return type(value)(known) if len(known) == len(parts) else None
        case ast.Dict(keys=keys, values=values) if keys:
            parts = [_of_attributes(part, itself) for part in values]
            known = [part for part in parts if part is not None]
            plain = all(isinstance(key, ast.Constant) for key in keys)
            return ast.Dict(keys, known) if plain and len(known) == len(parts) else None
        case ast.Call(func=ast.Name(id="dict"), args=[], keywords=keywords):
            keys = [ast.Constant(k.arg) for k in keywords if k.arg]
            return _of_attributes(ast.Dict(keys, [k.value for k in keywords if k.arg]), itself)
    return None


def names_in(value: ast.expr) -> set[str]:
    return {n.id for n in ast.walk(value) if isinstance(n, ast.Name)}
