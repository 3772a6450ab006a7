"""One text compiled again and again, a little of it changed each time: only what holds a change is made anew."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterable, Iterator
from types import CodeType

from chainrule.gradcheck.program.change import BODIES
from chainrule.gradcheck.program.earlier_versions import as_run, copied

_WITH_BODIES = (ast.FunctionDef, ast.ClassDef, ast.For, ast.If, ast.With)


class Recompiled:
    """A text, and its statements as they are run.

    Args:
        tree: the text. It is changed and changed back by others; what is put into it is new.
        file: as tracebacks name it.
        classic, of_numbers: as of :func:`chainrule.gradcheck.program.earlier_versions.as_run`.
    """

    def __init__(self, tree: ast.Module, file: str, *, classic: bool, of_numbers: bool = True) -> None:
        self._tree, self._file = tree, file
        self._how = {"classic": classic, "of_numbers": of_numbers}
        self._around: dict[int, ast.stmt | None] = {}
        self._ready: dict[int, ast.stmt] = {}
        self._heads: dict[int, ast.stmt] = {}
        self._is_run_as_it_is = ast.dump(as_run(copied(tree), **self._how)) == ast.dump(tree)
        self._enter(tree, None)

    def code(self, changed: Iterable[ast.AST] = ()) -> CodeType:
        """The code of the text, of which some nodes hold other things than they did.

        Raises:
            SyntaxError, ValueError, RecursionError: it is none.
        """
        ways = [list(self._up_from(node)) for node in changed]
        itself = {id(way[0]) for way in ways if way}
        within = {id(statement) for way in ways for statement in way}
        body = [self._as_run(statement, itself, within) for statement in self._tree.body]
        return compile(ast.Module(body, []), self._file, "exec", dont_inherit=True)

    def _enter(self, node: ast.AST, around: ast.stmt | None) -> None:
        for child in ast.iter_child_nodes(node):
            # Operators and contexts are one object wherever they stand.
            if child._attributes:
                self._around[id(child)] = around
            self._enter(child, child if isinstance(child, ast.stmt) else around)

    def _up_from(self, node: ast.AST) -> Iterator[ast.stmt]:
        """The statements that a node of the text is part of, the innermost first."""
        inside = node if isinstance(node, ast.stmt) else self._around.get(id(node))
        while inside is not None:
            yield inside
            inside = self._around.get(id(inside))

    def _as_run(self, statement: ast.stmt, itself: set[int], within: set[int]) -> ast.stmt:
        """A statement, where it is changed ``itself`` or something ``within`` it is."""
        key = id(statement)
        if key in self._around and key not in within:
            return self._kept(self._ready, key, statement)
        if key not in self._around or not isinstance(statement, _WITH_BODIES):
            return self._made(statement)
        head = copy.copy(statement)
        bodies = {field: getattr(statement, field) for field in BODIES if hasattr(statement, field)}
        for field in bodies:
            setattr(head, field, [])
        new = self._made(head) if key in itself else copy.copy(self._kept(self._heads, key, head))
        for field, statements in bodies.items():
            setattr(new, field, [self._as_run(each, itself, within) for each in statements])
        return new

    def _kept(self, made: dict[int, ast.stmt], key: int, statement: ast.stmt) -> ast.stmt:
        if key not in made:
            made[key] = self._made(statement)
        return made[key]

    def _made(self, statement: ast.stmt) -> ast.stmt:
        new: ast.stmt = copied(statement)
        if not self._is_run_as_it_is:
            # What is put into it is made of what is in it.
            (new,) = as_run(ast.Module([new], []), **self._how).body
        return ast.fix_missing_locations(new)
