"""Usual slips of whole statements, undone: the targets of two exchanged, or items of one; one written for another
layer, one that is missing behind another."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator, Sequence

from chainrule.gradcheck.program.change import IsRun, NodePlace, SmallChange, bodies, exchanged
from chainrule.gradcheck.program.interface import PatchKind

_DIGITS = re.compile(r"\d+")
_MOST_FACTORS, _MOST_INDICES, _MOST_PARTS, _MOST_ITEMS = 24, 6, 4, 6
_FACTORS = ("{0} * {1}", "{0} / {1}", "{0} / len({1})", "{0} / {1}.shape[0]", "{0} / {1}.shape[1]", "{0} * ({1} > 0)",
            "{0} * (1 - {1} ** 2)", "{0} * {1} * (1 - {1})")  # fmt: skip


def exchanged_targets(unit: ast.stmt, is_run: IsRun) -> Iterator[SmallChange]:
    """Two statements, each with the other's target, where these differ in a number alone, ``dW1`` and ``dW2``, or the
    one stands behind the other."""
    every = [
        each for body in bodies(unit) for each in body.get() if is_run(each) and _target(each) is not None
    ]
    behind = {id(one): other for body in bodies(unit) for one, other in itertools.pairwise(body.get())}
    for one, other in itertools.combinations(every, 2):
        a, b = _target(one), _target(other)
        assert a is not None
        assert b is not None
        of_layers = _DIGITS.sub("#", a) == _DIGITS.sub("#", b)
        if a != b and (of_layers or behind.get(id(one)) is other):
            places = _place_of_target(one), _place_of_target(other)
            puts = ((places[0], places[1].get()), (places[1], places[0].get()))
            yield SmallChange("name" if of_layers else "exchange", one, puts, (one, other))


def exchanged_parts(statement: ast.stmt, unit: ast.stmt) -> Iterator[tuple[PatchKind, ast.stmt]]:
    """What a statement takes apart, with two of its names exchanged: ``q, r = divmod(at, k)``."""
    match statement:
        case ast.Assign(targets=[ast.Tuple(elts=names)], value=value) if len(names) <= _MOST_PARTS:
            texts = {ast.unparse(name) for name in names}
            kind: PatchKind = "slice" if texts <= _indices_in(unit) else "exchange"
            for other in exchanged(names):
                yield kind, ast.Assign([ast.Tuple(other, ast.Store())], value)


def exchanged_items(statement: ast.stmt) -> Iterator[SmallChange]:
    """Two items of a tuple or list of a statement the other way round; of an index, or of plain numbers, two axes."""
    indices = [node.slice for node in ast.walk(statement) if isinstance(node, ast.Subscript)]
    for node in ast.walk(statement):
        for i, j in _pairs_of_items(node):
            one, other = NodePlace(node, "elts", i), NodePlace(node, "elts", j)
            puts = ((one, other.get()), (other, one.get()))
            are_numbers = isinstance(one.get(), ast.Constant) and isinstance(other.get(), ast.Constant)
            are_axes = are_numbers or any(node is index for index in indices)
            yield SmallChange("order of factors" if are_axes else "exchange", statement, puts, (statement,))


def _pairs_of_items(node: ast.AST) -> Iterator[tuple[int, int]]:
    """The places of two of several items, which may stand the other way round."""
    if not isinstance(node, ast.Tuple | ast.List) or not isinstance(node.ctx, ast.Load):
        return
    if len(node.elts) <= _MOST_ITEMS:
        yield from itertools.combinations(range(len(node.elts)), 2)


def _indices_in(unit: ast.stmt) -> set[str]:
    """The names that are read in brackets."""
    brackets = (node.slice for node in ast.walk(unit) if isinstance(node, ast.Subscript))
    return {node.id for index in brackets for node in ast.walk(index) if isinstance(node, ast.Name)}


def summed_up(statement: ast.stmt) -> Iterator[tuple[PatchKind, ast.stmt]]:
    """A list made anew from itself with something added: ``total = [s + d for s, d in zip(total, more)]`` where ``d``
    alone stands."""
    match statement:
        case ast.Assign(targets=[target], value=ast.ListComp(elt=item, generators=[over])):
            pairs = _taken_from(over)
            for name in (name for source, name in pairs if source == ast.unparse(target)):
                if name not in {node.id for node in ast.walk(item) if isinstance(node, ast.Name)}:
                    total = ast.BinOp(ast.Name(name, ast.Load()), ast.Add(), item)
                    yield "accumulation", ast.Assign([target], ast.ListComp(total, [over]))


def _taken_from(over: ast.comprehension) -> list[tuple[str, str]]:
    """What a loop goes over, by its text, and the name of its items; of several together, each."""
    match over:
        case ast.comprehension(target=ast.Name(id=name), iter=source):
            return [(ast.unparse(source), name)]
        case ast.comprehension(
            target=ast.Tuple(elts=names), iter=ast.Call(func=ast.Name(id="zip"), args=sources)
        ):
            pairs = zip(sources, names, strict=False)
            return [(ast.unparse(source), name.id) for source, name in pairs if isinstance(name, ast.Name)]
    return []


def other_layers(statement: ast.stmt) -> Iterator[ast.stmt]:
    """A statement as it is for another layer: ``dW1 += l2 * W1`` for ``dW2 += l2 * W2``."""
    if not isinstance(statement, ast.Assign | ast.AugAssign):
        return
    text = ast.unparse(statement)
    numbers = {name[-1] for name in re.findall(r"[A-Za-z_]+\d\b", text)}
    for here, there in itertools.permutations("123", 2):
        if here in numbers:
            other = re.sub(rf"([A-Za-z_]+){here}\b", rf"\g<1>{there}", text)
            if other != text:
                (new,) = ast.parse(other).body
                yield new


def put_back(unit: ast.stmt, is_run: IsRun) -> Iterator[SmallChange]:
    """A number of an array that was kept, ``old = x[i]``, written back into it where that is left out."""
    kept = [
        (body, statement, ast.parse(f"{ast.unparse(statement.value)} = {statement.targets[0].id}").body[0])
        for body in bodies(unit)
        for statement in body.get()
        if is_run(statement) and _keeps_an_entry(statement)
    ]
    for body, statement, back in kept:
        if ast.unparse(back) not in {ast.unparse(each) for each in body.get()[-2:]}:
            for at in range(body.get().index(statement) + 2, len(body.get()) + 1):
                yield _inserted(body, at, back)


def behind_loops(unit: ast.stmt, is_run: IsRun) -> Iterator[SmallChange]:
    """The last statement of a loop put behind it, as a division by the number of turns."""
    for body in bodies(unit):
        statements: list[ast.stmt] = body.get()
        for at, loop in enumerate(statements):
            if isinstance(loop, ast.For) and len(loop.body) > 1 and is_run(loop.body[-1]):
                *inner, last = loop.body
                longer = [*statements[: at + 1], last, *statements[at + 1 :]]
                puts = ((body, longer), (NodePlace(loop, "body"), inner))
                yield SmallChange("order of statements", last, puts, (last,))


def computed_before(body: NodePlace, at: int) -> Iterator[SmallChange]:
    """What a statement returns computed in front of one that changes what it is made of, as a step does the weights."""
    statements: list[ast.stmt] = body.get()
    returned = statements[at]
    if not isinstance(returned, ast.Return) or not isinstance(returned.value, ast.expr):
        return
    name = _unused(statements)
    for place in _returned(returned):
        texts = {ast.unparse(node) for node in ast.walk(place.get())}
        for before in range(at):
            target = _target(statements[before])
            if target is not None and target.partition("[")[0] in texts:
                new = ast.Assign([ast.Name(name, ast.Store())], place.get())
                ast.copy_location(new, statements[before])
                longer = [*statements[:before], new, *statements[before:]]
                puts = ((body, longer), (place, ast.Name(name, ast.Load())))
                yield SmallChange("order of statements", returned, puts, (new, returned))


def _returned(returned: ast.Return) -> Iterator[NodePlace]:
    """Each value of several, that is no plain variable."""
    match returned.value:
        case ast.Tuple(elts=values):
            places = [NodePlace(returned.value, "elts", place) for place in range(len(values))]
        case _:
            places = [NodePlace(returned, "value")]
    yield from (place for place in places if not isinstance(place.get(), ast.Name | ast.Constant))


def _unused(statements: Sequence[ast.stmt]) -> str:
    """A name that none of some statements has."""
    taken = {node.id for each in statements for node in ast.walk(each) if isinstance(node, ast.Name)}
    return next(name for name in ("before", "before_step", "before_the_step") if name not in taken)


def missing_behind(
    body: NodePlace, statement: ast.stmt, values: Sequence[ast.expr], indices: Sequence[ast.expr]
) -> Iterator[SmallChange]:
    """What may be missing behind a statement that changes a part of an array: a factor of the whole; and behind any
    that makes one: numbers of it that are 0, or 1 less at the labels."""
    target = _changed_by(statement)
    if target is None:
        return
    at = body.get().index(statement) + 1
    for index in indices[:_MOST_INDICES]:
        part = ast.Subscript(ast.Name(target, ast.Load()), index, ast.Load())
        yield _inserted(body, at, ast.parse(f"{ast.unparse(part)} = 0").body[0])
    for entries in _labelled(target, values):
        yield _inserted(body, at, ast.parse(f"{entries} -= 1").body[0])
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
        return
    for value in values[:_MOST_FACTORS]:
        for form in _FACTORS:
            formula = form.format(target, ast.unparse(value))
            yield _inserted(body, at, ast.parse(f"{target} = {formula}").body[0])


def _labelled(target: str, values: Sequence[ast.expr]) -> Iterator[str]:
    """The entries of an array that are those of labels, one of each row or column."""
    for labels in map(ast.unparse, values[:_MOST_FACTORS]):
        yield f"{target}[np.arange(len({labels})), {labels}]"
        yield f"{target}[{labels}, np.arange(len({labels}))]"


def missing_use(body: NodePlace, statement: ast.stmt, values: Sequence[ast.expr]) -> Iterator[SmallChange]:
    """What is made and never read put to use in what a statement makes: all of it, or its entries at the labels."""
    target, statements = _changed_by(statement), body.get()
    read = {node.id for each in statements for node in ast.walk(each)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}  # fmt: skip
    for place, made in enumerate(statements):
        name = _changed_by(made) if isinstance(made, ast.Assign) else None
        if target is None or name is None or name in read or name == target:
            continue
        at = max(place, statements.index(statement)) + 1
        whole = (f"{target} {operator}= {name}" for operator in "-+*")
        for text in (*whole, *(f"{entries} -= {name}" for entries in _labelled(target, values))):
            yield _inserted(body, at, ast.parse(text).body[0])


def missing_counterpart(
    body: NodePlace, statement: ast.stmt, indices: Sequence[ast.expr]
) -> Iterator[SmallChange]:
    """What a statement adds to a part of an array, taken from another one: a difference of two has a derivative by
    each."""
    match statement:
        case ast.AugAssign(target=ast.Subscript(value=whole, slice=index), op=ast.Add() | ast.Sub() as here):
            at = body.get().index(statement) + 1
            turned = ast.Add() if isinstance(here, ast.Sub) else ast.Sub()
            for other, operator in itertools.product(_other_parts(index, indices), (turned, here)):
                target = ast.Subscript(whole, other, ast.Store())
                new = ast.unparse(ast.AugAssign(target, operator, statement.value))
                yield _inserted(body, at, ast.parse(new).body[0])


def _other_parts(index: ast.expr, indices: Sequence[ast.expr]) -> Iterator[ast.expr]:
    """An index with another one in the place of itself, or of one of its axes."""
    axes = index.elts if isinstance(index, ast.Tuple) else [index]
    for (place, axis), other in itertools.product(enumerate(axes), indices[:_MOST_INDICES]):
        if not isinstance(axis, ast.Slice | ast.Constant) and ast.dump(axis) != ast.dump(other):
            others = [*axes[:place], other, *axes[place + 1 :]]
            yield ast.Tuple(others, ast.Load()) if isinstance(index, ast.Tuple) else other


def _inserted(body: NodePlace, at: int, new: ast.stmt) -> SmallChange:
    statements: list[ast.stmt] = body.get()
    ast.copy_location(new, statements[at - 1])
    longer = [*statements[:at], new, *statements[at:]]
    return SmallChange("missing statement", statements[at - 1], ((body, longer),), (new,))


def _target(statement: ast.stmt) -> str | None:
    """The text of the only target of an assignment; None of anything else."""
    match statement:
        case ast.Assign(targets=[ast.Name() | ast.Subscript() | ast.Attribute() as target]):
            return ast.unparse(target)
        case ast.AugAssign(target=target):
            return ast.unparse(target)
    return None


def _place_of_target(statement: ast.stmt) -> NodePlace:
    is_plain = isinstance(statement, ast.Assign)
    return NodePlace(statement, "targets", 0) if is_plain else NodePlace(statement, "target")


def _keeps_an_entry(statement: ast.stmt) -> bool:
    match statement:
        case ast.Assign(targets=[ast.Name()], value=ast.Subscript(value=ast.Name() | ast.Attribute())):
            return True
    return False


def _changed_by(statement: ast.stmt) -> str | None:
    """The variable that a statement makes, or a part of which it changes."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AugAssign(target=ast.Name(id=name)):
            return name
        case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=name))]):
            return name
        case ast.AugAssign(target=ast.Subscript(value=ast.Name(id=name))):
            return name
    return None
