"""The command ``chainrule``: a file for each of its commands, then what these have in common.

- ``app``: the commands joined, and errors turned into one line each.
- ``commands``: their names, and a line of help for each.
- ``check``: anybody's gradient.
- ``check_many``: a folder or a zip of them.
- ``explain``: the bugs that are known by name.
- ``selfcheck``: the gradients of our own nets.
- ``recipes``: what can be reproduced.
- ``reproduce``: published beside measured.
- ``inferring``: what the reports left unsaid, of the same command.
- ``train``: the nets of a TOML file.
- ``search``: the best settings.
- ``report``: the page, figures and tables of a run.
- ``plot``: the curves of a history that another program wrote.
- ``data``: data sets: list, describe, fetch, import.
- ``bench``: how fast this machine is.
- ``demo``: a broken gradient, then every recipe on digits.
- ``options``: options that several commands take.
- ``outputs``: what reproduce, train and demo do: run a job, write its files, print its table.
- ``checked``: what checks found, kept in a folder.
- ``progress``: how far long work is.
- ``live``: a search while it runs.
- ``notices``: what the user is told of the machine.
"""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

INTERRUPTED = 130


def main() -> None:
    """Run the command line and exit with its code."""
    signal.signal(signal.SIGTERM, _stop)
    try:
        code = _run()
    except KeyboardInterrupt:
        code = INTERRUPTED
    if code == INTERRUPTED:
        sys.stderr.write(
            "chainrule: interrupted; what was finished is kept: the same command goes on from there\n"
        )
    sys.exit(code)


def _run() -> int:
    from chainrule.machine.threads import ONE_EACH

    # BLAS reads these when NumPy is loaded, which the commands' imports do.
    for variable, value in ONE_EACH.items():
        os.environ.setdefault(variable, value)
    if sys.stdin is None:
        # Libraries that look at the three standard files abort the process where one is closed.
        sys.stdin = open(os.devnull)  # noqa: PTH123, SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # Names may hold what the terminal's encoding does not.
            stream.reconfigure(errors="replace")
    from chainrule.cli.app import run

    return run(sys.argv[1:])


def _stop(number: int, frame: FrameType | None) -> None:
    """A polite kill is an interruption."""
    raise KeyboardInterrupt
