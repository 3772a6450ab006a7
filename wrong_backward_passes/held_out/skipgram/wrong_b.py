import numpy as np


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


def sgns_loss(vin, vout, centers, contexts, negatives):
    """
    Skip-gram with negative sampling, mean over the pairs.
    vin, vout: (V, D); centers, contexts: (B,); negatives: (B, K)
    """
    c = vin[centers]
    pos = np.sum(c * vout[contexts], axis=1)
    neg = np.einsum("bd,bkd->bk", c, vout[negatives])
    return -np.mean(np.log(sigmoid(pos)) + np.log(sigmoid(-neg)).sum(axis=1))


def sgns_grads(vin, vout, centers, contexts, negatives):
    B = len(centers)
    c = vin[centers]
    o = vout[contexts]
    n = vout[negatives]
    g_pos = (sigmoid(np.sum(c * o, axis=1)) - 1) / B
    g_neg = sigmoid(np.einsum("bd,bkd->bk", c, n)) / B

    d_center = g_pos[:, None] * o - np.einsum("bk,bkd->bd", g_neg, n)
    d_vin = np.zeros_like(vin)
    d_vout = np.zeros_like(vout)
    np.add.at(d_vin, centers, d_center)
    np.add.at(d_vout, contexts, g_pos[:, None] * c)
    np.add.at(d_vout, negatives, g_neg[:, :, None] * c[:, None, :])
    return d_vin, d_vout
