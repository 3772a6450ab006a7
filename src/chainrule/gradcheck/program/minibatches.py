"""Minibatches of a training loop: what takes a part of the data, as ``xb, yb = X[idx], y[idx]`` does."""

from __future__ import annotations

import ast

from chainrule.gradcheck.program.names import meaning

DATA = ("inputs", "labels")
"""The roles of what is taken a part of."""


def data_of(loop: ast.For | ast.While) -> set[str]:
    """The data that a loop goes through in parts: ``for X_batch, y_batch in batches``."""
    names = (
        [n.id for n in ast.walk(loop.target) if isinstance(n, ast.Name)] if isinstance(loop, ast.For) else []
    )
    return {name for name in names if meaning(name).role in DATA}


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
