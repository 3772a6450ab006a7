def case(program, rng, size):
    v, d, f, k, n, t = [(6, 2, 4, 3, 3, 5), (8, 3, 5, 4, 4, 7)][size]
    ids, y = rng.integers(v, size=(n, t)), rng.integers(k, size=n)
    at = {"E": rng.normal(size=(v, d)), "K": rng.normal(size=(3 * d, f)), "c": rng.normal(size=f), "W": rng.normal(size=(f, k))}
    return at, lambda p: program.textcnn_loss(p, ids, y), lambda p: program.textcnn_grads(p, ids, y)
