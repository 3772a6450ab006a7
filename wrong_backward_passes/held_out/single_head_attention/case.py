def case(program, rng, size):
    b, t, c, h = [(2, 3, 4, 3), (2, 5, 3, 4)][size]
    dout = rng.normal(size=(b, t, h))
    at = {"x": rng.normal(size=(b, t, c))} | {name: rng.normal(size=(c, h)) for name in ("Wq", "Wk", "Wv")}

    def forward(p):
        return program.attention_fwd(*p.values())

    return at, lambda p: (forward(p)[0] * dout).sum(), lambda p: dict(zip(p, program.attention_bwd(dout, forward(p)[1])))
