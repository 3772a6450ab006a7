"""Gradients that cannot be computed, whatever they are given: they read a name that nothing in the file gives a
value."""

from __future__ import annotations

import ast
import linecache
from collections.abc import Iterator, Mapping
from types import CodeType, FunctionType
from typing import Any, NamedTuple

from chainrule.gradcheck.program.interface import SourceLine
from chainrule.gradcheck.program.needed_names import names_of_module, needed_names
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.program.source import tree_of
from chainrule.gradcheck.recognition.layers.runs import code_of


class UndefinedName(NamedTuple):
    """A name that nothing gives a value, and the line on which a function reads it first."""

    name: str
    line: SourceLine


def undefined_name(function: Function | None, namespace: dict[str, Any]) -> UndefinedName | None:
    """The first such name that a function reads whatever it is given; None where it reads none. What other functions
    read as well, the file lacks, and not the gradient: it may be meant to be put into another.

    Args:
        function: of the file.
        namespace: the module's own; what of it could not run may give any name a value.
    """
    code = code_of(function, namespace) if function is not None and function.maker is None else None
    node = _definition(code) if code is not None else None
    if code is None or node is None:
        return None
    own = names_of_module(code)
    others = {name for other in _codes(namespace) if other is not code for name in names_of_module(other)}
    for name, line in needed_names(node).items():
        if name in own - others and not _is_known(name, namespace):
            text = linecache.getline(code.co_filename, line).rstrip()
            return UndefinedName(name, SourceLine(code.co_filename, line, text))
    return None


def _codes(namespace: Mapping[str, Any]) -> Iterator[CodeType]:
    """The code of all functions of a module, and of the methods of its classes."""
    found = [*namespace.values()]
    found += [inner for each in found if isinstance(each, type) for inner in vars(each).values()]
    functions = (getattr(each, "__func__", each) for each in found)
    yield from (each.__code__ for each in functions if isinstance(each, FunctionType))


def _definition(code: CodeType) -> ast.FunctionDef | None:
    """What a function of a file is compiled from."""
    tree = tree_of("".join(linecache.getlines(code.co_filename)))
    nodes = (node for node in ast.walk(tree or ast.Module([], [])) if isinstance(node, ast.FunctionDef))
    first = code.co_firstlineno
    return next(
        (n for n in nodes if n.name == code.co_name and n.lineno == first and not n.decorator_list), None
    )


def _is_known(name: str, namespace: dict[str, Any]) -> bool:
    """Whether something gives a name a value, or may do so had it run."""
    try:
        namespace[name]
    except KeyError:
        return False
    except NameError:
        return True
    return True
