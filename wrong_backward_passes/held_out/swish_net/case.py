def case(program, rng, size):
    widths = [(3, 4, 1), (4, 5, 5, 1)][size]
    n, count = [(6, 2), (9, 3)][size]
    x, y = rng.normal(size=(n, widths[0])), rng.integers(2, size=(n, 1)).astype(float)
    at = {f"W{i}": rng.normal(size=widths[i : i + 2]) for i in range(count)} | {f"b{i}": rng.normal(size=widths[i + 1]) for i in range(count)}

    def layers(p):
        return [{"pesos": p[f"W{i}"], "vies": p[f"b{i}"]} for i in range(count)]

    def gradient(p):
        found = program.retropropagacao(x, y, layers(p))
        return {f"W{i}": g["pesos"] for i, g in enumerate(found)} | {f"b{i}": g["vies"] for i, g in enumerate(found)}

    return at, lambda p: program.custo(x, y, layers(p)), gradient
