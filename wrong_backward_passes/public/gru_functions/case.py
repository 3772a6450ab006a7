def case(program, rng, size):
    t, n, d, h = [(3, 2, 3, 3), (5, 3, 2, 4)][size]
    x, dout = rng.normal(size=(t, n, d)), rng.normal(size=(t, n, h))
    at = {"Wg": rng.normal(size=(d, 2 * h)), "Ug": rng.normal(size=(h, 2 * h)), "bg": rng.normal(size=2 * h), "Wc": rng.normal(size=(d, h)),
          "Uc": rng.normal(size=(h, h)), "h0": rng.normal(size=(n, h))}

    def run(p):
        rest = {name: value for name, value in p.items() if name != "h0"}
        return rest, *program.gru_forward(rest, x, p["h0"])

    def gradient(p):
        rest, _, cache = run(p)
        g, dh0 = program.gru_backward(rest, dout, cache)
        return g | {"h0": dh0}

    return at, lambda p: (run(p)[1] * dout).sum(), gradient
