"""The innermost loop of every product of tiles, in LLVM's terms, and how much of C it forms at once: what fits the
registers of this processor. What it is for stands in :mod:`chainrule.train.engines.tiles`."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from llvmlite import binding, ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic, register_jitable
from numpy.typing import DTypeLike

from chainrule.arrays import Array
from chainrule.train.engines.parts import PART, part


class TileShape(NamedTuple):
    """What the registers of a processor hold of C.

    Attributes:
        vector: lanes of a vector.
        widest: vectors of a tile.
        rows: that are formed at once; they divide ``narrowest``.
        narrowest: lanes of a tile at least: half a vector where that takes half the time, as with AVX-512 on Zen 4.
    """

    vector: int
    widest: int
    rows: int
    narrowest: int


def _shapes() -> tuple[TileShape, TileShape]:
    """For float32 and float64."""
    has = binding.get_host_cpu_features()
    if has.get("avx512f"):
        return TileShape(16, 3, 8, 8), TileShape(8, 3, 8, 8)
    if has.get("avx2") and has.get("fma"):
        return TileShape(8, 3, 4, 8), TileShape(4, 3, 4, 4)
    # Four numbers a vector are two registers of float64 where registers have 128 bits.
    return (
        (TileShape(4, 4, 4, 4), TileShape(4, 2, 4, 4))
        if has.get("neon")
        else (TileShape(4, 2, 4, 4), TileShape(4, 1, 4, 4))
    )


_FLOAT32, _FLOAT64 = _shapes()


def shape(dtype: DTypeLike) -> TileShape:
    """That of this processor, for float32 or float64."""
    return _FLOAT32 if np.dtype(dtype) == np.float32 else _FLOAT64


@register_jitable(**PART)
def tile_lanes(shape: TileShape) -> int:
    """Lanes of a whole tile."""
    return shape.vector * shape.widest


def layer_lanes(shape: TileShape, units: int) -> int:
    """Lanes of all tiles of a layer.

    >>> eight_floats = TileShape(vector=16, widest=3, rows=8, narrowest=8)
    >>> [layer_lanes(eight_floats, units) for units in (2, 10, 50, 60)]
    [8, 16, 56, 64]
    """
    rest = units % (shape.vector * shape.widest)
    return units - rest + (shape.narrowest if 0 < rest <= shape.narrowest else padded(rest, shape.vector))


@register_jitable(**PART)
def padded(lanes: int, vector: int) -> int:
    """Lanes with those that fill the last vector up."""
    return -(-lanes // vector) * vector


def _multiply(
    typing: Any, vectors: Any, a: Any, b: Any, b_row: Any, b_step: Any, c: Any, keep: Any, depth: Any
) -> Any:
    """The loop for tiles of so many vectors, or for the narrowest (0): no compiler keeps C in registers unasked."""
    size = types.intp

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        starts = {
            i: context.make_array(signature.args[i])(context, builder, arguments[i]).data
            for i in (1, 2, 5, 6)
        }
        given = [starts.get(i, argument) for i, argument in enumerate(arguments)][1:]
        dtype, after = signature.args[1].dtype, builder.append_basic_block()
        choice = builder.switch(arguments[0], after)
        for count in range(shape(dtype.name).widest + 1):
            block = builder.append_basic_block()
            choice.add_case(ir.IntType(64)(count), block)
            builder.position_at_end(block)
            builder.call(_loop(builder.module, dtype, count), given)
            builder.branch(after)
        builder.position_at_end(after)
        return context.get_dummy_value()

    return types.void(size, a, b, size, size, c, keep, size), code


_multiply_by: Any = intrinsic(_multiply)


def _loop(module: Any, dtype: Any, vectors: int) -> Any:
    """A function of the loop, there once, as copies of it in every caller would take long to compile."""
    scalar = ir.FloatType() if dtype == types.float32 else ir.DoubleType()
    place, size = scalar.as_pointer(), ir.IntType(64)
    name = f"chainrule_multiply_{vectors}_{dtype}"
    if name in module.globals:
        return module.globals[name]
    taken = ir.FunctionType(ir.VoidType(), [place, place, size, size, place, place, size])
    function = ir.Function(module, taken, name)
    function.linkage = "linkonce_odr"
    function.attributes.add("noinline")
    builder = ir.IRBuilder(function.append_basic_block())
    tile = shape(dtype.name)
    lanes = [tile.vector] * vectors or [tile.narrowest]
    _Tile(builder, tile.rows, lanes, scalar).product(*function.args)
    builder.ret_void()
    return function


@part
def multiply(
    shape: TileShape, a: Array, b: Array, b_row: int, b_step: int, c: Array, keep: Array, depth: int
) -> None:
    """The first ``shape.rows`` rows of C = keep C + b a.

    Args:
        a: (depth or more, lanes of a tile).
        b: flat; b[j, k] lies at j * b_row + k * b_step.
        c: (rows or more, lanes).
        keep: (lanes or more,).
        depth: 1 or more.
    """
    _multiply_by(c.shape[1] // shape.vector, a, b, b_row, b_step, c, keep, depth)


class _Tile:
    """Writes the loop down."""

    def __init__(self, builder: Any, rows: int, lanes: list[int], scalar: Any) -> None:
        self.builder, self.rows, self.lanes, self.scalar = builder, rows, lanes, scalar
        self.vectors, self.vector = range(len(lanes)), ir.VectorType(scalar, lanes[0])
        name = f"llvm.fmuladd.v{lanes[0]}f{32 if isinstance(scalar, ir.FloatType) else 64}"
        self.add_product = cgutils.get_or_insert_function(
            builder.module, ir.FunctionType(self.vector, [self.vector] * 3), name
        )

    def product(self, a: Any, b: Any, row: Any, step: Any, c: Any, keep: Any, depth: Any) -> None:
        """C = keep C + b a, from where each of them starts; b[j, k] lies at j * row + k * step."""
        builder, rows, index = self.builder, range(self.rows), ir.IntType(64)
        width = index(sum(self.lanes))
        b_rows = [builder.gep(b, [builder.mul(row, index(j))]) for j in rows]
        before, loop, after = builder.block, builder.append_basic_block(), builder.append_basic_block()
        builder.branch(loop)
        builder.position_at_end(loop)
        k = builder.phi(index)
        sums = [[builder.phi(self.vector) for _ in self.vectors] for _ in rows]
        a_row = self._load(builder.gep(a, [builder.mul(k, width)]))
        more = []
        for j in rows:
            factor = self._everywhere(self._number(builder.gep(b_rows[j], [builder.mul(k, step)])))
            more.append(
                [builder.call(self.add_product, [a_row[v], factor, sums[j][v]]) for v in self.vectors]
            )
        following = builder.add(k, index(1))
        k.add_incoming(index(0), before)
        k.add_incoming(following, loop)
        for j in rows:
            for v in self.vectors:
                sums[j][v].add_incoming(ir.Constant(self.vector, None), before)
                sums[j][v].add_incoming(more[j][v], loop)
        builder.cbranch(builder.icmp_signed("<", following, depth), loop, after)
        builder.position_at_end(after)
        kept = self._load(keep)
        for j in rows:
            c_row = builder.gep(c, [builder.mul(index(j), width)])
            old = self._load(c_row)
            for v in self.vectors:
                self._store(builder.call(self.add_product, [kept[v], old[v], more[j][v]]), c_row, v)

    def _load(self, start: Any) -> list[Any]:
        """The vectors of a row."""
        loaded = [self.builder.load(self._place(start, v)) for v in self.vectors]
        for value in loaded:
            value.align = self._alignment
        return loaded

    def _store(self, value: Any, start: Any, v: int) -> None:
        self.builder.store(value, self._place(start, v)).align = self._alignment

    def _place(self, start: Any, v: int) -> Any:
        place = self.builder.gep(start, [ir.IntType(64)(sum(self.lanes[:v]))])
        return self.builder.bitcast(place, self.vector.as_pointer())

    def _number(self, place: Any) -> Any:
        loaded = self.builder.load(place)
        loaded.align = self._alignment
        return loaded

    def _everywhere(self, number: Any) -> Any:
        """A vector of one number."""
        nothing, first = ir.Constant(self.vector, ir.Undefined), ir.IntType(32)(0)
        mask = ir.Constant(ir.VectorType(ir.IntType(32), self.lanes[0]), None)
        return self.builder.shuffle_vector(self.builder.insert_element(nothing, number, first), nothing, mask)

    @property
    def _alignment(self) -> int:
        """Of a number; vectors may begin at any."""
        return 4 if isinstance(self.scalar, ir.FloatType) else 8
