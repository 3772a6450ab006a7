"""Pages of docs about the layers and losses of our own nets, made of their modules: derivation, code, usual bugs."""

from __future__ import annotations

import ast
import inspect
import re
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from chainrule.gradcheck.catalogue import BUGS, batchnorm, bias, penalty
from chainrule.nn import affine
from chainrule.nn import batchnorm as batch_norm
from chainrule.nn import penalty as l2_penalty
from chainrule.nn.activations import gelu, gelu_tanh, leaky_relu, relu, sigmoid, silu, tanh
from chainrule.nn.losses import binary_cross_entropy, cross_entropy, hinge, squared_error

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "derivations"
COMMAND = "python benchmarks/gradcheck/derivation_pages.py"

_SHOWN = ("forward", "backward", "backward_input")
_ROLE = re.compile(r":\w+:`([^`]+)`")


@dataclass(frozen=True)
class DerivationPage:
    """A page: its name, its title, the module that it is made of, and the names of usual bugs."""

    name: str
    title: str
    module: ModuleType
    bugs: tuple[str, ...]

    @property
    def path(self) -> Path:
        """Where it lies."""
        return FOLDER / f"{self.name}.md"

    def text(self) -> str:
        """The whole page."""
        source = inspect.getsource(self.module)
        tree = ast.parse(source)
        functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name in _SHOWN]
        file = Path(inspect.getsourcefile(self.module) or "").relative_to(ROOT).as_posix()
        bugs = [f"- [{name}](../bugs.md#{name}): {BUGS[name].what.rstrip('.')}." for name in self.bugs]
        parts = [
            f"# {self.title}",
            _prose(ast.get_docstring(tree) or ""),
            "## The code",
            f"From `{file}`. The first axis P is that of the nets that are trained together, one net is P = 1. Its "
            "gradients are compared with numeric ones, entry by entry, by `chainrule selfcheck` and in the tests.",
            *(f"```python\n{_without_docstring(source, node)}\n```" for node in functions),
            "## Usual bugs",
            "Found by `chainrule check FILE` in programs of any style:",
            "\n".join(bugs),
            f"Made of the module and the catalogue of bugs: `{COMMAND}`.",
        ]
        return "\n\n".join(parts) + "\n"


def _prose(docstring: str) -> str:
    return _ROLE.sub(r"`\1`", docstring).strip()


def _without_docstring(source: str, node: ast.FunctionDef) -> str:
    first = node.body[0]
    lines = source.split("\n")
    kept = [*lines[node.lineno - 1 : first.lineno - 1], *lines[first.end_lineno : node.end_lineno]]
    return "\n".join(kept)


def _of(family: ModuleType) -> tuple[str, ...]:
    return tuple(name for name, bug in BUGS.items() if bug in vars(family).values())


_OF_SMOOTH = ("activation-derivative-missing", "activation-derivative-wrong")

PAGES = (
    DerivationPage(
        "affine", "The affine layer", affine,
        (*_of(bias), "transposed", "wrong-layer-input", "lost-upstream", "weights-not-transposed", "stale-weights"),
    ),
    DerivationPage(
        "relu", "ReLU", relu, ("relu-mask-missing", "relu-mask-wrong", "leaky-slope-mismatch", "bias-dropped")
    ),
    DerivationPage(
        "leaky_relu", "Leaky ReLU", leaky_relu, ("leaky-slope-mismatch", "relu-mask-wrong", "relu-mask-missing")
    ),
    DerivationPage("tanh", "The hyperbolic tangent", tanh, _OF_SMOOTH),
    DerivationPage("sigmoid", "The sigmoid", sigmoid, ("extra-sigmoid-derivative", *_OF_SMOOTH)),
    DerivationPage("silu", "SiLU", silu, _OF_SMOOTH),
    DerivationPage("gelu", "GELU", gelu, _OF_SMOOTH),
    DerivationPage("gelu_tanh", "GELU by a tanh", gelu_tanh, _OF_SMOOTH),
    DerivationPage("batch_norm", "Batch norm", batch_norm, _of(batchnorm)),
    DerivationPage(
        "cross_entropy", "Softmax and cross-entropy", cross_entropy,
        (
            "missing-batch-mean", "double-batch-mean", "hard-wired-batch-size", "wrong-sign", "missing-one-hot",
            "label-as-index", "softmax-wrong-axis", "scores-clipped", "wrong-log-base",
        ),
    ),
    DerivationPage(
        "hinge", "The hinge loss", hinge,
        ("hinge-correct-class", "hinge-on-probabilities", "missing-batch-mean", "double-batch-mean"),
    ),
    DerivationPage(
        "squared_error", "Squared error", squared_error,
        ("wrong-sign", "wrong-factor", "missing-batch-mean", "double-batch-mean", "extra-sigmoid-derivative"),
    ),
    DerivationPage(
        "binary_cross_entropy", "Binary cross-entropy", binary_cross_entropy,
        ("wrong-sign", "missing-batch-mean", "double-batch-mean", "extra-sigmoid-derivative"),
    ),
    DerivationPage("penalty", "The l2 penalty", l2_penalty, _of(penalty)),
)  # fmt: skip
"""Every page."""
