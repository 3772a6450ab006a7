"""Loss: word2vec with negative sampling

One word pulls, several push, and the same word may be drawn more than once. The sign of the drawn words is turned
(`wrong-sign`), the centre word gets only one of its parts (`path-left-out`), or a word that was drawn twice counts once
(`duplicate-indices-lost`).
"""

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def neg_sampling_loss_and_gradient(center_vec, outside_idx, outside_vecs, neg_idx):
    pos = sigmoid(outside_vecs[outside_idx] @ center_vec)
    neg = sigmoid(-outside_vecs[neg_idx] @ center_vec)
    loss = -np.log(pos) - np.log(neg).sum()
    grad_center = (pos - 1) * outside_vecs[outside_idx] + (1 - neg) @ outside_vecs[neg_idx]
    grad_outside = np.zeros_like(outside_vecs)
    grad_outside[outside_idx] = (pos - 1) * center_vec
    grad_outside[neg_idx] += np.outer(1 - neg, center_vec)
    return loss, grad_center, grad_outside
