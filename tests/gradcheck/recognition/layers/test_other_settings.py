"""What a layer may be set to otherwise."""

from chainrule.gradcheck.recognition.layers.calls import called_with
from chainrule.gradcheck.recognition.layers.objects import MadeLayer
from chainrule.gradcheck.recognition.layers.other_settings import of_call
from chainrule.gradcheck.recognition.layers.pairs import layers_of
from chainrule.gradcheck.recognition.layers.plans import LayerPlan
from chainrule.gradcheck.recognition.layers.shapes import layouts
from support.adapters import defined

PASSES = """
def step_forward(x, stride=1, train=True, hard=False, rho=0.0):
    return x, (stride, hard, rho)

def step_backward(dout, cache, reg=0.0, twice=False):
    stride, hard, rho = cache
    return dout + rho if hard else dout
"""


def plan(text, made=""):
    """Of the only layer of a text."""
    file = defined(text)
    (layer,) = layers_of(file)
    return LayerPlan(layer, called_with(layer, file, {}), next(layouts()), MadeLayer(made), file)


def settings(every):
    return {setting.name: (setting.given, setting.value, setting.convicts) for setting in every}


def test_what_both_passes_take_may_be_otherwise_and_of_the_backward_pass_alone_the_weight_of_a_penalty():
    assert settings(of_call(plan(PASSES), {})) == {
        "stride": ("2", "1", True),
        "train": ("True", "False", False),
        "hard": ("False", "True", True),
        "rho": ("0.0", "0.1", True),
        "reg": ("0.0", "0.1", True),
    }
