"""Starts processes, or does something to others: signals, memory, scheduling, namespaces."""

import ctypes
import fcntl
import os
import resource
import signal
import struct
import time

from support.hostile.kernel import call, done, libc

# What does nothing to a process that does not ask for it.
HARMLESS = signal.SIGURG


def _alone(process):
    """In the new process, stay for a while; in the old one, give its number."""
    if process == 0:
        time.sleep(3)
        os._exit(0)
    return process


def a_fork():
    """Starts a copy of itself."""
    return _alone(os.fork())


def a_fork_by_the_c_library():
    """Calls fork there."""
    return _alone(done(libc().fork()))


def a_daemon():
    """Starts a copy of itself that nobody waits for."""
    if os.fork() == 0:
        os.setsid()
        _alone(os.fork())
        os._exit(0)
    return True


def a_fork_in_one_memory():
    """Makes the call vfork."""
    if call(58) == 0:
        libc()._exit(0)
    return True


def a_fork_by_number():
    """Makes the calls fork and clone."""
    for number, arguments in ((57, ()), (56, (signal.SIGCHLD, 0, 0, 0, 0))):
        try:
            return _alone(call(number, *arguments))
        except OSError:
            pass
    return None


def a_sibling():
    """Makes a process that its parent takes for one of its own."""
    return _alone(call(56, 0x8000 | signal.SIGCHLD, 0, 0, 0, 0))


def a_fork_by_clone3():
    """Makes the call clone3, whose arguments lie in memory."""
    arguments = (ctypes.c_uint64 * 11)()
    arguments[4] = signal.SIGCHLD
    return _alone(call(435, arguments, ctypes.sizeof(arguments)))


def countless_processes():
    """Starts copies of itself that start copies."""
    started = [os.fork() for _ in range(5)]
    if 0 in started:
        _alone(0)
    return started


def a_signal_to_the_parent(parent):
    """Sends one."""
    os.kill(parent, HARMLESS)
    return True


def a_signal_to_the_group(parent):
    """Sends one to its own group, and to the parent's."""
    for group in (0, -parent):
        try:
            os.kill(group, HARMLESS)
        except OSError:
            continue
        return True
    return None


def a_signal_to_all():
    """Sends one to all that it may send to."""
    os.kill(-1, HARMLESS)
    return True


def whether_another_lives(parent):
    """Sends nothing, which tells whether the process is there."""
    os.kill(parent, 0)
    return True


def a_signal_to_a_thread(parent):
    """Makes the calls tgkill and tkill."""
    try:
        return call(234, parent, parent, HARMLESS) == 0
    except OSError:
        return call(200, parent, HARMLESS) == 0


def a_signal_with_a_value(parent):
    """Sends one by sigqueue."""
    return done(libc().sigqueue(parent, HARMLESS, 1)) == 0


def a_signal_by_descriptor(parent):
    """Opens the process, and sends to that."""
    signal.pidfd_send_signal(os.pidfd_open(parent), HARMLESS)
    return True


def a_signal_by_a_pipe(parent):
    """Has a pipe send one to the parent when there is something to read."""
    reading, writing = os.pipe()
    fcntl.fcntl(reading, fcntl.F_SETOWN, parent)
    fcntl.fcntl(reading, fcntl.F_SETFL, os.O_ASYNC)
    fcntl.fcntl(reading, 10, HARMLESS)
    os.write(writing, b"x")
    return True


def a_signal_by_a_pipes_other_owner(parent):
    """Does the same by F_SETOWN_EX and by ioctl."""
    reading, _ = os.pipe()
    try:
        fcntl.fcntl(reading, 15, struct.pack("ii", 1, parent))
    except OSError:
        fcntl.ioctl(reading, 0x8901, struct.pack("i", parent))
    return True


def a_signal_by_a_folder():
    """Has a change in a folder send one; holds a lease on a file."""
    folder = os.open("/usr", os.O_RDONLY)
    try:
        fcntl.fcntl(folder, 1026, 0x80000001)
    except OSError:
        fcntl.fcntl(os.open("net.py", os.O_RDONLY), 1024, fcntl.F_RDLCK)
    return True


def the_hand_of_a_debugger(parent):
    """Attaches to the parent, and to itself for anybody."""
    try:
        return call(101, 0x4206, parent, 0, 0) == 0
    except OSError:
        return call(101, 0, 0, 0, 0) == 0


def the_parents_memory(parent):
    """Reads it, then writes to it, by the calls for that."""
    here = ctypes.create_string_buffer(8)
    piece = struct.pack("PN", ctypes.addressof(here), 8)
    try:
        return call(310, parent, piece, 1, piece, 1, 0)
    except OSError as error:
        # Before it knows of an address, the kernel asks whether it may at all.
        return error.errno == 14 or None


def the_parents_locks(parent):
    """Asks where its list of locks lies."""
    place, size = ctypes.c_void_p(), ctypes.c_size_t()
    return call(274, parent, ctypes.byref(place), ctypes.byref(size)) == 0


def a_descriptor_of_the_parents(parent):
    """Takes one from it."""
    return call(438, done(call(434, parent, 0)), 0, 0) >= 0


def the_namespaces_of_another(parent):
    """Goes there."""
    for kind in ("user", "mnt", "net", "pid"):
        descriptor = os.open(f"/proc/{parent}/ns/{kind}", os.O_RDONLY)
        done(libc().setns(descriptor, 0))
    return True


def namespaces_of_its_own():
    """Makes new ones, in which it would have every right."""
    for kind in (0x10000000, 0x20000, 0x20000000, 0x40000000):
        if libc().unshare(kind) == 0:
            return hex(kind)
    return None


def another_root():
    """Makes its own folder the root, from which the way up is open."""
    os.mkdir("jail")
    os.chroot("jail")
    return True


def a_root_turned_round():
    """Makes the calls pivot_root, mount and umount."""
    for number, arguments in (
        (155, (b".", b".")),
        (165, (b"none", b"/usr", b"tmpfs", 0, 0)),
        (166, (b"/usr", 2)),
        (429, (0, b".", 0, b"/usr", 0)),
        (428, (-100, b"/", 1)),
        (430, (b"tmpfs", 0)),
    ):
        try:
            call(number, *arguments)
        except OSError:
            continue
        return number
    return None


def the_parents_priority(parent):
    """Makes it slower."""
    os.setpriority(os.PRIO_PROCESS, parent, 19)
    return True


def the_parents_cores(parent):
    """Puts it on one core."""
    os.sched_setaffinity(parent, {0})
    return True


def the_parents_scheduling(parent):
    """Has it run when nothing else does."""
    os.sched_setscheduler(parent, os.SCHED_IDLE, os.sched_param(0))
    return True


def the_parents_limits(parent):
    """Reads them, then lowers them."""
    return resource.prlimit(parent, resource.RLIMIT_NOFILE)


def its_own_limits():
    """Raises them."""
    kind = resource.RLIMIT_CPU
    try:
        resource.setrlimit(kind, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    except ValueError:
        # What Python makes of a refusal.
        return None
    return True


def a_life_after_its_parents():
    """Has itself not be ended with its parent."""
    return done(libc().prctl(1, 0, 0, 0, 0)) == 0


def another_group():
    """Leaves its session and its group, so that it is not ended with them."""
    for leave in (os.setsid, lambda: os.setpgid(0, os.getppid()), lambda: os.setpgid(0, 0)):
        try:
            leave()
        except OSError:
            continue
        return True
    return None


def another_user():
    """Becomes somebody else."""
    os.setgroups([])
    os.setuid(12345)
    return True


def other_rights():
    """Takes all rights that there are."""
    header, rights = struct.pack("Ii", 0x20080522, 0), b"\xff" * 24
    return call(126, header, rights) == 0


def another_filter():
    """Adds a filter of calls that answers them in another way."""
    return done(libc().prctl(22, 2, struct.pack("HP", 0, 0), 0, 0)) == 0


def a_timer_that_outlives():
    """Makes a timer, and a queue of messages."""
    timer = ctypes.c_int()
    try:
        return call(222, 0, 0, ctypes.byref(timer)) == 0
    except OSError:
        return call(240, b"hostile", os.O_CREAT | os.O_RDWR, 0o600, 0) >= 0
