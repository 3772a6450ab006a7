"""Calls by an address: what every function that is called so takes is said here, once.

By that it is compiled, and by that each call is checked when it is compiled: what is handed over is read as it was
written, so arguments of other types would be other numbers, or other places in memory.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import typeof, types
from numba.core import cgutils
from numba.core.errors import TypingError
from numba.extending import intrinsic

from chainrule.train.engines.located import TuplePlace
from chainrule.train.engines.team import Team

_SIZE, _FLAG = types.intp, types.boolean
_LABELS, _SUMS, _SHARES = types.int64[::1], types.float64[:, ::1], types.float64[::1]
_WEIGHTS = types.Array(types.uint8, 2, "C", readonly=True)
_NONE = np.zeros(0, np.int64)
_TEAM = typeof(Team(0, 1, 0, _NONE, _NONE))


def taken(name: str, first: Any) -> Any:
    """What a function is compiled for.

    Args:
        name: of the function.
        first: the type of its first argument, which tells those of the others: a net's place, or an array of numbers.
    """
    real = first.attribute("theta").dtype if isinstance(first, TuplePlace) else first.dtype
    numbers, tile = real[::1], real[:, ::1]
    tile_of_net = [_SIZE] * 5
    others: dict[str, list[Any]] = {
        "activation": [_SIZE, _SIZE, tile],
        "update": [tile, tile, tile, tile, tile, _FLAG, _SIZE],
        "loss": [
            _SIZE, _SIZE, _LABELS, _FLAG, _WEIGHTS, _SIZE, _SIZE, _FLAG, real, real, _SUMS, _SUMS, _SIZE,
        ],
        "norm_forward": [*tile_of_net, _SHARES, _FLAG, _WEIGHTS, _SIZE, _SIZE],
        "norm_backward": [*tile_of_net, _WEIGHTS, _SIZE, _SIZE],
        "drop_units": [_SIZE] * 8,
        "move_weights": [*tile_of_net, tile, _SIZE, numbers, _SIZE, _SIZE, _SIZE],
        "move_units": [*tile_of_net, numbers],
        "clip_and_move": [tile, _TEAM],
    }  # fmt: skip
    return types.none(first, *others[name])


def _call(typing: Any, name: Any, address: Any, arguments: Any) -> Any:
    """Calls the function of that name, which lies at the address.

    Raises:
        TypingError: it takes others.
    """
    if not isinstance(name, types.StringLiteral):
        # numba asks so for what it could not type by the name.
        return None
    given = types.none(*map(types.unliteral, arguments))
    if given != taken(name.literal_value, given.args[0]):
        raise TypingError(
            f"{name.literal_value} takes {taken(name.literal_value, given.args[0])}, not {given}"
        )
    signature = types.none(name, address, types.Tuple(given.args))

    def code(context: Any, builder: Any, signature: Any, handed: Any) -> Any:
        kinds = [context.get_value_type(kind) for kind in signature.args[2]]
        function = ir.FunctionType(context.get_value_type(types.none), kinds).as_pointer()
        builder.call(builder.inttoptr(handed[1], function), cgutils.unpack_tuple(builder, handed[2]))
        return context.get_dummy_value()

    return signature, code


call: Any = intrinsic(prefer_literal=True)(_call)
