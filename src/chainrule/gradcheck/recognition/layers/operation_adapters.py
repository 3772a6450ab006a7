"""The adapter that checks an operation of an engine, as text, and what it assumes, in words."""

from __future__ import annotations

from dataclasses import dataclass

from chainrule.gradcheck.recognition.adapter import NAME
from chainrule.gradcheck.recognition.layers.engines import OwnEngine
from chainrule.gradcheck.recognition.layers.operations import Operation


@dataclass(frozen=True)
class OperationPlan:
    """How an operation is tried.

    Attributes:
        draws: the expression that draws the array of each operand.
        numpy: what NumPy is called.
        seeded: NumPy's draws are the same in each pass.
        constants: the operands of which no gradient is taken.
        missing: those whose gradient is None, which is taken for 0.
        alike: of what kind of operands the gradients agree, in words; empty where no kind was looked for.
    """

    engine: OwnEngine
    operation: Operation
    draws: tuple[str, ...]
    numpy: str
    seeded: bool = False
    constants: frozenset[str] = frozenset()
    missing: frozenset[str] = frozenset()
    alike: str = ""

    @property
    def names(self) -> list[str]:
        """What the arrays of its operands are called."""
        return ["a", "b"][: len(self.operation.shapes)]

    @property
    def labels(self) -> frozenset[str]:
        """Which of these are labels."""
        return frozenset(n for n, is_label in zip(self.names, self.operation.labels, strict=True) if is_label)

    @property
    def shapes(self) -> list[tuple[int, ...]]:
        """Those of its operands."""
        return operand_shapes(self.engine, self.operation)

    @property
    def outputs(self) -> dict[str, str]:
        """What is put out, by the numbers that it comes in the cost times; empty where it comes in by itself."""
        return {"R": "out", "R2": "again"} if self.engine.is_weighted else {}

    @property
    def forward(self) -> str:
        """The expressions that make the objects, and compute what is put out."""
        objects = [f"of_{name} := {self.engine.of(name)}" for name in self.names]
        seed = [f"{self.numpy}.random.seed(0)"] if self.seeded else []
        call = self.operation.text.format(*(f"of_{name}" for name in self.names))
        return ", ".join(
            [*objects, *seed, *(f"{output} := {call}" for output in self.outputs.values() or ["out"])]
        )

    @property
    def backward(self) -> str:
        """The expressions of the forward pass, and the call of the backward pass."""
        return f"{self.forward}, ({self.engine.joined}).{self.engine.backward.name}()"

    def value(self, output: str) -> str:
        """The expression of the array that is put out."""
        return f"{self.numpy}.asarray({output}.{self.engine.data})"

    def gradient(self, name: str) -> str:
        """The expression of the gradient of an operand."""
        found = f"{self.numpy}.asarray(of_{name}.{self.engine.grad})"
        return f"0 * {name} if {self.kept(name)} is None else {found}" if name in self.missing else found

    def kept(self, name: str) -> str:
        """The expression of what an operand keeps of its gradient."""
        return f"of_{name}.{self.engine.grad.partition('.')[0]}"

    def text(self) -> str:
        """The adapter."""
        outputs, numpy = self.outputs, self.numpy
        cost = " + ".join(f"{numpy}.vdot({w}, {self.value(output)})" for w, output in outputs.items())
        cost = cost or f"{numpy}.sum({self.value('out')})"
        parameters = [name for name in self.names if name not in self.constants]
        found = ", ".join(f"{name}={self.gradient(name)}" for name in parameters)
        arrays = [f"{n} = {numpy}.asarray({draw})" for n, draw in zip(self.names, self.draws, strict=True)]
        sizes = {w: f"{numpy}.shape([{self.forward}, {self.value(o)}][-1])" for w, o in outputs.items()}
        arrays += [f"{w} = {numpy}.asarray(rng.normal(size={size}))" for w, size in sizes.items()]
        data = [*(name for name in self.names if name in self.constants), *outputs]
        given = ", ".join([*parameters, *data])
        lines = [
            *([] if numpy != "np" else ["import numpy as np"]),
            *arrays,
            f"return dict(parameters=dict({', '.join(f'{n}={n}' for n in parameters)}),",
            f"            data=({''.join(f'{each}, ' for each in data).rstrip()}),",
            f"            cost=lambda {given}: [{self.forward}, {cost}][-1],",
            f"            gradient=lambda {given}: [{self.backward}, dict({found})][-1])",
        ]
        return "\n    ".join([f"def {NAME}(rng):", *lines])

    def notes(self) -> tuple[str, ...]:
        """What the adapter assumes."""
        arrays = ", ".join(f"{n} {shape}" for n, shape in zip(self.names, self.shapes, strict=True))
        cost = "the cost is the sum of its output"
        if self.engine.is_weighted:
            cost += " times R, drawn numbers, and of the same again times R2: gradients have to be added up"
        said = [
            f"assumed operation {self.operation.text.format('a', 'b')} of {self.engine.owner} with {arrays}",
            cost,
        ]
        said += [f"{name} is taken for a constant" for name in sorted(self.constants)]
        said += [self.alike] if self.alike else []
        if self.seeded:
            said.append("numpy.random.seed(0) comes before each forward pass, which draws random numbers")
        return tuple(said)


def operand_shapes(engine: OwnEngine, operation: Operation) -> list[tuple[int, ...]]:
    """The shapes of the operands of an operation."""
    return [() if engine.of_numbers else shape for shape in operation.shapes]
