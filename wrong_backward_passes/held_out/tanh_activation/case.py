def case(program, rng, size):
    n, d, k = [(5, 3, 4), (6, 4, 2)][size]
    dense, tanh = program.Lineaire(d, k), program.Tanh()
    dout = rng.normal(size=(n, k))

    def forward(p):
        dense.poids, dense.biais = p["W"], p["b"]
        return (tanh.forward(dense.forward(p["x"])) * dout).sum()

    def gradient(p):
        forward(p)
        dx = dense.backward(tanh.backward(dout))
        return {"x": dx, "W": dense.grad_poids, "b": dense.grad_biais}

    at = {"x": rng.normal(size=(n, d)), "W": rng.normal(size=(d, k)), "b": rng.normal(size=k)}
    return at, forward, gradient
