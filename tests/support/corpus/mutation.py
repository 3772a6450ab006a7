"""The corpus: right programs, wrong ones made from them by a change of text, and both loaded from real files.

A wrong program is data (:class:`Mutation`); its source is written to a file of its own, so that line numbers, inspect
and tracebacks work as they do for a student's file.
"""

from __future__ import annotations

import atexit
import importlib.util
import itertools
import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from support.corpus.nets import Net, Shape, draw

PROGRAMS = Path(__file__).parent / "programs"
_numbers = itertools.count()


@dataclass(frozen=True)
class Mutation:
    """A wrong program.

    Attributes:
        base: the right program that it is made from.
        causes: the names that are right for it; several only where they are the same function.
        edits: (old, new) texts; each old one stands in the base exactly once.
        lines: texts that stand in the wrong source exactly once each and end on the lines that may be named; empty:
            the lines of the new texts.
        single: one line is wrong, so that it can be asked for.
        needs: words of :attr:`gradcheck.nets.Shape.features`; on other shapes the bug does not show.
        tag: tells apart programs of one cause and base.
        gives: what is handed to the checker beside cost and gradient: "update", "numeric".
        where: what disagrees: the gradient, or only what is handed beside it, or nothing ("cost": a wrong cost whose
            gradient agrees with it; "state": a side effect; "derivation": right numbers that were not derived).
    """

    base: str
    causes: tuple[str, ...]
    edits: tuple[tuple[str, str], ...]
    lines: tuple[str, ...] = ()
    single: bool = True
    needs: tuple[str, ...] = ()
    tag: str = ""
    gives: tuple[str, ...] = ()
    where: str = "gradient"

    @property
    def name(self) -> str:
        return "/".join(filter(None, ("+".join(self.causes), self.base, self.tag)))

    def shows(self, shape: Shape) -> bool:
        """Whether the bug makes a difference on ``shape``."""
        return shape.features >= set(self.needs)

    @property
    def source(self) -> str:
        """The wrong source.

        Raises:
            ValueError: an old text does not stand in the base exactly once.
        """
        text = (PROGRAMS / f"{self.base}.py").read_text()
        for old, new in self.edits:
            if text.count(old) != 1:
                raise ValueError(
                    f"{self.name}: {old!r} stands {text.count(old)} times in {self.base}.py; give it once"
                )
            text = text.replace(old, new)
        return text

    @property
    def expected_lines(self) -> set[int]:
        """The numbers of the lines that may be named."""
        text = self.source
        wanted = self.lines or [line for _, new in self.edits for line in new.splitlines() if line.strip()]
        for piece in wanted:
            if text.count(piece) != 1:
                raise ValueError(
                    f"{self.name}: {piece!r} stands {text.count(piece)} times in the wrong source"
                )
        return {text[: text.index(piece) + len(piece.rstrip())].count("\n") + 1 for piece in wanted}


def wrong(cause: str, base: str, old: str, new: str, *further: tuple[str, str], at: str | tuple[str, ...] = (),
          needs: str = "", **options: Any) -> Mutation:  # fmt: skip
    """A mutation in few words: ``cause`` may name several, separated by spaces, and so may ``needs``."""
    lines = (at,) if isinstance(at, str) else at
    return Mutation(
        base, tuple(cause.split()), ((old, new), *further), lines, needs=tuple(needs.split()), **options
    )


_ONE_LAYER = (
    Shape("plain", d=7, hidden=(), K=4, N=9, l2=0.1),
    Shape("square", d=5, hidden=(), K=5, N=8, l2=0.03),
    Shape("no penalty", d=6, hidden=(), K=3, N=11, l2=0.0),
    Shape("wide", d=13, hidden=(), K=6, N=7, l2=1.0),
)
_TWO_LAYERS = (
    Shape("plain", d=7, hidden=(6,), K=4, N=9, l2=0.1),
    Shape("square", d=5, hidden=(5,), K=5, N=8, l2=0.03),
    Shape("no penalty", d=6, hidden=(8,), K=3, N=11, l2=0.0),
    Shape("level", d=9, hidden=(4,), K=4, N=7, l2=0.3),
)
_DEEP = (
    Shape("two layers", d=7, hidden=(6,), K=4, N=9, l2=0.1),
    Shape("three, batch norm", d=6, hidden=(8, 5), K=3, N=11, l2=0.0, batchnorm=True),
    Shape("three, square", d=5, hidden=(5, 5), K=5, N=8, l2=0.03, batchnorm=True),
    Shape("four, level", d=8, hidden=(4, 4, 4), K=4, N=10, l2=0.2),
)
_BOTH_LOSSES = (
    Shape("one layer", d=7, hidden=(), K=4, N=9, l2=0.1),
    Shape("two, hinge", d=6, hidden=(8,), K=3, N=11, l2=0.0, loss="hinge"),
    Shape("three, square", d=5, hidden=(5, 5), K=5, N=8, l2=0.03),
    Shape("four, hinge", d=8, hidden=(4, 4, 4), K=4, N=10, l2=0.2, loss="hinge"),
)
_THREE_LAYERS = (
    Shape("plain", d=7, hidden=(6, 8), K=4, N=9, l2=0.1),
    Shape("square", d=5, hidden=(5, 5), K=5, N=8, l2=0.03),
    Shape("no penalty", d=6, hidden=(8, 5), K=3, N=11, l2=0.0),
    Shape("level", d=9, hidden=(4, 4), K=4, N=7, l2=0.3),
)


def _with(shapes: tuple[Shape, ...], **changes: Any) -> tuple[Shape, ...]:
    return tuple(Shape(**vars(shape) | changes) for shape in shapes)


SHAPES: dict[str, tuple[Shape, ...]] = {
    "one_layer_columns": _ONE_LAYER,
    "two_layer_columns": _TWO_LAYERS,
    "rows_dict": _TWO_LAYERS,
    "k_layers_lists": _DEEP,
    "list_of_dicts": _BOTH_LOSSES,
    "net_object": _TWO_LAYERS,
    "hinge_loops": _with(_ONE_LAYER, loss="hinge"),
    "hinge_last_column": _with(_ONE_LAYER, loss="hinge"),
    "bn_rows": _DEEP,
    "bn_running": _with(_TWO_LAYERS, batchnorm=True),
    "global_lambda": _THREE_LAYERS,
    "unrolled_hinge": _with(_THREE_LAYERS, loss="hinge"),
    "tanh_lists": _with(_DEEP, batchnorm=False, activation="tanh"),
    "logistic_columns": _with(_TWO_LAYERS, K=2, loss="binary", activation="sigmoid"),
    "leaky_rows": _with(_TWO_LAYERS, loss="squared error", activation="leaky ReLU"),
}
"""The four shapes on which each right program, and each wrong one made from it, is run."""


@cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="gradcheck-corpus-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def load(source: str, stem: str) -> ModuleType:
    """A new module of ``source``, from a file of its own."""
    name = f"{stem}_{next(_numbers)}"
    path = _folder() / f"{name}.py"
    path.write_text(source)
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def build(base: str, net: Net, mutation: Mutation | None = None) -> dict[str, Any]:
    """``cost``, ``gradient``, ``parameters``, ``data`` and perhaps ``update`` and ``numeric`` of a program."""
    source = mutation.source if mutation else (PROGRAMS / f"{base}.py").read_text()
    return load(source, base).build(net)


def seeded(base: str, shape: Shape, seed: int) -> Net:
    """The net on which a program runs for one seed and one of its shapes."""
    return draw(np.random.default_rng([seed, *map(ord, base + shape.name)]), shape)
