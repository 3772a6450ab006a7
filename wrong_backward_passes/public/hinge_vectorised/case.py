def case(program, rng, size):
    n, d, k = [(7, 3, 4), (10, 4, 5)][size]
    X, y = rng.normal(size=(d, n)), rng.integers(k, size=n)
    at = {"W": 0.4 * rng.normal(size=(k, d)), "b": 0.4 * rng.normal(size=(k, 1))}
    return at, lambda p: program.svm_kostnad(p["W"], p["b"], X, y, 0.1), lambda p: dict(zip(p, program.svm_gradient(p["W"], p["b"], X, y, 0.1)))
