"""What a program is: its net, and the style in which it is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

Form = Literal["arguments", "lists", "dictionary", "list of dictionaries", "object of arrays", "object of lists",
               "object with a dictionary"]  # fmt: skip
Loss = Literal["softmax", "hinge", "squared", "squared of sigmoid", "binary"]
Activation = Literal["relu", "leaky", "tanh", "sigmoid", "softplus"]
Penalty = Literal["none", "full", "half", "a sample"]
Labels = Literal["one-hot", "integers", "binary", "binary (N,)"]


@dataclass(frozen=True)
class Names:
    """What a program calls things; a layer's number is put behind the names of arrays.

    Attributes:
        joint: the function that gives cost and gradient together.
        d: what stands before a parameter's name in that of its gradient.
        g: the error on its way back.
        net: a dictionary or list of the parameters.
        sizes: the arguments of a constructor: units of inputs, hidden layers, outputs.
    """

    cost: str = "compute_cost"
    gradient: str = "compute_gradients"
    forward: str = "evaluate_classifier"
    joint: str = "compute_cost_and_gradients"
    X: str = "X"
    Y: str = "Y"
    W: str = "W"
    b: str = "b"
    gamma: str = "gamma"
    beta: str = "beta"
    lam: str = "lam"
    d: str = "grad_"
    s: str = "s"
    h: str = "h"
    P: str = "P"
    g: str = "G"
    n: str = "n"
    net: str = "params"
    owner: str = "Network"
    sizes: tuple[str, str, str] = ("input_size", "hidden_size", "output_size")


NAMES = (
    Names(),
    Names("ComputeCost", "ComputeGradients", "EvaluateClassifier", "ComputeCostAndGradients", lam="lambda_",
          net="NetParams", owner="Classifier", sizes=("d", "m", "K")),
    Names("loss", "gradient", "scores", "loss_and_grads", Y="y", lam="reg", d="d", g="dout", s="z", h="act", P="probs",
          n="N", owner="NeuralNet", sizes=("input_dim", "hidden_dim", "num_classes")),
    Names("cost_function", "backprop", "feedforward", "cost_and_backprop", Y="y", W="weights", b="biases", lam="lmbda",
          d="nabla_", g="delta", s="z", h="act", P="output", n="m", net="model", owner="MLP",
          sizes=("n_inputs", "n_hidden", "n_outputs")),
    Names("total_loss", "backward", "forward_pass", "loss_and_gradients", X="x", Y="targets", lam="l2", d="d_", g="err",
          s="pre", h="hidden", P="out", n="batch_size", net="net", owner="Net", sizes=("n_in", "n_hidden", "n_out")),
    Names("berakna_kostnad", "berakna_gradienter", "framat", "kostnad_och_gradienter", X="indata", Y="etiketter",
          W="vikter", b="bias", lam="lam", d="grad_", g="fel", s="summa", h="utdata", P="svar", n="antal",
          net="parametrar", owner="Nat", sizes=("n_in", "n_dolda", "n_ut")),
)  # fmt: skip


@dataclass(frozen=True)
class Design:
    """What is drawn.

    Attributes:
        depth: layers, 1 to 3.
        rows: samples are rows of X, and W is (in, out); else columns, and W is (out, in).
        flat_bias: where samples are rows, b is (K,), else (1, K).
        joint: one function gives cost and gradient.
        loops: layers are gone through in a loop; else they are written out.
        product: how a matrix product is written.
        by_output: the derivative of ReLU is taken of the layer's output, else of what went into it.
        widths: units of all layers, the inputs first; ``samples`` in a batch; both of the truth, not of the text.
    """

    depth: int
    loss: Loss
    labels: Labels
    activation: Activation
    penalty: Penalty
    batch_norm: bool
    form: Form
    rows: bool
    flat_bias: bool
    joint: bool
    loops: bool
    product: Literal["@", "np.dot", ".dot"]
    by_output: bool
    names: Names
    widths: tuple[int, ...]
    samples: int

    @property
    def in_object(self) -> bool:
        """Whether cost and gradient are methods."""
        return self.form.startswith("object")

    @property
    def words(self) -> str:
        """The design in a line."""
        parts = [
            f"{self.depth} layers", self.loss, f"labels {self.labels}", self.activation * (self.depth > 1),
            f"penalty {self.penalty}", "batch norm" * self.batch_norm, self.form, "rows" if self.rows else "columns",
            "cost and gradient in one" * self.joint, "in a loop" if self.loops else "written out", self.names.cost,
        ]  # fmt: skip
        return ", ".join(filter(None, parts))


def drawn(rng: np.random.Generator) -> Design:
    """A design."""

    def pick(*values: Any) -> Any:
        return values[rng.integers(len(values))]

    depth, loss = (
        int(rng.integers(1, 4)),
        pick("softmax", "softmax", "hinge", "squared", "squared of sigmoid", "binary"),
    )
    form = pick("arguments", "lists", "dictionary", "list of dictionaries", "object of arrays", "object of lists",
                "object with a dictionary")  # fmt: skip
    labels = {"binary": ("binary", "binary", "binary (N,)"), "softmax": ("one-hot", "integers"),
              "hinge": ("integers", "integers", "one-hot")}.get(loss, ("one-hot",))  # fmt: skip
    written_out = form in ("arguments", "object of arrays") or (depth == 1 and "list" not in form)
    of_lists = depth == 1 and not written_out
    rows = bool(rng.integers(2))
    widths = [int(size) for size in rng.permutation([3, 4, 5, 6])[: depth + 1]]
    if loss == "binary":
        widths[-1] = 1
    return Design(
        depth=depth, loss=loss, labels=pick(*labels),
        activation=pick("relu", "relu", "leaky", "tanh", "sigmoid", "softplus"),
        penalty=pick("none", "full", "full", "half", "a sample"),
        batch_norm=depth > 1 and rng.random() < 0.25, form=form, rows=rows, flat_bias=rows and rng.random() < 0.6,
        joint=rng.random() < 0.3, loops=of_lists or (not written_out and rng.random() < 0.7),
        product=pick("@", "np.dot", ".dot"),
        by_output=bool(rng.integers(2)), names=NAMES[rng.integers(len(NAMES))], widths=tuple(widths),
        samples=int(rng.integers(5, 9)),
    )  # fmt: skip
