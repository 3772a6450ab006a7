"""The command ``chainrule``: a file for each of its commands, then what these have in common.

- ``app``: the commands joined.
- ``endings``: how a command ends, whatever happens: a line and an exit code.
- ``process``: what surrounds it in a process of its own.
- ``commands``: their names, and a line of help for each.
- ``mistyped``: what a mistyped command line is answered with.
- ``check``: anybody's gradient.
- ``check_one``: a file.
- ``check_init``: an adapter written into it.
- ``course``: what a course fixes for the files of its folders.
- ``check_many``: a folder or a zip of them.
- ``checked_rows``: what is known of a folder's, so that the same command goes on from there.
- ``checked_table``: the table of a folder's.
- ``explain``: the bugs that are known by name.
- ``selfcheck``: the gradients of our own nets.
- ``recipes``: what can be reproduced.
- ``reproduce``: published beside measured.
- ``inferring``: what the reports left unsaid, of the same command.
- ``fit``: nets of one table or folder of images.
- ``fit_rows``: which rows are trained on, validated on and tested on.
- ``fit_records``: what it leaves behind for its page.
- ``given``: tables and folders of images, as commands name them.
- ``predict``: what they say of rows.
- ``evaluate``: how well.
- ``export``: as a graph for other runtimes.
- ``train``: the nets of a TOML file.
- ``search``: the best settings.
- ``report``: the page, figures and tables of a run.
- ``plot``: history, weights and gradients that another program left behind.
- ``data``: data sets: list, describe, fetch, import.
- ``info``: what this machine and this installation give.
- ``warm``: the training step compiled beforehand.
- ``bench``: how fast this machine is.
- ``demo``: a broken gradient, then nets of one to nine layers on digits.
- ``options``: options that several commands take.
- ``outputs``: what reproduce, train and demo do: run a job, write its files, print its table.
- ``checked``: what checks found, kept in a folder.
- ``pages``: the page of a folder.
- ``progress``: how far long work is.
- ``stages``: the same, of work and what comes after it.
- ``live``: a search while it runs.
- ``notices``: what the user is told of the machine.
"""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

_INTERRUPTED = 130


def main() -> None:
    """Run the command line and exit with its code."""
    signals: list[signal.Signals] = []

    def stop(number: int, frame: FrameType | None) -> None:
        signals.append(signal.Signals(number))
        raise KeyboardInterrupt

    try:
        # A polite kill is an interruption, and so is a terminal that is closed.
        for name in ("SIGTERM", "SIGINT", "SIGHUP"):
            number = getattr(signal, name, None)
            # What is ignored was to be: Ctrl-C by a shell that started this in the background, SIGHUP by nohup.
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, stop)
        from chainrule.cli import process

        code = process.run(_command, signals)
    except KeyboardInterrupt:
        # Before anything began, or a second time.
        code = _INTERRUPTED
    # What is left is short; interrupted it would only say so in many lines.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    sys.exit(code)


def _command() -> int:
    from chainrule.machine.threads import ONE_EACH

    # BLAS reads these when NumPy is loaded, which the commands' imports do.
    for variable, value in ONE_EACH.items():
        os.environ.setdefault(variable, value)
    from chainrule.cli.app import invoke

    return invoke(sys.argv[1:])
