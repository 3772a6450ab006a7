"""``%%check_gradient`` for IPython and Jupyter: runs a cell, and checks the gradients that it defines.

``%load_ext chainrule`` makes it known.
"""

from __future__ import annotations

from typing import Any

from chainrule.errors import CheckError
from chainrule.gradcheck.files.file_outcome import FileCheck
from chainrule.gradcheck.program.from_python import CalledFromPython
from chainrule.gradcheck.program.source import CHECKED_CELL, without_magics
from chainrule.gradcheck.session.cells import cells_of
from chainrule.gradcheck.session.checking import checked
from chainrule.gradcheck.session.sources import names_in


def load_ipython_extension(shell: Any) -> None:
    """What ``%load_ext chainrule`` calls."""

    def check_gradient(line: str, cell: str) -> FileCheck | None:
        """Run the cell, and check the gradients that it defines; all of the notebook where it defines none."""
        from IPython.core.error import UsageError

        if line.strip():
            raise UsageError(f"{CHECKED_CELL} {line.strip()}: it takes no options; leave them out")
        # As many lines as the cell has, so that they are counted as they are shown.
        text, _ = without_magics(f"{CHECKED_CELL}\n{cell}")
        if not shell.run_cell(text).success:
            return None
        try:
            with CalledFromPython():
                return checked(shell.user_ns, cells_of(shell), among=names_in(text))
        except CheckError as error:
            raise UsageError(str(error)) from None

    shell.register_magic_function(check_gradient, "cell")
