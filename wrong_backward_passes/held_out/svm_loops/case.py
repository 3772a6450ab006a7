def case(program, rng, size):
    n, d, k = [(6, 4, 4), (9, 5, 5)][size]
    X, y = rng.normal(size=(n, d)), rng.integers(k, size=n)
    at = {"W": 0.3 * rng.normal(size=(d, k))}
    return at, lambda p: program.svm_loss(p["W"], X, y, 0.2)[0], lambda p: {"W": program.svm_loss(p["W"], X, y, 0.2)[1]}
