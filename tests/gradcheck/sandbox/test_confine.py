"""What the process of a user's file may take and do, as the system gives it. What it tries to get out is in
``test_hostile.py``."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.check import check
from chainrule.gradcheck.sandbox import confine
from chainrule.gradcheck.sandbox.remote import RemoteProgram
from support.handed_in import LIMITS, ROWS, first, refusal, runs
from support.processes import wait_until

ENOUGH_S = 60

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs limits that this system does not have")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import socket\nsocket.socket()", "reach no network, program or process"),
        ("import os\nos.fork()", "reach no network, program or process"),
        ("import os\nos.execv('/bin/true', ['true'])", "reach no network, program or process"),
        ("import subprocess\nsubprocess.run(['true'])", "a check lets code"),
        ("import os\nos.kill(os.getppid(), 9)", "reach no network, program or process"),
        ("open('/usr/new', 'w')", "read and write its own folder"),
        ("open('/etc/passwd')", "a check lets code see a copy of its own folder, and no other file"),
        ("open('../data/points.csv')", "a check lets code see a copy of its own folder, and no other file"),
    ],
)
def test_a_refusal_says_what_a_check_lets_code_do(write, whole, code, said):
    assert said in str(refusal(write(first(code))))


HARMLESS = """
import fcntl, os, sqlite3, shutil, tempfile, threading, asyncio, ctypes, multiprocessing, socket, subprocess
open(os.devnull, "w").write("nothing")
assert len(open("/dev/urandom", "rb").read(8)) == 8
sqlite3.connect(":memory:").close()
fcntl.flock(open("net.py"), fcntl.LOCK_EX)
fcntl.lockf(open("new.txt", "w"), fcntl.LOCK_EX)
sqlite3.connect("own.db").execute("create table t (x)").connection.close()
os.mkdir("new", dir_fd=os.open(".", os.O_RDONLY))
os.rename("new", "newer")
os.symlink("newer", "link")
shutil.copy2("net.py", "newer/copy.py")
os.chmod("newer", 0o700)
with tempfile.NamedTemporaryFile() as file:
    file.write(b"x")
heard = []
thread = threading.Thread(target=heard.append, args=(1,))
thread.start()
thread.join()
assert heard == [1]
import numpy.testing, scipy.optimize, sklearn.linear_model
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(2) as pool:
    assert list(pool.map(abs, (-1, 2))) == [1, 2]
import time, datetime, platform
time.sleep(0.001), datetime.datetime.now(), platform.platform(), os.cpu_count(), os.getcwd(), os.listdir(".")
"""


def test_what_does_no_harm_is_allowed(write):
    runs(write(first(HARMLESS)))


def test_a_refusal_can_be_caught(write):
    runs(write(first("try:\n    open('/etc/passwd')\nexcept OSError:\n    pass")))


def test_memory_is_limited(write):
    code = "import numpy as np\nkept = [np.ones(10**7) for _ in range(1000)]"
    said = str(refusal(write(first(code)), memory=300))
    assert "line 3" in said
    assert "needs more than 300 MB of memory; give it more with --memory MB" in said


def test_shared_memory_counts(write):
    assert "Cannot allocate memory" in str(
        refusal(write(first("import mmap\nmmap.mmap(-1, 10**9)")), memory=300)
    )


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc to see which processes are left")
def test_the_process_ends_with_the_one_that_drives_it(write):
    path = write(first("while True:\n    pass"))
    drive = (
        "from pathlib import Path\nfrom chainrule.gradcheck.sandbox.remote import RemoteProgram\n"
        f"with RemoteProgram(Path({str(path)!r})):\n    pass\n"
    )
    driver = subprocess.Popen([sys.executable, "-c", drive])
    started: list[Path] = []
    try:
        wait_until(lambda: started.extend(children(driver.pid)) or started, ENOUGH_S)
    finally:
        os.kill(driver.pid, signal.SIGKILL)
        driver.wait()
    wait_until(lambda: not started[0].exists() or " Z " in (started[0] / "stat").read_text(), ENOUGH_S)


def children(driver: int) -> list[Path]:
    listed = (Path("/proc") / str(driver) / "task" / str(driver) / "children").read_text().split()
    return [Path("/proc") / child for child in listed]


def test_nothing_is_left_in_the_folder_of_temporary_files(write, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    with RemoteProgram(write(first("open('new', 'w').write('x')")), LIMITS):
        pass
    assert list((tmp_path / "temporary").iterdir()) == []


LIMITED = """
import resource as r
from chainrule.gradcheck.sandbox.process_limits import LARGEST_FILE, limit
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


@pytest.mark.parametrize(
    ("function", "measure"),
    [
        ("leave_namespaces", "own root"),
        ("landlock", "landlock"),
        ("seccomp", "seccomp"),
        ("limit", "limits"),
    ],
)
def test_where_a_measure_is_missing_the_own_file_runs_with_a_note_and_a_strangers_does_not(
    write, whole, lacking, function, measure
):
    lacking(function)
    with RemoteProgram(write(ROWS), LIMITS) as program:
        assert program.describe().names == ["W", "b"]
        assert f"not confined here: no {measure}; see chainrule info" in program.notes
    with (
        pytest.raises(CheckError, match=f"no {measure} .*Operation not permitted.*--trust-code"),
        RemoteProgram(write(ROWS), LIMITS, untrusted=True),
    ):
        pass


def test_on_another_system_the_own_file_is_checked_all_the_same(write, lacking):
    lacking(platform="darwin")
    with RemoteProgram(write(ROWS), LIMITS) as program:
        assert check(program).right
        assert "not confined here: no own root, landlock; see chainrule info" in program.notes
    with (
        pytest.raises(CheckError, match="darwin has nothing like it"),
        RemoteProgram(write(ROWS), LIMITS, untrusted=True),
    ):
        pass


def test_folders_that_hold_what_is_not_to_be_seen_are_left_out_of_what_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path), str(tmp_path / "lib")])
    (tmp_path / "lib").mkdir()
    readable = confine.readable_folders([tmp_path / "work"])
    assert tmp_path not in readable
    assert tmp_path / "lib" in readable
    assert Path(sys.base_prefix) in readable
