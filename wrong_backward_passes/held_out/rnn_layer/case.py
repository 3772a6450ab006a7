def case(program, rng, size):
    n, t, d, h = [(2, 4, 3, 4), (3, 6, 2, 5)][size]
    dout = rng.normal(size=(n, t, h))
    at = {"x": rng.normal(size=(n, t, d)), "h0": rng.normal(size=(n, h)), "Wx": rng.normal(size=(d, h)),
          "Wh": 0.5 * rng.normal(size=(h, h)), "b": rng.normal(size=h)}

    def forward(p):
        return program.rnn_forward(*p.values())

    return at, lambda p: (forward(p)[0] * dout).sum(), lambda p: dict(zip(p, program.rnn_backward(dout, forward(p)[1])))
