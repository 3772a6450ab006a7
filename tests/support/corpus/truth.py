"""What is right and what is wrong, by means that are not those of the checker: plain central differences."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from chainrule.gradcheck.program.local import LocalProgram
from support.corpus.mutation import Mutation, build, seeded
from support.corpus.nets import Array, Net, Shape

Program = dict[str, Any]
FAR = 1e-5
"""Relative difference from which on a gradient is wrong; central differences agree to 1e-8 with a right one."""


def local(program: Program) -> LocalProgram:
    """The program's functions, called in their own convention."""
    beside = {"update": program.get("update"), "numeric": program.get("numeric")}
    return LocalProgram(
        program["cost"], program["gradient"], program["parameters"], program["data"], **beside
    )


def central_differences(program: Program, h: float = 1e-6) -> list[Array]:
    """The numeric gradient, one array for each parameter."""
    functions, data = local(program), program["data"]
    arrays, result = functions.describe().arrays, []
    for number, array in enumerate(arrays):
        entries = np.arange(array.size)
        up, down = (
            functions.costs(arrays, data, number, entries, np.full(array.size, step)) for step in (h, -h)
        )
        result.append((np.real(up - down) / (2 * h)).reshape(array.shape))
    return result


def distance(a: Array, b: Array) -> float:
    """|a - b| / max(|a|, |b|), infinite for other sizes, 0 for two zeros up to rounding."""
    if a.size != b.size:
        return np.inf
    difference, size = np.linalg.norm(a - b.reshape(a.shape)), max(np.linalg.norm(a), np.linalg.norm(b))
    return 0.0 if size < 1e-8 else float(difference / size)


def returned(program: Program) -> dict[str, Array]:
    """What the gradient gives, by name."""
    functions = local(program)
    came_back = functions.gradient(functions.describe().arrays, program["data"])
    return dict(zip(came_back.names, came_back.arrays, strict=True))


def order(program: Program) -> dict[str, int]:
    """Which parameter each array of a right program's gradient belongs to.

    Raises:
        AssertionError: the program is not right.
    """
    numeric, gradient = central_differences(program), returned(program)
    free, found = set(range(len(numeric))), {}
    for name, array in gradient.items():
        nearest = min(free, key=lambda index: distance(array, numeric[index]))
        assert distance(array, numeric[nearest]) < 1e-6, f"{name} is the gradient of no parameter"
        found[name] = nearest
        free -= {nearest}
    assert not free, "a parameter has no gradient"
    return found


@cache
def order_of(base: str, shape: Shape) -> dict[str, int]:
    """Which parameter each array of the gradient belongs to, found on a net where no gradient is zero."""
    for seed in range(20):
        with suppress(AssertionError):
            return order(build(base, seeded(base, replace(shape, N=40), seed)))
    raise AssertionError(f"{base}: no order found")


def gradient_is_wrong(mutation: Mutation, net: Net) -> bool:
    """Whether some tensor of the wrong program's gradient is not the derivative of its cost."""
    program = build(mutation.base, net, mutation)
    numeric, gradient = central_differences(program), returned(program)
    wanted = order_of(mutation.base, net.shape)
    if gradient.keys() != wanted.keys():
        return True
    return any(
        _turned(array, numeric[wanted[name]]) or not distance(array, numeric[wanted[name]]) < FAR
        for name, array in gradient.items()
    )


def _turned(array: Array, numeric: Array) -> bool:
    """A matrix of the right size and another shape."""
    return array.ndim > 1 and array.size == numeric.size and array.shape != numeric.shape


def cost_is_wrong(mutation: Mutation, net: Net) -> bool:
    """Whether the cost is not that of the right program, although its gradient agrees with it."""
    wrong, right = build(mutation.base, net, mutation), build(mutation.base, net)
    costs = [
        local(program).cost(local(program).describe().arrays, program["data"]) for program in (wrong, right)
    ]
    return abs(costs[0] - costs[1]) > FAR and not gradient_is_wrong(mutation, net)


def keeps_state(mutation: Mutation, net: Net) -> bool:
    """Whether the gradient changes the parameters, or the cost differs between two calls."""
    program = build(mutation.base, net, mutation)
    functions, data = local(program), program["data"]
    arrays = functions.describe().arrays
    after = functions.gradient(arrays, data).after
    moved = any(distance(a, b) > 0 for a, b in zip(arrays, after, strict=True))
    return moved or functions.cost(arrays, data) != functions.cost(arrays, data)


def numeric_is_wrong(mutation: Mutation, net: Net) -> bool:
    """Whether the student's own numeric gradient is off, or leaves the parameters moved."""
    program = build(mutation.base, net, mutation)
    functions, data = local(program), program["data"]
    arrays = functions.describe().arrays
    own = functions.gradient(arrays, data, function="numeric")
    moved = any(distance(a, b) > 0 for a, b in zip(arrays, own.after, strict=True))
    true = central_differences(program)
    return moved or any(distance(a, b) > FAR for a, b in zip(own.arrays, true, strict=True))


def update_is_wrong(mutation: Mutation, net: Net, rate: float = 0.1) -> bool:
    """Whether a step is not parameters - rate * gradient, although the gradient is right."""
    program = build(mutation.base, net, mutation)
    functions, gradient = local(program), central_differences(program)
    arrays = functions.describe().arrays
    new = functions.update(arrays, gradient, rate)
    return any(distance(n, a - rate * g) > FAR for n, a, g in zip(new, arrays, gradient, strict=True))


def is_no_derivation(mutation: Mutation, net: Net, step: float = 1e-12) -> bool:
    """Whether the gradient jumps when the parameters are moved by next to nothing, although it is right."""
    program = build(mutation.base, net, mutation)
    functions, data = local(program), program["data"]
    arrays = functions.describe().arrays
    here, there = (functions.gradient([a + h for a in arrays], data).arrays for h in (0, step))
    jumps = max(float(np.abs(a - b).max()) for a, b in zip(here, there, strict=True))
    return not gradient_is_wrong(mutation, net) and jumps > 3 * step


JUDGES = {
    "derivation": is_no_derivation,
    "gradient": gradient_is_wrong,
    "cost": cost_is_wrong,
    "state": keeps_state,
    "numeric": numeric_is_wrong,
    "update": update_is_wrong,
}


def is_wrong(mutation: Mutation, net: Net) -> bool:
    """Whether the program is wrong for this net, in the way in which it says it is."""
    return JUDGES[mutation.where](mutation, net)
