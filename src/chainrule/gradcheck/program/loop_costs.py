"""The costs that a round of a training loop computes, keeps or shows."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from chainrule.gradcheck.program.function_names import is_cost
from chainrule.gradcheck.program.names import is_gradient
from chainrule.gradcheck.program.names_used import names_in, names_read, names_set


def costs_looked_at(node: ast.stmt) -> Iterator[ast.Assign]:
    """The costs that a statement of a round keeps or shows: ``losses.append(loss(P, y))``, ``if i % 100 == 0: loss =
    ...``, as statements that give them names."""
    match node:
        case ast.If(body=body):
            for inner in body:
                yield from (
                    [inner] if isinstance(inner, ast.Assign) and cost_of([inner]) else costs_looked_at(inner)
                )
        case ast.Expr(value=ast.Call(args=given)):
            calls = (n for value in given for n in ast.walk(value) if isinstance(n, ast.Call))
            shown = next(
                (n for n in calls if is_cost(_called(n.func)) and not is_gradient(_called(n.func))), None
            )
            if shown is not None and not any(map(_is_set_apart, names_in(shown))):
                yield ast.copy_location(ast.Assign([ast.Name("loss", ast.Store())], shown), node)


def cost_added_up(rounds: Sequence[ast.stmt]) -> ast.Assign | None:
    """What a round adds to the cost of all rounds, as a statement that gives it its name: ``loss += (p - t) ** 2``;
    None where there is no such, or more than one."""
    added = [
        node
        for node in rounds
        if isinstance(node, ast.AugAssign)
        and isinstance(node.op, ast.Add | ast.Sub)
        and isinstance(node.target, ast.Name)
        and is_cost(node.target.id)
        and not is_gradient(node.target.id)
        and not any(map(_is_set_apart, names_in(node)))
    ]
    if len(added) != 1:
        return None
    (node,) = added
    value = node.value if isinstance(node.op, ast.Add) else ast.UnaryOp(ast.USub(), node.value)
    return ast.copy_location(ast.Assign([node.target], ast.copy_location(value, node)), node)


def cost_of(computed: Sequence[ast.stmt]) -> str:
    """The name of the cost that a round computes, of a loss and a penalty that are added up that of their sum; empty
    for none, and where something else is made of one."""
    cost = ""
    for node in (n for n in computed if isinstance(n, ast.Assign)):
        read = names_read(node.value)
        costs = (n.id for n in names_set(node) if is_cost(n.id) and not is_gradient(n.id))
        name = next((cost for cost in costs if not any(map(_is_set_apart, (cost, *read)))), "")
        if not cost:
            cost = name
        elif name and cost in read and name not in read and (read != {cost} or _adds_up(node.value)):
            operation = node.value.op if isinstance(node.value, ast.BinOp) else None
            is_whole = isinstance(operation, ast.Add) or _adds_up(node.value)
            # A quotient is a mean to look at.
            cost = name if is_whole else cost if isinstance(operation, ast.Div) else ""
            if not cost:
                return ""
    return cost


def is_total(cost: str, computed: Sequence[ast.stmt]) -> bool:
    """Whether a cost is the sum or the mean of losses that have a name: ``cost = np.mean(loss)``.

    >>> is_total("J", ast.parse("loss = P - y; J = loss.sum()").body), is_total("J", ast.parse("J = P.sum()").body)
    (True, False)
    """
    values = [n.value for n in computed if isinstance(n, ast.Assign) if cost in {s.id for s in names_set(n)}]
    return any(_adds_up(value) and any(map(is_cost, names_read(value))) for value in values)


def _adds_up(value: ast.expr) -> bool:
    """Whether a value is the sum or the mean of the losses of all samples: ``np.mean(loss)``, ``loss.sum()``."""
    match value:
        case ast.Call(func=ast.Attribute(attr="mean" | "sum" | "average")):
            return True
    return False


def _is_set_apart(name: str) -> bool:
    """Whether data of this name are those that a net is not trained on."""
    return not {*re.split(r"[\W_\d]+", name.lower())}.isdisjoint(
        ("val", "valid", "validation", "test", "dev")
    )


def _called(value: ast.expr) -> str:
    """The last part of a name: ``losses`` of ``self.losses``."""
    return value.attr if isinstance(value, ast.Attribute) else value.id if isinstance(value, ast.Name) else ""
