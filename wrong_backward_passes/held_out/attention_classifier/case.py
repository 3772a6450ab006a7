def case(program, rng, size):
    v, d, h, n, t = [(7, 3, 4, 4, 4), (9, 4, 3, 5, 6)][size]
    ids, lengths = rng.integers(v, size=(n, t)), rng.integers(2, t + 1, size=n)
    labels = rng.integers(2, size=n).astype(float)
    at = {"emb": rng.normal(size=(v, d)), "A": rng.normal(size=(d, h)), "v": rng.normal(size=h), "w": rng.normal(size=d), "b": rng.normal()}
    return (
        at,
        lambda p: program.forward_loss(p, ids, lengths, labels)[0],
        lambda p: program.backward_pass(p, labels, program.forward_loss(p, ids, lengths, labels)[1]),
    )
