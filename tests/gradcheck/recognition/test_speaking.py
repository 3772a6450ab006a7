"""What names mean while a file is recognised, by the kind of net that it holds."""

import pytest

from chainrule.gradcheck.program.names import meaning
from chainrule.gradcheck.recognition.speaking import is_special, speaking
from support.adapters import defined

RECURRENT = """
def loss(X, Y, h0, U, W, V, b, c): ...
def gradients(X, Y, h0, U, W, V, b, c): ...
"""
WITH_FILTERS = """
def forward(MX, net):
    W1, Fs = net["W1"], net["F"]
    bf = net.get("bf", 0)
"""
NORMED = """
def forward(X, W, b, G, B): ...
def gradients(X, Y, W, b, G, B): ...
"""
UNPACKED = """
def forward(MX, params):
    conv_W, conv_b, W1, b1 = params
"""


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        (RECURRENT, {"W": "recurrent", "V": "weights", "c": "bias", "h0": "state"}),
        (WITH_FILTERS, {"MX": "inputs", "F": "filters", "bf": "filter bias", "W1": "weights"}),
        (NORMED, {"W": "weights", "b": "bias", "G": "scale", "B": "shift"}),
        (UNPACKED, {"MX": "inputs", "conv_W": "filters", "conv_b": "filter bias", "W1": "weights"}),
    ],
)
def test_names_mean_something_else_only_while_such_a_net_is_recognised(text, roles):
    before = [meaning(name) for name in roles]
    with speaking(defined(text)):
        assert is_special()
        assert {name: meaning(name).role for name in roles} == roles
    assert not is_special()
    assert [meaning(name) for name in roles] == before


def test_what_stands_in_functions_apart_says_nothing():
    apart = "def forward(X, F, W1): ...\ndef cut(X): return n_p(X)\ndef others(n_p): ..."
    with speaking(defined(apart)):
        assert not is_special()


def test_an_error_on_the_way_leaves_no_meanings_behind():
    with pytest.raises(KeyError), speaking(defined(RECURRENT)):
        raise KeyError
    assert not is_special()
