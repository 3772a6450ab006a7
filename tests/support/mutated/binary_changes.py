"""Ways to damage archives, arrays, pickles and weights where their form says what stands there."""

from __future__ import annotations

import gzip
import io
import struct
import warnings
import zipfile

import numpy as np

from support.mutated.changes import ANYWHERE, EXTREMES, Draws, place
from support.mutated.text_changes import NASTY, renamed, revalued


def unpacked_first(data: bytes, draws: Draws) -> bytes:
    """What a gzip file holds, damaged, and packed again."""
    inner = ANYWHERE[draws.integers(len(ANYWHERE))](gzip.decompress(data), draws)
    return gzip.compress(inner, 1, mtime=0)


GZIP = (*ANYWHERE, *[unpacked_first] * 8)


def member_changed(data: bytes, draws: Draws) -> bytes:
    """A member of a zip damaged, renamed or doubled, and all packed again."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    at = int(draws.integers(len(members)))
    name, content = members[at]
    what = draws.random()
    if what < 0.6:
        content = ANYWHERE[draws.integers(len(ANYWHERE))](content, draws)
    elif what < 0.9:
        new = NASTY[draws.integers(len(NASTY))][:200].decode("latin-1").replace("\0", "0")
        name = f"{new}{name if draws.random() < 0.5 else ''}"
    members[at] = (name, content)
    file = io.BytesIO()
    packing = [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2][int(draws.integers(3))]
    with warnings.catch_warnings(), zipfile.ZipFile(file, "w", packing) as archive:
        warnings.simplefilter("ignore")
        for name, content in members + (members[:1] if draws.random() < 0.1 else []):
            info = zipfile.ZipInfo(name)
            info.compress_type = packing
            info.external_attr = (0o120777 if draws.random() < 0.05 else 0o100644) << 16
            archive.writestr(info, content)
    return file.getvalue()


_HEADERS = (
    b"{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000000000,), }",
    b"{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000, 0), }",
    b"{'descr': '<f8', 'fortran_order': False, 'shape': (-3,), }",
    b"{'descr': '|O', 'fortran_order': False, 'shape': (3,), }",
    b"{'descr': '<U1000000000', 'fortran_order': False, 'shape': (0,), }",
    b"{'descr': '<c16', 'fortran_order': True, 'shape': (3,), }",
    b"{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (3,), }", b"{'descr': 'x', 'shape': ()}",
    b"__import__('os')",
    b"{'descr': '<f8', 'fortran_order': False, 'shape': (" + b"1," * 70 + b"), }",
    b"[" * 900, b"{'descr': '<M8[s]', 'fortran_order': 1, 'shape': 3}",
)  # fmt: skip


def headed(data: bytes, draws: Draws) -> bytes:
    """An array of a zip with another header."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    name = list(members)[draws.integers(len(members))]
    header = _HEADERS[draws.integers(len(_HEADERS))]
    (length,) = struct.unpack_from("<H", members[name], 8)
    content = members[name][10 + length :][: int(draws.choice([0, 24, 2**20]))]
    members[name] = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + content
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


ZIP = (*ANYWHERE, *[member_changed] * 8)
NPZ = (*ANYWHERE, *[member_changed] * 3, *[headed] * 5)

_OPCODES = (
    b"cos\nsystem\n",
    b"(S'touch hacked'\no", b"\x93", b"R", b"i", b"cbuiltins\neval\n", b"c__builtin__\nexec\n", b"}", b"]", b"(",
    b"0", b"1", b"2", b"a", b"e", b"s", b"u", b"t", b"\x85", b"\x86", b"\x87", b"b", b"\x81", b"\x92",
    b"j\xff\xff\xff\x7f", b"r\xff\xff\xff\x7f",
    b"h\x01", b"q\xff", b"X\xff\xff\xff\x7f", b"T\xff\xff\xff\x7f", b"\x8e" + b"\xff" * 8, b"\x95" + b"\xff" * 8,
    b"\x80\xff", b".", b"P1\n",
    b"I" + b"9" * 5000 + b"\n", b"L" + b"9" * 5000 + b"L\n", b"\x8b\xff\xff\xff\x7f", b"ccopyreg\n_reconstructor\n",
    b"cnumpy\nfromfile\n", b"N",
)  # fmt: skip


def reprogrammed(data: bytes, draws: Draws) -> bytes:
    """A pickle with other opcodes in it."""
    for _ in range(int(draws.integers(1, 5))):
        start = int(draws.integers(min(len(data), 400) + 1)) if draws.random() < 0.7 else place(data, draws)
        data = data[:start] + _OPCODES[draws.integers(len(_OPCODES))] + data[start + int(draws.integers(3)) :]
    return data


PICKLE = (*ANYWHERE, *[reprogrammed] * 8)


def told_otherwise(data: bytes, draws: Draws) -> bytes:
    """A safetensors file whose header says something else."""
    length = int.from_bytes(data[:8], "little")
    change = revalued if draws.random() < 0.5 else renamed
    header = change(data[8 : 8 + length], draws)
    size = len(header) if draws.random() < 0.8 else int(draws.choice(np.array(EXTREMES, dtype=object)))
    return size.to_bytes(8, "little") + header + data[8 + length :]


SAFETENSORS = (*ANYWHERE, *[told_otherwise] * 6)
