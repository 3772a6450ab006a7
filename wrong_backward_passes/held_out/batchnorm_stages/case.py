def case(program, rng, size):
    n, d = [(6, 3), (9, 5)][size]
    dout = rng.normal(size=(n, d))
    at = {"x": 2 * rng.normal(size=(n, d)) + 1, "gamma": rng.normal(size=d), "beta": rng.normal(size=d)}

    def forward(p):
        return program.bn_forward(p["x"], p["gamma"], p["beta"])

    def gradient(p):
        return dict(zip(("x", "gamma", "beta"), program.bn_backward(dout, forward(p)[1])))

    return at, lambda p: (forward(p)[0] * dout).sum(), gradient
