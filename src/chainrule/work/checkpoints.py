"""Checkpoints: a safetensors file for each running population, overwritten as it goes on."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.errors import StoreError
from chainrule.inputs import opened, parsed_json
from chainrule.tensors import digest
from chainrule.text import excerpt
from chainrule.train.state import State
from chainrule.version import FIRST, installed_version

FOLDER = "checkpoints"
LARGEST = 2**36
"""Bytes of the largest checkpoint; headers are read from its first bytes."""
_VERSION = "2"
"""Of the form, since version 0.1.0: another where a net's arrays have other names or another meaning. What only nets
have that an older version could not train needs none."""


@dataclass(frozen=True)
class Header:
    """What a checkpoint says of itself; see :class:`Checkpoint`."""

    members: tuple[str, ...]
    epoch: int
    until: int


@dataclass(frozen=True)
class Checkpoint:
    """A population as it stood between two epochs.

    Attributes:
        members: ids, by slot: member number i of the state is ``members[i]``.
        seeds: of their random streams, each once, which (seed, epoch) keys: no other random state is needed.
        until: the epoch that it was trained to.
        state: weights, running values, curves.
    """

    members: tuple[str, ...]
    seeds: tuple[int, ...]
    until: int
    state: State

    def to_bytes(self) -> bytes:
        """The content of its file."""
        from safetensors.numpy import save

        same = _same(self.state.arrays)
        arrays = {n: np.ascontiguousarray(array) for n, array in self.state.arrays.items() if n not in same}
        about = {
            "version": _VERSION,
            "written_by": installed_version(),
            "members": json.dumps(self.members),
            "seed": " ".join(map(str, self.seeds)),
            "epoch": str(self.state.epoch),
            "until": str(self.until),
            "same": json.dumps(same),
        }
        return save(arrays, about | {"sha256": digest(about, arrays)})


def file_name(members: Sequence[str]) -> str:
    """The file of these members, by slot, below the folder of results: the same at every epoch."""
    return f"{FOLDER}/{hashlib.sha256(' '.join(members).encode()).hexdigest()[:16]}.safetensors"


def read(path: Path) -> Checkpoint:
    """The checkpoint in a file.

    Raises:
        StoreError: it cannot be read, is damaged or was written by another version.
    """
    with _opened(path) as file:
        about = _about(path, file)
        arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no mapping
        header, checksum = _said(about), about.pop("sha256")
        if checksum != digest(about, arrays):
            raise ValueError("its checksum is another")
        arrays |= {name: arrays[held] for name, held in parsed_json(about["same"].encode()).items()}
        if any(array.shape[:1] != (len(header.members),) for array in arrays.values()):
            raise ValueError("it has not one entry for each of its members")
        seeds = tuple(map(int, about["seed"].split()))
        return Checkpoint(header.members, seeds, header.until, State(header.epoch, arrays))


def _header(path: Path) -> Header:
    """What a file says of itself, from its first bytes; a file cut short is noticed.

    Raises:
        StoreError: as :func:`read`.
    """
    with _opened(path) as file:
        return _said(_about(path, file))


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[Any]:
    from safetensors import SafetensorError, safe_open

    with opened(path, LARGEST, StoreError, "delete it"):
        try:
            with safe_open(path, "numpy") as file:
                yield file
        except (SafetensorError, ValueError, LookupError, TypeError, AttributeError, OverflowError) as error:
            raise StoreError(f"{path}: is damaged: {excerpt(error)}") from error


def _about(path: Path, file: Any) -> dict[str, str]:
    about: dict[str, str] = file.metadata() or {}
    if about.get("version") != _VERSION:
        by = about.get("written_by", FIRST)
        raise StoreError(
            f"{path}: is a checkpoint of chainrule {excerpt(by)}; {installed_version()} does not go on from it"
        )
    if not about.keys() >= {"members", "seed", "epoch", "until", "same", "sha256"}:
        raise ValueError("it does not say of which nets it is")
    return about


def _said(about: dict[str, str]) -> Header:
    members = parsed_json(about["members"].encode())
    if not isinstance(members, list) or not all(isinstance(member, str) for member in members):
        raise ValueError("it names no members")
    return Header(tuple(members), int(about["epoch"]), int(about["until"]))


def _same(arrays: Mapping[str, NDArray[Any]]) -> dict[str, str]:
    """Which arrays equal one before them: the last weights are mostly the best, too, and need no second copy."""
    held: dict[str, list[str]] = {}
    same = {}
    for name, array in arrays.items():
        others = held.setdefault(name.rpartition(".")[2], [])
        equal = next((other for other in others if _identical(arrays[other], array)), None)
        if equal is None:
            others.append(name)
        else:
            same[name] = equal
    return same


def _identical(first: NDArray[Any], second: NDArray[Any]) -> bool:
    """Whether two arrays are equal to the bit: 0 is not -0, and NaN is itself."""
    if first.dtype != second.dtype:
        return False
    bits = np.dtype(f"u{first.itemsize}")
    return np.array_equal(first.view(bits), second.view(bits))


class Shelf:
    """The checkpoints of a folder as they lie there now.

    Attributes:
        headers: by file name below the folder, the newest first.
        notes: about those that cannot be used, a line each.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sound: set[str] = set()
        self.notes: list[str] = []
        headers = []
        for path in sorted((folder / FOLDER).glob("*.safetensors")):
            try:
                headers.append((f"{FOLDER}/{path.name}", _header(path)))
            except StoreError as error:
                self._refuse(error)
        self.headers = dict(sorted(headers, key=lambda item: -item[1].epoch))

    def newest(self, member: str, until: int | None = None) -> tuple[str, Header] | None:
        """The sound file that holds a member at the latest epoch, up to ``until`` where that is given."""
        for file, header in list(self.headers.items()):
            reached = until is None or header.epoch <= until
            if reached and member in header.members and self._is_sound(file):
                return file, header
        return None

    def _is_sound(self, file: str) -> bool:
        if file not in self._sound:
            try:
                read(self._folder / file)
            except StoreError as error:
                self._refuse(error)
                del self.headers[file]
                return False
            self._sound.add(file)
        return True

    def _refuse(self, error: StoreError) -> None:
        self.notes.append(f"{error}; what it held is trained again from an earlier point")
