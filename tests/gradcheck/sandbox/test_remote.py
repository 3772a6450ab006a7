"""A file's functions called through a pipe give what they give here; and nothing that comes back is believed."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.program.interface import Program, Replacement
from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.sandbox import validation
from chainrule.gradcheck.sandbox.process import Limits
from chainrule.gradcheck.sandbox.remote import RemoteProgram, UserError
from support.handed_in import first
from support.places import CONVENTIONS
from support.sending import SENDING

FILE = CONVENTIONS / "update_and_numeric.py"
ROWS = FILE.with_name("rows.py")
LIMITS = Limits(seconds=60)


def local(path: Path) -> LocalProgram:
    namespace = {"__name__": "here"}
    exec(compile(path.read_text(), str(path), "exec"), namespace)
    return LocalProgram(**namespace["chainrule_check"](np.random.default_rng(0)))


def assert_same(a: object, b: object) -> None:
    assert type(a) is type(b)
    if isinstance(a, dict):
        assert set(a) == set(b)
        a, b = [a[key] for key in a], [b[key] for key in a]
    if isinstance(a, str):
        # There it is a copy of the file that runs.
        a, b = Path(a).name, Path(b).name
    if isinstance(a, list | tuple):
        assert len(a) == len(b)
        for here, there in zip(a, b, strict=True):
            assert_same(here, there)
    else:
        np.testing.assert_array_equal(a, b)


def answers_of(program: Program) -> dict[str, object]:
    """What a program answers to everything that it can be asked."""
    given = program.describe()
    arrays, data = given.arrays, given.data
    direction = [np.ones_like(array) for array in arrays]
    trace = program.trace(arrays, data, "gradient")
    other = Replacement(trace[0].site, 0, trace[0].array * 2)
    patches = program.patches(arrays, data)
    return {
        "describe": given,
        "cost": program.cost(arrays, data),
        "complex cost": program.cost([array + 0.1j for array in arrays], data),
        "cost with values replaced": program.cost(arrays, data, []),
        "costs": program.costs(arrays, data, 0, np.array([0, 5]), np.array([0.1, -0.1])),
        "along": program.along(arrays, data, direction, np.array([1e-20j])),
        "costs_along": program.costs_along(arrays, data, 0, np.array(direction[:1]), np.array([0.1])),
        "projections": program.projections(arrays, data, direction, [[], [other]]),
        "gradient": program.gradient(arrays, data),
        "gradient with values replaced": program.gradient(arrays, data, [other]),
        "patches": patches,
        "edits": program.edits(patches[:1]),
        "fitting": program.fitting(arrays, data, patches[0].line, [direction, arrays], [np.ones(2)]),
        "gradient with a patch": program.gradient(arrays, data, patches[:1]),
        "numeric": program.gradient(arrays, data, (), "numeric"),
        "update": program.update(arrays, direction, 0.5),
        "cost_calls": program.cost_calls(arrays, data),
        "trace": trace,
        "trace with uses and a value replaced": program.trace(arrays, data, "gradient", True, [other]),
        "slopes": program.slopes(arrays, data, [Replacement("", 0, direction[0])]),
        "statements": program.statements(),
        "patches of a line": program.patches(arrays, data, trace[0].line),
        "trace of the numeric": program.trace(arrays, data, "numeric"),
        "trace of the update": program.trace(arrays, [direction, 0.5], "update"),
        "first_mutation": program.first_mutation(arrays, data),
    }


def test_every_answer_is_the_one_that_is_given_here():
    with RemoteProgram(FILE, LIMITS) as program:
        there = answers_of(program)
    here = answers_of(local(FILE))
    assert set(validation.REQUESTS) <= set(here)
    assert_same(here, there)


def test_an_adapter_draws_by_the_seed():
    drawn = []
    for seed in (0, 0, 1):
        with RemoteProgram(ROWS, LIMITS, seed) as program:
            drawn.append(program.describe().arrays[0])
    assert (drawn[0] == drawn[1]).all()
    assert (drawn[0] != drawn[2]).all()


def test_what_the_check_refuses_comes_back_as_such():
    with RemoteProgram(ROWS, LIMITS) as program:
        given = program.describe()
        with pytest.raises(CheckError, match=r"rows\.py: the numeric gradient: none was given") as error:
            program.gradient(given.arrays, given.data, (), "numeric")
        assert not isinstance(error.value, UserError)
        assert program.cost(given.arrays, given.data) > 0


def test_an_exception_shows_the_users_frames_only():
    with RemoteProgram(ROWS, LIMITS) as program:
        arrays = program.describe().arrays
        with pytest.raises(UserError) as error:
            program.cost(arrays, [np.zeros((2, 2)), np.zeros(2, dtype=int), 0.1])
    assert str(error.value).startswith("rows.py, line 6, in compute_cost: ValueError: ")
    lines = error.value.traceback.splitlines()
    assert lines[0] == "Traceback (most recent call last):"
    assert lines[1] == f'  File "{ROWS}", line 6, in compute_cost'
    assert lines[-1].startswith("ValueError: ")
    assert "chainrule/gradcheck/" not in error.value.traceback.replace(str(ROWS.parent), "")
    again = pickle.loads(pickle.dumps(error.value))
    assert (again.problems, again.traceback) == (error.value.problems, error.value.traceback)


def test_a_process_lives_as_long_as_its_with():
    remote = RemoteProgram(ROWS, LIMITS)
    with pytest.raises(CheckError, match="in a with statement"):
        remote.describe()
    with remote:
        assert remote.describe().names == ["W", "b"]
    with pytest.raises(CheckError, match="has been closed"):
        remote.describe()


@pytest.mark.parametrize(
    "call",
    [
        "forge(3)",
        "forge([])",
        'forge({"Answer": [3]})',
        'forge({"Answer": [{"Started": [{"list": []}, 3]}]})',
        'forge({"Raised": []})',
        'forge({"Problems": [3]})',
        'forge({"Problems": [{"list": ["no"]}, 3]})',
        'forge({"Limits": [3]})',
        'forge({"array": ["<f8", [10**12]]})',
        "forge({}, bytes(1000))",
        "for d in range(3, 300):\n    try: os.write(d, bytes([255] * 16))\n    except OSError: pass",
    ],
)
def test_a_forged_answer_ends_the_process_in_one_line(tmp_path, call):
    path = tmp_path / "forger.py"
    path.write_text(f"{SENDING}\n{first(call)}")
    with pytest.raises(CheckError, match=r"forger\.py: ") as error, RemoteProgram(path, LIMITS):
        pass
    assert len(error.value.problems) == 1


def test_only_what_was_copied_is_a_file_of_the_users(tmp_path):
    for name in ("net.py", "beside.py", "data.txt"):
        (tmp_path / name).write_text("")
    outside = tmp_path.parent / "outside.py"
    outside.write_text("")
    (tmp_path / "linked.py").symlink_to(outside)
    remote = RemoteProgram(tmp_path / "net.py", LIMITS, root=tmp_path)
    copied = remote._copy.parent
    assert remote.original(str(copied / "net.py")) == tmp_path / "net.py"
    assert remote.original(str(copied / "beside.py")) == tmp_path / "beside.py"
    others = ["../outside.py", "linked.py", "data.txt", "missing.py", "../../../../../../../../etc/hosts"]
    assert [remote.original(str(copied / name)) for name in others] == [None] * len(others)
    assert remote.original(str(tmp_path / "net.py")) is None
    alone = RemoteProgram(tmp_path / "net.py", LIMITS)
    assert alone.original(str(alone._copy)) == tmp_path / "net.py"
    assert alone.original(str(alone._copy.with_name("beside.py"))) is None
