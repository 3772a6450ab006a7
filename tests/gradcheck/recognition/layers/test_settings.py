"""Values for settings."""

from chainrule.gradcheck.recognition.layers.settings import (
    IN_CONSTRUCTORS,
    KEPT,
    VALUES,
    another,
    is_statistic,
    is_test,
)
from support.layers import checked


def test_factors_that_a_constructor_is_given_can_be_seen():
    assert all(VALUES[name] not in ("0", "0.0", "1", "1.0") for name in IN_CONSTRUCTORS)


def test_what_keeps_its_default_has_a_value_where_there_is_none():
    assert all(name in VALUES for name in KEPT)


def test_another_value_is_for_what_cannot_be_seen_by_default():
    assert [another("smoothing", default) for default in ("0.0", "1.0", "0.2")] == ["0.3", "0.7", ""]
    assert another("ignore_index", "-1") == "1"
    assert [another(*each) for each in (("focal_gamma", "2.0"), ("ratio", "0.5"))] == ["1.4", ""]
    assert [another(name, "0.0") for name in ("learning_rate", "reg")] == ["", ""]


def test_modes_for_tests():
    assert all(map(is_test, ({"mode": '"test"'}, {"training": "False"}, {"test_mode": "True"})))
    assert not any(map(is_test, ({"mode": '"train"'}, {"training": "True"}, {"stride": "2"})))


def test_statistics():
    assert [is_statistic(name) for name in ("running_var", "_moving_mean", "mean")] == [True, True, False]


SET_BY_KEYS = """
def scale_forward(x, gamma, param):
    if param["test"]:
        return x * param["running"]["mean"].reshape(1, -1), None
    x = x[:, :: param["size"]]
    return x * gamma[:: param["size"]], (x, gamma, param)
def scale_backward(dout, cache):
    x, gamma, param = cache
    dx, dgamma = np.zeros((len(x), len(gamma))), np.zeros_like(gamma)
    dx[:, :: param["size"]] = dout * gamma[:: param["size"]]
    dgamma[:: param["size"]] = (dout * x).sum(axis=0)
    return dx, dgamma
"""


def test_a_size_and_the_mode_in_training_are_given_by_their_keys():
    outcome, reading = checked(SET_BY_KEYS)
    assert outcome.right
    assert '"test": False, "size": 2' in reading.notes[0].replace('"running": {"mean": 0.0}, ', "")
