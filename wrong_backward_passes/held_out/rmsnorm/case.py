def case(program, rng, size):
    shape = [(4, 5), (2, 3, 6)][size]
    dout = rng.normal(size=shape)
    at = {"x": rng.normal(size=shape), "g": rng.normal(size=shape[-1])}

    def forward(p):
        return program.rmsnorm_forward(p["x"], p["g"])

    return at, lambda p: (forward(p)[0] * dout).sum(), lambda p: dict(zip(p, program.rmsnorm_backward(dout, forward(p)[1])))
