"""Activations: as functions of a program, as they are called, and their derivatives."""

from __future__ import annotations

from collections.abc import Iterator

from support.random_programs.design import Design
from support.random_programs.lines import TextLine, head


def definitions(design: Design) -> Iterator[TextLine]:
    function = {"leaky": ("leaky_relu", "np.where(x > 0, x, 0.01 * x)"), "sigmoid": ("sigmoid", "1 / (1 + np.exp(-x))"),
                "softplus": ("softplus", "np.log(1 + np.exp(x))")}  # fmt: skip
    needed = [design.activation] if design.depth > 1 or design.loops else []
    if design.loss in ("binary", "squared of sigmoid") or "softplus" in needed:
        needed.append("sigmoid")
    for name, body in (function[kind] for kind in dict.fromkeys(needed) if kind in function):
        yield from head("def", name, 0, "x")
        yield TextLine("", f"return {body}")


def activated(design: Design, s: str) -> str:
    kind = {"relu": f"np.maximum({s}, 0)", "tanh": f"np.tanh({s})", "leaky": f"leaky_relu({s})"}
    return kind.get(design.activation, f"{design.activation}({s})")


def slope(design: Design, s: str, h: str) -> str:
    """The activation's derivative."""
    seen = h if design.by_output else s
    return {"relu": f"({seen} > 0)", "leaky": f"np.where({seen} > 0, 1, 0.01)", "tanh": f"(1 - {h} ** 2)",
            "sigmoid": f"{h} * (1 - {h})", "softplus": f"sigmoid({s})"}[design.activation]  # fmt: skip
