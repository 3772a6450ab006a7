import numpy as np


class InstanceNorm2d(object):

    def __init__(self, num_channels, eps=1e-5, affine=True):
        self.eps = eps
        self.affine = affine
        if affine:
            self.scale = np.ones(num_channels)
            self.shift = np.zeros(num_channels)

    def __call__(self, x):
        return self.forward(x)

    def forward(self, x):
        # x: batch, channel, height, width
        avg = x.mean(axis=(2, 3), keepdims=True)
        centred = x - avg
        var = np.mean(centred ** 2, axis=(2, 3), keepdims=True)
        self.inv_std = (var + self.eps) ** -0.5
        self.normalised = centred * self.inv_std
        if not self.affine:
            return self.normalised
        return self.normalised * self.scale[:, None, None] + self.shift[:, None, None]

    def backward(self, dout):
        if self.affine:
            self.dscale = np.einsum('nchw,nchw->c', dout, self.normalised)
            self.dshift = np.einsum('nchw->c', dout)
            dout = dout * self.scale[:, None, None]
        n = dout.shape[2] * dout.shape[3]
        sum_d = np.sum(dout, axis=(2, 3), keepdims=True)
        sum_dn = np.sum(dout * self.normalised, axis=(2, 3), keepdims=True)
        return self.inv_std / n * (n * dout - sum_d - self.normalised * sum_dn)
