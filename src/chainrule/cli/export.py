"""``chainrule export``: a net for other runtimes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from chainrule.cli.predict import NetFile
from chainrule.nets.file import load
from chainrule.nets.onnx import to_onnx


def export(
    net: NetFile,
    onnx: Annotated[Path, typer.Option("--onnx", metavar="FILE", help="Where the graph goes.")],
) -> None:
    """Write a net as a graph for ONNX runtimes, what makes numbers of its columns included."""
    onnx = onnx.expanduser()
    to_onnx(load(net), onnx)
    typer.echo(f"graph: {onnx}")
