"""What the process of a user's file is refused, by the system and by an audit hook."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from support.handed_in import ROWS, refusal, runs
from support.processes import wait_until

ENOUGH_S = 60

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs limits that this system does not have")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import urllib.request as u\nu.urlopen('http://example.com/')", "a check has no network (http://example.com/)"),
        ("import socket\nsocket.create_connection(('127.0.0.1', 9))", "a check has no network (socket."),
        ("import socket\nsocket.socket().bind(('127.0.0.1', 0))", "a check has no network (socket.bind)"),
        ("import subprocess\nsubprocess.run(['true'])", "a check runs no other program (subprocess.Popen)"),
        ("import os\nos.system('true')", "a check runs no other program (os.system)"),
        ("import os\nos.fork()", "a check runs no other program (os.fork)"),
        ("import os\nos.execv('/bin/true', ['true'])", "a check runs no other program (os.exec)"),
        ("import multiprocessing as m\nm.Process(target=print).start()", "a check runs no other program"),
        ("import os\nos.kill(os.getppid(), 9)", "changes no other process"),
        ("import resource as r\nr.setrlimit(r.RLIMIT_CPU, (9, 9))", "changes no other process and no limit"),
        ("import ctypes\nctypes.CDLL(None).abort()", "lets a file call no native code"),
        ("import ctypes\nctypes.pythonapi.abort()", "lets a file call no native code"),
        ("open('{outside}', 'w')", "a check changes no file ({outside})"),
        ("open('{outside}', 'ab')", "a check changes no file ({outside})"),
        ("import os\nos.open('{outside}', os.O_CREAT | os.O_WRONLY)", "a check changes no file"),
        ("open(__file__, 'a')", "a check changes no file"),
        ("import os\nos.remove(__file__)", "a check changes no file"),
        ("import os\nos.rename(__file__, __file__ + '2')", "a check changes no file"),
        ("import os\nos.mkdir('{outside}')", "a check changes no file"),
        ("import os\nos.symlink('/', 'all')\nopen('all{outside}', 'w')", "a check changes no file"),
        ("import os\nos.link(__file__, 'mine')\nopen('mine', 'w')", "a check changes no file"),
        ("import os\nos.chmod(__file__, 0)", "a check changes no file"),
        ("import sqlite3\nsqlite3.connect('{outside}')", "a check changes no file"),
        ("import os\nos.mkdir('new', dir_fd=os.open('/tmp', os.O_RDONLY))", "a check changes no file (/tmp/new)"),
    ],
)  # fmt: skip
def test_what_a_file_may_not_do_is_said_in_one_line(write, tmp_path, code, said):
    outside = str(tmp_path / "outside.txt")
    path = write(code.replace("{outside}", outside) + f"\n{ROWS}")
    assert said.replace("{outside}", outside) in str(refusal(path))
    assert not (tmp_path / "outside.txt").exists()
    assert path.read_text().endswith(ROWS)


def test_a_refusal_can_be_caught(write):
    runs(
        write(
            f"import urllib.request as u\ntry:\n    u.urlopen('http://a.b/')\nexcept OSError:\n    pass\n{ROWS}"
        )
    )


def test_memory_is_limited(write):
    said = str(
        refusal(
            write(f"import numpy as np\nkept = [np.ones(10**7) for _ in range(1000)]\n{ROWS}"), memory=300
        )
    )
    assert "line 2" in said
    assert "needs more than 300 MB of memory; give it more with --memory MB" in said


def test_shared_memory_counts(write):
    assert "Cannot allocate memory" in str(refusal(write("import mmap\nmmap.mmap(-1, 10**9)\n"), memory=300))


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc to see which processes are left")
def test_the_process_ends_with_the_one_that_drives_it(write):
    path = write("import time\nopen('started', 'w').close()\nwhile True:\n    time.sleep(1)\n")
    drive = (
        "from pathlib import Path\nfrom chainrule.gradcheck.sandbox.remote import RemoteProgram\n"
        f"with RemoteProgram(Path({str(path)!r})):\n    pass\n"
    )
    driver = subprocess.Popen([sys.executable, "-c", drive])
    started: list[Path] = []
    try:
        wait_until(lambda: started.extend(at_work(driver.pid)) or started, ENOUGH_S)
    finally:
        os.kill(driver.pid, signal.SIGKILL)
        driver.wait()
    wait_until(lambda: not started[0].exists() or " Z " in (started[0] / "stat").read_text(), ENOUGH_S)


def at_work(driver: int) -> list[Path]:
    """Folders in /proc of the children of ``driver`` that run their file."""
    children = (Path("/proc") / str(driver) / "task" / str(driver) / "children").read_text().split()
    return [
        Path("/proc") / child for child in children if (Path("/proc") / child / "cwd" / "started").exists()
    ]


def test_what_does_no_harm_is_allowed(write):
    code = """
import os, socket, sqlite3
open(os.devnull, "w").write("nothing")
socket.gethostname()
socket.socket().close()
sqlite3.connect(":memory:").close()
os.mkdir("new", dir_fd=os.open(".", os.O_RDONLY))
os.rename("new", "newer")
"""
    runs(write(code + ROWS))


LIMITED = """
import resource as r
from chainrule.gradcheck.sandbox.confine import LARGEST_FILE, limit
r.setrlimit(r.RLIMIT_CPU, (30, 50))
limit(memory=500, seconds=100)
assert r.getrlimit(r.RLIMIT_CPU) == (50, 50)
assert r.getrlimit(r.RLIMIT_FSIZE) == (LARGEST_FILE, LARGEST_FILE)
assert r.getrlimit(r.RLIMIT_CORE) == (0, 0)
limit(memory=500, seconds=9.5)
assert r.getrlimit(r.RLIMIT_CPU) == (11, 11)
"""


def test_no_limit_is_set_above_what_the_system_allows():
    subprocess.run([sys.executable, "-c", LIMITED], check=True)
