"""Folders of images: as rows of bytes, of one shape; what is too large, damaged or somewhere else is one line."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest

from chainrule.data import sources
from chainrule.data.pictures import read_pictures
from chainrule.data.sources import TableSource
from chainrule.errors import DataError
from chainrule.machine import memory
from support.images import write_images

Image = pytest.importorskip("PIL.Image")
PngImagePlugin = pytest.importorskip("PIL.PngImagePlugin")


def test_rows_are_planes_of_the_files_in_the_order_of_their_names(tmp_path):
    found = read_pictures(write_images(tmp_path))
    assert (found.shape, found.images.shape, found.resized) == ((3, 6, 5), (16, 90), 0)
    assert found.labels.tolist() == ["dark"] * 8 + ["light"] * 8
    pixels = np.asarray(Image.open(tmp_path / found.files[9]))
    np.testing.assert_array_equal(found.images[9].reshape(found.shape), pixels.transpose(2, 0, 1))


def test_jpeg_and_hidden_files_and_others(tmp_path):
    write_images(tmp_path, 2, suffix="JPG")
    for name in (".hidden", "dark/.DS_Store", "dark/Thumbs.db", "readme.md"):
        (tmp_path / name).write_text("no image")
    assert len(read_pictures(tmp_path).files) == 4


@pytest.mark.parametrize(("name", "what"), [
    ("x.webp", "no PNG or JPEG image"), ("notes.txt", "no PNG or JPEG image"), ("more/", "a folder in the folder"),
])  # fmt: skip
def test_what_would_be_left_out_of_a_class_is_refused_by_name(tmp_path, name, what):
    path = write_images(tmp_path, 1) / "light" / name
    path.mkdir() if name.endswith("/") else path.touch()
    with pytest.raises(DataError, match=rf"light/{name.strip('/')}: is {what}"):
        read_pictures(tmp_path)


def test_images_that_memory_has_no_place_for_are_refused(tmp_path, monkeypatch):
    write_images(tmp_path, 1)
    monkeypatch.setattr(memory, "free", lambda: 179)
    with pytest.raises(
        DataError, match=r"2 images would take 0\.0 GB, 0\.0 GB of memory are free; give a smaller"
    ):
        read_pictures(tmp_path)


def test_an_image_is_decoded_once(tmp_path, monkeypatch):
    write_images(tmp_path, 1)
    loaded, prepare = [], PngImagePlugin.PngImageFile.load_prepare
    monkeypatch.setattr(
        PngImagePlugin.PngImageFile, "load_prepare", lambda self: loaded.append(self) or prepare(self)
    )
    assert len(read_pictures(tmp_path).files) == len(loaded) == 2


def test_images_of_several_sizes_are_brought_to_the_one_that_is_told(tmp_path):
    write_images(tmp_path, 2)
    Image.new("RGB", (7, 9), (10, 20, 30)).save(tmp_path / "dark" / "odd.png")
    with pytest.raises(
        DataError, match=r"0\.png has 6 x 5 pixels \(height, width\), .*odd\.png 9 x 7; say to which"
    ):
        read_pictures(tmp_path)
    found = read_pictures(tmp_path, size=(3, 2))
    assert (found.shape, found.resized) == ((3, 3, 2), 5)
    assert found.images[2].tolist() == [10] * 6 + [20] * 6 + [30] * 6


def test_grey_images_have_one_plane_unless_one_is_in_colour(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        Image.new("LA" if name == "a" else "L", (2, 2), (7, 255) if name == "a" else 7).save(
            tmp_path / name / "g.png"
        )
    assert read_pictures(tmp_path).images.tolist() == [[7] * 4] * 2
    Image.new("P", (2, 2)).save(tmp_path / "b" / "p.png")
    assert read_pictures(tmp_path).shape == (3, 2, 2)
    assert read_pictures(tmp_path, shape=(1, 2, 2)).images.shape == (3, 4)


def test_a_photograph_is_turned_as_it_says(tmp_path):
    (tmp_path / "a").mkdir()
    exif = Image.Exif()
    exif[0x0112] = 6
    pixels = np.arange(6, dtype=np.uint8).reshape(2, 3) * 20
    Image.fromarray(pixels).save(tmp_path / "a" / "p.png", exif=exif)
    found = read_pictures(tmp_path)
    assert found.shape == (1, 3, 2)
    np.testing.assert_array_equal(found.images[0].reshape(3, 2), np.rot90(pixels, -1))


def a_bomb(width, height):
    """A PNG file that says a size and holds nothing."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = struct.pack(">I", 0) + b"IDAT" + struct.pack(">I", zlib.crc32(b"IDAT"))
    return (
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header)) + data
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"text", "cannot be read as an image"),
        (a_bomb(60_000, 60_000), "cannot be read as an image"),
        (a_bomb(5000, 5000), "has 5000 x 5000 pixels; give images of 16777216 at most"),
        (a_bomb(5, 6), "cannot be read as an image"),
        (b"GIF89a\5\0\6\0\0\0\0;", "cannot be read as an image"),
    ],
)
def test_what_is_no_image_or_too_large_is_told_before_it_is_decoded(tmp_path, content, words):
    (write_images(tmp_path, 1) / "dark" / "x.png").write_bytes(content)
    with pytest.raises(DataError) as refused:
        read_pictures(tmp_path)
    (line,) = refused.value.problems
    assert words in line
    assert "x.png" in line


def test_pixels_of_16_bits_and_pipes_are_refused(tmp_path):
    (tmp_path / "a").mkdir()
    Image.fromarray(np.zeros((2, 2), np.uint16)).save(tmp_path / "a" / "deep.png")
    with pytest.raises(DataError, match="holds pixels of kind I;16; write it with 8 bits a channel"):
        read_pictures(tmp_path)


def test_folders_without_images_are_told(tmp_path):
    with pytest.raises(DataError, match="holds no folders of PNG or JPEG images, one a class"):
        read_pictures(tmp_path)
    with pytest.raises(DataError, match="cannot be read: No such file or directory"):
        read_pictures(tmp_path / "none")
    write_images(tmp_path, 1)
    (tmp_path / "dark" / "0.png").rename(tmp_path / "0.png")
    with pytest.raises(DataError, match=r"0\.png: lies beside the folders of classes; move it into one"):
        read_pictures(tmp_path)
    flat = read_pictures(tmp_path / "light", labelled=False)
    assert (flat.labels, flat.files) == (None, ("0.png",))


def test_settings_name_a_folder_where_they_name_a_data_set(tmp_path):
    write_images(tmp_path / "shades")
    data = sources.load(TableSource(path="shades", val=0.25, size=[4, 4]), beside=tmp_path)
    assert (data.name, data.shape, data.classes, data.max_value) == (
        "shades",
        (3, 4, 4),
        ("dark", "light"),
        255,
    )
    assert {name: len(rows) for name, rows in data.batches.items()} == {"train": 12, "val": 4, "test": 0}


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"drop": ["a"]}, "drop, weights, groups: are columns, and without target it is a folder of images"),
        ({"target": "label", "size": [4, 4]}, "size: is of images, and target of tables"),
    ],
)
def test_tables_and_images_have_keys_of_their_own(more, words):
    with pytest.raises(ValueError, match=words):
        TableSource(path="shades", **more)


def test_a_table_without_its_column_is_told(tmp_path):
    (tmp_path / "d.csv").write_text("a,b\n1,2\n")
    with pytest.raises(
        DataError, match="is no folder of images, and of a table a column is learned; write target"
    ):
        sources.load(TableSource(path="d.csv"), beside=tmp_path)
