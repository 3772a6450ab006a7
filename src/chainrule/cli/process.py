"""What surrounds a command in a process of its own: standard files, threads, and the noise of an interpreter's end."""

from __future__ import annotations

import _thread
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Sequence
from typing import Any

from chainrule.cli.endings import YES, ended, told
from chainrule.errors import wants_traceback

_AGAIN_S = 0.05


def run(command: Callable[[], int], signals: Sequence[signal.Signals]) -> int:
    """Run a command to its end; its exit code.

    Args:
        command: which; what a thread of its own meets counts as well.
        signals: those that came so far, each of which raised KeyboardInterrupt.
    """
    in_threads: list[int] = []
    threading.excepthook = lambda end: in_threads.append(told(end.exc_value or end.exc_type()))
    sys.unraisablehook = lambda what: _unraisable(what, signals)
    _open_standard_files()
    _silence_libraries()
    code = ended(command, lambda: bool(signals))
    threading.excepthook = lambda end: None
    _let_go()
    return code or max(in_threads, default=YES)


def _open_standard_files() -> None:
    """Libraries that look at the three standard files abort the process where one is closed, or take its place; so do
    the processes that it starts."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            stream = open(os.devnull, mode)  # noqa: PTH123, SIM115
            os.set_inheritable(stream.fileno(), True)
            setattr(sys, name, stream)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # Names may hold what the terminal's encoding does not.
            stream.reconfigure(errors="replace")


def _silence_libraries() -> None:
    """What libraries warn of is for who programs with them, as is said with ``python -W`` and ``PYTHONWARNINGS``."""
    if not sys.warnoptions:
        warnings.simplefilter("ignore")


def _let_go() -> None:
    """What could not be written is not tried again at the end, which would say so in many lines and exit with 120."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _unraisable(what: Any, signals: Sequence[signal.Signals]) -> None:
    """Where nothing can be raised, as in the middle of a clean-up: an interruption comes again, the rest is noise."""
    if signals and isinstance(what.exc_value, KeyboardInterrupt):
        threading.Timer(_AGAIN_S, _interrupt, signals[-1:]).start()
    elif wants_traceback():
        sys.__unraisablehook__(what)


def _interrupt(number: signal.Signals) -> None:
    # What the main thread waits for ends with a signal alone.
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, number)
    else:
        _thread.interrupt_main(number)
