"""Takes more than its share: memory, processor time, time, threads, descriptors, the disk, output."""

import hashlib
import itertools
import mmap
import os
import signal
import sys
import threading
import time

LIMITS = {"memory": 300, "output": 1}
BRIEF = (
    "memory_of_one_huge_number", "memory_by_recursion", "processor_time_in_threads",
    "processor_time_with_its_signal_ignored", "an_endless_loop", "an_endless_loop_in_c",
    "an_endless_loop_that_hears_no_signals", "an_endless_loop_that_catches_all", "an_endless_product",
    "an_endless_match", "sleep", "a_lock_that_nobody_opens", "a_stop",
)  # fmt: skip
_MEMORY, _SLOW, _OUTPUT = "needs more than 300 MB of memory", "still runs after 1 s", "prints more than 1 MB"
ENDS = dict.fromkeys(BRIEF, _SLOW) | {
    "memory_in_bytes": _MEMORY,
    "memory_in_arrays": _MEMORY,
    "memory_in_an_endless_list": _MEMORY,
    "memory_of_one_huge_number": f"{_MEMORY}|{_SLOW}",
    "memory_by_recursion": f"{_MEMORY}|{_SLOW}|crashed",
    "the_stack_of_c": "crashed outside of Python|RecursionError",
    "processor_time_in_threads": f"processor time|{_SLOW}|was killed",
    "processor_time_with_its_signal_ignored": f"was killed|{_SLOW}",
    "an_endless_product": f"{_SLOW}|processor time",
    "output": _OUTPUT,
    "output_without_lines": _OUTPUT,
    "output_past_python": _OUTPUT,
    "output_of_a_thread": _OUTPUT,
}


def memory_in_bytes():
    """Asks for more and more of them."""
    return [bytearray(10**8) for _ in range(100)]


def memory_in_arrays():
    """Asks NumPy for more and more."""
    import numpy

    return [numpy.ones(10**7) for _ in range(100)]


def memory_in_an_endless_list():
    """Makes a list of all numbers."""
    return list(itertools.count())


def memory_of_one_huge_number():
    """Computes a number of many digits."""
    return 1 << (10**11)


def memory_by_mapping():
    """Maps memory, shared and its own."""
    for flags in (mmap.MAP_SHARED | mmap.MAP_ANONYMOUS, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS):
        try:
            return len(mmap.mmap(-1, 10**9, flags))
        except OSError:
            pass
    return None


def memory_by_a_file():
    """Maps a file that is larger than what it may take."""
    with open("file", "wb+") as file:
        os.truncate(file.fileno(), 10**9)
        return len(mmap.mmap(file.fileno(), 10**9))


def memory_by_recursion():
    """Calls itself for ever."""
    sys.setrecursionlimit(10**9)

    def again(depth):
        return again(depth + 1) + 1

    return again(0)


def the_stack_of_c():
    """Nests a list so deeply that what shows it needs all of the stack."""
    sys.setrecursionlimit(10**9)
    nested = []
    for _ in range(10**6):
        nested = [nested]
    return repr(nested)


def threads():
    """Starts them without end."""
    wait, started = threading.Event(), 0
    try:
        for _ in range(5000):
            threading.Thread(target=wait.wait, daemon=True).start()
            started += 1
    except (RuntimeError, MemoryError):
        wait.set()
    return started >= 5000


def descriptors():
    """Opens the same file again and again."""
    return [os.open("net.py", os.O_RDONLY) for _ in range(5000)]


def memory_in_pipes():
    """Makes pipes that hold a megabyte each."""
    import fcntl

    reading, _ = os.pipe()
    return fcntl.fcntl(reading, 1031, 2**20) > 2**16


def locked_memory():
    """Has memory kept from being put aside."""
    from ctypes import CDLL

    return CDLL(None).mlockall(3) == 0


def processor_time_in_threads():
    """Computes in several threads at once."""
    work = [
        threading.Thread(target=hashlib.pbkdf2_hmac, args=("sha256", b"x", b"x", 10**9)) for _ in range(4)
    ]
    for thread in work:
        thread.start()
    for thread in work:
        thread.join()


def processor_time_with_its_signal_ignored():
    """Ignores the signal that tells that it is over."""
    for name in ("SIGXCPU", "SIGTERM", "SIGUSR1", "SIGINT", "SIGALRM"):
        signal.signal(getattr(signal, name), signal.SIG_IGN)
    processor_time_in_threads()


def an_endless_loop():
    """Does nothing, for ever."""
    while True:
        pass


def an_endless_loop_in_c():
    """Has the interpreter add numbers, for ever."""
    return sum(itertools.count())


def an_endless_loop_that_hears_no_signals():
    """Ignores all that can be ignored."""
    for number in set(signal.valid_signals()) - {signal.SIGKILL, signal.SIGSTOP, 32, 33}:
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    an_endless_loop()


def an_endless_loop_that_catches_all():
    """Goes on whatever is raised."""
    while True:
        try:
            an_endless_loop()
        except BaseException:
            pass


def an_endless_product():
    """Multiplies matrices within NumPy, for ever."""
    import numpy

    matrix = numpy.ones((1000, 1000))
    while True:
        matrix @ matrix


def an_endless_match():
    """Looks for a pattern that takes for ever."""
    import re

    return re.match("(a+)+$", "a" * 60 + "b")


def sleep():
    """Sleeps."""
    time.sleep(10**6)


def a_lock_that_nobody_opens():
    """Waits for it."""
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()


def a_stop():
    """Stops itself, so that it hears nothing any more."""
    os.kill(os.getpid(), signal.SIGSTOP)


def output():
    """Prints without end."""
    while True:
        print("x" * 1000)


def output_without_lines():
    """Prints without end on one line."""
    while True:
        sys.stderr.write("x" * 10**6)


def output_past_python():
    """Writes to where output goes without Python."""
    while True:
        os.write(1, b"\0" * 10**5)


def output_of_a_thread():
    """Prints from a thread, while it looks busy."""
    threading.Thread(target=output, daemon=True).start()
    time.sleep(10**6)


def steering_of_the_terminal():
    """Prints what clears a terminal, sets its title and answers in the place of its user."""
    print("\x1b[2J\x1b]0;right\x07\x1b[6n\x1bc" * 100, "\u202e", flush=True)


def the_disk():
    """Fills it with files, each no larger than is allowed."""
    block = b"x" * 2**22
    for number in range(200):
        with open(f"large{number}", "wb") as file:
            for _ in range(8):
                file.write(block)
    return True


def the_disk_with_a_sparse_file():
    """Makes a file of a terabyte that holds nothing."""
    with open("sparse", "wb") as file:
        file.truncate(10**12)
    return True


def the_disk_ahead(mark):
    """Has blocks set aside for a file of a terabyte."""
    descriptor = os.open(mark, os.O_CREAT | os.O_WRONLY)
    os.posix_fallocate(descriptor, 0, 10**12)
    return True


def countless_files():
    """Makes more files than a disk has room for the names of."""
    folder = os.open(".", os.O_RDONLY)
    for number in range(30_000):
        os.close(os.open(str(number), os.O_CREAT | os.O_WRONLY, dir_fd=folder))
    return True
