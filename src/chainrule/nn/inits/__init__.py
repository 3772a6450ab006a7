"""Initial weights; see :class:`chainrule.components.kinds.Init`.

- ``xavier``: deviation 1 / sqrt(inputs).
- ``he``: deviation sqrt(2 / inputs).
- ``glorot``: deviation sqrt(2 / (inputs + outputs)), of biases too.
- ``normal``: a given deviation, of biases too.
- ``draw``: the draws, which all of them scale.
"""

from chainrule.nn.inits.glorot import GLOROT
from chainrule.nn.inits.he import HE
from chainrule.nn.inits.normal import NORMAL
from chainrule.nn.inits.xavier import XAVIER

COMPONENTS = (XAVIER, HE, GLOROT, NORMAL)
