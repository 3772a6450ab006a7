"""Wrong in the biases' sum over the batch."""

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
    wrong("bias-dropped", "tanh_lists", "Z = A[-1] @ W + b", "Z = A[-1] @ W", at="Z = A[-1] @ W\n"),
    wrong("bias-dropped", "leaky_rows", "    d_a = d_out", "    z = x @ w1\n    d_a = d_out",
          at=("z = x @ w1\n    d_a", "d_z = d_a * np"), tag="mask"),
    wrong("bias-dropped", "one_layer_columns", "s = W @ X + b", "s = W @ X", at="s = W @ X\n", tag="in the cost"),
)  # fmt: skip
