import numpy as np

# h_t = (1 - z) * h_{t-1} + z * h~,   h~ = tanh(x Wh + (r * h_{t-1}) Uh + bh)


def _sig(v):
    return 1 / (1 + np.exp(-v))


def gru_cell(x, h, p):
    z = _sig(x @ p["Wz"] + h @ p["Uz"] + p["bz"])
    r = _sig(x @ p["Wr"] + h @ p["Ur"] + p["br"])
    rh = r * h
    hh = np.tanh(x @ p["Wh"] + rh @ p["Uh"] + p["bh"])
    return (1 - z) * h + z * hh, (x, h, z, r, rh, hh)


def gru_cell_back(dh_new, saved, p, grads):
    x, h, z, r, rh, hh = saved
    # through the blend
    dhh = dh_new * z
    dz = dh_new * (hh - h)
    dh = dh_new * (1 - z)
    # candidate
    da_h = dhh * (1 - hh * hh)
    drh = da_h @ p["Uh"].T
    dr = drh * h
    dh += drh * r
    # gates
    da_z = dz * z * (1 - z)
    da_r = dr * r * (1 - r)
    dh += da_z @ p["Uz"].T + da_r @ p["Ur"].T
    dx = da_h @ p["Wh"].T + da_z @ p["Wz"].T + da_r @ p["Wr"].T

    for k, da, hin in (("z", da_z, h), ("r", da_r, h), ("h", da_h, rh)):
        grads["W" + k] += x.T @ da
        grads["U" + k] += hin.T @ da
        grads["b" + k] += da.sum(0)
    return dx, dh


def gru_forward(xs, h0, p):
    """xs (T, N, D), h0 (N, H) -> hs (T, N, H)"""
    h, hs, tape = h0, [], []
    for x in xs:
        h, saved = gru_cell(x, h, p)
        hs.append(h)
        tape.append(saved)
    return np.array(hs), (tape, p)


def gru_backward(dhs, cache):
    tape, p = cache
    grads = {k: np.zeros_like(v) for k, v in p.items()}
    dxs = [None] * len(tape)
    dh = np.zeros_like(dhs[0])
    for t in range(len(tape) - 1, -1, -1):
        dxs[t], dh = gru_cell_back(dhs[t] + dh, tape[t], p, grads)
    return np.array(dxs), dh, grads
