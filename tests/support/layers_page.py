"""docs/layers.md, made of the programs beside it: what each says of its kind of layer, the program, and what is said of
it when it is checked."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

from chainrule.gradcheck.catalogue import BUGS

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "layers"
PAGE = ROOT / "docs" / "layers.md"

KINDS = (
    "affine", "gelu", "batch_norm", "layer_norm", "group_norm", "rms_norm", "spatial_batch_norm", "dropout",
    "convolution", "pooling", "embedding", "rnn", "lstm", "gru", "attention", "softmax", "softmax_loss",
    "negative_sampling", "whole_net", "gpt_block",
)  # fmt: skip
"""The programs, in the order of the page."""

COMMAND = "python benchmarks/gradcheck/layers_page.py"
"""What writes the page."""

_INTRODUCTION = f"""\
# Layers, and what is said of wrong ones

For each kind of layer: what usually goes wrong with its way back, a program in which it does, and the answer. Nothing
is declared in these programs; functions and classes are found by their names and shapes, and the way forward is the
measure of the way back. The programs lie in `docs/layers`, and every answer is what the command printed. The names of
mistakes are explained in [bugs.md](bugs.md), and how they are found in [check.md](check.md#how-it-is-done).

This page is made of the programs: `{COMMAND}`.
"""


def page() -> str:
    """The whole page."""
    contents = "\n".join(f"- [{_title(name)}](#{_anchor(_title(name))})" for name in KINDS)
    return "\n".join([_INTRODUCTION, contents, "", *map(section, KINDS)])


def section(name: str) -> str:
    """What the page shows of one program."""
    return f"{shown_before_the_answer(name)}\n{answer(name)}\n```\n"


def shown_before_the_answer(name: str) -> str:
    """What a program says of its kind, the program, and the command."""
    title, *prose = (ast.get_docstring(ast.parse(_source(name))) or "").split("\n")
    return "\n".join(
        [
            f"## {title}", *map(_linked, prose), "", "```python", code(name), "```", "",
            "```", f"$ chainrule check docs/layers/{name}.py",
        ]
    )  # fmt: skip


def code(name: str) -> str:
    """A program without what is said of it."""
    source = _source(name)
    end = ast.parse(source).body[0].end_lineno or 0
    return "\n".join(source.split("\n")[end:]).strip()


def answer(name: str) -> str:
    """What the command prints."""
    command = [sys.executable, "-m", "chainrule", "check", f"docs/layers/{name}.py", "--time", "120"]
    process = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    return process.stdout.strip()


def diagnosis(shown: str) -> str:
    """The part of an answer that is the same on every machine: numbers are rounded otherwise on another."""
    return shown.split("\nparameter")[0]


def _source(name: str) -> str:
    return (FOLDER / f"{name}.py").read_text()


def _title(name: str) -> str:
    return (ast.get_docstring(ast.parse(_source(name))) or "").split("\n")[0]


def _anchor(title: str) -> str:
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


def _linked(line: str) -> str:
    """A line whose names of bugs lead to where they are explained."""
    return re.sub(r"`([a-z-]+)`", lambda m: f"[{m[1]}](bugs.md#{m[1]})" if m[1] in BUGS else m[0], line)
