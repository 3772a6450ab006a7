"""A small change of a tree: what is put where. The tree is never more than one change away from what the user wrote."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

from chainrule.gradcheck.program.interface import PatchKind

IsRun = Callable[[ast.stmt], bool]
Item = TypeVar("Item")

BODIES = ("body", "orelse", "finalbody")
"""The fields in which statements stand."""


class NodePlace(NamedTuple):
    """Where a node stands: a field of its parent, or an item of that field."""

    parent: ast.AST
    field: str
    at: int | None = None

    @property
    def is_statement(self) -> bool:
        """Whether a statement stands there."""
        return self.at is not None and self.field in BODIES and isinstance(self.get(), ast.stmt)

    def get(self) -> Any:
        """What stands there."""
        value = getattr(self.parent, self.field)
        return value if self.at is None else value[self.at]

    def put(self, node: Any) -> None:
        """Let something else stand there."""
        if self.at is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.at] = node


class SmallChange(NamedTuple):
    """One small change.

    Attributes:
        kind: of what.
        statement: the one that is changed.
        puts: what is put where.
        shown: what is changed, once it is.
    """

    kind: PatchKind
    statement: ast.stmt
    puts: tuple[tuple[NodePlace, Any], ...]
    shown: tuple[ast.AST, ...]

    @property
    def line(self) -> int:
        """Where it is made: in a statement of several lines, that of the expression."""
        before = self.puts[0][0].get() if len(self.puts) == 1 else None
        return (
            before.lineno
            if isinstance(before, ast.expr) and hasattr(before, "lineno")
            else self.statement.lineno
        )

    @property
    def key(self) -> tuple[object, ...]:
        """What two changes share that are the same."""
        puts = {(id(place.parent), place.field, place.at, _text(node)) for place, node in self.puts}
        return self.kind, frozenset(puts)

    @property
    def makes_endless(self) -> bool:
        """Whether an array would hold itself, ``a[0] = a``: an array of objects like that has no end when it is added
        to another, which ends the process."""
        return any(_is_put_into_itself(place, node) for place, node in self.puts)

    def make(self) -> Callable[[], None]:
        """Make it; what undoes it."""
        before = [(place, place.get()) for place, _ in self.puts]
        for place, node in self.puts:
            place.put(node)

        def undo() -> None:
            for place, node in reversed(before):
                place.put(node)

        return undo


def _text(node: Any) -> str:
    return " ".join(map(ast.dump, node)) if isinstance(node, list) else ast.dump(node)


def bodies(unit: ast.AST) -> Iterator[NodePlace]:
    """Where statements stand in a row."""
    # Nor with other steps.
    if isinstance(unit, ast.While):
        return
    for field in BODIES:
        statements = getattr(unit, field, None)
        if isinstance(statements, list) and statements:
            yield NodePlace(unit, field)
            for statement in statements:
                yield from bodies(statement)


def exchanged(items: Sequence[Item]) -> Iterator[list[Item]]:
    """Some items with two of them exchanged, each two in turn.

    >>> list(exchanged("abc"))
    [['b', 'a', 'c'], ['c', 'b', 'a'], ['a', 'c', 'b']]
    """
    for i, j in itertools.combinations(range(len(items)), 2):
        others = [*items]
        others[i], others[j] = items[j], items[i]
        yield others


def _is_put_into_itself(place: NodePlace, node: Any) -> bool:
    if not (isinstance(place.parent, ast.Assign) and place.field == "value" and isinstance(node, ast.Name)):
        return False
    parts = (target for target in place.parent.targets if isinstance(target, ast.Subscript))
    return any(ast.unparse(part.value) == node.id for part in parts)
