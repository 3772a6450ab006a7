def case(program, rng, size):
    n, d, h = [(5, 4, 3), (7, 6, 4)][size]
    x = rng.normal(size=(n, d))
    net = program.TiedAutoencoder(d, h)

    def put(p):
        net.W, net.b_code, net.b_visible = p["W"], p["b_code"], p["b_visible"]
        return net

    at = {"W": rng.normal(size=(d, h)), "b_code": rng.normal(size=h), "b_visible": rng.normal(size=d)}
    return at, lambda p: put(p).reconstruction_error(x), lambda p: dict(zip(p, put(p).gradients(x)))
