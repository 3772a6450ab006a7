"""Products of few samples, with weights that lie ready: nothing is packed.

A library that multiplies two matrices first copies both into the order that its innermost loop reads. For a minibatch
of 100 samples that takes a third as long as the product. Here everything lies in that order from the start.

*Lanes* are the units of a layer, beside one another as a vector register holds them; *rows* are what there is of each:
an input's weights, or a sample's values. A *tile* is as many lanes as ``TileShape.widest`` vectors hold (the last tile
of a layer may have fewer), and the rows of a tile lie one after the other:

    W of 100 units, AVX-512:   tile 0: (inputs, 48)   tile 1: (inputs, 48)   tile 2: (inputs, 16), of which 4 are in use

One innermost loop, :func:`multiply`, then serves for everything. It forms ``TileShape.rows`` rows of a tile of C at
once, all of them in registers:

    C[j, lanes] = keep[lanes] C[j, lanes] + sum over k of b[j, k] a[k, lanes]

- a layer's scores: C = S (samples, lanes), a = W (inputs, lanes), b = the layer below (samples, inputs);
- its descent: C = W (inputs, lanes), a = the step dS (samples, lanes), b = the layer below, transposed, which is a
  matter of strides as b is read number by number.

So W, S and dS are each read and written in one and the same order, and a minibatch or the values of the layer below
serve as they are. How many rows and vectors fit is the processor's: with AVX-512 24 of 32 registers hold C.
"""

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
from chainrule.train.engines.views import flat, matrix


class TileShape(NamedTuple):
    """What the registers of a processor hold of C.

    Attributes:
        vector: lanes of a vector.
        widest: vectors of a tile.
        rows: that are formed at once; they divide ``vector``.
    """

    vector: int
    widest: int
    rows: int


def _shapes() -> tuple[TileShape, TileShape]:
    """For float32 and float64."""
    has = binding.get_host_cpu_features()
    if has.get("avx512f"):
        return TileShape(16, 3, 8), TileShape(8, 3, 8)
    if has.get("avx2") and has.get("fma"):
        return TileShape(8, 3, 4), TileShape(4, 3, 4)
    # Four numbers a vector are two registers of float64 where registers have 128 bits.
    return (
        (TileShape(4, 4, 4), TileShape(4, 2, 4))
        if has.get("neon")
        else (TileShape(4, 2, 4), TileShape(4, 1, 4))
    )


_FLOAT32, _FLOAT64 = _shapes()


def shape(dtype: DTypeLike) -> TileShape:
    """That of this processor, for float32 or float64."""
    return _FLOAT32 if np.dtype(dtype) == np.float32 else _FLOAT64


@register_jitable(**PART)
def tile_lanes(shape: TileShape) -> int:
    """Lanes of a whole tile."""
    return shape.vector * shape.widest


@register_jitable(**PART)
def padded(lanes: int, vector: int) -> int:
    """Lanes with those that fill the last vector up."""
    return -(-lanes // vector) * vector


def _multiply_by(vectors: int) -> Any:
    """The innermost loop for tiles of so many vectors, in LLVM's terms: no compiler keeps C in registers unasked."""

    @intrinsic
    def multiply(typing: Any, a: Any, b: Any, b_row: Any, b_step: Any, c: Any, keep: Any, depth: Any) -> Any:
        size = types.intp

        def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            starts = {
                i: context.make_array(signature.args[i])(context, builder, arguments[i]).data
                for i in (0, 1, 4, 5)
            }
            given = [starts.get(i, argument) for i, argument in enumerate(arguments)]
            builder.call(_loop(builder.module, signature.args[0].dtype, vectors), given)
            return context.get_dummy_value()

        return types.void(a, b, size, size, c, keep, size), code

    return multiply


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
    _Tile(builder, shape(dtype.name), vectors, scalar).product(*function.args)
    builder.ret_void()
    return function


_ONE, _TWO, _THREE, _FOUR = (_multiply_by(vectors) for vectors in range(1, 5))


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
    vectors = c.shape[1] // shape.vector
    if vectors == 1:
        _ONE(a, b, b_row, b_step, c, keep, depth)
    elif vectors == 2:
        _TWO(a, b, b_row, b_step, c, keep, depth)
    elif vectors == 3:
        _THREE(a, b, b_row, b_step, c, keep, depth)
    else:
        _FOUR(a, b, b_row, b_step, c, keep, depth)


class _Tile:
    """Writes the loop down."""

    def __init__(self, builder: Any, shape: TileShape, vectors: int, scalar: Any) -> None:
        self.builder, self.shape, self.scalar = builder, shape, scalar
        self.vectors, self.vector = range(vectors), ir.VectorType(scalar, shape.vector)
        name = f"llvm.fmuladd.v{shape.vector}f{32 if isinstance(scalar, ir.FloatType) else 64}"
        self.add_product = cgutils.get_or_insert_function(
            builder.module, ir.FunctionType(self.vector, [self.vector] * 3), name
        )

    def product(self, a: Any, b: Any, row: Any, step: Any, c: Any, keep: Any, depth: Any) -> None:
        """C = keep C + b a, from where each of them starts; b[j, k] lies at j * row + k * step."""
        builder, rows, index = self.builder, range(self.shape.rows), ir.IntType(64)
        width = index(len(self.vectors) * self.shape.vector)
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
        place = self.builder.gep(start, [ir.IntType(64)(v * self.shape.vector)])
        return self.builder.bitcast(place, self.vector.as_pointer())

    def _number(self, place: Any) -> Any:
        loaded = self.builder.load(place)
        loaded.align = self._alignment
        return loaded

    def _everywhere(self, number: Any) -> Any:
        """A vector of one number."""
        nothing, first = ir.Constant(self.vector, ir.Undefined), ir.IntType(32)(0)
        mask = ir.Constant(ir.VectorType(ir.IntType(32), self.shape.vector), None)
        return self.builder.shuffle_vector(self.builder.insert_element(nothing, number, first), nothing, mask)

    @property
    def _alignment(self) -> int:
        """Of a number; vectors may begin at any."""
        return 4 if isinstance(self.scalar, ir.FloatType) else 8


class Tiled(NamedTuple):
    """Where a layer's values lie in tiles.

    Attributes:
        at: where the first tile begins.
        rows: of every tile: inputs, or samples.
        lanes: units, with those that fill the last vector up; tile after tile.
    """

    at: int
    rows: int
    lanes: int


@part
def tile(shape: TileShape, memory: Array, tiled: Tiled, first: int) -> Array:
    """The tile that begins with lane ``first``, (rows, lanes)."""
    lanes = min(tile_lanes(shape), tiled.lanes - first)
    start = tiled.at + first * tiled.rows
    return matrix(memory[start:], tiled.rows, lanes)


@part
def clear(shape: TileShape, s: Array, n: int) -> None:
    """Zeros for ``n`` rows of a tile, and for those that are formed with them."""
    flat(s)[: padded(n, shape.rows) * s.shape[1]] = 0


@part
def add_scores(shape: TileShape, W: Array, below: Array, row: int, s: Array, n: int, ones: Array) -> None:
    """s += below W, for a tile.

    Args:
        W: (inputs, lanes).
        below: flat; a sample's inputs begin at every multiple of ``row``. Rows beyond ``n`` are read, and make rows of
            s that nobody reads.
        s: (samples, lanes).
        n: samples.
        ones: (lanes or more,).
    """
    for i in range(0, n, shape.rows):
        multiply(shape, W, below[i * row :], row, 1, s[i:], ones, len(W))


@part
def descend(shape: TileShape, step: Array, n: int, below: Array, row: int, W: Array, keep: Array) -> None:
    """W = keep W + below^T step, for a tile: ``step`` (samples, lanes), the rest as in :func:`add_scores`."""
    for d in range(0, len(W), shape.rows):
        multiply(shape, step, below[d:], 1, row, W[d:], keep, n)


@part
def exchange(shape: TileShape, W: Array, memory: Array, tiled: Tiled, into: bool) -> None:
    """W (units, inputs) into tiles, or out of them. What fills them up is 0 again: nets that diverge leave NaN."""
    if into:
        memory[tiled.at : tiled.at + tiled.rows * tiled.lanes] = 0
    for first in range(0, len(W), tile_lanes(shape)):
        out = tile(shape, memory, tiled, first)
        for start in range(0, W.shape[1], _STRIP):
            for k in range(min(out.shape[1], len(W) - first)):
                for d in range(start, min(start + _STRIP, W.shape[1])):
                    if into:
                        out[d, k] = W[first + k, d]
                    else:
                        W[first + k, d] = out[d, k]


@part
def transpose(shape: TileShape, memory: Array, tiled: Tiled, out: Tiled) -> None:
    """Rows become lanes and lanes rows: of W (inputs, units) what takes errors down, (units, inputs)."""
    for first in range(0, tiled.lanes, tile_lanes(shape)):
        old = tile(shape, memory, tiled, first)
        for second in range(0, out.lanes, tile_lanes(shape)):
            new = tile(shape, memory, out, second)[first : first + old.shape[1]]
            rows = old[second : second + new.shape[1]]
            for k in range(len(new)):
                row = new[k]
                for d in range(len(rows)):
                    row[d] = rows[d, k]


@part
def copy_lanes(
    shape: TileShape, memory: Array, source: Tiled, start: int, target: Tiled, to: int, count: int, n: int
) -> None:
    """``n`` rows of ``count`` lanes of one layer, from ``start`` on, into another's from ``to`` on."""
    lanes, done = tile_lanes(shape), 0
    while done < count:
        k, j = (start + done) % lanes, (to + done) % lanes
        old = tile(shape, memory, source, start + done - k)
        new = tile(shape, memory, target, to + done - j)
        more = min(count - done, lanes - k, lanes - j)
        for i in range(n):
            row, out = old[i, k : k + more], new[i, j : j + more]
            for v in range(more):
                out[v] = row[v]
        done += more


_STRIP = 16
"""Inputs of W that are copied at a time, so that what is read with a stride is still at hand for the next."""
