"""Drawn files can be read as those that they stand in for."""

import gzip
import io
import pickle
import struct

import numpy as np
import pytest

from chainrule.gradcheck.program.drawn_data import IMAGES, LETTERS, MOST_LETTERS, content, letters, opened


def bytes_of(path):
    drawn = content(path)
    assert drawn is not None
    return drawn[0]


@pytest.mark.parametrize(("encoding", "key"), [("bytes", b"data"), ("latin1", "data")])
def test_a_batch_of_images_is_read_as_that_of_the_older_python(encoding, key):
    held = pickle.loads(bytes_of(r"C:\\sets\\data_batch_3"), encoding=encoding)
    assert held[key].shape == (IMAGES, 3072)
    assert held[key].dtype == np.uint8
    labels, names = held[b"labels" if encoding == "bytes" else "labels"], list(held)
    assert len(labels) == IMAGES
    assert len(names) == 4


def test_names_of_classes():
    held = pickle.loads(bytes_of("batches.meta"), encoding="bytes")
    assert len(held[b"label_names"]) == 10


def test_digits_say_how_many_they_are():
    data = bytes_of("mnist/train-images-idx3-ubyte")
    assert struct.unpack(">IIII", data[:16]) == (2051, IMAGES, 28, 28)
    assert len(data) == 16 + IMAGES * 784
    labels = bytes_of("t10k-labels.idx1-ubyte")
    assert struct.unpack(">II", labels[:8]) == (2049, IMAGES)
    assert max(labels[8:]) == 9


def test_digits_are_mostly_empty_as_real_ones_are():
    pixels = np.frombuffer(bytes_of("train-images-idx3-ubyte")[16:], np.uint8)
    assert 0.1 < np.mean(pixels > 0) < 0.3


def test_compressed_digits():
    with gzip.open(io.BytesIO(bytes_of("train-labels-idx1-ubyte.gz"))) as file:
        assert file.read(4) == b"\0\0\x08\x01"


def test_a_text_and_a_name_that_tells_nothing():
    assert {*opened(bytes_of("book.TXT"), "r").read()} == {*LETTERS}
    assert opened(bytes_of("book.txt"), "rb").read(1) in LETTERS.encode()
    assert content("settings.json") is None


def test_a_text_may_have_more_characters_and_has_each_of_them():
    data, words = content("book.txt", 60)
    assert len({*data.decode()}) == 60
    assert words == "a text of 60 characters"
    assert len({*letters(1000)}) == MOST_LETTERS
