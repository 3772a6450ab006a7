"""Wanted files out of a .tar.gz, in one pass, without unpacking anything to disk.

The whole archive is refused when any member could do harm if somebody unpacked it, and nothing in it can take
more memory than the limits below, whatever its headers claim.
"""

from __future__ import annotations

import gzip
import hashlib
import tarfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, cast

from chainrule.errors import DataError
from chainrule.inputs import opened
from chainrule.text import excerpt

LARGEST_ARCHIVE = 512 * 2**20
LARGEST_MEMBER = 64 * 2**20
LARGEST_TOTAL = 512 * 2**20
LARGEST_HEADER = 64 * 2**10
MOST_MEMBERS = 64


@dataclass
class Sums:
    """Checksums of what was read, as hexadecimal text."""

    _md5: hashlib._Hash = field(default_factory=lambda: hashlib.md5(usedforsecurity=False))
    _sha256: hashlib._Hash = field(default_factory=hashlib.sha256)

    def update(self, data: bytes) -> None:
        self._md5.update(data)
        self._sha256.update(data)

    @property
    def md5(self) -> str:
        return self._md5.hexdigest()

    @property
    def sha256(self) -> str:
        return self._sha256.hexdigest()


class _Summed:
    """A file that adds all it reads to the sums."""

    def __init__(self, file: IO[bytes], sums: Sums) -> None:
        self.file, self.sums = file, sums

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(size)
        self.sums.update(data)
        return data


class _Stream:
    """What tarfile sees of the unpacked stream: small reads, forward only, up to a limit.

    tarfile reads extended headers whole, as long as they claim to be, and follows offsets wherever they lead,
    so the limits must lie underneath it. Nothing is read twice, so the file below needs no seek.
    """

    def __init__(self, stream: gzip.GzipFile) -> None:
        self.stream = stream
        self.stepped_back = False

    def tell(self) -> int:
        return self.stream.tell()

    def seek(self, position: int, whence: int = 0) -> int:
        # tarfile steps back by one byte to see whether the member before was whole; gzip would start over.
        self.stepped_back = position == self.tell() - 1
        if self.stepped_back:
            return position
        if whence or not self.tell() <= position <= LARGEST_TOTAL:
            raise DataError(f"its headers point outside of it or past {LARGEST_TOTAL} bytes")
        return self.stream.seek(position)

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= LARGEST_HEADER:
            raise DataError(f"it has a header of {size} bytes")
        if self.stepped_back:
            self.stepped_back = False
            return b"\0" * size
        return self.stream.read(size)

    def content(self, member: tarfile.TarInfo) -> bytes:
        self.seek(member.offset_data)
        data = self.stream.read(member.size)
        if len(data) != member.size:
            raise EOFError("it ends too early")
        return data

    def drain(self) -> None:
        """Read to the end: only there gzip compares its checksum."""
        while self.stream.read(2**20):
            if self.tell() > LARGEST_TOTAL:
                raise DataError(f"it unpacks to more than {LARGEST_TOTAL} bytes")


def _check(member: tarfile.TarInfo) -> None:
    """Refuse a member that unpacking could turn against its user."""
    path = PurePosixPath(member.name)
    if path.is_absolute() or ".." in path.parts or "\\" in member.name or ":" in member.name:
        raise DataError(f"member '{excerpt(member.name)}' would be written outside of the folder")
    if member.sparse is not None or member.type not in (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.DIRTYPE):
        raise DataError(f"member '{excerpt(member.name)}' is a link, device or other special file")
    if not 0 <= member.size <= LARGEST_MEMBER:
        raise DataError(f"member '{excerpt(member.name)}' claims {member.size} bytes")


def _members(stream: _Stream, wanted: Collection[str]) -> Iterator[tuple[str, bytes]]:
    seen: set[str] = set()
    with tarfile.TarFile(fileobj=cast(IO[bytes], stream)) as archive:
        for count, member in enumerate(archive):
            _check(member)
            if count >= MOST_MEMBERS:
                raise DataError(f"it has more than {MOST_MEMBERS} members")
            if member.isdir():
                continue
            name = PurePosixPath(member.name).name
            if name in seen:
                raise DataError(f"it has two files named '{excerpt(name)}'")
            seen.add(name)
            if name in wanted:
                yield name, stream.content(member)
    stream.drain()


def read_members(path: Path, wanted: Collection[str], sums: Sums) -> Iterator[tuple[str, bytes]]:
    """The contents of the wanted files of a .tar.gz, in the archive's order.

    What was yielded is trustworthy only once the iterator is exhausted: the archive's end may hold a member
    that must be refused, or show that it is damaged.

    Args:
        path: the archive.
        wanted: file names without folders; they must be unique in the archive.
        sums: gets the checksums of the archive, complete when the iterator is exhausted.

    Raises:
        DataError: the archive is missing, damaged, cut off, too large or unsafe to unpack.
    """
    with opened(path, LARGEST_ARCHIVE, DataError, "give the official archive") as file:
        try:
            with gzip.GzipFile(fileobj=cast(IO[bytes], _Summed(file, sums))) as unpacked:
                yield from _members(_Stream(unpacked), wanted)
        except DataError as error:
            raise DataError(f"{path}: {error}: refused; give the official archive") from None
        except Exception as error:
            reason = excerpt(str(error) or type(error).__name__)
            raise DataError(f"{path}: damaged or cut off, or no .tar.gz: {reason}; fetch it again") from error
