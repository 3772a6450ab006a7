"""Lines of backward passes that no adapter of a file runs: what they do is not checked, whatever is right beside."""

from __future__ import annotations

import ast
import contextlib
import linecache
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from types import CodeType
from typing import Any

import numpy as np

from chainrule.gradcheck.program.source import tree_of
from chainrule.gradcheck.recognition.layers.reading import LayerReading
from chainrule.gradcheck.recognition.layers.runs import LinesRun, lines_of_backward


def with_unrun(
    readings: Sequence[LayerReading],
    namespace: dict[str, Any],
    seed: int,
    handed: Iterable[Collection[str]] = (),
) -> list[LayerReading]:
    """The same layers, each with the lines of its backward pass that none of them runs, however it is set, and the
    functions that the file hands it in the place of one that runs.

    Args:
        readings: all layers of a file.
        namespace: the module's own.
        seed: of what adapters draw.
        handed: what the file hands to the same argument, by name.
    """
    every = [[reading.text, *(variant.text for variant in reading.variants)] for reading in readings]
    backward = [lines_of_backward(filter(None, texts), namespace, seed) for texts in every]
    everywhere: dict[CodeType, set[int]] = defaultdict(set)
    for lines in backward:
        for code, run in lines.items():
            everywhere[code] |= run
    alike = [[(name, _code(namespace, name)) for name in names] for names in handed]
    # What is refused itself is named already.
    refused = {f.shown for r in readings if not r.text for f in r.functions}
    backward = [{code: run for code, run in lines.items() if not _is_of(code, refused)} for lines in backward]
    told = [[*_told(lines, everywhere, namespace), *_others(lines, everywhere, alike)] for lines in backward]
    return [r._replace(unchecked=(*r.unchecked, *words)) for r, words in zip(readings, told, strict=True)]


def unrun_lines(texts: Sequence[str], namespace: dict[str, Any], seed: int) -> list[str]:
    """The lines of a backward pass that none of its adapters runs, in words."""
    lines = lines_of_backward(texts, namespace, seed)
    return _told(lines, lines, namespace)


def _told(backward: LinesRun, everywhere: LinesRun, namespace: Mapping[str, Any]) -> list[str]:
    """The lines that are run nowhere, in words: those that follow one another together."""
    groups: list[range] = []
    for code in backward:
        missing = {n for _, _, n in code.co_lines() if n and n > code.co_firstlineno} - everywhere[code]
        for line in sorted(missing - _idle(code.co_filename, namespace) if missing else ()):
            if groups and line == groups[-1].stop:
                groups[-1] = range(groups[-1].start, line + 1)
            else:
                groups.append(range(line, line + 1))
    return [f"line {g.start}" if len(g) == 1 else f"lines {g.start}-{g[-1]}" for g in groups]


def _is_of(code: CodeType, functions: Collection[str]) -> bool:
    """Whether code is that of one of some functions, or of what they define."""
    return any(code.co_qualname.startswith(f"{name}.<locals>") for name in functions)


def _others(
    backward: LinesRun, everywhere: LinesRun, alike: Sequence[Sequence[tuple[str, CodeType | None]]]
) -> list[str]:
    """The functions that are handed in the place of one that a backward pass runs, and run nowhere."""
    names = (
        name
        for functions in alike
        if any(code in backward for _, code in functions)
        for name, code in functions
        if code is not None and code not in everywhere
    )
    return list(dict.fromkeys(names))


def _code(namespace: dict[str, Any], name: str) -> CodeType | None:
    """That of a function of the file; None of anything else."""
    return getattr(namespace.get(name), "__code__", None)


def _idle(file: str, namespace: Mapping[str, Any]) -> frozenset[int]:
    """The lines of a file on which nothing is computed: what raises, prints or leaves, and what NumPy lacks, as where
    it may be CuPy."""
    tree = tree_of("".join(linecache.getlines(file)))
    statements = (node for node in ast.walk(tree or ast.Module([], [])) if isinstance(node, ast.stmt))
    nodes = [node for node in statements if _is_idle(node) or _is_lacking(node, namespace)]
    return frozenset(line for n in nodes for line in range(n.lineno, (n.end_lineno or n.lineno) + 1))


def _is_lacking(node: ast.stmt, namespace: Mapping[str, Any]) -> bool:
    """Whether a statement that calls a function begins with one that NumPy does not have: ``np.scatter_add``."""
    match node:
        case (
            ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=module), attr=name)))
            | ast.Assign(value=ast.Call(func=ast.Attribute(value=ast.Name(id=module), attr=name)))
        ):
            with contextlib.suppress(KeyError, NameError):
                # What another file names is bound when it is asked for.
                return namespace[module] is np and not hasattr(np, name)
    return False


def _is_idle(node: ast.stmt) -> bool:
    match node:
        case (
            ast.Raise()
            | ast.Assert()
            | ast.Pass()
            | ast.Continue()
            | ast.Break()
            | ast.Import()
            | ast.ImportFrom()
        ):
            return True
        case ast.Return(value=None | ast.Constant()):
            return True
        case ast.Expr(value=ast.Call(func=ast.Name(id="print" | "exit" | "quit")) | ast.Constant()):
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id="sys"), attr="exit"))):
            return True
    return False
