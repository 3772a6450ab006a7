"""A user's file as it can be run here: Python 3, with the cells of a marimo notebook on its top level, and NumPy in the
place of a CuPy that is not there."""

from __future__ import annotations

from pathlib import Path

from chainrule.gradcheck.loading.broken_statements import without_broken
from chainrule.gradcheck.loading.cupy import with_numpy
from chainrule.gradcheck.loading.marimo import as_script
from chainrule.gradcheck.loading.python2 import as_python_3
from chainrule.gradcheck.program import source
from chainrule.gradcheck.program.source import Source


def runnable(path: Path) -> Source:
    """The file at a path, with notes of what was made of it.

    Raises:
        CheckError: it cannot be read.
    """
    return with_numpy(as_script(without_broken(as_python_3(source.read(path)))))
