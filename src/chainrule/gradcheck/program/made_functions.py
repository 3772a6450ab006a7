"""The source of a file with the functions that loading makes of it: of what a main function defines, and of training
loops."""

from __future__ import annotations

import ast
import copy

from chainrule.gradcheck.program.training_loops import training_loops
from chainrule.gradcheck.program.unfolding import opened, unfolded


def with_made_functions(text: str) -> ast.Module:
    """What a text says, and these functions behind it.

    Raises:
        SyntaxError, ValueError, RecursionError: it is no Python, or too deep for it.
    """
    tree = ast.parse(text)
    made = [*unfolded(tree.body), *training_loops(opened(tree.body))]
    tree.body += [copy.deepcopy(node) for node in made if isinstance(node, ast.FunctionDef)]
    return tree
