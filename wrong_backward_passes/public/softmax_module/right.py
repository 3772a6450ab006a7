import numpy as np


def softmax(z):
    """Row-wise softmax of (N, K)."""
    e = np.exp(z - np.max(z, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


def softmax_backward(grad, s):
    """grad: gradient with respect to the output s = softmax(z)"""
    out = np.empty_like(grad)
    for i in range(len(s)):
        jacobian = np.diag(s[i]) - np.outer(s[i], s[i])
        out[i] = jacobian @ grad[i]
    return out
