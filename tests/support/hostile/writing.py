"""Writes what is not its own: files, folders, libraries, modes, owners, times."""

import ctypes
import mmap
import os
import shutil
from pathlib import Path

from support.hostile.kernel import done, libc


def a_new_file(outside, mark):
    """Makes one in a folder outside."""
    return Path(outside, mark).write_text("new")


def more_at_the_end_of_a_file(victim):
    """Appends to a file outside."""
    with open(victim, "a") as file:
        return file.write("more")


def over_its_own_original(original):
    """Writes over the file that was handed in."""
    return Path(original).write_text("right = True")


def over_a_neighbours_file(neighbour):
    """Writes over it."""
    return Path(neighbour).write_text("right = False")


def truncation(victim):
    """Cuts a file outside, by path and by opening it."""
    try:
        os.truncate(victim, 1)
    except OSError:
        os.open(victim, os.O_RDONLY | os.O_TRUNC)
    return True


def removal(victim):
    """Removes a file outside."""
    os.unlink(victim)
    return True


def removal_of_a_folder(outside):
    """Removes a tree outside."""
    shutil.rmtree(outside)
    return True


def a_rename_from_outside(victim):
    """Moves a file from outside into its own folder."""
    os.rename(victim, "mine")
    return True


def a_rename_to_outside(outside, mark):
    """Moves its own file over one outside."""
    Path("mine").write_text("mine")
    os.replace("mine", Path(outside, mark))
    return True


def an_exchange(victim):
    """Exchanges its own file with one outside, in one step."""
    Path("mine").write_text("mine")
    done(libc().renameat2(-100, b"mine", -100, os.fsencode(victim), 2))
    return True


def a_hard_link_outside(outside, mark):
    """Gives its own file a name outside."""
    Path("mine").write_text("mine")
    os.link("mine", Path(outside, mark))
    return True


def a_hard_link_to_a_library(library):
    """Gives a library's file a name in its own folder, and changes it there."""
    os.link(library, "mine")
    os.utime("mine")
    return True


def a_symbolic_link_outside(outside, mark):
    """Makes one."""
    os.symlink("/", Path(outside, mark))
    return True


def through_a_symbolic_link(victim):
    """Writes to a link of its own that leads outside."""
    os.symlink(victim, "link")
    return Path("link").write_text("changed")


def a_folder_outside(outside, mark):
    """Makes one."""
    os.mkdir(Path(outside, mark))
    return True


def by_a_folders_descriptor(outside, mark):
    """Opens the folder, and makes a file below the descriptor."""
    folder = os.open(outside, os.O_RDONLY | os.O_DIRECTORY)
    return os.open(mark, os.O_CREAT | os.O_WRONLY, dir_fd=folder)


def a_file_without_a_name(outside):
    """Makes one in a folder outside."""
    return os.open(outside, os.O_TMPFILE | os.O_WRONLY)


def a_mode(victim):
    """Changes it for a file outside, and sees whether it has changed."""
    os.chmod(victim, 0o777)
    return os.stat(victim).st_mode & 0o777 == 0o777


def a_librarys_mode_by_its_descriptor(library):
    """Opens the file to read, which is allowed, and changes its mode by the descriptor."""
    before = os.stat(library).st_mode
    os.fchmod(os.open(library, os.O_RDONLY), before ^ 0o001)
    return os.stat(library).st_mode != before


def a_librarys_owner(library):
    """Gives it to somebody else."""
    before = os.stat(library).st_gid
    os.chown(library, -1, before + 1)
    return os.stat(library).st_gid != before


def a_librarys_times(library):
    """Sets them."""
    before = os.stat(library).st_mtime_ns
    os.utime(library, ns=(before + 10**9, before + 10**9))
    return os.stat(library).st_mtime_ns != before


def a_librarys_attributes(library):
    """Sets an extended one, by path and by descriptor."""
    for target in (library, os.open(library, os.O_RDONLY)):
        try:
            os.setxattr(target, "user.hostile", b"x")
        except OSError:
            continue
        return True
    return None


def beside_a_library(library, mark):
    """Makes a module where a library's lie."""
    return Path(library).with_name(f"{mark}.py").write_text("")


def over_a_library(library):
    """Writes a library's first byte over itself."""
    with open(library, "r+b") as file:
        first = file.read(1)
        file.seek(0)
        return file.write(first)


def compiled_code_of_a_library(library, mark):
    """Makes a file in the __pycache__ of a library."""
    return Path(library).parent.joinpath("__pycache__", f"{mark}.pyc").write_bytes(b"x")


def a_library_in_memory(library):
    """Opens it to read, and maps it to be written to."""
    with open(library, "rb") as file:
        mapped = mmap.mmap(file.fileno(), 1, mmap.MAP_SHARED, mmap.PROT_READ | mmap.PROT_WRITE)
    mapped[0] = mapped[0]
    return True


def the_checkers_own_code(mark):
    """Makes a file beside the modules of the checker."""
    import chainrule

    return Path(chainrule.__file__).with_name(mark).write_text("x")


def shared_memory(mark):
    """Makes a file in /dev/shm."""
    return Path("/dev/shm", mark).write_text("x")


def shared_memory_by_its_own_calls(mark):
    """Makes a piece of memory that is known by a name."""
    return done(libc().shm_open(f"/{mark}".encode(), os.O_CREAT | os.O_RDWR, 0o600)) >= 0


def shared_memory_by_key():
    """Makes a piece of memory that is known by a number."""
    return done(libc().shmget(0x68657265, 4096, 0o1600)) >= 0


def folders_of_temporary_files(temporary, mark):
    """Makes a file in each that it knows."""
    for folder in (temporary, "/tmp", "/var/tmp", "/run", "/run/user/0"):
        try:
            return Path(folder, mark).write_text("x")
        except OSError:
            pass
    return None


def above_its_own_folder(mark):
    """Makes a file in each of the folders above its own up to the root, but for those that are thrown away."""
    above = [folder for folder in Path.cwd().parents if "chainrule-" not in str(folder)]
    for folder in above:
        try:
            return Path(folder, mark).write_text("x")
        except OSError:
            pass
    return None


def a_pipe_outside(outside, mark):
    """Makes one that has a name."""
    os.mkfifo(Path(outside, mark))
    return True


def a_device():
    """Makes one of the memory of the machine."""
    os.mknod("memory", 0o20666, os.makedev(1, 1))
    return True


def the_systems_settings():
    """Writes to what the system says of its processors."""
    for path in Path("/sys/devices/system/cpu").glob("cpu*/online"):
        return os.open(path, os.O_WRONLY)


def devices_of_others():
    """Removes /dev/null, or makes another of it."""
    try:
        os.unlink("/dev/null")
    except OSError:
        os.rename("/dev/null", "/dev/zero")
    return True


def by_libraries_that_write(outside, mark):
    """Has NumPy, SQLite and logging write outside."""
    import logging
    import sqlite3

    import numpy

    for number, write in enumerate((
        lambda path: numpy.save(path, numpy.ones(3)),
        lambda path: sqlite3.connect(path).execute("create table t (x)"),
        lambda path: logging.FileHandler(path).emit(logging.makeLogRecord({})),
        lambda path: shutil.copyfile("net.py", path),
    )):  # fmt: skip
        try:
            write(str(Path(outside, f"{mark}{number}")))
        except (OSError, sqlite3.Error):
            continue
        return True
    return None


def a_file_onto_another(library, victim):
    """Copies within the kernel to a descriptor that is open to read."""
    source, target = os.open("net.py", os.O_RDONLY), os.open(library, os.O_RDONLY)
    try:
        return os.sendfile(target, source, 0, 10)
    except OSError:
        return os.copy_file_range(source, target, 10)


def what_was_not_written_yet():
    """Has everything that the machine has not written yet be written."""
    function = libc().syncfs
    descriptor = os.open("/usr", os.O_RDONLY)
    return done(function(ctypes.c_int(descriptor))) == 0
