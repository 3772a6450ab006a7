"""Files of anybody's: only regular ones are opened, none is read beyond its limit, no text parsed beyond reason."""

from __future__ import annotations

import json
import math
import os
import socket
import warnings
from pathlib import Path

import pytest

from chainrule import inputs
from chainrule.errors import DataError
from chainrule.inputs import parsed_json, parsed_toml, read_bytes, read_json, read_toml


def read(path: Path, limit: int = 100) -> bytes:
    return read_bytes(path, limit, DataError, "give another")


def refusal(path: Path, limit: int = 100) -> str:
    with pytest.raises(DataError) as caught:
        read(path, limit)
    (line,) = caught.value.problems
    assert line.isprintable()
    assert line.endswith("; give another")
    return line


def test_a_file_is_read_to_its_limit_and_no_further(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"a" * 100)
    assert read(path, 100) == b"a" * 100
    assert refusal(path, 99) == f"{path}: has more than 99 bytes; give another"
    path.write_bytes(b"")
    assert read(path, 0) == b""


def test_limits_of_megabytes_are_said_in_megabytes(tmp_path):
    path = tmp_path / "file"
    with path.open("wb") as file:
        file.truncate(2**40)
    assert refusal(path, 2**21) == f"{path}: has more than 2 MB; give another"


def test_no_room_is_made_for_more_than_there_is(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"abc")
    assert read(path, 2**62) == b"abc"


def test_a_link_to_a_file_is_followed(tmp_path):
    (tmp_path / "file").write_bytes(b"abc")
    (tmp_path / "link").symlink_to("file")
    assert read(tmp_path / "link") == b"abc"


def make_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))


NO_FILES = {
    "is a folder": Path.mkdir,
    "is a folder ": lambda path: path.symlink_to(".."),
    "is a pipe": os.mkfifo,
    "is a pipe ": lambda path: (os.mkfifo(f"{path}.pipe"), path.symlink_to(f"{path}.pipe")),
    "is a socket": make_socket,
    "is a device": lambda path: path.symlink_to("/dev/zero"),
    "Too many levels of symbolic links": lambda path: path.symlink_to(path),
    "No such file": lambda path: path.symlink_to("nowhere"),
    "No such file ": lambda path: None,
}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes here")
@pytest.mark.parametrize(("reason", "make"), NO_FILES.items())
def test_what_is_no_file_is_not_opened(tmp_path, monkeypatch, reason, make):
    make(tmp_path / "x")
    monkeypatch.setattr(os, "open", lambda *arguments: pytest.fail("it was opened"))
    assert reason.strip() in refusal(tmp_path / "x")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes here")
def test_what_becomes_a_pipe_in_the_last_moment_is_not_waited_for(tmp_path, monkeypatch):
    path = tmp_path / "file"
    path.write_bytes(b"abc")
    really = os.open

    def late(name: Path, flags: int) -> int:
        path.unlink()
        os.mkfifo(path)
        return really(name, flags)

    monkeypatch.setattr(os, "open", late)
    assert refusal(path) == f"{path}: is a pipe; give another"


@pytest.mark.parametrize("growth", [10, 10_000_000])
def test_what_grows_while_it_is_read_is_read_to_the_limit(tmp_path, monkeypatch, growth):
    path = tmp_path / "file"
    path.write_bytes(b"abc")
    really = os.fstat

    def growing(descriptor: int) -> os.stat_result:
        status = really(descriptor)
        with path.open("ab") as file:
            file.write(b"d" * growth)
        return status

    monkeypatch.setattr(os, "fstat", growing)
    if growth > 100:
        assert "has more than 100 bytes" in refusal(path)
    else:
        assert read(path).startswith(b"abcd")


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="there is no /proc")
def test_a_file_whose_size_nobody_knows_is_read():
    assert b"Pid:" in read(Path("/proc/self/status"), 100_000)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("a\0b", "its name holds a NUL character"), (os.fsdecode(b"caf\xe9.json"), "its name is not UTF-8"),
        ("a" * 5000, "File name too long"), ("two\nlines\x1b[31m", "No such file"),
    ],
)  # fmt: skip
def test_names_that_are_none_are_refused_in_a_line_that_can_be_printed(tmp_path, name, reason):
    line = refusal(tmp_path / name)
    assert reason in line
    line.encode()


def test_a_name_that_is_not_utf_8_may_be_allowed(tmp_path):
    path = tmp_path / os.fsdecode(b"caf\xe9.py")
    path.write_bytes(b"x")
    assert read_bytes(path, 100, DataError, "give another", any_name=True) == b"x"


def test_the_file_and_the_form_are_named(tmp_path):
    path = tmp_path / "file"
    path.write_text("{")
    with pytest.raises(DataError, match=r"file: is not JSON: .* \(char 1\); repair$"):
        read_json(path, 100, DataError, "repair")
    with pytest.raises(DataError, match=r"file: is not TOML: .*; repair$"):
        read_toml(path, 100, DataError, "repair")
    path.write_text("[1]")
    assert read_json(path, 100, DataError, "repair") == [1]
    path.write_text("a = 1")
    assert read_toml(path, 100, DataError, "repair") == {"a": 1}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"[" * 1_000_000, "nested too deeply"), (b'{"a":' * 1_000_000, "nested too deeply"),
        (b"[" * 101 + b"]" * 101, "nested too deeply"), (b'{"a": 1, "b": 2, "a": 3}', "key 'a' stands twice"),
        (b'"\\ud800"', "surrogates not allowed"), (b'"\xff"', "no UTF-8 text"), (b"", "Expecting value"),
        (b"\xff\xfe\x00", "no UTF-8 text"), (b'"a\nb"', "control character"), (b"9" * 5000 + b"x", "Extra data"),
    ],
)  # fmt: skip
def test_json_that_is_none_or_too_much_is_refused_in_a_line(text, reason):
    with pytest.raises(ValueError, match=reason) as caught:
        parsed_json(text)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b"9" * 400, math.inf), (b"-" + b"9" * 5000, -math.inf), (b"9" * 300, int("9" * 300)), (b"1e400", math.inf),
        (b"-Infinity", -math.inf), (b'\xef\xbb\xbf{"a": [1]}', {"a": [1]}), ('["é"]'.encode("utf-16"), ["é"]),
        (b'"\\ud83d\\ude00"', "\N{GRINNING FACE}"), (b'"\\\\ud800"', "\\ud800"),
        (b"[" * 100 + b"]" * 100, json.loads("[" * 100 + "]" * 100)),
    ],
)  # fmt: skip
def test_json_as_programs_write_it_is_read(text, value):
    assert parsed_json(text) == value


def test_nan_is_read():
    assert math.isnan(parsed_json(b"NaN"))


def test_more_values_than_any_record_has_are_refused_before_they_are_parsed(monkeypatch):
    monkeypatch.setattr(inputs, "MOST_VALUES", 5)
    assert parsed_json(b"[1, 2, 3, 4, 5]") == [1, 2, 3, 4, 5]
    monkeypatch.setattr(json, "loads", lambda *arguments, **options: pytest.fail("it was parsed"))
    with pytest.raises(ValueError, match="holds more than 5 values"):
        parsed_json(b"[1, 2, 3, 4, 5, 6]")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"a = " + b"[" * 100_000, "nested too deeply"), (b"a = " + b"[" * 100 + b"]" * 100, "nested too deeply"),
        (b"a = " + b"9" * 5000, "integer string"), (b"a = '\xe9'", "no UTF-8 text"), (b"a = 1\na = 2", "overwrite"),
        (".".join("a" * 101).encode() + b" = 1", "too many parts"), (b"a." * 500_000 + b"a = 1", "too many parts"),
        (b"x = {" + b"'a'." * 200_000 + b"a = 1}", "too many parts"),
        (b"[" + b'"a" .' * 150_000 + b"a]", "too many parts"),
    ],
)  # fmt: skip
def test_toml_that_is_none_or_too_much_is_refused_in_a_line(text, reason):
    with pytest.raises(ValueError, match=reason) as caught:
        parsed_toml(text)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    "text", [b"a = '" + b"." * 900_000 + b"'", b"a = [" + b"0.5, " * 150_000 + b"]", b"a = '" + b"a" * 900_000 + b"'",
             b"# " + b"a" * 900_000, b"a = '" + b"a " * 400_000 + b"'", b'a = "' + b"'" * 900_000 + b'"']
)  # fmt: skip
def test_large_toml_is_read(text):
    assert len(parsed_toml(text)) < 2


def test_toml_with_a_mark_at_its_beginning_is_read():
    assert parsed_toml(b"\xef\xbb\xbfa = 1") == {"a": 1}


def test_nothing_stays_open(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"a" * 200)
    with warnings.catch_warnings():
        warnings.simplefilter("error", ResourceWarning)
        refusal(path)
        refusal(tmp_path)
        read(path, 200)
