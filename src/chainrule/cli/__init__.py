"""The command ``chainrule``."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

_INTERRUPTED = 130


def main() -> None:
    """Run the command line and exit with its code."""
    signals: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        signals.append(number)
        raise KeyboardInterrupt

    try:
        # A polite kill is an interruption.
        signal.signal(signal.SIGTERM, stop)
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, stop)
        from chainrule.cli import process

        code = process.run(_command, lambda: bool(signals))
    except KeyboardInterrupt:
        # Before anything began, or a second time.
        code = _INTERRUPTED
    # What is left is short; interrupted it would only say so in many lines.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    sys.exit(code)


def _command() -> int:
    from chainrule.machine.threads import ONE_EACH

    # BLAS reads these when NumPy is loaded, which the commands' imports do.
    for variable, value in ONE_EACH.items():
        os.environ.setdefault(variable, value)
    from chainrule.cli.app import invoke

    return invoke(sys.argv[1:])
