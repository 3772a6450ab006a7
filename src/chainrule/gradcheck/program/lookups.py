"""What a function does with what it is given: keys of dictionaries, attributes of objects, pairs of lists.

Something is known by its name, or, where it is an attribute of the function's own object, by that name with a dot
before it: ``config`` and ``.config``.
"""

from __future__ import annotations

import ast
from collections.abc import Container, Iterator, Sequence
from itertools import combinations

from chainrule.gradcheck.program.attributes import mangled
from chainrule.gradcheck.program.names import PARAMETER_ROLES, meaning

_MOST_NAMES_DEEP = 3


def is_abstract(node: ast.FunctionDef) -> bool:
    """Whether a method says nothing but that others are to be written in its place."""
    if any(ast.unparse(decorator).endswith("abstractmethod") for decorator in node.decorator_list):
        return True
    body = [s for s in node.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
    return bool(body) and all(isinstance(s, ast.Raise) and "NotImplemented" in ast.unparse(s) for s in body)


def is_property(node: ast.FunctionDef) -> bool:
    """Whether a method is read, or given a value, as an attribute is."""
    marks = {ast.unparse(decorator).rpartition(".")[2] for decorator in node.decorator_list}
    return not marks.isdisjoint({"property", "cached_property", "setter", "deleter"})


def makes_its_class(node: ast.FunctionDef, owner: str) -> bool:
    """Whether a class method makes an object of its class: ``return cls(...)``."""
    if not any(isinstance(d, ast.Name) and d.id == "classmethod" for d in node.decorator_list):
        return False
    names = {owner, *(a.arg for a in node.args.args[:1])}
    made = [n.func for n in ast.walk(node) if isinstance(n, ast.Call)]
    return any(isinstance(function, ast.Name) and function.id in names for function in made)


def keys_in(node: ast.FunctionDef, owner: str) -> dict[str, tuple[str, ...]]:
    """The text keys by which a function looks something up, by what it looks them up in.

    Those of an element stand under ``p[]``; where that is looked up by a text key too, under ``p[layer#]`` as well. A
    name that stands for a key or an element is followed: ``key = f"layer{i}"``, ``layer = p[key]``, ``for layer in p``,
    ``for key in ["W", "b"]``.
    """
    keys: dict[str, dict[str, None]] = {}
    known = _NamedInFunction(node, owner)
    for inner in ast.walk(node):
        if isinstance(inner, ast.Subscript) and (own := known.keys(inner.slice)):
            for place in known.places(inner.value):
                keys.setdefault(place, {}).update(dict.fromkeys(own))
    return {name: tuple(texts) for name, texts in keys.items()}


def numbered_in(node: ast.FunctionDef, owner: str) -> Iterator[str]:
    """Like :func:`keys_in`, what something is looked up in by whole numbers: ``p[]`` of ``for q in p: q[0]``."""
    known = _NamedInFunction(node, owner)
    for inner in ast.walk(node):
        match inner:
            case ast.Subscript(value=several, slice=ast.Constant(value=int()), ctx=ast.Load()):
                yield from known.places(several)


def optional_keys_in(node: ast.FunctionDef, owner: str) -> dict[str, dict[str, str]]:
    """Like :func:`keys_in`, of keys that may lack, as in ``config.get("reg", 0.1)``; with what stands for them then, as
    it is written, empty where it is no literal."""
    keys: dict[str, dict[str, str]] = {}
    for inner in ast.walk(node):
        match inner:
            case ast.Call(
                func=ast.Attribute(value=place, attr="get" | "pop" | "setdefault" as called),
                args=[ast.Constant(value=str(key)), *rest],
            ) if (rest or called == "get") and (name := place_of(place, node, owner)):
                keys.setdefault(name, {})[key] = literal(rest[0]) if rest else ""
    return keys


def optional_fields_in(node: ast.FunctionDef, owner: str) -> dict[str, dict[str, str]]:
    """Like :func:`optional_keys_in`, of attributes: ``getattr(args, "lam", 0.1)``."""
    fields: dict[str, dict[str, str]] = {}
    for inner in ast.walk(node):
        match inner:
            case ast.Call(
                func=ast.Name(id="getattr"), args=[place, ast.Constant(value=str(field)), default]
            ) if name := place_of(place, node, owner):
                fields.setdefault(name, {})[field] = literal(default)
    return fields


def literal(value: ast.expr | None) -> str:
    """A literal as it is written, and numbers that are multiplied or added, as in ``3 * 32 * 32``; empty for what is
    neither."""
    try:
        ast.literal_eval("0" if value is not None and _is_of_numbers(value) else value or "")
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return ""
    return ast.unparse(value) if value is not None else ""


def _is_of_numbers(value: ast.expr) -> bool:
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Mult | ast.Add | ast.Sub):
        return _is_of_numbers(value.left) and _is_of_numbers(value.right)
    return isinstance(value, ast.Constant) and type(value.value) in (int, float)


class _NamedInFunction:
    """What the names of a function stand for: keys, and elements of what it is given."""

    def __init__(self, node: ast.FunctionDef, owner: str) -> None:
        self._node, self._owner = node, owner
        self._values: dict[str, ast.expr] = {}
        self._texts: dict[str, tuple[str, ...]] = {}
        for inner in ast.walk(node):
            for name, value in _assigned(inner):
                self._values.setdefault(name, value)
            for name, texts in _texts_gone_through(inner):
                self._texts.setdefault(name, texts)

    def keys(self, node: ast.expr) -> tuple[str, ...]:
        """The keys that something may be: one, or those that a loop goes through; none for what is no key."""
        key = self.key(node)
        several = self._texts.get(node.id, ()) if isinstance(node, ast.Name) and not key else ()
        return (key,) if key else several

    def key(self, node: ast.expr) -> str:
        """A key that is text, or a name for one."""
        value = self._values.get(node.id) if isinstance(node, ast.Name) else None
        return _text(value or node)

    def places(self, node: ast.expr, depth: int = 0) -> list[str]:
        """What is looked up in, in all ways that it is known by; none for what has no name."""
        if isinstance(node, ast.Subscript):
            key = self.key(node.slice)
            return [
                f"{outer}[{inner}]"
                for outer in self.places(node.value, depth)[:1]
                for inner in dict.fromkeys(("", key))
            ]
        own = place_of(node, self._node, self._owner)
        value = self._values.get(own) if depth < _MOST_NAMES_DEEP else None
        inner = self.places(value, depth + 1) if isinstance(value, ast.Subscript) else []
        return [*([own] if own else []), *inner]


def _assigned(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Names, and what they stand for; an element of what a loop goes through is ``p[0]``."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            yield name, value
        case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
            pairs = zip(names, values, strict=False)
            yield from ((name.id, value) for name, value in pairs if isinstance(name, ast.Name))
        case ast.For(target=target, iter=through) | ast.comprehension(target=target, iter=through):
            yield from gone_through(target, through)


def _texts_gone_through(node: ast.AST) -> Iterator[tuple[str, tuple[str, ...]]]:
    """A name, and the texts that a loop gives it: ``for key in ["W", "b"]``."""
    match node:
        case (
            ast.For(target=ast.Name(id=name), iter=ast.List(elts=elements) | ast.Tuple(elts=elements))
            | ast.comprehension(
                target=ast.Name(id=name), iter=ast.List(elts=elements) | ast.Tuple(elts=elements)
            )
        ):
            texts = tuple(
                e.value for e in elements if isinstance(e, ast.Constant) and isinstance(e.value, str)
            )
            if len(texts) == len(elements):
                yield name, texts


def gone_through(target: ast.expr, through: ast.expr) -> Iterator[tuple[str, ast.Subscript]]:
    """The names that a loop gives values, and elements of what it goes through."""
    match target, through:
        case ast.Tuple(elts=[_, inner]), ast.Call(func=ast.Name(id="enumerate"), args=[several, *_]):
            yield from gone_through(inner, several)
        case target, ast.Call(func=ast.Name(id="reversed" | "list"), args=[several]):
            yield from gone_through(target, several)
        case ast.Name(id=name), ast.Call(func=ast.Attribute(value=several, attr="values"), args=[]):
            yield name, _element(several)
        case ast.Tuple(elts=[_, ast.Name(id=name)]), ast.Call(
            func=ast.Attribute(value=several, attr="items")
        ):
            yield name, _element(several)
        case ast.Name(id=name), ast.Name() | ast.Attribute() | ast.Subscript():
            yield name, _element(through)


def _element(several: ast.expr) -> ast.Subscript:
    return ast.Subscript(several, ast.Constant(0), ast.Load())


def pairs_in(node: ast.FunctionDef) -> Iterator[str]:
    """The names that loops go through two by two, but for those of layers: ``for w, b in net``."""
    for inner in ast.walk(node):
        match inner:
            case (
                ast.For(target=ast.Tuple(elts=[_, _] as both), iter=ast.Name(id=name))
                | ast.comprehension(target=ast.Tuple(elts=[_, _] as both), iter=ast.Name(id=name))
            ):
                called = (each.id for each in both if isinstance(each, ast.Name))
                if not any(meaning(each).role in PARAMETER_ROLES for each in called):
                    yield name


def taken_apart_in(node: ast.FunctionDef) -> dict[str, tuple[str, ...]]:
    """What an argument holds one after the other: ``x, mask = cache``, ``self.x, self.mask = cache``."""
    given = {a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)}
    parts: dict[str, tuple[str, ...]] = {}
    for inner in ast.walk(node):
        match inner:
            case ast.Assign(targets=[ast.Tuple() as target], value=ast.Name(id=name)) if name in given:
                names = tuple(map(_name_set, target.elts))
                if all(names):
                    parts.setdefault(name, names)
    return parts


def _name_set(target: ast.expr) -> str:
    """The name, or the name of the attribute, to which something is assigned; empty for anything else."""
    match target:
        case ast.Name(id=name) | ast.Attribute(value=ast.Name(), attr=name):
            return name
    return ""


def changed_in(node: ast.FunctionDef) -> set[str]:
    """The names of what a function changes in place, a part or all of it: ``dout[mask] = 0``, ``dout *= mask``."""
    every = list(ast.walk(node))
    parts = [n.value for n in every if isinstance(n, ast.Subscript) and isinstance(n.ctx, ast.Store)]
    whole = [n.target for n in every if isinstance(n, ast.AugAssign)]
    return {changed.id for changed in (*parts, *whole) if isinstance(changed, ast.Name)}


def put_together_in(node: ast.FunctionDef, returned: Sequence[ast.expr]) -> list[tuple[str, ...]]:
    """The tuples of names among several values that a function gives, there or by a name for them."""
    made = {
        inner.targets[0].id: inner.value
        for inner in ast.walk(node)
        if isinstance(inner, ast.Assign) and isinstance(inner.targets[0], ast.Name)
    }
    values = [made.get(each.id, each) if isinstance(each, ast.Name) else each for each in returned]
    return [names for value in values if isinstance(value, ast.Tuple) and (names := names_in(value))]


def names_in(value: ast.Tuple) -> tuple[str, ...]:
    """The names of a tuple that holds nothing else; none of any other."""
    names = tuple(element.id for element in value.elts if isinstance(element, ast.Name))
    return names if len(names) == len(value.elts) else ()


def place_of(node: ast.expr, function: ast.FunctionDef, owner: str) -> str:
    """A name, or ``.params`` for ``self.params``; empty for what is neither."""
    if isinstance(node, ast.Name):
        return node.id
    itself = function.args.args[0].arg if owner and function.args.args else ""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == itself:
        return f".{mangled(node.attr, owner)}"
    return ""


def _text(key: ast.expr) -> str:
    """A key that is text; the constant start of one that counts layers, as in ``"W" + str(i)``, ``f"W{i}"``,
    ``"W%d" % i`` and ``"W{}".format(i)``, with a # after it."""
    start: object = None
    match key:
        case ast.Constant(value=str(text)):
            return text
        case ast.BinOp(left=ast.Constant(value=start), op=ast.Add()):
            pass
        case ast.JoinedStr(values=[ast.Constant(value=start), *_]):
            pass
        case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Mod()):
            start = text.partition("%")[0]
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format")):
            start = text.partition("{")[0]
    return f"{start}#" if isinstance(start, str) and start else ""


def added_in(node: ast.FunctionDef, arguments: Container[str]) -> Iterator[frozenset[str]]:
    """The pairs of arguments that a function adds to each other: ``dh_out + dh_next``, ``dh += dh_next``."""
    for inner in ast.walk(node):
        terms = [t.id for t in _terms(inner) if isinstance(t, ast.Name) and t.id in arguments]
        yield from (frozenset(pair) for pair in combinations(dict.fromkeys(terms), 2))


def _terms(node: ast.AST) -> Iterator[ast.expr]:
    """What a sum is of; nothing of what is none."""
    match node:
        case (
            ast.BinOp(left=one, op=ast.Add(), right=other)
            | ast.AugAssign(target=one, op=ast.Add(), value=other)
        ):
            for part in (one, other):
                yield from [*_terms(part)] or [part]
