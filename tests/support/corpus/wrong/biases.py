"""Wrong in the biases' sum over the batch, or in the order in which a gradient's entries stand."""

from support.corpus.mutation import wrong

_B1 = "grad_b1 = np.sum(g, axis=1).reshape(-1, 1) / N"
_B2 = "grad_b2 = np.sum(g, axis=1).reshape(-1, 1) / N"

WRONG = (
    wrong("bias-mean-not-sum", "rows_dict", "np.sum(dscores, axis=0)", "np.mean(dscores, axis=0)", tag="last layer"),
    wrong("bias-mean-not-sum", "list_of_dicts", "db = np.sum(dout, axis=0", "db = np.mean(dout, axis=0"),
    wrong("bias-mean-not-sum", "bn_running", "dbeta = np.sum(", "dbeta = np.mean(", tag="beta"),
    wrong("bias-summed-over-all", "rows_dict", "np.sum(dhidden, axis=0)", "np.sum(dhidden)", tag="number"),
    wrong("bias-summed-over-all", "unrolled_hinge", "np.sum(ds1, axis=0, keepdims=True)", "np.sum(ds1, keepdims=True)",
          tag="one by one"),
    wrong("bias-summed-over-all", "k_layers_lists", 'grads["b"][i] = np.sum(G, axis=1, keepdims=True) / n',
          'grads["b"][i] = np.sum(G) / n * np.ones_like(net["b"][i])'),
    wrong("bias-broadcast", "one_layer_columns", "grad_b = np.sum(G, axis=1, keepdims=True) / n", "grad_b = G / n"),
    wrong("bias-broadcast", "two_layer_columns", _B1, "grad_b1 = g / N", tag="first layer"),
    wrong("bias-broadcast", "list_of_dicts", "db = np.sum(dout, axis=0, keepdims=True)",
          "db = np.sum(dout, axis=0, keepdims=True) * np.ones((len(x), 1))"),
    wrong("bias-reciprocal", "one_layer_columns", "grad_b = np.sum(G, axis=1, keepdims=True) / n",
          "grad_b = 1 / (n * np.sum(G, axis=1, keepdims=True))"),
    wrong("bias-reciprocal", "two_layer_columns", _B2, "grad_b2 = 1 / (N * np.sum(g, axis=1).reshape(-1, 1))",
          tag="last layer"),
    wrong("transposed", "one_layer_columns", "return grad_W, grad_b\n\n\ndef compute_grads_num",
          "return grad_W.T, grad_b\n\n\ndef compute_grads_num", at="return grad_W.T, grad_b"),
    wrong("transposed", "hinge_loops", "return dW", "return dW.T"),
    wrong("transposed", "list_of_dicts", "dW = x.T @ dout", "dW = dout.T @ x", needs="square"),
    wrong("transposed", "two_layer_columns", "grad_W1 = np.dot(g, X.T) / N", "grad_W1 = np.dot(X, g.T) / N",
          needs="square", tag="first layer"),
    wrong("reshaped", "one_layer_columns", "grad_W = G @ X.T / n", "grad_W = (X @ G.T / n).reshape(W.shape)",
          needs="oblong"),
    wrong("reshaped", "net_object", "(G @ X.T) / n", "(X @ G.T).reshape(self.W1.shape) / n", needs="oblong",
          tag="first layer"),
    wrong("reshaped", "rows_dict", "np.dot(X.T, dhidden)", "np.dot(dhidden.T, X).reshape(W1.shape)", needs="oblong",
          tag="first layer"),
    wrong("swapped", "bn_running", "return dx, dgamma, dbeta", "return dx, dbeta, dgamma", tag="gamma and beta"),
    wrong("swapped", "k_layers_lists", 'grads["gamma"][i] = np.sum(', 'grads["beta"][i] = np.sum(',
          ('grads["beta"][i] = np.sum(G, axis', 'grads["gamma"][i] = np.sum(G, axis'), needs="batchnorm",
          at=('grads["beta"][i] = np.sum(', 'grads["gamma"][i] = np.sum('), single=False, tag="gamma and beta"),
    wrong("swapped", "rows_dict", 'grads["b2"] = np.sum(dscores', 'grads["b1"] = np.sum(dscores',
          ('grads["b1"] = np.sum(dhidden', 'grads["b2"] = np.sum(dhidden'), single=False, tag="biases"),
)  # fmt: skip
