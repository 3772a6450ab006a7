import numpy as np

sigm = lambda v: 1.0 / (1.0 + np.exp(-v))


class GRU:
    """Gated recurrent unit on column vectors; every step's state is an output."""

    def __init__(self, n_in, n_hid, rng):
        shape = {"W": (n_hid, n_in), "U": (n_hid, n_hid)}
        self.p = {m + g: 0.4 * rng.normal(size=shape[m]) for m in "WU" for g in "zrn"}

    def run(self, xs):
        p = self.p
        h = np.zeros((p["Uz"].shape[0], 1))
        self.tape = []
        outs = []
        for x in xs:
            z = sigm(p["Wz"] @ x + p["Uz"] @ h)
            r = sigm(p["Wr"] @ x + p["Ur"] @ h)
            n = np.tanh(p["Wn"] @ x + p["Un"] @ (r * h))
            h_new = (1 - z) * n + z * h
            self.tape.append((x, h, z, r, n))
            h = h_new
            outs.append(h)
        return outs

    def backprop_through_time(self, douts):
        p = self.p
        g = {k: np.zeros_like(v) for k, v in p.items()}
        dh_next = np.zeros_like(douts[0])
        for dout, (x, h, z, r, n) in zip(reversed(douts), reversed(self.tape)):
            dh = dout + dh_next
            dn = dh * (1 - z) * (1 - n ** 2)
            dz = dh * (h - n) * z * (1 - z)
            drh = p["Un"].T @ dn
            dr = drh * h * r * (1 - r)
            for gate, d in (("z", dz), ("r", dr)):
                g["W" + gate] += d @ x.T
                g["U" + gate] += d @ h.T
            g["Wn"] += dn @ x.T
            g["Un"] += dn @ (r * h).T
            dh_next = dh * z + drh * r + p["Uz"].T @ dz + p["Ur"].T @ dr
        return g
