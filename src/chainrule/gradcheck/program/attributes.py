"""What the methods of a class read from their object and put on it, and what the constructor writes down."""

from __future__ import annotations

import ast
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeGuard

from chainrule.gradcheck.program.descent import steps


class Attributes(NamedTuple):
    """What a method does to its object: names of attributes and methods.

    Attributes:
        reads: those that it reads or calls, in order.
        sets: those that it gives a value.
        changes: those of whose value it changes a part, as in ``self.W[0] -= 1``.
        constants: of a constructor: the expressions that it gives to attributes and that need none of its required
            arguments.
        kept: of a constructor: the attributes that have the values of arguments, and these.
        begun: those that it gives a value anew before it goes round a loop.
        counted: of a constructor: the attributes that have the length of something, by its name, and the formula of a
            length that each of them is, as in ``self.k = len(self.sizes) - 1``.
        rates: those that it takes a step from, with the rate, where that is written there as a number:
            ``self.W -= 0.01 * dW``.
        spread: of a constructor: the arguments whose entries become attributes, each under its key.
        rounds: of a constructor: the arguments by which it counts the rounds of a loop, and how many more rounds that
            are: ``range(k - 1)`` are one fewer than ``k``.
        carried: those that it reads first and gives a value then: what it leaves there the next call begins with.
        stepped: those that it gives a value once, from the one that they have: ``self.W -= lr * dW``.
    """

    reads: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    constants: tuple[tuple[str, str], ...] = ()
    kept: tuple[tuple[str, str], ...] = ()
    begun: tuple[str, ...] = ()
    counted: tuple[tuple[str, str, str], ...] = ()
    rates: tuple[tuple[str, str], ...] = ()
    spread: tuple[str, ...] = ()
    rounds: tuple[tuple[str, int], ...] = ()
    carried: tuple[str, ...] = ()
    stepped: tuple[str, ...] = ()


def attributes(node: ast.FunctionDef, owner: str) -> Attributes:
    """What a method of the class ``owner`` does to its object.

    >>> text = "def cost(self, X): self.P = X @ self.W; return self.P.sum() + self.lam * 2"
    >>> method = ast.parse(text).body[0]
    >>> attributes(method, "Net")[:2]
    (('W', 'P', 'lam'), ('P',))
    """
    if not node.args.args:
        return Attributes()
    itself = node.args.args[0].arg
    own = [n for n in ast.walk(node) if _is_own(n, itself)]
    changed = [n.target for n in ast.walk(node) if isinstance(n, ast.AugAssign)]
    reads = [n for n in own if isinstance(n.ctx, ast.Load) or n in changed]
    sets = [n for n in own if isinstance(n.ctx, ast.Store)]
    parts = [n for n in ast.walk(node) if isinstance(n, ast.Subscript) and isinstance(n.ctx, ast.Store)]
    changes = [of for part in parts if _is_own(of := _whole(part), itself)]
    constants = {mangled(name, owner): text for name, text in _constants(node, itself)}
    return Attributes(
        _names(reads, owner),
        _names(sets, owner),
        _names(changes, owner),
        tuple(constants.items()),
        tuple((mangled(name, owner), argument) for name, argument in _kept(node, itself)),
        _names(_begun(node, itself), owner),
        tuple((mangled(name, owner), of, formula) for name, of, formula in _counted(node, itself)),
        tuple((mangled(name, owner), rate) for name, rate in _rates(node, itself)),
        tuple(_spread(node, itself)),
        tuple(_rounds(node)),
        _names(_carried(node, reads, sets), owner),
        _names(_stepped(node, sets), owner),
    )


def _whole(part: ast.expr) -> ast.expr:
    """What ``self.W[0]["a"]`` is a part of: ``self.W``."""
    while isinstance(part, ast.Subscript):
        part = part.value
    return part


def _names(nodes: Iterable[ast.Attribute], owner: str) -> tuple[str, ...]:
    """The names of attributes in the order in which they stand."""
    ordered = sorted(nodes, key=_place)
    return tuple(dict.fromkeys(mangled(node.attr, owner) for node in ordered))


def mangled(name: str, owner: str) -> str:
    """An attribute's name as its object keeps it: ``__W`` of a class ``Net`` is ``_Net__W``."""
    private = name.startswith("__") and not name.endswith("__")
    return f"_{owner.lstrip('_')}{name}" if private else name


def _is_own(node: ast.AST, itself: str) -> TypeGuard[ast.Attribute]:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == itself


def _kept(node: ast.FunctionDef, itself: str) -> Iterator[tuple[str, str]]:
    """``self.b = b`` of an argument ``b``, also as ``list(b)``."""
    arguments = {a.arg for a in [*node.args.args, *node.args.kwonlyargs]}
    for target, given in given_values(node):
        value = given
        match given:
            case ast.Call(func=ast.Name(id="list" | "tuple"), args=[inner]):
                value = inner
        if isinstance(value, ast.Name) and value.id in arguments and _is_own(target, itself):
            yield target.attr, value.id


def _counted(node: ast.FunctionDef, itself: str) -> Iterator[tuple[str, str, str]]:
    """``self.k = len(self.sizes) - 1`` as ``k``, ``sizes`` and ``len({}) - 1``."""
    for target, value in given_values(node):
        if not _is_own(target, itself):
            continue
        length, more = value, ""
        match value:
            case ast.BinOp(
                left=left, op=ast.Sub() | ast.Add() as sign, right=ast.Constant(value=int() as number)
            ):
                length, more = left, f" {'-' if isinstance(sign, ast.Sub) else '+'} {number}"
        match length:
            case ast.Call(func=ast.Name(id="len"), args=[ast.Name(id=of) | ast.Attribute(attr=of)]):
                yield target.attr, of, f"len({{}}){more}"


def _rates(node: ast.FunctionDef, itself: str) -> Iterator[tuple[str, str]]:
    """``self.W -= 0.01 * dW`` as ``W`` and ``0.01``, also where that number has a name in the function, and no other
    value has."""
    stores = [n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    named = {}
    for target, given in given_values(node):
        match target, given:
            case ast.Name(id=name), ast.Constant(value=float() | int()) if stores.count(name) == 1:
                named[name] = ast.unparse(given)
    for step in steps(ast.walk(node)):
        of, _, name = step.attribute.rpartition(".")
        if of == itself and (rate := step.number or named.get(step.rate, "")):
            yield name, rate


def _begun(node: ast.FunctionDef, itself: str) -> list[ast.Attribute]:
    before = list(itertools.takewhile(lambda s: not isinstance(s, ast.For | ast.While), node.body))
    if len(before) == len(node.body):
        return []
    targets = [t for s in before if isinstance(s, ast.Assign) for t in s.targets]
    return [n for t in targets for n in ast.walk(t) if _is_own(n, itself) and isinstance(n.ctx, ast.Store)]


def _constants(node: ast.FunctionDef, itself: str) -> Iterator[tuple[str, str]]:
    """``self.a = 0.1``, and ``self.b = b`` where ``b`` has a default."""
    arguments = node.args.args
    defaults = dict(zip([a.arg for a in arguments][::-1], node.args.defaults[::-1], strict=False))
    defaults |= {a.arg: d for a, d in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True) if d}
    local = {a.arg for a in [*arguments, *node.args.kwonlyargs]}
    local |= {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    for target, given in given_values(node):
        value = defaults.get(given.id, given) if isinstance(given, ast.Name) else given
        names = {n.id for n in ast.walk(value) if isinstance(n, ast.Name)}
        if _is_own(target, itself) and not local & names:
            yield target.attr, ast.unparse(value)


def given_values(node: ast.FunctionDef) -> Iterator[tuple[ast.expr, ast.expr]]:
    """What is given a value, and the value: each of ``self.a, self.b = a, b``."""
    for inner in ast.walk(node):
        match inner:
            case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
                yield from zip(targets, values, strict=False)
            case ast.Assign(targets=targets, value=value):
                yield from ((target, value) for target in targets)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                yield target, value


def _carried(
    node: ast.FunctionDef, reads: Iterable[ast.Attribute], sets: Iterable[ast.Attribute]
) -> Iterator[ast.Attribute]:
    """Of ``self.h = np.tanh(self.W @ self.h)`` what is set there: the value is read before it is given."""
    assigned = (n for n in ast.walk(node) if isinstance(n, ast.Assign | ast.AnnAssign | ast.AugAssign))
    ends = {id(inner): _end(statement) for statement in assigned for inner in ast.walk(statement)}
    first_read = {n.attr: _place(n) for n in sorted(reads, key=_place, reverse=True)}
    first_set = {n.attr: n for n in sorted(sets, key=_place, reverse=True)}
    for name, target in first_set.items():
        if name in first_read and first_read[name] < ends.get(id(target), _place(target)):
            yield target


def _stepped(node: ast.FunctionDef, sets: Iterable[ast.Attribute]) -> Iterator[ast.Attribute]:
    """Of ``self.W = self.W - lr * dW`` what is set there; of several such statements nothing."""
    times = Counter(target.attr for target in sets)
    for statement in ast.walk(node):
        match statement:
            case ast.AugAssign(target=ast.Attribute() as target):
                is_step = True
            case ast.Assign(targets=[ast.Attribute() as target], value=value):
                is_step = any(ast.unparse(target) == ast.unparse(inner) for inner in ast.walk(value))
            case _:
                continue
        if is_step and target in sets and times[target.attr] == 1:
            yield target


def _place(node: ast.expr) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _end(node: ast.stmt) -> tuple[int, int]:
    return node.end_lineno or node.lineno, node.end_col_offset or node.col_offset


def _spread(node: ast.FunctionDef, itself: str) -> Iterator[str]:
    """``for key, value in data.items(): setattr(self, key, value)``, and ``vars(self).update(data)``."""
    for inner in ast.walk(node):
        match inner:
            case ast.For(
                target=ast.Tuple(elts=[ast.Name(id=key), ast.Name(id=value)]),
                iter=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="items")),
            ) if any(ast.unparse(n) == f"setattr({itself}, {key}, {value})" for n in ast.walk(inner)):
                yield name
            case ast.For(
                target=ast.Name(id=key),
                iter=ast.Name(id=name) | ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="keys")),
            ) if any(ast.unparse(n) == f"setattr({itself}, {key}, {name}[{key}])" for n in ast.walk(inner)):
                yield name
            case ast.Call(func=ast.Attribute(value=whole, attr="update"), args=[ast.Name(id=name)]) if (
                ast.unparse(whole) in (f"vars({itself})", f"{itself}.__dict__")
            ):
                yield name


def _rounds(node: ast.FunctionDef) -> Iterator[tuple[str, int]]:
    arguments = {a.arg for a in [*node.args.args, *node.args.kwonlyargs]}
    for inner in (n.iter for n in ast.walk(node) if isinstance(n, ast.For | ast.comprehension)):
        match inner:
            case ast.Call(func=ast.Name(id="range"), args=[stop]):
                first = 0
            case ast.Call(func=ast.Name(id="range"), args=[ast.Constant(value=int() as first), stop]):
                pass
            case _:
                continue
        name, more = _sum(stop)
        if name in arguments:
            yield name, more - first


def _sum(value: ast.expr) -> tuple[str, int]:
    """A name, and the whole number that is added to it; no name for anything else."""
    match value:
        case ast.Name(id=name):
            return name, 0
        case ast.BinOp(left=ast.Name(id=name), op=ast.Add(), right=ast.Constant(value=int() as number)):
            return name, number
        case ast.BinOp(left=ast.Name(id=name), op=ast.Sub(), right=ast.Constant(value=int() as number)):
            return name, -number
    return "", 0
