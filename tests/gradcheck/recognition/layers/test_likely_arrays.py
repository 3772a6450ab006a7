"""Which of the arrays that an argument may be are tried first."""

from chainrule.gradcheck.recognition.layers.likely_arrays import ordered
from support.layers import checked

SEQUENCES = {"x": "inputs", "context": "other", "mask": "mask"}
INPUTS = "rng.normal(size=(2, 7, 8))"


def test_sequences_beside_the_inputs_have_as_many_samples_and_features():
    texts = [f"rng.normal(size={shape})" for shape in ((7, 5), (2, 4, 6), (2, 4, 8), (2, 7, 8))]
    first, second, *_ = ordered("context", SEQUENCES, INPUTS, texts, alike_first=True)
    assert (first, second) == (texts[2], texts[3])
    assert ordered("context", SEQUENCES, INPUTS, texts, alike_first=False) == texts


def test_a_mask_says_of_each_step_which_of_the_others_count():
    texts = [f"sum(np.ogrid[:{', :'.join(map(str, shape))},]) % 2" for shape in ((7, 7), (7, 4), (2, 7, 4))]
    assert ordered("mask", SEQUENCES, INPUTS, texts, alike_first=True)[0] == texts[2]


def test_what_has_a_capital_beside_indices_is_no_vector():
    kinds = {"center": "inputs", "outside": "indices", "U": "weights", "b": "other"}
    texts = [f"rng.normal(size={shape})" for shape in ((9,), (6, 5), (9, 6))]
    assert ordered("U", kinds, "rng.normal(size=(6,))", texts, alike_first=False) == [texts[2], texts[1]]
    assert ordered("b", kinds, "rng.normal(size=(6,))", texts, alike_first=False) == [texts[2], *texts[:2]]


ATTENTION = """
class Cross:
    def __init__(self, width, data_type=None):
        self.W = np.random.randn(width, width).astype(data_type)
    def forward(self, x, context, mask):
        steps, others = x.shape[1], context.shape[1]
        self.x, self.k = x, context @ self.W
        s = x @ self.k.transpose(0, 2, 1)
        self.keep = np.asarray(mask).reshape(len(x), steps, others)
        self.e = np.where(self.keep, np.exp(s - s.max(-1, keepdims=True)), 0)
        self.p, self.c = self.e / self.e.sum(-1, keepdims=True), context
        return self.p @ self.k
    def backward(self, dout):
        dk, dp = self.p.transpose(0, 2, 1) @ dout, dout @ self.k.transpose(0, 2, 1)
        ds = self.p * (dp - (self.p * dp).sum(-1, keepdims=True))
        dk += ds.transpose(0, 2, 1) @ self.x
        self.dW = np.einsum("nsi,nsj->ij", self.c, dk)
        return ds @ self.k, dk @ self.W.T
"""


def test_attention_to_other_steps_is_found_at_once_and_its_twin_wrong():
    outcome, reading = checked(ATTENTION)
    assert outcome.right
    assert "context (2, 4, " in reading.notes[0]
    assert checked(ATTENTION.replace("dk += ds", "dk -= ds"))[0].verdict == "wrong"
