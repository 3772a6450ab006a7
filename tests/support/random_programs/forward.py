"""The forward pass."""

from __future__ import annotations

from collections.abc import Iterator

from support.random_programs.activations import activated
from support.random_programs.arrays import Arrays, Index
from support.random_programs.lines import TextLine

EPS = "1e-5"


def forward(arrays: Arrays) -> Iterator[TextLine]:
    names, last = arrays.names, arrays.design.depth - 1
    if arrays.design.loops:
        yield TextLine("", f"{names.h}s = [{names.X}]")
        for kind in (names.s, *(("hat", "std") if arrays.design.batch_norm else ())):
            yield TextLine("", f"{kind}s = []")
        yield TextLine("", f"for i in range({arrays.count} - 1):")
        yield from _hidden(arrays, "i", 2)
    else:
        for layer in range(last):
            yield from _hidden(arrays, layer, 1)
    yield from _outputs(arrays, _affine(arrays, -1 if arrays.design.loops else last))


def _affine(arrays: Arrays, layer: Index) -> str:
    counted = layer == -1 and arrays.design.form in ("dictionary", "object with a dictionary")
    at = arrays.design.depth - 1 if counted else layer
    W, b = (arrays.parameter(name, at) for name in (arrays.names.W, arrays.names.b))
    return arrays.affine(W, arrays.entering(layer), b)


def _hidden(arrays: Arrays, layer: Index, indent: int) -> Iterator[TextLine]:
    names = arrays.names
    loops = arrays.design.loops
    s = names.s if loops else arrays.kept(names.s, layer)
    scores = _affine(arrays, layer)
    if arrays.design.batch_norm:
        gamma, beta = (arrays.parameter(name, layer) for name in (names.gamma, names.beta))
        hat, std = ("hat", "std") if loops else (arrays.kept("hat", layer), arrays.kept("std", layer))
        mean, var = (arrays.over_samples("z", kind) for kind in ("mean", "var"))
        yield TextLine("", f"z = {scores}", indent)
        yield TextLine("", f"{std} = np.sqrt({var} + {EPS})", indent)
        yield TextLine("", f"{hat} = (z - {mean}) / {std}", indent)
        yield TextLine("", f"{s} = {gamma} * {hat} + {beta}", indent)
    else:
        yield TextLine("", f"{s} = {scores}", indent)
    if loops:
        kinds = (names.s, *(("hat", "std") if arrays.design.batch_norm else ()))
        yield from (TextLine("", f"{kind}s.append({kind})", indent) for kind in kinds)
        yield TextLine("", f"{names.h}s.append({activated(arrays.design, s)})", indent)
    else:
        assert isinstance(layer, int)
        yield TextLine("", f"{arrays.entering(layer + 1)} = {activated(arrays.design, s)}", indent)


def _outputs(arrays: Arrays, scores: str) -> Iterator[TextLine]:
    P, over_units = arrays.names.P, arrays.over_units
    match arrays.design.loss:
        case "softmax":
            yield TextLine("", f"scores = {scores}")
            yield TextLine("", f"{P} = np.exp(scores - {over_units('scores', 'max')})")
            yield TextLine("", f"{P} = {P} / {over_units(P)}")
        case "binary" | "squared of sigmoid":
            yield TextLine("", f"{P} = sigmoid({scores})")
        case _:
            yield TextLine("", f"{P} = {scores}")
