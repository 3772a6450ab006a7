"""What is drawn in the place of files of data that are not there, in the formats that their names stand for."""

from __future__ import annotations

import gzip
import io
import pickle
import random
import re
import string
import struct
import tempfile
from collections.abc import Callable, Iterable, Mapping
from typing import IO, Any

import numpy as np
from numpy.random import default_rng

from chainrule.arrays import Array

LETTERS = " abc"
"""What a text is made of: as many characters as recognition gives a net of characters, one of which ends words."""

_PRINTED = "".join(map(chr, range(ord(" "), ord("~") + 1)))
MOST_LETTERS = len(_PRINTED)

IMAGES = 1200
"""How many images a file of them holds: more than the thousand that are often set apart, and as few as can be."""

_LENGTH = 400
_CLASSES = 10
_LANGUAGES, _NAMES_OF_EACH, _SET_APART = 18, 8, 2
_LONGEST_NAME = 15
_SIDE = 28
_INK = 0.2
_CIFAR_PIXELS = 3072
_BYTES = 50
"""The kind of numbers in a matrix of MATLAB: whole ones of a byte."""


def content(path: str, characters: int = len(LETTERS)) -> tuple[bytes, str] | None:
    r"""What a file of such a name would hold, and in words what that is; None where the name tells nothing.

    Args:
        path: where it should be.
        characters: how many a text has.

    >>> content("data/book.txt")[1]
    'a text of 4 characters'
    >>> content("net.cfg") is None
    True
    """
    name = re.split(r"[\\/]", path)[-1].lower()
    for pattern, (draw, words) in _FORMATS.items():
        if re.fullmatch(pattern, name):
            return draw(name), words
    if re.fullmatch(_TEXTS, name):
        return _text(letters(characters)), f"a text of {characters} characters"
    return None


def letters(number: int) -> str:
    """So many characters, at most :data:`MOST_LETTERS`."""
    return (LETTERS + "".join(each for each in _PRINTED if each not in LETTERS))[:number]


def _text(of: str) -> bytes:
    # In a longer alphabet something would be left to chance.
    drawn = "".join(random.Random(0).choices(of, k=_LENGTH))
    return (drawn if len(of) == len(LETTERS) else of + drawn).encode()


def _surnames(name: str) -> bytes:
    """Each with the number of its language behind it; every letter occurs, large and small."""
    drawn, names = random.Random(0), dict[str, None]()
    while len(names) < _LANGUAGES * _NAMES_OF_EACH:
        first = string.ascii_uppercase[len(names) % len(string.ascii_uppercase)]
        length = drawn.randrange(2, _LONGEST_NAME) if names else _LONGEST_NAME - 1
        names[first + "".join(drawn.choices(string.ascii_lowercase, k=length))] = None
    lines = (f"{each} {place // _NAMES_OF_EACH + 1}\n" for place, each in enumerate(names))
    return "".join(lines).encode()


def _set_apart(name: str) -> bytes:
    """The numbers of the surnames that are set apart, the same number of each language, on a line."""
    places = range(1, _LANGUAGES * _NAMES_OF_EACH + 1)
    chosen = (str(place) for place in places if 0 < place % _NAMES_OF_EACH <= _SET_APART)
    return f"{' '.join(chosen)}\n".encode()


def _cifar() -> tuple[Array, Array]:
    """Pixels and labels."""
    pixels = default_rng(0).integers(256, size=(IMAGES, _CIFAR_PIXELS), dtype=np.uint8)
    return pixels, default_rng(1).integers(_CLASSES, size=IMAGES)


def _cifar_matrices(name: str) -> bytes:
    """As of MATLAB, in the format of its version 4: of each matrix its sizes, its name, and its columns."""
    pixels, labels = _cifar()
    matrices = {b"data": pixels, b"labels": labels.astype(np.uint8)[:, np.newaxis]}
    return b"".join(
        struct.pack("<5i", _BYTES, *matrix.shape, 0, len(name) + 1) + name + b"\0" + matrix.tobytes("F")
        for name, matrix in matrices.items()
    )


def _cifar_batch(name: str) -> bytes:
    pixels, labels = _cifar()
    return _old_dictionary({
        "batch_label": _old_text(name.encode()),
        "labels": _inside(labels.tolist()),
        "data": _inside(pixels),
        "filenames": _old_texts(b"image_%d.png" % number for number in range(IMAGES)),
    })  # fmt: skip


def _cifar_meta(name: str) -> bytes:
    return _old_dictionary({
        "num_cases_per_batch": _inside(IMAGES),
        "label_names": _old_texts(b"class_%d" % number for number in range(_CLASSES)),
        "num_vis": _inside(_CIFAR_PIXELS),
    })  # fmt: skip


def _digits(name: str) -> bytes:
    """As in the files of MNIST: what kind of numbers, along how many axes, and how many along each."""
    if "label" in name:
        return (
            struct.pack(">BBBBI", 0, 0, 8, 1, IMAGES)
            + default_rng(1).integers(_CLASSES, size=IMAGES, dtype=np.uint8).tobytes()
        )
    pixels = default_rng(0).integers(256, size=(IMAGES, _SIDE, _SIDE), dtype=np.uint8)
    # Where as much was ink as not, nets that are begun for digits would overflow.
    pixels[default_rng(2).random(pixels.shape) > _INK] = 0
    return struct.pack(">BBBBIII", 0, 0, 8, 3, *pixels.shape) + pixels.tobytes()


def _packed_digits(name: str) -> bytes:
    return gzip.compress(_digits(name), 1)


def _old_dictionary(entries: Mapping[str, bytes]) -> bytes:
    """A dictionary as Python 2 has pickled it: whoever reads it says what its texts become (``encoding="bytes"``)."""
    inside = b"".join(_old_text(name.encode()) + value for name, value in entries.items())
    return pickle.PROTO + b"\x02" + pickle.EMPTY_DICT + pickle.MARK + inside + pickle.SETITEMS + pickle.STOP


def _old_text(text: bytes) -> bytes:
    return pickle.BINSTRING + struct.pack("<i", len(text)) + text


def _old_texts(texts: Iterable[bytes]) -> bytes:
    return pickle.MARK + b"".join(map(_old_text, texts)) + pickle.LIST


def _inside(value: Any) -> bytes:
    """What holds no texts, as a part of what is pickled."""
    return pickle.dumps(value, protocol=2)[2:-1]


_SURNAMES = f"{_LANGUAGES * _NAMES_OF_EACH} drawn surnames of {_LANGUAGES} languages"
_TEXTS = r".*\.te?xt"
_FORMATS: dict[str, tuple[Callable[[str], bytes], str]] = {
    r"ascii_?(sur)?names?.*\.te?xt": (_surnames, _SURNAMES),
    r"validation_?ind\w*\.te?xt": (_set_apart, "the numbers of some names"),
    r"(data_batch_\d|test_batch)(\.pkl|\.pickle|\.p)?": (_cifar_batch, f"{IMAGES} drawn images"),
    r"(data_batch_\d|test_batch)\.mat": (_cifar_matrices, f"{IMAGES} drawn images"),
    r"batches\.meta": (_cifar_meta, f"the names of {_CLASSES} classes"),
    r".*-(images[-.]idx3|labels[-.]idx1)-ubyte": (_digits, f"{IMAGES} drawn images"),
    r".*-(images[-.]idx3|labels[-.]idx1)-ubyte\.gz": (_packed_digits, f"{IMAGES} drawn images"),
}


class _DrawnFile(io.BytesIO):
    """Data as a file, which is one of the system's own for those who read it past Python: ``np.fromfile``."""

    _of_system: IO[bytes] | None = None

    def fileno(self) -> int:
        if self._of_system is None:
            self._of_system = tempfile.TemporaryFile()  # noqa: SIM115
            self._of_system.write(self.getvalue())
            self._of_system.flush()
        return self._of_system.fileno()

    def close(self) -> None:
        if self._of_system is not None:
            self._of_system.close()
        super().close()


def opened(data: bytes, mode: str) -> IO[Any]:
    """A file that holds some data.

    >>> import numpy as np
    >>> with opened(bytes([2, 0, 3]), "rb") as file:
    ...     np.fromfile(file, np.uint8)
    array([2, 0, 3], dtype=uint8)
    """
    return _DrawnFile(data) if "b" in mode else io.StringIO(data.decode("latin-1"))
