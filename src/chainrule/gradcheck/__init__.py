"""Check any gradient, and name the bug: :func:`check_gradient`, :func:`assert_gradient`, :func:`check_layer`.

The wings, each standing on those in front of it: ``result`` (what a check found, as plain data), ``program`` (the
user's functions, parameters and names), ``recognition`` (which convention is this?), ``catalogue`` (one entry a bug),
``sandbox`` (a process that can do nothing but answer), ``numeric`` (differences and comparison), ``diagnosis`` (which
bug, which line, which repair), ``check`` (all of it in order), ``layer`` and ``submissions`` (a layer; a folder).
"""

from chainrule.errors import CheckError
from chainrule.gradcheck.check import assert_gradient, check_gradient
from chainrule.gradcheck.layer import check_layer
from chainrule.gradcheck.result import Check

__all__ = ["Check", "CheckError", "assert_gradient", "check_gradient", "check_layer"]
