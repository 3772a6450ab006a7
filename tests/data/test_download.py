"""Downloads are checked and leave nothing half; the network of the tests is this process alone."""

from __future__ import annotations

import hashlib
import http.server
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from chainrule.data import datasets, download
from chainrule.data.layouts import PYTHON
from chainrule.errors import DataError, StoreError
from support.archives import arrays, python_files, write_archive


class _Bar:
    total = 0
    done = 0
    closed = False

    def update(self, count: int) -> None:
        self.done += count

    def reset(self) -> None:
        self.done = 0

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    (tmp_path / "served").mkdir()
    return write_archive(tmp_path / "served" / "x.tar.gz", "cifar-10-batches-py", python_files())


@pytest.fixture
def location(archive: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A loopback server that serves the archive, whose sum counts as official."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            data = archive.read_bytes()
            self.send_response(404 if "none" in self.path else 200)
            self.send_header("Content-Length", str(len(data) + ("cut" in self.path)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            pass

    official = replace(PYTHON, archive_sha256=hashlib.sha256(archive.read_bytes()).hexdigest())
    monkeypatch.setattr(download, "PYTHON", official)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def _locations(monkeypatch: pytest.MonkeyPatch, *locations: str) -> None:
    monkeypatch.setattr(download, "LOCATIONS", locations)


def _refusal(directory: Path) -> str:
    with pytest.raises(DataError) as caught:
        download.fetch("cifar10", directory)
    assert "\n" not in str(caught.value)
    assert list(directory.iterdir()) == []
    return str(caught.value)


CLOSED = "http://127.0.0.1:9"


def test_fetches_from_the_second_location(
    tmp_path: Path,
    small: None,
    location: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    _locations(monkeypatch, CLOSED, f"{location}/x")
    bar = _Bar()
    dataset = download.fetch("cifar10", tmp_path / "data", bar)
    assert np.array_equal(dataset.images, arrays()[0])
    assert [entry.name for entry in (tmp_path / "data").iterdir()] == ["cifar10"]
    assert bar.closed
    assert bar.done == bar.total > 0
    _locations(monkeypatch, CLOSED)
    assert download.fetch("cifar10", tmp_path / "data").checksum == dataset.checksum
    assert capfd.readouterr() == ("", "")


def test_a_damaged_data_set_is_fetched_again(
    tmp_path: Path, small: None, location: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _locations(monkeypatch, f"{location}/x")
    download.fetch("cifar10", tmp_path / "data")
    (tmp_path / "data" / "cifar10" / "images.npy").write_bytes(b"")
    download.fetch("cifar10", tmp_path / "data")
    assert np.array_equal(datasets.load("cifar10", tmp_path / "data").images, arrays()[0])


def test_no_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    _locations(monkeypatch, CLOSED, CLOSED)
    message = _refusal(tmp_path)
    assert message.count("cannot be reached") == 2
    assert "`chainrule data import PATH`" in message


def test_wrong_hash_not_found_cut_and_endless(
    tmp_path: Path, location: str, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").mkdir()
    _locations(monkeypatch, f"{location}/none", f"{location}/cut")
    message = _refusal(tmp_path / "data")
    assert "answers 404" in message
    assert "the connection broke" in message
    archive.write_bytes(b"another file")
    _locations(monkeypatch, f"{location}/x")
    assert "sends another file than the official one (SHA-256)" in _refusal(tmp_path / "data")
    monkeypatch.setattr(download, "LARGEST", 5)
    assert "larger than the archive" in _refusal(tmp_path / "data")


def test_disk_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pooch.HTTPDownloader.__call__", full)
    with pytest.raises(StoreError, match="No space left on device"):
        download.fetch("cifar10", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_digits_need_no_download(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _locations(monkeypatch)
    assert download.fetch("digits", tmp_path).name == "digits"
    with pytest.raises(DataError, match="did you mean 'digits'"):
        download.fetch("digit", tmp_path)
