"""A process that has imported what the process of a user's file needs, and makes such processes of itself."""

from __future__ import annotations

import ctypes
import json
import os
import platform
import runpy
import signal
import socket
import sys

CHILD = "chainrule.gradcheck.sandbox.child"
SEARCH = "chainrule.gradcheck.recognition.adapter_search"
TRIES_BESIDE = 200
"""How many adapters are held against one that runs where no gradient agrees with its cost, in place of all that may be
meant: those of the tests' programs that agree are among the first."""

CLONE_PARENT = 0x8000
CLONE = {"x86_64": 56, "aarch64": 220}
"""The number of the call by the machine's name."""


def cloned() -> int:
    """As ``os.fork``, but for whose child the new process is: of the parent of this one, which will wait for it."""
    # In the order in which os.fork takes them; by PyDLL, so that no other thread runs meanwhile.
    python = ctypes.pythonapi
    python.PyOS_BeforeFork()
    number: int = ctypes.PyDLL(None).syscall(
        CLONE[platform.machine()], CLONE_PARENT | signal.SIGCHLD, 0, 0, 0, 0
    )
    if number == 0:
        python.PyOS_AfterFork_Child()
    else:
        python.PyOS_AfterFork_Parent()
    return number


def serve(channel: socket.socket) -> bool:
    """Clone this process as often as is asked; return True in each clone, and False when nobody asks any more."""
    while True:
        message, pipes, *_ = socket.recv_fds(channel, 2**16, 3)
        if not message:
            return False
        if (number := cloned()) == 0:
            channel.close()
            become(pipes, **json.loads(message))
            return True
        for pipe in pipes:
            os.close(pipe)
        channel.send(str(number).encode())


def become(pipes: list[int], arguments: list[str], folder: str) -> None:
    """Be as a process that was started so."""
    os.setsid()
    os.chdir(folder)
    for place, pipe in enumerate(pipes):
        os.dup2(pipe, place)
        os.close(pipe)
    sys.argv = [CHILD, *arguments]


if __name__ == "__main__":
    __import__(CHILD)
    vars(sys.modules[SEARCH]).update(_MOST_TRIES_BESIDE=TRIES_BESIDE)
    if serve(socket.socket(fileno=int(sys.argv[1]))):
        del sys.modules[CHILD]
        runpy.run_module(CHILD, run_name="__main__", alter_sys=True)
