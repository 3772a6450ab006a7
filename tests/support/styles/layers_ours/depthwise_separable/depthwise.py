import numpy as np


class DepthwiseConv2d:
    """Each channel is filtered by its own (k, k) kernel. weight: (C, k, k)."""

    def __init__(self, weight, bias, stride=1, padding=0):
        self.weight, self.bias = weight, bias
        self.stride, self.padding = stride, padding

    def _slices(self, u, v):
        s = self.stride
        return slice(u, u + s * (self.oh - 1) + 1, s), slice(v, v + s * (self.ow - 1) + 1, s)

    def forward(self, x):
        C, k, _ = self.weight.shape
        p = self.padding
        self.x_shape = x.shape
        self.xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        self.oh = (self.xp.shape[2] - k) // self.stride + 1
        self.ow = (self.xp.shape[3] - k) // self.stride + 1
        y = np.zeros((x.shape[0], C, self.oh, self.ow)) + self.bias[:, None, None]
        for u in range(k):
            for v in range(k):
                r, c = self._slices(u, v)
                y += self.xp[:, :, r, c] * self.weight[:, u, v][:, None, None]
        return y

    def backward(self, dy):
        C, k, _ = self.weight.shape
        p = self.padding
        H, W = self.x_shape[2:]
        self.dweight = np.zeros_like(self.weight)
        self.dbias = dy.sum(axis=(0, 2, 3))
        dxp = np.zeros_like(self.xp)
        for u in range(k):
            for v in range(k):
                r, c = self._slices(u, v)
                self.dweight[:, u, v] = (dy * self.xp[:, :, r, c]).sum(axis=(0, 2, 3))
                dxp[:, :, r, c] += dy * self.weight[:, u, v][:, None, None]
        return dxp[:, :, p:p + H, p:p + W]


class PointwiseConv2d:
    """1x1 convolution that mixes channels. weight: (C_out, C_in)."""

    def __init__(self, weight):
        self.weight = weight

    def forward(self, x):
        self.x = x
        return np.einsum('oc,nchw->nohw', self.weight, x)

    def backward(self, dy):
        self.dweight = np.einsum('nohw,nchw->oc', dy, self.x)
        return np.einsum('oc,nohw->nchw', self.weight, dy)
