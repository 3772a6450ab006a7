import numpy as np

def pool_forward(A_prev, f, stride, mode="max"):
    (m, n_C, n_H_prev, n_W_prev) = A_prev.shape
    n_H = int(1 + (n_H_prev - f) / stride)
    n_W = int(1 + (n_W_prev - f) / stride)
    A = np.zeros((m, n_C, n_H, n_W))

    for h in range(n_H):
        for w in range(n_W):
            a_slice = A_prev[:, :, h*stride:h*stride+f, w*stride:w*stride+f]
            if mode == "max":
                A[:, :, h, w] = np.max(a_slice, axis=(2, 3))
            elif mode == "avg":
                A[:, :, h, w] = np.mean(a_slice, axis=(2, 3))

    cache = (A_prev, f, stride, mode)
    return A, cache

def pool_backward(dA, cache):
    (A_prev, f, stride, mode) = cache
    m, n_C, n_H, n_W = dA.shape
    dA_prev = np.zeros(A_prev.shape)

    for i in range(m):                       # over the examples
        for c in range(n_C):                 # over the channels
            for h in range(n_H):
                for w in range(n_W):
                    vs, he = h * stride, w * stride
                    if mode == "max":
                        a = A_prev[i, c, vs:vs+f, he:he+f]
                        mask = (a == np.max(a))
                        dA_prev[i, c, vs:vs+f, he:he+f] += mask * dA[i, c, h, w]
                    elif mode == "avg":
                        share = dA[i, c, h, w] / (f * f)
                        dA_prev[i, c, vs:vs+f, he:he+f] += np.ones((f, f)) * share
    return dA_prev
