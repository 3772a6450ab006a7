def case(program, rng, size):
    widths, n = [((3, 4, 1), 6), ((4, 5, 5, 2), 8)][size]
    X, Y = rng.normal(size=(widths[0], n)), rng.integers(2, size=(widths[-1], n)).astype(float)
    at = program.initialize(widths, seed=int(rng.integers(1000)))

    def gradient(p):
        AL, caches = program.L_model_forward(X, p)
        return {name[1:]: value for name, value in program.L_model_backward(AL, Y, caches).items()}

    return at, lambda p: program.compute_cost(program.L_model_forward(X, p)[0], Y), gradient
