import numpy as np

KEEP = 0.8


def draw_mask(rng, shape):
    """Inverted dropout: kept units are scaled up."""
    return (rng.random(shape) < KEEP) / KEEP


def hidden(x, params, mask):
    w1, c1, w2, c2 = params
    pre = x @ w1.T + c1
    act = np.maximum(pre, 0)
    dropped = act * mask
    return pre, act, dropped, dropped @ w2.T + c2


def cost_fn(params, x, target, mask):
    out = hidden(x, params, mask)[-1]
    return ((out - target) ** 2).mean()


def grad_fn(params, x, target, mask):
    w1, c1, w2, c2 = params
    pre, act, dropped, out = hidden(x, params, mask)
    d_out = 2 * (out - target) / target.size
    d_w2 = d_out.T @ dropped
    d_c2 = d_out.sum(0)
    d_act = d_out @ w2 * mask
    d_pre = np.where(pre > 0, d_act, 0)
    d_w1 = d_pre.T @ x
    d_c1 = d_pre.sum(0)
    return d_w1, d_c1, d_w2, d_c2
