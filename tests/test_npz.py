"""Arrays as NumPy packs them: whole, or not at all."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pytest

from chainrule import npz


def archive(**arrays):
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def test_arrays_of_an_archive_are_read_by_name():
    read = npz.unpacked(archive(x=np.arange(3), names=np.array(["a"])), 10, 10_000)
    assert {name: array.tolist() for name, array in read.items()} == {"x": [0, 1, 2], "names": ["a"]}


def test_what_is_no_such_archive_is_refused():
    data = archive(x=np.zeros(1000), y=np.zeros(3))
    with pytest.raises(ValueError, match="2 arrays, more than 1"):
        npz.unpacked(data, 1, 100_000)
    with pytest.raises(ValueError, match="unpacks to more than 1000 bytes"):
        npz.unpacked(data, 10, 1000)
    with pytest.raises(ValueError, match="or holds objects"):
        npz.unpacked(archive(x=np.array([{}], object)), 10, 10_000)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_BZIP2) as packed:
        packed.writestr("x.npy", b"")
    with pytest.raises(ValueError, match="packed as no array is"):
        npz.unpacked(file.getvalue(), 10, 10_000)
