"""Wrong in the loss or on the first step back from it."""

from support.corpus.mutation import wrong

_FORWARD = "    s1, h, p = forward_pass(X, W1, b1, W2, b2)"
_SOFTMAX_OF_SCORES = "scores = np.exp(scores) / np.sum(np.exp(scores)"

BATCH_AND_LABELS = (
    # the mean over the batch
    wrong("missing-batch-mean", "one_layer_columns", "G @ X.T / n", "G @ X.T",
          ("grad_b = np.sum(G, axis=1, keepdims=True) / n", "grad_b = np.sum(G, axis=1, keepdims=True)"),
          single=False),
    wrong("missing-batch-mean", "bn_rows", "    dx /= N\n", "", at=("dx[np.arange(N), y] -= 1", "return loss, dx")),
    wrong("missing-batch-mean", "list_of_dicts",
          "-= count\n    return loss, dscores / N", "-= count\n    return loss, dscores",
          at=("dscores = (margins > 0).astype(float)", "dscores[np.arange(N), y] -= count",
              "-= count\n    return loss, dscores"), needs="hinge"),
    wrong("missing-batch-mean", "hinge_loops", "    dW /= num_train\n", "",
          at=("dW[:, j] += X[i]", "dW[:, y[i]] -= X[i]", "dW += 2 * reg * W")),
    wrong("missing-batch-mean", "k_layers_lists", "G @ H[i].T / n +", "G @ H[i].T +", tag="weights only"),
    wrong("missing-batch-mean", "bn_running", "G = (P - Y) / D", "G = P - Y"),
    wrong("missing-batch-mean double-batch-mean", "two_layer_columns",
          "J = loss / N + lamb", "J = loss + lamb", tag="in the cost"),
    wrong("double-batch-mean", "one_layer_columns", "G = P - Y", "G = (P - Y) / n",
          at=("G = (P - Y) / n", "grad_W = G @ X.T / n", "grad_b = np.sum(G, axis=1, keepdims=True) / n")),
    wrong("double-batch-mean", "list_of_dicts", "dW = x.T @ dout", "dW = x.T @ dout / len(x)", tag="weights only"),
    wrong("double-batch-mean", "rows_dict", "np.dot(dscores, W2.T)", "np.dot(dscores, W2.T) / N", tag="first layer"),
    wrong("double-batch-mean", "hinge_loops", "    dW /= num_train\n", "        dW /= num_train\n",
          tag="inside the loop"),
    wrong("hard-wired-batch-size", "one_layer_columns",
          "n = X.shape[1]\n    P = evaluate", "n = 100\n    P = evaluate", at="n = 100"),
    wrong("hard-wired-batch-size", "bn_running",
          "D = X.shape[1]\n    P, h, cache", "D = 100\n    P, h, cache", at="D = 100"),
    wrong("hard-wired-batch-size", "hinge_loops", "dW /= num_train", "dW /= 500"),
    wrong("hard-wired-batch-size", "two_layer_columns",
          f"    N = X.shape[1]\n{_FORWARD}\n\n", f"    N = 10\n{_FORWARD}\n\n", at="N = 10"),

    # the gradient of the scores
    wrong("wrong-sign", "one_layer_columns", "G = P - Y", "G = Y - P"),
    wrong("wrong-sign", "two_layer_columns", "g = -(Y - p)", "g = Y - p"),
    wrong("wrong-sign", "unrolled_hinge", "(ind - Y * np.sum(ind, axis=1, keepdims=True)) / N",
          "(Y * np.sum(ind, axis=1, keepdims=True) - ind) / N"),
    wrong("missing-one-hot", "rows_dict", "    dscores[np.arange(N), y] -= 1\n", "",
          at=("dscores = probs", "dscores /= N")),
    wrong("missing-one-hot", "k_layers_lists", "G = P - Y", "G = P"),
    wrong("missing-one-hot", "net_object", "G = P - Y", "G = P"),
    wrong("label-as-index", "rows_dict", "dscores[np.arange(N), y] -= 1", "dscores[y] -= 1"),
    wrong("label-as-index", "bn_rows", "dx[np.arange(N), y] -= 1", "dx[:, y] -= 1"),
    wrong("label-as-index", "hinge_loops", "dW[:, y[i]] -= X[i]", "dW[:, y[i]] -= X[y[i]]"),
)  # fmt: skip

MARGINS_AND_COST = (
    # the hinge
    wrong("hinge-correct-class", "hinge_loops", "                dW[:, y[i]] -= X[i]\n", "",
          at=("dW[:, j] += X[i]", "dW /= num_train"), tag="left out"),
    wrong("hinge-correct-class", "list_of_dicts", "    dscores[np.arange(N), y] -= count\n    return loss, dscores / N",
          "    return loss, dscores / N  # margins", at=("dscores = (margins > 0).astype(float)",
          "count = np.sum(dscores, axis=1)", "# margins"), needs="hinge", tag="left out"),
    wrong("hinge-correct-class", "hinge_last_column", "= -G.sum(axis=0)", "= -1", tag="once"),
    wrong("hinge-correct-class", "unrolled_hinge", "(ind - Y * np.sum(ind, axis=1, keepdims=True)) / N",
          "(ind - Y) / N", tag="once"),
    wrong("hinge-correct-class", "hinge_last_column", "    margins[y, np.arange(n)] = 0\n", "",
          at=("margins = np.maximum(0, scores - correct + 1)", "+ 1)\n    return margins", "G[margins > 0] = 1",
              "G[y, np.arange(n)] = -G.sum(axis=0)"), tag="kept"),
    wrong("hinge-correct-class", "unrolled_hinge", "    margin = margin * (1 - Y)\n", "",
          at="loss = np.mean(np.sum(margin, axis=1))", tag="in the cost", where="cost"),
    wrong("hinge-correct-class", "hinge_loops", "            if j == y[i]:\n                continue\n"
          "            margin = scores[j] - correct_class_score + 1\n            if margin > 0:\n                loss",
          "            margin = scores[j] - correct_class_score + 1\n            if margin > 0:\n                loss",
          at=("loss += margin", "for j in range(num_classes):\n            margin"),
          tag="in the cost", where="cost"),
    wrong("hinge-on-probabilities", "hinge_last_column", "    correct = scores[y",
          f"    {_SOFTMAX_OF_SCORES}, axis=0)\n    correct = scores[y", at=_SOFTMAX_OF_SCORES),
    wrong("hinge-on-probabilities", "list_of_dicts", "    correct = scores[np",
          f"    {_SOFTMAX_OF_SCORES}, axis=1, keepdims=True)\n    correct = scores[np", at=_SOFTMAX_OF_SCORES,
          needs="hinge"),
    wrong("hinge-on-probabilities", "hinge_loops", "loss = 0.0\n    for i in range(num_train):\n        "
          "scores = X[i].dot(W)\n", "loss = 0.0\n    for i in range(num_train):\n        scores = X[i].dot(W)\n        "
          f"{_SOFTMAX_OF_SCORES})\n", at=_SOFTMAX_OF_SCORES, tag="in the cost"),

    # the cost
    wrong("scores-clipped", "one_layer_columns", "s = W @ X + b", "s = np.maximum(0, W @ X + b)"),
    wrong("scores-clipped", "k_layers_lists", "softmax(W[k - 1] @ H[k - 1] + b[k - 1])",
          "softmax(np.maximum(0, W[k - 1] @ H[k - 1] + b[k - 1]))"),
    wrong("scores-clipped", "global_lambda", "        if l < len(params) - 2:\n            s[s < 0] = 0",
          "        s[s < 0] = 0"),
    wrong("scores-clipped", "rows_dict", "scores = hidden.dot(W2) + b2", "scores = np.maximum(0, hidden.dot(W2) + b2)"),
    wrong("softmax-wrong-axis", "one_layer_columns", "e / np.sum(e, axis=0)", "e / np.sum(e, axis=1, keepdims=True)"),
    wrong("softmax-wrong-axis", "k_layers_lists", "np.sum(np.exp(s), axis=0, keepdims=True)",
          "np.sum(np.exp(s), axis=1, keepdims=True)", needs="plain"),
    wrong("softmax-wrong-axis", "net_object", "expS.sum(axis=0)", "expS.sum()", tag="no axis"),
    wrong("softmax-wrong-axis", "tanh_lists", "P = softmax(Z)", "P = np.exp(Z)\n    P = P / np.sum(P, axis=0)",
          at="P = P / np.sum(P, axis=0)", tag="gradient alone"),
    wrong("extra-sigmoid-derivative", "one_layer_columns", "G = P - Y", "G = (P - Y) * P * (1 - P)"),
    wrong("extra-sigmoid-derivative", "logistic_columns", "dZ2 = A2 - Y", "dZ2 = (A2 - Y) * A2 * (1 - A2)"),
    wrong("wrong-log-base", "one_layer_columns", "np.log(P)", "np.log10(P)"),
    wrong("wrong-log-base", "two_layer_columns", "-np.log(", "-np.log2("),
    wrong("wrong-log-base", "bn_rows", "-np.log(", "-np.log10("),
)  # fmt: skip

WRONG = (*BATCH_AND_LABELS, *MARGINS_AND_COST)
