"""Training that takes a step for each minibatch: what it takes has to be the gradient of the cost of that one. This is
another one where something is divided by the number of all samples.

An adapter trains on one sample several times over, in two minibatches at a rate so small that the second begins where
the first did; whichever samples a minibatch draws, its cost is that of so many of this one.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import replace

from chainrule.gradcheck.program.names import is_batch_size
from chainrule.gradcheck.recognition.calling import RATE, AdapterPlan
from chainrule.gradcheck.recognition.candidates import Candidate
from chainrule.gradcheck.recognition.recognised import Variant

_BATCH, _BATCHES = 2, 2
_SMALL_RATE = 1e-8
_AFTER = "after"

_AXES: Mapping[str, tuple[str, int]] = {"rows": (":1", 0), "columns": ("..., :1", -1)}
"""What the first sample is of arrays that lie so, and along which axis the samples are."""


def minibatch_variant(candidate: Candidate) -> Variant | None:
    """The same training with minibatches, where it hands the cost what its minibatches hold; None where it does not."""
    plan = candidate.plan
    gradient, cost = plan.functions.gradient, plan.functions.cost
    if gradient is None or not plan.functions.by_update or not _has_cost_of_batch(plan):
        return None
    sizes = [a.name for a in gradient.arguments if is_batch_size(a.name)]
    if not sizes or cost.name not in (*gradient.uses, *gradient.attributes.reads):
        return None
    several = candidate.text_of(replace(plan, options={**plan.options, **dict.fromkeys(sizes, str(_BATCH))}))
    text = _in_minibatches(several, plan) if several else ""
    return Variant("a step over {}", "all samples", "a minibatch", text, "", True) if text else None


def _has_cost_of_batch(plan: AdapterPlan) -> bool:
    """Whether the cost is handed a part of the data somewhere in the file."""
    inputs = [a.name for a in plan.functions.cost.arguments if a.name == plan.names.inputs]
    handed = (h for name in inputs for h in plan.file.handed.get((plan.functions.cost.name, name), ()))
    trees = (ast.parse(h.expression, mode="eval").body for h in handed if h.expression)
    return any(isinstance(tree, ast.Subscript) for tree in trees)


def _in_minibatches(text: str, plan: AdapterPlan) -> str:
    """An adapter whose update takes a step for each of two minibatches; empty where it is not known how."""
    after = [name for name in plan.parameters.values if name in plan.parameters.put]
    data = [name for name in (plan.names.inputs, plan.names.labels) if name]
    lies = _AXES.get(plan.convention.samples)
    if lies is None or len(data) < len(_AXES) or after != [*plan.parameters.values] or plan.parameters.whole:
        return ""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)]) if name == RATE:
                node.value = ast.Constant(_SMALL_RATE)
            case ast.keyword(arg="cost", value=ast.Lambda() as function):
                function.body = _cost_of_batches(function.body, data, *lies, plan.file.numpy_name)
            case ast.keyword(arg="step", value=ast.Lambda() as function):
                listed = {name for name in after if plan.parameters.values[name][0] == "["}
                function.body = _step_of_batches(
                    function.body, after, listed, data, *lies, plan.file.numpy_name
                )
    return ast.unparse(ast.fix_missing_locations(tree))


def _repeated(name: str, times: int, first: str, axis: int, numpy: str) -> str:
    return f"{numpy}.repeat({name}[{first}], {times}, {axis})"


def _cost_of_batches(body: ast.expr, data: list[str], first: str, axis: int, numpy: str) -> ast.expr:
    """The costs of all minibatches together."""
    batch = ", ".join(_repeated(name, _BATCH, first, axis, numpy) for name in data)
    return _expression(f"{_BATCHES} * (lambda {', '.join(data)}: {ast.unparse(body)})({batch})")


def _step_of_batches(
    body: ast.expr, names: list[str], listed: set[str], data: list[str], first: str, axis: int, numpy: str
) -> ast.expr:
    """The parameters after all steps, made as long as they are at a rate of 1."""
    copies = [f"[each.copy() for each in {n}]" if n in listed else f"{n}.copy()" for n in names]
    samples = [_repeated(name, _BATCH * _BATCHES, first, axis, numpy) for name in data]
    trained = f"(lambda {', '.join([*names, *data])}: {ast.unparse(body)})({', '.join([*copies, *samples])})"
    longer = [f"{n}={_longer(n, f'{_AFTER}[{n!r}]', n in listed)}" for n in names]
    return _expression(f"(lambda {_AFTER}: dict({', '.join(longer)}))({trained})")


def _longer(before: str, after: str, is_list: bool) -> str:
    if is_list:
        return f"[a - (a - b) / {RATE} for a, b in zip({before}, {after}, strict=True)]"
    return f"{before} - ({before} - {after}) / {RATE}"


def _expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body
