def case(program, rng, size):
    (n, c, h, w), groups = [((2, 4, 2, 3), 2), ((2, 6, 3, 2), 3)][size]
    dout = rng.normal(size=(n, c, h, w))
    at = {"x": rng.normal(size=(n, c, h, w)), "weight": rng.normal(size=(1, c, 1, 1)), "bias": rng.normal(size=(1, c, 1, 1))}

    def forward(p):
        return program.group_norm(p["x"], p["weight"], p["bias"], groups)

    return at, lambda p: (forward(p)[0] * dout).sum(), lambda p: dict(zip(p, program.group_norm_back(dout, forward(p)[1])))
