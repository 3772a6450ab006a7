"""A design in words."""

from __future__ import annotations

from collections.abc import Iterator

from support.random_programs.activations import definitions
from support.random_programs.arrays import Arrays
from support.random_programs.backward import backward
from support.random_programs.costs import cost
from support.random_programs.design import Design
from support.random_programs.forward import forward
from support.random_programs.lines import TextLine, head


def written(design: Design) -> list[TextLine]:
    """The lines of a program."""
    return [TextLine("", "import numpy as np", 0), *definitions(design), *_Functions(design).lines()]


class _Functions:
    """The functions of one program, or the class that they are methods of."""

    def __init__(self, design: Design) -> None:
        self.design, self.names, self.arrays = design, design.names, Arrays(design)
        self.top = 1 if design.in_object else 0

    def lines(self) -> Iterator[TextLine]:
        if self.design.in_object:
            yield from head("class", self.names.owner, 0)
            yield from self._constructor()
        names = self.names
        if self.design.joint:
            yield from self._function(
                names.joint, [*forward(self.arrays), *cost(self.arrays), *backward(self.arrays, joint=True)]
            )
            return
        yield from self._function(
            names.forward, [*forward(self.arrays), TextLine("", f"return {self._passed_on()}")], data=names.X
        )
        yield from self._function(
            names.cost, [self._called_forward(), *cost(self.arrays), TextLine("", "return J")]
        )
        yield from self._function(
            names.gradient, [self._called_forward(), *backward(self.arrays, joint=False)]
        )

    def _function(self, name: str, body: list[TextLine], data: str = "") -> Iterator[TextLine]:
        taken = [data] if data else [self.names.X, self.names.Y]
        penalty = [] if data or self.design.penalty == "none" or self.design.in_object else [self.names.lam]
        arguments = ", ".join(
            [*(["self"] if self.design.in_object else []), *taken, *self._handed(), *penalty]
        )
        yield from head("def", name, self.top, arguments)
        yield from (line._replace(depth=line.depth + self.top) for line in body)

    def _handed(self) -> list[str]:
        """The parameters, as a function takes them."""
        match self.design.form:
            case "arguments":
                return [
                    f"{name}{layer + 1}"
                    for layer in range(self.design.depth)
                    for name in self.arrays.of_layer(layer)
                ]
            case "lists":
                return list(self.arrays.of_layer(0))
        return [] if self.design.in_object else [self.names.net]

    def _called_forward(self) -> TextLine:
        self_ = "self." if self.design.in_object else ""
        arguments = ", ".join([self.names.X, *self._handed()])
        return TextLine("", f"{self._passed_on()} = {self_}{self.names.forward}({arguments})")

    def _passed_on(self) -> str:
        """What a forward pass gives, by the names under which all others know it."""
        names, hidden = self.names, range(self.design.depth - 1)
        if self.design.loops:
            kept = [f"{names.s}s", f"{names.h}s", *(["hats", "stds"] if self.design.batch_norm else [])]
        else:
            kinds = [names.s, names.h, *(["hat", "std"] if self.design.batch_norm else [])]
            kept = [f"{kind}{layer + 1}" for layer in hidden for kind in kinds]
        return ", ".join([*kept, names.P])

    def _constructor(self) -> Iterator[TextLine]:
        names, depth, arrays = self.names, self.design.depth, self.arrays
        sizes = [
            names.sizes[0],
            *(f"{names.sizes[1]}{layer + 1 if depth > 2 else ''}" for layer in range(depth - 1)),
            names.sizes[2],
        ]
        penalty = [names.lam] if self.design.penalty != "none" else []
        yield TextLine("", f"def __init__({', '.join(['self', *sizes, *penalty])}):", 1)
        if penalty:
            yield TextLine("", f"self.{names.lam} = {names.lam}", 2)
        if self.design.form == "object with a dictionary":
            yield TextLine("", f"{arrays.net} = {{}}", 2)
        for layer in range(depth):
            for name in self.arrays.of_layer(layer):
                value = self._initial(name, sizes[layer], sizes[layer + 1])
                if self.design.form == "object of lists":
                    if not layer:
                        yield TextLine("", f"self.{name} = []", 2)
                    yield TextLine("", f"self.{name}.append({value})", 2)
                else:
                    yield TextLine("", f"{arrays.parameter(name, layer)} = {value}", 2)

    def _initial(self, name: str, fan_in: str, fan_out: str) -> str:
        if name == self.names.W:
            shape = f"{fan_in}, {fan_out}" if self.design.rows else f"{fan_out}, {fan_in}"
            return f"0.1 * np.random.randn({shape})"
        shape = (
            fan_out if self.design.flat_bias else f"(1, {fan_out})" if self.design.rows else f"({fan_out}, 1)"
        )
        return f"np.{'ones' if name == self.names.gamma else 'zeros'}({shape})"
