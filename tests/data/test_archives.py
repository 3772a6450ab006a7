"""Archives give their files in one pass; a harmful, damaged or cut one is refused as a whole."""

from __future__ import annotations

import gzip
import hashlib
import io
import random
import tarfile
from pathlib import Path

import pytest

from chainrule.data import archives
from chainrule.data.archives import Sums, read_members
from chainrule.errors import DataError

Member = tuple[tarfile.TarInfo, bytes]


def _file(name: str, data: bytes = b"data") -> Member:
    member = tarfile.TarInfo(name)
    member.size = len(data)
    return member, data


def _special(name: str, kind: bytes) -> Member:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, "/etc/passwd"
    return member, b""


def _archive(path: Path, *members: Member) -> Path:
    with tarfile.open(path, "w:gz", format=tarfile.PAX_FORMAT) as archive:
        for member, data in members:
            archive.addfile(member, io.BytesIO(data))
    return path


def _raw(path: Path, *headers: tuple[tarfile.TarInfo, bytes]) -> Path:
    """An archive of headers that may lie about what follows."""
    blocks = b"".join(member.tobuf(tarfile.GNU_FORMAT) + data for member, data in headers)
    path.write_bytes(gzip.compress(blocks + bytes(1024)))
    return path


def _read(path: Path, *wanted: str) -> dict[str, bytes]:
    return dict(read_members(path, wanted or ("a", "b"), Sums()))


def _refusal(path: Path) -> str:
    with pytest.raises(DataError) as caught:
        _read(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert message.isprintable()
    return message.removeprefix(str(path))


def test_gives_wanted_files_and_sums(tmp_path: Path) -> None:
    random_bytes = random.Random(3).randbytes(200_000)
    path = _archive(tmp_path / "x.tar.gz", _file("top/a"), _file("top/b", random_bytes), _file("./c", b"no"))
    sums = Sums()
    assert dict(read_members(path, {"a", "b"}, sums)) == {"a": b"data", "b": random_bytes}
    assert sums.md5 == hashlib.md5(path.read_bytes()).hexdigest()
    assert sums.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.tar.gz"]


@pytest.mark.parametrize("size", [0, 511, 512, 513, 8192, 1 << 20])
def test_member_sizes_around_blocks(tmp_path: Path, size: int) -> None:
    data = bytes(size)
    path = _archive(tmp_path / "x.tar.gz", _file("t/a", data), _file("t/b", data))
    assert _read(path) == {"a": data, "b": data}


@pytest.mark.parametrize(
    ("member", "problem"),
    [
        (_file("/etc/cron.d/x"), "outside"),
        (_file("top/../../x"), "outside"),
        (_file("../x"), "outside"),
        (_file("..\\x"), "outside"),
        (_file("C:/x"), "outside"),
        (_file("/" + "long/" * 60 + "x"), "outside"),
        (_file("x/\x1b[2J/../\n"), "outside"),
        (_special("top/x", tarfile.SYMTYPE), "link"),
        (_special("top/x", tarfile.LNKTYPE), "link"),
        (_special("top/x", tarfile.CHRTYPE), "device"),
        (_special("top/x", tarfile.FIFOTYPE), "special"),
        (_special("top/x", b"Z"), "special"),
        (_file("other/a"), "two files"),
    ],
)
def test_refuses_harmful_members(tmp_path: Path, member: Member, problem: str) -> None:
    assert problem in _refusal(_archive(tmp_path / "x.tar.gz", _file("top/a"), member, _file("top/b")))


def _claiming(size: int, kind: bytes = tarfile.REGTYPE) -> tuple[tarfile.TarInfo, bytes]:
    member = tarfile.TarInfo("top/a")
    member.size, member.type = size, kind
    return member, b""


@pytest.mark.parametrize("size", [archives.LARGEST_MEMBER + 1, 2**40, 2**62])
def test_refuses_huge_declared_sizes(tmp_path: Path, size: int) -> None:
    assert f"claims {size} bytes" in _refusal(_raw(tmp_path / "x.tar.gz", _claiming(size)))


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME])
def test_refuses_huge_extended_headers(tmp_path: Path, kind: bytes) -> None:
    assert "header of" in _refusal(_raw(tmp_path / "x.tar.gz", _claiming(2**30, kind)))


def test_refuses_sparse_files(tmp_path: Path) -> None:
    _refusal(_raw(tmp_path / "x.tar.gz", _claiming(512, tarfile.GNUTYPE_SPARSE)))


@pytest.mark.parametrize("size", [-512, -513, -(2**40)])
def test_refuses_negative_sizes(tmp_path: Path, size: int) -> None:
    _refusal(_raw(tmp_path / "x.tar.gz", _claiming(size), _claiming(size)))


def test_refuses_what_unpacks_to_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LARGEST_TOTAL", 100_000)
    _refusal(_archive(tmp_path / "x.tar.gz", *(_file(f"t/{i}", bytes(30_000)) for i in range(5))))
    tail = _archive(tmp_path / "y.tar.gz", _file("t/a"))
    tail.write_bytes(tail.read_bytes() + gzip.compress(bytes(3 << 20)))
    assert "unpacks to more" in _refusal(tail)


def test_refuses_too_many_members_and_too_large_archives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _archive(tmp_path / "x.tar.gz", *(_file(f"t/{i}") for i in range(archives.MOST_MEMBERS + 1)))
    assert "members" in _refusal(path)
    monkeypatch.setattr(archives, "LARGEST_ARCHIVE", 100)
    assert "more than 100 bytes" in _refusal(path)


def test_every_cut_is_refused(tmp_path: Path) -> None:
    data = _archive(tmp_path / "x.tar.gz", _file("t/a", random.Random(1).randbytes(3000))).read_bytes()
    cut = tmp_path / "cut.tar.gz"
    for length in [*range(0, len(data), 97), len(data) - 8, len(data) - 4, len(data) - 1]:
        cut.write_bytes(data[:length])
        _refusal(cut)


def test_flipped_bytes_are_refused_or_harmless(tmp_path: Path) -> None:
    content = random.Random(2).randbytes(3000)
    data = _archive(tmp_path / "x.tar.gz", _file("t/a", content)).read_bytes()
    flipped = tmp_path / "flipped.tar.gz"
    for place in range(0, len(data), 13):
        flipped.write_bytes(data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :])
        try:
            members = _read(flipped)
        except DataError:
            continue
        assert members == {"a": content}, "only gzip's own header (time, name) may change unseen"


@pytest.mark.parametrize(
    "data", [b"", b"hello", gzip.compress(b"", mtime=0), gzip.compress(b"hello" * 300, mtime=0)]
)
def test_refuses_what_is_no_archive(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.tar.gz"
    path.write_bytes(data)
    _refusal(path)


def test_refuses_what_is_no_file(tmp_path: Path) -> None:
    assert "No such file" in _refusal(tmp_path / "none.tar.gz")
    assert "is a folder" in _refusal(tmp_path)
