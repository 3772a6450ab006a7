"""Fully connected nets with gradients derived by hand, trained as populations, checked, and put beside published
results. The command line is ``chainrule``; :func:`check_gradient`, :func:`assert_gradient` and :func:`check_layer`
check anybody's gradient; all else is imported from its package.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chainrule.gradcheck import Check, CheckError, assert_gradient, check_gradient, check_layer

__all__ = ["Check", "CheckError", "assert_gradient", "check_gradient", "check_layer"]


def __getattr__(name: str) -> Any:
    # Loaded when asked for: the command line starts without what it does not need.
    if name in __all__:
        from chainrule import gradcheck

        return getattr(gradcheck, name)
    raise AttributeError(f"module 'chainrule' has no attribute {name!r}")
