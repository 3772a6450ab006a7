import numpy as np


def embed(ids, E, P, pad_id=0):
    """ids (B, T) ints; E (V, D) tokens, P (Tmax, D) positions.
    Padding tokens give the zero vector."""
    B, T = ids.shape
    keep = (ids != pad_id)[..., None].astype(float)
    out = (E[ids] + P[:T]) * keep
    return out, (ids, keep, E.shape, P.shape)


def embed_backward(dout, cache):
    ids, keep, e_shape, p_shape = cache
    T = ids.shape[1]
    d = dout * keep
    dE = np.zeros(e_shape)
    np.add.at(dE, ids, d)
    dP = np.zeros(p_shape)
    dP[:T] = d.sum(axis=0)
    return dE, dP


def bag(ids, E, pad_id=0):
    """The mean of the embeddings of the tokens that aren't padding."""
    keep = ids != pad_id
    n = keep.sum(axis=1)
    vecs = E[ids] * keep[:, :, None]
    return vecs.sum(axis=1) / n[:, None], (ids, keep, n, E.shape)


def bag_backward(dout, cache):
    ids, keep, n, shape = cache
    dE = np.zeros(shape)
    dmean = dout / n[:, None]
    B, T = ids.shape
    for i in range(B):
        for t in range(T):
            if keep[i, t]:
                dE[ids[i, t]] += dmean[i]
    return dE
