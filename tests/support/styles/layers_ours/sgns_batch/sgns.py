import numpy as np


def log_sigmoid(x):
    return -np.logaddexp(0.0, -x)


def sgns_batch(W_in, W_out, centers, contexts, negatives):
    """
    centers    (B,)    integers
    contexts   (B,)    integers
    negatives  (B, K)  integers, may hold a word more than once
    loss = -mean_b [ log s(u_o . v_c) + sum_k log s(-u_k . v_c) ]
    """
    B = len(centers)
    v = W_in[centers]                 # (B, D)
    u_pos = W_out[contexts]           # (B, D)
    u_neg = W_out[negatives]          # (B, K, D)

    pos = np.sum(v * u_pos, axis=1)
    neg = np.einsum("bd,bkd->bk", v, u_neg)
    loss = -(log_sigmoid(pos).sum() + log_sigmoid(-neg).sum()) / B

    # d/dx -log s(x) = s(x) - 1,   d/dx -log s(-x) = s(x)
    g_pos = (1 / (1 + np.exp(-pos)) - 1) / B
    g_neg = 1 / (1 + np.exp(-neg)) / B

    grads = {"in": np.zeros_like(W_in), "out": np.zeros_like(W_out)}
    dv = g_pos[:, None] * u_pos + np.einsum("bk,bkd->bd", g_neg, u_neg)
    np.add.at(grads["in"], centers, dv)
    np.add.at(grads["out"], contexts, g_pos[:, None] * v)
    np.add.at(grads["out"], negatives, g_neg[:, :, None] * v[:, None, :])
    return loss, grads
