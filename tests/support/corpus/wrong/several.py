"""Two bugs at once."""

from support.corpus.mutation import wrong

WRONG = (
    wrong("relu-mask-missing regulariser-double", "rows_dict", "    dhidden[hidden <= 0] = 0\n", "",
          ('grads["W2"] += reg * W2', 'grads["W2"] += 2 * reg * W2'), single=False, needs="l2"),
    wrong("batchnorm-gamma-missing regulariser-half", "bn_rows", "dxhat = dout * gamma", "dxhat = dout",
          ('+= reg * params[f"W{i}"]', '+= 0.5 * reg * params[f"W{i}"]'), single=False, needs="l2 batchnorm"),
    wrong("wrong-sign regulariser-missing", "one_layer_columns", "G = P - Y", "G = Y - P",
          ("    grad_W = grad_W + 2 * lamda * W\n", ""), single=False, needs="l2"),
    wrong("hinge-correct-class bias-summed-over-all", "unrolled_hinge",
          "(ind - Y * np.sum(ind, axis=1, keepdims=True))", "(ind - Y)",
          ("db1 = np.sum(ds1, axis=0, keepdims=True)", "db1 = np.sum(ds1) * np.ones_like(b1)"), single=False),
    wrong("missing-one-hot bias-mean-not-sum", "rows_dict", "    dscores[np.arange(N), y] -= 1\n", "",
          ("np.sum(dscores, axis=0)", "np.mean(dscores, axis=0)"), single=False),
    wrong("swapped penalty-not-squared", "bn_running", "return dx, dgamma, dbeta", "return dx, dbeta, dgamma",
          ('np.sum(theta["W2"] ** 2)', 'np.sum(theta["W2"])'), single=False, needs="l2"),
    wrong("wrong-layer-input bias-regularised", "net_object", "(G @ H.T)", "(G @ S1.T)",
          ("self.grad_b1 = (G @ np.ones((n, 1))) / n",
           "self.grad_b1 = (G @ np.ones((n, 1))) / n + 2 * self.lam * self.b1"), single=False, needs="l2"),
    wrong("lost-upstream missing-batch-mean", "two_layer_columns", "grad_W2 = np.dot(g, h.T) / N",
          "grad_W2 = np.dot(g, h.T)", ("g = g * (h > 0)", "g = (h > 0) * 1.0"), single=False),
)  # fmt: skip
