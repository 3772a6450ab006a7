"""Attributes that an object gets by another method than its constructor, ``self.batchnorm = batchnorm`` where ``train``
has that for an argument with a default."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.lookups import literal
from chainrule.gradcheck.program.names import PARAMETER_ROLES, meaning


def given_later(file: Definitions, owner: str, names: Iterable[str]) -> dict[str, str]:
    """Those of some names that the constructor of a class gives nothing, and another method a number, a text or a
    switch that is written down, with that."""
    constructor = file.constructors[owner]
    begun = {*constructor.attributes.sets, *dict(constructor.attributes.constants)}
    begun |= {n for f in file.reached([constructor]) for n in f.attributes.sets}
    owners = (*file.bases.get(owner, ())[::-1], owner)
    later = {
        name: text
        for of in owners
        for method in file.functions
        if method.owner == of and method.name != "__init__"
        for name, text in reversed(method.attributes.constants)
        if text and _is_plain(text)
    }
    wanted = [n for n in names if n in later and n not in begun and meaning(n).role not in PARAMETER_ROLES]
    return {name: later[name] for name in wanted}


def _is_plain(text: str) -> bool:
    """Whether an expression is a number, a text or a switch."""
    tree = ast.parse(text, mode="eval").body
    return isinstance(tree, ast.Constant) and tree.value is not None and literal(tree) != ""
