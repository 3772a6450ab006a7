"""A file's functions called through a pipe give what they give here; and nothing that comes back is believed."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.program.subject import METHODS, Local
from chainrule.gradcheck.sandbox import answers
from chainrule.gradcheck.sandbox.codec import FrameError
from chainrule.gradcheck.sandbox.process import Limits
from chainrule.gradcheck.sandbox.remote import Remote, UserError
from support.places import CONVENTIONS

FILE = CONVENTIONS / "update_and_numeric.py"
ROWS = FILE.with_name("rows.py")
LIMITS = Limits(seconds=60)


def local(path: Path) -> Local:
    namespace = {"__name__": "here"}
    exec(compile(path.read_text(), str(path), "exec"), namespace)
    return Local(**namespace["chainrule_check"](np.random.default_rng(0)))


def assert_same(a: object, b: object) -> None:
    assert type(a) is type(b)
    if isinstance(a, dict):
        assert set(a) == set(b)
        a, b = [a[key] for key in a], [b[key] for key in a]
    if isinstance(a, list):
        assert len(a) == len(b)
        for one, other in zip(a, b, strict=True):
            assert_same(one, other)
    else:
        np.testing.assert_array_equal(a, b)


def answers_of(subject) -> dict[str, object]:
    """What a subject answers to everything that it can be asked."""
    given = subject.describe()
    arrays, data = given["arrays"], given["data"]
    point = arrays, data
    direction = [np.ones_like(array) for array in arrays]
    trace = subject.trace(*point)
    change = {"site": trace[0]["site"], "occurrence": 0, "array": trace[0]["array"] * 2}
    return {
        "describe": given,
        "cost": subject.cost(*point),
        "complex cost": subject.cost([array + 0.1j for array in arrays], data),
        "costs": subject.costs(*point, 0, np.array([0, 5]), np.array([0.1, -0.1])),
        "along": subject.along(*point, direction, np.array([1e-20j])),
        "gradient": subject.gradient(*point),
        "numeric": subject.numeric(*point),
        "update": subject.update(arrays, direction, 0.5),
        "calls": subject.calls(*point),
        "trace": trace,
        "trace of the numeric": subject.trace(*point, "numeric"),
        "trace_update": subject.trace_update(arrays, direction, 0.5),
        "gradient_replacing": subject.gradient_replacing(*point, [change]),
        "cost_replacing": subject.cost_replacing(*point, []),
        "first_mutation": subject.first_mutation(*point),
        "numeric_step": subject.numeric_step(),
    }


def test_every_answer_is_the_one_that_is_given_here():
    with Remote(FILE, LIMITS) as remote:
        there = answers_of(remote)
    here = answers_of(local(FILE))
    assert set(METHODS) <= set(here)
    assert_same(here, there)


def test_an_adapter_draws_by_the_seed():
    drawn = []
    for seed in (0, 0, 1):
        with Remote(ROWS, LIMITS, seed) as remote:
            drawn.append(remote.describe()["arrays"][0])
    assert (drawn[0] == drawn[1]).all()
    assert (drawn[0] != drawn[2]).all()


def test_what_the_check_refuses_comes_back_as_such():
    with Remote(ROWS, LIMITS) as remote:
        given = remote.describe()
        with pytest.raises(CheckError, match=r"rows\.py: the numeric gradient: none was given") as error:
            remote.numeric(given["arrays"], given["data"])
        assert not isinstance(error.value, UserError)
        assert remote.cost(given["arrays"], given["data"]) > 0


def test_an_exception_shows_the_users_frames_only():
    with Remote(ROWS, LIMITS) as remote:
        arrays = remote.describe()["arrays"]
        with pytest.raises(UserError) as error:
            remote.cost(arrays, [np.zeros((2, 2)), np.zeros(2, dtype=int), 0.1])
    assert str(error.value).startswith("rows.py, line 6, in compute_cost: ValueError: ")
    lines = error.value.traceback.splitlines()
    assert lines[0] == "Traceback (most recent call last):"
    assert lines[1] == f'  File "{ROWS}", line 6, in compute_cost'
    assert lines[-1].startswith("ValueError: ")
    assert "chainrule/gradcheck/" not in error.value.traceback.replace(str(ROWS.parent), "")
    again = pickle.loads(pickle.dumps(error.value))
    assert (again.problems, again.traceback) == (error.value.problems, error.value.traceback)


def test_a_process_lives_as_long_as_its_with():
    remote = Remote(ROWS, LIMITS)
    with pytest.raises(CheckError, match="in a with statement"):
        remote.describe()
    with remote:
        assert remote.describe()["names"] == ["W", "b"]
    with pytest.raises(CheckError, match="has been closed"):
        remote.describe()


@pytest.mark.parametrize(
    ("check", "value"),
    [
        (answers.number, float("nan")),
        (answers.number, "1"),
        (answers.number, None),
        (lambda value: answers.numbers(value, 2), np.zeros(3)),
        (lambda value: answers.numbers(value, 2), np.array([0.0, np.nan])),
        (lambda value: answers.numbers(value, 2), [0.0, 1.0]),
        (answers.arrays, [1.0]),
        (answers.arrays, np.zeros(3)),
        (answers.texts, "text"),
        (answers.texts, [1]),
        (answers.counts, {"cost": "1"}),
        (answers.counts, []),
        (answers.gradient, {"names": ["W"], "arrays": [], "after": [], "kind": "list"}),
        (answers.gradient, {"names": [], "arrays": [], "after": []}),
        (answers.description, {"names": []}),
        (answers.trace, [{"site": "1"}]),
        (answers.trace, {}),
        (answers.record, []),
    ],
)
def test_answers_of_another_kind_are_refused(check, value):
    with pytest.raises(FrameError):
        check(value)


def test_text_cannot_steer_a_terminal_or_fill_it():
    assert answers.text("a\x1b[31m\n\u202eb") == r"a\x1b[31m\n\u202eb"
    assert answers.traceback("a\n\x07") == "a\n\\x07"
    assert len(answers.text("x" * 10**6)) == 2000


FORGED = """
import json, os, struct

def forge(tree, rest=b""):
    text = json.dumps(tree).encode()
    frame = struct.pack(">QQ", len(text) + len(rest), len(text)) + text + rest
    for descriptor in range(3, 300):
        try:
            os.write(descriptor, frame)
        except OSError:
            pass
"""


@pytest.mark.parametrize(
    "call",
    [
        "forge(3)",
        "forge([])",
        'forge({"dict": {"value": 3}})',
        'forge({"dict": {"value": {"dict": {"notes": {"list": []}, "adapter": 3}}}})',
        'forge({"dict": {"raised": {"dict": {}}}})',
        'forge({"dict": {"problems": 3}})',
        'forge({"array": ["<f8", [10**12]]})',
        "forge({}, bytes(1000))",
        "for d in range(3, 300):\n    try: os.write(d, bytes([255] * 16))\n    except OSError: pass",
    ],
)
def test_a_forged_answer_ends_the_process_in_one_line(tmp_path, call):
    path = tmp_path / "forger.py"
    path.write_text(f"{FORGED}\n{call}\n{ROWS.read_text()}")
    with pytest.raises(CheckError, match=r"forger\.py: ") as error, Remote(path, LIMITS):
        pass
    assert len(error.value.problems) == 1
