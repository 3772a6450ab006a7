"""How a program writes products, sums and the places of its arrays."""

from __future__ import annotations

from typing import Literal

from support.random_programs.design import Design

Index = int | Literal["i", "i - 1"]
"""A layer: counted from 0, or as a loop counts it."""


class Arrays:
    """The expressions of a design: of W, of what goes into a layer, of a sum over samples."""

    def __init__(self, design: Design) -> None:
        self.design, self.names = design, design.names
        self.net = f"self.{self.names.net}" if design.in_object else self.names.net

    def parameter(self, name: str, layer: Index) -> str:
        """W, b, gamma or beta of a layer."""
        match self.design.form:
            case "arguments" | "object of arrays":
                return "self." * self.design.in_object + f"{name}{_counted(layer)}"
            case "lists" | "object of lists":
                return "self." * self.design.in_object + f"{name}[{layer}]"
            case "dictionary" | "object with a dictionary":
                return f"{self.net}{_key(name, layer)}"
        return f'{self.net}[{layer}]["{name}"]'

    def gradient(self, name: str, layer: Index) -> str:
        """Where the gradient of a parameter is put."""
        match self.design.form:
            case "arguments" | "object of arrays":
                return f"{self.names.d}{name}{_counted(layer)}"
            case "lists" | "object of lists":
                return f"{self.names.d}{name}[{layer}]"
            case "dictionary" | "object with a dictionary":
                return f"grads{_key(name, layer)}"
        return f'grads[{layer}]["{name}"]'

    def kept(self, name: str, layer: Index) -> str:
        """What a layer leaves for the way back: its scores, normalised scores, standard deviations."""
        return f"{name}s[{layer}]" if self.design.loops else f"{name}{_counted(layer)}"

    def entering(self, layer: Index) -> str:
        """What goes into a layer."""
        h = self.names.h
        return f"{h}s[{layer}]" if self.design.loops else self.names.X if layer == 0 else f"{h}{layer}"

    def product(self, a: str, b: str) -> str:
        """a b."""
        return {"@": f"{a} @ {b}", "np.dot": f"np.dot({a}, {b})", ".dot": f"{a}.dot({b})"}[
            self.design.product
        ]

    def affine(self, W: str, x: str, b: str) -> str:
        """The scores of a layer."""
        return f"{self.product(x, W) if self.design.rows else self.product(W, x)} + {b}"

    def of_weights(self, g: str, x: str) -> str:
        """dJ/dW of the error g of a layer's scores."""
        return self.product(f"{x}.T", g) if self.design.rows else self.product(g, f"{x}.T")

    def back(self, W: str, g: str) -> str:
        """The error of what went into a layer."""
        return self.product(g, f"{W}.T") if self.design.rows else self.product(f"{W}.T", g)

    def over_samples(self, what: str, function: str = "sum") -> str:
        """A sum or mean over samples, of the shape of a bias."""
        kept = "" if self.design.flat_bias else ", keepdims=True"
        return f"np.{function}({what}, axis={self.sample_axis}{kept})"

    def over_units(self, what: str, function: str = "sum") -> str:
        """A sum or maximum over units, which stays an axis."""
        return f"np.{function}({what}, axis={1 - self.sample_axis}, keepdims=True)"

    @property
    def count(self) -> str:
        """How many layers there are, in a loop."""
        match self.design.form:
            case "lists":
                return f"len({self.names.W})"
            case "object of lists":
                return f"len(self.{self.names.W})"
            case "list of dictionaries":
                return f"len({self.names.net})"
        return str(self.design.depth) if self.design.batch_norm else f"len({self.net}) // 2"

    def of_layer(self, layer: int) -> tuple[str, ...]:
        """The names of the parameters of a layer."""
        names, hidden = self.names, layer < self.design.depth - 1
        return (names.W, names.b, *((names.gamma, names.beta) if self.design.batch_norm and hidden else ()))

    @property
    def lam(self) -> str:
        """l2."""
        return "self." * self.design.in_object + self.names.lam

    @property
    def sample_axis(self) -> int:
        """Of X."""
        return 0 if self.design.rows else 1

    @property
    def labels(self) -> str:
        """The labels, of the outputs' shape where they are one-hot or binary."""
        if self.design.labels != "binary (N,)":
            return self.names.Y
        return f"{self.names.Y}.reshape({'-1, 1' if self.design.rows else '1, -1'})"

    def of_label(self, what: str) -> str:
        """The entries of an array at the integer labels, (N,)."""
        samples = f"np.arange({self.names.n})"
        return (
            f"{what}[{samples}, {self.names.Y}]" if self.design.rows else f"{what}[{self.names.Y}, {samples}]"
        )


def _counted(layer: Index) -> str:
    assert isinstance(layer, int), "layers that have names of their own are written out"
    return str(layer + 1)


def _key(name: str, layer: Index) -> str:
    if isinstance(layer, int):
        return f'["{name}{layer + 1}"]'
    return f'["{name}" + str({"i" if layer == "i - 1" else "i + 1"})]'
