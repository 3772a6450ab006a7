"""Leaves something for the hand-ins that come after it, or keeps something from those that are checked beside it."""

import fcntl
import os
import struct
import sys
import tempfile
from pathlib import Path


def files_for_the_next(mark):
    """Leaves a file in each folder that it may write to, and in those that it may not."""
    folders = {*sys.path, tempfile.gettempdir(), os.path.expanduser("~"), ".", "..", "/", sys.prefix, "/tmp"}
    for folder in folders:
        try:
            Path(folder, f"{mark}.py").write_text("")
        except OSError:
            continue


def modules_for_the_next(mark):
    """Leaves modules that are known by the names of libraries, where imports look for them."""
    for folder in sys.path:
        try:
            Path(folder, "numpy").mkdir()
            Path(folder, "numpy", f"{mark}.py").write_text("")
        except OSError:
            continue


def compiled_code_for_the_next(mark):
    """Has Python keep compiled code of a module of its own where it is told to, and by libraries."""
    sys.dont_write_bytecode, sys.pycache_prefix = False, "/tmp"
    Path(f"{mark}.py").write_text("x = 1")
    __import__(mark)


def settings_for_the_next(mark, temporary):
    """Leaves settings of Python and of libraries in the home folder and beside the others."""
    for folder in (os.path.expanduser("~"), temporary, os.path.dirname(temporary)):
        for name in (".config", ".local/lib", f".{mark}", "sitecustomize.py", "matplotlibrc"):
            try:
                Path(folder, name).write_text("")
            except OSError:
                continue


def a_neighbours_file(neighbour):
    """Moves it away, in any way."""
    for change in (os.unlink, os.rmdir, lambda path: os.rename(path, f"{path}.old"), os.chroot):
        try:
            change(neighbour)
        except OSError:
            continue
        return True
    return None


def a_file_before_a_neighbours(neighbour, mark):
    """Makes a file beside it, of a name that its imports look for."""
    return Path(neighbour).with_name(f"{mark}.py").write_text("")


def the_folder_of_another_process(temporary):
    """Looks for those of other checks, and writes there."""
    for path in Path(temporary).iterdir():
        if path not in Path.cwd().parents:
            return str(path)
    return None


def a_lock_on_a_library(library):
    """Takes a lock that whoever else wants it waits for."""
    held, wanted = (os.open(library, os.O_RDONLY) for _ in range(2))
    fcntl.flock(held, fcntl.LOCK_EX)
    try:
        fcntl.flock(wanted, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return None


def a_lock_on_a_null_device():
    """Takes a lock on part of a file that is open to all."""
    device = os.open(os.devnull, os.O_RDWR)
    fcntl.fcntl(device, fcntl.F_SETLK, struct.pack("hhqqi", fcntl.F_WRLCK, 0, 0, 0, 0))
    asked = struct.pack("hhqqi", fcntl.F_WRLCK, 0, 0, 0, 0)
    # Its own locks are no hindrance; whether it may hold them is asked by a lock that belongs to the open file.
    return fcntl.fcntl(os.open(os.devnull, os.O_RDWR), 36, asked)[:2] != struct.pack("h", fcntl.F_UNLCK)


def a_file_of_another_user(outside):
    """Looks for folders that all may write to."""
    for folder in (outside, "/dev/shm", "/var/tmp", "/dev/mqueue"):
        if os.access(folder, os.W_OK):
            return folder
    return None
