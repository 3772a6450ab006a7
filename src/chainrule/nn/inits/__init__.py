"""Initial weights, a file an init; see :class:`chainrule.components.kinds.Init`.
:mod:`chainrule.nn.inits.draw` draws them."""

from chainrule.nn.inits.he import HE
from chainrule.nn.inits.normal import NORMAL
from chainrule.nn.inits.xavier import XAVIER

COMPONENTS = (XAVIER, HE, NORMAL)
