def case(program, rng, size):
    shape, window, stride = [((2, 5, 5, 2), 3, 2), ((1, 7, 7, 3), 3, 2)][size]
    x = rng.normal(size=shape)
    dout = rng.normal(size=program.maxpool(x, window, stride)[0].shape)

    def forward(p):
        return program.maxpool(p["x"], window, stride)

    return {"x": x}, lambda p: (forward(p)[0] * dout).sum(), lambda p: {"x": program.maxpool_grad(dout, forward(p)[1])}
