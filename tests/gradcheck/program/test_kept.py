"""What objects keep is put back."""

from chainrule.gradcheck.program.kept import as_it_was


class Layer:
    def __init__(self):
        self.inputs = [1]
        self.below = {"dW": 2}


def test_objects_lists_and_dictionaries_hold_what_they_did():
    layer = Layer()
    layers = (layer,)

    def run():
        return layers

    inputs, below = layer.inputs, layer.below
    with as_it_was(run):
        layer.more = layer
        layer.inputs.append(3)
        layer.below.clear()
        layer.below = None
    assert vars(layer) == {"inputs": [1], "below": {"dW": 2}}
    assert layer.inputs is inputs
    assert layer.below is below


def test_those_of_a_methods_object_too():
    layer = Layer()
    with as_it_was(layer.__init__):
        layer.inputs = []
    assert layer.inputs == [1]
