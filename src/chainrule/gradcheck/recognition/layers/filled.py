"""What a forward pass is given to fill with what its backward pass needs: a dictionary, a list, a context with
attributes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.signatures import Argument, Function

SHELF = "kept"
"""What an adapter calls the list that holds it, so that both passes have the same."""

FILLED = f"{SHELF}[0]"
"""It, once the forward pass has run."""

_HOLDER = re.compile(r"\w*(cache|store|saved|kept)\w*|ctx|context|tape|mem(ory|o)?", re.IGNORECASE)
_SAVES = re.compile(r"save\w*")
_NAMESPACE = '__import__("types").SimpleNamespace()'


def holder_of(argument: Argument, forward: Function, file: Definitions) -> str:
    """An empty one for an argument that is called so and is filled; empty text for any other.

    A context is an object of the file's class that has what the pass calls on it.
    """
    name = argument.name
    if not argument.required or not _HOLDER.fullmatch(name):
        return ""
    if name in forward.changed and forward.keys.get(name):
        return "{}"
    called, put = forward.fields.get(name, ()), forward.fields_set.get(name, ())
    if "append" in called:
        return "[]"
    saving = [method for method in called if _SAVES.fullmatch(method)]
    if saving or put:
        return _context(file, saving)
    return ""


def _context(file: Definitions, methods: Iterable[str]) -> str:
    """An object that attributes are put on and that has these methods; empty where the file has no class of such."""
    needed = {*methods}
    if not needed:
        return _NAMESPACE
    for owner, constructor in file.constructors.items():
        own = {f.name for f in file.functions if f.owner == owner}
        if needed <= own and not any(argument.required for argument in constructor.arguments):
            return f"{owner}()"
    return ""


def emptied(holder: str) -> str:
    """The expression that gives the forward pass a new one."""
    return f"({SHELF}.clear() or {SHELF}.append({holder}) or {FILLED})"


def is_emptied(given: str) -> bool:
    """Whether what a forward pass is given is to be filled."""
    return given.startswith(f"({SHELF}.clear()")
