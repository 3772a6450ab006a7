import numpy as np

# Separable convolution, channels last.
# depthwise kernel k: (KH, KW, C), one filter for each channel


def _padded(x, k):
    ph, pw = k.shape[0] // 2, k.shape[1] // 2
    return np.pad(x, ((0, 0), (ph, ph), (pw, pw), (0, 0))), ph, pw


def depthwise(x, k, b, stride=1):
    xp, ph, pw = _padded(x, k)
    H, W = x.shape[1], x.shape[2]
    ho, wo = (H - 1) // stride + 1, (W - 1) // stride + 1
    y = np.zeros((x.shape[0], ho, wo, x.shape[3])) + b
    for u in range(k.shape[0]):
        for v in range(k.shape[1]):
            y += xp[:, u:u + stride * ho:stride, v:v + stride * wo:stride] * k[u, v]
    return y


def depthwise_grad(dy, x, k, b, stride=1):
    xp, ph, pw = _padded(x, k)
    ho, wo = dy.shape[1:3]
    dxp, dk = np.zeros_like(xp), np.zeros_like(k)
    for u in range(k.shape[0]):
        for v in range(k.shape[1]):
            rows = slice(u, u + stride * ho, stride)
            cols = slice(v, v + stride * wo, stride)
            dk[u, v] = np.sum(xp[:, rows, cols] * dy, axis=(0, 1, 2))
            dxp[:, rows, cols] += dy * k[u, v]
    H, W = x.shape[1:3]
    return dxp[:, ph:ph + H, pw:pw + W], dk, dy.sum(axis=(0, 1, 2))


def pointwise(x, w):
    return np.einsum("nhwc,cf->nhwf", x, w)


def pointwise_grad(dy, x, w):
    dx = np.einsum("nhwf,cf->nhwc", dy, w)
    dw = np.einsum("nhwc,nhwf->cf", x, dy)
    return dx, dw
