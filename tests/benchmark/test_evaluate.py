from pathlib import Path

import numpy as np
import pytest
from wrong_backward_passes.evaluate import POINTS, RIGHT, Truth, Value, directions, error, load, truth, value
from wrong_backward_passes.flat import rerun

PROGRAM = """
def cost(w):
    return (w**3).sum()


def grad(w):
    return {factor} * w**2


if __name__ == "__main__":
    1 / 0
"""
CASE = """
def case(program, rng, size):
    at = {"w": rng.normal(size=(3 + size, 1))}
    return at, lambda p: program.cost(p["w"]), lambda p: {"w": program.grad(p["w"]).ravel()}
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, Path]:
    right, wrong, case = (tmp_path / f"{name}.py" for name in ("right", "wrong", "case"))
    right.write_text(PROGRAM.format(factor=3))
    wrong.write_text(PROGRAM.format(factor=2))
    case.write_text(CASE)
    return right, wrong, case


@pytest.mark.parametrize("point", POINTS)
def test_errors_are_shares_of_the_largest_derivative(
    files: tuple[Path, Path, Path], point: tuple[int, int]
) -> None:
    right, wrong, case = files
    ought = truth(right, case, point)
    assert error(value(right, case, point), ought) < RIGHT
    assert error(value(wrong, case, point), ought) == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    "has",
    [
        Value(2.0, {"w": np.ones(2)}),
        Value(1.0, {}),
        Value(1.0, {"w": np.array([1, np.nan])}),
        Value(float("nan"), {"w": np.ones(2)}),
    ],
)
def test_another_cost_a_missing_array_and_whatever_is_not_finite_are_infinitely_wrong(has: Value) -> None:
    along = {"w": directions(np.ones(2)) @ np.ones(2)}
    assert error(Value(1.0, {"w": np.ones(2)}), Truth(1.0, along)) < RIGHT
    assert error(has, Truth(1.0, along)) == float("inf")


def test_a_script_runs_again_with_other_values_in_place_of_its_first(tmp_path: Path) -> None:
    file = tmp_path / "script.py"
    file.write_text("n = 3\nw = 5.0\nfor i in range(n):\n    w = w * 2\nprint(w)\n")
    program = load(file)
    assert program.w == 40
    assert rerun(program, {"n": 1, "w": 7.0})["w"] == 14
    with pytest.raises(ValueError, match=r"script\.py gives no value to other"):
        rerun(program, {"other": 1})
