def case(program, rng, size):
    n, d, k = [(5, 3, 2), (8, 4, 5)][size]
    X, Y = rng.normal(size=(n, d)), rng.normal(size=(n, k))
    at = {"W": rng.normal(size=(d, k)), "b": rng.normal(size=k)}

    def gradient(p):
        return dict(zip(("W", "b"), program.mse_gradients(X, Y, p["W"], p["b"])))

    return at, lambda p: program.mse_loss(X, Y, p["W"], p["b"]), gradient
