"""Check any gradient, and name the bug: :func:`check_gradient`, :func:`assert_gradient`, :func:`check_layer`."""

from chainrule.errors import CheckError
from chainrule.gradcheck.check import assert_gradient, check_gradient
from chainrule.gradcheck.layer import check_layer
from chainrule.gradcheck.result import Check

__all__ = ["Check", "CheckError", "assert_gradient", "check_gradient", "check_layer"]
