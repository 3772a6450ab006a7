"""Every gradient of a namespace checked; ``chainrule.check`` is :func:`check_session`."""

from __future__ import annotations

import contextlib
import io
import random
import sys
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np

from chainrule.errors import CheckError
from chainrule.gradcheck.check import verifying_in_place
from chainrule.gradcheck.files.conditions import Conditions
from chainrule.gradcheck.files.file_check import rows_of_all
from chainrule.gradcheck.files.file_outcome import FileCheck, GradientRow
from chainrule.gradcheck.program.from_python import CalledFromPython
from chainrule.gradcheck.program.generators import put_state, state_of
from chainrule.gradcheck.program.interface import Program
from chainrule.gradcheck.program.unseeded import STREAM
from chainrule.gradcheck.repair.search import Verifier
from chainrule.gradcheck.result import Cause, Line
from chainrule.gradcheck.sandbox.process import Limits
from chainrule.gradcheck.session.cells import Cell, cells_of
from chainrule.gradcheck.session.gradients import SessionGradients
from chainrule.gradcheck.session.sources import defined


def check_session(*, seed: int = 0, pick: int | None = None, repair: bool = False) -> FileCheck:
    """Check every gradient that the caller's notebook, script or module defines: ``chainrule.check()``.

    Costs and gradients are recognised as ``chainrule check FILE`` does it: by their names, or by a function
    ``chainrule_check``. What they print is not shown.

    Args:
        seed: of all that is drawn.
        pick: the number of the only gradient that is to be checked, counted from 1; None: all of them.
        repair: look for changes of the source with which what is wrong is right: ``check.repairs`` of each.

    Raises:
        CheckError: there is none, or none can be checked.

    >>> import numpy as np
    >>> def compute_cost(X, Y, W):
    ...     return np.sum((W @ X - Y) ** 2)
    >>> def compute_gradients(X, Y, W):
    ...     return 2 * (W @ X - Y) @ X.T
    >>> check_session().headline
    'the gradient is right'
    """
    with CalledFromPython():
        namespace = sys._getframe(1).f_globals
        shell = namespace.get("get_ipython")
        cells = cells_of(shell()) if callable(shell) else []
        return checked(namespace, cells, seed=seed, pick=pick, repair=repair)


def checked(
    namespace: dict[str, Any],
    cells: Sequence[Cell] = (),
    *,
    seed: int = 0,
    pick: int | None = None,
    among: Container[str] = (),
    repair: bool = False,
) -> FileCheck:
    """Check every gradient of a namespace.

    Args:
        namespace: the globals of a module or notebook.
        cells: of the notebook.
        seed: of all that is drawn.
        pick: as of :func:`check_session`.
        repair: as of :func:`check_session`.
        among: functions and classes: where gradients are among them, these are checked alone.

    Raises:
        CheckError: as :func:`check_session`.
    """
    given = defined(namespace, cells)
    if not given.definitions.functions and not cells and "__file__" not in namespace:
        raise CheckError(
            "chainrule.check(): finds no source of what was typed in; put it into a file or a notebook, or call "
            "chainrule.check_gradient(cost, gradient, parameters, ...)"
        )
    cell_of = {Path(file).name: cell for file, cell in given.cells.items()}

    def shown(file: str) -> str:
        return cell_of.get(Path(file).name, Path(file).name)

    path = Path("notebook" if cells else namespace.get("__file__", "session"))
    with _undisturbed(namespace, seed), contextlib.redirect_stdout(io.StringIO()):
        session = SessionGradients(path, given, namespace, seed)
        conditions = Conditions(Limits(), seed, untrusted=False, pick=pick)
        places = [place for place, g in enumerate(session.gradients) if g.gradient.partition(".")[0] in among]

        def verifier(_: int, variant: int | None) -> Verifier | None:
            # Of another net than the given one, the given one would not be looked at.
            return verifying_in_place(seed, shown) if variant is None else None

        verifiers = verifier if repair else None
        outcome = rows_of_all(session, cast(Program, session), conditions, places or None, verifiers)
    return replace(outcome, rows=tuple(_with_cells(row, cell_of) for row in outcome.rows))


def _with_cells(row: GradientRow, cell_of: Mapping[str, str]) -> GradientRow:
    """A row whose lines name the cell in which they stand."""

    def of_cell(line: Line) -> Line:
        return replace(line, file=cell_of.get(line.file, line.file))

    def named(cause: Cause) -> Cause:
        return cause if cause.line is None else replace(cause, line=of_cell(cause.line))

    if row.check is None:
        return row
    causes = tuple(map(named, row.check.causes))
    repairs = tuple(replace(r, lines=tuple(map(of_cell, r.lines))) for r in row.check.repairs)
    return replace(row, check=replace(row.check, causes=causes, repairs=repairs))


@contextlib.contextmanager
def _undisturbed(namespace: dict[str, Any], seed: int) -> Iterator[None]:
    """Afterwards the names of a namespace, and the generators that programs draw from without a seed, are as before."""
    states = random.getstate(), np.random.get_state(), state_of(STREAM)  # noqa: NPY002
    before = dict(namespace)
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002
    try:
        yield
    finally:
        for name in namespace.keys() - before.keys():
            del namespace[name]
        namespace.update(before)
        random.setstate(states[0])
        np.random.set_state(states[1])  # noqa: NPY002
        put_state(STREAM, states[2])
