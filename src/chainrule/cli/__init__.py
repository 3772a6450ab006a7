"""The command ``chainrule``."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command line and exit with its code."""
    from chainrule.threads import ONE_EACH

    # BLAS reads these when NumPy is loaded, which the commands' imports do.
    for variable, value in ONE_EACH.items():
        os.environ.setdefault(variable, value)
    from chainrule.cli.app import run

    sys.exit(run(sys.argv[1:]))
