import numpy as np


def l2norm_forward(x, gain, axis=1, eps=1e-12):
    """y = gain * x / ||x|| along `axis`; gain has one entry for each index of that axis."""
    shape = [1] * x.ndim
    shape[axis] = -1
    g = gain.reshape(shape)
    norm = np.sqrt((x * x).sum(axis=axis, keepdims=True) + eps)
    u = x / norm
    return g * u, (u, norm, g, axis)


def l2norm_backward(dy, cache):
    u, norm, g, axis = cache
    others = tuple(i for i in range(dy.ndim) if i != axis)
    dgain = (dy * u).sum(axis=others)
    du = dy * g
    dx = (du - u * (du * u).sum(axis=axis, keepdims=True)) / norm
    return dx, dgain


def rms_forward(x, eps=1e-6):
    rms = np.sqrt(np.mean(x ** 2, axis=-1, keepdims=True) + eps)
    return x / rms, (x, rms)


def rms_backward(dy, cache):
    x, rms = cache
    D = x.shape[-1]
    dot = np.sum(dy * x, axis=-1, keepdims=True)
    return dy / rms - x * dot / (D * rms ** 3)
