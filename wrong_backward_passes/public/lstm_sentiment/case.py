def case(program, rng, size):
    v, d, h, n, t = [(5, 3, 3, 3, 4), (7, 2, 4, 4, 5)][size]
    frases, y = rng.integers(v, size=(n, t)), rng.integers(2, size=n).astype(float)
    frases[1] = frases[0]
    at = {"E": rng.normal(size=(v, d)), "Wx": rng.normal(size=(d, 4 * h)), "Wh": rng.normal(size=(h, 4 * h)), "b": rng.normal(size=4 * h), "v": rng.normal(size=h)}
    return at, lambda p: program.perdida(p, frases, y), lambda p: program.gradientes(p, frases, y)
