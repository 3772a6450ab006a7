"""The way back, derived by hand."""

from __future__ import annotations

from collections.abc import Iterator

from support.random_programs.activations import slope
from support.random_programs.arrays import Arrays, Index
from support.random_programs.costs import margins, slope_of_penalty
from support.random_programs.lines import TextLine


def backward(arrays: Arrays, *, joint: bool) -> Iterator[TextLine]:
    design, names = arrays.design, arrays.names
    if not joint:
        yield TextLine("", f"{names.n} = {names.X}.shape[{arrays.sample_axis}]")
    yield from _error(arrays, joint=joint)
    yield from _empty(arrays)
    if design.loops:
        yield TextLine("", f"for i in reversed(range({arrays.count})):")
        yield from _of_parameters(arrays, "i", 2)
        yield TextLine("", "if i > 0:", 2)
        yield from _further(arrays, "i", "i - 1", 3)
    else:
        for layer in reversed(range(design.depth)):
            yield from _of_parameters(arrays, layer, 1)
            if layer:
                yield from _further(arrays, layer, layer - 1, 1)
    yield TextLine("", f"return {'J, ' if joint else ''}{_returned(arrays)}")


def _error(arrays: Arrays, *, joint: bool) -> Iterator[TextLine]:
    names, Y = arrays.names, arrays.labels
    g, P = names.g, names.P
    match arrays.design.loss:
        case "softmax" if arrays.design.labels == "integers":
            yield TextLine("", f"{g} = {P}.copy()")
            yield TextLine("error", f"{arrays.of_label(g)} -= 1")
        case "hinge":
            if not joint:
                yield from margins(arrays)
            yield TextLine("hinge", f"{g} = (margins > 0) * 1.0")
            if arrays.design.labels == "one-hot":
                yield TextLine("correct class", f"{g} = {g} - {names.Y} * {arrays.over_units(g)}")
            else:
                yield TextLine(
                    "correct class", f"{arrays.of_label(g)} = -np.sum({g}, axis={1 - arrays.sample_axis})"
                )
        case "squared of sigmoid":
            yield TextLine("error", f"{g} = ({P} - {Y}) * {P} * (1 - {P})")
        case _:
            yield TextLine("error", f"{g} = {P} - {Y}")
    yield TextLine("mean", f"{g} = {g} / {names.n}")


def _empty(arrays: Arrays) -> Iterator[TextLine]:
    """What the gradients are put into."""
    match arrays.design.form:
        case "lists" | "object of lists":
            of = "self." * arrays.design.in_object
            for name in arrays.of_layer(0):
                yield TextLine("", f"{arrays.names.d}{name} = [None] * len({of}{name})")
        case "dictionary" | "object with a dictionary":
            yield TextLine("", "grads = {}")
        case "list of dictionaries":
            yield TextLine("", f"grads = [{{}} for _ in {arrays.names.net}]")


def _of_parameters(arrays: Arrays, layer: Index, indent: int) -> Iterator[TextLine]:
    names = arrays.names
    W, x = arrays.parameter(names.W, layer), arrays.entering(layer)
    of_penalty = slope_of_penalty(arrays, W)
    yield TextLine(
        "dW", f"{arrays.gradient(names.W, layer)} = {arrays.of_weights(names.g, x)}{of_penalty}", indent
    )
    yield TextLine("db", f"{arrays.gradient(names.b, layer)} = {arrays.over_samples(names.g)}", indent)


def _further(arrays: Arrays, layer: Index, below: Index, indent: int) -> Iterator[TextLine]:
    """The error on its way through the weights of a layer, and the hidden layer below it."""
    names, g = arrays.names, arrays.names.g
    s, hat, std = (arrays.kept(kind, below) for kind in (names.s, "hat", "std"))
    yield TextLine("back", f"{g} = {arrays.back(arrays.parameter(names.W, layer), g)}", indent)
    yield TextLine("slope", f"{g} = {g} * {slope(arrays.design, s, arrays.entering(layer))}", indent)
    if arrays.design.batch_norm:
        gamma, dgamma = arrays.parameter(names.gamma, below), arrays.gradient(names.gamma, below)
        mean, with_hat = arrays.over_samples(g, "mean"), arrays.over_samples(f"{g} * {hat}", "mean")
        yield TextLine("dgamma", f"{dgamma} = {arrays.over_samples(f'{g} * {hat}')}", indent)
        yield TextLine("dbeta", f"{arrays.gradient(names.beta, below)} = {arrays.over_samples(g)}", indent)
        yield TextLine("gamma", f"{g} = {g} * {gamma}", indent)
        yield TextLine("batch norm", f"{g} = ({g} - {mean} - {hat} * {with_hat}) / {std}", indent)


def _returned(arrays: Arrays) -> str:
    match arrays.design.form:
        case "arguments" | "object of arrays":
            layers = range(arrays.design.depth)
            return ", ".join(
                arrays.gradient(name, layer) for layer in layers for name in arrays.of_layer(layer)
            )
        case "lists" | "object of lists":
            return ", ".join(f"{arrays.names.d}{name}" for name in arrays.of_layer(0))
    return "grads"
