"""Reads what is not its own: files, names, sizes, the memory and the environment of others."""

import ctypes
import importlib
import linecache
import os
import stat
import sys
from pathlib import Path

from support.hostile.kernel import call, done, libc


def a_file_in_the_home_folder(secret):
    """Opens it."""
    return Path(secret).read_text()


def the_home_folder_by_its_sign():
    """Asks the system's list of users where the home folder is, and lists it."""
    return [os.path.expanduser(f"~{name}") for name in ("root", "nobody") if os.listdir(f"/{name}")]


def the_list_of_users():
    """Opens /etc/passwd."""
    return Path("/etc/passwd").read_text()


def the_list_of_passwords():
    """Opens /etc/shadow."""
    return Path("/etc/shadow").read_text()


def the_parents_environment(parent):
    """Opens it in /proc."""
    return Path(f"/proc/{parent}/environ").read_bytes()


def an_inherited_variable(variable):
    """Looks for it in its own environment."""
    return os.environ.get(variable) or [name for name, value in os.environ.items() if "token-" in value]


def the_parents_memory(parent):
    """Opens it in /proc."""
    with open(f"/proc/{parent}/maps") as maps, open(f"/proc/{parent}/mem", "rb") as memory:
        memory.seek(int(maps.readline().partition("-")[0], 16))
        return memory.read(16)


def the_parents_arguments(parent):
    """Opens them in /proc."""
    return Path(f"/proc/{parent}/cmdline").read_bytes()


def the_parents_folder(parent):
    """Goes there by /proc."""
    return os.listdir(f"/proc/{parent}/cwd")


def the_root_of_another(parent, secret):
    """Opens a file below the root of the parent, or of process 1."""
    for process in (parent, 1, "self"):
        if os.path.exists(f"/proc/{process}/root{secret}"):
            return True
    return os.listdir("/proc/self")


def a_neighbours_file(neighbour):
    """Opens it."""
    return Path(neighbour).read_text()


def a_neighbours_module(neighbour):
    """Imports it."""
    sys.path.insert(0, os.path.dirname(neighbour))
    importlib.invalidate_caches()
    try:
        return importlib.import_module(Path(neighbour).stem).ANSWER
    except ModuleNotFoundError:
        return None


def what_lies_above(mark):
    """Looks in the folders above its own for names that it knows."""
    folder = Path.cwd()
    return [str(path) for above in folder.parents for path in above.glob(f"*{mark}*")]


def the_names_of_files(mark):
    """Looks through the folders at the root for a name that it knows."""
    names = []
    for top in ("/", "/home", "/root", "/tmp", "/var", "/mnt", "/media", "/srv", "/run"):
        for folder, below, files in os.walk(top):
            names += [os.path.join(folder, name) for name in below + files if mark in name]
            if folder.count("/") > 4 or folder.startswith(("/proc", "/sys", "/usr", "/lib")):
                below.clear()
    return names


def the_size_of_a_file(secret):
    """Asks for it."""
    return os.stat(secret).st_size


def whether_there_is_a_file(secret):
    """Asks whether it could be read."""
    return os.access(secret, os.F_OK) or os.path.lexists(secret)


def how_full_the_disk_is(outside):
    """Asks the file system of a folder."""
    return os.statvfs(outside).f_blocks


def the_attributes_of_a_file(secret):
    """Asks for the extended ones."""
    return [os.listxattr(secret)]


def a_path_without_a_descriptor(secret):
    """Opens with O_PATH, which needs no right to read."""
    return os.open(secret, os.O_PATH)


def descriptors_left_open():
    """Looks for any that is no pipe, and reads from it."""
    opened = []
    for descriptor in range(3, 1024):
        try:
            kind = os.fstat(descriptor).st_mode
        except OSError:
            continue
        if not stat.S_ISFIFO(kind):
            opened.append((descriptor, oct(kind)))
    return opened


def through_a_symbolic_link(secret):
    """Makes a link to the file, and opens that."""
    os.symlink(secret, "link")
    return Path("link").read_text()


def through_a_hard_link(secret):
    """Gives the file a name in its own folder."""
    os.link(secret, "hard")
    return Path("hard").read_text()


def up_and_down(secret):
    """Goes up as far as it goes, and down from there."""
    for _ in range(50):
        os.chdir("..")
    return Path(secret.lstrip("/")).read_text()


def through_the_c_library(secret):
    """Opens with fopen."""
    function = libc().open
    return done(function(os.fsencode(secret), os.O_RDONLY)) > 0


def by_number(secret):
    """Opens with the calls open, openat and openat2."""
    at = -100
    for number, arguments in ((2, (secret,)), (257, (at, secret)), (437, (at, secret))):
        try:
            how = (ctypes.c_uint64 * 3)()
            encoded = [os.fsencode(a) if isinstance(a, str) else a for a in arguments]
            return call(number, *encoded, ctypes.byref(how) if number == 437 else 0, 24) > 0
        except OSError:
            pass
    return None


def by_handle(secret):
    """Makes a handle of the file, which needs no right to read, and opens that."""
    handle = ctypes.create_string_buffer(136)
    ctypes.c_uint.from_buffer(handle).value = 128
    mount = ctypes.c_int()
    return call(303, -100, os.fsencode(secret), handle, ctypes.byref(mount), 0) == 0


def by_libraries_that_read(secret):
    """Has NumPy, linecache and SQLite open the file."""
    import sqlite3

    import numpy

    for read in (
        lambda: linecache.getlines(secret),
        lambda: numpy.fromfile(secret, dtype="u1").tobytes(),
        lambda: numpy.memmap(secret, dtype="u1", mode="r").tobytes(),
        lambda: numpy.loadtxt(secret, dtype=str),
    ):
        try:
            got = read()
        except OSError:
            continue
        if len(got):
            return got
    try:
        return sqlite3.connect(f"file:{secret}?mode=ro", uri=True).execute("pragma page_count")
    except sqlite3.Error:
        return None


def by_an_error_that_shows_the_line(secret):
    """Raises an exception in code that it calls by the name of the file."""
    try:
        exec(compile("1 / 0", secret, "exec"))
    except ZeroDivisionError as error:
        import traceback

        lines = traceback.format_exception(error)
        return [line for line in lines if "token-" in line]


def devices():
    """Looks for disks, memory, the terminal and the log of the kernel."""
    for name in ("mem", "kmem", "kmsg", "tty", "vda", "sda", "nvme0n1", "fuse", "pts/0", "console", "loop0"):
        try:
            return [os.open(f"/dev/{name}", os.O_RDONLY | os.O_NONBLOCK), name]
        except OSError:
            pass
    return None


def mount_points():
    """Opens the list of them."""
    return Path("/proc/self/mountinfo").read_text()


def the_networks_of_the_machine():
    """Lists them."""
    return os.listdir("/sys/class/net")


def the_log_of_the_kernel():
    """Asks how long it is."""
    return done(libc().klogctl(10, None, 0)) > 0


def the_name_of_the_machine(host):
    """Asks for it."""
    return os.uname().nodename == host and host


def what_changes_in_a_folder(outside):
    """Has itself told by inotify."""
    descriptor = done(libc().inotify_init1(0))
    return done(libc().inotify_add_watch(descriptor, os.fsencode(outside), 0xFFF)) > 0


def which_processes_there_are(parent):
    """Asks for the group, the session, the cores and the scheduling of another."""
    for ask in (os.getpgid, os.getsid, os.sched_getaffinity, os.sched_getscheduler, os.sched_getparam):
        try:
            return [ask.__name__, ask(parent)]
        except OSError:
            pass
    return None
