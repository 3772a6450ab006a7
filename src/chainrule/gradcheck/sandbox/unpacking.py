"""A zip of submissions unpacked into a folder of ours; refused as a whole when unpacking it could do harm."""

from __future__ import annotations

import io
import shutil
import stat
import zipfile
import zlib
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path, PurePosixPath

from chainrule.errors import CheckError
from chainrule.inputs import opened
from chainrule.text import encodable, excerpt

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Those that Python unpacks piece by piece: 64 KB of the others may be a gigabyte in memory."""

LARGEST_ZIP = 2**32
"""Bytes of the largest zip that is looked into."""

_DEEPEST = 50
_DIRECTORY_ENTRY = 400
"""Bytes that the entry of a file in a zip's directory takes at most, as far as people name files."""


@dataclass(frozen=True)
class Bounds:
    """How much is unpacked: bytes, and files."""

    size: int
    files: int


def unpack(path: Path, folder: Path, bounds: Bounds, called: str = "") -> None:
    """Unpack the zip at ``path`` into ``folder``.

    Args:
        path: where it lies.
        folder: where its files go.
        bounds: how much they may be.
        called: what to call it in an error, if not by its path.

    Raises:
        CheckError: it is no zip, damaged, encrypted, too large, or has a member that is a link, or that would lie
            outside of the folder or in the place of another.
    """
    called = called or encodable(str(path))
    with opened(path, LARGEST_ZIP, CheckError, "give a zip, or a folder", any_name=True) as file:
        _unpack(file, folder, bounds, called)


def _unpack(file: BufferedReader, folder: Path, bounds: Bounds, called: str) -> None:
    try:
        with zipfile.ZipFile(_Bounded(file, bounds)) as archive:
            members = [info for info in archive.infolist() if not info.filename.endswith("/")]
            _refuse_unsafe(members, bounds)
            for info in members:
                target = folder / info.filename
                target.parent.mkdir(parents=True, exist_ok=True)
                # What is read never exceeds the size that was added up above.
                with archive.open(info) as source, target.open("xb") as copy:
                    shutil.copyfileobj(source, copy)
    except CheckError as error:
        raise CheckError(f"{called}: {error}") from None
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        RuntimeError,
        NotImplementedError,
        ValueError,
    ) as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise CheckError(
            f"{called}: cannot be unpacked: {excerpt(reason)}; make the zip again, or give a folder"
        ) from error


class _Bounded(io.FileIO):
    """A zip as a file whose directory, which is read in one go, can only be so large."""

    def __init__(self, file: BufferedReader, bounds: Bounds) -> None:
        super().__init__(file.fileno(), closefd=False)
        self._bounds = bounds

    def read(self, size: int | None = -1, /) -> bytes:
        most = max(2**20, self._bounds.files * _DIRECTORY_ENTRY)
        if size is not None and size > most:
            raise CheckError(
                f"has a directory of {size} bytes; at most {self._bounds.files} files are unpacked"
            )
        return super().read(size) or b""


def _refuse_unsafe(members: list[zipfile.ZipInfo], bounds: Bounds) -> None:
    if len(members) > bounds.files:
        raise CheckError(f"has {len(members)} files; at most {bounds.files} are unpacked")
    total = sum(info.file_size for info in members)
    if total > bounds.size:
        raise CheckError(
            f"unpacks to {total / 2**20:.0f} MB; at most {bounds.size / 2**20:.0f} MB are unpacked"
        )
    for info in members:
        place, name = PurePosixPath(info.filename), f"member {info.filename!r:.80}"
        if not info.filename:
            raise CheckError("a member has no name; make the zip again")
        if place.is_absolute() or ".." in place.parts or "\\" in info.filename or ":" in info.filename:
            raise CheckError(f"{name} would be written outside of the folder")
        if stat.S_ISLNK(info.external_attr >> 16):
            raise CheckError(f"{name} is a link")
        if info.flag_bits & 1:
            raise CheckError(f"{name} is encrypted")
        if info.compress_type not in _METHODS:
            raise CheckError(f"{name} is packed in an unusual way; make the zip again")
        if len(place.parts) > _DEEPEST:
            raise CheckError(f"{name} lies more than {_DEEPEST} folders deep")
