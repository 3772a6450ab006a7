"""What the top level of a file defines: functions, classes and what they are called with."""

from __future__ import annotations

import ast
import builtins
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from chainrule.gradcheck.program.building import Building, buildings, composed
from chainrule.gradcheck.program.call_sites import Handed, HandedWhere, call_sites, joined, switched_sites
from chainrule.gradcheck.program.classes import as_made, held_functions, inherited_methods, of_fields, record
from chainrule.gradcheck.program.compared import options, together
from chainrule.gradcheck.program.conditions import switches_set
from chainrule.gradcheck.program.descent import DescentStep, steps
from chainrule.gradcheck.program.described import described
from chainrule.gradcheck.program.flagged import without_flag
from chainrule.gradcheck.program.inner_functions import maker_of, makes_together, named_apart, pullback
from chainrule.gradcheck.program.lookups import is_abstract
from chainrule.gradcheck.program.made_shapes import MadeShapes, made_shapes
from chainrule.gradcheck.program.output_units import has_one_output, makes_matrices, of_several
from chainrule.gradcheck.program.own_errors import own_errors
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.program.source import Source
from chainrule.gradcheck.program.top_level import defines_one, statements_of
from chainrule.gradcheck.program.unfolding import assigned, counts
from chainrule.gradcheck.program.whole_numbers import named_numbers

MadeParameters = Mapping[str, tuple[int, ...]]
"""The shapes of parameters that a function makes, by name."""


@dataclass(frozen=True)
class Definitions:
    """What the top level of a file defines.

    Attributes:
        functions: its functions, and the methods of its classes.
        constructors: of each class.
        numpy: what NumPy is called in it; empty where it is not imported.
        handed: what its functions are called with in it.
        handed_where: the same where a switch of theirs is set.
        options: the texts among which names choose in it, as in ``if activation == "relu"``.
        bases: of each class, the classes of the file that it is derived from.
        constants: the whole numbers that names of its top level stand for.
        bound: the names that its top level gives a value by an assignment.
        switches: those of them that are always switches, each with its value.
        descent: the steps against a gradient that it takes on its top level.
        counts: the names that its top level gives the lengths of arrays.
        one_output: it says that its nets have a single output.
        makes_matrices: weights are made in it, and always as matrices.
        of_several: the biases that are made in it, and always with several entries.
        shapes: those in which it makes its arrays, by name.
        built: how it fills objects of its classes after their constructors.
        together: the texts that it gives to several arguments in one call, with the name of what it calls.
        made: the parameters that its functions make; none where these have not been run.
        composed: of each class, those whose objects it hands to its constructor, as in ``Chain(Dense(4, 3), ReLU())``.
        pullbacks: the functions that others, as they are shown, define and give beside what they compute.
        users: the files that import it, as they are found from its folder.
        own_errors: where it computes the error of outputs itself and hands it to backward passes.
        modules: of functions that it calls by their modules' names, these modules.
    """

    functions: tuple[Function, ...] = ()
    constructors: Mapping[str, Function] = field(default_factory=dict)
    numpy: str = ""
    handed: Handed = field(default_factory=dict)
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    bases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    constants: Mapping[str, int] = field(default_factory=dict)
    bound: frozenset[str] = frozenset()
    descent: tuple[DescentStep, ...] = ()
    counts: frozenset[str] = frozenset()
    together: tuple[tuple[str, Mapping[str, str]], ...] = ()
    one_output: bool = False
    makes_matrices: bool = False
    of_several: frozenset[str] = frozenset()
    shapes: MadeShapes = field(default_factory=dict)
    built: tuple[Building, ...] = ()
    made: tuple[MadeParameters, ...] = ()
    composed: Mapping[str, frozenset[str]] = field(default_factory=dict)
    pullbacks: Mapping[str, Function] = field(default_factory=dict)
    users: tuple[str, ...] = ()
    own_errors: tuple[str, ...] = ()
    modules: Mapping[str, str] = field(default_factory=dict)
    handed_where: HandedWhere = field(default_factory=dict)
    switches: Mapping[str, str] = field(default_factory=dict)

    @property
    def numpy_name(self) -> str:
        """What an adapter of the file calls NumPy, which it imports where the file does not."""
        return self.numpy or "np"

    @property
    def derived_from(self) -> set[str]:
        """The classes from which others of the file are derived."""
        return {base for bases in self.bases.values() for base in bases}

    def named(self, name: str, owner: str = "") -> Function | None:
        """The function of this name: of that class, else of none."""
        same = self._by_name.get(name, {})
        if not same:
            return None
        owners = (owner, *self.bases.get(owner, ()), "")
        return next((same[place] for place in owners if place in same), None)

    @cached_property
    def _by_name(self) -> dict[str, dict[str, Function]]:
        """The functions by name and by class; the search of an adapter asks for them again and again."""
        known: dict[str, dict[str, Function]] = {}
        for function in self.functions:
            known.setdefault(function.name, {}).setdefault(function.owner, function)
        return known

    def knows(self, name: str) -> bool:
        """Whether a name means the same everywhere in the file: a function's, a class's, NumPy's, a built-in one."""
        return (
            name in (self.numpy, *self.constructors)
            or self.named(name) is not None
            or hasattr(builtins, name)
        )

    def asks_for(self, function: Function) -> list[str]:
        """What a function takes, and what it reads of what the file's top level gives a value."""
        return [*(a.name for a in function.arguments), *(n for n in function.uses if n in self.bound)]

    def used(self, functions: Iterable[Function]) -> list[Function]:
        """Some functions, and those of the file that they use."""
        return self._closure(functions, lambda f: (*f.uses, *f.attributes.reads))

    def names_reached(self, function: Function) -> set[str]:
        """The names of all that a function may call, of methods of any object too."""
        names, todo = set[str](), [function]
        while todo:
            called = todo.pop()
            fields = {name for fields in called.fields.values() for name in fields}
            new = {*called.uses, *called.attributes.reads, *fields} - names
            names |= new
            todo += [f for f in self.functions if f.name in new]
        return names

    def reached(self, functions: Iterable[Function]) -> list[Function]:
        """The methods among some functions, and those of the same object that they call."""
        return [f for f in self._closure(functions, lambda f: f.attributes.reads) if f.owner]

    def _closure(
        self, functions: Iterable[Function], names: Callable[[Function], Iterable[str]]
    ) -> list[Function]:
        """Some functions, and those of the file that go by the names which one of them gives."""
        reached = list(functions)
        for function in reached:
            for name in names(function):
                other = self.named(name, function.owner)
                if other is not None and other not in reached:
                    reached.append(other)
        return reached


class Imported(NamedTuple):
    """What a file imports of another file of its author: the names, ``*`` for all; of a module that it imports as a
    whole, and whose functions it calls by that, what an import calls the module."""

    source: Source
    names: frozenset[str]
    module: str = ""


def definitions(
    source: Source, imported: Iterable[Imported] = (), users: Iterable[Source] = ()
) -> Definitions:
    """Everything that the top level of a file defines or imports; of two functions with one name the later.

    Args:
        source: the file.
        imported: what it imports of other files of its author.
        users: the files that import it, of which the calls are read.
    """
    functions: dict[tuple[str, str], Function] = {}
    constructors: dict[str, Function] = {}
    bases: dict[str, tuple[str, ...]] = {}
    left_open: dict[str, set[str]] = {}
    pullbacks: dict[str, Function] = {}
    numpy = ""
    own, imported = list(statements_of(source)), list(imported)
    others = [
        node for other in imported for node in statements_of(other.source) if defines_one(node, other.names)
    ]
    top_level = [*others, *own]
    for node in top_level:
        if isinstance(node, ast.FunctionDef):
            functions["", node.name] = described(without_flag(node))
            theirs = {f.name for f in functions.values() if not f.owner and maker_of(f) != node.name}
            functions |= {("", f.name): f for f in named_apart(makes_together(node), theirs)}
            pullbacks |= pullback(node)
        elif isinstance(node, ast.ClassDef):
            inner = [n for n in node.body if isinstance(n, ast.FunctionDef)]
            left_open[node.name] = {n.name for n in inner if is_abstract(n)}
            said = ast.get_docstring(node) or ""
            methods = [described(n, node.name, said) for n in inner if n.name not in left_open[node.name]]
            functions |= {(node.name, method.name): method for method in methods}
            pullbacks |= {f"{node.name}.{name}": f for n in inner for name, f in pullback(n).items()}
            named = [base.id for base in node.bases if isinstance(base, ast.Name)]
            bases[node.name] = tuple(b for base in named if base in bases for b in (base, *bases[base]))
            made = [method for method in methods if method.name == "__init__"] or of_fields(node)
            inherited = [constructors[base] for base in bases[node.name]]
            constructor = next(iter([*made, *inherited]), Function("__init__", ()))
            constructors[node.name] = as_made(node, constructor, inherited if made else [])
        elif made_record := record(node):
            constructors[made_record.owner] = made_record
        elif isinstance(node, ast.Import):
            numpy = next((a.asname or a.name for a in node.names if a.name == "numpy"), numpy)
    functions = inherited_methods(functions, bases, left_open)
    functions |= held_functions(functions, constructors)
    called = {f.name: f for f in functions.values()} | constructors
    arguments = {
        name: tuple(a.name for a in function.arguments if not a.starred) for name, function in called.items()
    }
    users = list(users)
    files = [top_level, *(list(statements_of(user)) for user in users)]
    handed, where, built = _used_in(files, arguments, frozenset(constructors))
    defined = {node.name for node in own if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    # The file's own come first.
    marked = (
        f._replace(imported=(maker_of(f) or f.owner or f.name) not in defined) for f in functions.values()
    )
    ordered = sorted(marked, key=lambda f: f.imported)
    constants = dict(named for node in top_level for named in named_numbers(node))
    bound = frozenset(name for node in own for name in assigned(node))
    outside = [n for n in own if not isinstance(n, ast.FunctionDef | ast.ClassDef)]
    descent = tuple(dict.fromkeys(steps(inner for node in outside for inner in ast.walk(node))))
    lengths = frozenset(name for node in own for name in counts(node))
    return Definitions(
        tuple(ordered),
        constructors,
        numpy,
        handed,
        options(top_level),
        bases,
        constants,
        bound,
        descent,
        lengths,
        together(top_level),
        has_one_output(top_level),
        makes_matrices(top_level),
        of_several(top_level),
        made_shapes(node for statements in files for node in statements),
        built,
        composed=composed(top_level, frozenset(constructors)),
        pullbacks=pullbacks,
        own_errors=tuple(own_errors(own)),
        modules={name: other.module for other in imported if other.module for name in other.names},
        handed_where=where,
        switches=switches_set(own),
        users=tuple(dict.fromkeys(os.path.relpath(_path(user), _path(source) / "..") for user in users)),
    )


def _used_in(
    files: Iterable[list[ast.stmt]], arguments: Mapping[str, tuple[str, ...]], classes: frozenset[str]
) -> tuple[Handed, HandedWhere, tuple[Building, ...]]:
    """What functions are called with in some files, the first of which defines them, and where a switch is set; and how
    objects are filled."""
    handed: Handed = {}
    where: HandedWhere = {}
    built: dict[Building, None] = {}
    for place, statements in enumerate(files):
        # What a user of the file defines itself under the same name is another.
        defined = (
            {n.name for n in statements if isinstance(n, ast.FunctionDef | ast.ClassDef)} if place else set()
        )
        known = {name: taken for name, taken in arguments.items() if name not in defined}
        handed = joined(handed, call_sites(statements, known, classes - defined))
        where = joined(where, switched_sites(statements, known, classes - defined))
        built |= dict.fromkeys(buildings(statements, classes - defined, known))
    return handed, where, tuple(built)


def _path(source: Source) -> Path:
    return Path(source.parts[0].name.partition(", cell ")[0] if source.parts else "")
