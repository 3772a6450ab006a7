def case(program, rng, size):
    shape = [(5, 3), (4, 6)][size]
    dout = rng.normal(size=shape)

    def gradient(p):
        return {"x": program.leaky_relu_backward(dout, program.leaky_relu_forward(p["x"])[1])}

    return {"x": rng.normal(size=shape)}, lambda p: (program.leaky_relu_forward(p["x"])[0] * dout).sum(), gradient
