"""How code is compiled: functions that Python calls, and the parts they are made of.

numba by itself optimises every function and brings it to machine code, and then again within each that calls it, level
by level: of the time until the first step that was the half. A *part* is called by compiled code alone. It is kept as
LLVM's functions until one that Python calls, an :func:`entry`, has all of them together; there all are optimised, once.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

from numba import njit, types
from numba.core import sigutils
from numba.core.ccallback import CFunc
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase
from numba.core.compiler_machinery import AnalysisPass, PassManager, register_pass
from numba.core.typed_passes import (
    AnnotateTypes,
    NativeLowering,
    NoPythonBackend,
    NopythonTypeInference,
    PreLowerStripPhis,
)
from numba.core.untyped_passes import (
    FixupArgs,
    GenericRewrites,
    IRProcessing,
    ReconstructSSA,
    TranslateByteCode,
)

from chainrule.machine.compiler import kept_name
from chainrule.train.engines.kept import KeptCode


class _PartLibrary(JITCodeLibrary):
    """LLVM's functions of a part and of those that it calls, to be linked into what calls it."""

    def _optimize_final_module(self) -> None:
        """Each function has been simplified by itself; the rest is the entry's."""

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._finalized = True

    @property
    def codegen(self) -> Any:
        """Asked for by who makes an object for Python of a function, to set the object's environment."""
        return self

    def set_env(self, name: str, environment: Any) -> None:
        """Nothing: an environment serves calls from Python."""


@register_pass(mutates_CFG=False, analysis_only=True)
class _Uncounted(AnalysisPass):
    """Nothing is allocated here, and all arrays live longer than a call: nobody counts who refers to them. Small nets
    take two thirds of the time so. A part that gives an array is therefore none for callers that do count."""

    _name = "uncounted"

    def __init__(self) -> None:
        AnalysisPass.__init__(self)

    def run_pass(self, state: Any) -> bool:
        state.targetctx = state.targetctx.subtarget(enable_nrt=False)
        return False


class _Short(CompilerBase):
    """numba's way from Python to LLVM, without what none of this code needs: a third of the time."""

    def define_pipelines(self) -> list[Any]:
        way = PassManager("short")
        for one in (
            TranslateByteCode, FixupArgs, IRProcessing, GenericRewrites, ReconstructSSA, NopythonTypeInference,
            PreLowerStripPhis, AnnotateTypes, _Uncounted, NativeLowering, NoPythonBackend,
        ):  # fmt: skip
            way.add_pass(one, one.__name__)
        way.finalize()
        return [way]


class _ApartCompiler(_Short):
    def compile_extra(self, function: Callable[..., Any]) -> Any:
        self.state.flags.noalias = True
        return super().compile_extra(function)


class _PartCompiler(_Short):
    def compile_extra(self, function: Callable[..., Any]) -> Any:
        self.state.library = _PartLibrary(self.state.targetctx.codegen(), function.__qualname__)
        return super().compile_extra(function)


# Sums may be taken in any order, so that they run in vectors; NaN and infinity keep their meaning.
_COMPILED: dict[str, Any] = {
    "nogil": True,
    "error_model": "numpy",
    "fastmath": {"reassoc", "contract", "nsz", "arcp"},
    "no_cfunc_wrapper": True,
}

ENTRY: Any = _COMPILED | {"pipeline_class": _Short}
"""numba's options for what Python calls."""

PART: Any = _COMPILED | {"no_cpython_wrapper": True, "pipeline_class": _PartCompiler}
"""numba's options for a part, where :func:`part` does not do: for overloads, and what Python calls uncompiled."""


def part(function: Callable[..., Any]) -> Any:
    """A function for compiled code to call; there is one of it, whatever constants it is called with."""
    dispatcher = njit(**PART)(function)
    fold = dispatcher._compiler.fold_argument_types

    def without_constants(arguments: Any, named: Any) -> tuple[Any, tuple[Any, ...]]:
        signature, folded = fold(arguments, named)
        return signature, tuple(map(types.unliteral, folded))

    dispatcher._compiler.fold_argument_types = without_constants
    return dispatcher


def entry(source: Path, kind: Callable[..., str]) -> Callable[[Callable[..., Any]], Any]:
    """A decorator for functions of the module ``source`` that Python calls: compiled with all their parts, and kept, by
    names that ``kind`` gives of their arguments' types, which it is called with by name."""

    def compiled(function: Callable[..., Any]) -> Any:
        function.__qualname__ = kept_name(source, function.__name__)
        dispatcher = njit(**ENTRY)(function)
        names = inspect.signature(function).parameters
        dispatcher._cache = KeptCode(
            function, lambda signature: kind(**dict(zip(names, signature, strict=True)))
        )
        return dispatcher

    return compiled


def called(
    source: Path, name: str, kind: str, signature: Any, *, apart: bool
) -> Callable[[Callable[..., Any]], Any]:
    """A decorator for a function that compiled code calls by its address: compiled for these types, which
    :func:`chainrule.train.engines.calls.taken` gives, and kept by a name and a kind.

    Where its arrays lie ``apart``, are none of what others of them are part of, and no other thread changes what is in
    them meanwhile, nothing is looked up twice for fear of that.
    """

    def compiled(function: Callable[..., Any]) -> Any:
        function.__qualname__ = kept_name(source, name)
        options = {name: _COMPILED[name] for name in ("error_model", "fastmath")}
        short: Any = _ApartCompiler if apart else _Short
        made: Any = CFunc(
            function, sigutils.normalize_signature(signature), {}, options, pipeline_class=short
        )
        made._cache = KeptCode(function, lambda _: kind)
        made.compile()
        return made

    return compiled
