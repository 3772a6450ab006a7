"""The gradient is right; the student's own numeric check of it is wrong, or the step of an update has a wrong sign; or
the check is handed in for the gradient."""

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
    wrong("numeric-difference", "rows_dict", '["W1"] += reg * W1\n    return grads',
          '["W1"] += reg * W1\n    return eval_numerical_gradient(params, X, y, reg)',
          at="grad[ix] = (fxph - fxmh) / (2 * h)", where="derivation"),
    wrong("numeric-difference", "one_layer_columns", "keepdims=True) / n\n    return grad_W, grad_b",
          "keepdims=True) / n\n    return compute_grads_num_slow(X, Y, W, b, lamda)",
          at="grad_b[i] = (c2 - c1) / (2 * h)", where="derivation"),
    wrong("wrong-step", "one_layer_columns", '["W"] - eta * gradients["W"]', '["W"] + eta * gradients["W"]',
          tag="weights upwards", **_UPDATE),
)  # fmt: skip
