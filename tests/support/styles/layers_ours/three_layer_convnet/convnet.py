import numpy as np


def _windows(x, k):
    """(N, C, H, W) -> (N, C, H-k+1, W-k+1, k, k)"""
    return np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(2, 3))


class ThreeLayerConvNet:
    """
    conv - relu - 2x2 max pool - affine - relu - affine - softmax

    'same' padding with odd filters of stride 1; input_dim is (C, H, W).
    """

    def __init__(self, input_dim=(3, 32, 32), num_filters=32, filter_size=7,
                 hidden_dim=100, num_classes=10, weight_scale=1e-3, reg=0.0, seed=0):
        rng = np.random.default_rng(seed)
        C, H, W = input_dim
        F = num_filters
        self.reg = reg
        self.params = {
            'W1': weight_scale * rng.normal(size=(F, C, filter_size, filter_size)),
            'b1': np.zeros(F),
            'W2': weight_scale * rng.normal(size=(F * (H // 2) * (W // 2), hidden_dim)),
            'b2': np.zeros(hidden_dim),
            'W3': weight_scale * rng.normal(size=(hidden_dim, num_classes)),
            'b3': np.zeros(num_classes),
        }

    def loss(self, X, y=None):
        W1, b1 = self.params['W1'], self.params['b1']
        W2, b2 = self.params['W2'], self.params['b2']
        W3, b3 = self.params['W3'], self.params['b3']
        N, C, H, W = X.shape
        F, _, k, _ = W1.shape
        pad = (k - 1) // 2

        # conv - relu
        Xp = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
        cols = _windows(Xp, k)
        a1 = np.einsum('nchwij,fcij->nfhw', cols, W1) + b1[:, None, None]
        h1 = np.maximum(a1, 0)
        # pool
        tiles = h1.reshape(N, F, H // 2, 2, W // 2, 2)
        pooled = tiles.max(axis=(3, 5))
        # affine - relu - affine
        flat = pooled.reshape(N, -1)
        a2 = flat @ W2 + b2
        h2 = np.maximum(a2, 0)
        scores = h2 @ W3 + b3
        if y is None:
            return scores

        scores = scores - scores.max(axis=1, keepdims=True)
        p = np.exp(scores)
        p /= p.sum(axis=1, keepdims=True)
        loss = -np.log(p[np.arange(N), y]).mean()
        loss += 0.5 * self.reg * sum(np.sum(w * w) for w in (W1, W2, W3))

        grads = {}
        ds = p.copy()
        ds[np.arange(N), y] -= 1
        ds /= N
        grads['W3'] = h2.T @ ds + self.reg * W3
        grads['b3'] = ds.sum(axis=0)
        da2 = (ds @ W3.T) * (a2 > 0)
        grads['W2'] = flat.T @ da2 + self.reg * W2
        grads['b2'] = da2.sum(axis=0)
        dpooled = (da2 @ W2.T).reshape(pooled.shape)
        chosen = tiles == pooled[:, :, :, None, :, None]
        dh1 = (chosen * dpooled[:, :, :, None, :, None]).reshape(h1.shape)
        da1 = dh1 * (a1 > 0)
        grads['W1'] = np.einsum('nchwij,nfhw->fcij', cols, da1) + self.reg * W1
        grads['b1'] = da1.sum(axis=(0, 2, 3))
        return loss, grads
