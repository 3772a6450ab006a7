"""The steps in a round of a training loop: what they change, their rate, and what they take."""

from __future__ import annotations

import ast
import copy
from collections.abc import Collection, Iterable

from chainrule.gradcheck.program.function_names import is_cost, rank
from chainrule.gradcheck.program.names import is_gradient, is_parameter, is_rate, meaning
from chainrule.gradcheck.program.size_names import counted_size

RATE = "learning_rate"
"""What a rate is called that has no name in the loop."""

_LARGEST_RATE = 0.2


def take_a_gradient(steps: Iterable[ast.AugAssign], rounds: Iterable[ast.Assign | ast.AugAssign]) -> bool:
    """Whether steps take what a function of a gradient's name gives, itself or under a name of the round. Such
    functions in products with something else are those of activations and losses.

    >>> step, direct = ast.parse("W -= eta * dW").body[0], ast.parse("dW, db = gradient(W, X)").body[0]
    >>> take_a_gradient([step], [direct]), take_a_gradient([step], [ast.parse("dW = X.T @ sigmoid_grad(S)").body[0]])
    (True, False)
    """
    factors = [factor for step in steps for factor in _factors(step.value)]
    names = {
        n.id
        for f in factors
        if isinstance(f, ast.Name | ast.Subscript | ast.Attribute)
        for n in ast.walk(f)
        if isinstance(n, ast.Name)
    }
    for node in rounds:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if any(n.id in names for n in _targets(targets)):
            # What gives the loss and gradients is one whatever it is called.
            if isinstance(node.value, ast.Call) and any(is_cost(n.id) for n in _targets(targets)):
                return True
            factors += _factors(node.value)
    return any(_calls_gradient(n) for factor in factors for n in ast.walk(factor))


def _targets(targets: Iterable[ast.expr]) -> list[ast.Name]:
    return [n for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)]


def _factors(value: ast.expr) -> list[ast.expr]:
    """What a value is made of, without matrix products and sums."""
    match value:
        case (
            ast.BinOp(op=ast.MatMult()) | ast.Call(func=ast.Attribute(attr="dot" | "matmul" | "sum" | "mean"))
        ):
            return []
        case ast.BinOp(left=left, right=right):
            return [*_factors(left), *_factors(right)]
        case ast.UnaryOp(operand=operand):
            return _factors(operand)
    return [value]


def _calls_gradient(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return rank(name, "gradient") is not None
    return False


def is_step(node: ast.AST) -> bool:
    """Whether a statement takes a step of a parameter."""
    return isinstance(node, ast.Assign | ast.AugAssign) and step_of(node) is not None


def step_of(node: ast.Assign | ast.AugAssign) -> ast.AugAssign | None:
    """A step of a parameter, as one that changes it where it is."""
    match node:
        case ast.AugAssign(target=ast.Name(id=name), op=ast.Sub() | ast.Add()) if is_parameter(name):
            return node
        case ast.Assign(
            targets=[ast.Name(id=name) as target],
            value=ast.BinOp(left=ast.Name(id=left), op=ast.Sub() | ast.Add() as sign, right=taken),
        ) if left == name and is_parameter(name):
            return ast.copy_location(ast.AugAssign(target, sign, taken), node)
    return None


def written_rate(step: ast.AugAssign, made_here: Collection[str]) -> ast.expr | None:
    """What a step begins with where it is a small number, ``W -= 0.01 * dW``, or of a name that is none of a rate and
    nothing else, ``W += -epsilon * dW``: no round gives it a value."""
    product: ast.expr = step.value
    times = False
    while isinstance(product, ast.BinOp):
        times = isinstance(product.op, ast.Mult)
        product = product.left
    factor = product.operand if isinstance(product, ast.UnaryOp) else product
    match factor:
        case ast.Constant(value=float(value)) if 0 < value < _LARGEST_RATE:
            return factor
        case ast.Name(id=name) if times and name not in made_here and not is_rate(name):
            is_else = is_parameter(name) or is_gradient(name) or counted_size(name) is not None
            return None if is_else or meaning(name).role not in ("other", "step") else factor
    return None


def with_named_rate(step: ast.AugAssign, made_here: Collection[str]) -> ast.AugAssign:
    """The same with another name for what it begins with, if it does."""
    new = copy.deepcopy(step)
    rate = written_rate(new, made_here)

    class Naming(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> ast.AST:
            if node is rate:
                return ast.copy_location(ast.Name(RATE, ast.Load()), node)
            return self.generic_visit(node)

    named = Naming().visit(new)
    assert isinstance(named, ast.AugAssign)
    return named
