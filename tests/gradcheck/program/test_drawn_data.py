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
    assert content("surnames.txt", 60)[1] == words
    assert len({*letters(1000)}) == MOST_LETTERS


def test_surnames_have_the_number_of_a_language_behind_them():
    text = opened(bytes_of("C:/Lab3/ascii_names.txt"), "r").read()
    lines = [line.split() for line in text.splitlines()]
    assert len(lines) == len({name for name, _ in lines}) == 144
    assert [int(language) for _, language in lines] == [number for number in range(1, 19) for _ in range(8)]
    assert len({*"".join(name for name, _ in lines)}) == 52
    assert max(len(name) for name, _ in lines) == 15


def test_of_each_language_as_many_surnames_are_set_apart():
    places = np.loadtxt(opened(bytes_of("Validation_Inds.txt"), "r"), dtype=int)
    assert np.bincount((places - 1) // 8).tolist() == [2] * 18


def test_images_as_of_matlab():
    scipy_io = pytest.importorskip("scipy.io")
    held = scipy_io.loadmat(io.BytesIO(bytes_of("cifar-10-batches-mat/data_batch_1.mat")))
    other = pickle.loads(bytes_of("data_batch_1"), encoding="bytes")
    assert np.array_equal(held["data"], other[b"data"])
    assert held["labels"].shape == (IMAGES, 1)
    assert held["labels"][:, 0].tolist() == other[b"labels"]
