"""The names of a user's module. What gives a name its value runs when something first looks the name up.

A script that defines a net often loads data, trains and plots as well. What is defined, and what is written down, is
there at once; whatever else the top level does is run only when a function, an adapter or another statement asks for
a name of it, and whatever fails then ends nothing but what asked.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import importlib.util
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import FunctionType
from typing import Any

from chainrule.gradcheck.loading.failures import StatementFailure, failure_of, places
from chainrule.gradcheck.loading.import_statements import imported_from, names_bound, one_by_one
from chainrule.gradcheck.loading.missing import StandIn, absence
from chainrule.gradcheck.loading.skipping import SlowNumeric, skipping, slow_numeric, without
from chainrule.gradcheck.loading.statements import ANY_NAME, TopLevel, TopStatement
from chainrule.gradcheck.loading.written_modules import statements_that_write
from chainrule.gradcheck.program.drawn_files import misses
from chainrule.gradcheck.program.limited import OutOfTimeError, limited

_AT_ONCE = ("definition", "star import", "constant", "setting")
_BUILTINS = frozenset(vars(builtins))


class Namespace(dict[str, Any]):
    """The globals of a user's module.

    Args:
        top_level: what it is made of.
        given: names that are there from the start: ``__name__``, ``__file__``.
    """

    def __init__(self, top_level: TopLevel, given: Mapping[str, Any]) -> None:
        super().__init__(given)
        self._statements, self._unread, hides, set_inside = top_level
        bound = Counter(name for statement in self._statements for name in statement.binds)
        self._later: dict[str, list[TopStatement]] = {}
        for statement in self._statements:
            if not _is_at_once(statement, bound):
                for name in statement.binds - _BUILTINS:
                    self._later.setdefault(name, []).append(statement)
        self._bound = bound
        self._begun: set[int] = set()
        self._failures: list[StatementFailure] = []
        self._failed = {ANY_NAME: StatementFailure(hides, "")} if hides else {}
        self.expect(set_inside, "no function that gives it a value has been called")
        self._failed_while_watched: list[str] = []
        self._failed_in: set[str] = set()
        self._slow: SlowNumeric | None = None
        self._starred: list[Namespace] = []
        self.run_beside: Callable[[str], None] | None = None
        """Runs a file beside this one by its name; None of modules that are not checked themselves."""

    def run(self) -> None:
        """Run what is run at once, in order."""
        for statement in self._statements:
            if _is_import(statement):
                if _is_at_once(statement, self._bound):
                    self._execute(statement)
                continue
            with limited():
                if _is_at_once(statement, self._bound):
                    self._execute(statement)
                elif self._wraps_functions(statement.node):
                    self._replace_functions(statement)

    def run_rest(self) -> None:
        """Run all that waits for something to ask for it, in order, as a script does, whether or not it has been run;
        what a statement raises ends nothing but itself, and is told by :meth:`failed_while_watched` alone: it is run to
        see what it calls.

        Raises:
            OutOfTimeError: it takes too long.
        """
        self._failed_while_watched = []
        for statement in self._statements:
            # A parser of the command line that is made anew is told its arguments anew.
            if statement.kind in ("rest", "setting"):
                error = self._raised(statement)
                if isinstance(error, OutOfTimeError):
                    self._slow = slow_numeric(statement.file, error)
                    raise error
                if error is not None:
                    self._failed_while_watched.append(failure_of(statement, error).reason)
                    codes = (frame.f_code for frame, _ in traceback.walk_tb(error.__traceback__))
                    self._failed_in |= {c.co_qualname for c in codes if c.co_filename == statement.file}

    def skipping_failures(self, kept: Callable[[str], bool]) -> contextlib.AbstractContextManager[None]:
        """Within it, the functions in which something has failed when all was run leave out what fails.

        Args:
            kept: whether a function of this name, as its code calls it, is to be left as it is.
        """
        names = {name for name in self._failed_in if not kept(name)}
        return skipping(names, [statement.node for statement in self._statements], self)

    def without_slow(self) -> contextlib.AbstractContextManager[None] | None:
        """Within it, the numeric gradient in which time ran out when all was run is left out where it is called; None
        where it ran out in none."""
        return self._slow and without(self._slow, [statement.node for statement in self._statements], self)

    def failed_while_watched(self) -> list[str]:
        """What could not run, in words, when all of it was run to see what it calls."""
        return [f"run to see what it calls: {reason}" for reason in self._failed_while_watched]

    def expect(self, names: Iterable[str], why: str) -> None:
        """Note that these names may get a value elsewhere, in words."""
        self._failed |= {name: StatementFailure(why, "") for name in names if name not in self._failed}

    def need_rest(self) -> None:
        """Note that what is checked needs all that waits."""
        self._begun |= {id(statement) for statement in self._statements if statement.kind == "rest"}

    def __missing__(self, name: str) -> Any:
        """Run for a name: the statements that bind it, until it has a value that is not empty.

        Raises:
            KeyError: nothing binds it.
            NameError: what binds it could not run.
        """
        if name in _BUILTINS and not any(name in other for other in self._starred):
            raise KeyError(name)
        binding = self._later.get(name, [])
        with limited():
            for statement in binding:
                if id(statement) not in self._begun:
                    self._execute(statement)
                if name in self and not _is_empty(self[name]):
                    return self[name]
        if name in self:
            return self[name]
        for other in reversed(self._starred):
            if other.binds(name) and not name.startswith("_"):
                return other[name]
        failure = self._failed.get(name) or self._failed.get(ANY_NAME)
        if failure is None and name in self._bound:
            failure = StatementFailure("what may give it a value has given it none", "")
        # The user's code may have put it among the built-in names by now.
        if failure is None or hasattr(builtins, name):
            raise KeyError(name)
        raise NameError(f"name {name!r} is not defined: {failure.reason}", name=name) from absence(
            failure.module
        )

    def binds(self, name: str) -> bool:
        """Whether the module has this name, or may have it once something asks."""
        return name in self or name in self._later or any(other.binds(name) for other in self._starred)

    def notes(self) -> list[str]:
        """What was not run, could not run or is not there, in words."""
        left = [s for s in self._statements if s.kind == "rest" and id(s) not in self._begun]
        unneeded = [f"not run, as nothing that is checked needs it: {places(left)}"] if left else []
        return [*self._unread, *dict.fromkeys(failure.reason for failure in self._failures), *unneeded]

    def look_for_modules(self) -> None:
        """Note which modules are not there of those whose names nothing has asked for: they may hold what lacks."""
        for statement in self._statements:
            module = imported_from(statement.node)
            if module and id(statement) not in self._begun and not _exists(module):
                self._fail(statement, ModuleNotFoundError(f"No module named {module!r}", name=module))

    def missing(self) -> ModuleNotFoundError | None:
        """The first module that is known not to be there."""
        return absence(next((failure.module for failure in self._failures if failure.module), ""))

    def _execute(self, statement: TopStatement) -> None:
        """Run a statement; what it raises ends nothing."""
        self._begun.add(id(statement))
        if _is_import(statement):
            for node in one_by_one(statement.node):
                self._import(statement._replace(node=node))
            return
        error = self._raised(statement)
        while statement.kind == "rest" and misses(error, self):
            error = self._raised(statement)
        if error is not None:
            self._fail(statement, error)

    def _raised(self, statement: TopStatement) -> BaseException | None:
        try:
            if isinstance(statement.node, ast.ClassDef):
                self._look_up_for(statement.node)
            body = ast.Module([statement.node], [])
            exec(compile(body, statement.file, "exec", statement.flags, dont_inherit=True), self)
        except (Exception, SystemExit, OutOfTimeError) as error:
            return error
        return None

    def _look_up_for(self, node: ast.ClassDef) -> None:
        """Run for the names that the body of a class needs: Python does not ask for those as it does for others."""
        evaluated: list[ast.AST | None] = []
        for inner in node.body:
            if isinstance(inner, ast.FunctionDef):
                evaluated += [inner.args, inner.returns, *inner.decorator_list]
            else:
                evaluated.append(inner)
        for name in {n.id for e in evaluated if e for n in ast.walk(e) if isinstance(n, ast.Name)}:
            if name in self._later:
                self[name]

    def _wraps_functions(self, node: ast.stmt) -> bool:
        """Whether names of functions are given other ones: ``cost = compiled(cost)``, ``cost = compute_cost``."""
        if not isinstance(node, ast.Assign) or not all(map(self._is_function, node.targets)):
            return False
        match node.value:
            case ast.Call(args=arguments):
                return any(isinstance(a, ast.Lambda) or self._is_function(a) for a in arguments)
        return isinstance(node.value, ast.Name | ast.Attribute)

    def _is_function(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and isinstance(self.get(node.id), FunctionType)

    def _replace_functions(self, statement: TopStatement) -> None:
        """Run what gives functions' names a value; one that cannot be called leaves them as they are."""
        before = {name: self[name] for name in statement.binds & self.keys()}
        self._execute(statement)
        self.update({name: function for name, function in before.items() if not callable(self[name])})

    def _import(self, statement: TopStatement) -> None:
        with _unwatched():
            error = self._raised(statement)
        if isinstance(error, ModuleNotFoundError) and self._is_written(error.name or ""):
            error = self._raised(statement)
        if error is not None:
            self._fail(statement, error)
        elif statement.kind == "star import":
            self._star(statement.node)

    def _is_written(self, module: str) -> bool:
        """Whether statements of the file write a module, which they have done now."""
        left = [s for s in self._statements if s.kind == "rest" and id(s) not in self._begun]
        writing = statements_that_write(left, module)
        with limited():
            for statement in writing:
                self._execute(statement)
        importlib.invalidate_caches()
        return bool(writing)

    def _star(self, node: ast.stmt) -> None:
        """Remember a module of the user's of which everything was imported: what waits there can be asked for here."""
        assert isinstance(node, ast.ImportFrom)
        package = str(self.get("__package__") or "") if node.level else None
        name = importlib.util.resolve_name("." * node.level + (node.module or ""), package)
        names = vars(sys.modules[name])
        if isinstance(names, Namespace):
            self._starred.append(names)

    def _fail(self, statement: TopStatement, error: BaseException) -> None:
        """Remember why names have no value; something stands in for what an import does not give."""
        failure = failure_of(statement, error)
        self._failures.append(failure)
        node = statement.node
        names = names_bound(node) if isinstance(node, ast.Import | ast.ImportFrom) else statement.binds
        for name in names:
            if name != ANY_NAME and (isinstance(error, ImportError) or _is_import(statement)):
                self.setdefault(name, StandIn(*failure))
            else:
                self._failed[name] = failure


def _is_at_once(statement: TopStatement, bound: Mapping[str, int]) -> bool:
    """Whether a statement does not wait for its names: it defines, or imports what is bound again later."""
    again = statement.kind == "import" and any(bound[name] > 1 for name in statement.binds)
    return again or statement.kind in _AT_ONCE


def _is_import(statement: TopStatement) -> bool:
    return statement.kind in ("import", "star import")


def _is_empty(value: Any) -> bool:
    """Whether a value is what a loop would begin to fill."""
    return value is None or (isinstance(value, list | tuple | dict | set) and not value)


def _exists(module: str) -> bool:
    return module in sys.modules or importlib.util.find_spec(module) is not None


@contextlib.contextmanager
def _unwatched() -> Iterator[None]:
    """What is imported runs unwatched: a large library takes several times as long where each of its calls is seen."""
    before = sys.getprofile()
    sys.setprofile(None)
    try:
        yield
    finally:
        sys.setprofile(before)
