"""seccomp: of the system's calls those are left that computing takes. No process can be started, so nothing outlives
this one; no program, no socket, no other's memory, no change of limits, modes or owners.

Sources: the manual pages seccomp(2), seccomp_rule_add(3).
"""

from __future__ import annotations

import ctypes
import errno
import os
from collections.abc import Mapping

from chainrule.gradcheck.sandbox.system_calls import require_zero

_ALLOWED = """
brk mmap munmap mremap mprotect madvise mincore msync membarrier
read pread64 readv preadv preadv2 write pwrite64 writev pwritev pwritev2 lseek open openat creat close close_range
fstat newfstatat stat lstat statx access faccessat faccessat2 getdents getdents64 readlink readlinkat getcwd chdir
fchdir dup dup2 dup3 pipe pipe2 mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2 link linkat symlink
symlinkat ftruncate fallocate fsync fdatasync fadvise64 copy_file_range sendfile statfs fstatfs umask
futex get_robust_list set_robust_list rseq set_tid_address exit exit_group gettid getpid getppid sched_yield
sched_get_priority_max sched_get_priority_min
nanosleep clock_nanosleep clock_gettime clock_getres gettimeofday time times getrusage getitimer setitimer alarm
rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigsuspend sigaltstack pause restart_syscall
poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait eventfd2
timerfd_create timerfd_settime timerfd_gettime
getuid geteuid getgid getegid getgroups getresuid getresgid getpgrp uname sysinfo getrlimit getrandom
getcpu arch_prctl
"""
"""Memory, files (which of them, Landlock and the root say), threads of one's own, time, waiting, asking who one is."""

_DONE_WITHOUT_EFFECT = """
chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat utime utimes utimensat futimesat flock
"""
"""Modes, owners, times and locks: Landlock leaves them alone. Copying a file sets them, so that a refusal would be in
the way of code that does no harm."""

_UNKNOWN = """
clone3 openat2 epoll_pwait2 futex_waitv mseal cachestat map_shadow_stack set_mempolicy mbind get_mempolicy
io_uring_setup process_madvise pkey_alloc memfd_secret inotify_init1
"""
"""Answered as by an older kernel: libraries then take another way. Above all, threads by clone3, whose flags cannot be
looked at, are then made by clone."""

_NOT_SUPPORTED = """
getxattr lgetxattr fgetxattr setxattr lsetxattr fsetxattr listxattr llistxattr flistxattr removexattr lremovexattr
fremovexattr
"""
"""Answered as by a file system that has no such attributes: copying a file does without them then."""

_ONLY_WITH: Mapping[str, tuple[int, tuple[int, ...]]] = {
    # Asking and duplicating; not who gets a signal when there is something to read (F_SETOWN, F_SETSIG).
    "fcntl": (1, (0, 1, 2, 3, 4, 5, 36, 1030, 1032)),
    # Whether this is a terminal and how wide, how much there is to read; not what gives orders to devices.
    "ioctl": (1, (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)),
    # Names of threads and of memory; not what another may do to this process, or it to itself.
    "prctl": (0, (3, 15, 16, 0x53564D41)),
}
"""Calls of many uses: the argument that says which, and the values of it that are left."""

_LOCKS = 6, 7, 37, 38
"""What fcntl does without effect, as flock above: others of this machine open the same libraries and devices."""

_OF_A_PROCESS = "getpgid getsid sched_getaffinity sched_getparam sched_getscheduler"
"""Calls about a process: left for this one."""

_CLONE_THREAD = 0x10000
_ALLOW, _ERRNO, _NOT_EQUAL, _EQUAL, _MASKED_EQUAL, _TSYNC = 0x7FFF0000, 0x00050000, 1, 4, 7, 4


class _CallArgument(ctypes.Structure):
    """An argument of a call and what it is compared with: ``struct scmp_arg_cmp``."""

    _fields_ = (("arg", ctypes.c_uint), ("op", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64))


def seccomp() -> None:
    """From now on make none of the system's calls but those above.

    Raises:
        OSError: the system has no seccomp, or the library that writes its programs, libseccomp, is not there.
    """
    library = ctypes.CDLL("libseccomp.so.2")
    library.seccomp_init.restype = ctypes.c_void_p
    context = ctypes.c_void_p(library.seccomp_init(_ERRNO | errno.EPERM))

    def rule(action: int, call: str, *compared: _CallArgument) -> None:
        number = library.seccomp_syscall_resolve_name(call.encode())
        if number >= 0:
            terms = (_CallArgument * len(compared))(*compared)
            require_zero(library.seccomp_rule_add_array(context, action, number, len(compared), terms))

    require_zero(library.seccomp_attr_set(context, _TSYNC, 1))
    for calls, action in (
        (_ALLOWED, _ALLOW),
        (_DONE_WITHOUT_EFFECT, _ERRNO),
        (_UNKNOWN, _ERRNO | errno.ENOSYS),
        (_NOT_SUPPORTED, _ERRNO | errno.ENOTSUP),
    ):
        for call in calls.split():
            rule(action, call)
    for call, (place, values) in _ONLY_WITH.items():
        for value in values:
            rule(_ALLOW, call, _CallArgument(place, _EQUAL, value, 0))
    for lock in _LOCKS:
        rule(_ERRNO, "fcntl", _CallArgument(1, _EQUAL, lock, 0))
    # Threads of this process: nothing that has a life of its own.
    rule(_ALLOW, "clone", _CallArgument(0, _MASKED_EQUAL, _CLONE_THREAD, _CLONE_THREAD))
    # Signals to itself, as abort() sends one; nobody else's limits, and none that are set.
    for call in ("kill", "tgkill"):
        rule(_ALLOW, call, _CallArgument(0, _EQUAL, os.getpid(), 0))
    for call in _OF_A_PROCESS.split():
        for process in (0, os.getpid()):
            rule(_ALLOW, call, _CallArgument(0, _EQUAL, process, 0))
    rule(_ALLOW, "prlimit64", _CallArgument(0, _EQUAL, 0, 0), _CallArgument(2, _EQUAL, 0, 0))
    require_zero(library.seccomp_load(context))
    library.seccomp_release(context)
