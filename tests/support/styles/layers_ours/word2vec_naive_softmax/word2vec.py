import numpy as np


def softmax(x):
    x = x - np.max(x)
    e = np.exp(x)
    return e / np.sum(e)


def naive_softmax_loss_and_gradient(center_vec, outside_idx, outside_vectors):
    """Naive softmax loss for one centre word and one outside word.

    Arguments:
    center_vec -- the centre word's vector, shape (D,)
    outside_idx -- the outside word's index
    outside_vectors -- the outside vectors of all words, one a row (V, D)

    Returns:
    loss, grad_center_vec (D,), grad_outside_vecs (V, D)
    """
    y_hat = softmax(outside_vectors.dot(center_vec))
    loss = -np.log(y_hat[outside_idx])

    delta = y_hat.copy()
    delta[outside_idx] -= 1
    grad_center_vec = outside_vectors.T.dot(delta)
    grad_outside_vecs = np.outer(delta, center_vec)
    return loss, grad_center_vec, grad_outside_vecs


def skipgram(center_word, outside_words, word2ind, center_vectors, outside_vectors):
    """The centre word predicts each of the words around it."""
    loss = 0.0
    grad_center = np.zeros(center_vectors.shape)
    grad_outside = np.zeros(outside_vectors.shape)
    c = word2ind[center_word]
    for word in outside_words:
        l, gc, go = naive_softmax_loss_and_gradient(center_vectors[c], word2ind[word], outside_vectors)
        loss += l
        grad_center[c] += gc
        grad_outside += go
    return loss, grad_center, grad_outside


def cbow(center_word, outside_words, word2ind, center_vectors, outside_vectors):
    """The mean of the words around it predicts the centre word."""
    grad_in = np.zeros(center_vectors.shape)
    idx = [word2ind[w] for w in outside_words]
    v_hat = center_vectors[idx].mean(axis=0)
    loss, gv, grad_out = naive_softmax_loss_and_gradient(v_hat, word2ind[center_word], outside_vectors)
    for i in idx:
        grad_in[i] += gv / len(idx)
    return loss, grad_in, grad_out
