"""Arrays in other shapes, for compiled code: numba's ``reshape`` asks at every call whether it can be done, which small
nets notice."""

from __future__ import annotations

from typing import Any

from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np.arrayobj import populate_array


def _view(context: Any, builder: Any, kind: types.Array, source: Any, shape: list[Any]) -> Any:
    """The numbers of an array from its beginning on, row after row."""
    size = context.get_constant(types.intp, context.get_abi_sizeof(context.get_data_type(kind.dtype)))
    strides = [size]
    for length in reversed(shape[1:]):
        strides.insert(0, builder.mul(strides[0], length))
    view = context.make_array(kind)(context, builder)
    populate_array(view, source.data, shape, strides, size, source.meminfo, source.parent)
    return view._getvalue()


def _matrix(typing: Any, numbers: Any, rows: Any, columns: Any) -> Any:
    """The first rows * columns numbers of an array, as (rows, columns)."""
    kind = types.Array(numbers.dtype, 2, "C")

    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        source = context.make_array(signature.args[0])(context, builder, given[0])
        return _view(context, builder, kind, source, [given[1], given[2]])

    return kind(numbers, types.intp, types.intp), code


def _flat(typing: Any, matrix: Any) -> Any:
    """All numbers of an array (rows, columns), one row behind the other."""
    kind = types.Array(matrix.dtype, 1, "C")

    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        source = context.make_array(signature.args[0])(context, builder, given[0])
        rows, columns = cgutils.unpack_tuple(builder, source.shape)
        return _view(context, builder, kind, source, [builder.mul(rows, columns)])

    return kind(matrix), code


matrix: Any = intrinsic(_matrix)
flat: Any = intrinsic(_flat)
