"""Programs of our own that try to get out, to disturb others, and to end or to fool the checker
(:mod:`support.hostile_programs`). Each is checked as somebody else's hand-in, and looked at from outside."""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from chainrule.cli.app import run
from chainrule.errors import CheckError
from chainrule.gradcheck.check import check
from chainrule.gradcheck.sandbox import process
from chainrule.gradcheck.sandbox.process import Limits
from chainrule.gradcheck.sandbox.remote import RemoteProgram, UserError
from chainrule.text import json_values
from support.handed_in import LIMITS, ROWS
from support.hostile_programs import EACH, GOT_OUT, SHARING, Hostile, raising_in_turn
from support.hostile_surroundings import VARIABLE, Surroundings
from support.samples import one_in

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs what confines processes")

LATE_S = 30
"""How long after its time a process may still be about, for its place in the code to be asked for."""
LONGEST = 300_000
"""Of what is shown of a check, in characters."""
MOST_MEMORY_MB = 700
"""By how much this process may grow for a check."""


@contextlib.contextmanager
def prepared(tmp_path_factory) -> Iterator[Surroundings]:
    with contextlib.ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        yield Surroundings(tmp_path_factory.mktemp("hostile"), stack, patch)


@pytest.fixture(scope="module")
def surroundings(tmp_path_factory, whole):
    with prepared(tmp_path_factory) as surroundings:
        yield surroundings
        # Whatever they have done, a right net is right.
        assert shown(surroundings.write(ROWS), LIMITS)[0] == "right"


def shown(path: Path, limits: Limits, untrusted: bool = True) -> tuple[str, str]:
    """The verdict or the line that a check comes to, and all that it shows."""
    try:
        with RemoteProgram(path, limits, untrusted=untrusted) as program:
            outcome = check(program)
    except CheckError as error:
        return str(error), _of_error(error)
    written = json.dumps(json_values(outcome.as_dict()), allow_nan=False)
    return outcome.verdict, _plain(f"{outcome}\n{written}")


def _of_error(error: CheckError) -> str:
    assert error.problems
    assert all(line.isprintable() for line in error.problems)
    return _plain(f"{error}\n{error.traceback if isinstance(error, UserError) else ''}")


def _plain(everything: str) -> str:
    """The same, once it has been found to be short enough to read, and nothing but text."""
    assert len(everything) < LONGEST
    assert all(line.isprintable() for line in everything.split("\n"))
    return everything


def peak_mb(reset: bool = False) -> float:
    """The most memory that this process has had since the last reset."""
    if reset:
        Path("/proc/self/clear_refs").write_text("5")
    (line,) = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(line) / 1024


@pytest.mark.parametrize("program", one_in(6, SHARING), ids=str)
def test_nothing_gets_out_and_the_checker_stands(surroundings: Surroundings, program: Hostile):
    path = surroundings.write(program.text(surroundings.values))
    before, started = peak_mb(reset=True), time.monotonic()
    end, everything = shown(path, program.limits)
    took, grown = time.monotonic() - started, peak_mb() - before
    assert GOT_OUT not in everything, everything
    assert surroundings.token not in everything
    assert re.search(program.ends, end), end
    surroundings.require_unharmed()
    assert took < program.limits.seconds + LATE_S
    assert grown < MOST_MEMORY_MB


def test_every_exception_becomes_a_line_and_the_process_goes_on(surroundings: Surroundings):
    text, names = raising_in_turn()
    path = surroundings.write(text)
    with RemoteProgram(path, Limits(memory=800), untrusted=True) as program:
        for number, name in enumerate(names):
            with pytest.raises(UserError) as error:
                program.cost([np.array([float(number)])], [])
            assert re.match(r"net\.py[,:] ", _of_error(error.value)), name
            assert program.cost([np.array([-2.0])], []) == 4.0
    surroundings.require_unharmed()


@pytest.mark.parametrize(
    ("measures", "values", "program"),
    [
        (["leave_namespaces"], {}, "reading-the_size_of_a_file"),
        (["leave_namespaces"], {}, "reading-how_full_the_disk_is"),
        (["landlock"], {}, "writing-over_a_library"),
        (["seccomp"], {}, "processes-a_fork"),
        (["seccomp"], {}, "networking-a_pair"),
        (["limit"], {}, "taking-memory_by_mapping"),
        ([], {"_MOST_FILES": 10**6}, "taking-countless_files"),
    ],
)
def test_without_a_measure_a_program_gets_out(surroundings, lacking, measures, values, program):
    lacking(*measures, **values)
    assert GOT_OUT in tried(surroundings, program)


def test_with_another_environment_a_program_gets_out(surroundings, monkeypatch):
    monkeypatch.setattr(process, "_KEPT_VARIABLES", (*process._KEPT_VARIABLES, VARIABLE))
    assert surroundings.token in tried(surroundings, "reading-an_inherited_variable")


def test_with_descriptors_left_open_a_program_gets_out(surroundings, monkeypatch):
    monkeypatch.setattr(subprocess, "Popen", partial(subprocess.Popen, close_fds=False))
    assert GOT_OUT in tried(surroundings, "reading-descriptors_left_open")


@pytest.mark.parametrize(
    "program",
    [
        "writing-a_new_file", "writing-a_mode", "writing-removal", "running-in_its_own_place",
        "networking-a_connection", "networking-a_datagram", "networking-a_socket_in_a_folder",
        "networking-a_socket_without_a_path", "processes-a_signal_to_the_parent",
    ],
)  # fmt: skip
def test_what_got_out_is_seen_from_outside(tmp_path_factory, lacking, program):
    lacking("leave_namespaces", "landlock", "seccomp")
    with prepared(tmp_path_factory) as surroundings:
        tried(surroundings, program)
        with pytest.raises((AssertionError, pytest.fail.Exception)):
            surroundings.require_unharmed()


def tried(surroundings: Surroundings, program: str) -> str:
    """All that a check shows of a program that may get out."""
    path = surroundings.write(EACH[program].text(surroundings.values))
    return shown(path, LIMITS, untrusted=False)[1]


@pytest.mark.parametrize(
    "program",
    [
        "crashing-an_end_with_the_code_of_a_wrong_gradient", "crashing-a_wrong_address", "crashing-an_interrupt",
        "channel-problems_that_are_none", "channel-an_exception_of_the_checkers_files", "forging-empty_parameters",
        "forging-names_that_lie",
    ],
)  # fmt: skip
def test_a_command_never_takes_a_crash_for_a_wrong_gradient(surroundings, capsys, program):
    path = surroundings.write(EACH[program].text(surroundings.values))
    odd = path.with_name("\x1b[2J\u202eright\n\udcff.py")
    path.rename(odd)
    try:
        assert run(["check", str(odd)]) == 2
    finally:
        odd.rename(path)
    shown = capsys.readouterr()
    assert shown.out == ""
    lines = shown.err.splitlines()
    assert lines[-1].startswith("chainrule: ")
    assert all(line.isprintable() for line in lines)


def test_each_program_says_what_it_tries():
    assert len(EACH) >= 100
    assert all(function.__doc__ for program in EACH.values() for function in program.functions)
    run = sum(len(program.functions) for program in SHARING) + len(raising_in_turn()[1])
    assert run == len(EACH)
