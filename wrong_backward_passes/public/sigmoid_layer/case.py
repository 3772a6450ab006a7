def case(program, rng, size):
    shape = [(5, 1), (4, 3)][size]
    t = rng.integers(2, size=shape).astype(float)
    act, loss = program.Sigmoid(), program.BinaryCrossEntropy()

    def cost(p):
        return loss.forward(act.forward(p["x"]), t)

    def gradient(p):
        cost(p)
        return {"x": act.backward(loss.backward())}

    return {"x": rng.normal(size=shape)}, cost, gradient
