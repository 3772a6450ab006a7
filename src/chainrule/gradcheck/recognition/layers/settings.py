"""Values for settings of layers, by the names of arguments and keys."""

VALUES = {
    "stride": "2", "f": "2", "mode": '"train"', "eps": "1e-5", "epsilon": "1e-5", "momentum": "0.9", "seed": "0",
    "p": "0.6", "keep_prob": "0.6", "dropout": "0.4", "pool_height": "2", "pool_width": "2", "pool_size": "2",
    "g": "2", "groups": "2", "num_groups": "2", "n_groups": "2", "num_heads": "2", "n_heads": "2", "n_head": "2",
    "heads": "2", "nhead": "2", "alpha": "0.3", "slope": "0.3", "negative_slope": "0.3", "temperature": "2.0",
    "margin": "0.7", "delta": "0.7", "axis": "1", "pad_idx": "1", "padding_idx": "1", "ignore_index": "1",
    "pad_id": "1",
}  # fmt: skip
"""Of settings, by name or key."""

IN_CONSTRUCTORS = ("alpha", "slope", "negative_slope", "temperature", "margin", "delta")
"""Those that a constructor is given though it has a default: with 1 or 0 a factor cannot be seen."""

KEPT = ("axis",)
"""Those that keep their defaults first: code may be written for no other sign."""
