def case(program, rng, size):
    t, n, d, h = [(3, 2, 3, 4), (5, 3, 2, 3)][size]
    dout = rng.normal(size=(t, n, h))
    at = {"xs": rng.normal(size=(t, n, d)), "h0": rng.normal(size=(n, h)), "W": rng.normal(size=(d + h, 4 * h)), "b": rng.normal(size=4 * h)}

    def forward(p):
        return program.lstm_sequence(*p.values())

    return at, lambda p: (forward(p)[0] * dout).sum(), lambda p: dict(zip(p, program.lstm_sequence_backward(dout, forward(p)[1])))
