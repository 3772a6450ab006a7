def case(program, rng, size):
    n, k = [(5, 3), (7, 5)][size]
    y = rng.integers(k, size=n)
    loss = program.SmoothedCrossEntropy(k)

    def gradient(p):
        loss.forward(p["logits"], y)
        return {"logits": loss.backward()}

    return {"logits": rng.normal(size=(n, k))}, lambda p: loss.forward(p["logits"], y), gradient
