"""The functions that loading makes of a file: of training loops, and of what gives its derivative by a flag; and the
source with these, and with what a main function defines."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Sequence

from chainrule.gradcheck.program.flagged import by_flag
from chainrule.gradcheck.program.training_loops import training_loops
from chainrule.gradcheck.program.unfolding import opened, unfolded


def made_functions(body: Sequence[ast.stmt]) -> Iterator[ast.FunctionDef]:
    """Those that are made of the statements of a top level and what it runs (:func:`.unfolding.opened`)."""
    yield from training_loops(body)
    yield from by_flag(body)


def with_made_functions(text: str) -> ast.Module:
    """What a text says, and these functions behind it.

    Raises:
        SyntaxError, ValueError, RecursionError: it is no Python, or too deep for it.
    """
    tree = ast.parse(text)
    made = [*unfolded(tree.body), *made_functions(opened(tree.body))]
    tree.body += [copy.deepcopy(node) for node in made if isinstance(node, ast.FunctionDef)]
    return tree
