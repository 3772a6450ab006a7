"""What a function gets that a forward pass makes."""

from chainrule.gradcheck.recognition.conventions import Sizes
from chainrule.gradcheck.recognition.sequences import sequence_conventions
from support.adapters import calls

PASSES = """
def forward(X, y, W): return loss, P, H
def cost(X, y, W): return forward(X, y, W)[0]
def gradient(X, y, W, P, H): ...
loss, P, H = forward(X, y, W)
gradient(X, y, W, P, H)
"""


def test_what_the_file_hands_on_is_handed_on():
    (first, *_) = calls(PASSES)
    assert first["gradient"] == "gradient(X, y, W, forward(X, y, W)[1], forward(X, y, W)[2])"


def test_of_a_recurrent_net_the_forward_pass_runs_once():
    convention = sequence_conventions(Sizes())[0]
    (first, *_) = calls(PASSES, convention=convention)
    assert first["gradient"] == "gradient(X, y, W, (passed1 := forward(X, y, W))[1], passed1[2])"
