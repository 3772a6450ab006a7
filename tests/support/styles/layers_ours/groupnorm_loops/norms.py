import numpy as np


class GroupNorm2d:
    """Wu & He 2018. Loops over samples and groups, so that one can follow it."""

    def __init__(self, num_channels, num_groups=2, eps=1e-5):
        assert num_channels % num_groups == 0
        self.groups = num_groups
        self.eps = eps
        self.params = {"scale": np.ones(num_channels), "shift": np.zeros(num_channels)}
        self.grads = {}

    def forward(self, x):
        n_samples, n_channels, height, width = x.shape
        per_group = n_channels // self.groups
        self.normed = np.zeros_like(x)
        self.inv_std = np.zeros((n_samples, self.groups))
        for i in range(n_samples):
            for g in range(self.groups):
                chans = slice(g * per_group, (g + 1) * per_group)
                block = x[i, chans]
                mean = block.mean()
                var = ((block - mean) ** 2).mean()
                self.inv_std[i, g] = 1.0 / np.sqrt(var + self.eps)
                self.normed[i, chans] = (block - mean) * self.inv_std[i, g]
        scale = self.params["scale"].reshape(1, -1, 1, 1)
        shift = self.params["shift"].reshape(1, -1, 1, 1)
        return scale * self.normed + shift

    def backward(self, dy):
        n_samples, n_channels, height, width = dy.shape
        per_group = n_channels // self.groups
        self.grads["scale"] = np.sum(dy * self.normed, axis=(0, 2, 3))
        self.grads["shift"] = np.sum(dy, axis=(0, 2, 3))
        dnormed = dy * self.params["scale"].reshape(1, -1, 1, 1)
        dx = np.zeros_like(dy)
        for i in range(n_samples):
            for g in range(self.groups):
                chans = slice(g * per_group, (g + 1) * per_group)
                d = dnormed[i, chans]
                xh = self.normed[i, chans]
                size = per_group * height * width
                centred = d - d.sum() / size
                dx[i, chans] = self.inv_std[i, g] * (centred - xh * (d * xh).sum() / size)
        return dx
