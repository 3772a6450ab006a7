"""What the process of a user's file may take and do, held by the kernel: it can compute and answer, and nothing else.

Three measures of Linux hold at once, so that what one lets through another stops. What runs in an interpreter cannot
be kept in by that interpreter; none of this is Python's, and nothing in the process can take it back.

- A root of its own (user, mount, network, IPC and host-name namespaces): of the machine's files it sees those of Python
  and its libraries, and a folder in memory that is as large as it may become. There is no network in it, no /proc, and
  no capability over anything outside.
- Landlock: those files can be read, and that folder alone can be written to, whatever a mount or a descriptor offers;
  no signal and no socket reaches another process.
- seccomp: of the system's calls those are left that computing takes. No process can be started, so nothing outlives
  this one; no program, no socket, no other's memory, no change of limits, modes or owners.

Memory, processor time, descriptors and the size of files are limited beside, on every system that has the limits.
Wall time and output are limited from outside (:mod:`chainrule.gradcheck.sandbox.process`).

Sources: the manual pages user_namespaces(7), mount_namespaces(7), landlock(7), seccomp(2), seccomp_rule_add(3).
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import math
import os
import signal
import struct
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

LARGEST_FILE = 64 * 2**20
LARGEST_FOLDER = 512 * 2**20
"""Of the folder that may be written to, with what is copied into it (:mod:`chainrule.gradcheck.sandbox.staging`)."""

_MOST_FILES = 20_000
_MOST_DESCRIPTORS = 256

OWN_ROOT, LANDLOCK, SECCOMP, LIMITS = "own root", "landlock", "seccomp", "limits"
MEASURES: Mapping[str, str] = {
    OWN_ROOT: "no other file is seen, no network is there, and what is written is limited in size",
    LANDLOCK: "no other file is read or written",
    SECCOMP: "no program or process is started, no other one is reached, and there are no sockets",
    LIMITS: "memory, processor time and descriptors are limited",
}
"""Each measure, and what holds by it."""

_SYSTEM = (
    "/usr", "/lib", "/lib32", "/lib64", "/nix/store", "/gnu/store", "/etc/ld.so.cache", "/etc/ld.so.conf",
    "/etc/ld.so.conf.d", "/etc/alternatives", "/etc/localtime", "/etc/fonts", "/etc/mime.types",
    "/sys/devices/system/cpu",
)  # fmt: skip
"""What libraries of Python load or look up on the way, beside Python's own folders."""

_CHAINRULE = Path(__file__).parents[2]
_DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")
_COPIED = ("/proc/cpuinfo", "/proc/meminfo")
_LARGEST_COPIED = 2**20

Missing = dict[str, str]
"""Of each measure that does not hold: why."""


@contextlib.contextmanager
def confined(
    private: Path, apart: Sequence[Path], memory: int, seconds: float
) -> Iterator[tuple[Path, Missing]]:
    """From its end on this process can compute and answer, and nothing else, as far as the system gives it.

    Gives the folder that will be ``private`` then, to be filled within, and what does not hold, complete at the end.

    Args:
        private: a path at which there is nothing yet: the folder that may be written to.
        apart: folders that are not read, though Python may import from them or from a folder above.
        memory, seconds: as of :func:`limit`.
    """
    missing: Missing = {}
    readable = readable_folders([*apart, private])
    # First, as long as /proc says how much memory is in use.
    with _noted(LIMITS, missing):
        limit(memory, seconds)
    with own_root(private, readable, missing) as inside:
        yield inside, missing
    with _noted(LANDLOCK, missing):
        landlock(private, readable)
    with _noted(SECCOMP, missing):
        seccomp()


@contextlib.contextmanager
def _noted(measure: str, missing: Missing) -> Iterator[None]:
    """A measure that this system does not give is added to ``missing``."""
    try:
        yield
    except (OSError, AttributeError, ImportError, ValueError) as error:
        missing[measure] = str(getattr(error, "strerror", None) or error)


def refusal(missing: Missing) -> str:
    """Why code that nobody vouches for is not run, in a line."""
    reasons = "; ".join(f"no {name} ({why})" for name, why in missing.items())
    return (
        f"this system cannot keep other people's code in: {reasons}; run the check elsewhere, or give --trust-code if "
        "you would run that code yourself"
    )


def readable_folders(apart: Sequence[Path]) -> list[Path]:
    """Python and its libraries: where this process imports from, and where shared libraries lie.

    A folder on the path of imports that holds one of ``apart`` is left out: it holds more than libraries.
    """
    linked = os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep)
    python = [sys.prefix, sys.base_prefix, sys.exec_prefix, str(_CHAINRULE), *_SYSTEM]
    imported = [
        name
        for name in (*sys.path, *linked)
        if not any(place.is_relative_to(Path(name).resolve()) for place in apart)
    ]
    folders = dict.fromkeys(Path(name) for name in (*python, *imported) if name.startswith("/"))
    return [folder for folder in folders if folder.exists()]


def die_with_parent() -> None:
    """Let the system end this process when the one that started it is gone (Linux)."""
    if sys.platform == "linux":
        _libc().prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


# --- A root of its own --------------------------------------------------------------------------------------------

_CLONE_NEWNS, _CLONE_NEWUTS, _CLONE_NEWIPC = 0x20000, 0x4000000, 0x8000000
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_MS_NOSUID, _MS_NODEV, _MS_BIND, _MS_REC, _MS_PRIVATE = 2, 4, 4096, 16384, 1 << 18
_HOST = b"chainrule"
_MOUNT_POINT = Path("/proc")
"""Where the new root is put together: every system has it, and it is to be out of sight anyway."""


@contextlib.contextmanager
def own_root(private: Path, readable: Sequence[Path], missing: Missing) -> Iterator[Path]:
    """Within it, a new root is put together, into which this process goes at its end.

    Gives the folder that will be ``private`` then. Where the system does not let this process have a root of its own,
    that is ``private`` itself, and why is added to ``missing``.
    """
    inside = private
    with _noted(OWN_ROOT, missing):
        inside = _new_root(private, readable)
    if OWN_ROOT in missing:
        private.mkdir(parents=True)
    yield inside
    if OWN_ROOT not in missing:
        os.chroot(_MOUNT_POINT)
        os.chdir(private)


def _new_root(private: Path, readable: Sequence[Path]) -> Path:
    """Put a root together, and give the place in it of what will be ``private`` there.

    Raises:
        OSError: the system does not let this process have it; ValueError: ``private`` lies within ``readable``.
    """
    within = [path for path in readable if private.is_relative_to(path.resolve())]
    if within:
        raise ValueError(f"temporary files lie within {within[0]}; set TMPDIR to another place")
    copied = {name: _start_of(Path(name)) for name in _COPIED}
    _leave_namespaces()
    _mount("tmpfs", _MOUNT_POINT, "tmpfs", _MS_NOSUID | _MS_NODEV, "size=4m,nr_inodes=10000,mode=755")
    for path in [*_apart(readable), *map(Path, _DEVICES)]:
        _bind(path)
    for name, content in copied.items():
        place = _below(Path(name))
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    inside = _below(private)
    inside.mkdir(parents=True)
    size = f"size={LARGEST_FOLDER},nr_inodes={_MOST_FILES},mode=700"
    _mount("tmpfs", inside, "tmpfs", _MS_NOSUID | _MS_NODEV, size)
    return inside


def _leave_namespaces() -> None:
    """Namespaces of one's own for users, mounts, the network, IPC and the host's name."""
    libc = _libc()
    user, group = os.getuid(), os.getgid()
    spaces = _CLONE_NEWUSER | _CLONE_NEWNS | _CLONE_NEWNET | _CLONE_NEWIPC | _CLONE_NEWUTS
    _require(libc.unshare(spaces))
    _require(libc.sethostname(_HOST, len(_HOST)))
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        Path("/proc/self", name).write_text(text)
    _mount(None, Path("/"), None, _MS_REC | _MS_PRIVATE, None)


def _start_of(path: Path) -> bytes:
    with contextlib.suppress(OSError), path.open("rb") as file:
        return file.read(_LARGEST_COPIED)
    return b""


def _below(path: Path) -> Path:
    return _MOUNT_POINT / path.relative_to("/")


def _apart(paths: Iterable[Path]) -> list[Path]:
    """Paths under the names by which they are known and under their real ones, none below another."""
    both = {place for path in paths for place in (path, path.resolve())}
    kept: list[Path] = []
    for path in sorted(both, key=lambda path: len(path.parts)):
        if not any(path.is_relative_to(above) for above in kept):
            kept.append(path)
    return kept


def _bind(path: Path) -> None:
    place = _below(path)
    if path.is_dir():
        place.mkdir(parents=True, exist_ok=True)
    else:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()
    _mount(str(path), place, None, _MS_BIND | _MS_REC, None)


def _mount(source: str | None, target: Path, kind: str | None, flags: int, data: str | None) -> None:
    texts = [text and os.fsencode(text) for text in (source, str(target), kind, data)]
    _require(_libc().mount(texts[0], texts[1], texts[2], ctypes.c_ulong(flags), texts[3]))


# --- Landlock -----------------------------------------------------------------------------------------------------

# One number for every architecture.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION_FLAG, _RULE_PATH_BENEATH = 1, 1
_READ_FILE, _READ_DIR, _WRITE_FILE = 1 << 2, 1 << 3, 1 << 1
_REMOVE_DIR, _REMOVE_FILE, _MAKE_DIR, _MAKE_REG, _MAKE_SYM = 1 << 4, 1 << 5, 1 << 7, 1 << 8, 1 << 12
_REFER, _TRUNCATE = 1 << 13, 1 << 14
_OF_FILES = _READ_FILE | _WRITE_FILE | _TRUNCATE
# How many kinds of access, to files and to the network, and how many scopes each version knows.
_FILE_BITS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_NETWORK_BITS, _SCOPE_BITS = 2, 2


def landlock(private: Path, readable: Sequence[Path]) -> None:
    """From now on read ``readable`` and ``private`` alone, and write to ``private`` alone.

    Raises:
        OSError: the system has no Landlock.
    """
    version = _require(_syscall(_CREATE_RULESET, None, 0, _VERSION_FLAG))
    handled = (1 << _FILE_BITS.get(version, max(_FILE_BITS.values()))) - 1
    network = (1 << _NETWORK_BITS) - 1 if version >= 4 else 0
    scopes = (1 << _SCOPE_BITS) - 1 if version >= 6 else 0
    attributes = struct.pack("QQQ", handled, network, scopes)
    length = 24 if version >= 6 else 16 if version >= 4 else 8
    rules = _require(_syscall(_CREATE_RULESET, attributes, length, 0))
    written = (
        _READ_FILE | _READ_DIR | _WRITE_FILE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG | _MAKE_SYM
    )
    _allow(rules, private, (written | _REFER | _TRUNCATE) & handled)
    for path in [*readable, *map(Path, (*_DEVICES, *_COPIED))]:
        if path.exists():
            _allow(rules, path, _READ_FILE | _READ_DIR)
    _allow(rules, Path(os.devnull), _OF_FILES & handled)
    _require(_libc().prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    _require(_syscall(_RESTRICT_SELF, rules, 0))
    os.close(rules)


def _allow(rules: int, path: Path, access: int) -> None:
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        allowed = access if path.is_dir() else access & _OF_FILES
        _require(_syscall(_ADD_RULE, rules, _RULE_PATH_BENEATH, struct.pack("=Qi", allowed, descriptor), 0))
    finally:
        os.close(descriptor)


# --- seccomp ------------------------------------------------------------------------------------------------------

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
            _require_zero(library.seccomp_rule_add_array(context, action, number, len(compared), terms))

    _require_zero(library.seccomp_attr_set(context, _TSYNC, 1))
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
    _require_zero(library.seccomp_load(context))
    library.seccomp_release(context)


# --- Limits -------------------------------------------------------------------------------------------------------


def limit(memory: int, seconds: float) -> None:
    """Set what the system will not let this process exceed.

    Args:
        memory: MB on top of what is in use now.
        seconds: of processor time.

    Raises:
        OSError: the system does not say how much memory is in use; ImportError: it has no such limits.
    """
    import resource

    processor = math.ceil(seconds) + 1
    _bound(resource.RLIMIT_CPU, processor)
    _bound(resource.RLIMIT_FSIZE, LARGEST_FILE)
    _bound(resource.RLIMIT_CORE, 0)
    _bound(resource.RLIMIT_NOFILE, _MOST_DESCRIPTORS)
    # The address space is the one kind of memory that the system lets a process limit.
    _bound(resource.RLIMIT_AS, _address_space() + memory * 2**20)


def _bound(kind: int, value: int) -> None:
    import resource

    _, most = resource.getrlimit(kind)
    bound = value if most == resource.RLIM_INFINITY else min(value, most)
    resource.setrlimit(kind, (bound, bound))


def _address_space() -> int:
    """Bytes in use."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")


# --- The system's calls -------------------------------------------------------------------------------------------

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38


def _libc() -> Any:
    """The C library.

    Raises:
        OSError: this is not Linux, and the numbers here mean something else, if anything.
    """
    if sys.platform != "linux":
        raise OSError(errno.ENOSYS, f"{sys.platform} has nothing like it that is used here")
    return ctypes.CDLL(None, use_errno=True)


def _syscall(number: int, *arguments: Any) -> int:
    result: int = _libc().syscall(number, *(ctypes.c_long(a) if isinstance(a, int) else a for a in arguments))
    return result


def _require(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def _require_zero(result: int) -> None:
    if result:
        raise OSError(-result, os.strerror(-result))
