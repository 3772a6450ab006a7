"""A net as modules of PyTorch: they say what the net predicts, and can be kept and trained on."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from chainrule.components import ACTIVATIONS
from chainrule.components.kinds import Activation
from chainrule.errors import MissingExtraError, SettingsError
from chainrule.nets.pytorch import to_torch
from nets.test_file import FRAME, KINDS, MIXED, OF_NUMBERS, UNKNOWN
from nets.test_net import X, net

MORE = {
    "hinge": {"loss": "hinge"},
    "numbers to learn": OF_NUMBERS,
    "several": {"loss": "binary_cross_entropy", "several": True},
}


def says(one):
    """What a module is to say of the same rows."""
    if one.classes is None:
        return one.predict
    return one.decision_function if one.network.loss == "hinge" else one.predict_proba


@pytest.mark.bench
@pytest.mark.parametrize("kind", [*KINDS, *MORE])
def test_modules_say_what_the_net_does(kind):
    torch = pytest.importorskip("torch")
    one = net(**(KINDS | MORE)[kind])
    with torch.no_grad():
        said = to_torch(one)(torch.tensor(X)).numpy()
        single = to_torch(one).float()(torch.tensor(X, dtype=torch.float32)).numpy()
    np.testing.assert_allclose(said, says(one)(X), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(single, says(one)(X), rtol=1e-3, atol=1e-5)


@pytest.mark.bench
@UNKNOWN
def test_texts_and_gaps_come_as_the_numbers_that_the_net_makes():
    torch = pytest.importorskip("torch")
    one = net(**MIXED)
    said = to_torch(one)(torch.tensor(one.rows(FRAME))).detach().numpy()
    np.testing.assert_allclose(said, one.predict_proba(FRAME), rtol=1e-9)


@pytest.mark.bench
def test_modules_are_kept_and_trained_on(tmp_path):
    torch = pytest.importorskip("torch")
    module, other = to_torch(net()), to_torch(net(members=3, activation="relu"))
    torch.save(module.state_dict(), tmp_path / "state")
    other.load_state_dict(torch.load(tmp_path / "state"))
    moved = [name for name, parameter in module.named_parameters() if parameter.requires_grad]
    assert "1.members.0.0.weight" in moved
    assert not any(name.startswith("0.") for name in moved)
    before = module[1].members[0][0].weight.detach().clone()
    module.train()
    torch.nn.functional.nll_loss(
        module(torch.tensor(X)).log(), torch.zeros(len(X), dtype=torch.long)
    ).backward()
    torch.optim.SGD(module.parameters(), 0.1).step()
    assert (module[1].members[0][0].weight - before).abs().max() > 1e-4


def test_an_activation_of_one_s_own_has_no_module():
    ACTIVATIONS.register(
        Activation(name="mine", about="own", forward=lambda s: (s, s), backward=lambda dh, s: dh)
    )
    try:
        with pytest.raises(
            SettingsError, match="activation 'mine': has no module in PyTorch; train with relu"
        ):
            to_torch(net(activation="mine"))
    finally:
        ACTIVATIONS.unregister("mine")


def test_without_pytorch_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(MissingExtraError, match=r"modules of PyTorch need .*chainrule\[torch\]"):
        to_torch(net())
