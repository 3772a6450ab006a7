"""Arrays in other shapes, for compiled code: numba's ``reshape`` asks at every call whether it can be done, which small
nets notice."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
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


def _floats(typing: Any, bytes_: Any) -> Any:
    """Bytes (count,) as the float32 that they are, to be read; ``view`` of numba takes long to compile."""
    return _read(types.float32, bytes_)


def _doubles(typing: Any, bytes_: Any) -> Any:
    """The same as float64."""
    return _read(types.float64, bytes_)


def _read(number: Any, bytes_: Any) -> Any:
    kind = types.Array(number, 1, "C", readonly=True)

    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        source = context.make_array(signature.args[0])(context, builder, given[0])
        view = context.make_array(kind)(context, builder)
        size = ir.IntType(64)(number.bitwidth // 8)
        count = builder.udiv(builder.extract_value(source.shape, 0), size)
        data = builder.bitcast(source.data, context.get_data_type(number).as_pointer())
        populate_array(view, data, [count], [size], size, source.meminfo, source.parent)
        return view._getvalue()

    return kind(bytes_), code


def _prefetch(typing: Any, numbers: Any, index: Any) -> Any:
    """Asks for the part of the memory where an array's number lies, before it is needed."""

    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        source = context.make_array(signature.args[0])(context, builder, given[0])
        byte, word = ir.IntType(8).as_pointer(), ir.IntType(32)
        place = builder.bitcast(builder.gep(source.data, [given[1]]), byte)
        ask = cgutils.get_or_insert_function(
            builder.module, ir.FunctionType(ir.VoidType(), [byte, word, word, word]), "llvm.prefetch.p0i8"
        )
        builder.call(ask, [place, word(0), word(3), word(1)])
        return context.get_dummy_value()

    return types.none(numbers, types.intp), code


matrix: Any = intrinsic(_matrix)
floats: Any = intrinsic(_floats)
doubles: Any = intrinsic(_doubles)
prefetch: Any = intrinsic(_prefetch)
flat: Any = intrinsic(_flat)
