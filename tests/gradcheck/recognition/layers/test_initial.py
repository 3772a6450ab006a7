"""Losses and layers whose parameters a function of the file makes."""

import pytest

from support.layers import checked, read

NAMED = """
def build_weights(n_in, n_hidden, n_out, seed=1):
    g = np.random.RandomState(seed)
    return {"enc": g.randn(n_in, n_hidden), "gain": np.ones(n_hidden), "dec": g.randn(n_hidden, n_out)}
def loss_and_grads(th, x, y):
    n = len(x)
    a = np.tanh(x @ th["enc"])
    s = (a * th["gain"]) @ th["dec"]
    p = np.exp(s) / np.exp(s).sum(1, keepdims=True)
    loss = -np.log(p[np.arange(n), y]).mean()
    p[np.arange(n), y] -= 1
    ds = p / n
    dm = ds @ th["dec"].T
    grads = {"dec": (a * th["gain"]).T @ ds, "gain": (dm * a).sum(0)}
    grads["enc"] = x.T @ (dm * th["gain"] * (1 - a * a))
    return loss, grads
"""
NUMBER_INSIDE = NAMED.replace('th["enc"]', 'th[f"h{0}_enc"]').replace('"enc"', '"h0_enc"')
"""The number of a layer stands in the middle of a name."""

COUNTED = """
def make_params(d, width, blocks):
    return {f"{name}{i}": np.random.randn(*size) for i in range(blocks)
            for name, size in (("A", (d, width)), ("a", (width,)), ("B", (width, d)))}
def run_forward(P, x):
    tape = []
    for i in range(len(P) // 3):
        h = np.tanh(x @ P[f"A{i}"] + P[f"a{i}"])
        tape.append((x, h))
        x = x + h @ P[f"B{i}"]
    return x, tape
def run_backward(P, dout, tape):
    G = {}
    for i in reversed(range(len(tape))):
        x, h = tape[i]
        G[f"B{i}"] = h.T @ dout
        da = dout @ P[f"B{i}"].T * (1 - h * h)
        G[f"A{i}"], G[f"a{i}"] = x.T @ da, da.sum(0)
        dout = dout + da @ P[f"A{i}"].T
    return dout, G
"""
WORDS = """
def init(vocab, block, C, n_heads):
    return dict(wte=np.random.randn(vocab, C), wpe=np.random.randn(block, C))
def lm_loss(P, idx, targets, n_heads):
    B, T = idx.shape
    x = P["wte"][idx] + P["wpe"][:T]
    s = x.reshape(B, T, n_heads, -1).transpose(0, 1, 3, 2).reshape(B, T, -1) @ P["wte"].T
    q = np.exp(s) / np.exp(s).sum(-1, keepdims=True)
    b, t = np.ogrid[:B, :T]
    loss = -np.log(q[b, t, targets]).mean()
    q[b, t, targets] -= 1
    q /= B * T
    G = {k: np.zeros_like(w) for k, w in P.items()}
    dx = (q @ P["wte"]).reshape(B, T, -1, n_heads).transpose(0, 1, 3, 2).reshape(x.shape)
    G["wte"] += np.einsum("btv,btc->vc", q, x.reshape(B, T, n_heads, -1).transpose(0, 1, 3, 2).reshape(B, T, -1))
    np.add.at(G["wte"], idx, dx)
    G["wpe"][:T] += dx.sum(0)
    return loss, G
"""
MADE = {
    "under any names": (NAMED, "(dm * a)", "(dm * dm)"),
    "counted within the name": (NUMBER_INSIDE, "(dm * a)", "(dm * dm)"),
    "counted": (COUNTED, "dout = dout + da", "dout = da"),
    "indices": (WORDS, 'G["wpe"][:T] += dx.sum(0)', 'G["wpe"][:T] += dx[0]'),
    "all of them times a number": (WORDS, "q /= B * T", "q /= B"),
}


@pytest.mark.parametrize("wrong", [False, True])
@pytest.mark.parametrize("name", MADE)
def test_what_a_function_makes_is_checked(name, wrong):
    text, right_part, wrong_part = MADE[name]
    assert text.count(right_part) == 1
    outcome, reading = checked(text.replace(right_part, wrong_part) if wrong else text)
    assert outcome.verdict == ("wrong" if wrong else "right"), reading.text


def test_each_of_two_names_that_differ_in_capitals_has_its_gradient():
    outcome, _ = checked(COUNTED)
    assert {t.name for t in outcome.tensors} == {"x", "A0", "a0", "B0", "A1", "a1", "B1"}


def test_what_makes_nothing_or_takes_data_is_no_maker():
    text = NAMED.replace("return {", "raise ValueError\n    return {")
    (reading,), _ = read(text, seconds=1.0)
    assert not reading.text


def test_a_maker_may_take_what_nobody_knows():
    outcome, reading = checked(NAMED.replace("n_out, seed=1", "n_out, activation, seed=1"))
    assert outcome.verdict == "right", reading.text
