def case(program, rng, size):
    shape, f, k, stride, pad = [((2, 2, 5, 4), 3, 3, 1, 1), ((2, 3, 6, 6), 2, 2, 2, 0)][size]
    at = {"x": rng.normal(size=shape), "w": rng.normal(size=(f, shape[1], k, k)), "b": rng.normal(size=f)}

    def forward(p):
        return program.conv_forward(p["x"], p["w"], p["b"], stride, pad)

    dout = rng.normal(size=forward(at)[0].shape)
    return at, lambda p: (forward(p)[0] * dout).sum(), lambda p: dict(zip(p, program.conv_backward(dout, forward(p)[1])))
