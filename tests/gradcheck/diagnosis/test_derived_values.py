"""The values on the way of a derivation."""

import numpy as np

from chainrule.gradcheck.diagnosis.derived_values import derived_values
from support.drawn_nets import drawn_net, gradient_with


def test_every_value_on_the_way_is_traced():
    net = drawn_net((4, 6, 3), eps=1e-3)
    gradient = gradient_with(net, {})
    values = derived_values(net)
    np.testing.assert_array_equal(values["gW", 1], gradient["W1"])
    np.testing.assert_allclose(values["variance", 1], net.layers[0].s.var(axis=0))
    np.testing.assert_allclose(values["sigma", 1] * values["1/sigma", 1], 1)
    np.testing.assert_allclose(values["P", 2].sum(axis=1), 1)
    np.testing.assert_allclose(np.exp(values["log P", 2]), values["P", 2])
    np.testing.assert_allclose(values["dgamma", 1], values["sum g_hat s_hat", 1] / net.layers[0].gamma)
    assert ("s_hat", 2) not in values
