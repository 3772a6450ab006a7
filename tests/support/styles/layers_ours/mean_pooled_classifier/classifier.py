import numpy as np


def pad(seqs):
    lengths = np.array([len(s) for s in seqs])
    ids = np.zeros((len(seqs), lengths.max()), dtype=int)
    for row, s in zip(ids, seqs):
        row[:len(s)] = s
    return ids, lengths


def bag_classifier(E, W1, b1, W2, b2, seqs, labels, reg=0.0):
    """
    Each text is the mean of its words' tanh(embedding W1 + b1), then a softmax.
    seqs: lists of word numbers, of several lengths. reg: weight of the L2 penalty
    0.5 * reg * (|W1|^2 + |W2|^2). Returns loss, (dE, dW1, db1, dW2, db2).
    """
    ids, lengths = pad(seqs)
    B, T = ids.shape
    mask = np.arange(T) < lengths[:, None]          # (B, T)
    weight = mask / lengths[:, None]

    words = E[ids]                                  # (B, T, D)
    hid = np.tanh(words @ W1 + b1)                  # (B, T, H)
    pooled = (hid * weight[:, :, None]).sum(1)      # (B, H)
    scores = pooled @ W2 + b2
    scores -= scores.max(1, keepdims=True)
    p = np.exp(scores)
    p /= p.sum(1, keepdims=True)
    loss = -np.log(p[range(B), labels]).mean()
    loss += 0.5 * reg * (np.sum(W1 ** 2) + np.sum(W2 ** 2))

    ds = p
    ds[range(B), labels] -= 1
    ds /= B
    dW2 = pooled.T @ ds + reg * W2
    db2 = ds.sum(0)
    dpooled = ds @ W2.T
    dhid = dpooled[:, None, :] * weight[:, :, None]
    da = dhid * (1 - hid * hid)
    dW1 = np.einsum("btd,bth->dh", words, da) + reg * W1
    db1 = da.sum((0, 1))
    dE = np.zeros_like(E)
    np.add.at(dE, ids, da @ W1.T)
    return loss, (dE, dW1, db1, dW2, db2)
