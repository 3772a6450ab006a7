"""Landlock: Python's files can be read, and one folder can be written to, whatever a mount or a descriptor offers; no
signal and no socket reaches another process.

Source: the manual page landlock(7).
"""

from __future__ import annotations

import os
import struct
from collections.abc import Sequence
from pathlib import Path

from chainrule.gradcheck.sandbox.own_root import COPIED, DEVICES
from chainrule.gradcheck.sandbox.system_calls import PR_SET_NO_NEW_PRIVS, libc, require, syscall

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
    version = require(syscall(_CREATE_RULESET, None, 0, _VERSION_FLAG))
    handled = (1 << _FILE_BITS.get(version, max(_FILE_BITS.values()))) - 1
    network = (1 << _NETWORK_BITS) - 1 if version >= 4 else 0
    scopes = (1 << _SCOPE_BITS) - 1 if version >= 6 else 0
    attributes = struct.pack("QQQ", handled, network, scopes)
    length = 24 if version >= 6 else 16 if version >= 4 else 8
    rules = require(syscall(_CREATE_RULESET, attributes, length, 0))
    written = (
        _READ_FILE | _READ_DIR | _WRITE_FILE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG | _MAKE_SYM
    )
    _allow(rules, private, (written | _REFER | _TRUNCATE) & handled)
    for path in [*readable, *map(Path, (*DEVICES, *COPIED))]:
        if path.exists():
            _allow(rules, path, _READ_FILE | _READ_DIR)
    _allow(rules, Path(os.devnull), _OF_FILES & handled)
    require(libc().prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    require(syscall(_RESTRICT_SELF, rules, 0))
    os.close(rules)


def _allow(rules: int, path: Path, access: int) -> None:
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        allowed = access if path.is_dir() else access & _OF_FILES
        require(syscall(_ADD_RULE, rules, _RULE_PATH_BENEATH, struct.pack("=Qi", allowed, descriptor), 0))
    finally:
        os.close(descriptor)
