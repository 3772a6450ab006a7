"""Arguments of a cost that hold more than one array."""

from chainrule.gradcheck.recognition.layers.holding import (
    arrays_held,
    holds_pairs,
    is_capital,
    says_what_counts,
)
from chainrule.gradcheck.recognition.layers.pairs import LayerPair
from support.adapters import defined

FILE = """
def cost(theta, data, edges, M, K):
    mu, tau = theta
    return sum(x @ mu - y for x, y in data) + sum(mu[i] * r for i, r in edges) + np.zeros(K) * M
def grad(theta, data, edges, M, K):
    mu, tau = theta
    return mu, tau
"""


def test_what_an_argument_holds_is_told_by_its_use():
    file = defined(FILE)
    layer = LayerPair(file.named("cost"), file.named("grad"), takes_the_same=True)
    assert arrays_held("theta", layer, lambda name: False) == ("mu", "tau")
    assert arrays_held("theta", layer._replace(takes_the_same=False), lambda name: False) == ()
    assert arrays_held("theta", layer._replace(takes_the_same=False), lambda name: True) == ("mu", "tau")
    assert [name for name in ("theta", "data", "edges") if holds_pairs(name, layer, file)] == ["data"]
    assert [name for name in ("M", "K", "data") if is_capital(name, layer, file)] == ["M"]


def test_a_mask_is_told_by_its_use_beside_its_name():
    texts = [FILE, FILE.replace("* M", "@ M"), FILE.replace("M", "weight"), FILE.replace("M", "observed")]
    files = map(defined, texts)
    layers = [(LayerPair(f.named("cost"), f.named("grad"), takes_the_same=True), f) for f in files]
    told = [says_what_counts(n, *of) for n, of in zip(("M", "M", "weight", "observed"), layers, strict=True)]
    assert told == [True, False, False, False]
