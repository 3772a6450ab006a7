"""Minibatches of a training loop: what takes a part of the data, as ``xb, yb = X[idx], y[idx]`` does."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from chainrule.gradcheck.program.names import is_parameter, meaning

_IN_ORDER = {"zip", "enumerate", "range", "len", "list", "reversed", "np.arange"}
"""What gives the same each time."""

DATA = ("inputs", "labels")
"""The roles of what is taken a part of."""


def data_of(loop: ast.For | ast.While) -> set[str]:
    """The data that a loop goes through in parts: ``for X_batch, y_batch in batches``."""
    names = (
        [n.id for n in ast.walk(loop.target) if isinstance(n, ast.Name)] if isinstance(loop, ast.For) else []
    )
    return {name for name in names if meaning(name).role in DATA}


def first_of(loop: ast.For | ast.While) -> ast.Assign | None:
    """What gives the names of a loop over single samples their values in its first round; None where these are data by
    their names, which are drawn, or parts of what no name says to be data, or not the same each time.

    >>> ast.unparse(first_of(ast.parse("for xi, t in zip(X, Y): w += t * xi").body[0]))
    'xi, t = next(iter(zip(X, Y)))'
    """
    if not isinstance(loop, ast.For):
        return None
    drawn = data_of(loop)
    own, through = ({n.id for n in ast.walk(e) if isinstance(n, ast.Name)} for e in (loop.target, loop.iter))
    if drawn and (drawn == own or not any(meaning(name).role in DATA for name in through)):
        return None
    match loop.iter:
        case ast.Call(func=ast.Attribute(attr="permutation"), args=[count]):
            # Whichever sample comes first.
            every = f"range({ast.unparse(count)})"
        case _:
            every = ast.unparse(loop.iter)
    called = {ast.unparse(n.func) for n in ast.walk(ast.parse(every)) if isinstance(n, ast.Call)}
    if not called <= _IN_ORDER:
        return None
    (first,) = ast.parse(f"{ast.unparse(loop.target)} = next(iter({every}))").body
    for node in ast.walk(first):
        ast.copy_location(node, loop)
    assert isinstance(first, ast.Assign)
    return first


def is_part(node: ast.Assign) -> bool:
    """Whether a statement takes a part of the data, as of a minibatch: ``xb, yb = X[idx], Y[idx]``."""
    match node:
        case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)) if len(
            targets
        ) == len(values):
            return all(map(_takes_part, targets, values))
        case ast.Assign(targets=[target], value=value):
            return _takes_part(target, value)
    return False


def all_samples(part: ast.Assign) -> ast.Assign | None:
    """What the samples of a minibatch are where these are all: ``idx = range(len(xb))`` for ``xb = X[idx]``; None where
    they have no name."""
    targets, values = (n.elts if isinstance(n, ast.Tuple) else [n] for n in (part.targets[0], part.value))
    for target, value in zip(targets, values, strict=True):
        assert isinstance(value, ast.Subscript)
        match value.slice:
            case ast.Name(id=name):
                count = f"len({ast.unparse(target)})"
            case ast.Tuple(elts=[ast.Slice(lower=None, upper=None), ast.Name(id=name)]):
                count = f"{ast.unparse(target)}.shape[1]"
            case _:
                continue
        (made,) = ast.parse(f"{name} = range({count})").body
        for node in ast.walk(made):
            ast.copy_location(node, part)
        assert isinstance(made, ast.Assign)
        return made
    return None


def _takes_part(target: ast.expr, value: ast.expr) -> bool:
    match target, value:
        case ast.Name(id=name), ast.Subscript(value=ast.Name(id=whole)):
            role = meaning(name).role
            return role in DATA and role == meaning(whole).role
    return False


def handed_parts(function: ast.AST) -> Iterator[str]:
    """The functions to which a round of a loop hands a minibatch from which it computes a step of parameters too:
    ``compute_cost`` where ``loss = self.compute_cost(xb, yb)`` stands beside it.

    >>> loop = "for i in range(9):\\n  xb = X[i:i + 8]\\n  print(cost(xb, W))\\n  W -= xb.sum(axis=0)"
    >>> [*handed_parts(ast.parse(loop))]
    ['cost']
    """
    for loop in (n for n in ast.walk(function) if isinstance(n, ast.For | ast.While)):
        nodes = list(_of_round(loop.body))
        statements = [n for n in nodes if isinstance(n, ast.Assign | ast.AugAssign)]
        parts = data_of(loop) | {name for n in statements if isinstance(n, ast.Assign) for name in _parts(n)}
        used = parts & _stepped_by(statements)
        for call in (n for n in nodes if isinstance(n, ast.Call)):
            if any(isinstance(given, ast.Name) and given.id in used for given in call.args):
                match call.func:
                    case ast.Name(id=name) | ast.Attribute(attr=name):
                        yield name


def _of_round(nodes: Sequence[ast.AST]) -> Iterator[ast.AST]:
    """All of a round, but for the loops in it."""
    for node in nodes:
        if not isinstance(node, ast.For | ast.While):
            yield node
            yield from _of_round(list(ast.iter_child_nodes(node)))


def _parts(node: ast.Assign) -> Iterator[str]:
    """The names that a statement gives parts of arrays: ``xb, yb = X[i:j], Y[i:j]``."""
    match node:
        case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
            pairs = list(zip(targets, values, strict=False))
        case _:
            pairs = [(node.targets[0], node.value)]
    yield from (
        name.id for name, part in pairs if isinstance(name, ast.Name) and isinstance(part, ast.Subscript)
    )


def _stepped_by(statements: Sequence[ast.Assign | ast.AugAssign]) -> set[str]:
    """The names from which the steps of parameters among some statements are computed."""
    made = [(_words(n.targets if isinstance(n, ast.Assign) else [n.target]), n.value) for n in statements]
    known = {name for target, _ in made for name in target if is_parameter(name)}
    needed = set(known)
    while True:
        more = {name for target, value in made if target & needed for name in _words([value])} - needed
        if not more:
            return needed - known
        needed |= more


def _words(nodes: Sequence[ast.expr]) -> set[str]:
    """Names and attributes; what an object's own are of is none of them."""
    inner = [n for node in nodes for n in ast.walk(node)]
    names = {n.id for n in inner if isinstance(n, ast.Name)} | {
        n.attr for n in inner if isinstance(n, ast.Attribute)
    }
    return names - {"self"}
