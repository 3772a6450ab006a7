import numpy as np


def maxpool(x, size=2, stride=2):
    # x 的形状: (样本数, 高, 宽, 通道)
    n, h, w, c = x.shape
    oh = (h - size) // stride + 1
    ow = (w - size) // stride + 1
    y = np.zeros((n, oh, ow, c))
    for i in range(oh):
        for j in range(ow):
            win = x[:, i * stride:i * stride + size, j * stride:j * stride + size, :]
            y[:, i, j, :] = win.max(axis=(1, 2))
    return y, (x, y, size, stride)


def maxpool_grad(dy, cache):
    x, y, size, stride = cache
    dx = np.zeros_like(x)
    n, oh, ow, c = dy.shape
    for i in range(oh):
        for j in range(ow):
            win = x[:, i * stride:i * stride + size, j * stride:j * stride + size, :]
            # 只有最大值的位置得到梯度
            mask = win == y[:, i:i + 1, j:j + 1, :]
            dx[:, i:i + size, j:j + size, :] += mask * dy[:, i:i + 1, j:j + 1, :]
    return dx
