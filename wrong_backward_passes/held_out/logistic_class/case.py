def case(program, rng, size):
    n, d = [(7, 3), (11, 5)][size]
    X, y = rng.normal(size=(n, d)), rng.integers(2, size=n).astype(float)
    model = program.LogisticRegression(d)

    def put(p):
        model.coef_, model.intercept_ = p["w"], float(p["b"])
        return model

    def gradient(p):
        return dict(zip(("w", "b"), put(p).gradient(X, y)))

    return {"w": rng.normal(size=d), "b": rng.normal()}, lambda p: put(p).loss(X, y), gradient
