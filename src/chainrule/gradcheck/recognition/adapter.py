"""The adapter by which a file says how it is to be checked: one function of at most five lines.

    def chainrule_check(rng):
        X, y = rng.normal(size=(7, 6)), rng.integers(3, size=7)
        W, b = rng.normal(size=(6, 3)), rng.normal(size=3)
        return dict(cost=compute_cost, gradient=compute_gradients, parameters=(W, b), data=(X, y, 0.1))

``rng`` is a NumPy generator. ``cost`` and ``gradient`` are called with the parameters and then the data; ``update``
and ``numeric`` may be given as well. In place of the gradient there may be a ``step``: a function that changes the
parameters, or gives new ones, as an update with a learning rate of 1 does.
"""

from __future__ import annotations

import inspect
import io
import json
import linecache
import re
import tokenize
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from types import CodeType
from typing import Any

import numpy as np
from numpy.random import default_rng

from chainrule.errors import CheckError, suggestion
from chainrule.gradcheck.program.drawn_files import made
from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.program.source import ADAPTER
from chainrule.gradcheck.recognition.recognised import Recognised
from chainrule.inputs import parsed_json

NAME = "chainrule_check"
_REQUIRED = ("cost", "gradient", "parameters")
_OPTIONAL = ("data", "update", "numeric", "step")
_FUNCTIONS = ("cost", "gradient", "update", "numeric", "step")


def declared_program(adapter: Callable[..., Any], rng: np.random.Generator) -> LocalProgram:
    """What an adapter declares.

    Raises:
        CheckError: it gives no dictionary, or one with other keys, or what it gives cannot be checked.
    """
    if not callable(adapter):
        raise CheckError(f"{NAME}: is {type(adapter).__name__}; write a function: def {NAME}(rng): ...")
    try:
        inspect.signature(adapter).bind(rng)
    except (TypeError, ValueError) as error:
        raise CheckError(
            f"{NAME}: {error}; it takes one argument, a NumPy generator: def {NAME}(rng):"
        ) from None
    given = adapter(rng)
    if not isinstance(given, dict):
        wanted = ", ".join(f"{key}=..." for key in _REQUIRED)
        raise CheckError(f"{NAME}: returns {type(given).__name__}; return dict({wanted})")
    functions = _validated(given)
    if "step" in functions:
        return LocalProgram(gradient=functions.pop("step"), by_update=True, **functions)
    return LocalProgram(**functions)


def declared(text: str, namespace: dict[str, Any], rng: np.random.Generator) -> LocalProgram:
    """What an adapter given as text declares, in the module whose names it uses."""
    declaring: dict[str, Any] = {}
    linecache.cache[ADAPTER] = len(text), None, text.splitlines(keepends=True), ADAPTER
    exec(_compiled(text), namespace, declaring)
    beginning = rng.bit_generator.state

    def program() -> LocalProgram:
        rng.bit_generator.state = beginning
        return declared_program(declaring[NAME], rng)

    return made(program, namespace)


@lru_cache(maxsize=64)
def _compiled(text: str) -> CodeType:
    """Whoever tries an adapter asks for it several times."""
    return compile(text, ADAPTER, "exec")


def attributes_made(text: str, namespace: dict[str, Any], rng: np.random.Generator) -> dict[str, Any]:
    """What an object holds as an expression makes it, in the module whose names it uses."""
    declaring: dict[str, Any] = {}
    exec(f"def make(rng):\n    return {text}", namespace, declaring)
    return dict(vars(made(lambda: declaring["make"](rng), namespace)))


def chosen_program(
    chosen: Recognised, variant: int | None, namespace: dict[str, Any], seed: int
) -> LocalProgram:
    """The program of a gradient that was recognised in a module; one of its variants, if its place is given."""
    if chosen.declared:
        return declared_program(namespace[chosen.declared], default_rng(seed))
    text = chosen.text if variant is None else chosen.variants[variant].text
    return declared(text, namespace, default_rng(seed))


def named_apart(adapters: Sequence[tuple[str, str]]) -> list[str]:
    """Adapters, each with the gradient that it is of, as texts under names that say which it is; one alone under its
    usual name.

    >>> texts = named_apart([("def chainrule_check(rng): ...", f"conv (pad={pad})") for pad in (1, -1)])
    >>> [text.partition("(")[0] for text in texts]
    ['def chainrule_check_conv_pad_1', 'def chainrule_check_conv_pad_1_2']
    """
    if len(adapters) == 1:
        return [adapters[0][0]]
    own: list[str] = []
    for _, gradient in adapters:
        name = "_".join([NAME, *re.findall(r"\w+", gradient)])
        numbered = (f"{name}_{number}" for number in range(2, len(adapters) + 1))
        own.append(next(each for each in (name, *numbered) if each not in own))
    pairs = zip(adapters, own, strict=True)
    return [text.replace(f"def {NAME}(", f"def {name}(", 1) for (text, _), name in pairs]


def names(defined: Iterable[str]) -> list[str]:
    """The adapters among the names that a file defines: ``chainrule_check``, and any whose name goes on after it."""
    return [name for name in defined if name == NAME or name.startswith(f"{NAME}_")]


def declared_gradients(defined: Iterable[str]) -> list[Recognised]:
    """The gradients for which a file declares adapters; each is called as its adapter's name goes on."""
    return [Recognised.by_own_adapter(name, name[len(NAME) + 1 :]) for name in names(defined)]


def _validated(given: Mapping[Any, Any]) -> dict[str, Any]:
    problems = [
        f"{NAME}: returns unknown key {key!r:.60}; {suggestion(str(key), (*_REQUIRED, *_OPTIONAL))}"
        for key in given
        if key not in (*_REQUIRED, *_OPTIONAL)
    ]
    wanted = [key for key in _REQUIRED if key != "gradient" or "step" not in given]
    problems += [
        f"{NAME}: returns no {key!r}; add {key}=... to its dict" for key in wanted if key not in given
    ]
    if "gradient" in given and "step" in given:
        problems.append(f"{NAME}: returns a 'gradient' and a 'step'; leave one of them out")
    problems += [
        f"{NAME}: {key!r} is {type(given[key]).__name__}; give the function itself"
        for key in _FUNCTIONS
        if given.get(key) is not None and not callable(given[key])
    ]
    data = given.get("data", ())
    if not isinstance(data, list | tuple):
        problems.append(
            f"{NAME}: 'data' is {type(data).__name__}; give a tuple, (X, Y): one of a single value is (X,)"
        )
    if problems:
        raise CheckError(*problems)
    return dict(given)


def appended(file: bytes, adapter: str, notebook: bool) -> bytes:
    """The content of a file with an adapter added at its end, in a notebook as a cell of its own.

    Raises:
        CheckError: the notebook has no place for it.
    """
    if notebook:
        try:
            return _with_cell(parsed_json(file), adapter)
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise CheckError("the notebook has no place for a cell; save it again from Jupyter") from error
    encoding, _ = tokenize.detect_encoding(io.BytesIO(file).readline)
    ending = "\r\n" if b"\r\n" in file else "\n"
    text = f"\n\n\n{adapter}\n".replace("\n", ending)
    return file.rstrip() + text.encode(encoding.removesuffix("-sig"))


def _with_cell(notebook: dict[str, Any], adapter: str) -> bytes:
    cell: dict[str, Any] = {"cell_type": "code", "metadata": {}, "outputs": []}
    if "cells" in notebook:
        named = (notebook.get("nbformat", 4), notebook.get("nbformat_minor", 0)) >= (4, 5)
        cell |= {"execution_count": None, "source": adapter} | ({"id": NAME} if named else {})
        notebook["cells"].append(cell)
    else:
        cell |= {"language": "python", "prompt_number": None, "input": adapter}
        notebook["worksheets"][-1]["cells"].append(cell)
    return (json.dumps(notebook, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()
