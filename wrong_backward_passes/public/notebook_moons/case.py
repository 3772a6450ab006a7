def case(program, rng, size):
    n, h, k = [(6, 4, 3), (9, 5, 4)][size]
    program.X, program.y, program.reg_lambda = rng.normal(size=(n, 2)), rng.integers(k, size=n), 0.5
    at = {"W1": rng.normal(size=(2, h)), "b1": rng.normal(size=(1, h)), "W2": rng.normal(size=(h, k)), "b2": rng.normal(size=(1, k))}

    def gradient(p):
        vars(program).update(p)
        return dict(zip(p, program.calculate_gradients()))

    def cost(p):
        vars(program).update(p)
        return program.calculate_loss()

    return at, cost, gradient
