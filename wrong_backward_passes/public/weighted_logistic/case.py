def case(program, rng, size):
    n, d = [(6, 3), (9, 4)][size]
    X, y, u = rng.normal(size=(n, d)), rng.integers(2, size=n).astype(float), rng.uniform(0.5, 2, size=n)
    at = {"w": rng.normal(size=d), "b": rng.normal()}
    return at, lambda p: program.perdita(X, y, u, p["w"], float(p["b"])), lambda p: dict(zip(p, program.gradienti(X, y, u, p["w"], float(p["b"]))))
