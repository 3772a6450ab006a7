"""Numbers by which functions are set."""

import pytest

from chainrule.gradcheck.program.number_names import another_number, is_factor


@pytest.mark.parametrize(
    ("name", "given", "other"),
    [
        *[
            ("delta", "1.0", "0.7"),
            ("focal_gamma", "2", "1.4"),
            ("_margin", "-1", "-0.7"),
            ("unknown", "0.5", "0.35"),
        ],
        *[("l1", "0.0", "0.3"), ("slope", "0.01", "0.007"), ("epsilon", "0.1", "0.07")],
    ],
)
def test_another_number_is_like_the_given_one(name, given, other):
    assert another_number(name, given) == other


@pytest.mark.parametrize(
    ("name", "given"),
    [
        *[
            ("eps", "1e-8"),
            ("axis", "1"),
            ("num_classes", "3"),
            ("n_iter", "10"),
            ("seed", "0"),
            ("lr", "0.01"),
        ],
        *[("momentum", "0.9"), ("keep_prob", "0.8"), ("power", "2"), ("delta", "None"), ("stride", "1.0")],
        *[("delta", "inf"), ("training", "True"), ("hidden_size", "16"), ("sigma", "0.1")],
    ],
)
def test_what_is_no_part_of_a_formula_is_held(name, given):
    assert not another_number(name, given)


def test_factors_by_name():
    assert all(map(is_factor, ["alpha", "l1_ratio", "loss_weight", "temperature"]))
    assert not any(map(is_factor, ["axis", "power", "n"]))
