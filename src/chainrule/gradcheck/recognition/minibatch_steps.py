"""Training that takes a step for each minibatch: what it takes has to be the gradient of the cost of that one. This is
another one where something is divided by the number of all samples.

An adapter trains on one sample several times over, in two minibatches at a rate so small that the second begins where
the first did; whichever samples a minibatch draws, its cost is that of so many of this one.

How many steps are taken, whether a velocity goes on from one to the next or the rate falls, shows in what they come to:
a parameter that is changed as often as there are minibatches, as far as one step changes it, tells that the steps were
counted right. Where none is, nothing is held against the training.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.program.names import is_batch_size
from chainrule.gradcheck.recognition.calling import RATE, AdapterPlan
from chainrule.gradcheck.recognition.candidates import Candidate
from chainrule.gradcheck.recognition.recognised import Variant

_BATCH, _BATCHES = 2, 3
_CLOSE = 1e-5
_SMALL_RATE = 1e-8
_AFTER = "after"

_AXES: Mapping[str, tuple[str, int]] = {"rows": (":1", 0), "columns": ("..., :1", -1)}
"""What the first sample is of arrays that lie so, and along which axis the samples are."""


def minibatch_variant(candidate: Candidate, changes: Callable[[str], Sequence[Array]]) -> Variant | None:
    """The same training with minibatches, where its loop hands the cost those from which it computes its steps; None
    where it does not, and where it is not known how many steps it takes.

    Args:
        candidate: the adapter of a step over all samples.
        changes: what an adapter's steps take from each of the parameters; nothing where it does not run.
    """
    plan = candidate.plan
    gradient, cost = plan.functions.gradient, plan.functions.cost
    if gradient is None or not plan.functions.by_update or cost.name not in gradient.handed_parts:
        return None
    sizes = [a.name for a in gradient.arguments if is_batch_size(a.name)]
    if not sizes or cost.name not in (*gradient.uses, *gradient.attributes.reads):
        return None
    several = candidate.text_of(replace(plan, options={**plan.options, **dict.fromkeys(sizes, str(_BATCH))}))
    text, single = (_in_minibatches(several, plan, n) if several else "" for n in (_BATCHES, 1))
    if not text or not are_counted(changes(single), changes(text)):
        return None
    return Variant("a step over {}", "all samples", "a minibatch", text, "", True)


def are_counted(one: Sequence[Array], several: Sequence[Array]) -> bool:
    """Whether so many steps as there are minibatches were taken, as far as one step is: some parameter is changed by
    just that, and none by another multiple, as by a velocity.

    >>> w, b = np.array([1.0, 2.0]), np.array([3.0])
    >>> are_counted([w, b], [3 * w + 1, 3 * b]), are_counted([w, b], [5.61 * w, 3 * b]), are_counted([b], [b])
    (True, False, False)
    """
    pairs = [(a, b) for a, b in zip(one, several, strict=False) if a.any()]
    times = [float(np.vdot(a, b) / np.vdot(a, a)) for a, b in pairs]
    are_multiples = [_is_close(n * a, b) for (a, b), n in zip(pairs, times, strict=True)]
    counts = [
        abs(n - _BATCHES) <= _CLOSE * _BATCHES for n, whole in zip(times, are_multiples, strict=True) if whole
    ]
    return bool(counts) and all(counts)


def _is_close(first: Array, second: Array) -> bool:
    return bool(np.linalg.norm(first - second) <= _CLOSE * np.linalg.norm(first))


def _in_minibatches(text: str, plan: AdapterPlan, batches: int) -> str:
    """An adapter whose update takes a step for each of so many minibatches; empty where it is not known how."""
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
                function.body = _cost_of_batches(function.body, batches, data, *lies, plan.file.numpy_name)
            case ast.keyword(arg="step", value=ast.Lambda() as function):
                listed = {name for name in after if plan.parameters.values[name][0] == "["}
                function.body = _step_of_batches(
                    function.body, batches, after, listed, data, *lies, plan.file.numpy_name
                )
    return ast.unparse(ast.fix_missing_locations(tree))


def _repeated(name: str, times: int, first: str, axis: int, numpy: str) -> str:
    return f"{numpy}.repeat({name}[{first}], {times}, {axis})"


def _cost_of_batches(
    body: ast.expr, batches: int, data: list[str], first: str, axis: int, numpy: str
) -> ast.expr:
    """The costs of all minibatches together."""
    batch = ", ".join(_repeated(name, _BATCH, first, axis, numpy) for name in data)
    return _expression(f"{batches} * (lambda {', '.join(data)}: {ast.unparse(body)})({batch})")


def _step_of_batches(
    body: ast.expr,
    batches: int,
    names: list[str],
    listed: set[str],
    data: list[str],
    first: str,
    axis: int,
    numpy: str,
) -> ast.expr:
    """The parameters after all steps, made as long as they are at a rate of 1."""
    copies = [f"[each.copy() for each in {n}]" if n in listed else f"{n}.copy()" for n in names]
    samples = [_repeated(name, _BATCH * batches, first, axis, numpy) for name in data]
    trained = f"(lambda {', '.join([*names, *data])}: {ast.unparse(body)})({', '.join([*copies, *samples])})"
    longer = [f"{n}={_longer(n, f'{_AFTER}[{n!r}]', n in listed)}" for n in names]
    return _expression(f"(lambda {_AFTER}: dict({', '.join(longer)}))({trained})")


def _longer(before: str, after: str, is_list: bool) -> str:
    if is_list:
        return f"[a - (a - b) / {RATE} for a, b in zip({before}, {after}, strict=True)]"
    return f"{before} - ({before} - {after}) / {RATE}"


def _expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body
