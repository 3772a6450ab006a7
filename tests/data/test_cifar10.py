"""Every published layout gives the same arrays; what is not CIFAR-10 is named by its file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from chainrule.data import cifar10, layouts
from chainrule.data.cifar10 import read
from chainrule.data.layouts import CLASSES
from chainrule.errors import DataError
from support.archives import (
    COUNT,
    FILES,
    Files,
    array,
    arrays,
    batch,
    binary_files,
    integer,
    listed,
    mapping,
    matlab_files,
    python_files,
    text,
    write_archive,
    write_folder,
)

IMAGES, LABELS = arrays()


def _equal(found: cifar10.Cifar10) -> None:
    assert found.images.dtype == found.labels.dtype == np.uint8
    assert np.array_equal(found.images, IMAGES)
    assert np.array_equal(found.labels, LABELS)
    assert found.classes == CLASSES


@pytest.mark.parametrize("key", FILES)
@pytest.mark.parametrize("given", ["folder", "parent", "bare"])
def test_reads_folders(tmp_path: Path, key: str, given: str) -> None:
    layout, files = FILES[key]
    folder = write_folder(tmp_path / ("renamed" if given == "bare" else layout.folder), files())
    found = read(tmp_path if given == "parent" else folder, COUNT)
    _equal(found)
    assert found.official is (False if key == "python" else None)


@pytest.mark.parametrize("key", FILES)
@pytest.mark.parametrize("given", ["official name", "parent", "renamed"])
def test_reads_archives(tmp_path: Path, key: str, given: str) -> None:
    layout, files = FILES[key]
    path = tmp_path / ("x.tgz" if given == "renamed" else layout.archive)
    write_archive(path, layout.folder, files())
    found = read(tmp_path if given == "parent" else path, COUNT)
    _equal(found)
    assert found.official is False


def test_one_whole_layout_among_parts_is_found(tmp_path: Path) -> None:
    write_folder(tmp_path, dict.fromkeys(list(python_files())[:4], b""))
    write_folder(tmp_path, binary_files())
    _equal(read(tmp_path, COUNT))


def test_official_sums_are_recognised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import hashlib

    files = python_files()
    write_folder(tmp_path, files)
    sums = {name: hashlib.md5(data).hexdigest() for name, data in files.items() if name != "batches.meta"}
    monkeypatch.setattr(cifar10, "PYTHON_MD5", sums)
    assert read(tmp_path, COUNT).official is True
    names = ["plane", *CLASSES[1:]]
    (tmp_path / "batches.meta").write_bytes(mapping({"label_names": listed([text(name) for name in names])}))
    assert read(tmp_path, COUNT).official is False


def _refusal(path: Path) -> str:
    with pytest.raises(DataError) as caught:
        read(path, COUNT)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_names_all_missing_files(tmp_path: Path) -> None:
    files = python_files()
    del files["data_batch_2"], files["batches.meta"]
    write_folder(tmp_path / "cifar-10-batches-py", files)
    assert "lacks data_batch_2, batches.meta;" in _refusal(tmp_path)
    archive = write_archive(tmp_path / "x.tar.gz", "cifar-10-batches-py", files)
    assert "lacks data_batch_2, batches.meta;" in _refusal(archive)


def test_an_archive_of_two_layouts_is_refused(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "x.tar.gz", "top", {**python_files(), **binary_files()})
    assert "mixes the python and the binary layout" in _refusal(archive)


def test_nothing_there(tmp_path: Path) -> None:
    assert "holds no CIFAR-10; give cifar-10-python.tar.gz" in _refusal(tmp_path)
    assert "holds no CIFAR-10" in _refusal(tmp_path / "none")
    assert "holds no CIFAR-10 files" in _refusal(write_archive(tmp_path / "x.tar.gz", "top", {"a": b"a"}))


X, Y = IMAGES[:COUNT], LABELS[:COUNT]
WRONG_BATCHES: dict[str, tuple[Files, str]] = {
    "image size": ({"data_batch_3": batch(X[:, :-1], Y)}, "images have 3071 values, not 3072"),
    "too few": ({"data_batch_3": batch(X[:-1], Y[:-1])}, "has 19 images, a batch has 20"),
    "empty": ({"data_batch_3": batch(X[:0], [1])}, "has 0 images, a batch has 20"),
    "fewer labels": ({"data_batch_3": batch(X, Y[:-1])}, "has 19 labels for 20 images"),
    "label 10": ({"data_batch_3": batch(X, [*Y[:-1], 10])}, "label 10 is not in 0..9"),
    "no data": ({"data_batch_3": mapping({"labels": listed([])})}, "no matrix 'data'"),
    "no labels": ({"data_batch_3": mapping({"data": array(X)})}, "no list 'labels'"),
    "text label": (
        {"data_batch_3": mapping({"data": array(X), "labels": listed([text("x")] * COUNT)})},
        "no list 'labels'",
    ),
    "float": ({"data_batch_3": mapping({"data": array(X, "f1"), "labels": listed([])})}, "not uint8"),
    "nine classes": (
        {"batches.meta": mapping({"label_names": listed([text("a")] * 9)})},
        "holds no ten class names",
    ),
    "terminal codes": (
        {"batches.meta": mapping({"label_names": listed([text(f"\x1b{i}") for i in range(10)])})},
        "holds no ten class names",
    ),
    "number for names": ({"batches.meta": mapping({"label_names": integer(3)})}, "holds no ten class names"),
    "binary, cut": ({"data_batch_3.bin": bytes(COUNT * 3073 - 1)}, "no whole records of 3073"),
    "binary, label 11": ({"data_batch_3.bin": b"\x0b" + bytes(COUNT * 3073 - 1)}, "label 11 is not in 0..9"),
    "MATLAB, other file": ({"data_batch_3.mat": matlab_files(2)["test_batch.mat"]}, "has 2 images"),
    "MATLAB, names": ({"data_batch_3.mat": matlab_files()["batches.meta.mat"]}, "no matrix 'data'"),
    "MATLAB, no names": (
        {"batches.meta.mat": matlab_files()["test_batch.mat"]},
        "holds no ten class names",
    ),
}


@pytest.mark.parametrize(("wrong", "problem"), WRONG_BATCHES.values(), ids=WRONG_BATCHES.keys())
def test_wrong_files_are_named(tmp_path: Path, wrong: Files, problem: str) -> None:
    file = next(iter(wrong))
    layout = next(layout for layout in layouts.LAYOUTS if file in layout.files)
    whole = next(files for known, files in FILES.values() if known is layout)()
    message = _refusal(write_folder(tmp_path / "top", {**whole, **wrong}))
    assert message.startswith(str(tmp_path / "top" / file))
    assert problem in message
    assert problem in _refusal(write_archive(tmp_path / "x.tar.gz", "top", {**whole, **wrong}))


def test_strict_by_default(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="has 20 images, a batch has 10000"):
        read(write_folder(tmp_path, python_files()))


def test_large_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cifar10, "LARGEST", 1000)
    assert "has more than 1000 bytes" in _refusal(write_folder(tmp_path, python_files()))


@pytest.mark.cifar10
def test_real_data(real_data: Path) -> None:
    found = read(real_data)
    assert found.images.shape == (60_000, 3072)
    assert np.bincount(found.labels[:50_000]).tolist() == [5000] * 10
    assert np.bincount(found.labels[50_000:]).tolist() == [1000] * 10
    assert found.classes == CLASSES
