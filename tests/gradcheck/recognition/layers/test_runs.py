"""Which lines of a backward pass run."""

from chainrule.gradcheck.recognition.layers.runs import lines_of_backward, reached_backwards
from support.adapters import defined
from support.layers import read

LAYER = """
def twice(d):
    return 2 * d

def double_forward(x, train=True):
    out = 2 * x
    return out, train

def double_backward(dout, train):
    if train:
        return twice(dout)
    return dout + dout
"""


def test_the_lines_of_the_way_back_are_those_that_the_settings_reach():
    (reading,), namespace = read(LAYER)
    (variant,) = reading.variants
    usual, other = (lines_of_backward([text], namespace, 0) for text in (reading.text, variant.text))
    assert {code.co_name: sorted(lines) for code, lines in usual.items()} == {
        "double_backward": [10, 11],
        "twice": [3],
    }
    assert {code.co_name: sorted(lines) for code, lines in other.items()} == {"double_backward": [10, 12]}
    both = lines_of_backward([reading.text, variant.text], namespace, 0)
    assert {len(lines) for lines in both.values()} == {1, 3}


def test_an_adapter_that_does_not_run_runs_nothing():
    _, namespace = read(LAYER)
    assert lines_of_backward(["def chainrule_check(rng): return nosuch"], namespace, 0) == {}


def test_all_that_runs_on_the_way_back_is_reached():
    ((reading,), namespace) = read(LAYER)
    functions = defined(LAYER).functions
    assert reached_backwards([reading.text], functions, namespace, 0) == {
        "twice",
        "double_forward",
        "double_backward",
    }
    assert reached_backwards(["def chainrule_check(rng): return nosuch"], functions, namespace, 0) == set()
