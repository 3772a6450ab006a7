def case(program, rng, size):
    shape, filters, stride = [((2, 2, 4, 4), 2, 1), ((2, 3, 5, 5), 3, 2)][size]
    at = {"x": rng.normal(size=shape), "w": rng.normal(size=(filters, shape[1], 3, 3)), "b": rng.normal(size=filters)}

    def forward(p):
        return program.conv_forward(p["x"], p["w"], p["b"], stride=stride, pad=1)

    dout = rng.normal(size=forward(at)[0].shape)
    return at, lambda p: (forward(p)[0] * dout).sum(), lambda p: dict(zip(p, program.conv_backward(dout, forward(p)[1])))
