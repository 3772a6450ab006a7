def case(program, rng, size):
    n = [6, 11][size]
    t = rng.permutation(n) % 2
    return (
        {"z": rng.normal(size=n)},
        lambda p: program.focal_loss(p["z"], t),
        lambda p: {"z": program.focal_loss_grad(p["z"], t)},
    )
