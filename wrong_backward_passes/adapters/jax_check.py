"""JAX's ``check_grads``, told the functions by the case; it needs the extra ``bench``.

    python -m wrong_backward_passes.adapters.jax_check FILE CASE

The program is a function with ``custom_vjp``, of which the reverse mode is checked in float64; step and tolerances are
JAX's own.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
from jax.test_util import check_grads

from .points import Told, main

jax.config.update("jax_enable_x64", True)


def agrees(told: Told) -> bool:
    number = jax.ShapeDtypeStruct((), jnp.float64)
    shapes = tuple(jax.ShapeDtypeStruct(array.shape, jnp.float64) for array in told.at)

    @jax.custom_vjp
    def cost(*arrays: Any) -> Any:
        return jax.pure_callback(lambda *given: jnp.float64(told.cost(*given)), number, *arrays)

    def forward(*arrays: Any) -> Any:
        return cost(*arrays), arrays

    def backward(arrays: Any, upstream: Any) -> Any:
        found = jax.pure_callback(lambda *given: tuple(told.gradient(*given)), shapes, *arrays)
        return tuple(upstream * gradient for gradient in found)

    cost.defvjp(forward, backward)
    try:
        check_grads(cost, tuple(map(jnp.asarray, told.at)), order=1, modes=["rev"])
    except AssertionError:
        return False
    return True


if __name__ == "__main__":
    main(agrees)
