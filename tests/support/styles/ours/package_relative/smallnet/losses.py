import numpy as np


def cross_entropy(probs, targets):
    return -np.mean(np.sum(targets * np.log(probs), axis=1))


def weight_penalty(weights, strength):
    return 0.5 * strength * sum(np.sum(w ** 2) for w in weights)
