"""Check any gradient, and name the bug: :func:`check_gradient`, :func:`assert_gradient`, :func:`check_layer`.

- ``check``: all of it in order; the place to start.
- ``layer``: a layer's backward pass by itself.
- ``passes/``: how the two passes of a layer are called, and where its gradients are left.
- ``files/``: a row for each gradient of a file, and for each submission of a folder.
- ``session/``: what is defined in a notebook or script, checked where it is.
- ``folder/``: what of a folder is a submission, and which of its files is meant.
- ``outcome``: the outcome of a check.
- ``rendering``: the same in words, and as a table for Jupyter.
- ``computation``: the values of both ways as a graph, as plain data.
- ``result``: what a check finds, as plain data.
- ``program/``: the user's functions, parameters and names.
- ``loading/``: a user's file as a module, run as far as something needs it.
- ``recognition/``: which convention is this?
- ``catalogue/``: one entry a bug.
- ``sandbox/``: a process that can do nothing but answer.
- ``numeric/``: differences and comparison.
- ``diagnosis/``: which bug, which line, which repair.
- ``hints``: a check that says less.
- ``repair/``: changes of the source with which it is right.

Each wing stands on those in front of it; ``check`` stands on all of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chainrule.errors import CheckError
    from chainrule.gradcheck.layer import check_layer
    from chainrule.gradcheck.outcome import Check
    from chainrule.gradcheck.session.functions import assert_gradient, check_gradient

__all__ = ["Check", "CheckError", "assert_gradient", "check_gradient", "check_layer"]

_MODULES = {
    "Check": "gradcheck.outcome", "CheckError": "errors", "assert_gradient": "gradcheck.session.functions",
    "check_gradient": "gradcheck.session.functions", "check_layer": "gradcheck.layer",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    # Loaded when asked for: the process of a user's file, one for each of a folder, starts without the diagnosis.
    if name in _MODULES:
        return getattr(import_module(f"chainrule.{_MODULES[name]}"), name)
    raise AttributeError(f"module 'chainrule.gradcheck' has no attribute {name!r}")
