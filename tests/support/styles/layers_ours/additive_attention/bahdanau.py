import numpy as np


def additive_attention(s, h, Wa, Ua, va):
    """Bahdanau's attention.

    s  (N, H)     the decoder's state
    h  (N, T, E)  the encoder's states
    e_t = va . tanh(s Wa + h_t Ua),  alpha = softmax(e),  context = sum_t alpha_t h_t
    """
    u = np.tanh((s @ Wa)[:, None, :] + h @ Ua)          # (N, T, A)
    e = u @ va                                          # (N, T)
    e = e - e.max(axis=1, keepdims=True)
    alpha = np.exp(e) / np.exp(e).sum(axis=1, keepdims=True)
    context = (alpha[:, :, None] * h).sum(axis=1)       # (N, E)
    return context, alpha, (s, h, Wa, Ua, va, u, alpha)


def additive_attention_grad(dcontext, cache):
    s, h, Wa, Ua, va, u, alpha = cache
    E, A = Ua.shape

    dalpha = (h * dcontext[:, None, :]).sum(axis=2)
    dh = alpha[:, :, None] * dcontext[:, None, :]

    de = alpha * (dalpha - (alpha * dalpha).sum(axis=1, keepdims=True))

    dva = np.tensordot(de, u, axes=([0, 1], [0, 1]))
    dpre = de[:, :, None] * va * (1 - u ** 2)

    dUa = h.reshape(-1, E).T @ dpre.reshape(-1, A)
    dh += dpre @ Ua.T

    dproj = dpre.sum(axis=1)       # s is shared by all T steps
    dWa = s.T @ dproj
    ds = dproj @ Wa.T
    return {"s": ds, "h": dh, "Wa": dWa, "Ua": dUa, "va": dva}
