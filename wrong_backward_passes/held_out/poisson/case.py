def case(program, rng, size):
    n, d = [(8, 3), (12, 4)][size]
    X, y = 0.5 * rng.normal(size=(n, d)), rng.poisson(1.5, size=n).astype(float)
    at = {"w": rng.normal(size=d), "b": rng.normal()}

    def gradient(p):
        return dict(zip(("w", "b"), program.gradiente(X, y, p["w"], p["b"], 0.7)))

    return at, lambda p: program.costo(X, y, p["w"], p["b"], 0.7), gradient
