"""The cost: a loss, and a penalty."""

from __future__ import annotations

from collections.abc import Iterator

from support.random_programs.arrays import Arrays
from support.random_programs.lines import TextLine


def cost(arrays: Arrays) -> Iterator[TextLine]:
    names, Y = arrays.names, arrays.labels
    yield TextLine("", f"{names.n} = {names.X}.shape[{arrays.sample_axis}]")
    P = names.P
    match arrays.design.loss:
        case "softmax" if arrays.design.labels == "one-hot":
            yield TextLine("loss", f"J = -np.sum({Y} * np.log({P})) / {names.n}")
        case "softmax":
            yield TextLine("loss", f"J = -np.mean(np.log({arrays.of_label(P)}))")
        case "binary":
            yield TextLine("loss", f"J = -np.mean({Y} * np.log({P}) + (1 - {Y}) * np.log(1 - {P}))")
        case "hinge":
            yield from margins(arrays)
            yield TextLine("loss", f"J = np.sum(margins) / {names.n}")
        case _:
            yield TextLine("loss", f"J = 0.5 * np.sum(({P} - {Y}) ** 2) / {names.n}")
    if arrays.design.penalty != "none":
        yield TextLine("penalty", f"J = J + {_penalty_factor(arrays)} * {_squares(arrays)}")


def margins(arrays: Arrays) -> Iterator[TextLine]:
    P = arrays.names.P
    if arrays.design.labels == "one-hot":
        right = arrays.over_units(f"{arrays.names.Y} * {P}")
        yield TextLine("", f"margins = np.maximum(0, {P} - {right} + 1) * (1 - {arrays.names.Y})")
        return
    right = arrays.of_label(P) + ("[:, np.newaxis]" if arrays.design.rows else "")
    yield TextLine("", f"margins = np.maximum(0, {P} - {right} + 1)")
    yield TextLine("", f"{arrays.of_label('margins')} = 0")


def _penalty_factor(arrays: Arrays) -> str:
    kinds = {
        "full": arrays.lam,
        "half": f"0.5 * {arrays.lam}",
        "a sample": f"{arrays.lam} / (2 * {arrays.names.n})",
    }
    return kinds[arrays.design.penalty]


def slope_of_penalty(arrays: Arrays, W: str) -> str:
    factor = {"full": f"2 * {arrays.lam}", "half": arrays.lam, "a sample": f"{arrays.lam} / {arrays.names.n}"}
    return f" + {factor[arrays.design.penalty]} * {W}" if arrays.design.penalty != "none" else ""


def _squares(arrays: Arrays) -> str:
    W = arrays.names.W
    if not arrays.design.loops:
        every = [f"np.sum({arrays.parameter(W, layer)} ** 2)" for layer in range(arrays.design.depth)]
        return f"({' + '.join(every)})" if len(every) > 1 else every[0]
    match arrays.design.form:
        case "list of dictionaries":
            return f'sum(np.sum(layer["{W}"] ** 2) for layer in {arrays.names.net})'
        case "lists" | "object of lists":
            return f"sum(np.sum(w ** 2) for w in {'self.' * arrays.design.in_object}{W})"
    return f"sum(np.sum({arrays.parameter(W, 'i')} ** 2) for i in range({arrays.count}))"
