"""The gradient is right; the update that uses it is wrong."""

from support.corpus.mutation import wrong

_UPDATE = {"gives": ("update",), "where": "update"}

WRONG = (
    wrong("layer-not-updated", "two_layer_columns", "    W1 = W1 - eta * grad_W1\n", "",
          at=("W1, W2, b1, b2 = parameters", "return W1, W2, b1, b2"), **_UPDATE),
    wrong("layer-not-updated", "k_layers_lists", "k = len(net[\"W\"])\n    for i in range(k):",
          "k = len(net[\"W\"])\n    for i in range(k - 1):", at="k = len(net[\"W\"])\n    for i in range(k - 1):",
          tag="last layer", **_UPDATE),
    wrong("layer-not-updated", "bn_running", 'new["b2"] = theta["b2"] - eta * grad["b2"]', 'new["b2"] = theta["b2"]',
          tag="one bias", **_UPDATE),
    wrong("gamma-beta-swapped-in-update", "k_layers_lists",
          'eta * grads["gamma"][i]', 'eta * grads["beta"][i]  # gamma',
          ('["beta"][i] - eta * grads["beta"][i]', '["beta"][i] - eta * grads["gamma"][i]'), needs="batchnorm",
          at=("# gamma", '["beta"][i] - eta * grads["gamma"][i]'), single=False, **_UPDATE),
    wrong("gamma-beta-swapped-in-update", "bn_running", 'eta * grad["gamma"]', 'eta * grad["beta"]  # gamma',
          ('theta["beta"] - eta * grad["beta"]', 'theta["beta"] - eta * grad["gamma"]'),
          at=("# gamma", 'theta["beta"] - eta * grad["gamma"]'), single=False, **_UPDATE),
)  # fmt: skip
