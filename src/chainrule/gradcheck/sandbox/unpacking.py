"""A zip of submissions unpacked into a folder of ours; refused as a whole when unpacking it could do harm."""

from __future__ import annotations

import shutil
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from chainrule.errors import CheckError

LARGEST_TOTAL = 1024 * 2**20
MOST_MEMBERS = 20_000


def unpack(path: Path, folder: Path) -> None:
    """Unpack the zip at ``path`` into ``folder``.

    Raises:
        CheckError: it is no zip, damaged, encrypted, too large, or has a member that is a link, or that would lie
            outside of the folder or in the place of another.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
            _refuse_unsafe(members)
            for info in members:
                target = folder / info.filename
                target.parent.mkdir(parents=True, exist_ok=True)
                # What is read never exceeds the size that was added up above.
                with archive.open(info) as source, target.open("xb") as copy:
                    shutil.copyfileobj(source, copy)
    except CheckError as error:
        raise CheckError(f"{path}: {error}") from None
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        RuntimeError,
        NotImplementedError,
        ValueError,
    ) as error:
        reason = str(error) or type(error).__name__
        raise CheckError(
            f"{path}: cannot be unpacked: {reason:.200}; make the zip again, or give a folder"
        ) from error


def _refuse_unsafe(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MOST_MEMBERS:
        raise CheckError(f"has {len(members)} files; at most {MOST_MEMBERS} are unpacked")
    total = sum(info.file_size for info in members)
    if total > LARGEST_TOTAL:
        raise CheckError(
            f"unpacks to {total / 2**20:.0f} MB; at most {LARGEST_TOTAL // 2**20} MB are unpacked"
        )
    for info in members:
        place = PurePosixPath(info.filename)
        if place.is_absolute() or ".." in place.parts or "\\" in info.filename or ":" in info.filename:
            raise CheckError(f"member {info.filename!r:.80} would be written outside of the folder")
        if stat.S_ISLNK(info.external_attr >> 16):
            raise CheckError(f"member {info.filename!r:.80} is a link")
        if info.flag_bits & 1:
            raise CheckError(f"member {info.filename!r:.80} is encrypted")
