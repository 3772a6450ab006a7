"""Runs another program."""

import asyncio
import ctypes
import multiprocessing
import os
import shutil
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor

from support.hostile.kernel import call, done, libc

TRUE = "/bin/true"


def by_subprocess():
    """Runs Python."""
    return subprocess.run([sys.executable, "-c", ""]).returncode == 0


def by_the_shell():
    """Has the shell run a command."""
    return os.system("true") == 0


def by_popen():
    """Reads what a command prints."""
    with os.popen("echo out") as pipe:
        return pipe.read()


def by_posix_spawn():
    """Has the C library start it."""
    return os.posix_spawn(TRUE, ["true"], {})


def by_spawn():
    """Starts it and does not wait."""
    return os.spawnv(os.P_NOWAIT, TRUE, ["true"])


def by_fork_exec():
    """Calls what subprocess is built on, below all that could watch it."""
    import _posixsubprocess

    reading, writing = os.pipe()
    ends = (-1, -1, -1, -1, -1, -1, reading, writing)
    options = (False, False, -1, None, None, None, -1, None, False)
    return _posixsubprocess.fork_exec(
        [b"true"], (TRUE.encode(),), False, (writing,), None, None, *ends, *options
    )


def in_its_own_place(outside, mark):
    """Becomes a shell that leaves a file outside."""
    os.execv("/bin/sh", ["sh", "-c", f"touch {outside}/{mark}"])


def by_ctypes():
    """Calls the C library's system, fork and exec."""
    return libc().system(b"true") == 0


def by_popen_of_the_c_library():
    """Calls popen there."""
    function = libc().popen
    function.restype = ctypes.c_void_p
    return function(b"echo out", b"r")


def by_number(outside, mark):
    """Makes the calls execve and execveat."""
    arguments = (ctypes.c_char_p * 4)(b"sh", b"-c", f"touch {outside}/{mark}".encode(), None)
    try:
        call(59, b"/bin/sh", arguments, 0)
    except OSError:
        call(322, -100, b"/bin/sh", arguments, 0, 0)


def from_memory(outside, mark):
    """Copies a program into memory that looks like a file, and becomes it."""
    descriptor = os.memfd_create("program")
    with open("/bin/sh", "rb") as program:
        os.write(descriptor, program.read())
    os.execve(descriptor, ["sh", "-c", f"touch {outside}/{mark}"], {})


def a_copy_of_its_own(outside, mark):
    """Copies a program into its own folder, and becomes it."""
    shutil.copy("/bin/sh", "mine")
    os.chmod("mine", 0o700)
    os.execv("./mine", ["sh", "-c", f"touch {outside}/{mark}"])


def a_script_of_its_own(outside, mark):
    """Writes a script that names its interpreter, and becomes it."""
    with open("script", "w") as file:
        file.write(f"#!/bin/sh\ntouch {outside}/{mark}\n")
    os.chmod("script", 0o700)
    os.execv("./script", ["script"])


def by_the_loader(outside, mark):
    """Has the loader of programs run one, which needs no right to execute it."""
    loader = next(
        path for path in ("/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1") if os.path.exists(path)
    )
    os.execv(loader, ["ld.so", "/bin/sh", "-c", f"touch {outside}/{mark}"])


def with_a_library_put_before(outside, mark):
    """Sets LD_PRELOAD and starts Python again."""
    os.environ.update(LD_PRELOAD="./mine.so", PYTHONSTARTUP="./net.py")
    os.execv(sys.executable, ["python", "-c", f"open({outside + '/' + mark!r}, 'w')"])


def a_process_of_multiprocessing():
    """Starts one, in each way that there is."""
    for way in ("fork", "spawn", "forkserver"):
        process = multiprocessing.get_context(way).Process(target=abs, args=(1,))
        try:
            process.start()
        except OSError:
            continue
        process.join(5)
        return way
    return None


def a_pool_of_processes():
    """Has a pool work for it."""
    with ProcessPoolExecutor(1) as pool:
        return pool.submit(abs, -1).result(5)


def by_asyncio():
    """Starts it from a loop of events."""

    async def run():
        return await (await asyncio.create_subprocess_exec(TRUE)).wait() == 0

    return asyncio.run(run())


def in_a_terminal_of_its_own():
    """Opens a terminal, and a process in it."""
    import pty

    process, terminal = pty.fork()
    if process == 0:
        os._exit(0)
    return process + terminal


def code_of_the_kernel():
    """Loads a module into the kernel."""
    descriptor = os.open("net.py", os.O_RDONLY)
    return done(libc().syscall(313, descriptor, b"", 0)) == 0
