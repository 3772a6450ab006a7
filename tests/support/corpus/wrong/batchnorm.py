"""Wrong in batch norm, forward or backward."""

from support.corpus.mutation import wrong

_GRADIENT = "dx = (1.0 / N) * inv_std * (N * dxhat - sum_dxhat - xhat * sum_dxhat_xhat)"
_BACK_PASS = "return G1 - np.sum(G1, axis=1, keepdims=True) / n - D * c / n"

WRONG = (
    wrong("batchnorm-mean-constant", "k_layers_lists", _BACK_PASS, "return G1 - D * c / n", needs="batchnorm"),
    wrong("batchnorm-mean-constant", "bn_rows", "N * dxhat - sum_dxhat - xhat", "N * dxhat - xhat", needs="batchnorm"),
    wrong("batchnorm-mean-constant", "bn_running", "dx = dx1 + dx2", "dx = dx1", at="dx = dx1\n"),
    wrong("batchnorm-variance-constant", "k_layers_lists", "/ n - D * c / n", "/ n", needs="batchnorm",
          at="return G1 - np.sum(G1, axis=1, keepdims=True) / n"),
    wrong("batchnorm-variance-constant", "bn_rows", " - xhat * sum_dxhat_xhat)", ")", needs="batchnorm",
          at="(N * dxhat - sum_dxhat)"),
    wrong("batchnorm-variance-constant", "bn_running", "dx1 = dxmu1 + dxmu2", "dx1 = dxmu1", at="dx1 = dxmu1\n"),
    wrong("batchnorm-statistics-constant", "k_layers_lists", _BACK_PASS, "return G1", at="return G1\n",
          needs="batchnorm"),
    wrong("batchnorm-statistics-constant", "bn_rows", _GRADIENT, "dx = dxhat * inv_std", needs="batchnorm"),
    wrong("batchnorm-statistics-constant", "bn_running", "dx = dx1 + dx2", "dx = dxmu1", at="dx = dxmu1\n"),
    wrong("batchnorm-ddof", "k_layers_lists", "v = np.mean((s - mu) ** 2, axis=1, keepdims=True)",
          "v = np.var(s, axis=1, keepdims=True, ddof=1)", needs="batchnorm", tag="forward"),
    wrong("batchnorm-ddof", "bn_rows", "x.var(axis=0)", "x.var(axis=0, ddof=1)", needs="batchnorm", tag="forward"),
    wrong("batchnorm-ddof", "k_layers_lists", "- D * c / n", "- D * c / (n - 1)", needs="batchnorm", tag="backward"),
    wrong("batchnorm-gamma-missing", "k_layers_lists", '                G = G * net["gamma"][i]\n', "",
          needs="batchnorm", at=('grads["beta"][i] = np.sum(', "G = batch_norm_back_pass(", "G = G * (H[i + 1] > 0)",
                                 "G1 = G * sigma1", "G2 = G * sigma2")),
    wrong("batchnorm-gamma-missing", "bn_rows", "dxhat = dout * gamma", "dxhat = dout", at="dxhat = dout\n",
          needs="batchnorm"),
    wrong("batchnorm-gamma-missing", "bn_running", "dxhat = dout * gamma", "dxhat = dout", at="dxhat = dout\n"),
    wrong("batchnorm-unnormalised-input", "k_layers_lists", "G * S_hat[i]", "G * S[i]", needs="batchnorm"),
    wrong("batchnorm-unnormalised-input", "bn_rows", "dgamma = np.sum(dout * xhat", "dgamma = np.sum(dout * x",
          at="dgamma = np.sum(dout * x,", needs="batchnorm"),
    wrong("batchnorm-unnormalised-input", "bn_running", "np.sum(dout * xhat", "np.sum(dout * xmu", tag="centred"),
    wrong("batchnorm-wrong-axis", "k_layers_lists", "mu = np.mean(s, axis=1", "mu = np.mean(s, axis=0",
          ("v = np.mean((s - mu) ** 2, axis=1", "v = np.mean((s - mu) ** 2, axis=0"), needs="batchnorm", single=False,
          tag="forward"),
    wrong("batchnorm-wrong-axis", "bn_rows", "sum_dxhat = np.sum(dxhat, axis=0)",
          "sum_dxhat = np.sum(dxhat, axis=1, keepdims=True)", needs="batchnorm", tag="backward"),
    wrong("batchnorm-wrong-axis", "bn_running", "np.mean(s, axis=1, keepdims=True)", "np.mean(s)", tag="overall mean"),
    wrong("batchnorm-wrong-axis", "k_layers_lists", "np.sqrt(v + EPS)", "np.sqrt(v[0] + EPS)", needs="batchnorm",
          tag="first row"),
    wrong("batchnorm-bias-for-beta", "k_layers_lists", '* s_hat + net["beta"][i]', "* s_hat + b[i]", needs="batchnorm"),
    wrong("batchnorm-bias-for-beta", "bn_rows", 'params[f"beta{i}"])', 'params[f"b{i}"])  # shift',
          at="# shift", needs="batchnorm"),
    wrong("batchnorm-bias-for-beta", "bn_running", 'theta["gamma"], theta["beta"], train',
          'theta["gamma"], theta["b1"], train'),
)  # fmt: skip
