import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def naive_softmax_loss_and_gradient(center_vec, outside_idx, outside_vecs):
    """
    center_vec: (d,), outside_vecs: (V, d), one row for a word
    returns loss, grad of center_vec, grad of outside_vecs
    """
    scores = outside_vecs @ center_vec
    scores = scores - scores.max()
    y_hat = np.exp(scores) / np.sum(np.exp(scores))
    loss = -np.log(y_hat[outside_idx])

    delta = y_hat.copy()
    delta[outside_idx] -= 1
    grad_center = outside_vecs.T @ delta
    grad_outside = np.outer(delta, center_vec)
    return loss, grad_center, grad_outside


def neg_sampling_loss_and_gradient(center_vec, outside_idx, outside_vecs, neg_idx):
    """neg_idx: indices of the K negative samples; a word may be drawn twice."""
    grad_center = np.zeros_like(center_vec)
    grad_outside = np.zeros_like(outside_vecs)

    u_o = outside_vecs[outside_idx]
    p = sigmoid(u_o @ center_vec)
    loss = -np.log(p)
    grad_center += (p - 1) * u_o
    grad_outside[outside_idx] += (p - 1) * center_vec

    for k in neg_idx:
        u_k = outside_vecs[k]
        q = sigmoid(-u_k @ center_vec)
        loss -= np.log(q)
        grad_center += (1 - q) * u_k
        grad_outside[k] += (1 - q) * center_vec
    return loss, grad_center, grad_outside


def skipgram(center_word, outside_words, word2ind, center_vecs, outside_vecs,
             loss_and_grad=naive_softmax_loss_and_gradient):
    loss = 0.0
    grad_centers = np.zeros(center_vecs.shape)
    grad_outsides = np.zeros(outside_vecs.shape)
    c = word2ind[center_word]
    for w in outside_words:
        l, gc, go = loss_and_grad(center_vecs[c], word2ind[w], outside_vecs)
        loss += l
        grad_centers[c] += gc
        grad_outsides += go
    return loss, grad_centers, grad_outsides
