"""The gradient is right; the student's own numeric check of it is wrong, or the update that uses it."""

from support.corpus.mutation import wrong

_CENTRAL = """\
            old = theta[index]
            theta[index] = old + h
            c2 = compute_cost(X, Y, W1, W2, b1, b2, lamb)
            theta[index] = old - h
            c1 = compute_cost(X, Y, W1, W2, b1, b2, lamb)
            theta[index] = old
"""
_ALIASED = """\
            plus = theta
            plus[index] += h
            c2 = compute_cost(X, Y, W1, W2, b1, b2, lamb)
            minus = theta
            minus[index] -= h
            c1 = compute_cost(X, Y, W1, W2, b1, b2, lamb)
"""
_UPDATE = {"gives": ("update",), "where": "update"}
_NUMERIC = {"gives": ("numeric",), "where": "numeric"}

WRONG = (
    wrong("check-aliased", "two_layer_columns", _CENTRAL, _ALIASED, single=False,
          at=("plus = theta", "minus = theta", "plus[index] += h", "minus[index] -= h"), **_NUMERIC),
    wrong("check-aliased", "one_layer_columns", "W_try = np.copy(W)\n        W_try[i] -= h",
          "W_try = W\n        W_try[i] -= h", ("W_try = np.copy(W)\n        W_try[i] += h",
          "W_try = W\n        W_try[i] += h"), at=("W_try = W\n        W_try[i] -=", "W_try = W\n        W_try[i] +="),
          single=False, **_NUMERIC),
    wrong("perturbation-not-undone", "two_layer_columns", "            theta[index] = old\n", "",
          at=("theta[index] = old - h", "grad[index] = (c2 - c1) / (2 * h)"), **_NUMERIC),
    wrong("perturbation-not-undone", "rows_dict", "            x[ix] = oldval\n", "",
          at=("x[ix] = oldval - h", "grad[ix] = (fxph - fxmh) / (2 * h)"), **_NUMERIC),
    wrong("wrong-step", "two_layer_columns", "(c2 - c1) / (2 * h)", "(c2 - c1) / h", tag="not halved", **_NUMERIC),
    wrong("wrong-step", "rows_dict", "h=1e-5", "h=1e-17", tag="vanishes", **_NUMERIC),
    wrong("wrong-step", "rows_dict", "h=1e-5", "h=0.1", tag="too large", **_NUMERIC),
    wrong("wrong-step", "one_layer_columns", "h=1e-6", "h=1e-13", tag="too small", **_NUMERIC),
    wrong("wrong-step", "rows_dict", "+= -learning_rate *", "+= learning_rate *", tag="update upwards", **_UPDATE),
    wrong("wrong-step", "one_layer_columns", '["W"] - eta * gradients["W"]', '["W"] + eta * gradients["W"]',
          tag="weights upwards", **_UPDATE),
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
