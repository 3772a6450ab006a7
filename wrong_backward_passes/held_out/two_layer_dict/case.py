def case(program, rng, size):
    n, d, m, k = [(6, 4, 5, 3), (9, 3, 7, 4)][size]
    X, y = rng.normal(size=(d, n)), rng.integers(k, size=n)
    at = program.initiera(d, m, k, rng)
    at = {name: value + 0.3 * rng.normal(size=value.shape) for name, value in at.items()}
    return at, lambda p: program.berakna_kostnad(X, y, p, 0.1), lambda p: program.berakna_gradienter(X, y, p, 0.1)
